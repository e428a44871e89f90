"""Reads the JSON that `ocr.formats.json` writes back into a document, and rejects any other.

Versions 1 and 2 are read. Derived values (a word's text and box follow from its letters', and so on) must be
consistent. Blocks also follow from the lines: they are computed again, and may be missing; if present, they
must be of a known kind and hold each line once, in order. The 28x28 pictures of the letters are not in JSON,
and are empty. The cells of grids are kept.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Set
from itertools import chain
from typing import Any, NoReturn, TypeVar, get_args

import numpy as np

from ocr.document import Alternative, Box, Document, Glyph, Grid, Kind, Line, Page, Word
from ocr.formats.json import VERSION

MOST_PIXELS = 1_000_000
"""Most pixels along a side of a page."""
MOST_PAGES, MOST_ALTERNATIVES = 10_000, 1000
LONGEST = 5000
"""Most characters of a letter, an alternative or a file name."""
MANY = MOST_NUMBER = 999_999_999
NO_IMAGE = np.zeros((28, 28), np.uint8)
NO_IMAGE.flags.writeable = False

Made = TypeVar("Made")
Table = Mapping[str, Any]


class DocumentError(ValueError):
    """This is not a document; the message says where and why."""


def parse(text: str | bytes) -> Document:
    """Return the document that `ocr.formats.json.render` wrote.

    Parameters
    ----------
    text : str or bytes
        One document, in UTF-8 if it is bytes.

    Raises
    ------
    DocumentError
        A ValueError: it is not JSON, a field is missing, unknown or of the wrong type, a number is out of
        range, or a text or box is inconsistent with its parts.

    Examples
    --------
    >>> parse('{"format": "ocr-json", "version": 1, "source": "note.jpg", "pages": []}').source
    'note.jpg'
    """
    try:
        content = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise DocumentError(f"it is no JSON ({' '.join(str(error).split())[:120]})") from error
    table = _table(content, "the document", {"format", "version", "source", "pages"})
    if (
        table["format"] != "ocr-json"
        or type(table["version"]) is not int
        or not 0 < table["version"] <= VERSION
    ):
        raise DocumentError(f"it is not of the format ocr-json, version 1 to {VERSION}")
    pages = _all(table, "pages", _page, "", most=MOST_PAGES)
    return Document(pages, _text(table, "source", ""))


def _page(content: Any, where: str) -> Page:
    table = _table(content, where, {"number", "width", "height", "text", "lines"}, {"blocks", "warnings"})
    width, height = (_whole(table, name, where, 1, MOST_PIXELS) for name in ("width", "height"))
    lines = _all(table, "lines", lambda line, at: _line(line, at, width, height), where)
    warnings = (
        _all(table, "warnings", lambda text, at: _text({"": text}, "", at), where)
        if "warnings" in table
        else ()
    )
    number = _whole(table, "number", where, 1, MOST_NUMBER)
    page = Page(lines, width, height, number, warnings, _grids(table, where, width, height))
    if "blocks" in table:
        held = _all(table, "blocks", lambda block, at: _block(block, at, page), where)
        if [*chain.from_iterable(held)] != [*range(len(lines))]:
            raise DocumentError(f"{_at(where, 'blocks')} do not hold each line once, in order")
    return _agreeing(page, table, where)


def _grids(table: Table, where: str, width: int, height: int) -> tuple[Grid, ...]:
    """Return the grids among the blocks of a page."""
    blocks = table.get("blocks")
    grids = []
    for place, block in enumerate(blocks if isinstance(blocks, list) else ()):
        if isinstance(block, dict) and block.get("kind") == "grid" and "rows" in block:
            at = f"{_at(where, 'blocks')}[{place}]"
            rows = _all(block, "rows", lambda row, at: _boxes(row, at, width, height), at, least=1)
            if len({len(row) for row in rows}) > 1:
                raise DocumentError(f"{_at(at, 'rows')} have not all as many cells")
            grids.append(Grid(rows))
    return tuple(grids)


def _boxes(row: Any, where: str, width: int, height: int) -> tuple[Box, ...]:
    """Return the boxes of the cells of a row."""

    def box(cell: Any, at: str) -> Box:
        return _box(_table(cell, at, {"text", "box"}, {"words", "glyphs"}), at, width, height)

    return _all({"": row}, "", box, where, least=1)


def _block(content: Any, where: str, page: Page) -> tuple[int, ...]:
    """Return the indices of a block's lines."""
    table = _table(content, where, {"kind", "text", "box", "lines"}, {"level", "rows"})
    if table["kind"] not in get_args(Kind):
        raise DocumentError(f"{_at(where, 'kind')} is none of {', '.join(get_args(Kind))}")
    most = len(page.lines) - 1
    return _all(table, "lines", lambda place, at: _whole({"": place}, "", at, 0, most), where, least=1)


