"""Blurred pages are read sharpened; sharp ones are read once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt
import pytest

import ocr
from ocr.finding.text_finder import find_text
from ocr.recognition.blurred import blur_of_text
from ocr.recognition.params import STANDARD, BlurParams

Pixels = npt.NDArray[np.uint8]
Drawn = Callable[..., Pixels]
LINES = ["The kitchen garden is", "behind the old bridge", "over the yellow river"]


def blurred(drawn: Drawn, share: float = 0.09, size: int = 28) -> Pixels:
    return np.asarray(cv2.GaussianBlur(drawn(LINES, size=size, margin=40), (0, 0), share * size), np.uint8)


@pytest.fixture(scope="module")
def reader() -> ocr.Reader:
    return ocr.Reader()


def without_sharpening(reader: ocr.Reader) -> ocr.Reader:
    params = replace(reader.recognizer.params, blur=BlurParams(share=1.0))
    other = ocr.Reader()
    other.recognizer = replace(reader.recognizer, params=params)
    return other


def test_a_blurred_page_is_read(drawn: Drawn, reader: ocr.Reader, edits: Callable[[str, str], int]) -> None:
    page, is_there = blurred(drawn), "\n".join(LINES)
    wrong = edits(reader.read_page(page).text, is_there)
    assert wrong == 0 < edits(without_sharpening(reader).read_page(page).text, is_there)


def test_letters_of_a_sharpened_page_lie_where_they_are(drawn: Drawn, reader: ocr.Reader) -> None:
    page = blurred(drawn)
    inked = np.argwhere(page < 190)
    glyphs = ocr.Document((reader.read_page(page),), "").glyphs
    boxes = np.array([(glyph.box.left, glyph.box.top, glyph.box.right, glyph.box.bottom) for glyph in glyphs])
    assert np.abs(boxes[:, :2].min(axis=0) - inked.min(axis=0)[::-1]).max() <= 6
    assert np.abs(boxes[:, 2:].max(axis=0) - inked.max(axis=0)[::-1]).max() <= 6


def blur(page: Pixels, **params: float) -> float:
    return blur_of_text(page, find_text(page), BlurParams(**params))  # type: ignore[arg-type]


def test_only_blur_that_makes_letters_touch_counts(drawn: Drawn) -> None:
    sharp, soft = drawn(LINES, size=28, margin=40), blurred(drawn)
    assert blur(sharp) == 0 and blur(soft) == pytest.approx(2.5, rel=0.3)
    assert blur(blurred(drawn, 0.03, size=80)) == 0
    assert blur(sharp, share=0.0, least=0.0) > 0
    assert blur(soft, share=0.5) == blur(soft, least=9.0) == blur(soft, long=90.0) == 0
    assert blur_of_text(soft, [], STANDARD.blur) == 0


def test_the_longest_regions_are_measured(drawn: Drawn) -> None:
    soft = blurred(drawn)
    sharp = drawn(["is on it"] * 4, size=28, margin=40)
    page = np.full((len(soft) + len(sharp), max(soft.shape[1], sharp.shape[1])), 255, np.uint8)
    page[: len(soft), : soft.shape[1]] = soft
    page[len(soft) :, : sharp.shape[1]] = sharp
    assert blur(page, regions=3) > 0 == blur(page)


def test_more_rounds_and_more_blur_taken_away_give_sharper_edges(drawn: Drawn) -> None:
    from pipelines.clean.deblur import deblurred

    page, params = blurred(drawn), STANDARD.blur
    steps = [
        np.abs(np.diff(deblurred(page, widened * 2.8, rounds).astype(int))).max()
        for widened, rounds in [(params.widened, 2), (params.widened, params.rounds), (1.4, params.rounds)]
    ]
    assert steps[0] < steps[1] <= steps[2]
