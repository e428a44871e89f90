"""The document model: ``Document > Page > Block > Line > Word > Glyph``.

Every element is a frozen dataclass, knows its box in the pixels of the picture as loaded, and gives its text.
Two elements are equal if their texts, boxes, confidences and alternatives are; the pictures of glyphs are not
compared. Formats are written from this tree and, where they show it, the original picture.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Self

import numpy as np
import numpy.typing as npt

from ocr.element import Element, Text

if TYPE_CHECKING:
    from PIL import Image

    from ocr.origin import Origin

Kind = Literal["paragraph", "heading", "table", "grid"]
LEADERS = ".·…‥_"
"""Leaders from one cell of a table to the next."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels: ``left <= x < right`` and ``top <= y < bottom``."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @classmethod
    def around(cls, boxes: Iterable[Self]) -> Self:
        """Return the smallest box around all of `boxes` (at least one)."""
        corners = np.array([(b.left, b.top, b.right, b.bottom) for b in boxes])
        low, high = corners.min(axis=0), corners.max(axis=0)
        return cls(int(low[0]), int(low[1]), int(high[2]), int(high[3]))


@dataclass(frozen=True, slots=True)
class Alternative:
    """One possible reading and its probability, 0 to 1."""

    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Glyph:
    """One letter, digit or mark.

    Attributes
    ----------
    text : str
        The character read.
    box : Box
    confidence : float
        The probability of `text`, 0 to 1.
    alternatives : tuple of Alternative
        The top-K characters, the most probable first.
    image : uint8 array, shape (28, 28)
        The input of the network: ink 255 on 0. It does not count for equality.
    """

    text: str
    box: Box
    confidence: float
    alternatives: tuple[Alternative, ...]
    image: npt.NDArray[np.uint8] = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True, repr=False)
class Word(Element):
    """The glyphs of a word, from left to right, with the word's top-K readings."""

    glyphs: tuple[Glyph, ...]
    confidence: float
    alternatives: tuple[Alternative, ...]

    @property
    def text(self) -> str:
        return "".join(glyph.text for glyph in self.glyphs)

    @property
    def box(self) -> Box:
        return Box.around(glyph.box for glyph in self.glyphs)


@dataclass(frozen=True, slots=True, repr=False)
class Line(Element):
    """Words from left to right."""

    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def box(self) -> Box:
        return Box.around(word.box for word in self.words)

    @property
    def confidence(self) -> float:
        """The mean of the words' confidences."""
        return float(np.mean([word.confidence for word in self.words]))


