"""A reading whose words a person has put right: the same boxes, as far as letters are the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import chain, islice, pairwise

from ocr.document import Alternative, Box, Document, Glyph, Line, Word


@dataclass(frozen=True, slots=True)
class Correction:
    """What a word should have been.

    Attributes
    ----------
    word : int
        Its place among all words of the document, counted from 0.
    was : str
        What was read.
    text : str
        What it is: several words where there is white space, none where it is empty.
    """

    word: int
    was: str
    text: str


def corrected(document: Document, corrections: Iterable[Correction]) -> Document:
    """Return a document with words put right, and sure of them.

    Letters that stay keep their boxes and pictures; others share those of what they were taken for.

    Parameters
    ----------
    document : Document
    corrections : iterable of Correction
        At most one for each word.

    Raises
    ------
    ValueError
        A correction is of a word that was not read, or not so.

    Examples
    --------
    >>> corrected(Document((), "note.jpg"), []).text
    ''
    """
    wanted, words = {one.word: one for one in corrections}, document.words
    for place, one in wanted.items():
        read = words[place].text if 0 <= place < len(words) else None
        if read != one.was:
            raise ValueError(f"word {place} was read as {read!r}, not {one.was!r}")
    numbers = iter(range(len(words)))

    def line_of(line: Line) -> Line:
        found = [(word, wanted.get(number)) for word, number in zip(line.words, numbers, strict=False)]
        right = (_words(word, one.text) if one else [word] for word, one in found)
        return Line(tuple(chain.from_iterable(right)))

    pages = [
        replace(page, lines=tuple(line for line in map(line_of, page.lines) if line.words))
        for page in document.pages
    ]
    return replace(document, pages=tuple(pages))


def _words(word: Word, text: str) -> Iterator[Word]:
    """Yield the words of `text`; the space between them takes no ink."""
    parts = text.split()
    glyphs = _glyphs(word, "".join(parts))
    for part in parts:
        yield Word(tuple(islice(glyphs, len(part))), 1.0, (Alternative(part, 1.0),))


def _glyphs(word: Word, text: str) -> Iterator[Glyph]:
    """Yield the letters of `text`, each where what it was taken for stands."""
    if len(text) == len(word.glyphs):
        yield from _share(word.glyphs, text)
        return
    changes = SequenceMatcher(None, [glyph.text for glyph in word.glyphs], list(text), autojunk=False)
    for first, last, start, stop in _parts(changes.get_opcodes()):
        yield from _share(word.glyphs[first:last], text[start:stop])


def _parts(changes: Iterable[tuple[str, int, int, int, int]]) -> list[list[int]]:
    """Return letters and what ink they share: missed ones that of the letter before, or else after."""
    parts: list[list[int]] = []
    missed = 0
    for kind, first, last, start, stop in changes:
        if kind == "equal":
            parts += [[first + k, first + k + 1, start + k, start + k + 1] for k in range(last - first)]
        elif kind == "replace":
            parts.append([first, last, start, stop])
        elif kind == "insert" and parts:
            parts[-1][3] = stop
        elif kind == "insert":
            missed = stop - start
    if missed:
        parts[0][2] -= missed
    return parts


def _share(glyphs: Sequence[Glyph], text: str) -> Iterator[Glyph]:
    """Yield letters, one for each glyph, or where there are more or fewer, side by side in their box."""
    if len(text) == len(glyphs):
        boxes, pictures = [glyph.box for glyph in glyphs], list(glyphs)
    else:
        whole, count = Box.around(glyph.box for glyph in glyphs), len(text)
        edges = [whole.left + whole.width * k // count for k in range(count + 1)]
        boxes = [replace(whole, left=a, right=max(b, a + 1)) for a, b in pairwise(edges)]
        pictures = [glyphs[k * len(glyphs) // count] for k in range(count)]
    for letter, box, glyph in zip(text, boxes, pictures, strict=True):
        yield Glyph(letter, box, 1.0, (Alternative(letter, 1.0),), glyph.image)
