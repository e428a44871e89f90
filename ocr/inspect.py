"""A picture of every stage, to see where a reading goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from ocr.document import Glyph, Page
from ocr.document_views import FONT as FONT
from ocr.document_views import draw_boxes as draw_boxes
from ocr.reader import Reader
from ocr.recognition.lattice import Lattice
from pipelines.sheet import Sheet

Pixels = npt.NDArray[np.uint8]

NO_CHARACTER = "\uffff"
"""A character that no font has; all draw it as a box."""
_CELL = 132
_SHOWN = 5


def inspect(source: Any, folder: Path, *, reader: Reader) -> list[Path]:
    """Write PNG pictures of the stages of reading `source` into `folder`, which is made if need be.

    They are, for each page: the even light, the binary ink, the components, blocks, lines, words and glyphs
    on the picture as loaded, and every glyph as the network saw it with its top-K.

    Returns
    -------
    list of Path
        What was written, in the order of the stages.

    Raises
    ------
    pipelines.errors.PictureError
        The source cannot be loaded.
    OSError
        A file cannot be written.
    """
    written = []
    for picture in reader.load(source):
        folder.mkdir(parents=True, exist_ok=True)
        lattices = reader.lattices(picture.pixels)
        lattice, page = lattices[0], reader.page_of(lattices, picture)
        prefix = f"page{picture.number}_" if picture.number > 1 else ""
        for number, (name, pixels) in enumerate(_stages(picture.pixels, lattice, page), start=1):
            path = folder / f"{prefix}{number}_{name}.png"
            Image.fromarray(pixels).save(path)
            written.append(path)
    return written


def _stages(pixels: Pixels, lattice: Lattice, page: Page) -> Iterator[tuple[str, Pixels]]:
    sheet = lattice.sheet
    yield "light", sheet.grey
    yield "binary", np.where(sheet.ink, 0, 255).astype(np.uint8)
    yield "components", _coloured(sheet)
    yield "lines_and_words", draw_boxes(pixels, page)
    yield "glyphs", glyph_table(tuple(page.glyphs))


def _coloured(sheet: Sheet) -> Pixels:
    """Return a picture with every component of a line in its own colour, the rest in light grey."""
    hues = (np.arange(len(sheet.components) + 1) * 67 % 180).astype(np.uint8)
    palette = np.stack([hues, np.full_like(hues, 220), np.full_like(hues, 190)], axis=-1)
    palette = np.asarray(cv2.cvtColor(palette[None], cv2.COLOR_HSV2RGB))[0].astype(np.uint8)
    used = np.zeros(len(palette), bool)
    used[[c + 1 for line in sheet.lines for word in line.words for stack in word for c in stack]] = True
    palette[~used] = 215
    palette[0] = 255
    return np.asarray(palette[sheet.components.labels])


def glyph_table(glyphs: tuple[Glyph, ...], columns: int = 12) -> Pixels:
    """Show glyphs as the network sees them, each above its most probable characters; uint8 (H, W, 3)."""
    rows = max(1, -(-len(glyphs) // columns))
    row_height = 92 + 16 * _SHOWN
    image = Image.new("RGB", (columns * _CELL, rows * row_height), "white")
    draw, font = ImageDraw.Draw(image), ImageFont.truetype(FONT, 13)
    for k, glyph in enumerate(glyphs):
        x, y = k % columns * _CELL + 8, k // columns * row_height + 4
        image.paste(Image.fromarray(255 - glyph.image).resize((84, 84), Image.Resampling.NEAREST), (x, y))
        draw.rectangle((x, y, x + 84, y + 84), outline="#999999")
        for place, alternative in enumerate(glyph.alternatives[:_SHOWN]):
            top = y + 86 + 16 * place
            share = alternative.confidence
            draw.rectangle((x + 18, top + 3, x + 18 + round(60 * share), top + 13), fill="#9ecbe8")
            draw.text((x, top), drawable(alternative.text, font), fill="black", font=font)
            draw.text((x + 80, top), f"{share:.0%}", fill="#444444", font=font)
    return np.asarray(image)


def drawable(text: str, font: ImageFont.FreeTypeFont) -> str:
    """Return the text if the font has its letters, or else their code points in hexadecimal."""
    missing = bytes(font.getmask(NO_CHARACTER))
    return (
        text
        if all(bytes(font.getmask(c)) != missing for c in text)
        else " ".join(f"{ord(c):X}" for c in text)
    )
