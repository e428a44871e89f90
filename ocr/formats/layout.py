"""Text with its layout: spaces and blank lines represent the white of the page.

Lines side by side become one, so that tables and columns keep their shape. Ordinary gaps between words are
one space; after wider ones the next word is at its column on the page. Doubtful letters are marked with ‹ ›
on request.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from ocr.document import joined_pages
from ocr.formats.format import Format, of_documents
from ocr.formats.text import ended, render_all
from ocr.formats.upright import quarter_turns, upright
from ocr.formats.values import plain
from ocr.recognition.confidence import marked_word
from pipelines.median import median

if TYPE_CHECKING:
    from ocr.document import Box, Document, Line, Page

ORDINARY_GAP = 1.7
"""A gap between words of up to this many letter widths is one space."""
MOST_BLANK = 20
"""Most consecutive blank lines."""


def render(document: Document, min_confidence: float = 0.0) -> str:
    """Return the text with a newline at its end and form feeds between pages; empty for an empty document."""
    if not document.text:
        return ""
    return ended(joined_pages(_page(page, min_confidence) for page in document.pages))


def _page(page: Page, least: float) -> str:
    page = upright(page, quarter_turns(page))
    words = [*page.words]
    if not words:
        return ""
    letter = max(1.0, median([word.box.width / len(word.glyphs) for word in words]))
    margin = min(word.box.left for word in words)
    rows = _rows(page.lines)
    middles = [float(np.mean([_middle(line.box) for line in row])) for row in rows]
    pitch = _pitch(middles, median([line.box.height for line in page.lines]))
    blank = [0, *(min(MOST_BLANK, max(0, round((b - a) / pitch) - 1)) for a, b in pairwise(middles))]
    texts = (_row(row, margin, letter, least) for row in rows)
    return "\n".join("\n" * count + text for count, text in zip(blank, texts, strict=True))


def _rows(lines: Iterable[Line]) -> list[list[Line]]:
    """Group lines at one height into rows; the lines of a row do not overlap horizontally."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: _middle(line.box)):
        if rows and all(_is_beside(line.box, other.box) for other in rows[-1]):
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def _is_beside(one: Box, other: Box) -> bool:
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    is_level = shared > min(one.height, other.height) / 2
    return is_level and (one.right <= other.left or other.right <= one.left)


def _pitch(middles: list[float], height: float) -> float:
    """Return the distance of rows without a blank line between them."""
    steps = np.diff(middles)
    near = steps[steps < 3 * height]
    return max(1.0, height, median(near) if len(near) else 2 * height)


def _row(lines: Iterable[Line], margin: int, letter: float, least: float) -> str:
    text, end = "", None
    for word in sorted((word for line in lines for word in line.words), key=lambda word: word.box.left):
        column = round((word.box.left - margin) / letter)
        if end is None:
            spaces = column
        elif word.box.left - end <= ORDINARY_GAP * letter:
            spaces = 1
        else:
            spaces = max(2, column - len(text))
        text += " " * spaces + plain(marked_word(word, least))
        end = word.box.right
    return text


def _middle(box: Box) -> float:
    return (box.top + box.bottom) / 2


FORMAT = Format(
    "layout",
    "Text with columns kept",
    "text/plain; charset=utf-8",
    ".layout.txt",
    *of_documents(render, partial(render_all, how=render)),
)
