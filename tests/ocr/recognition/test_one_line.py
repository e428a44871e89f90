"""Pictures that one line fills, read without a word about what they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt
import pytest

import ocr
from ocr.recognition import one_line
from ocr.recognition.params import STANDARD, LetterParams
from ocr.recognition.ways import looks_at_line
from tests.ocr.recognition.test_rectified import turned
from tests.ocr.recognition.test_spelled import cut_out

Pixels = npt.NDArray[np.uint8]
Drawn = Callable[..., Pixels]


@pytest.fixture(scope="module")
def reader() -> ocr.Reader:
    return ocr.Reader()


def with_params(reader: ocr.Reader, params: LetterParams) -> ocr.Reader:
    other = ocr.Reader()
    other.recognizer = replace(reader.recognizer, params=params)
    return other


def without_lines(reader: ocr.Reader) -> ocr.Reader:
    """Return a reader to which any picture is too long for one line."""
    params = reader.recognizer.params
    return with_params(reader, replace(params, rectified=replace(params.rectified, longest=1.0)))


@pytest.mark.parametrize("enlarged", [1.0, 5.0])
def test_a_word_at_an_angle_is_read(drawn: Drawn, reader: ocr.Reader, enlarged: float) -> None:
    """As a page such a picture holds nothing that looks like a line."""
    word = turned(cut_out(drawn(["Garden"], 30)), 24.0)
    picture = np.asarray(cv2.resize(word, None, fx=enlarged, fy=enlarged), np.uint8)
    assert (min(picture.shape) > STANDARD.regions.small) == (enlarged > 1)
    page = reader.read_page(picture)
    assert page.text == "Garden"
    assert (page.width, page.height) == picture.shape[::-1]
    box = page.lines[0].box
    assert box.width > 0.6 * page.width and box.height > 0.6 * page.height
    assert without_lines(reader).read_page(picture).text != "Garden"


def test_a_picture_that_is_reduced_too_much_is_not_read(drawn: Drawn, reader: ocr.Reader) -> None:
    picture = turned(cut_out(drawn(["Garden"], 30)), 24.0)
    params = reader.recognizer.params
    reduced = with_params(reader, replace(params, regions=replace(params.regions, small=8)))
    assert reduced.read_page(picture).text != "Garden"


@pytest.mark.parametrize("has_line_below", [True, False])
def test_a_line_that_would_lose_another_one_is_not_taken(
    drawn: Drawn, reader: ocr.Reader, monkeypatch: pytest.MonkeyPatch, has_line_below: bool
) -> None:
    """Of two lines that are surely text, the clearest cut holds the first one."""
    lines = [cut_out(drawn([text], 24)) for text in ("Double Quotes", "the lazy dog")]
    height, width = lines[0].shape
    picture = np.full((2 * height + lines[1].shape[0], 2 * width), int(np.median(lines[0])), np.uint8)
    picture[:height, :width] = lines[0]
    if has_line_below:
        picture[2 * height :, : lines[1].shape[1]] = lines[1]
    cut, recognizer = picture[:height, :width], reader.recognizer
    (look,) = looks_at_line(cut, recognizer)
    monkeypatch.setattr(one_line, "_looked_at", lambda *_: [((cut, np.eye(3)), look)])
    monkeypatch.setattr(one_line, "_is_line", lambda *_: False)
    monkeypatch.setattr(one_line, "is_sure", lambda *_: False)
    monkeypatch.setattr(one_line, "is_surer", lambda *_: True)
    page = reader.lattices(picture)
    assert (one_line.read_as_line(page, picture, recognizer) is page) == has_line_below


def test_a_picture_without_text_has_none(reader: ocr.Reader) -> None:
    generator = np.random.default_rng(3)
    grain = generator.integers(0, 256, (90, 120)).astype(np.uint8)
    leaves = cv2.GaussianBlur(grain, (0, 0), 4)
    leaves = np.asarray(cv2.normalize(leaves, np.empty_like(leaves), 0, 255, cv2.NORM_MINMAX), np.uint8)
    large = np.asarray(cv2.resize(leaves, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC), np.uint8)
    assert [reader.read(picture).text for picture in (grain, leaves, large)] == ["", "", ""]
