"""Strips without text on which a line network reads some: with them it learns to stay silent."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from nn.sequence import SequenceModel
from nn.training.strips import Strips
from pipelines.layout.strips import whole_strip
from training.lines import LOOKS, WIDEST, strips_of
from training.scenery import clutter, ground, photo, photographs, turned

SIDE = 320
"""Rows and columns of the pictures that crops are taken from."""
HEIGHTS, ASPECTS = (14, 90), (0.8, 7.0)
"""Rows of a crop, and its columns for each row."""
PHOTO_SHARE, CLUTTER_SHARE = 0.7, 0.4
EASY_SHARE = 0.1
"""Share kept of the strips on which the network reads nothing."""
LIKE_TEXT, FEWEST = -0.15, 4
"""A photograph's strip on which the network reads at least this many characters, as surely as this a frame
that it reads one on, may show real lettering, and is left out."""
HELD_OUT = 0.02


def empty_strips(pages: Path, model: SequenceModel, count: int, seed: int = 0) -> Strips:
    """Cut strips out of photographs and patterns, and keep those on which a network reads something.

    Parameters
    ----------
    pages : Path
        The folder of ``photos.zip``.
    model : SequenceModel
    count : int
        Strips to keep.
    seed : int

    Returns
    -------
    Strips
        Their texts are empty. The first few are to validate with.
    """
    rng = np.random.default_rng(seed)
    photos = photographs(pages, False)
    kept: list[npt.NDArray[np.uint8]] = []
    while len(kept) < count:
        strips = [strip for _ in range(16) for strip in _strips(crop(photos, rng))]
        reads = [_reads(logits) for logits in model.read(strips)]
        chances = rng.random(len(strips))
        kept += [
            strip
            for strip, (characters, surely), chance in zip(strips, reads, chances, strict=True)
            if (characters or chance < EASY_SHARE) and (characters < FEWEST or surely < LIKE_TEXT)
        ]
    split = np.where(np.arange(count) < HELD_OUT * count, "val", "train")
    held = Strips.of(kept[:count], [""] * count)
    return Strips(held.pixels, held.widths, held.texts, split, held.left_out)


def crop(photos: list[npt.NDArray[np.uint8]], rng: np.random.Generator) -> npt.NDArray[np.uint8]:
    """Return a part of a photograph, a paper or a pattern, uint8 (H, W), of the shape of a line or a word."""
    image = photo(photos, SIDE, rng) if rng.random() < PHOTO_SHARE else ground(photos, SIDE, rng)
    if rng.random() < CLUTTER_SHARE:
        clutter(image, int(rng.integers(1, 6)), rng)
    image = turned(image, float(rng.normal(0, 20)), cv2.BORDER_REFLECT)
    image += rng.normal(0, rng.uniform(0, 0.06), image.shape).astype(np.float32)
    height = round(float(np.exp(rng.uniform(*np.log(HEIGHTS)))))
    width = min(SIDE, round(height * float(np.exp(rng.uniform(*np.log(ASPECTS))))))
    top, left = int(rng.integers(SIDE - height + 1)), int(rng.integers(SIDE - width + 1))
    part = image[top : top + height, left : left + width]
    part = part if rng.random() < 0.5 else 1 - part
    return np.ascontiguousarray(np.clip(255 * part, 0, 255).astype(np.uint8))


def _strips(cut: npt.NDArray[np.uint8]) -> list[npt.NDArray[np.uint8]]:
    """Return what the reader makes of a crop: its ink and contrast, where it finds a line, and the whole."""
    found = [*strips_of(cut, "line"), whole_strip(cut, sum(LOOKS) / 2)]
    return [strip for strip in found if strip.shape[1] <= WIDEST]


def _reads(logits: npt.NDArray[np.floating]) -> tuple[int, float]:
    """Return how many characters are read, and the mean log-probability of the frames that say them."""
    best = logits.argmax(axis=1)
    new = np.flatnonzero((best != 0) & (best != np.concatenate([[0], best[:-1]])))
    if not len(new):
        return 0, 0.0
    shifted = logits[new] - logits[new].max(axis=1, keepdims=True)
    return len(new), float(-np.log(np.exp(shifted).sum(axis=1)).mean())
