"""What else is on paper beside text: rules, squares, stains, folds, dirt, and what shines through."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from PIL import Image, ImageDraw

from tests.bench.drawn_sheet import Chance, Sheet
from tests.bench.drawn_textures import Pixels, noise

Mark = Callable[[Chance, Sheet, int, float], None]
"""Takes a page, the height of its letters in pixels and how strong the mark is, from 0 to 1."""

RULES = ((175, 195, 230), (140, 165, 215), (165, 165, 165))
"""Colours of the rules of paper to write on."""


def _darken(sheet: Sheet, light: Pixels) -> None:
    """Multiply a page by how much light each pixel keeps, from 0 to 1: ink stays above or below it."""
    pixels = np.asarray(sheet.picture.convert("RGB")).astype(np.float32)
    light = light[..., None] if light.ndim == 2 else light
    sheet.picture = Image.fromarray((pixels * light).clip(0, 255).astype(np.uint8))


def _on_paper(sheet: Sheet) -> Image.Image:
    return Image.new("L", sheet.picture.size, 255)


def ruled(chance: Chance, sheet: Sheet, size: int, much: float) -> None:
    """Rule the paper, without regard to where the lines of text are."""
    _rule(chance, sheet, size * chance.rng.uniform(1.2, 1.8), much, squared=False)


def squared(chance: Chance, sheet: Sheet, size: int, much: float) -> None:
    """Rule the paper in squares."""
    _rule(chance, sheet, size * chance.rng.uniform(0.5, 1.2), much, squared=True)


def _rule(chance: Chance, sheet: Sheet, step: float, much: float, squared: bool) -> None:
    colour = np.array(chance.rng.choice(RULES)) / 255
    shape = _on_paper(sheet)
    pen = ImageDraw.Draw(shape)
    width = 1 + round(much)
    start = chance.rng.uniform(0, step)
    for top in np.arange(start, sheet.height, step):
        pen.line((0, top, sheet.width, top), fill=0, width=width)
    for left in np.arange(start, sheet.width, step) if squared else ():
        pen.line((left, 0, left, sheet.height), fill=0, width=width)
    share = (np.asarray(shape) / 255)[..., None]
    _darken(sheet, share + (1 - share) * colour ** (1 + 0.6 * much))


def watermarked(chance: Chance, sheet: Sheet, size: int, much: float) -> None:
    """Write a large pale word across the page, below the text."""
    word = chance.rng.choice(["DRAFT", "COPY", "SAMPLE", "VOID"])
    shape = _on_paper(sheet)
    face = chance.face("print", sheet.width / 4.5)
    ImageDraw.Draw(shape).text((sheet.width / 2, sheet.height / 2), word, fill=0, font=face, anchor="mm")
    shape = shape.rotate(chance.rng.choice([0, 20, 35]), fillcolor=255)
    _darken(sheet, 1 - (0.12 + 0.2 * much) * (1 - np.asarray(shape) / 255))


def shone_through(chance: Chance, sheet: Sheet, size: int, much: float) -> None:
    """Let the text of the back shine through, mirrored and pale."""
    back = _on_paper(sheet)
    pen, face = ImageDraw.Draw(back), chance.face("print", size)
    for top in np.arange(chance.rng.uniform(0, 2 * size), sheet.height, 1.6 * size):
        pen.text((size, top), chance.words(8), fill=0, font=face)
    mirrored = cv2.GaussianBlur(np.asarray(back)[:, ::-1].astype(np.float32), (0, 0), 0.8) / 255
    _darken(sheet, 1 - (0.1 + 0.25 * much) * (1 - mirrored))


def stained(chance: Chance, sheet: Sheet, size: int, much: float) -> None:
    """Set a cup of coffee on the page: a brown ring and spots."""
    shape = _on_paper(sheet)
    pen = ImageDraw.Draw(shape)
    for _ in range(chance.rng.randint(1, 3)):
        radius = chance.rng.uniform(0.15, 0.4) * sheet.height
        left, top = chance.rng.uniform(0, sheet.width), chance.rng.uniform(0, sheet.height)
        box = (left - radius, top - radius, left + radius, top + radius)
        pen.ellipse(box, fill=200, outline=60, width=max(3, size // 4))
    wet = cv2.GaussianBlur(np.asarray(shape).astype(np.float32), (0, 0), 1.5) / 255
    brown = np.array([0.35, 0.6, 1.0])
    _darken(sheet, 1 - (0.35 + 0.4 * much) * (1 - wet)[..., None] * brown)


def folded(chance: Chance, sheet: Sheet, size: int, much: float) -> None:
    """Fold the page and open it again: dark and light folds across and down."""
    light = np.ones((sheet.height, sheet.width), np.float32)
    for axis, length in enumerate(light.shape):
        at = chance.rng.uniform(0.25, 0.75) * length
        away = np.arange(length) - at
        fold = 1 - (0.25 + 0.4 * much) * np.exp(-np.abs(away) / 2)
        side = 1 - 0.15 * much * (away > 0) * np.exp(-np.abs(away) / 80)
        line = (fold * side).astype(np.float32)
        light *= line[:, None] if axis == 0 else line[None]
    _darken(sheet, light)


def dirty(chance: Chance, sheet: Sheet, size: int, much: float) -> None:
    """Strew specks of dirt all over the page."""
    shape = _on_paper(sheet)
    pen = ImageDraw.Draw(shape)
    for _ in range(round((20 + 120 * much) * sheet.width * sheet.height / 400_000)):
        left, top = chance.rng.uniform(0, sheet.width), chance.rng.uniform(0, sheet.height)
        radius = chance.rng.uniform(0.5, 0.08 * size + 1)
        pen.ellipse(
            (left - radius, top - radius, left + radius, top + radius), fill=chance.rng.randint(0, 120)
        )
    _darken(sheet, np.asarray(shape) / 255)


def scratched(chance: Chance, sheet: Sheet, size: int, much: float) -> None:
    """Draw thin scratches across the page, as on films and old copies."""
    shape = _on_paper(sheet)
    pen = ImageDraw.Draw(shape)
    for _ in range(2 + round(6 * much)):
        left, top = chance.rng.uniform(0, sheet.width), chance.rng.uniform(0, sheet.height)
        right, below = left + chance.rng.gauss(0, 150), top + chance.rng.gauss(0, 250)
        pen.line((left, top, right, below), fill=chance.rng.choice([0, 90, 160]), width=1)
    _darken(sheet, np.asarray(shape) / 255)


def framed(chance: Chance, sheet: Sheet, size: int, much: float) -> None:
    """Lay the page on the black ground of a scanner, whose border is on some sides."""
    width = round(10 + 60 * much)
    borders = [width * chance.happens(0.6) for _ in range(4)]
    pixels = np.pad(np.asarray(sheet.picture), ((borders[0], borders[1]), (borders[2], borders[3]), (0, 0)))
    sheet.picture = Image.fromarray(pixels)


def crumpled(chance: Chance, sheet: Sheet, size: int, much: float) -> None:
    """Crumple the paper: light and shade of creases in all directions."""
    light = np.zeros((sheet.height, sheet.width), np.float32)
    slopes = noise(chance, light, 60, 1) + noise(chance, light, 25, 0.5)
    _darken(sheet, (1 - (0.1 + 0.15 * much) * np.abs(slopes)).clip(0.3, 1))


def highlighted(chance: Chance, sheet: Sheet, size: int, much: float) -> None:
    """Mark a part of the text with a bright pen."""
    shape = _on_paper(sheet)
    pen = ImageDraw.Draw(shape)
    for _ in range(chance.rng.randint(2, 4)):
        left, top = chance.rng.uniform(0, 0.5) * sheet.width, chance.rng.uniform(0, 1) * sheet.height
        pen.line((left, top, left + 0.4 * sheet.width, top), fill=0, width=round(1.2 * size))
    kept = np.array(chance.rng.choice([(1, 1, 0.3), (0.4, 1, 0.5), (1, 0.55, 0.75), (0.5, 0.8, 1)]))
    share = (1 - np.asarray(shape) / 255)[..., None] * (0.5 + 0.5 * much)
    _darken(sheet, 1 - share * (1 - kept))


MARKS: dict[str, Mark] = {
    "ruled": ruled,
    "squared": squared,
    "watermark": watermarked,
    "show-through": shone_through,
    "stain": stained,
    "fold": folded,
    "dirt": dirty,
    "scratches": scratched,
    "border": framed,
    "crumpled": crumpled,
    "highlighter": highlighted,
}
