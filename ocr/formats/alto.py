"""ALTO 4: pages of blocks, lines, strings and glyphs, with the glyphs' other readings as variants.

A table is a block of rows, a row one of cells; an empty cell is a block without lines.

References
----------
Library of Congress: ALTO, Technical Metadata for Layout and Text Objects, version 4.2.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from itertools import chain, count
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ocr.document import Box, Line
from ocr.formats.baseline import baseline_ends
from ocr.formats.format import Format, of_pages
from ocr.formats.upright import quarter_turns
from ocr.formats.values import plain, share, software

if TYPE_CHECKING:
    from ocr.document import Block, Document, Glyph, Page, Word

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#" SCHEMAVERSION="4.2">
<Description>
<MeasurementUnit>pixel</MeasurementUnit>
<sourceImageInformation><fileName>{source}</fileName></sourceImageInformation>
<Processing ID="ocr">
<processingSoftware><softwareName>{software}</softwareName></processingSoftware>
</Processing>
</Description>
<Layout>
"""


def parts(documents: Iterable[Document]) -> Iterator[str]:
    """Yield the head, which names the first document, then each page, numbered through, and the end."""
    rest = iter(documents)
    first = next(rest, None)
    numbers = count(1)
    yield _HEAD.format(source=escape(plain(first.source if first else "")), software=software())
    for document in chain([first] if first else [], rest):
        for page in document.pages:
            element = _page(page, next(numbers))
            indent(element, "")
            yield tostring(element, encoding="unicode") + "\n"
    yield "</Layout>\n</alto>\n"


def _page(page: Page, number: int) -> Element:
    size = {"WIDTH": str(page.width), "HEIGHT": str(page.height)}
    root = Element("Page", {"ID": f"page_{number}", "PHYSICAL_IMG_NR": str(number), **size})
    space = SubElement(root, "PrintSpace", {"HPOS": "0", "VPOS": "0", **size})
    turns = quarter_turns(page)
    for place, block in enumerate(page.blocks, start=1):
        _block(space, block, f"{number}_{place}", page, turns)
    return root


def _block(space: Element, block: Block, place: str, page: Page, turns: int) -> None:
    if not block.rows:
        _text_block(space, block.lines, block.box, place, page, turns)
        return
    table = {"ID": f"table_{place}", "TYPE": block.kind, **_place(block.box)}
    element = SubElement(space, "ComposedBlock", table)
    for number, cells in enumerate(block.rows, start=1):
        held = [cell.box for cell in cells if cell.words or block.kind == "grid"]
        box = Box.around(held)
        row = SubElement(
            element, "ComposedBlock", {"ID": f"row_{place}_{number}", "TYPE": "row", **_place(box)}
        )
        for column, cell in enumerate(cells, start=1):
            lines = (Line(cell.words),) if cell.words else ()
            _text_block(row, lines, cell.box, f"{place}_{number}_{column}", page, turns)


def _text_block(parent: Element, lines: Iterable[Line], box: Box, place: str, page: Page, turns: int) -> None:
    rotation = {"ROTATION": str(360 - 90 * turns)} if turns else {}
    element = SubElement(parent, "TextBlock", {"ID": f"block_{place}", **_place(box), **rotation})
    for number, line in enumerate(lines, start=1):
        _line(element, line, f"{place}_{number}", page, turns)


def _line(block: Element, line: Line, place: str, page: Page, turns: int) -> None:
    ends = baseline_ends(line, page, turns)
    points = " ".join(f"{x},{y}" for x, y in ends)
    element = SubElement(block, "TextLine", {"ID": f"line_{place}", "BASELINE": points, **_place(line.box)})
    for number, word in enumerate(line.words, start=1):
        if number > 1:
            SubElement(element, "SP")
        _string(element, word, f"string_{place}_{number}")


def _string(line: Element, word: Word, name: str) -> None:
    confidence = str(share(word.confidence))
    string = {"ID": name, "CONTENT": plain(word.text), "WC": confidence, **_place(word.box)}
    element = SubElement(line, "String", string)
    if all(len(glyph.text) == 1 for glyph in word.glyphs):  # the schema allows only these
        for glyph in word.glyphs:
            _glyph(element, glyph)


def _glyph(string: Element, glyph: Glyph) -> None:
    content = {"CONTENT": plain(glyph.text), "GC": str(share(glyph.confidence)), **_place(glyph.box)}
    element = SubElement(string, "Glyph", content)
    for other in glyph.alternatives[1:]:
        SubElement(element, "Variant", {"CONTENT": plain(other.text), "VC": str(share(other.confidence))})


def _place(box: Box) -> dict[str, str]:
    sides = {"HPOS": box.left, "VPOS": box.top, "WIDTH": box.width, "HEIGHT": box.height}
    return {name: str(side) for name, side in sides.items()}


FORMAT = Format("alto", "ALTO XML", "application/xml; charset=utf-8", ".alto.xml", *of_pages(parts))
