"""Lines that run along curves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from pipelines.layout.curvature import bend, bent_skew, levelled
from pipelines.layout.lines import find_lines
from pipelines.layout.params import STANDARD
from pipelines.layout.strips import cut_strip
from pipelines.sheet import Boxes, Components, Sheet, TextLine

HEIGHT = 30
Drop = Callable[[np.ndarray, np.ndarray], np.ndarray]


def page(drop: Drop, rows: int = 8, letters: int = 40) -> tuple[Boxes, np.ndarray]:
    """Return boxes of letters, a few of them with descenders, shuffled, and the line of each."""
    rng = np.random.default_rng(0)
    line, place = np.divmod(np.arange(rows * letters), letters)
    left, bottom = 60 + 26.0 * place, 100.0 + 60 * line
    bottom += drop(left / 1100 * 2 - 1, line / rows * 2 - 1) + 9 * (rng.random(len(left)) < 0.1)
    top = bottom - HEIGHT * rng.choice([0.7, 1.0], len(left))
    boxes = np.rint(np.column_stack([left, top, left + 20, bottom])).astype(np.int32)
    order = rng.permutation(len(boxes))
    return boxes[order], line[order]


@pytest.mark.parametrize(
    "drop",
    [
        pytest.param(lambda u, v: 45 * u**2, id="a book's fold"),
        pytest.param(lambda u, v: 35 * np.sin(3 * u), id="a wave"),
        pytest.param(lambda u, v: 40 * (1 - v) * u**2, id="one edge of the sheet lifted"),
    ],
)
def test_letters_of_curved_lines_come_to_one_level_and_are_found_as_lines(drop: Drop) -> None:
    boxes, line = page(drop)
    moved = levelled(boxes, HEIGHT)
    np.testing.assert_array_equal(moved[:, ::2], boxes[:, ::2])
    np.testing.assert_array_equal(moved[:, 3] - moved[:, 1], boxes[:, 3] - boxes[:, 1])
    for k in range(8):
        assert np.ptp(np.percentile(moved[line == k, 3], [5, 85])) < STANDARD.curves.bent * HEIGHT
    found = find_lines(moved, HEIGHT)
    assert [set(line[members]) for members in found] == [{k} for k in range(8)]


@pytest.mark.parametrize(
    "drop",
    [
        pytest.param(lambda u, v: 0 * u, id="level"),
        pytest.param(lambda u, v: 25 * u, id="askew"),
        pytest.param(lambda u, v: np.random.default_rng(1).normal(0, 4, len(u)), id="unsteady"),
    ],
)
def test_straight_lines_stay(drop: Drop) -> None:
    boxes, _ = page(drop)
    assert levelled(boxes, HEIGHT) is boxes


def test_letters_above_and_below_do_not_bend_one_line() -> None:
    rng = np.random.default_rng(3)
    boxes, _ = page(lambda u, v: rng.normal(0, 2.5, len(u)), rows=1, letters=60)
    above = boxes[::12] - np.array([0, 45, 0, 45], np.int32)
    above[:, 3] += rng.integers(0, 12, len(above)).astype(np.int32)
    both = np.concatenate([boxes, above])
    assert levelled(both, HEIGHT) is both


@pytest.mark.parametrize("drop", [lambda u, v: 25 * u**2, lambda u, v: 45 * np.sin(3 * u)])
def test_one_curved_line_comes_to_one_level(drop: Drop) -> None:
    boxes, _ = page(drop, rows=1, letters=60)
    moved = levelled(boxes, HEIGHT)
    spread, was = (np.ptp(np.percentile(each[:, 3], [5, 85])) for each in (moved, boxes))
    assert spread < 0.3 * was


def test_a_curve_must_fit_few_letters_better_than_many() -> None:
    rng = np.random.default_rng(0)
    x = np.linspace(-1, 1, 14)
    values = 2 * x**2 + rng.normal(0, 1, len(x))
    terms = np.vander(x, 4, increasing=True)
    assert bend(terms, values, 1.0) is None
    assert bend(terms, values, 1.0, replace(STANDARD.curves, chance=0.0)) is not None


@pytest.mark.parametrize("count", [0, 1, 7, 20])
def test_few_letters_stay(count: int) -> None:
    boxes = page(lambda u, v: 45 * u**2)[0][:count]
    assert levelled(boxes, HEIGHT) is boxes


def test_letters_far_off_do_not_bend_a_line() -> None:
    x = np.linspace(-1, 1, 30)
    values = 5 * x
    values[::9] += 40
    assert bend(np.vander(x, 4, increasing=True), values, 3.0) is None


@pytest.mark.parametrize("degrees", [-8.0, 0.0, 5.0])
def test_the_skew_of_curved_lines_is_that_of_their_ends(degrees: float) -> None:
    slope = np.tan(np.radians(degrees)) * 550
    bent, _ = page(lambda u, v: 60 * np.cos(2 * u) - slope * u)
    assert bent_skew(bent, HEIGHT) == pytest.approx(degrees, abs=1)
    assert bent_skew(bent, HEIGHT, replace(STANDARD.curves, curved=50.0)) is None
    straight, _ = page(lambda u, v: -slope * u)
    assert bent_skew(straight, HEIGHT) is None


@pytest.mark.parametrize(
    "curve",
    [
        pytest.param(lambda u: -60 * u**2, id="hill"),
        pytest.param(lambda u: 60 * u**2, id="valley"),
        pytest.param(lambda u: 70 * u**3 - 40 * u, id="wave"),
        pytest.param(lambda u: 40 * u**2 + 30 * u, id="rising"),
    ],
)
def test_a_curved_line_becomes_a_straight_strip(curve: Callable[[np.ndarray], np.ndarray]) -> None:
    ink = np.zeros((260, 900), bool)
    lefts = np.arange(30, 860, 28)
    bottoms = np.rint(130 + curve((lefts - 450) / 450.0)).astype(int)
    for left, bottom in zip(lefts, bottoms, strict=True):
        ink[bottom - 30 : bottom, left : left + 16] = True
    boxes = np.column_stack([lefts, bottoms - 30, lefts + 16, bottoms]).astype(np.int32)
    labels = np.zeros(ink.shape, np.int32)
    for number, (left, top, right, bottom) in enumerate(boxes, start=1):
        labels[top:bottom, left:right] = number
    components = Components(labels, boxes, np.full(len(boxes), 480, np.int32))
    line = TextLine((tuple((k,) for k in range(len(boxes))),), 30.0)
    dark = np.where(ink, 255, 0).astype(np.uint8)
    sheet = Sheet(
        dark, 255 - dark, ink=ink, dark=dark, components=components, letter_height=30.0, lines=(line,)
    )
    strip = cut_strip(sheet, line).pixels
    inked = np.argwhere(strip[:, strip.any(axis=0)] > 128)
    assert np.ptp(inked[:, 0]) < 24
    rows = (strip > 128).sum(axis=0)
    assert rows[rows > 0].min() > 0.8 * rows.max()  # all of each letter is there
    tops = (strip > 128).argmax(axis=0)[(strip > 128).any(axis=0)]
    assert np.ptp(tops) <= 3
