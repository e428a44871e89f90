"""When a picture of one line is read in other ways than the first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

import ocr
from ocr.recognition import ways
from ocr.recognition.params import STANDARD
from ocr.recognition.spelled import Look, look_at, spelled
from tests.ocr.recognition.test_spelled import cut_out

Pixels = npt.NDArray[np.uint8]
Drawn = Callable[..., Pixels]


@pytest.mark.parametrize(
    ("share", "more", "mean", "expected"),
    [
        (0.6, True, -0.01, "Seven wizards"),
        (0.6, True, -0.9, "Seven"),
        (0.6, False, -0.01, "Seven"),
        (0.9, True, -0.01, "Seven"),
    ],
)
def test_a_line_is_read_to_its_end_if_the_line_network_reads_more_of_it(
    drawn: Drawn,
    monkeypatch: pytest.MonkeyPatch,
    share: float,
    more: bool,
    mean: float,
    expected: str,
) -> None:
    """The first way sees half of a line, as where blots hide the rest; a look sees all of it."""
    reader = ocr.Reader(pipeline="line")
    whole, half = cut_out(drawn(["Seven wizards"], 30)), cut_out(drawn(["Seven"], 30))
    half = np.pad(half, ((0, 0), (0, whole.shape[1] - half.shape[1])), constant_values=255)
    [look] = look_at([whole if more else half], STANDARD.spelled.rows, reader.recognizer.line_reader)
    look = replace(look, mean=mean)

    def looks(*_: object) -> list[Look]:
        return [look]

    def filled(*_: object) -> float:
        return share

    monkeypatch.setattr(ways, "looks_at_line", looks)
    monkeypatch.setattr(ways, "_text_share", filled)
    monkeypatch.setattr(ways, "spelled", lambda pixels, *others: spelled(whole, *others))
    assert reader.read_page(half).text == expected
