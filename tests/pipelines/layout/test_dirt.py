"""Specks all over a page are no marks, unless they are larger than what lies far from letters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

import ocr
from pipelines.layout.components import find_components, letter_like
from pipelines.layout.dirt import are_dirt
from pipelines.layout.params import STANDARD, Dirt
from pipelines.sheet import Components, Mask

Pixels = npt.NDArray[np.uint8]
HEIGHT = 30.0


def page(specks: int, side: int = 4) -> tuple[Components, Mask]:
    """Return letters, each second one followed by a stop of 6 x 6 pixels, and specks all over the page."""
    ink = np.zeros((600, 800), bool)
    rng = np.random.default_rng(0)
    for y, x in zip(rng.integers(0, 590, specks), rng.integers(0, 790, specks), strict=True):
        ink[y : y + side, x : x + side] = True
    for top in range(150, 450, 60):
        for number, left in enumerate(range(200, 600, 40)):
            ink[top - 6 : top + 36, left - 6 : left + 34] = False
            ink[top : top + 30, left : left + 16] = True
            if number % 2:
                ink[top + 24 : top + 30, left + 20 : left + 26] = True
    components = find_components(ink)
    return components, letter_like(components, HEIGHT)


def dirt(specks: int, side: int = 4, **params: float) -> tuple[int, int]:
    """Return how many specks and how many stops are dirt."""
    components, fits = page(specks, side)
    found = are_dirt(components, fits, HEIGHT, Dirt(**params))  # type: ignore[arg-type]
    stops = (components.areas == 36) & (components.widths == 6)
    assert not found[components.heights == 30].any()
    return int((found & ~stops).sum()), int((found & stops).sum())


def test_specks_are_dirt_and_larger_stops_are_not() -> None:
    specks, stops = dirt(400)
    assert specks > 300 and stops == 0


def test_few_specks_are_none() -> None:
    assert dirt(0) == dirt(6) == dirt(40) == (0, 0)


def test_stops_as_small_as_dirt_go_with_it() -> None:
    assert dirt(400, 6)[1] > 300


def test_the_params_do_what_their_docstrings_say() -> None:
    assert dirt(400, largest=0.12)[0] == 0
    assert dirt(400, letter=1.5)[0] == 0
    assert dirt(400, fewest=2_000)[0] == 0
    assert dirt(400, dense=50.0)[0] == 0
    assert dirt(400, beside=90.0, above=90.0)[0] == 0
    assert dirt(400, 6, share=1.0)[0] < dirt(400, 6)[0]
    assert dirt(400, cell=2.0, share=0.01) != dirt(400, share=0.01)
    assert STANDARD.dirt == Dirt()


def test_text_among_specks_is_read_with_fewer_of_them(
    drawn: Callable[..., Pixels], edits: Callable[[str, str], int]
) -> None:
    lines = ["The kitchen garden is", "behind the old bridge", "over the yellow river"]
    picture, rng = drawn(lines, size=34, margin=60), np.random.default_rng(0)
    chance = rng.random(picture.shape)
    salted = np.where(chance < 0.06, 0, np.where(chance > 0.94, 255, picture)).astype(np.uint8)
    reader, other = ocr.Reader(), ocr.Reader()
    keeping = replace(other.pipeline.layout, dirt=Dirt(fewest=100_000))
    other.pipeline = replace(other.pipeline, layout=keeping)
    wrong, without = (edits(each.read_page(salted).text, "\n".join(lines)) for each in (reader, other))
    assert wrong < without
