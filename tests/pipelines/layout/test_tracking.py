"""Lines followed and near boxes found without comparing all with all: as if all were compared."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.layout.lines import Effort, find_blocks
from pipelines.layout.near import near_pairs
from pipelines.layout.tracking import _nearest, crossing, follow, track

Boxes = npt.NDArray[np.int32]


@st.composite
def crowds(draw: st.DrawFn) -> tuple[Boxes, float]:
    """Draw boxes of letters, marks and rules, in lines or anywhere, and the height of letters."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    height = draw(st.sampled_from([5.0, 11.5, 26.0]))
    width, tall = draw(st.sampled_from([(700, 500), (20_000, 60), (60, 20_000)]))
    count = draw(st.integers(1, 90))
    x = rng.integers(0, width, count)
    rows = np.arange(0, tall, max(1, round(1.6 * height)))
    in_lines = draw(st.booleans())
    y = rng.choice(rows, count) + rng.integers(-3, 4, count) if in_lines else rng.integers(0, tall, count)
    heights = height * rng.choice([0.15, 0.3, 0.55, 0.6, 0.9, 1, 1, 1.2, 4.4], count)
    widths = height * rng.choice([0.2, 0.5, 0.7, 1, 2, 25], count, p=[0.2, 0.3, 0.3, 0.1, 0.06, 0.04])
    sizes = np.maximum(1, np.stack([widths, heights], axis=1)).astype(int)
    corners = np.stack([x, y], axis=1)
    return np.concatenate([corners, corners + sizes], axis=1).astype(np.int32), height


def plainly_followed(boxes: Boxes, height: float) -> list[list[int]]:
    """Follow lines by looking at all of them for every letter."""
    bands = np.empty((len(boxes), 3))
    lines: list[list[int]] = []
    for index, (left, top, right, bottom) in enumerate(boxes.tolist()):
        tops, bottoms, rights = bands[: len(lines)].T
        common = np.minimum(bottoms, bottom) - np.maximum(tops, top)
        share = common / np.minimum(bottoms - tops, bottom - top)
        off = np.abs((tops + bottoms) - (top + bottom)) / (2 * height)
        score = share - 0.35 * off - 0.004 * (np.maximum(left - rights, 0) / height)
        best = int(np.argmax(score)) if lines else -1
        if best < 0 or share[best] <= 0.35:
            bands[len(lines)] = top, bottom, right
            lines.append([index])
            continue
        lines[best].append(index)
        rights[best] = max(rights[best], right)
        tops[best] += 0.25 * max(-height, min(height, top - tops[best]))
        bottoms[best] += 0.25 * max(-0.6 * height, min(0.6 * height, bottom - bottoms[best]))
    return lines


