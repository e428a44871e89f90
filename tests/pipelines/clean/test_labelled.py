"""Components are numbered and measured as OpenCV numbers and measures them."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from pipelines.clean.labelled import labelled

RNG = np.random.default_rng(0)
MASKS = {
    "sparse": RNG.random((61, 83)) < 0.1,
    "dense": RNG.random((60, 80)) < 0.6,
    "one row": RNG.random((1, 50)) < 0.5,
    "one column": RNG.random((50, 1)) < 0.5,
    "nothing": np.zeros((20, 30), bool),
    "frame": np.pad(np.zeros((20, 30), bool), 2, constant_values=True),
    "bytes": (RNG.random((40, 50)) < 0.3).astype(np.uint8) * 255,
    "a part": (RNG.random((40, 50)) < 0.3)[3:, ::2],
}


@pytest.mark.parametrize("name", MASKS)
def test_as_opencv(name: str) -> None:
    mask: npt.NDArray[np.bool_ | np.uint8] = MASKS[name]
    labels, stats = labelled(mask)
    bits = np.ascontiguousarray(mask).view(np.uint8)
    _, known, measured, _ = cv2.connectedComponentsWithStats(bits, connectivity=8, ltype=cv2.CV_32S)
    assert np.array_equal(labels, known)
    assert np.array_equal(stats[1:], measured[1:])
    assert stats[0].tolist() == [0, 0, mask.shape[1], mask.shape[0], np.count_nonzero(labels == 0)]


def test_a_mask_that_is_all_ink_is_one_component() -> None:
    labels, stats = labelled(np.ones((4, 5), bool))
    assert labels.min() == 1
    assert stats.tolist() == [[0, 0, 5, 4, 0], [0, 0, 5, 4, 20]]
