"""JSON: all data of a document.

One document is one object, on one line::

    {"format": "ocr-json", "version": 2, "source": NAME, "pages": [PAGE, ...]}
    PAGE   {"number", "width", "height", "text", "lines": [LINE, ...], "blocks": [BLOCK, ...],
            "warnings": [TEXT, ...]}
    BLOCK  {"kind", "text", "box", "lines": [PLACE, ...], "level", "rows": [[CELL, ...], ...]}
    CELL   {"text", "box", "words": [[PLACE, PLACE], ...]}
            or, in a grid, {"text", "box", "glyphs": [[PLACE, PLACE, PLACE], ...]}
    LINE   {"text", "box", "confidence", "words": [WORD, ...]}
    WORD   {"text", "box", "confidence", "alternatives": [ALTERNATIVE, ...], "glyphs": [GLYPH, ...]}
    GLYPH  {"text", "box", "confidence", "alternatives": [ALTERNATIVE, ...]}
    ALTERNATIVE  {"text", "confidence"}

The kind of a block is ``"paragraph"``, ``"heading"``, ``"table"`` or ``"grid"``; its lines are indices of
lines of the page, from 0. Only headings have a level, from 1, and only tables and grids have rows. The words
of a cell are pairs: the index of a line and of a word on it. The letter in a cell of a grid has three
indices: a line, a word and a glyph. An empty cell has none. A page has ``"warnings"`` if something was not
read. With a least confidence, words and glyphs also have ``"doubtful"``: true if their confidence is lower. A
box is ``[left, top, right, bottom]`` in pixels of the upright picture as loaded, right and bottom being just
outside. A confidence is from 0 to 1, with four digits; that of a line is the mean of its words'. Version 2 is
version 1 with blocks. Several documents are one array, one document per line. The JSON Schemas are next to
this file, and `schema` returns them; `ocr.formats.from_json` reads both versions back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from importlib.resources import files
from itertools import islice
from typing import TYPE_CHECKING, Any

from ocr.formats.format import Format, of_documents
from ocr.formats.values import share

if TYPE_CHECKING:
    from ocr.document import Alternative, Block, Box, Cell, Document, Glyph, Line, Page, Word

VERSION = 2


def schema(version: int = VERSION) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of this format, or of an earlier version."""
    file = files("ocr.formats") / f"ocr-json-{version}.schema.json"
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return content


def render(document: Document, min_confidence: float = 0.0) -> str:
    """Return one document as one line of JSON."""
    return f"{_dump(document, min_confidence)}\n"


def render_all(documents: Iterable[Document], min_confidence: float = 0.0) -> Iterator[str]:
    """Yield the parts of one JSON array of documents."""
    before = "[\n"
    for document in documents:
        yield f"{before}{_dump(document, min_confidence)}"
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def _dump(document: Document, least: float) -> str:
    content = {
        "format": "ocr-json",
        "version": VERSION,
        "source": document.source,
        "pages": [_page(page, least) for page in document.pages],
    }
    text = json.dumps(content, ensure_ascii=False, allow_nan=False)
    # a file name need not be Unicode, JSON in UTF-8 must; and some terminals obey U+009B
    return re.sub("[\x7f-\x9f\ud800-\udfff]", lambda match: f"\\u{ord(match[0]):04x}", text)


def _page(page: Page, least: float) -> dict[str, Any]:
    return {
        "number": int(page.number),
        "width": int(page.width),
        "height": int(page.height),
        "text": page.text,
        "lines": [_line(line, least) for line in page.lines],
        "blocks": [*_blocks(page)],
        **({"warnings": list(page.warnings)} if page.warnings else {}),
    }


def _blocks(page: Page) -> Iterator[dict[str, Any]]:
    """Yield the blocks; their lines and words are those of the page, in order."""
    first = 0
    for block in page.blocks:
        stop = first + len(block.lines)
        part: dict[str, Any] = {
            "kind": block.kind,
            "text": block.text,
            "box": _box(block.box),
            "lines": [*range(first, stop)],
        }
        if block.level:
            part["level"] = block.level
        if block.rows:
            part["rows"] = [*(_grid if block.kind == "grid" else _table)(block, first)]
        yield part
        first = stop


def _table(block: Block, first: int) -> Iterator[list[dict[str, Any]]]:
    """Yield the rows of a table, whose words are those of its lines in their order."""
    words = ([k, n] for k, line in enumerate(block.lines, first) for n in range(len(line.words)))
    for row in block.rows:
        yield [_cell(cell, "words", list(islice(words, len(cell.words)))) for cell in row]


def _grid(block: Block, first: int) -> Iterator[list[dict[str, Any]]]:
    """Yield the rows of a grid."""
    places = {
        id(glyph): [k, n, m]
        for k, line in enumerate(block.lines, first)
        for n, word in enumerate(line.words)
        for m, glyph in enumerate(word.glyphs)
    }
    for row in block.rows:
        yield [_cell(cell, "glyphs", [places[id(word.glyphs[0])] for word in cell.words]) for cell in row]


def _cell(cell: Cell, name: str, places: list[list[int]]) -> dict[str, Any]:
    return {"text": cell.text, "box": _box(cell.box), name: places}


def _line(line: Line, least: float) -> dict[str, Any]:
    words = [_word(word, least) for word in line.words]
    confidence = share(sum(word["confidence"] for word in words) / len(words))  # of what is written
    return {**_head(line), "confidence": confidence, "words": words}


def _word(word: Word, least: float) -> dict[str, Any]:
    glyphs = [_body(glyph, least) for glyph in word.glyphs]
    return {**_body(word, least), "glyphs": glyphs}


def _body(element: Word | Glyph, least: float) -> dict[str, Any]:
    """Return the fields that words and glyphs share."""
    body = {**_head(element), "alternatives": _alternatives(element.alternatives)}
    return {**body, "doubtful": not element.confidence >= least} if least else body


def _head(element: Line | Word | Glyph) -> dict[str, Any]:
    return {"text": element.text, "box": _box(element.box), "confidence": share(element.confidence)}


def _alternatives(alternatives: Iterable[Alternative]) -> list[dict[str, Any]]:
    return [{"text": one.text, "confidence": share(one.confidence)} for one in alternatives]


def _box(box: Box) -> list[int]:
    return [int(side) for side in (box.left, box.top, box.right, box.bottom)]


FORMAT = Format("json", "JSON", "application/json", ".json", *of_documents(render, render_all))
