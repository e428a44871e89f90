"""Pictures that were turned by quarters to be read: how far, and boxes as they lie on the turned picture."""

from __future__ import annotations

import numpy as np

from ocr.document import Box
from ocr.recognition.lattice import Lattice


def quarter_turns(lattice: Lattice) -> int:
    """Return by how many quarters the picture was turned counter-clockwise to be read, 0 to 3."""
    height, width = lattice.sheet.grey.shape
    ends = np.array([[0, height / 2, 1], [width, height / 2, 1]]) @ lattice.sheet.to_picture.T
    x, y = np.diff(ends[:, :2] / ends[:, 2:], axis=0)[0]
    return round(float(np.degrees(np.arctan2(y, x))) / 90) % 4


def turned_box(box: Box, turns: int, width: int, height: int) -> Box:
    """Return a box of a picture, `width` by `height` pixels, on the picture turned counter-clockwise.

    Examples
    --------
    >>> turned_box(Box(10, 20, 30, 25), 1, 100, 50)
    Box(left=20, top=70, right=25, bottom=90)
    """
    left, top, right, bottom = box.left, box.top, box.right, box.bottom
    for _ in range(turns):
        left, top, right, bottom = top, width - right, bottom, width - left
        width, height = height, width
    return Box(left, top, right, bottom)
