"""What shows through from the back of a sheet is faint and mirrored, and is not read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt
import pytest

import ocr
from ocr.recognition.params import ThroughParams
from ocr.recognition.shown_through import contrast

Pixels = npt.NDArray[np.uint8]
Drawn = Callable[..., Pixels]
FRONT = ["The kitchen garden is", "behind the old bridge", "over the yellow river"]
BACK = ["", "Harbour and station", "", "Seven boats"]


def sheet(drawn: Drawn, back: Pixels | None = None, share: float = 0.3) -> Pixels:
    """Return text with the mirrored text of the back between its lines."""
    page = drawn(FRONT, size=30, margin=60, gap=2.6)
    behind = np.full(page.shape, 255, np.uint8)
    text = drawn(["Harbour and station"], size=30, margin=4) if back is None else back
    for top in (100, 178):
        behind[top : top + len(text), 60 : 60 + text.shape[1]] = text
    soft = cv2.GaussianBlur(behind, (0, 0), 1.2)
    return np.minimum(page, (255 - share * (255.0 - soft)).astype(np.uint8))


@pytest.fixture(scope="module")
def reader() -> ocr.Reader:
    return ocr.Reader()


def mirrored(drawn: Drawn) -> Pixels:
    return np.ascontiguousarray(drawn(["Harbour and station"], size=30, margin=4)[:, ::-1])


def test_mirrored_text_is_not_read_and_faint_text_is(drawn: Drawn, reader: ocr.Reader) -> None:
    assert reader.read_page(sheet(drawn, mirrored(drawn))).text.splitlines() == FRONT
    assert "Harbour and station" in reader.read_page(sheet(drawn)).text


def test_contrast_is_that_of_ink_and_paper(drawn: Drawn) -> None:
    line = drawn(["kitchen garden"], size=30)
    assert contrast(line) > 200
    assert contrast((200 + line.astype(int) // 10).astype(np.uint8)) == pytest.approx(
        contrast(line) / 10, abs=2
    )


@pytest.mark.parametrize("params", [ThroughParams(faint=0.0), ThroughParams(letters=1_000)])
def test_the_params_of_a_recognizer_reach_it(drawn: Drawn, reader: ocr.Reader, params: ThroughParams) -> None:
    other = ocr.Reader()
    other.recognizer = replace(reader.recognizer, params=replace(reader.recognizer.params, through=params))
    assert len(other.read_page(sheet(drawn, mirrored(drawn))).text.splitlines()) > len(FRONT)
