"""The numbers of cleaning are checked, and a pipeline's own reach every stage."""

from __future__ import annotations

from dataclasses import fields, replace
from itertools import product
from typing import Any

import numpy as np
import pytest

from pipelines.clean.blank import even_blank
from pipelines.clean.params import (
    STANDARD,
    CleanParams,
    Cut,
    Dither,
    Light,
    Luminance,
    Outline,
    Skew,
    Strokes,
)
from pipelines.pipeline import find_pipeline

GROUPS = [*(getattr(STANDARD, field.name) for field in fields(STANDARD)), STANDARD.strokes.cut]


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: type(group).__name__)
def test_a_number_that_makes_no_sense_is_named(group: Any) -> None:
    numbers = [each.name for each in fields(group) if not isinstance(getattr(group, each.name), Cut)]
    for name, wrong in product(numbers, (-1.0, float("nan"), 1e12)):
        right = getattr(group, name)
        values = (*right[:-1], wrong) if isinstance(right, tuple) else wrong
        with pytest.raises(ValueError, match=f"^{type(group).__name__}.{name} is {wrong}: it must be .*from"):
            replace(group, **{name: values})


def test_lengths_are_whole_where_pixels_are_counted_and_odd_where_they_have_a_middle() -> None:
    with pytest.raises(ValueError, match=r"side is 20.5: it must be a whole number from 1 to 100,000 pixels"):
        Light(side=20.5)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"noise is 4: it must be an odd number from 1 to 255 pixels"):
        Outline(noise=4)


def test_a_tuple_has_as_many_numbers_as_it_must() -> None:
    with pytest.raises(ValueError, match=r"Luminance.weights is \(0.5, 0.5\): it must be 3 numbers"):
        Luminance(weights=(0.5, 0.5))  # type: ignore[arg-type]
    assert Outline(simplified=(0.02,)).simplified == (0.02,)


def test_the_iteration_of_a_cut_is_sure_to_converge() -> None:
    with pytest.raises(ValueError, match=r"Cut.step is 0.36"):
        Cut(step=0.36)


@pytest.mark.parametrize("name", ["auto", "document", "line"])
def test_the_numbers_of_a_pipeline_reach_its_stages(name: str) -> None:
    page = np.full((160, 460), 255, np.uint8)
    for k in range(12):
        page[60:100, 40 + 28 * k : 54 + 28 * k] = 0
    dotted = np.where(np.indices(page.shape).sum(axis=0) % 2 == 0, page, 255).astype(np.uint8)
    pipeline = find_pipeline(name)

    def run(pixels: np.ndarray, **groups: Any) -> Any:
        return replace(pipeline, clean=CleanParams(**groups)).run(pixels)

    assert run(page, strokes=Strokes(paper=200.0), light=Light(paper=200.0)).grey.max() <= 200 < page.max()
    as_it_is, _ = even_blank(dotted)
    assert np.array_equal(run(dotted, dither=Dither(dots=1.0)).pixels, as_it_is)
    assert not np.array_equal(run(dotted).pixels, as_it_is)
    slanted = np.vstack([np.roll(page[:, k], k // 8) for k in range(page.shape[1])]).T
    turned = [run(slanted, skew=skew).to_picture[0, 1] for skew in (Skew(), Skew(letters=100))]
    assert turned[1] == 0
    assert (turned[0] != 0) == (name != "line")
