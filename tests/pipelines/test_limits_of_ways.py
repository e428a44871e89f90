"""Ways of reading a picture take work in proportion to its pixels, and the work is counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.layout.params import STANDARD
from pipelines.pipeline import ENLARGED_LESS, SEPARATED, Pipeline, find_pipeline
from pipelines.sheet import PIECE, Sheet

Pixels = npt.NDArray[np.uint8]
EVEN = 1
"""The way with one threshold, among those of a line."""


def small_print(drawn: Callable[..., Pixels]) -> Pixels:
    """Return letters about ten pixels high, which are enlarged as far as that goes."""
    page = drawn(["Seven boats went home"], margin=30)
    return np.asarray(cv2.resize(page, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA), np.uint8)


def with_limit(pixels: float) -> Pipeline:
    layout = replace(STANDARD, growth=replace(STANDARD.growth, enlarged_less=(pixels, 0.0)))
    return replace(find_pipeline("line"), layout=layout)


def even(pipeline: Pipeline, picture: Pixels) -> Sheet:
    sheets = pipeline.ways(picture)
    return [next(sheets) for _ in range(EVEN + 1)][EVEN]


def test_a_way_with_one_threshold_enlarges_no_further_than_any_other(drawn: Callable[..., Pixels]) -> None:
    picture = small_print(drawn)
    free, bound = (even(with_limit(limit), picture) for limit in (1e9, 3.0 * picture.size))
    assert free.grey.size > 3.5 * picture.size >= bound.grey.size > 2 * picture.size
    assert ENLARGED_LESS in bound.warnings and ENLARGED_LESS not in free.warnings


def test_pieces_of_ink_on_lines_are_work(drawn: Callable[..., Pixels]) -> None:
    sheet = find_pipeline("line").run(drawn(["Seven boats"]))
    pieces = sum(len(stack) for stack in sheet.stacks)
    assert pieces >= 10
    assert sheet.work == sheet.grey.size + PIECE * pieces
    assert replace(sheet, lines=()).work == sheet.grey.size


def test_to_separate_strokes_from_stains_and_pieces_of_ink_are_more_effort(
    drawn: Callable[..., Pixels],
) -> None:
    page = drawn(["Seven boats went", "home on Monday"])
    for name, more in (("auto", 0), ("scan", 0), ("document", SEPARATED)):
        pipeline = find_pipeline(name)
        sheet = pipeline.run(page)
        separated = min(sheet.grey.size, sheet.limits.evidence)
        pieces = PIECE * len(sheet.components)
        assert pieces >= PIECE * 20  # the letters, though none may be on a line
        assert pipeline.effort(sheet) == sheet.grey.size + more * separated + pieces
        assert pipeline.effort(replace(sheet, lines=())) == pipeline.effort(sheet)
