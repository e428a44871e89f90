"""Lines found from the letters on them, and letters told by where they stand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ocr.recognition.placement import Placement, Ruling, fit_ruling, place_scores

PLACES = {
    **dict.fromkeys("acenosx", (0.0, 1.0)),
    **dict.fromkeys("COSTl", (0.0, 1.45)),
    **dict.fromkeys("pg", (-0.45, 1.0)),
    ",": (-0.3, 0.2),
    "'": (1.0, 1.45),
}
CLASSES = ("", *PLACES)
PLACEMENT = Placement.of(CLASSES, {c: (*place, 0.05, 0.05, 0.1, 0.1) for c, place in PLACES.items()})
ALIKE = ("cC", "oO", "sS", ",'")


def boxes_of(text: str, ruling: Ruling) -> npt.NDArray[np.int32]:
    """Return the boxes of letters on a line, an x-height wide each."""
    left = 20 + 1.3 * ruling.x_height * np.arange(len(text))
    right = left + ruling.x_height
    base = ruling.offset + ruling.slope * (left + right) / 2
    bottom, top = np.array([PLACES[c] for c in text]).T * ruling.x_height
    return np.rint(np.stack([left, base - top, right, base - bottom], axis=1)).astype(np.int32)


def shapes_of(text: str) -> npt.NDArray[np.float64]:
    """Return what the shapes tell: nothing of which of two letters of one shape it is."""
    shapes = np.full((len(text), len(CLASSES)), 1e-4)
    for row, character in zip(shapes, text, strict=True):
        for one in next((pair for pair in ALIKE if character in pair), character):
            row[CLASSES.index(one)] = 1.0
    return shapes / shapes.sum(axis=1, keepdims=True)


RULINGS = st.builds(Ruling, st.floats(60, 300), st.floats(-0.08, 0.08), st.floats(12, 60))


@given(RULINGS, st.permutations(list("scoxanpglTC,")), st.floats(0.8, 1.4))
def test_the_line_is_found_though_some_letters_may_be_large_or_small(
    ruling: Ruling, letters: list[str], guess: float
) -> None:
    text = "".join(letters)
    boxes = boxes_of(text, ruling)
    found = fit_ruling(boxes, shapes_of(text), PLACEMENT, guess * ruling.x_height)
    assert found is not None
    assert found.x_height == pytest.approx(ruling.x_height, rel=0.1)
    for x in (boxes[0, 0], boxes[-1, 2]):
        there = ruling.offset + ruling.slope * x
        assert found.offset + found.slope * x == pytest.approx(there, abs=0.12 * ruling.x_height)


@example(Ruling(60.0, 0.0, 12.0), ",coo")
@example(Ruling(60.0, 0.0, 12.0), ",soo")
@example(Ruling(60.0, 0.0, 12.0), ",ccc")
@example(Ruling(100.0, 0.0, 20.0), ",cco")
@example(Ruling(200.0, 0.05, 40.0), "s,co")
@given(RULINGS, st.text("scoSCOxanpgTl,'", min_size=3, max_size=14))
def test_letters_of_one_shape_are_told_by_their_place(ruling: Ruling, text: str) -> None:
    text = "xag" + text
    boxes, shapes = boxes_of(text, ruling), shapes_of(text)
    found = fit_ruling(boxes, shapes, PLACEMENT, 1.2 * ruling.x_height)
    assert found is not None
    scores = np.log(shapes) + place_scores(boxes, found, PLACEMENT)
    assert "".join(CLASSES[c] for c in scores.argmax(axis=1)) == text


def test_a_place_costs_nothing_where_it_fits_and_no_more_than_so_much_where_it_does_not() -> None:
    ruling = Ruling(100.0, 0.0, 20.0)
    boxes = np.array([[0, 80, 15, 100], [20, -400, 35, -300]], np.int32)
    scores = place_scores(boxes, ruling, PLACEMENT)
    assert scores[0, CLASSES.index("x")] == 0
    assert scores.max() == 0
    assert scores[1, 1:].min() == scores[1, 1:].max() > -20
    assert np.isfinite(scores).all()


def test_places_of_uneven_letters_count_less() -> None:
    even, rng = Ruling(100.0, 0.0, 20.0), np.random.default_rng(0)
    boxes = boxes_of("xanxoxpanc", even)
    uneven = boxes + rng.integers(-7, 8, boxes.shape, np.int32) * np.array([0, 1, 0, 1], np.int32)
    tall, c = np.array([[0, 76, 15, 100]], np.int32), CLASSES.index("c")

    def scatter_and_score(line: npt.NDArray[np.int32]) -> tuple[float, float]:
        found = fit_ruling(line, shapes_of("xanxoxpanc"), PLACEMENT, 24.0)
        assert found is not None
        score = place_scores(tall, replace(even, scatter=found.scatter), PLACEMENT)[0, c]
        return found.scatter, float(score)

    (small, of_even), (large, of_uneven) = scatter_and_score(boxes), scatter_and_score(uneven)
    assert small == 1 < large and of_even < of_uneven < 0


def test_a_class_of_unknown_place_is_neither_favoured_nor_barred() -> None:
    scores = place_scores(np.array([[0, 80, 15, 100]]), Ruling(100.0, 0.0, 20.0), PLACEMENT)
    assert scores.min() < scores[0, CLASSES.index("")] < scores.max()


@pytest.mark.parametrize(
    ("text", "placement"),
    [("", PLACEMENT), ("x", PLACEMENT), ("xanx", Placement.of(CLASSES, {}))],
    ids=["nothing", "one letter", "no places"],
)
def test_a_line_of_which_nothing_tells_has_no_ruling(text: str, placement: Placement) -> None:
    boxes = boxes_of(text, Ruling(100.0, 0.0, 20.0)) if text else np.zeros((0, 4), np.int32)
    shapes = shapes_of(text) if text else np.zeros((0, len(CLASSES)))
    assert fit_ruling(boxes, shapes, placement, 20.0) is None


def test_blobs_and_fragments_tell_nothing() -> None:
    boxes = boxes_of("xanx", Ruling(100.0, 0.0, 20.0))
    shapes = np.full((4, len(CLASSES)), 1e-3)
    shapes[:, CLASSES.index("")] = 0.98
    assert fit_ruling(boxes, shapes, PLACEMENT, 20.0) is None


def test_a_network_of_few_classes_has_a_ruling_too() -> None:
    few = ("", "x", "p")
    places = Placement.of(few, {c: (*PLACES[c], 0.05, 0.05, 0.1, 0.1) for c in "xp"})
    ruling = Ruling(100.0, 0.0, 20.0)
    shapes = np.array([[0.1, 0.85, 0.05], [0.1, 0.05, 0.85], [0.1, 0.85, 0.05]])
    found = fit_ruling(boxes_of("xpx", ruling), shapes, places, 20.0)
    assert found is not None and found.x_height == pytest.approx(ruling.x_height, rel=0.05)


def test_what_the_table_lacks_is_unknown() -> None:
    assert PLACEMENT.known.tolist() == [False] + [True] * len(PLACES)
    assert PLACEMENT.top[CLASSES.index("C")] == 1.45
    assert PLACEMENT.bottom[CLASSES.index("p")] == -0.45
