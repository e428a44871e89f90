"""The blocks of a page, from the boxes of its letters."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

import ocr
from ocr.blocks import blocks_of
from ocr.document import Box, Cell, Document, Line, Page, Word
from ocr.formats.upright import upright
from ocr.recognition.params import BlockParams
from tests.ocr.formats.test_any_document import documents
from tests.ocr.formats.typed import typed

NOTE = """
SALE TODAY

ONE LINE OF TEXT AND
ANOTHER LINE BELOW

MILK        2    1.15
BREAD            3.49
EGGS       12    4.25
"""


def page(text: str = NOTE, slope: float = 0.0) -> Page:
    """Return a page whose first line is twice as high."""
    return typed(text, {0: 2}, slope)


def told(found: Page) -> list[tuple[str, list[str]]]:
    return [(block.kind, [line.text for line in block.lines]) for block in found.blocks]


def test_the_blocks_of_a_page_are_headings_paragraphs_and_tables() -> None:
    heading, paragraph, table = page().blocks
    assert (heading.kind, heading.level, heading.text) == ("heading", 1, "SALE TODAY")
    assert (paragraph.kind, paragraph.text) == ("paragraph", "ONE LINE OF TEXT AND\nANOTHER LINE BELOW")
    assert paragraph.box == Box(30, 76, 228, 112)
    assert table.kind == "table"
    assert [[cell.text for cell in row] for row in table.rows] == [
        ["MILK", "2", "1.15"],
        ["BREAD", "", "3.49"],
        ["EGGS", "12", "4.25"],
    ]
    assert [block.level for block in (paragraph, table)] == [0, 0]
    assert Document((page(), page()), "a").blocks == (*page().blocks, *page().blocks)


def test_cells_hold_words_of_the_page_and_empty_ones_have_a_place() -> None:
    table = page().blocks[-1]
    words = [word for row in table.rows for cell in row for word in cell.words]
    assert words == [word for line in table.lines for word in line.words]
    empty, above = table.rows[1][1], table.rows[2][1]
    assert empty.words == () and empty.box.left <= above.box.left < above.box.right <= empty.box.right
    beside = table.rows[1][0].box
    assert (empty.box.top, empty.box.bottom) == (beside.top, beside.bottom)


@pytest.mark.parametrize("slope", [-0.06, 0.04, 0.08])
def test_a_page_that_runs_askew_has_the_same_blocks(slope: float) -> None:
    assert told(page(slope=slope)) == told(page())


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_page_on_its_side_has_the_same_blocks(turns: int) -> None:
    lying = upright(page(), turns)
    assert told(lying) == told(page())
    for one, other in zip(lying.blocks[-1].rows, upright_rows(turns), strict=True):
        assert [cell.box for cell in one] == other


def upright_rows(turns: int) -> list[list[Box]]:
    """Return the boxes of the table's cells once the page is turned."""
    cells = page().blocks[-1].rows
    boxes = [[replace(page().glyphs[0], box=cell.box) for cell in row] for row in cells]
    made = replace(page(), lines=tuple(Line((Word(tuple(row), 1.0, ()),)) for row in boxes))
    return [[glyph.box for glyph in line.words[0].glyphs] for line in upright(made, turns).lines]


def test_small_letters_are_as_high_as_capitals_of_their_size() -> None:
    both = typed("HELLO THERE\nsource over\n")
    assert len(both.blocks) == 1
    assert len(blocks_of(both, BlockParams(higher=1.01))) == 2
    assert len(typed("HELLO THERE\nsource over\n", {1: 2}).blocks) == 2


def test_what_leads_to_the_next_cell_is_no_text_of_it() -> None:
    def cell(*texts: str) -> str:
        words = tuple(Word((replace(page().glyphs[0], text=text),), 1.0, ()) for text in texts)
        return Cell(words, Box(0, 0, 1, 1)).text

    assert cell("Summer", "....") == cell("Summer", ".", ".", "…") == cell("Summer.....") == "Summer"
    assert cell("Name:", "____") == "Name:"
    assert cell("etc.") == "etc." and cell("1.5") == "1.5" and cell("...") == "" and cell() == ""


def test_a_page_without_lines_has_no_blocks() -> None:
    assert Page((), 10, 10).blocks == ()
    assert ocr.Block is type(page().blocks[0])


@settings(max_examples=settings().max_examples // 4)
@given(documents)
def test_each_line_of_any_page_is_in_one_block_in_order(document: Document) -> None:
    for one in document.pages:
        assert [line for block in one.blocks for line in block.lines] == [*one.lines]
        for block in one.blocks:
            assert (block.kind == "table") == bool(block.rows) and (block.kind == "heading") == bool(
                block.level
            )
            if block.rows:
                words = [word for row in block.rows for cell in row for word in cell.words]
                assert words == [word for line in block.lines for word in line.words]
