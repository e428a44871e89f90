"""Drawn pages of many kinds: those of running text, the names of all, and what spoils their pictures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from tests.bench.drawn_camera import as_jpeg
from tests.bench.drawn_forms import comb, form, receipt, table, table_without_rules
from tests.bench.drawn_sheet import WHITE, Chance, Sheet, wrapped
from tests.bench.drawn_words import bullets, card, letters, photograph, screen, sign, sparse

RULES = ((170, 190, 230), (120, 150, 210), (150, 150, 150))
"""Colours of the rules of paper to write on."""


def paragraph(chance: Chance) -> Sheet:
    """Draw a block of running text."""
    size = chance.size()
    face = chance.face(chance.style(), size)
    width, leading = size * chance.rng.randint(18, 34), round(size * chance.rng.uniform(1.3, 1.9))
    lines = wrapped(chance.sentences(3, 6), face, width)
    sheet = Sheet.blank(width + 2 * size, leading * len(lines) + 2 * size)
    sheet.write_all(size, size, lines, face, leading)
    return sheet


def columns(chance: Chance) -> Sheet:
    """Draw two or three columns of running text, which are read one after another."""
    size = chance.size(14, 18, 22)
    face = chance.face(chance.style(hand=0.2), size)
    count, width = chance.rng.choice([2, 2, 3]), size * chance.rng.randint(13, 18)
    gap, leading = round(size * chance.rng.uniform(1.5, 3)), round(1.4 * size)
    rows = chance.rng.randint(10, 18)
    sheet = Sheet.blank(count * width + (count - 1) * gap + 4 * size, leading * rows + 4 * size)
    for index in range(count):
        lines = wrapped(chance.sentences(12), face, width)[:rows]
        sheet.write_all(2 * size + index * (width + gap), 2 * size, lines, face, leading)
    return sheet


def heading(chance: Chance) -> Sheet:
    """Draw a large heading, and running text below it."""
    size, style = chance.size(16, 20, 24), chance.style()
    face, large = chance.face(style, size), chance.face(style, round(size * chance.rng.uniform(2, 4)))
    width, leading = 32 * size, round(1.5 * size)
    title = wrapped(chance.words(1, 3).title(), large, width)[0]
    lines = wrapped(chance.sentences(4), face, width)
    below = size + round(1.6 * large.size)
    sheet = Sheet.blank(width + 2 * size, below + leading * len(lines) + size)
    sheet.write(size, size, title, large)
    sheet.write_all(size, below, lines, face, leading)
    return sheet


def inverse_header(chance: Chance) -> Sheet:
    """Draw a title in white on a bar, and below it a heading with running text."""
    body, face, title = heading(chance), chance.face("print", 30), chance.words(3).title()
    sheet = Sheet.blank(max(body.width, face.getlength(title) + 60), body.height + 80)
    sheet.pen.rectangle((0, 0, sheet.width, 70), fill=chance.deep())
    sheet.write(25, 15, title, face, WHITE)
    sheet.paste(body, 0, 80)
    return sheet


def coloured(chance: Chance) -> Sheet:
    """Draw running text in dark ink on coloured paper, or in light ink on dark paper."""
    sheet = paragraph(chance)
    paper, ink = chance.light() if chance.happens(0.7) else chance.middling(), chance.dark()
    if chance.happens(0.3):
        paper, ink = chance.dark(), chance.light()
    light = np.asarray(sheet.picture.convert("L"))[..., None] / 255
    mixed = light * np.array(paper) + (1 - light) * np.array(ink)
    sheet.picture = Image.fromarray(mixed.astype(np.uint8))
    return sheet


def turned(chance: Chance) -> Sheet:
    """Draw a page that lies on its side, or is upside down."""
    sheet = chance.rng.choice([paragraph, receipt, form])(chance)
    sheet.picture = sheet.picture.rotate(chance.rng.choice([90, 180, 270]), expand=True)
    return sheet


def skewed(chance: Chance) -> Sheet:
    """Draw a page that was laid askew."""
    sheet = chance.rng.choice([paragraph, receipt, table_without_rules, table, form])(chance)
    angle = chance.rng.uniform(-9, 9)
    sheet.picture = sheet.picture.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=WHITE)
    return sheet


def ruled_paper(chance: Chance) -> Sheet:
    """Draw a text that is written by hand on ruled or squared paper."""
    size = chance.size(24, 32, 40)
    face, width = chance.face("hand", size), 24 * size
    leading, lines = round(size * chance.rng.uniform(1.3, 1.7)), wrapped(chance.sentences(3), face, width)
    sheet = Sheet.blank(width + 3 * size, leading * (len(lines) + 2) + size)
    colour, thick = chance.rng.choice(RULES), chance.rng.choice([1, 2])
    for top in range(size, sheet.height, leading):
        sheet.pen.line((0, top, sheet.width, top), fill=colour, width=thick)
    if chance.happens(0.5):
        for left in range(0, sheet.width, leading):
            sheet.pen.line((left, 0, left, sheet.height), fill=colour)
    if chance.happens(0.4):
        sheet.pen.line((size, 0, size, sheet.height), fill=(220, 90, 90), width=2)
    for index, line in enumerate(lines):
        base = size + (index + 1) * leading - 2
        sheet.put(1.4 * size, base, line, face, (15, 20, 60), anchor="ls")
        sheet.tell(line)
    return sheet


def newspaper(chance: Chance) -> Sheet:
    """Draw a title over two columns, the second of which begins with a photograph."""
    size = chance.size(16, 20)
    face, large = chance.face("print", size), chance.face("print", 3 * size)
    width, gap, leading, rows = 16 * size, round(1.8 * size), round(1.4 * size), 14
    sheet = Sheet.blank(2 * width + gap + 4 * size, leading * rows + 8 * size)
    title = wrapped(chance.words(2).title(), large, sheet.width - 4 * size)[0]
    sheet.write(2 * size, size, title, large)
    top, right = 6 * size, 2 * size + width + gap
    lines = wrapped(chance.sentences(12), face, width)[:rows]
    sheet.write_all(2 * size, top, lines, face, leading)
    picture = chance.photograph().resize((width, round(0.6 * width)))
    sheet.picture.paste(picture, (right, top))
    below = picture.height + leading
    lines = wrapped(chance.sentences(8), face, width)[: rows - round(below / leading)]
    sheet.write_all(right, top + below, lines, face, leading)
    return sheet


KINDS: dict[str, Callable[[Chance], Sheet]] = {
    "paragraph": paragraph,
    "columns": columns,
    "table": table,
    "plain-table": table_without_rules,
    "receipt": receipt,
    "form": form,
    "comb": comb,
    "heading": heading,
    "inverse-header": inverse_header,
    "coloured": coloured,
    "turned": turned,
    "skewed": skewed,
    "list": bullets,
    "sign": sign,
    "ruled-paper": ruled_paper,
    "screen": screen,
    "card": card,
    "sparse": sparse,
    "photograph": photograph,
    "newspaper": newspaper,
    "letters": letters,
}


def degraded(picture: Image.Image, chance: Chance) -> tuple[Image.Image, str]:
    """Spoil a picture as cameras and scanners do.

    Parameters
    ----------
    picture : PIL.Image.Image
        A clean picture.
    chance : Chance
        Decides what is done. Each is done to about half of the pages, and to some nothing is.

    Returns
    -------
    picture : PIL.Image.Image
        With uneven light, blur, noise or losses by JPEG.
    done : str
        Which of these it has; empty if none.
    """
    pixels: Any = np.asarray(picture.convert("RGB")).astype(np.float32)
    done = []
    if chance.happens(0.4):
        pixels *= _light(pixels.shape[0], pixels.shape[1], chance)
        done.append("light")
    if chance.happens(0.4):
        pixels = cv2.GaussianBlur(pixels, (0, 0), chance.rng.uniform(0.4, 1.1))
        done.append("blur")
    if chance.happens(0.5):
        noise = np.random.default_rng(chance.rng.getrandbits(30))
        pixels += noise.normal(0, chance.rng.uniform(2, 9), pixels.shape)
        done.append("noise")
    picture = Image.fromarray(pixels.clip(0, 255).astype(np.uint8))
    if chance.happens(0.5):
        picture = as_jpeg(picture, chance.rng.randint(45, 90))
        done.append("JPEG")
    return picture, ", ".join(done)


def _light(height: int, width: int, chance: Chance) -> npt.NDArray[np.float32]:
    across = np.linspace(chance.rng.uniform(0.55, 1), chance.rng.uniform(0.8, 1), width, dtype=np.float32)
    down = np.linspace(chance.rng.uniform(0.7, 1), 1, height, dtype=np.float32)
    return (down[:, None] * across)[..., None]
