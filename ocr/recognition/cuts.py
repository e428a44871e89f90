"""Parts of a picture that are cut out with their text level."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from ocr.finding.covered import axes_of
from ocr.finding.region import TextRegion
from ocr.recognition.params import STANDARD
from pipelines.clean.geometry import cut_turned
from pipelines.sheet import Matrix

Cut: TypeAlias = "tuple[npt.NDArray[np.uint8], Matrix]"
"""A part of a picture, and the map from its pixels to those of the picture."""


def cut_region(
    pixels: npt.NDArray[np.uint8],
    region: TextRegion,
    around: float = STANDARD.regions.around,
    highest: int = STANDARD.regions.highest,
) -> Cut:
    """Cut out a region, rotated so that its text is level, with some room around it.

    Parameters
    ----------
    pixels : uint8 array, shape (H, W) or (H, W, 3)
    region : TextRegion
    around : float
        The room, as a share of the region's height.
    highest : int
        Most rows of the cut.

    Returns
    -------
    cut : uint8 array, shape (h, w) or (h, w, 3)
    back : float64 array, shape (3, 3)
        From pixels of `cut` to those of the picture.
    """
    along, across, length, height = axes_of(region)
    room = around * height
    start = region.corners[0] - room * (along + across)
    scale = min(1.0, highest / (height + 2 * room))
    size = (
        max(1, round((length + 2 * room) * scale)),
        max(1, round((height + 2 * room) * scale)),
    )
    return cut_turned(pixels, start, (along, across), size, scale)
