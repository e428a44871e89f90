"""Labelled glyphs, cut out of pictures by the pipeline that the reader uses."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import cv2
import numpy as np
import numpy.typing as npt

from ocr.recognition.classify import REJECT
from pipelines.layout.segment import cut_glyphs, find_runs, make_atoms
from pipelines.normalize import SIDE, clean, normalize
from pipelines.pipeline import PRESETS, sheet_stroke
from training.render import Rendered

WHOLE = 0.9
"""A run is a character if it contains this share of the character's ink, and if this share of its own ink is
the character's."""
BROKEN = 0.72
"""Below this share it is a fragment, or several letters, and so a reject; in between it is ambiguous and not
used."""
JOINED_TO_BROKEN = 4.0
"""Preference for joined letters over fragments as rejects, as many fragments look like some letter."""


@dataclass(frozen=True, slots=True, eq=False)
class LabelledGlyphs:
    """Glyphs with their characters.

    Attributes
    ----------
    images : uint8 array, shape (N, 28, 28)
    labels : str array, shape (N,)
        The empty string for rejects.
    """

    images: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.str_]

    @classmethod
    def join(cls, parts: list[Self]) -> Self:
        """Join several."""
        return cls(np.concatenate([p.images for p in parts]), np.concatenate([p.labels for p in parts]))


def glyphs_of(
    rendered: Rendered, rng: np.random.Generator, *, preset: str = "line", rejects: float = 0.25
) -> LabelledGlyphs:
    """Apply the pipeline to a picture, cut every stack, and label the runs by the owners of their ink.

    Parameters
    ----------
    rendered : Rendered
    rng : numpy.random.Generator
        Chooses the rejects to keep.
    preset : str
        The pipeline.
    rejects : float
        Number of rejects, as a share of the characters found.
    """
    sheet = PRESETS[preset].run(rendered.grey)
    count = sum(len(word) for line in sheet.lines for word in line.words)
    if not count:
        return LabelledGlyphs(np.zeros((0, SIDE, SIDE), np.uint8), np.zeros(0, "<U1"))
    atoms = make_atoms(sheet, np.ones(count, bool), sheet_stroke(sheet))
    runs = find_runs(atoms)
    owner = _to_working(rendered.owner, sheet.to_picture, sheet.grey.shape)
    width = len(rendered.characters) + 1
    inked = sheet.ink
    pairs = atoms.index[inked].astype(np.int64) * width + owner[inked]
    table = np.bincount(pairs, minlength=(len(atoms.boxes) + 1) * width).reshape(-1, width)
    totals = table.sum(axis=0)
    sums = np.cumsum(np.vstack([np.zeros((1, width), np.int64), table[1:]]), axis=0)
    held = sums[runs[:, 1]] - sums[runs[:, 0]]
    best = 1 + held[:, 1:].argmax(axis=1)
    ink = np.take_along_axis(held, best[:, None], axis=1)[:, 0]
    purity = ink / np.maximum(held[:, 1:].sum(axis=1), 1)
    foreign = held[:, 0] / np.maximum(held.sum(axis=1), 1)
    coverage = ink / np.maximum(totals[best], 1)
    good = (purity >= WHOLE) & (coverage >= WHOLE) & (foreign < 0.5)
    bad = (purity < BROKEN) | (coverage < BROKEN) | (foreign > 0.85)
    bad &= ~good
    keep = np.flatnonzero(bad)
    wanted = min(len(keep), round(rejects * max(2, good.sum())))
    weight = np.where(purity[keep] < BROKEN, JOINED_TO_BROKEN, 1.0)
    keep = rng.choice(keep, wanted, replace=False, p=weight / weight.sum()) if wanted else keep[:0]
    chosen = np.sort(np.concatenate([np.flatnonzero(good), keep]))
    labels = np.where(good[chosen], np.array(["", *rendered.characters])[best[chosen]], REJECT)
    return LabelledGlyphs(cut_glyphs(sheet.dark, atoms, runs[chosen]), labels.astype("<U1"))


def _to_working(
    owner: npt.NDArray[np.int32], to_picture: npt.NDArray[np.float64], shape: tuple[int, int]
) -> npt.NDArray[np.int64]:
    """Carry the owners to the working picture: nearest owner, grown a little where ink has spread."""
    grown = cv2.dilate(owner.astype(np.float32), np.ones((3, 3), np.uint8))
    filled = np.where(owner > 0, owner, grown).astype(np.float32)
    flags = cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpPerspective(filled, to_picture, shape[::-1], flags=flags)).astype(np.int64)


def renormalized(images: npt.NDArray[np.uint8], side: int = 84) -> npt.NDArray[np.uint8]:
    """Convert characters of another collection, uint8 (N, 28, 28), ink 255 on 0, to our own format.

    Each is enlarged, binarized, and cut out again as if it were on a page.
    """
    result = np.zeros_like(images)
    for k, image in enumerate(images):
        large = cv2.resize(image, (side, side), interpolation=cv2.INTER_CUBIC)
        level, mask = cv2.threshold(large, 0, 1, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
        rows, columns = mask.any(axis=1).nonzero()[0], mask.any(axis=0).nonzero()[0]
        if not len(rows) or level < 20:
            result[k] = image
            continue
        window = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        result[k] = normalize(np.ascontiguousarray(large[window]), np.ascontiguousarray(mask[window]))
    return clean(result)


def hand_written(path: Path, split: str) -> LabelledGlyphs:
    """Read isolated hand-written characters from an .npz of ``images``, ``labels``, ``split``, ``suspect``.

    Doubtful ones are left out, except of collections of strokes, where only the crop was doubted.
    """
    with np.load(path) as file:
        data = {key: file[key] for key in ("images", "labels", "source", "split", "suspect")}
    doubtful = data["suspect"].astype(bool) & np.isin(data["source"], ["tas62_scans", "mutikara_upper_scans"])
    keep = (data["split"] == split) & ~doubtful
    return LabelledGlyphs(data["images"][keep], data["labels"][keep].astype("<U1"))
