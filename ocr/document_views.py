"""Views of a document: a picture with boxes, and HTML for a notebook."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from ocr.document import Box, Document, Page, Word
from ocr.document_data import counted
from ocr.element import Text
from ocr.origin import pixels_of

Pixels = npt.NDArray[np.uint8]
Colour = tuple[int, int, int]

FONT = Path(__file__).parent / "fonts" / "DejaVuSans.ttf"
MOST_SHOWN = 20
"""Most pages of a document that a notebook shows."""
WIDEST = 700
"""Width of a picture in a notebook, in pixels."""
_LINE, _WORD, _GLYPH = (0, 110, 220), (220, 120, 0), (0, 150, 60)
_BLOCKS = {
    "paragraph": (130, 130, 130),
    "heading": (190, 0, 170),
    "table": (210, 30, 30),
    "grid": (210, 30, 30),
}
_LETTERS = 0.75
"""Height of letters that are drawn into a box, as a share of its height."""


def draw_page(page: Page, picture: Image.Image | Pixels | None = None) -> Image.Image:
    """Draw the boxes of a page over its picture, or, if that is not available, over white, with its words.

    Parameters
    ----------
    page : Page
    picture : PIL image or array, optional
        A picture to use instead of the one that was read.
    """
    pixels = pixels_of(page) if picture is None else np.asarray(picture)
    if pixels is not None:
        return Image.fromarray(draw_boxes(pixels, page))
    image = Image.new("RGB", (page.width, page.height), "white")
    draw = ImageDraw.Draw(image)
    for word in page.words:
        box = word.box
        font = ImageFont.truetype(FONT, max(4, round(_LETTERS * box.height)))
        draw.text((box.left, (box.top + box.bottom) / 2), word.text, fill="black", font=font, anchor="lm")
    return Image.fromarray(draw_boxes(np.asarray(image), page))


def draw_boxes(pixels: Pixels, page: Page) -> Pixels:
    """Draw the boxes of blocks, lines, words and glyphs over the picture, uint8 (H, W, 3).

    Headings and tables are labelled with their kind. The cells of tables are drawn, too.
    """
    image = Image.fromarray(pixels).convert("RGB")
    draw = ImageDraw.Draw(image)
    thick = max(1, round(max(image.size) / 1200))
    for line in page.lines:
        for word in line.words:
            for glyph in word.glyphs:
                _frame(draw, glyph.box, _GLYPH, thick, 0)
            _frame(draw, word.box, _WORD, thick, 2 * thick)
        _frame(draw, line.box, _LINE, thick, 4 * thick)
    font = ImageFont.truetype(FONT, 13 * thick)
    for block in page.blocks:
        colour, out = _BLOCKS[block.kind], 6 * thick
        _frame(draw, block.box, colour, thick, out)
        for cell in (cell for row in block.rows for cell in row):
            _frame(draw, cell.box, colour, thick, 0)
        if block.kind != "paragraph":
            above = block.box.left - out, max(0, block.box.top - out - 15 * thick)
            draw.text(above, block.kind, fill=colour, font=font)
    return np.asarray(image)


def _frame(draw: ImageDraw.ImageDraw, box: Box, colour: Colour, thick: int, out: int) -> None:
    draw.rectangle(
        (box.left - out, box.top - out, box.right + out, box.bottom + out), outline=colour, width=thick
    )


def html_of(text: Text) -> str:
    """Return a page, or the pages of a document under its name, as self-contained HTML."""
    if isinstance(text, Page):
        return _page_html(text)
    assert isinstance(text, Document)
    head = f"<p><b>{escape(text.source)}</b>, {counted(len(text.pages), 'page')}</p>"
    rest = len(text.pages) - MOST_SHOWN
    tail = f"<p>and {counted(rest, 'page')} more</p>" if rest > 0 else ""
    return "".join([head, *map(_page_html, text.pages[:MOST_SHOWN]), tail])


def _page_html(page: Page) -> str:
    """Return a page's picture with a box and tooltip for each word, and the page's text next to it."""
    return (
        '<div style="display:flex;flex-wrap:wrap;gap:1em;align-items:flex-start">'
        f'<svg viewBox="0 0 {page.width} {page.height}" width="{min(page.width, WIDEST)}" role="img" '
        f'style="background:white" aria-label="Page {page.number} with a box round each word">'
        f"{''.join(_svg_parts(page))}</svg>"
        f'<pre style="margin:0">{escape(page.text)}</pre></div>'
    )


def _svg_parts(page: Page) -> Iterator[str]:
    from ocr.evaluation.overlay import data_address

    pixels = pixels_of(page)
    if pixels is not None:
        yield f'<image href="{data_address(pixels)}" width="{page.width}" height="{page.height}"/>'
    for word in page.words:
        if pixels is None:
            yield _svg_text(word)
        yield (
            f'<rect {_sides(word.box)} fill="transparent" stroke="rgb{_WORD}" '
            f'vector-effect="non-scaling-stroke"><title>{escape(_tooltip(word))}</title></rect>'
        )


def _svg_text(word: Word) -> str:
    box = word.box
    return (
        f'<text x="{box.left}" y="{box.bottom}" font-size="{box.height}" textLength="{box.width}" '
        f'lengthAdjust="spacingAndGlyphs">{escape(word.text)}</text>'
    )


def _sides(box: Box) -> str:
    return f'x="{box.left}" y="{box.top}" width="{box.width}" height="{box.height}"'


def _tooltip(word: Word) -> str:
    others = ", ".join(one.text for one in word.alternatives[1:])
    return f"{word.text} {word.confidence:.0%}" + (f" (or {others})" if others else "")
