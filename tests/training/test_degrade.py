from typing import Literal

import numpy as np
import pytest

from training.degrade import CONDITIONS, degrade, warp
from training.fonts import PILLOW_FONT
from training.render import Rendered, render_lines


def _page(size: int = 40) -> Rendered:
    lines = ["Every letter, i.e. each one:", "stays WHERE it is; (42.50)!"]
    return render_lines(lines, PILLOW_FONT, size, np.random.default_rng(0), spacing=0.05)


@pytest.mark.parametrize("kind", list(CONDITIONS))
@pytest.mark.parametrize("seed", range(12))
def test_owners_go_where_their_ink_goes(kind: Literal["mild", "scan", "photo"], seed: int) -> None:
    page = _page()
    seen = degrade(page, np.random.default_rng(seed), kind)
    assert seen.characters == page.characters
    assert seen.grey.shape == seen.owner.shape
    assert seen.grey.dtype == np.uint8 and seen.owner.dtype == np.int32
    assert set(np.unique(seen.owner)) == set(range(len(page.characters) + 1))
    ink, paper = (np.median(seen.grey[part]) for part in (seen.owner > 0, seen.owner == 0))
    assert abs(ink - paper) > 15


@pytest.mark.parametrize("kind", list(CONDITIONS))
def test_the_seed_decides(kind: Literal["mild", "scan", "photo"]) -> None:
    first, again, other = (degrade(_page(), np.random.default_rng(seed), kind) for seed in (5, 5, 6))
    assert np.array_equal(first.grey, again.grey) and np.array_equal(first.owner, again.owner)
    assert not (first.grey.shape == other.grey.shape and np.array_equal(first.grey, other.grey))


def test_line_geometry_follows_the_picture() -> None:
    page = render_lines(["xxxxxxxxxx", "xxxxxxxxxx"], PILLOW_FONT, 60, np.random.default_rng(0))
    turn = np.radians(7)
    matrix = 1.5 * np.array(
        [[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1 / 1.5]]
    )
    seen = warp(page, matrix)
    for line, before in zip(seen.lines, page.lines, strict=True):
        assert line.slope == pytest.approx(np.tan(turn))
        assert line.x_height == pytest.approx(1.5 * before.x_height, rel=1e-6)
        for owner in range(line.first + 1, line.last + 1):
            rows, columns = np.nonzero(seen.owner == owner)
            below = rows - (line.baseline + line.slope * columns)
            assert below.max() == pytest.approx(0, abs=2)
            assert below.min() == pytest.approx(-line.x_height / np.cos(turn), abs=3)


def test_nothing_leaves_the_canvas_when_a_page_is_turned() -> None:
    page = _page(20)
    turned = warp(page, np.array([[0.0, 1, 0], [-1, 0, 0], [0, 0, 1]]))
    assert turned.owner.shape == page.owner.shape[::-1]
    before, after = (np.bincount(picture.owner.ravel()) for picture in (page, turned))
    assert np.abs(before - after).max() <= 0.1 * before[1:].max()
