"""hOCR 1.2: text with boxes in XHTML, as Tesseract writes it.

An area is a column, or a part of one with white around it. An hOCR paragraph is a paragraph, a heading, or a
table, whose lines are its rows. Words have ``x_wconf`` and their letters, ``ocrx_cinfo``, ``x_conf``, both 0
to 100. A line has its baseline, or, on a sideways or upside-down picture, its ``textangle``.

References
----------
T. Breuel: hOCR - OCR Workflow and Output embedded in HTML, version 1.2.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, tostring

from ocr.formats.areas import areas, around
from ocr.formats.baseline import baseline
from ocr.formats.format import Format, of_pages
from ocr.formats.upright import quarter_turns
from ocr.formats.values import plain, share, software

if TYPE_CHECKING:
    from ocr.document import Box, Document, Line, Page, Word

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"
    "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml">
<head>
<title>OCR</title>
<meta http-equiv="Content-Type" content="text/html;charset=utf-8"/>
<meta name="ocr-system" content="{software}"/>
<meta name="ocr-capabilities" content="ocr_page ocr_carea ocr_par ocr_line ocrx_word ocrx_cinfo"/>
</head>
<body>
"""


def parts(documents: Iterable[Document], dpi: int | None = None) -> Iterator[str]:
    """Yield the head, then each page, numbered through all documents, and the end.

    The resolution of the pictures, in pixels per inch, is included if it is known.
    """
    numbers = count(1)
    yield _HEAD.format(software=software())
    for document in documents:
        for page in document.pages:
            element = _page(page, document.source, next(numbers), dpi)
            yield tostring(element, encoding="unicode") + "\n"
    yield "</body>\n</html>\n"


def _page(page: Page, source: str, number: int, dpi: int | None) -> Element:
    name = plain(source).replace('"', "%22").replace(";", "%3B")
    title = f'image "{name}"; bbox 0 0 {page.width} {page.height}; ppageno {number - 1}'
    title += f"; scan_res {dpi} {dpi}" if dpi else ""
    root = Element("div", {"class": "ocr_page", "id": f"page_{number}", "title": title})
    root.text = root.tail = "\n"
    turns = quarter_turns(page)
    paragraphs, lines, words = count(1), count(1), count(1)
    for place, area in enumerate(areas(page, turns), start=1):
        element = _child(root, "div", "ocr_carea", f"block_{number}_{place}", _bbox(around(area)))
        for block in area:
            name = f"par_{number}_{next(paragraphs)}"
            paragraph = _child(element, "p", "ocr_par", name, _bbox(block.box))
            for line in block.lines:
                title = f"{_bbox(line.box)}; {_direction(line, turns)}"
                row = _child(paragraph, "span", "ocr_line", f"line_{number}_{next(lines)}", title)
                for word in line.words:
                    _word(row, word, f"word_{number}_{next(words)}")
    return root


def _word(row: Element, word: Word, name: str) -> None:
    title = f"{_bbox(word.box)}; x_wconf {_percent(word.confidence):.0f}"
    element = _child(row, "span", "ocrx_word", name, title)
    element.text = None
    for glyph in word.glyphs:
        box = glyph.box
        title = (
            f"x_bboxes {box.left} {box.top} {box.right} {box.bottom}; x_conf {_percent(glyph.confidence):g}"
        )
        SubElement(element, "span", {"class": "ocrx_cinfo", "title": title}).text = plain(glyph.text)


def _child(parent: Element, tag: str, kind: str, name: str, title: str) -> Element:
    child = SubElement(parent, tag, {"class": kind, "id": name, "title": title})
    child.text = child.tail = "\n"
    return child


def _bbox(box: Box, name: str = "bbox") -> str:
    return f"{name} {box.left} {box.top} {box.right} {box.bottom}"


def _direction(line: Line, turns: int) -> str:
    """Return the direction of a line: its baseline from the box's lower left corner, or its angle."""
    if turns:
        return f"textangle {360 - 90 * turns}"
    slope, height = baseline(line)
    return f"baseline {slope:.3f} {height - line.box.bottom:.0f}"


def _percent(confidence: float) -> float:
    return 100 * share(confidence)


FORMAT = Format("hocr", "hOCR", "text/vnd.hocr+html; charset=utf-8", ".hocr", *of_pages(parts))
