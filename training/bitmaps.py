"""Lines of text set from 28x28 pictures of hand-written characters."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from training.extents import EXTENTS, extent_of, writer_heights, writing_hand
from training.render import HAND, Jitter, Mark, Rendered, compose

_DOUBTFUL = ("tas62_scans", "mutikara_upper_scans")


@dataclass(frozen=True)
class Bitmaps:
    """Pictures of hand-written characters.

    Parameters
    ----------
    images : dict
        From a character to its pictures, uint8 (n, 28, 28) with ink 255, one array for each source.
    """

    images: dict[str, tuple[NDArray[np.uint8], ...]]

    @property
    def characters(self) -> frozenset[str]:
        """The characters there are pictures of."""
        return frozenset(self.images)


def load_bitmaps(folder: Path) -> Bitmaps:
    """Read the trustworthy pictures of the train split from ``hand.npz`` in a folder of glyph files."""
    with np.load(folder / "hand.npz") as hand:
        images, labels, sources = hand["images"], hand["labels"], hand["source"]
        chosen = (hand["split"] == "train") & ~(hand["suspect"] & np.isin(sources, _DOUBTFUL))
    found = {}
    for label in sorted(set(labels.tolist()) & EXTENTS.keys()):
        mine = chosen & (labels == label)
        found[label] = tuple(images[mine & (sources == source)] for source in np.unique(sources[mine]))
    return Bitmaps(found)


def render_bitmaps(
    lines: Sequence[str],
    bitmaps: Bitmaps,
    x_height: float,
    rng: np.random.Generator,
    *,
    spacing: float = 0.0,
    jitter: Jitter = HAND,
) -> Rendered:
    """Set `lines` from pictures of characters, each chosen at random from those of its kind.

    Parameters
    ----------
    lines : sequence of str
        Blanks and characters of ``bitmaps.characters``.
    bitmaps : Bitmaps
    x_height : float
        In pixels.
    rng : numpy.random.Generator
    spacing : float
        Added after every character, in x-heights.
    jitter : Jitter

    Raises
    ------
    ValueError
        If there are other characters in `lines`, or none.
    """
    unknown = {c for line in lines for c in line} - bitmaps.characters - {" "}
    if unknown:
        raise ValueError(f"no pictures of {''.join(sorted(unknown))!r}")
    heights = writer_heights(rng)
    gap = rng.uniform(0.15, 0.4) * x_height

    def mark(character: str) -> Mark:
        sources = bitmaps.images[character]
        images = sources[rng.integers(len(sources))]
        bottom, top = (x_height * edge for edge in extent_of(character, heights, rng))
        ink = _enlarged(images[rng.integers(len(images))], max(4, round(top - bottom)))
        return Mark(ink, gap / 2, -top, ink.shape[1] + gap)

    return compose(lines, writing_hand(mark, heights, x_height, rng), rng, spacing=spacing, jitter=jitter)


def _enlarged(image: NDArray[np.uint8], height: int) -> NDArray[np.uint8]:
    """Crop a picture to its ink and scale it to a height, with smooth, sharp edges."""
    rows, columns = (np.flatnonzero((image > 60).any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        rows = columns = np.array([0, 27])
    cropped = image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(np.float32)
    scale = height / cropped.shape[0]
    width = int(np.clip(round(cropped.shape[1] * scale), 2, 2 * height))
    method = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
    large = cv2.resize(cropped, (width, height), interpolation=method)
    if scale <= 1:
        return np.rint(large).astype(np.uint8)
    soft = cv2.GaussianBlur(large, (0, 0), 0.45 * scale)
    return np.rint(255 / (1 + np.exp((110 - soft) / 12))).astype(np.uint8)
