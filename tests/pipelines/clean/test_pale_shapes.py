"""Letters over a watermark are parted from it; what is not paler than letters, or touches none, stays."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt
import pytest

import ocr
from pipelines.clean.pale_shapes import without_pale_shapes
from pipelines.layout.components import find_components
from tests.pipelines.clean.drawn import over_ring

Pixels = npt.NDArray[np.uint8]
LINES = ["The kitchen garden is", "behind the old bridge", "over the yellow river"]


@pytest.mark.parametrize("tone", [130, 150, 180])
def test_letters_over_a_pale_ring_are_parted_from_it(tone: int) -> None:
    grey = over_ring(tone)
    found = without_pale_shapes(grey, find_components(grey < 200), 20.0)
    assert found is not None
    alone = cv2.circle(np.zeros(grey.shape, np.uint8), (360, 250), 34, 1, -1) > 0
    assert np.array_equal(found[~alone], (grey < 100)[~alone]) and len(find_components(found & ~alone)) == 33


def test_a_dark_ring_stays() -> None:
    grey = over_ring(80)
    assert without_pale_shapes(grey, find_components(grey < 200), 20.0) is None


def test_a_pale_ring_that_no_letter_touches_stays() -> None:
    grey = np.full((300, 400), 255, np.uint8)
    cv2.circle(grey, (200, 190), 80, 150, 10)
    for left in range(20, 380, 30):
        grey[20:40, left : left + 5] = 20
    assert without_pale_shapes(grey, find_components(grey < 200), 20.0) is None


def test_text_below_a_watermark_is_read(drawn: Callable[..., Pixels]) -> None:
    page = drawn(LINES, size=34, margin=50)
    height, width = page.shape
    mark = np.full(page.shape, 255, np.uint8)
    cv2.ellipse(mark, (width // 2, height // 2), (width // 3, height // 3), 15, 0, 360, 165, 22)
    assert ocr.read(np.minimum(page, mark)).text.splitlines() == LINES
