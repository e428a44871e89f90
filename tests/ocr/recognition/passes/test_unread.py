"""What is no letter on a picture of one line: at its ends, and much lower than the letters around it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest

import ocr
from ocr.recognition.lattice import Decoder, Lattice, words_of
from ocr.recognition.line_reader import LEAST, no_frames
from ocr.recognition.params import LetterParams
from ocr.recognition.passes.params import UnreadParams
from ocr.recognition.passes.unread import without_unread
from ocr.recognition.placement import Ruling
from ocr.recognition.weights import load_weights
from pipelines.layout.segment import Atoms
from pipelines.sheet import Sheet, TextLine

Pixels = npt.NDArray[np.uint8]

CLASSES = ("", *"ABCDEIe", "-")
DECODER = Decoder(CLASSES, None, load_weights())
HEIGHT = 40
CLEAR, UNREAD = (-0.1, -8.0), (-5.0, -0.1)
"""What the line network says of a letter: that it is this one, and that it is nothing."""


def seen(
    text: str, unread: Sequence[int] = (), low: Sequence[int] = (), atoms: Sequence[int] = ()
) -> Lattice:
    """A lattice of one word, of whose letters the line network does not read some.

    Parameters
    ----------
    text : str
        All letters are clear by their shapes.
    unread, low : sequence of int
        Letters that the line network does not read, and low ones.
    atoms : sequence of int
        Letters that are cut into two atoms.
    """
    sizes = [2 if k in atoms else 1 for k in range(len(text))]
    letter = np.repeat(np.arange(len(text)), sizes)
    first = np.cumsum([0, *sizes[:-1]])
    runs = {(k, k + 1): None for k in range(len(letter))}
    runs |= {(a, a + n): c for a, n, c in zip(first.tolist(), sizes, text, strict=True)}
    order = sorted(runs)
    scores = np.full((len(order), len(CLASSES)), -9.0, np.float32)
    evidence = np.full((len(order), len(CLASSES)), LEAST, np.float32)
    for row, extent in enumerate(order):
        k, read = int(letter[extent[0]]), runs[extent]
        named, nothing = UNREAD if k in unread else CLEAR
        evidence[row, 0] = nothing / (sizes[k] if read is None else 1)
        if read is None:
            scores[row, 1:] = -6.0
        else:
            scores[row, CLASSES.index(read)], evidence[row, CLASSES.index(read)] = -0.1, named
    top = np.where(np.isin(letter, low), HEIGHT - HEIGHT // 3, 0)
    left = 10 * np.arange(len(letter))
    boxes = np.stack([left, top, left + 9, np.full_like(left, HEIGHT)], axis=1).astype(np.int32)
    zeros = np.zeros(len(letter), np.int64)
    empty = np.zeros((0, 0), np.uint8)
    found = Atoms(empty.astype(np.int32), boxes, letter, zeros, zeros, np.full(len(letter), float(HEIGHT)))
    extents = np.array(order, np.int64)
    sheet = Sheet(empty, empty, lines=(TextLine((), float(HEIGHT)),))
    return Lattice(
        sheet,
        found,
        extents,
        np.zeros((len(order), 28, 28), np.uint8),
        scores,
        (None,),
        no_frames(len(letter), len(CLASSES)),
        evidence,
        tuple(DECODER(extents, scores, evidence, words_of(found, extents))),
    )


def text(lattice: Lattice) -> str:
    return "".join(CLASSES[c] for c in lattice.chosen[:, 1])


def kept(lattice: Lattice, **params: Any) -> str:
    return text(without_unread(lattice, DECODER, replace(UnreadParams(), **params)))


def test_an_end_that_the_line_network_does_not_read_is_dropped() -> None:
    assert text(seen("EABCD", [0])) == "EABCD"
    assert kept(seen("EABCD", [0])) == "ABCD"
    assert kept(seen("ABCDE", [4])) == "ABCD"
    assert kept(seen("EABCDE", [0, 5])) == "ABCD"
    assert kept(seen("EABCD", [0], atoms=[0])) == "ABCD"


def test_what_the_line_network_reads_or_what_is_within_the_line_stays() -> None:
    for lattice in (seen("EABCD"), seen("EABCD", [2]), seen("EABCD", [1, 2, 3])):
        assert without_unread(lattice, DECODER) is lattice
    assert kept(seen("-ABCD", [0])) == "-ABCD"


def test_a_short_line_and_a_low_end_stay_as_they_are() -> None:
    assert kept(seen("EAB", [0])) == "EAB"
    assert kept(seen("EAB", [0]), letters=2) == "AB"
    assert kept(seen("EABCD", [0], low=[0])) == "EABCD"
    assert kept(seen("EABCD", [0], low=[0]), high=0.2) == "ABCD"


def test_a_line_that_the_line_network_cannot_read_stays_as_it_is() -> None:
    unread = seen("CEAABCD", [0, 1, 2, 6])
    assert kept(unread) == "CEAABCD"
    assert len(kept(unread, unsure=100.0)) < 7


def test_what_is_next_to_a_dropped_end_is_the_end() -> None:
    ends = seen("CEABCD", [0, 1])
    assert kept(ends) == "ABCD"
    assert kept(ends, most=1) == "EABCD"


@pytest.mark.parametrize("most", [1, 2])
def test_a_low_capital_among_high_ones_may_be_dropped_but_no_mark_or_small_letter(most: int) -> None:
    assert kept(seen("ABECD", [2], low=[2]), most=most) == "ABCD"
    assert kept(seen("AB-CD", [2], low=[2]), most=most) == "AB-CD"
    assert kept(seen("ABeCD", [2], low=[2]), most=most) == "ABeCD"
    assert kept(seen("ABECD", [], low=[2]), most=most) == "ABECD"
    assert kept(seen("ABECD", [2], low=[2]), most=most, low=0.2) == "ABECD"


def test_a_stroke_that_stands_where_a_letter_does_stays() -> None:
    stroke = seen("IABCD", [0])
    ruling = Ruling(offset=HEIGHT, slope=0.0, x_height=HEIGHT / 1.42)
    higher, lower = replace(ruling, x_height=HEIGHT / 1.8), replace(ruling, offset=0.7 * HEIGHT)
    assert kept(stroke) == "IABCD"
    assert kept(replace(stroke, rulings=(ruling,))) == "IABCD"
    assert kept(replace(stroke, rulings=(ruling,)), off=0.0) == "ABCD"
    assert kept(replace(stroke, rulings=(higher,))) == "ABCD"
    assert kept(replace(stroke, rulings=(higher,)), capital=1.8) == "IABCD"
    assert kept(replace(stroke, rulings=(lower,))) == "ABCD"
    assert kept(replace(stroke, rulings=(lower,)), off=1.0) == "IABCD"
    assert kept(replace(seen("EABCD", [0]), rulings=(ruling,))) == "ABCD"


def test_the_price_decides() -> None:
    assert kept(seen("EABCD", [0]), end_price=20.0) == "EABCD"
    assert kept(seen("ABECD", [2], low=[2]), low_price=20.0) == "ABECD"


def test_without_a_line_network_nothing_is_known_of_the_ends() -> None:
    deaf = replace(DECODER, weights=replace(DECODER.weights, line_weight=0.0))
    lattice = seen("EABCD", [0])
    assert without_unread(lattice, deaf) is lattice


def test_an_end_whose_atoms_are_no_candidates_stays() -> None:
    lattice = seen("EABCD", [0], atoms=[0])
    whole = lattice.runs[:, 1] - lattice.runs[:, 0]
    kept_runs = (whole == 2) | (lattice.runs[:, 0] > 1)
    runs, scores, evidence = (part[kept_runs] for part in (lattice.runs, lattice.scores, lattice.evidence))
    fewer = lattice.changed(
        DECODER,
        np.ones(len(runs), bool),
        runs=runs,
        scores=scores,
        evidence=evidence,
        glyphs=lattice.glyphs[kept_runs],
    )
    assert without_unread(fewer, DECODER) is fewer


def reads(picture: Pixels, pipeline: str, **params: Any) -> str:
    """Return what a picture is read as, by a reader with these params."""
    reader = ocr.Reader(pipeline=pipeline)
    changed = LetterParams(unread=replace(UnreadParams(), **params))
    reader.recognizer = replace(reader.recognizer, params=changed)
    return reader.read(picture).text


def test_the_band_of_a_number_plate_is_no_letter(drawn: Callable[..., Pixels]) -> None:
    plate = drawn(["PD935BG"])[:, 18:]
    band = np.full((len(plate), 24), 60, np.uint8)
    cv2.rectangle(band, (6, 20), (18, len(plate) - 20), 200, 3)
    picture = np.hstack([band, plate])
    assert reads(picture, "word", letters=100) == "IPD935BG"
    assert [reads(picture, kind) for kind in ("word", "line", "auto")] == ["PD935BG"] * 3


@pytest.mark.parametrize("text", ["Type I", "I AM HERE", "World War I", "1 apple", "HAWAII", "71111", "lull"])
@pytest.mark.parametrize("pipeline", ["line", "auto"])
def test_strokes_at_the_ends_of_a_line_stay(drawn: Callable[..., Pixels], text: str, pipeline: str) -> None:
    for size in (18, 40):
        picture = drawn([text], size=size)
        found = reads(picture, pipeline)
        assert len(found.replace(" ", "")) == len(text.replace(" ", ""))
        assert found == reads(picture, pipeline, letters=100)