def white(boxes: Boxes, others: Boxes) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Return the white between every two across and along, (N, M)."""
    dx = np.maximum(others[:, 0] - boxes[:, None, 2], boxes[:, None, 0] - others[:, 2])
    return dx, np.maximum(others[:, 1] - boxes[:, None, 3], boxes[:, None, 1] - others[:, 3])


def test_quotation_marks_superscripts_and_commas_are_in_their_line() -> None:
    """They are as high as low letters, but are not in the band of those."""
    letters = [[x, top, x + 12, 140] for x, top in zip(range(0, 900, 18), [100, 112, 112] * 17, strict=False)]
    beside = [[250, 96, 256, 113], [258, 96, 264, 113], [430, 134, 436, 151], [610, 93, 622, 118]]
    letters = [box for box in letters if all(box[2] < left or box[0] > right for left, _, right, _ in beside)]
    below = [
        [x, top + 60, x + 12, 200] for x, top in zip(range(0, 900, 18), [112, 112, 100] * 17, strict=False)
    ]
    lines = track(np.array([*letters, *beside, *below], np.int32), 28.0)
    assert [len(line) for line in lines] == [len(letters) + len(beside), len(below)]


@pytest.mark.parametrize("text", ["QQxxxTxxTxxQQxxTxT", "QQxxxxxxQQxxx", "QQxTxxTxxTxxQQ"])
def test_a_line_that_begins_with_a_quotation_mark_is_one_line(text: str) -> None:
    """The mark is above the band of low letters, and as far from them as a line of its own is."""
    rows = {"Q": (56, 74), "x": (69, 100), "T": (52, 100)}
    boxes = [[40 * k, rows[c][0], 40 * k + 30, rows[c][1]] for k, c in enumerate(text)]
    assert [len(line) for line in track(np.array(boxes, np.int32), 31.0)] == [len(text)]


@given(crowds())
def test_lines_are_followed_as_if_each_letter_were_compared_with_all(crowd: tuple[Boxes, float]) -> None:
    boxes, height = crowd
    boxes = boxes[np.argsort(boxes[:, 0], kind="stable")]
    assert [line.tolist() for line in follow(boxes, height)] == plainly_followed(boxes, height)


def test_a_letter_far_to_the_right_joins_none_if_another_line_is_nearer() -> None:
    boxes = np.array([[0, 0, 10, 10], [8990, 14, 9000, 24], [9010, 1, 9020, 11]], np.int32)
    assert [line.tolist() for line in follow(boxes, 10)] == plainly_followed(boxes, 10) == [[0], [1], [2]]


@given(crowds(), st.integers(0, 80), st.integers(0, 40), st.integers(0, 90))
def test_no_two_that_are_near_are_overlooked(
    crowd: tuple[Boxes, float], across: int, along: int, some: int
) -> None:
    boxes, others = crowd[0][:some], crowd[0][some:]
    found = np.zeros((len(boxes), len(others)), int)
    for first, second in near_pairs(boxes, others, across, along):
        assert (np.diff(first) >= 0).all()
        np.add.at(found, (first, second), 1)
    dx, dy = white(boxes, others)
    assert found[(dx < across) & (dy < along)].all()
    assert found.max(initial=0) <= 1


@given(crowds(), st.integers(1, 90))
def test_marks_go_to_the_nearest_letter_of_all(crowd: tuple[Boxes, float], some: int) -> None:
    (boxes, height), expected = crowd, []
    marks, letters = boxes[:some], boxes[some:]
    dx, dy = (np.maximum(0, gap) for gap in white(marks, letters))
    over = letters[:, 1] > marks[:, None, 3]
    for k, distance in enumerate(dx + np.where(over, 1.3, 2.2) * dy if len(letters) else ()):
        best = int(np.argmin(distance))
        expected.append(best if dy[k, best] < 0.8 * height and dx[k, best] < 2.5 * height else -1)
    assert _nearest(marks, letters, height).tolist() == (expected or [-1] * len(marks))


@given(crowds(), st.integers(1, 89))
def test_crossing_is_the_share_of_middles_within_another(crowd: tuple[Boxes, float], some: int) -> None:
    boxes, others = crowd[0][:some], crowd[0][some:]
    x = (boxes[:, 0] + boxes[:, 2]) / 2
    inside = (x[:, None] > others[:, 0]) & (x[:, None] < others[:, 2])
    assert crossing(boxes, others) == pytest.approx(inside.any(axis=1).mean())


def test_what_is_far_apart_takes_no_more_memory_than_what_is_near() -> None:
    count = 20_000
    x, y = np.divmod(np.arange(count), 100)
    boxes = np.stack([30 * x, 30 * y, 30 * x + 12, 30 * y + 12], axis=1).astype(np.int32)
    pairs = sum(len(first) for first, _ in near_pairs(boxes, boxes, 20, 20))
    assert pairs < 60 * count
    assert sum(map(len, track(boxes, 12.0))) == count


def test_columns_are_sought_until_the_effort_is_spent() -> None:
    x, y = (values.ravel() for values in np.meshgrid(np.arange(40), np.arange(12)))
    gap = 200 * (x // 10)
    left = 14 * x + gap
    boxes = np.stack([left, 30 * y, left + 10, 30 * y + 14], axis=1).astype(np.int32)
    effort = Effort(100_000)
    assert len(find_blocks(boxes, 14.0, effort)) == 4
    assert effort.left >= 0
    assert len(find_blocks(boxes, 14.0, Effort(100))) == 1
