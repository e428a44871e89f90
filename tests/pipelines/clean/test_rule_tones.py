"""Letters on pale rules stay whole; dark rules are removed as before."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

import ocr
from pipelines.clean.rule_tones import _medians, dark_on_rules

Pixels = npt.NDArray[np.uint8]


def ruled(tone: int) -> Pixels:
    """Return bars 30 pixels high on white paper with a grid of rules, some of which run along the bars."""
    grey = np.full((300, 400), 255, np.uint8)
    grey[20:300:40] = grey[21:300:40] = tone
    grey[:, 20:400:40] = grey[:, 21:400:40] = tone
    for top in (45, 125, 205):
        for left in (58, 98, 150, 178, 230, 258, 310):
            grey[top : top + 30, left : left + 6] = 20
    return grey


@pytest.mark.parametrize(("tone", "is_kept"), [(150, True), (190, True), (20, False), (60, False)])
def test_what_is_as_dark_as_letters_stays_where_rules_are_pale(tone: int, is_kept: bool) -> None:
    grey = ruled(tone)
    ink = grey < 220
    rows, columns = (np.zeros(ink.shape, bool) for _ in range(2))
    rows[20:300:40] = rows[21:300:40] = True
    columns[:, 20:400:40] = columns[:, 21:400:40] = True
    plain = ink & ~(rows | columns)
    found = dark_on_rules(grey, ink, plain)
    letters = (grey == 20) & (rows | columns)
    assert np.array_equal(found, letters if is_kept else np.zeros_like(ink))


def test_text_on_a_pale_grid_is_read(drawn: Callable[..., Pixels]) -> None:
    lines = ["The kitchen garden is", "behind the old bridge", "over the yellow river"]
    page = drawn(lines, size=34, margin=50).copy()
    for start in range(8, max(page.shape), 23):
        page[start : start + 2] = np.minimum(page[start : start + 2], 170)
        page[:, start : start + 2] = np.minimum(page[:, start : start + 2], 170)
    assert ocr.read(page).text.splitlines() == lines


def test_medians_of_numbers() -> None:
    values = np.array([5, 1, 9, 4, 4, 7], np.uint8)
    assert _medians(values, np.array([1, 1, 1, 3, 3, 3], np.int32)).tolist() == [0, 5, 0, 4]
