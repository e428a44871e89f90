"""TSV in Tesseract's columns: a row for each page, block, paragraph, line and word.

The level of a row is 1 to 5 in that order, and its numbers are its position in the hierarchy. A block is a
column, or a part of one with white around it; headings and tables count as paragraphs. The confidence of a
word is 0 to 100, that of the others -1. Only words have a text, and pages, where there are several documents:
the name of theirs. So the columns are the same, and Tesseract's readers take both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, count, islice
from typing import TYPE_CHECKING

from ocr.formats.areas import areas, around
from ocr.formats.format import Format, of_pages
from ocr.formats.upright import quarter_turns
from ocr.formats.values import plain, share

if TYPE_CHECKING:
    from ocr.document import Block, Box, Document, Page

HEADER = "level page_num block_num par_num line_num word_num left top width height conf text"


def parts(documents: Iterable[Document]) -> Iterator[str]:
    """Yield the table's header, then the rows of each page, numbered through all documents."""
    numbers, rest = count(1), iter(documents)
    first = list(islice(rest, 2))
    are_several = len(first) > 1
    yield HEADER.replace(" ", "\t") + "\n"
    for document in chain(first, rest):
        name = plain(document.source) if are_several else ""
        for page in document.pages:
            yield "".join(_page(page, next(numbers), name))


def _page(page: Page, number: int, name: str) -> Iterator[str]:
    yield f"1\t{number}\t0\t0\t0\t0\t0\t0\t{page.width}\t{page.height}\t-1\t{name}\n"
    for place, area in enumerate(areas(page, quarter_turns(page)), start=1):
        yield _row(2, (number, place, 0, 0, 0), around(area))
        for paragraph, block in enumerate(area, start=1):
            yield from _paragraph(block, (number, place, paragraph))


def _paragraph(block: Block, place: tuple[int, int, int]) -> Iterator[str]:
    yield _row(3, (*place, 0, 0), block.box)
    for number, line in enumerate(block.lines, start=1):
        yield _row(4, (*place, number, 0), line.box)
        for word_number, word in enumerate(line.words, start=1):
            confidence = f"{100 * share(word.confidence):.2f}"
            yield _row(5, (*place, number, word_number), word.box, confidence, plain(word.text))


def _row(level: int, place: tuple[int, ...], box: Box, confidence: str = "-1", text: str = "") -> str:
    fields = (level, *place, box.left, box.top, box.width, box.height, confidence, text)
    return "\t".join(map(str, fields)) + "\n"


FORMAT = Format(
    "tsv",
    "TSV (Tesseract’s columns)",
    "text/tab-separated-values; charset=utf-8",
    ".tsv",
    *of_pages(parts),
)
