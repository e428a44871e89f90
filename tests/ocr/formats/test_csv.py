"""CSV: the tables of a document, or its lines."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

from hypothesis import given, settings

from ocr.document import Document, Page
from ocr.formats.csv import render, render_all
from tests.ocr.formats.test_any_document import documents
from tests.ocr.formats.typed import typed

TABLE = 'MILK      2      1.15\n"RYE,B"          3.49\nEGGS      12     4.25\n'


def test_tables_are_rows_of_cells() -> None:
    page = typed(f"A LINE BEFORE THEM ALL\n\n{TABLE}")
    assert render(Document((page,), "a")) == 'MILK,2,1.15\r\n"""RYE,B""",,3.49\r\nEGGS,12,4.25\r\n'


def test_several_tables_have_an_empty_row_between() -> None:
    pages = (typed("A .......... 1\nB .......... 2\nC .......... 3\n"), typed(TABLE), typed("A LINE\n"))
    text = render(Document(pages, "a"))
    assert [*csv.reader(io.StringIO(text, newline=""))] == [
        *(["A", "1"], ["B", "2"], ["C", "3"], []),
        *(["MILK", "2", "1.15"], ['"RYE,B"', "", "3.49"], ["EGGS", "12", "4.25"]),
    ]


def test_where_there_are_no_tables_a_line_is_a_row(page_of: Callable[..., Page]) -> None:
    document = Document((page_of("HELLO, BIG", "WORLD"),), "a")
    assert render(document) == '"HELLO, BIG"\r\nWORLD\r\n'
    assert (
        "".join(render_all([document, document])) == '"HELLO, BIG"\r\nWORLD\r\n\r\n"HELLO, BIG"\r\nWORLD\r\n'
    )
    assert render(Document((page_of("ab"),), "a"), 0.99) == "‹ab›\r\n"
    assert render(Document((Page((), 10, 10),), "a")) == ""


@settings(max_examples=settings().max_examples // 2)
@given(document=documents)
def test_any_document_is_read_back(document: Document) -> None:
    rows = [*csv.reader(io.StringIO(render(document), newline=""), strict=True)]
    tables = [block for block in document.blocks if block.rows]
    if tables:
        assert len(rows) == sum(len(table.rows) for table in tables) + len(tables) - 1
    else:
        assert len(rows) == len(document.lines) and all(len(row) == 1 for row in rows)
