"""Few words as they are on things, and masks of letters that are painted on surfaces."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from tests.bench.drawn_sheet import Chance, Colour, Face, Sheet, widest
from tests.bench.drawn_textures import Pixels, texture

TEXT = """
open closed coffee tea soup bread cake menu pizza salad fresh eggs milk today sale exit push pull danger
keep out office room floor men women private parking library school garden market street bakery books
music dance party happy birthday love home welcome please knock quiet work zone fire door pump valve hot
cold start stop power mode volume left right north south water gas oil harbour station museum hotel bar
grill taxi bus police bank post fish farm honey apple lemon plum pear jam sugar salt flour rice
"""
WORDS = TEXT.split()
CAPITALS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Those of number plates: no ``I`` and no ``O``."""


def phrase(chance: Chance, least: int, most: int | None = None) -> str:
    """Return so many words that are found on things, in small letters."""
    count = chance.rng.randint(least, most or least)
    return " ".join(chance.rng.choice(WORDS) for _ in range(count))


def cased(chance: Chance, text: str) -> str:
    """Return a text in capitals, as a title, or as it is."""
    share = chance.rng.random()
    return text.upper() if share < 0.5 else text.title() if share < 0.8 else text


def inscription(chance: Chance, most: int) -> list[str]:
    """Return at most so many lines of one or two words."""
    return [cased(chance, phrase(chance, 1, 2)) for _ in range(chance.rng.randint(1, most))]


def capitals(chance: Chance, count: int) -> str:
    """Return so many of ``CAPITALS``."""
    return "".join(chance.rng.choice(CAPITALS) for _ in range(count))


def mask_of(lines: Sequence[str], face: Face, leading: float = 1.3, centred: bool = True) -> Pixels:
    """Return where the ink of some lines is, with a margin.

    Parameters
    ----------
    lines : sequence of str
        What is written.
    face : Face
        In what.
    leading : float
        From line to line, in heights of letters.
    centred : bool
        The lines are in the middle; else they begin below each other.

    Returns
    -------
    ndarray
        From 0 to 1: how much ink there is.
    """
    size = face.size
    width, height = widest(lines, face) + size, size * leading * len(lines) + 0.6 * size
    picture = Image.new("L", (int(width), int(height)), 0)
    pen = ImageDraw.Draw(picture)
    for index, line in enumerate(lines):
        left = (picture.width - face.getlength(line)) / 2 if centred else size / 2
        pen.text((left, size * (0.1 + index * leading)), line, font=face, fill=255)
    return np.asarray(picture).astype(np.float32) / 255


def paint(surface: Pixels, mask: Pixels, ink: Colour, left: float, top: float) -> None:
    """Paint on a surface with ink where a mask has it; the mask is moved into the surface."""
    height, width = mask.shape
    left = int(max(0, min(left, surface.shape[1] - width)))
    top = int(max(0, min(top, surface.shape[0] - height)))
    part = surface[top : top + height, left : left + width]
    share = mask[: part.shape[0], : part.shape[1], None]
    part[:] = part * (1 - share) + np.array(ink, np.float32) * share


def paint_middle(
    surface: Pixels, mask: Pixels, ink: Colour, right: float = 0, down: float = 0, row: float = 0.5
) -> None:
    """Paint in the middle of a surface.

    Parameters
    ----------
    surface : ndarray
        What is painted on.
    mask : ndarray
        Where the ink is.
    ink : tuple of int
        Its colour.
    right, down : float
        How many pixels it is moved from there.
    row : float
        Where the mask is from top to bottom: 0.5 is the middle.
    """
    left = (surface.shape[1] - mask.shape[1]) / 2 + right
    paint(surface, mask, ink, left, (surface.shape[0] - mask.shape[0]) * row + down)


def room(mask: Pixels, margin: float) -> tuple[int, int]:
    """Return the width and height of a surface that is larger than a mask by this factor, and a bit."""
    return int(mask.shape[1] * margin) + 40, int(mask.shape[0] * margin) + 60


def room_of(chance: Chance, material: str, mask: Pixels, margin: float, colour: Colour) -> Pixels:
    """Return a surface with ``room`` for a mask."""
    return texture(chance, material, *room(mask, margin), colour)


def as_sheet(pixels: Pixels, lines: Sequence[str]) -> Sheet:
    """Return a finished picture, with the lines on it in the order in which they are read."""
    return Sheet(Image.fromarray(pixels.clip(0, 255).astype(np.uint8)), list(lines))
