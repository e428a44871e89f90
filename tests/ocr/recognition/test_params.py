"""The geometry of recognition: what makes no sense is named, and each value does what its docstring says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest

import ocr
from ocr.recognition.alone import views_of
from ocr.recognition.lattice import Lattice
from ocr.recognition.line_reader import no_frames
from ocr.recognition.params import (
    CandidateParams,
    LetterParams,
    PlacementParams,
    RegionParams,
    ViewParams,
    WayParams,
)
from ocr.recognition.passes.ink import Ink, inks_of
from ocr.recognition.passes.mark_names import ACUTE, CIRCUMFLEX, DOT, TILDE, name_mark
from ocr.recognition.passes.params import GapParams, InkParams, LineParams, MarkParams, Threshold
from ocr.recognition.placement import Placement, Ruling, fit_ruling, place_scores
from ocr.recognition.weights import load_weights
from pipelines.layout.segment import Atoms
from pipelines.sheet import Mark, Sheet

MARKS = load_weights().marks


@pytest.mark.parametrize(
    ("make", "field", "value"),
    [
        (Threshold, "at", -0.1),
        (Threshold, "spread", 0.0),
        (InkParams, "most", -1.0),
        (InkParams, "capital", float("nan")),
        (InkParams, "stem_bottom", 0.1),
        (InkParams, "bowl_size", 0.9),
        (MarkParams, "wide", -2.0),
        (MarkParams, "smoothing", 0.0),
        (GapParams, "usual", "wide"),
        (GapParams, "step", 0.0),
        (LineParams, "capitals", 1.5),
        (LineParams, "row", 2.5),
        (PlacementParams, "candidates", 0),
        (PlacementParams, "rounds", True),
        (PlacementParams, "spread", 0.0),
        (PlacementParams, "largest", 0.1),
        (PlacementParams, "unknown", 1.0),
        (CandidateParams, "settled", 1.5),
        (CandidateParams, "unlikely", -1.0),
        (WayParams, "unsure", 0.5),
        (WayParams, "few", 0),
        (RegionParams, "share", -0.1),
        (ViewParams, "turn", 90.0),
        (ViewParams, "slant", -0.1),
    ],
)
def test_a_value_that_makes_no_sense_is_named(make: Callable[..., object], field: str, value: object) -> None:
    with pytest.raises(ValueError, match=rf"^\w+\.{field} is {value}: it must be "):
        make(**{"at": 0.1, "spread": 0.1, field: value} if make is Threshold else {field: value})


def groups(params: object) -> list[object]:
    """Return a parameter object and those that are nested in it."""
    values = [getattr(params, each.name) for each in fields(params)]  # type: ignore[arg-type]
    return [params, *(inner for value in values if is_dataclass(value) for inner in groups(value))]


def test_every_field_is_documented() -> None:
    for group in groups(LetterParams()):
        documented = type(group).__doc__ or ""
        for each in fields(group):  # type: ignore[arg-type]
            assert f"{each.name} : " in documented or f"{each.name}, " in documented, each.name


RULING = Ruling(offset=60.0, slope=0.0, x_height=20.0)


def drawn(ruling: Ruling | None, *parts: tuple[slice, slice]) -> Lattice:
    """Return the lattice of one stack of ink, of these rows and columns."""
    index = np.zeros((100, 100), np.int32)
    for part in parts:
        index[part] = 1
    rows, columns = np.flatnonzero(index.any(axis=1)), np.flatnonzero(index.any(axis=0))
    box = np.array([[columns[0], rows[0], columns[-1] + 1, rows[-1] + 1]], np.int32)
    one = np.zeros(1, np.int64)
    atoms = Atoms(index, box, one, one, one, np.ones(1))
    runs, blank = np.array([[0, 1]]), np.zeros((100, 100), np.uint8)
    scores, glyphs = np.zeros((1, 2), np.float32), np.zeros((1, 28, 28), np.uint8)
    return Lattice(
        Sheet(blank, blank),
        atoms,
        runs,
        glyphs,
        scores,
        (ruling,),
        no_frames(1, 2),
        np.zeros_like(scores),
        (),
    )


def ink(lattice: Lattice, character: str = "o", **params: Any) -> Ink:
    """Return what the ink of its letter shows, with some params changed."""
    [found] = inks_of(lattice, replace(InkParams(), **params))([0], [character])
    return found


def test_ink_below_the_baseline_or_above_a_letter_is_judged_by_the_ruling() -> None:
    hanging = drawn(RULING, (slice(40, 68), slice(40, 60)))
    assert ink(hanging).tail > 0 > ink(hanging, tail=Threshold(0.6, 0.05)).tail
    assert ink(hanging, most=1.5).tail == 1.5
    high = drawn(RULING, (slice(30, 60), slice(40, 60)))
    assert ink(high).crown > 0 > ink(high, crown=Threshold(0.8, 0.06)).crown
    assert ink(high, "O").crown < 0 < ink(high, "O", capital=1.0).crown
    wide = drawn(RULING, (slice(40, 60), slice(40, 68)))
    assert ink(wide).wide > 0 > ink(wide, wide=Threshold(1.6, 0.08)).wide
    unruled = ink(drawn(None, (slice(30, 70), slice(40, 90))))
    assert (unruled.tail, unruled.crown, unruled.wide) == (0, 0, 0)


def test_strokes_are_sought_in_the_middle_of_stems_and_bowls() -> None:
    barred = drawn(RULING, (slice(20, 60), slice(48, 52)), (slice(38, 42), slice(40, 60)))
    assert ink(barred).bar > 0 > ink(barred, stem_top=0.65, stem_bottom=0.9).bar
    assert ink(barred, bar=Threshold(6.0, 0.1)).bar < 0
    assert ink(barred, narrow=1.0).bar < 0
    bowl = [(slice(40, 60), slice(40, 44)), (slice(40, 60), slice(56, 60))]
    slashed = drawn(RULING, *bowl, (slice(40, 60), slice(48, 52)))
    assert ink(slashed).slash > 0 > ink(drawn(RULING, *bowl)).slash
    assert ink(slashed, slash=Threshold(2.0, 0.08)).slash < 0
    assert ink(slashed, bowl_edge=0.2, bowl_size=0.1).slash < 0


def mark(*strokes: list[tuple[int, int]], thick: int = 4) -> Mark:
    """Draw strokes of a pen as a mark."""
    pixels = np.zeros((60, 60), np.uint8)
    for stroke in strokes:
        cv2.polylines(pixels, [np.array(stroke, np.int32)], False, 1, thick)
    rows, columns = np.flatnonzero(pixels.any(axis=1)), np.flatnonzero(pixels.any(axis=0))
    shape = pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] > 0
    return Mark((0, 0, shape.shape[1], shape.shape[0]), 0, shape, 1)


def named(mark: Mark, **params: Any) -> dict[str, float]:
    return dict(name_mark(mark, MARKS, MarkParams(**params)))


def test_marks_are_named_by_how_steep_bent_and_wide_they_are() -> None:
    rising = mark([(20, 32), (28, 24)], thick=9)
    assert max(named(rising), key=named(rising).__getitem__) == ACUTE
    level = named(rising, steep=Threshold(0.9, 0.04))
    assert max(level, key=level.__getitem__) == DOT
    bent = mark([(20, 27), (25, 22), (30, 27)], thick=7)
    assert (
        named(bent, bent=Threshold(0.0, 0.03))[CIRCUMFLEX]
        > named(bent, bent=Threshold(0.5, 0.03))[CIRCUMFLEX]
    )
    wavy = mark([(8, 34), (16, 28), (24, 31), (32, 34), (40, 28)])
    assert named(wavy)[TILDE] > named(wavy, wide=10.0)[TILDE]
    stiff = named(mark([(20, 40), (34, 22)]), smoothing=1.0)
    assert (
        stiff[ACUTE] - stiff[CIRCUMFLEX]
        < (given := named(mark([(20, 40), (34, 22)])))[ACUTE] - given[CIRCUMFLEX]
    )


CLASSES = ("", "x", "X", "p")
PLACES = {"x": (0.0, 1.0), "X": (0.0, 1.45), "p": (-0.45, 1.0)}
PLACEMENT = Placement.of(CLASSES, {c: (*place, 0.05, 0.05, 0.1, 0.1) for c, place in PLACES.items()})


def line(text: str, x_height: float = 20.0, slope: float = 0.0) -> npt.NDArray[np.int32]:
    """Return the boxes of letters on a line."""
    left = 30.0 * np.arange(len(text))
    base = 100.0 + slope * (left + 10)
    bottom, top = np.array([PLACES[c] for c in text]).T * x_height
    return np.rint(np.stack([left, base - top, left + 20, base - bottom], axis=1)).astype(np.int32)


def shapes(text: str, surely: float = 0.9) -> npt.NDArray[np.float64]:
    """Return probabilities of the classes: each letter surely itself, or else none."""
    found = np.full((len(text), len(CLASSES)), 1e-3)
    for row, character in zip(found, text, strict=True):
        row[[0, CLASSES.index(character)]] = 1 - surely, surely
    return found


def fitted(text: str, surely: float = 0.9, slope: float = 0.0, **params: Any) -> Ruling | None:
    return fit_ruling(
        line(text, slope=slope), shapes(text, surely), PLACEMENT, 25.0, PlacementParams(**params)
    )


def test_a_line_is_fitted_by_its_params() -> None:
    found = fitted("xpx")
    assert found is not None and found.x_height == pytest.approx(20, rel=0.05)
    assert fitted("xpx", surely=0.25) is None
    assert fitted("xpx", surely=0.25, least_certainty=0.2) is not None
    assert fitted("xpx", surely=0.25, least_certainty=0.2, least_probability=0.3) is None
    small, large = fitted("xpx", largest=0.5), fitted("xpx", smallest=1.2)
    assert small is not None and small.x_height == pytest.approx(12.5)
    assert large is not None and large.x_height == pytest.approx(30)
    usual = fitted("xpx", size_pull=1000.0, level_pull=0.0, x_height=0.9)
    assert usual is not None and usual.x_height > found.x_height + 0.1
    free, level = fitted("xpx", slope=0.05), fitted("xpx", slope=0.05, level_pull=1000.0)
    assert free is not None and level is not None and abs(level.slope) < abs(free.slope)


def test_the_scatter_of_an_uneven_line_is_shrunk_and_capped_as_the_params_say() -> None:
    boxes = line("xpxpxxpx")
    boxes[::2, 1] -= 6
    boxes[1::3, 3] += 7

    def scatter(**params: Any) -> float:
        found = fit_ruling(boxes, shapes("xpxpxxpx", 0.9), PLACEMENT, 25.0, PlacementParams(**params))
        assert found is not None
        return found.scatter

    assert 1 < scatter(usual_letters=20) < scatter(usual_letters=2, most_scatter=3.0)
    assert scatter(usual_letters=2, most_scatter=1.01) == 1.01


def test_places_weigh_as_the_params_say() -> None:
    def scores(**params: Any) -> list[float]:
        return place_scores(line("x"), Ruling(100.0, 0.0, 20.0), PLACEMENT, PlacementParams(**params))[
            0
        ].tolist()

    unknown, right, capital, _ = scores()
    assert unknown == -3.0 and right == 0 > capital
    assert scores(unknown=-1.0)[0] == -1.0
    assert scores(spread=1.0)[2] > capital
    assert scores(most_deviation=1.0)[2] == pytest.approx(-1.0)


def test_a_letter_alone_is_turned_and_slanted_by_the_params() -> None:
    bar = np.zeros((1, 28, 28), np.uint8)
    bar[:, 4:24, 12:16] = 255
    for still in views_of(bar, ViewParams(turn=0.0, slant=0.0)):
        np.testing.assert_array_equal(still, bar)

    def moved(**params: float) -> list[float]:
        return [
            float(np.abs(view.astype(float) - bar).sum()) for view in views_of(bar, ViewParams(**params))[1:]
        ]

    assert max(moved(turn=6.0)[:2]) < min(moved(turn=20.0)[:2])
    assert max(moved(slant=0.05)[2:]) < min(moved(slant=0.3)[2:])


def lattice(picture: npt.NDArray[np.uint8], pipeline: str = "auto", **params: Any) -> Lattice:
    """Return all that a picture may read as, by a recognizer with these params."""
    reader = ocr.Reader(pipeline=pipeline)
    reader.recognizer = replace(reader.recognizer, params=LetterParams(**params))
    return reader.lattice(picture)


def test_the_params_of_a_recognizer_reach_every_step(
    drawn_once: Callable[..., npt.NDArray[np.uint8]],
) -> None:
    picture = drawn_once(["BOOKS AnD PAGES", "NEW PAGES"])
    usual = lattice(picture)
    assert len(usual.words) > 2 and usual.rulings.count(None) == 0
    assert len(lattice(picture, gaps=GapParams(usual=9.0, slack=0.01)).words) < len(usual.words)
    assert set(lattice(picture, placement=PlacementParams(least_certainty=1.0)).rulings) == {None}
    assert lattice(picture, lines=LineParams(letters=100)).evidence.sum() > usual.evidence.sum()
    letter = drawn_once(["R"])
    scores = [lattice(letter, "letter", views=ViewParams(turn=turn)).scores for turn in (6.0, 40.0)]
    assert scores[0].max() > scores[1].max()
