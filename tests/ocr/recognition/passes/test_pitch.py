"""Digits that end at one pitch are one number, whatever white is before a 1; a list's number is a word."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from ocr.recognition.language import load_language
from ocr.recognition.passes.gaps import choose_gaps
from ocr.recognition.passes.spacing import at_one_pitch
from ocr.recognition.weights import load_weights
from pipelines.sheet import Boxes


def display(text: str, pitch: int = 40, height: int = 60) -> Boxes:
    """Return boxes of digits of seven bars, of which a 1 is the right side of its cell alone."""
    ends = np.arange(1, len(text) + 1) * pitch
    widths = np.array([6 if character == "1" else 30 for character in text])
    return np.stack([ends - widths, 0 * ends, ends, 0 * ends + height], axis=1).astype(np.int32)


def test_a_1_on_a_display_is_no_word() -> None:
    assert at_one_pitch(display("001212"), np.ones(6, bool)).all()


@pytest.mark.parametrize(
    ("boxes", "digits"),
    [
        (display("001212", pitch=90), np.ones(6, bool)),
        (display("ABCDEF"), np.zeros(6, bool)),
        (display("123"), np.ones(3, bool)),
    ],
    ids=["digits apart", "letters", "few"],
)
def test_others_are_left_to_the_gaps(boxes: Boxes, digits: npt.NDArray[np.bool_]) -> None:
    assert not at_one_pitch(boxes, digits).any()


def test_digits_in_groups_are_left_apart() -> None:
    boxes = display("123456")
    boxes[3:, [0, 2]] += 30
    assert at_one_pitch(boxes, np.ones(6, bool)).tolist() == [True, True, False, True, True]


def words(text: str, wide: set[int], unsure: set[int]) -> str:
    """Return a line parted into words, its gaps narrow but for some that are wide or nearly so."""
    odds = np.array([4.0 if k in wide else -1.5 if k in unsure else -8.0 for k in range(len(text) - 1)])
    between = choose_gaps(text, odds, load_language("en"), load_weights())
    return "".join(c + " " * bool(b) for c, b in zip(text, [*between, False], strict=True))


def test_the_number_of_a_list_is_a_word() -> None:
    assert words("2.lsweat", {2}, {1}) == "2. l sweat"
    assert words("3.Weneed", {3}, {1}) == "3. We need"


def test_a_number_is_none() -> None:
    assert words("2.14miles", {3}, {1}) == "2.14 miles"


def test_an_address_has_no_spaces() -> None:
    assert words("www.apple.com", set(), {3, 9}) == "www.apple.com"
    assert words("to@me.comor", {8}, {4}) == "to@me.com or"
