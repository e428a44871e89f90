"""The text finder: detects regions of text with a network."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from nn.finder import HEIGHT, FinderModel
from nn.layers.activations import sigmoid
from ocr.finding.region import TextRegion, region_of, without_doubles
from pipelines.clean.light import to_grey

BUNDLED = Path(__file__).parents[1] / "models" / "finder.safetensors"

Grey = npt.NDArray[np.uint8]
Maps = npt.NDArray[np.float32]

LARGEST = 1_000_000
"""Most pixels of one input of the network."""
SMALL = 250_000
"""A picture with fewer pixels is also processed at twice its size."""
CORE, CORE_HEIGHT = 0.5, 0.5
"""Least probability of a place of a core, and the height of a core as a share of the line's."""
SURE = 0.7
"""Least mean probability of text in a core."""
LOWEST = 6.0
"""Letters lower than this, in pixels of the network's input, are taken from an enlarged input instead."""
CLOSER = 11.0
"""Parts of a large picture with letters lower than this, in pixels of the input, are processed again."""
BEST_HEIGHT = 30.0
"""Height of letters, in pixels of the input, at which they are detected best."""
COVERED = 0.5
"""Largest overlap of two detections, as a share of the smaller one."""


class TextFinder:
    """Detects text with a network.

    Parameters
    ----------
    model : FinderModel
    """

    def __init__(self, model: FinderModel) -> None:
        self.model = model

    def find(self, grey: Grey) -> list[TextRegion]:
        """Return the regions of text on a picture, uint8 (H, W), from top to bottom.

        A small picture is also processed at twice its size. A large one is reduced first; parts with low
        letters are then processed again at a larger scale. Only low letters are taken from these second
        passes.
        """
        pixels = grey.shape[0] * grey.shape[1]
        scale = min(1.0, (LARGEST / pixels) ** 0.5)
        first = self.look(grey, scale)
        closer, parts = 1.0, []
        if scale < 0.8:
            closer, parts = min(1.0, 2 * scale), _parts(grey, scale, first)
        elif pixels < SMALL:
            closer, parts = 2.0, [(0, 0, grey)]
        found = [(region, scale) for region in first]
        for left, top, part in parts:
            for region in self.look(part, closer):
                if region.height * closer < BEST_HEIGHT:
                    moved = replace(region, corners=region.corners + np.array([left, top]))
                    found.append((moved, closer))
        found = [(region, scale) for region, scale in found if region.height * scale > LOWEST]
        regions = [region for region, _ in found]
        fitness = [
            region.score - 0.15 * abs(np.log2(region.height * scale / BEST_HEIGHT)) for region, scale in found
        ]
        best_first = sorted(range(len(regions)), key=lambda k: -fitness[k])
        kept = without_doubles(regions, best_first, COVERED)
        return sorted(kept, key=lambda region: (region.middle[1], region.middle[0]))

    def look(self, grey: Grey, scale: float = 1.0) -> list[TextRegion]:
        """Return the regions of text on a picture, processed once, at a scale."""
        rows, columns = (max(1, round(side * scale)) for side in grey.shape)
        seen = grey
        if (rows, columns) != grey.shape:
            method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
            seen = np.asarray(cv2.resize(grey, (columns, rows), interpolation=method), np.uint8)
        regions = regions_of(self.model.maps(seen), self.model.stride)
        ratio = np.array([grey.shape[1] / columns, grey.shape[0] / rows])
        size = float(ratio.mean())
        return [
            replace(region, corners=region.corners * ratio, height=region.height * size) for region in regions
        ]


