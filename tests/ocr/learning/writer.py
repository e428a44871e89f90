"""A writer made up of a typeface: letters turned and slanted as no one else writes them."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from nn.model import Sequential
from ocr.learning.memory import Memory
from ocr.recognition.classify import BUNDLED
from pipelines.normalize import clean, normalize

LETTERS = "AEFHKRTdeghkt234"
"""What none of which looks like another one, however it is turned and slanted."""
FONT = ImageFont.load_default(72)


def written(texts: str, turn: float, slant: float, seed: int) -> np.ndarray:
    """Return glyphs, uint8 (N, 28, 28), turned by `turn` degrees and slanted, each a little otherwise."""
    rng = np.random.default_rng(seed)
    inks = [ink(text, turn + rng.normal(0, 4), slant + rng.normal(0, 0.05)) for text in texts]
    return clean(np.array([normalize(one, one > 100) for one in inks]))


def ink(text: str, turn: float, slant: float) -> np.ndarray:
    """Return a letter cut out of its page, ink 255 on 0."""
    page = Image.new("L", (128, 128))
    ImageDraw.Draw(page).text((40, 20), text, fill=255, font=FONT)
    angle = np.radians(turn)
    rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    linear, middle = rotation @ np.array([[1, -slant], [0, 1]]), np.full(2, 63.5)
    moved = cv2.warpAffine(np.asarray(page), np.column_stack([linear, middle - linear @ middle]), page.size)
    rows, columns = np.nonzero(moved > 100)
    return moved[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


def knowing(characters: str, path: Path) -> Path:
    """Save the bundled network without all other classes of characters: it learns in a moment."""
    whole = Sequential.load(BUNDLED)
    kept = [k for k, c in enumerate(whole.classes) if c in ("", *characters)]
    memory = Memory.from_table(whole.settings["memory"])
    known = ("temperature", "placement", "confidence", "frequencies")
    settings = {name: whole.settings[name] for name in known}
    settings["memory"] = Memory(memory.means[kept], memory.spread).table()
    layers = [*whole.architecture[:-1], {**whole.architecture[-1], "units": len(kept)}]
    model = Sequential(layers, whole.input_shape, tuple(whole.classes[k] for k in kept), settings)
    last = f"{len(layers) - 1}."
    model.set_weights({n: a[..., kept] if n.startswith(last) else a for n, a in whole.weights.items()})
    model.save(path)
    return path
