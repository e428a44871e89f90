"""Searchable PDF: the picture, or the page of the PDF that was read, with invisible text over it.

The words of a line share one baseline, so that viewers recognise the line; each word covers its box, and its
letters share the box's width evenly.

References
----------
ISO 32000-1:2008: 9.3 (text state), 9.4 (text objects); 9.3.6: text that is neither filled nor stroked.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import replace
from importlib.util import find_spec
from itertools import chain, count
from typing import TYPE_CHECKING, Any

from ocr.document import Box
from ocr.errors import OutputError
from ocr.formats.baseline import baseline
from ocr.formats.format import Format
from ocr.formats.glyphless import LEVELS, UNITS, WIDTH, Glyphless
from ocr.formats.pdf_picture import Placed, placed_pictures, shown_part
from ocr.formats.upright import quarter_turns, upright
from ocr.formats.values import plain, software

if TYPE_CHECKING:
    from ocr.document import Document, Line, Page
    from ocr.formats.original import Original


FONT = "/f-0-0"
"""Name of the font on a page, as in Tesseract's PDFs: OCRmyPDF searches for it."""
MUCH = 2.0
"""A line is steep if its box is at least this many times as high as it would be without slope."""
OUTSIDE = 0.2
"""How far words of a sideways page may reach out of their row, as a share of its height."""


def render(document: Document, original: Original | None, min_confidence: float = 0.0) -> bytes:
    """Return one document as PDF; nothing is marked.

    Raises
    ------
    OutputError
        There is no original, or the extra ``pdf`` is not installed.
    pipelines.errors.PictureError
        The original cannot be loaded again, or has changed.
    """
    return b"".join(render_all([(document, original)], min_confidence))


def render_all(
    scans: Iterable[tuple[Document, Original | None]], min_confidence: float = 0.0
) -> Iterator[bytes]:
    """Yield the pages of all documents as one PDF."""
    if find_spec("pikepdf") is None:
        raise OutputError("PDF needs a package that is not installed; pip install 'letters-ocr[pdf]'")
    yield _written(chain.from_iterable(placed_pictures(*scan) for scan in scans))


def text_layer(page: Page, size: tuple[float, float]) -> bytes:
    """Return a PDF of one page, `size` in points, with only the invisible text."""
    return _written([(page, Placed(size))])


def _written(pages: Iterable[tuple[Page, Placed]]) -> bytes:
    """Return the PDF of some pages, of which only one is in memory at a time."""
    import pikepdf

    pdf, glyphless = pikepdf.new(), Glyphless()
    font = pdf.make_indirect(pikepdf.Dictionary())
    for page, placed in pages:
        content = _content(page, placed, glyphless)
        if placed.below is not None:
            pdf.pages.append(placed.below)
            _lay_over(pdf.pages[-1], content, font)
            continue
        added = pdf.add_blank_page(page_size=placed.size)
        added.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary({FONT: font}))
        if placed.stream is not None:
            picture = pdf.make_stream(placed.stream, placed.attributes)
            added.Resources.XObject = pikepdf.Dictionary(Im=picture)
        added.Contents = pdf.make_stream(content)
    glyphless.complete(pdf, font)
    pdf.docinfo["/Producer"] = software()
    file = io.BytesIO()
    pdf.save(file, compress_streams=True, deterministic_id=True)
    return file.getvalue()


def _lay_over(page: Any, content: bytes, font: Any) -> None:
    """Add drawing operators, in points from the lower left corner of the page as displayed, to a page."""
    from pikepdf import Name

    left, low, width, height = shown_part(page)
    turn = {
        0: "1 0 0 1 0 0",
        90: f"0 1 -1 0 {width} 0",
        180: f"-1 0 0 -1 {width} {height}",
        270: f"0 -1 1 0 0 {height}",
    }[int(page.obj.get("/Rotate", 0)) % 360]
    fonts = page.resources.get("/Font", {})  # pages may share these
    names = (f"{FONT}-{k}" for k in count())
    name = next(name for name in names if name not in fonts or fonts[name].objgen == font.objgen)
    page.add_resource(font, Name.Font, Name(name), replace_existing=True)
    content = content.replace(f"{FONT} ".encode(), f"{name} ".encode())
    page.contents_add(b"q\n", prepend=True)
    page.contents_add(b"Q q 1 0 0 1 %f %f cm %s cm\n%s\nQ\n" % (left, low, turn.encode(), content))


def _content(page: Page, placed: Placed, font: Glyphless) -> bytes:
    """Return the drawing operators of a page, picture and text, in pixels from the lower left corner."""
    scale = [side / pixels for side, pixels in zip(placed.size, (page.width, page.height), strict=True)]
    turns = quarter_turns(page)
    turn = (
        "1 0 0 1 0 0",
        f"0 -1 1 0 0 {page.height}",
        f"-1 0 0 -1 {page.width} {page.height}",
        f"0 1 -1 0 {page.width} 0",
    )[turns]
    text = "\n".join(_text(upright(page, turns), font, turns % 2 == 1))
    drawn = f"{scale[0]:.6f} 0 0 {scale[1]:.6f} 0 0 cm\n{placed.drawing}\n{turn} cm\nBT 3 Tr\n{text}\nET\n"
    return drawn.encode("ascii")


def _text(page: Page, font: Glyphless, lies: bool) -> Iterator[str]:
    """Yield the operators for each word of an upright page, followed by a space.

    On a page that `lies` sideways, words are clipped to about their row, as PDFium would take each for a
    line; on steep lines they are not.
    """
    for line in page.lines:
        row = _row(line)
        within = lies and line.box.height <= MUCH * row.height
        yield f"{FONT} {row.height} Tf"
        for word, following in zip(line.words, [*line.words[1:], None], strict=True):
            box = _within(word.box, row) if within else word.box
            yield _shown(plain(word.text), box, row, page.height, font)
            if following is not None and box.right < following.box.left:
                gap = Box(box.right, box.top, following.box.left, box.bottom)
                yield _shown(" ", gap, row, page.height, font)


def _within(box: Box, row: Box) -> Box:
    """Return a box clipped to about its row."""
    slack = int(OUTSIDE * row.height)
    bottom = max(row.top + 1, min(box.bottom, row.bottom + slack))
    return replace(box, top=min(max(box.top, row.top - slack), bottom - 1), bottom=bottom)


def _row(line: Line) -> Box:
    """Return the box of a line, with the height it would have without slope."""
    box, slope = line.box, abs(baseline(line)[0])
    slack = round(min(slope * box.width, box.height - min(word.box.height for word in line.words)) / 2)
    bottom = box.bottom - slack
    return replace(box, top=min(box.top + slack, bottom - 1), bottom=bottom)


def _shown(text: str, box: Box, row: Box, height: int, font: Glyphless) -> str:
    """Return the operators for a text over a box, on the baseline and at the size of its row."""
    low, high = (round(LEVELS * (row.bottom - y) / row.height) for y in (box.bottom, box.top))
    codes = font.codes(text, (low, max(low + 1, high)))
    stretch = 100 * box.width * UNITS / (WIDTH * row.height * len(text))
    return f"{stretch:.4f} Tz 1 0 0 1 {box.left} {height - row.bottom} Tm <{codes}> Tj"


FORMAT = Format(
    "pdf",
    "Searchable PDF",
    "application/pdf",
    ".pdf",
    render,
    render_all,
    is_binary=True,
    shows_picture=True,
)
