"""Rules are taken out of the ink: what goes, what stays, and what is no rule."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont
from scipy.ndimage import percentile_filter

from ocr.inspect import FONT
from pipelines.clean.params import CleanParams, Rules
from pipelines.clean.rule_ink import percentile_around
from pipelines.clean.rules import without_rules

Mask = npt.NDArray[np.bool_]
HEIGHT = 30.0
"""Of capitals, in pixels."""


def drawn(
    text: str = "", *strokes: tuple[int, int, int, int], thick: int = 2, size: int = 41
) -> tuple[Mask, Mask]:
    """Return the ink of a text with strokes across, and that of the text alone; its baseline is row 60."""
    image = Image.new("L", (640, 120))
    ImageDraw.Draw(image).text((20, 60), text, 255, ImageFont.truetype(str(FONT), size), anchor="ls")
    plain = np.asarray(image) > 127
    draw = ImageDraw.Draw(image)
    for stroke in strokes:
        draw.line(stroke, 255, thick)
    return np.asarray(image) > 127, plain


@pytest.mark.parametrize("row", [66, 61, 58, 45])
@pytest.mark.parametrize("text", ["MHNAT", "Kxvw"])
def test_letters_are_left_as_if_there_had_been_no_rule(text: str, row: int) -> None:
    ink, plain = drawn(text, (5, row, 630, row))
    cleaned = without_rules(ink, HEIGHT)
    lost = 0.1 if row == 58 else 0.04  # there the rule hides the letters' feet
    assert np.count_nonzero(cleaned != plain) < lost * plain.sum()
    beside = cleaned[:, 300:]
    assert not beside.any()


@pytest.mark.parametrize("rise", [-12, 7, 12])
def test_a_rule_may_rise_or_fall(rise: int) -> None:
    ink, _ = drawn("", (5, 60, 630, 60 - rise))
    assert without_rules(ink, HEIGHT).sum() < 0.02 * ink.sum()


def test_squared_paper_goes_altogether() -> None:
    columns = [(x, 0, x, 119) for x in range(10, 640, 36)]
    rows = [(0, y, 639, y) for y in range(10, 120, 36)]
    ink, plain = drawn("MAKE", *columns, *rows, thick=1)
    cleaned = without_rules(ink, HEIGHT)
    assert np.count_nonzero(cleaned != plain) < 0.05 * plain.sum()


def test_walls_of_cells_go_with_the_rules_that_they_join() -> None:
    rows = [(20, 24, 420, 24), (20, 72, 420, 72)]
    walls = [(x, 24, x, 72) for x in range(20, 421, 50)]
    ink, _ = drawn("", *rows, *walls)
    assert without_rules(ink, HEIGHT).sum() < 0.02 * ink.sum()
    alone, _ = drawn("", *walls[1:-1])
    assert without_rules(alone, HEIGHT) is alone


@pytest.mark.parametrize(
    "text", ["ETFLZ EEE TTT", "- - - -", "== EFF", "minimum lllll", "I I I | |", "a — b — c"]
)
def test_bars_and_stems_of_letters_are_no_rules(text: str) -> None:
    ink, _ = drawn(text)
    assert without_rules(ink, HEIGHT) is ink


def test_thick_bars_and_short_strokes_are_no_rules() -> None:
    thick, _ = drawn("", (5, 60, 630, 60), thick=12)
    assert without_rules(thick, HEIGHT) is thick
    short, _ = drawn("", (50, 60, 130, 60))
    assert without_rules(short, HEIGHT) is short
    longer = CleanParams(rules=Rules(length=2.0))
    assert not without_rules(short, HEIGHT, longer).any()


def test_nothing_is_a_rule_on_a_blank_picture_or_one_smaller_than_a_rule() -> None:
    for shape in ((0, 0), (1, 1), (3, 200), (200, 3)):
        blank = np.zeros(shape, bool)
        assert without_rules(blank, HEIGHT) is blank
    full = np.ones((40, 40), bool)
    assert without_rules(full, HEIGHT) is full


def test_stems_that_stand_above_one_another_are_no_rule() -> None:
    ink = np.vstack([drawn("lIl|1dbl")[0]] * 6)
    ink = np.vstack([ink[k * 120 + 20 : k * 120 + 68] for k in range(6)])
    assert without_rules(ink, 22.0) is ink


def test_an_underline_that_is_thicker_in_places_goes_with_these() -> None:
    ink, plain = drawn("THAT MAY")
    ink = ink.copy()
    rows = np.arange(len(ink))[:, None]
    wide = np.where(
        (np.arange(640) // 110) % 2 == 0, 9, 4
    )  # more than a fifth of a letter's height, and less
    underline = (rows >= 72) & (rows < 72 + wide) & (np.arange(640) >= 10) & (np.arange(640) < 560)
    cleaned = without_rules(ink | underline, HEIGHT)
    assert np.count_nonzero(cleaned != plain) < 0.02 * underline.sum()


@given(st.lists(st.integers(-1, 12), min_size=1, max_size=60), st.integers(0, 12))
def test_the_usual_thickness_along_a_rule_is_scipys_percentile(values: list[int], reach: int) -> None:
    window = 2 * reach + 1
    found = percentile_around(np.array(values), 25, window)
    assert found.tolist() == percentile_filter(values, 25, window, mode="nearest").tolist()