def _parts(grey: Grey, scale: float, found: list[TextRegion]) -> list[tuple[int, int, Grey]]:
    """Return the parts of a large picture with low letters, each with its left and its top."""
    side, margin = (int(share * (LARGEST / 4) ** 0.5 / scale) for share in (0.8, 0.1))
    low = np.array([r.middle for r in found if r.height * scale < CLOSER]).reshape(-1, 2)
    parts = []
    for cell in np.unique(np.maximum(low // side, 0), axis=0).astype(int).tolist():
        left, top = (max(side * place - margin, 0) for place in cell)
        right, bottom = (side * (place + 1) + margin for place in cell)
        parts.append((left, top, grey[top:bottom, left:right]))
    return parts


def regions_of(maps: Maps, stride: int) -> list[TextRegion]:
    """Return the regions of text from maps (H, W, 5), as in `nn.finder.MAPS`, in pixels of the picture.

    A region is a connected component of the core. Its direction is that of its shape, if it is clearly longer
    than high, or else that of the maps. Its height is that of the maps, and its ends are moved outwards by as
    much as cores are shortened.
    """
    text, core = sigmoid(maps[..., 0]), sigmoid(maps[..., 1])
    count, labels, _, _ = cv2.connectedComponentsWithStats(
        np.asarray((core > CORE) & (text > 0.3), np.uint8), connectivity=4
    )
    if count < 2:
        return []
    rows, columns = np.nonzero(labels)
    of = labels[rows, columns] - 1
    order = np.argsort(of, kind="stable")
    rows, columns, of = rows[order], columns[order], of[order]
    area = np.bincount(of).astype(np.float64)

    def mean(values: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
        return np.asarray(np.bincount(of, values) / area)

    at = maps[rows, columns]
    score, height = mean(text[rows, columns]), 2 ** (mean(at[:, 2]) + HEIGHT)
    x, y = mean(columns), mean(rows)
    off_x, off_y = columns - x[of], rows - y[of]
    xx, yy, xy = mean(off_x * off_x) + 1 / 12, mean(off_y * off_y) + 1 / 12, mean(off_x * off_y)
    spread = np.hypot(xx - yy, 2 * xy)
    told = np.arctan2(mean(at[:, 4]), mean(at[:, 3]))
    shaped = np.arctan2(2 * xy, xx - yy)
    is_long = (xx + yy + spread > 6 * (xx + yy - spread)) & (np.cos(told - shaped) > 0.5)
    turn = np.where(is_long, shaped, told) / 2
    along = off_x * np.cos(turn)[of] + off_y * np.sin(turn)[of]
    across = off_y * np.cos(turn)[of] - off_x * np.sin(turn)[of]
    starts = np.concatenate([[0], np.flatnonzero(np.diff(of)) + 1])
    first, last = np.minimum.reduceat(along, starts), np.maximum.reduceat(along, starts)
    above, below = np.minimum.reduceat(across, starts), np.maximum.reduceat(across, starts)
    shift, drop = (first + last) / 2, (above + below) / 2
    middle_x = stride * (x + shift * np.cos(turn) - drop * np.sin(turn)) + (stride - 1) / 2
    middle_y = stride * (y + shift * np.sin(turn) + drop * np.cos(turn)) + (stride - 1) / 2
    length = stride * (last - first) + (1 - CORE_HEIGHT) * height  # cores are drawn half a place larger
    degrees = np.degrees(turn)
    degrees = np.where(degrees <= -90, degrees + 180, degrees)
    kept = np.flatnonzero(score > SURE)
    return [
        region_of(np.array([middle_x[k], middle_y[k]]), length[k], height[k], degrees[k], score[k])
        for k in kept.tolist()
    ]


@lru_cache(maxsize=2)
def load_text_finder(path: Path = BUNDLED) -> TextFinder:
    """Load a text finder, the bundled one by default.

    Raises
    ------
    nn.errors.ModelError
        The file is missing, damaged, or not a text finder.
    """
    return TextFinder(FinderModel.load(path))


def find_text(pixels: npt.NDArray[np.uint8]) -> list[TextRegion]:
    """Return the regions of text on a picture, uint8 (H, W) or (H, W, 3), by the bundled network."""
    return load_text_finder().find(to_grey(pixels) if pixels.ndim == 3 else pixels)
