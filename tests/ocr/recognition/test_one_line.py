"""Pictures that one line fills, read without a word about what they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt
import pytest

import ocr
from ocr.recognition import one_line
from ocr.recognition.line_reader import LineReader
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


def as_page(reader: ocr.Reader, picture: Pixels, monkeypatch: pytest.MonkeyPatch) -> str:
    """Read a picture as one sheet alone, without the regions beside that."""
    with monkeypatch.context() as patch:
        patch.setattr("ocr.reader.read_beside", lambda whole, *_: [whole])
        patch.setattr("ocr.reader.read_as_line", lambda lattices, *_: lattices)
        return reader.read_page(picture).text


@pytest.mark.parametrize("enlarged", [1.0, 5.0])
def test_a_word_at_an_angle_is_read(
    drawn: Drawn, reader: ocr.Reader, monkeypatch: pytest.MonkeyPatch, enlarged: float
) -> None:
    """As a page such a picture holds nothing that looks like a line."""
    word = turned(cut_out(drawn(["Garden"], 30)), 24.0)
    picture = np.asarray(cv2.resize(word, None, fx=enlarged, fy=enlarged), np.uint8)
    assert (min(picture.shape) > STANDARD.regions.small) == (enlarged > 1)
    page = reader.read_page(picture)
    assert page.text == "Garden"
    assert (page.width, page.height) == picture.shape[::-1]
    box = page.lines[0].box
    assert box.width > 0.6 * page.width and box.height > 0.6 * page.height
    assert as_page(reader, picture, monkeypatch) != "Garden"


def test_a_picture_that_is_reduced_too_much_is_not_read(
    drawn: Drawn, reader: ocr.Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ocr.reader.read_beside", lambda whole, *_: [whole])
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


def test_a_long_line_that_a_page_parts_is_one_line(
    drawn: Drawn, reader: ocr.Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last word of the line stands too low for the line that a page has there."""
    texts = "the lazy dog and all the other animals of the farm", "runs home to eat"
    parts = [drawn([text], 24, 4) for text in texts]
    height = max(len(part) for part in parts)
    picture = np.full((height + 10, sum(part.shape[1] for part in parts)), 255, np.uint8)
    left = 0
    for part, top in zip(parts, (0, 10), strict=True):
        picture[top : top + len(part), left : left + part.shape[1]] = part
        left += part.shape[1]
    assert left > reader.recognizer.params.rectified.longest * len(picture)
    assert as_page(reader, picture, monkeypatch) == "\n".join(texts)
    assert reader.read_page(picture).text == " ".join(texts)


def test_a_picture_without_text_has_none(reader: ocr.Reader) -> None:
    generator = np.random.default_rng(3)
    grain = generator.integers(0, 256, (90, 120)).astype(np.uint8)
    leaves = cv2.GaussianBlur(grain, (0, 0), 4)
    leaves = np.asarray(cv2.normalize(leaves, np.empty_like(leaves), 0, 255, cv2.NORM_MINMAX), np.uint8)
    large = np.asarray(cv2.resize(leaves, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC), np.uint8)
    assert [reader.read(picture).text for picture in (grain, leaves, large)] == ["", "", ""]


def test_lines_that_were_read_as_a_page_are_not_read_again(
    reader: ocr.Reader, drawn: Drawn, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = reader.recognizer.seen(reader.pipeline.run(drawn(["Seven boats went", "home on Monday"])))
    lattice = reader.recognizer.read(seen, reader.pipeline)
    known = reader.recognizer.seen(lattice.sheet).evidence

    def likely(_: LineReader, strips: Sequence[Pixels]) -> list[Pixels]:
        assert not strips, "read again"
        return []

    monkeypatch.setattr(LineReader, "likely", likely)
    again = reader.recognizer.seen_again(lattice).evidence
    assert known.total > 0 and np.array_equal(again.of_lines, known.of_lines)


def test_what_was_read_of_other_ink_is_not_kept(reader: ocr.Reader, drawn: Drawn) -> None:
    seen = reader.recognizer.seen(reader.pipeline.run(drawn(["Seven boats went"])))
    assert not seen.strips_of(seen.sheet)
    assert seen.evidence.total > 0
    assert len(seen.strips_of(seen.sheet)) == 1
    assert not seen.strips_of(replace(seen.sheet, dark=seen.sheet.dark.copy()))
    seen.is_spelled = True
    assert not seen.strips_of(seen.sheet)
