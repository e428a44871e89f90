import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.fonts import PILLOW_FONT, usable_characters
from training.render import HAND, STEADY, Jitter, face_heights, render_lines, size_for_x_height

USABLE = "".join(sorted(usable_characters(PILLOW_FONT)))
LINES = st.lists(st.text(USABLE + " ", min_size=1, max_size=12), min_size=1, max_size=3).filter(
    lambda lines: any(line.strip() for line in lines)
)


@given(
    lines=LINES,
    size=st.integers(12, 60),
    jitter=st.sampled_from([STEADY, HAND]),
    spacing=st.floats(0, 0.5),
    seed=st.integers(0, 99),
)
def test_every_character_owns_ink_and_no_paper(
    lines: list[str], size: int, jitter: Jitter, spacing: float, seed: int
) -> None:
    rendered = render_lines(
        lines, PILLOW_FONT, size, np.random.default_rng(seed), spacing=spacing, jitter=jitter
    )
    assert rendered.characters == tuple("".join(lines).replace(" ", ""))
    assert set(np.unique(rendered.owner)) == set(range(len(rendered.characters) + 1))
    assert rendered.grey[rendered.owner > 0].max() < 250
    assert rendered.grey[rendered.owner == 0].min() > 150
    assert rendered.grey.shape == rendered.owner.shape
    assert rendered.grey.dtype == np.uint8 and rendered.owner.dtype == np.int32


def test_touching_letters_share_no_pixel_and_keep_their_order() -> None:
    rendered = render_lines(["mmmm"], PILLOW_FONT, 60, np.random.default_rng(0), spacing=-0.35)
    middles = [np.nonzero(rendered.owner == k)[1].mean() for k in range(1, 5)]
    assert middles == sorted(middles)
    columns = np.any(rendered.owner > 0, axis=0)
    assert columns[np.argmax(columns) : -np.argmax(columns[::-1])].all()


def test_lines_say_where_letters_stand() -> None:
    rendered = render_lines(["xH", "Hx"], PILLOW_FONT, 80, np.random.default_rng(0))
    assert [(line.first, line.last) for line in rendered.lines] == [(0, 2), (2, 4)]
    for line, (small, capital) in zip(rendered.lines, ((1, 2), (4, 3)), strict=True):
        for owner, height in ((small, line.x_height), (capital, line.cap_height)):
            rows = np.nonzero(rendered.owner == owner)[0]
            assert rows.max() + 1 == pytest.approx(line.baseline, abs=1)
            assert rows.min() == pytest.approx(line.baseline - height, abs=1)


def test_blank_lines_take_no_room_and_own_nothing() -> None:
    rng = np.random.default_rng
    assert np.array_equal(
        render_lines(["a", "  ", "b"], PILLOW_FONT, 30, rng(0)).owner,
        render_lines(["a", "b"], PILLOW_FONT, 30, rng(0)).owner,
    )


@pytest.mark.parametrize("x_height", [8, 20.5, 60])
def test_a_size_can_be_found_for_an_x_height(x_height: float) -> None:
    size = size_for_x_height(PILLOW_FONT, x_height)
    assert face_heights(PILLOW_FONT, size)[0] == pytest.approx(x_height, abs=1)


def test_the_same_seed_draws_the_same_picture_and_another_seed_another() -> None:
    first, again, other = (
        render_lines(["Same again"], PILLOW_FONT, 30, np.random.default_rng(seed), jitter=HAND)
        for seed in (1, 1, 2)
    )
    assert np.array_equal(first.grey, again.grey) and np.array_equal(first.owner, again.owner)
    assert not np.array_equal(first.grey, other.grey)


@pytest.mark.parametrize(("lines", "message"), [(["a\u4e00"], "cannot draw"), (["  ", ""], "nothing")])
def test_what_cannot_be_drawn_is_refused(lines: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        render_lines(lines, PILLOW_FONT, 30, np.random.default_rng(0))
