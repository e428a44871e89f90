"""A small set of drawn letters: the shipped typeface, traced with a pen that shakes."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from nn.data.samples import Samples
from ocr.lab.thinning import thinned
from pipelines.normalize import SIDE, clean, normalize

FONT = Path(__file__).parents[1] / "fonts" / "DejaVuSans.ttf"
SHEET, HEIGHT = 96, 57
"""Pixels of the square that a letter is drawn on, and size of the typeface on it."""
TURN, SLANT, STRETCH = 0.16, 0.22, 0.2
"""Radians, share of the height, natural logarithm of the scale of each axis: up to this much either way."""
SHAKE, KNOTS = 2.2, 5
"""Standard deviation of the displacement in pixels, and at how many places along each side it is drawn."""
PENS = (2, 9)
"""Narrowest and widest pen, in pixels."""
PRINTED = 0.25
"""Share of letters that keep the strokes of the typeface."""

Picture = npt.NDArray[np.uint8]


def drawn(characters: str, each: int, seed: int = 0) -> Samples:
    """Return pictures of characters in the EMNIST format, without a split.

    Parameters
    ----------
    characters : str
    each : int
        Pictures of each character.
    seed : int

    Examples
    --------
    >>> drawn("AB", 3).images.shape
    (6, 28, 28)
    """
    rng = np.random.default_rng(seed)
    glyphs = np.empty((len(characters) * each, SIDE, SIDE), np.uint8)
    for place, character in enumerate(characters):
        printed = _printed(character)
        traced = thinned(printed > 127) * np.uint8(255)
        for number in range(each):
            glyphs[place * each + number] = _one(printed, traced, rng)
    labels = np.repeat(np.array(list(characters), np.str_), each)
    return Samples(clean(glyphs), labels, np.full(len(labels), "", "U5"))


def _printed(character: str) -> Picture:
    """Return a character of the typeface in the middle of a sheet, ink 255."""
    sheet = Image.new("L", (SHEET, SHEET))
    font = ImageFont.truetype(str(FONT), HEIGHT)
    ImageDraw.Draw(sheet).text((SHEET / 2, SHEET / 2), character, 255, font, anchor="mm")
    return np.asarray(sheet)


def _one(printed: Picture, traced: Picture, rng: np.random.Generator) -> Picture:
    """Return one drawing of a character, 28x28."""
    width = int(rng.integers(*PENS, endpoint=True))
    pen = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width, width))
    is_printed = rng.random() < PRINTED
    picture = printed if is_printed else np.asarray(cv2.dilate(traced, pen), np.uint8)
    rows, columns = _shaken(rng)
    ink = np.asarray(cv2.remap(picture, columns, rows, cv2.INTER_LINEAR), np.uint8)
    mask = ink > 127
    if not mask.any():
        ink, mask = picture, picture > 127
    down, across = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    part = slice(down[0], down[-1] + 1), slice(across[0], across[-1] + 1)
    return normalize(np.ascontiguousarray(ink[part]), np.ascontiguousarray(mask[part]))


def _shaken(rng: np.random.Generator) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Return from which row and column each pixel of a turned, slanted, stretched and shaken sheet comes."""
    turn, slant = rng.uniform(-TURN, TURN), rng.uniform(-SLANT, SLANT)
    wide, high = np.exp(rng.uniform(-STRETCH, STRETCH, 2))
    middle = (SHEET - 1) / 2
    y, x = (np.mgrid[:SHEET, :SHEET] - middle).astype(np.float32)
    columns = wide * (np.cos(turn) * x - np.sin(turn) * y + slant * y) + middle
    rows = high * (np.sin(turn) * x + np.cos(turn) * y) + middle
    knots = rng.normal(0, SHAKE, (2, KNOTS, KNOTS)).astype(np.float32)
    down, across = (cv2.resize(one, (SHEET, SHEET), interpolation=cv2.INTER_CUBIC) for one in knots)
    return (rows + down).astype(np.float32), (columns + across).astype(np.float32)
