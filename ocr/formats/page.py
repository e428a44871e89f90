"""PAGE XML of 2019-07-15: regions, lines, words and glyphs with their other readings.

A file holds one page. All cells of a table, including empty ones, are regions inside of its region.

References
----------
S. Pletschacher, A. Antonacopoulos: The PAGE (Page Analysis and Ground-Truth Elements) format framework,
2010.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ocr.document import Line
from ocr.errors import OutputError
from ocr.formats.baseline import baseline_ends
from ocr.formats.format import Format, of_pages
from ocr.formats.upright import quarter_turns
from ocr.formats.values import plain, share, software

if TYPE_CHECKING:
    from ocr.document import Block, Box, Document, Glyph, Page, Word

_NAMESPACE = "http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"
_SCHEMA = "http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15/pagecontent.xsd"
_CORRECTION = (0, -90, 180, 90)
"""The orientation attribute, in degrees clockwise, by the page's quarter turns, counter-clockwise."""


def parts(documents: Iterable[Document]) -> Iterator[str]:
    """Yield the file of the only page.

    Raises
    ------
    OutputError
        There is not exactly one page.
    """
    pages = [*islice(((page, each.source) for each in documents for page in each.pages), 2)]
    if len(pages) != 1:
        raise OutputError("PAGE XML holds one page a file; read pages one by one, or with ocr batch")
    root = _root(*pages[0])
    indent(root, "")
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _root(page: Page, source: str) -> Element:
    schema = {
        "xmlns": _NAMESPACE,
        "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
        "xsi:schemaLocation": f"{_NAMESPACE} {_SCHEMA}",
    }
    root = Element("PcGts", schema)
    metadata = SubElement(root, "Metadata")
    SubElement(metadata, "Creator").text = software()
    for name in ("Created", "LastChange"):
        SubElement(metadata, name).text = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    turns = quarter_turns(page)
    whole = {
        "imageFilename": plain(source),
        "imageWidth": str(page.width),
        "imageHeight": str(page.height),
        "orientation": str(_CORRECTION[turns]),
    }
    element = SubElement(root, "Page", whole)
    found = page.blocks
    if found:
        order = SubElement(SubElement(element, "ReadingOrder"), "OrderedGroup", {"id": "order"})
        for place in range(len(found)):
            SubElement(order, "RegionRefIndexed", {"index": str(place), "regionRef": f"region_{place + 1}"})
    for place, block in enumerate(found, start=1):
        _region(element, block, str(place), page, turns)
    return root


def _region(parent: Element, block: Block, place: str, page: Page, turns: int) -> None:
    if not block.rows:
        region = SubElement(parent, "TextRegion", {"id": f"region_{place}", "type": block.kind})
        _coords(region, block.box)
        _lines(region, block.lines, place, page, turns)
        return
    size = {"rows": str(len(block.rows)), "columns": str(len(block.rows[0]))}
    table = SubElement(parent, "TableRegion", {"id": f"region_{place}", **size})
    _coords(table, block.box)
    for row, cells in enumerate(block.rows):
        for column, cell in enumerate(cells):
            name = f"{place}_{row + 1}_{column + 1}"
            region = SubElement(table, "TextRegion", {"id": f"cell_{name}"})
            _coords(region, cell.box)
            role = {"rowIndex": str(row), "columnIndex": str(column)}
            SubElement(SubElement(region, "Roles"), "TableCellRole", role)
            _lines(region, (Line(cell.words),) if cell.words else (), name, page, turns)


def _lines(region: Element, lines: Sequence[Line], place: str, page: Page, turns: int) -> None:
    """Add lines to their region, and their text after them."""
    for number, line in enumerate(lines, start=1):
        _line(region, line, f"{place}_{number}", page, turns)
    _text(region, *(line.text for line in lines))


def _line(region: Element, line: Line, place: str, page: Page, turns: int) -> None:
    element = SubElement(region, "TextLine", {"id": f"line_{place}"})
    _coords(element, line.box)
    points = " ".join(f"{x},{y}" for x, y in baseline_ends(line, page, turns))
    SubElement(element, "Baseline", {"points": points})
    for number, word in enumerate(line.words, start=1):
        _word(element, word, f"{place}_{number}")
    _text(element, line.text, confidence=line.confidence)


def _word(line: Element, word: Word, place: str) -> None:
    element = SubElement(line, "Word", {"id": f"word_{place}"})
    _coords(element, word.box)
    for number, glyph in enumerate(word.glyphs, start=1):
        letter = SubElement(element, "Glyph", {"id": f"glyph_{place}_{number}"})
        _coords(letter, glyph.box)
        _readings(letter, glyph)
    _readings(element, word)


def _readings(element: Element, read: Word | Glyph) -> None:
    """Add the reading and its alternatives, the most probable first."""
    _text(element, read.text, confidence=read.confidence, index=0)
    for index, other in enumerate(read.alternatives[1:], start=1):
        _text(element, other.text, confidence=other.confidence, index=index)


def _text(element: Element, *rows: str, confidence: float | None = None, index: int | None = None) -> None:
    attributes = {} if index is None else {"index": str(index)}
    if confidence is not None:
        attributes["conf"] = str(share(confidence))
    equivalent = SubElement(element, "TextEquiv", attributes)
    SubElement(equivalent, "Unicode").text = "\n".join(map(plain, rows))


def _coords(element: Element, box: Box) -> None:
    corners = ((box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom))
    SubElement(element, "Coords", {"points": " ".join(f"{x},{y}" for x, y in corners)})


FORMAT = Format(
    "page", "PAGE XML", "application/xml; charset=utf-8", ".page.xml", *of_pages(parts), one_page=True
)