def _line(content: Any, where: str, width: int, height: int) -> Line:
    table = _table(content, where, {"text", "box", "confidence", "words"})
    words = _all(table, "words", lambda word, at: _word(word, at, width, height), where, least=1)
    _share(table, where)
    return _agreeing(Line(words), table, where)


def _word(content: Any, where: str, width: int, height: int) -> Word:
    table = _table(content, where, {"text", "box", "confidence", "alternatives", "glyphs"}, {"doubtful"})
    glyphs = _all(table, "glyphs", lambda glyph, at: _glyph(glyph, at, width, height), where, least=1)
    return _agreeing(Word(glyphs, _share(table, where), _alternatives(table, where)), table, where)


def _glyph(content: Any, where: str, width: int, height: int) -> Glyph:
    table = _table(content, where, {"text", "box", "confidence", "alternatives"}, {"doubtful"})
    text = _text(table, "text", where, least=1)
    box = _box(table, where, width, height)
    return Glyph(text, box, _share(table, where), _alternatives(table, where), NO_IMAGE)


def _alternatives(table: Table, where: str) -> tuple[Alternative, ...]:
    return _all(table, "alternatives", _alternative, where, most=MOST_ALTERNATIVES)


def _alternative(content: Any, where: str) -> Alternative:
    table = _table(content, where, {"text", "confidence"})
    return Alternative(_text(table, "text", where), _share(table, where))


def _table(content: Any, where: str, needed: set[str], others: Set[str] = frozenset()) -> Table:
    """Return an object after checking that it has all required fields, and no unknown ones."""
    if not isinstance(content, dict):
        raise DocumentError(f"{where} is no object")
    for name in sorted(needed - content.keys()):
        raise DocumentError(f"{where} has no {name!r}")
    for name in sorted(content.keys() - needed - others):
        raise DocumentError(f"{where} has {name[:100]!r}, which is unknown")
    if not isinstance(content.get("doubtful", False), bool):
        raise DocumentError(f"{where}: 'doubtful' is neither true nor false")
    return content


def _all(
    table: Table, name: str, make: Callable[[Any, str], Made], where: str, least: int = 0, most: int = MANY
) -> tuple[Made, ...]:
    """Return a list with a function applied to each item, after checks."""
    found = table[name]
    if not isinstance(found, list):
        raise DocumentError(f"{_at(where, name)} is no list")
    if len(found) < least:
        raise DocumentError(f"{_at(where, name)} is empty")
    if len(found) > most:
        raise DocumentError(f"{_at(where, name)} has more than {most} parts")
    return tuple(make(one, f"{_at(where, name)}[{place}]") for place, one in enumerate(found))


def _text(table: Table, name: str, where: str, least: int = 0) -> str:
    text = table[name]
    if not isinstance(text, str) or not least <= len(text) <= LONGEST:
        raise DocumentError(f"{_at(where, name)} is no text of {least} to {LONGEST} characters")
    return text


def _whole(table: Table, name: str, where: str, least: int, most: int) -> int:
    number = table[name]
    if type(number) is not int or not least <= number <= most:
        raise DocumentError(f"{_at(where, name)} is no whole number from {least} to {most}")
    return number


def _share(table: Table, where: str) -> float:
    number = table["confidence"]
    if type(number) not in (int, float) or not 0 <= number <= 1:
        raise DocumentError(f"{_at(where, 'confidence')} is no number from 0 to 1")
    return float(number)


def _box(table: Table, where: str, width: int, height: int) -> Box:
    sides = table["box"]
    if not isinstance(sides, list) or len(sides) != 4 or any(type(side) is not int for side in sides):
        raise DocumentError(f"{_at(where, 'box')} is not four whole numbers")
    box = Box(*sides)
    if not (0 <= box.left <= box.right <= width and 0 <= box.top <= box.bottom <= height):
        raise DocumentError(f"{_at(where, 'box')} is not on the page of {width} x {height} pixels")
    return box


def _agreeing(element: Made, table: Table, where: str) -> Made:
    """Return an element after checking that its text and box are those that were written."""
    for name, value in _derived(element):
        if name in table and table[name] != value:
            raise DocumentError(f"{_at(where, name)} is not that of its parts")
    return element


def _derived(element: Any) -> Iterator[tuple[str, Any]]:
    yield "text", element.text
    if not isinstance(element, Page):
        box = element.box
        yield "box", [box.left, box.top, box.right, box.bottom]


def _at(where: str, name: str) -> str:
    return ".".join(filter(None, (where, name)))


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number in JSON")