def without_leader(text: str) -> str:
    """Return a cell's text without the leader at its end."""
    return re.sub(rf"(?:^|\s+)[{LEADERS}‹›][{LEADERS}‹›\s]*$|[{LEADERS}]{{4,}}$", "", text)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table or a grid; it has no words where it is empty.

    Attributes
    ----------
    words : tuple of Word
        In reading order, including leaders to the next cell. In a grid, the one letter, as a word by itself.
    box : Box
        Around the words; for an empty cell, the intersection of its column and row. Of a grid, the cell
        itself.
    """

    words: tuple[Word, ...]
    box: Box

    @property
    def text(self) -> str:
        """The words without the leader to the next cell."""
        return without_leader(" ".join(word.text for word in self.words))


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together.

    Attributes
    ----------
    kind : "paragraph", "heading", "table" or "grid"
    lines : tuple of Line
        In reading order.
    rows : tuple of tuple of Cell
        Those of a table or a grid, from its top, each with as many cells; empty for others.
    level : int
        Level of a heading: 1 for the highest letters of the page, 2 for the next; 0 for other kinds.
    ended : frozenset of int
        Indices of the lines that end although the next word had room: intended line breaks, as in a list or
        an address.
    """

    kind: Kind
    lines: tuple[Line, ...]
    rows: tuple[tuple[Cell, ...], ...] = ()
    level: int = 0
    ended: frozenset[int] = frozenset()

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    @property
    def box(self) -> Box:
        """Around the lines; of a grid, around all of its cells."""
        if self.kind == "grid":
            return Box.around(cell.box for row in self.rows for cell in row)
        return Box.around(line.box for line in self.lines)


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells in rows and columns that hold one letter each, or none, as those of a crossword or a sudoku.

    Attributes
    ----------
    rows : tuple of tuple of Box
        The cells, from the top row, each row from the left; all rows have as many.
    """

    rows: tuple[tuple[Box, ...], ...]

    @property
    def box(self) -> Box:
        return Box.around(box for row in self.rows for box in row)


@dataclass(frozen=True, slots=True, repr=False)
class Page(Text):
    """One picture, or one frame of a multi-page picture.

    Attributes
    ----------
    lines : tuple of Line
        In reading order; empty if no letters were found.
    width, height : int
        Of the picture as loaded, in pixels.
    number : int
        Counted from 1.
    warnings : tuple of str
        What was not read, and why: the picture holds more than a page of its size can, or its file is
        damaged.
    grids : tuple of Grid
        In reading order. The letters in their cells are those of `lines`, a line for each row that has any.
    origin : Origin, optional
        Where its picture can be loaded again, for `draw` and `save`. It does not count for equality.
    """

    lines: tuple[Line, ...]
    width: int
    height: int
    number: int = 1
    warnings: tuple[str, ...] = ()
    grids: tuple[Grid, ...] = ()
    origin: Origin | None = field(default=None, compare=False)

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The paragraphs, headings, tables and grids that the lines make, in reading order.

        They are computed from the boxes of the lines by the rules of `ocr.recognition.blocks`, each time.
        """
        from ocr.blocks import blocks_of

        return blocks_of(self)

    @property
    def words(self) -> tuple[Word, ...]:
        return tuple(word for line in self.lines for word in line.words)

    @property
    def glyphs(self) -> tuple[Glyph, ...]:
        return tuple(glyph for word in self.words for glyph in word.glyphs)

    def draw(self, picture: Image.Image | npt.NDArray[np.uint8] | None = None) -> Image.Image:
        """Draw all boxes over the picture, or with their words over white, if it is not available.

        Parameters
        ----------
        picture : PIL image or array, optional
            Another picture to draw over, instead of the one that was read.
        """
        from ocr.document_views import draw_page

        return draw_page(self, picture)


def joined_pages(texts: Iterable[str]) -> str:
    """Return texts of pages with form feeds between; each text before one ends with a newline."""
    return "\f".join(f"{text}\n" if text else "" for text in texts).removesuffix("\n")


@dataclass(frozen=True, slots=True, repr=False)
class Document(Text):
    """What was read from one source.

    Attributes
    ----------
    pages : tuple of Page
    source : str
        The name of the source, for messages and formats: a path, a URL, ``"<stdin>"``, ``"<stream>"``,
        ``"<bytes>"``, ``"<image>"`` or ``"<array>"``.
    """

    pages: tuple[Page, ...]
    source: str

    @property
    def text(self) -> str:
        """The pages' texts, with form feeds between, and a newline before each where there is text."""
        return joined_pages(page.text for page in self.pages)

    @property
    def lines(self) -> tuple[Line, ...]:
        return tuple(line for page in self.pages for line in page.lines)

    @property
    def blocks(self) -> tuple[Block, ...]:
        return tuple(block for page in self.pages for block in page.blocks)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What was not read, and why, with page numbers if there are several pages."""
        many = len(self.pages) > 1
        return tuple(
            f"page {page.number}: {warning}" if many else warning
            for page in self.pages
            for warning in page.warnings
        )

    @property
    def words(self) -> tuple[Word, ...]:
        return tuple(word for page in self.pages for word in page.words)

    @property
    def glyphs(self) -> tuple[Glyph, ...]:
        return tuple(glyph for page in self.pages for glyph in page.glyphs)

    def draw(self) -> list[Image.Image]:
        """Draw all boxes over the picture of each page, or, if it is no longer available, over white."""
        return [page.draw() for page in self.pages]
