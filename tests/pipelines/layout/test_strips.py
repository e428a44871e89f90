"""Lines as strips of one height."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from pipelines.layout.params import STANDARD
from pipelines.layout.strips import HEIGHT, Strip, cut_other_strips, cut_strip
from pipelines.pipeline import PRESETS
from pipelines.sheet import Sheet

Drawn = Callable[..., npt.NDArray[np.uint8]]


def strip_of(picture: npt.NDArray[np.uint8], preset: str = "line") -> tuple[Sheet, Strip]:
    sheet = PRESETS[preset].run(picture)
    return sheet, cut_strip(sheet, sheet.lines[0])


def inked_rows(strip: Strip) -> npt.NDArray[np.int64]:
    return np.flatnonzero((strip.pixels > 128).any(axis=1))


@pytest.mark.parametrize("size", [24, 40, 90])
@pytest.mark.parametrize("text", ["acorn mouse", "Apple FIG", "gypsy"])
def test_ink_fills_the_same_rows_whatever_the_size_and_letters(drawn: Drawn, size: int, text: str) -> None:
    _, strip = strip_of(drawn([text], size))
    rows = inked_rows(strip)
    assert strip.pixels.shape[0] == HEIGHT
    assert abs((rows[0] + rows[-1] + 1) / 2 - HEIGHT / 2) < 2.5
    body = STANDARD.strips.body
    assert body - 2 <= rows[-1] + 1 - rows[0] <= body + 7


def test_columns_of_the_page_are_found_in_the_strip(drawn: Drawn) -> None:
    sheet, strip = strip_of(drawn(["I I  I   I"], 60))
    boxes = sheet.components.boxes
    middles = np.sort(strip.columns((boxes[:, 0] + boxes[:, 2]) / 2))
    inked = (strip.pixels > 128).any(axis=0).astype(int)
    starts, ends = np.flatnonzero(np.diff(inked, prepend=0) > 0), np.flatnonzero(np.diff(inked, append=0) < 0)
    np.testing.assert_allclose(middles, (starts + ends + 1) / 2, atol=0.7)


def test_a_slanting_line_is_made_level(drawn: Drawn) -> None:
    picture = drawn(["level as a table is"], 40)
    height, width = picture.shape
    matrix = np.array([[1, 0, 0], [0.06, 1, 0]], float)
    falling = cv2.warpAffine(picture, matrix, (width, height + round(0.06 * width)), borderValue=255)
    level, fallen = strip_of(picture)[1], strip_of(np.asarray(falling, np.uint8))[1]
    assert abs(fallen.scale / level.scale - 1) < 0.08
    size = level.pixels.shape[::-1]
    again = cv2.resize(fallen.pixels, size).astype(float)
    assert np.corrcoef(again.ravel(), level.pixels.ravel())[0, 1] > 0.75


def test_neighbours_are_left_out(drawn: Drawn) -> None:
    alone = strip_of(drawn(["gypsy"], 40))[1]
    sheet = PRESETS["auto"].run(drawn(["gypsy", "HILLS", "hidden"], 40, gap=1.05))
    assert len(sheet.lines) == 3
    among = cut_strip(sheet, sheet.lines[0])
    assert abs(int(among.pixels.shape[1]) - int(alone.pixels.shape[1])) <= 3
    assert among.pixels.sum() == pytest.approx(alone.pixels.sum(), rel=0.08)


def test_other_strips_show_the_same_columns_in_another_size(drawn: Drawn) -> None:
    sheet, strip = strip_of(drawn(["acorn mouse"], 40))
    smaller, plain = cut_other_strips(sheet, sheet.lines[0])
    assert smaller.scale / strip.scale == pytest.approx(0.88)
    assert len(inked_rows(smaller)) < len(inked_rows(strip))
    assert (plain.left, plain.scale, plain.pixels.shape) == (strip.left, strip.scale, strip.pixels.shape)
    assert np.corrcoef(plain.pixels.ravel(), strip.pixels.ravel())[0, 1] > 0.95


def test_a_long_line_is_cut_once_more_only(drawn: Drawn) -> None:
    sheet, strip = strip_of(drawn(["acorn mouse runs over snow"], 40))
    [plain] = cut_other_strips(sheet, sheet.lines[0])
    assert plain.scale == strip.scale


def test_the_last_of_them_shows_what_is_no_ink(drawn: Drawn) -> None:
    picture = drawn(["acorn mouse"], 40)
    sheet = PRESETS["line"].run(picture)
    sheet.grey[sheet.components.labels == sheet.components.labels.max()] = 255  # as a threshold may miss it
    line = sheet.lines[0]
    gone = np.abs(cut_strip(sheet, line).pixels.astype(int) - cut_other_strips(sheet, line)[-1].pixels)
    assert gone.max() > 200
    left, right = np.flatnonzero((gone > 200).any(axis=0))[[0, -1]]
    box = sheet.components.boxes[-1]
    assert cut_strip(sheet, line).columns(box[[0, 2]].astype(float)) == pytest.approx(
        (left, right + 1), abs=2.5
    )
