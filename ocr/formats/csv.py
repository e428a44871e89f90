"""CSV: the tables of a document, an empty row between them; where there are none, a row for each line.

Cells have no leaders. Doubtful letters are marked with ‹ › on request.

References
----------
Y. Shafranovich: Common Format and MIME Type for Comma-Separated Values (CSV) Files, RFC 4180.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ocr.document import without_leader
from ocr.formats.format import Format, of_documents
from ocr.formats.values import plain
from ocr.recognition.confidence import marked_word

if TYPE_CHECKING:
    from ocr.document import Document, Word


def render(document: Document, min_confidence: float = 0.0) -> str:
    """Return the rows, each ending with a carriage return and a newline; empty for an empty document."""

    def told(words: Iterable[Word]) -> str:
        return plain(" ".join(marked_word(word, min_confidence) for word in words))

    tables = [block.rows for block in document.blocks if block.rows]
    rows: list[list[str]] = []
    for number, table in enumerate(tables):
        rows += [[]] if number else []
        rows += [[without_leader(told(cell.words)) for cell in row] for row in table]
    return _written(rows if tables else [[told(line.words)] for line in document.lines])


def render_all(documents: Iterable[Document], min_confidence: float = 0.0) -> Iterator[str]:
    """Yield the rows of each document, an empty row between them."""
    for number, document in enumerate(documents):
        yield (_written([[]]) if number else "") + render(document, min_confidence)


def _written(rows: list[list[str]]) -> str:
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue()


FORMAT = Format(
    "csv", "CSV (the tables)", "text/csv; charset=utf-8", ".csv", *of_documents(render, render_all)
)
