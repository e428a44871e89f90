"""Blank paper around what is on a picture changes nothing of how that is seen."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from pipelines.pipeline import find_pipeline

WIDTHS = [(1, 0, 0, 0), (0, 0, 9, 0), (20, 20, 20, 20), (50, 0, 0, 3), (0, 7, 200, 0)]


@pytest.mark.parametrize("widths", WIDTHS)
@pytest.mark.parametrize(("paper", "margin"), [(255, 30), (90, 6)])
@pytest.mark.parametrize("pipeline", ["auto", "line", "letter"])
def test_a_wider_margin_of_paper_gives_the_same_sheet(drawn, pipeline, paper, margin, widths):
    page = (drawn(["Seven boats went"], 24, margin).astype(float) * paper / 255).astype(np.uint8)
    above, below, before, after = widths
    wider = np.asarray(
        cv2.copyMakeBorder(page, above, below, before, after, cv2.BORDER_CONSTANT, value=(paper,))
    )
    one, other = (find_pipeline(pipeline).run(pixels) for pixels in (page, wider))
    assert np.array_equal(one.ink, other.ink)
    assert np.array_equal(one.dark, other.dark)
    shift = other.to_picture[:2, 2] - one.to_picture[:2, 2]
    assert shift == pytest.approx((widths[2], widths[0]))


def test_a_picture_whose_sides_are_no_paper_stays(drawn):
    rows = drawn(["Seven boats"], 40, 0)[12:40, 3:-3]
    assert find_pipeline("line").run(rows).pixels.shape == rows.shape
