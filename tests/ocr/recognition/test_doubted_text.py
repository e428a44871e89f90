"""Text on a sheet that the line network doubts is read by itself, and put back into its row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageDraw

import ocr
from ocr.finding.region import region_of
from ocr.recognition.classify import BUNDLED, load_classifier
from ocr.recognition.doubted_text import doubted_texts, letter_evidence, unlikely_beside, without
from ocr.recognition.lattice import Lattice
from ocr.recognition.page import page_of
from ocr.recognition.params import RegionParams
from pipelines.sources.load import Picture
from tests.ocr.recognition.test_awkward import font

Pixels = npt.NDArray[np.uint8]
BODY = [
    "The garden was full of people, and",
    "the children played there. Nobody",
    "went home before the evening.",
]


REJECTS = load_classifier(BUNDLED).rejects


@pytest.fixture(scope="module")
def reader() -> ocr.Reader:
    return ocr.Reader()


@pytest.fixture(scope="module")
def line(reader: ocr.Reader, drawn_once: Callable[..., Pixels]) -> tuple[Pixels, Lattice]:
    pixels = drawn_once(["The quick brown fox jumps"])
    return pixels, reader.lattice(pixels)


def poster(title: int, header: tuple[int, int, int] = (90, 110, 50), noise: float = 0.0) -> Pixels:
    """Draw white on a coloured header, a large title, and small body text, uint8 (H, W, 3)."""
    image = Image.new("RGB", (640, 330), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 640, 70), fill=header)
    draw.text((25, 18), "Village Garden Party", fill="white", font=font(30))
    draw.text((20, 85), "Welcome", fill="black", font=font(title))
    for k, text in enumerate(BODY):
        draw.text((20, 210 + 30 * k), text, fill="black", font=font(18))
    grey = np.asarray(image) + np.random.default_rng(0).normal(0, noise, (330, 640, 3))
    pixels = np.clip(grey, 0, 255).astype(np.uint8)
    return np.asarray(cv2.imdecode(cv2.imencode(".jpg", pixels, [1, 80])[1], 1), np.uint8)


@pytest.mark.parametrize(("title", "noise"), [(70, 0.0), (50, 5.0)])
def test_header_title_and_body_of_a_poster_are_read_with_all_stops(
    title: int, noise: float, reader: ocr.Reader
) -> None:
    lines = reader.read_page(poster(title, noise=noise)).text.splitlines()
    assert lines == ["Village Garden Party", "Welcome", *BODY]


def boxes_of(pixels: Pixels, lattice: Lattice) -> npt.NDArray[np.int32]:
    return lattice.read_boxes(pixels.shape[1], pixels.shape[0])


def doubt(lattice: Lattice, letters: slice, by: float) -> Lattice:
    """Return a lattice in which some letters have less evidence."""
    evidence = lattice.evidence.copy()
    runs, classes, _ = lattice.chosen[letters].T
    evidence[runs, classes] -= by
    return replace(lattice, evidence=evidence)


def test_letters_with_little_evidence_are_doubted_and_others_are_not(line: tuple[Pixels, Lattice]) -> None:
    pixels, lattice = line
    boxes, params = boxes_of(pixels, lattice), RegionParams()
    height, width = pixels.shape
    region = region_of(np.array([width / 2, height / 2]), width, height / 2, 0.0, 1.0)
    away = region_of(np.array([width / 2, 5.0 * height]), width, height / 2, 0.0, 1.0)
    assert doubted_texts([region, away], lattice, boxes, REJECTS, params) == []
    found = doubted_texts([region, away], doubt(lattice, slice(None), 5.0), boxes, REJECTS, params)
    assert [each for each, _ in found] == [region]
    assert found[0][1].letters.all() and found[0][1].row == 0


def test_a_region_with_several_lines_of_the_sheet_is_read_anew(
    reader: ocr.Reader, drawn_once: Callable[..., Pixels]
) -> None:
    pixels = drawn_once(["The quick brown fox", "jumps over the lazy"])
    lattice = reader.lattice(pixels)
    height, width = pixels.shape
    both = region_of(np.array([width / 2, height / 2]), width, 0.8 * height, 0.0, 1.0)
    params = RegionParams(larger=100.0)

    def texts(params: RegionParams) -> list[Any]:
        return [
            text for _, text in doubted_texts([both], lattice, boxes_of(pixels, lattice), REJECTS, params)
        ]

    (text,) = texts(params)
    assert (text.surer, text.as_long) == (0.0, params.parted)
    assert not doubted_texts([both] * 9, lattice, boxes_of(pixels, lattice), REJECTS, params)


def test_words_beside_all_regions_that_the_line_network_does_not_read_are_unlikely(
    line: tuple[Pixels, Lattice], monkeypatch: pytest.MonkeyPatch
) -> None:
    pixels, lattice = line
    height, width = pixels.shape
    boxes, params, classifier = boxes_of(pixels, lattice), RegionParams(), load_classifier(BUNDLED)
    count = len(lattice.chosen)
    begins = np.flatnonzero(lattice.chosen[:, 2] == 0)
    last = np.arange(count) >= begins[-1]
    before = float(boxes[last, 0].min()) - height / 4
    region = region_of(np.array([before / 2, height / 2]), before, height / 2, 0.0, 1.0)

    def unlikely(seen: Lattice, params: RegionParams = params) -> npt.NDArray[np.bool_]:
        return unlikely_beside([region], seen, boxes, classifier, params)

    unread = doubt(lattice, slice(None), 5.0)
    assert not unlikely(lattice).any()
    assert not unlikely(unread).any()  # its shapes are clear
    scores = unread.scores.copy()
    scores[lattice.chosen[:, 0], lattice.chosen[:, 1]] = -2.0
    vague = replace(unread, scores=scores)
    assert (unlikely(vague) == last).all()
    assert not unlikely(vague, replace(params, unlikely=9.0)).any()
    assert not unlikely(vague, replace(params, clear=0.1)).any()
    short = replace(lattice, scores=np.minimum(lattice.scores, -2.0))
    assert not unlikely(short).any()  # it has more than two letters
    region_of_all = region_of(np.array([width / 2, height / 2]), width, height / 2, 0.0, 1.0)
    monkeypatch.setattr("ocr.recognition.doubted_text.SHORT", count)
    assert (unlikely(short) == last).all()
    assert not unlikely(short, replace(params, unclear=0.1)).any()
    assert not unlikely_beside([region_of_all], vague, boxes, classifier, params).any()
    assert not unlikely_beside([], vague, boxes, classifier, params).any()


def test_large_letters_are_doubted(line: tuple[Pixels, Lattice]) -> None:
    pixels, lattice = line
    height, width = pixels.shape
    region = region_of(np.array([width / 2, height / 2]), width, 10.0 * height, 0.0, 1.0)
    ((_, text),) = doubted_texts([region], lattice, boxes_of(pixels, lattice), REJECTS, RegionParams())
    assert text.as_long == 1.0 and text.is_worse_than(doubt(lattice, slice(None), 0.1), REJECTS)


def test_a_reading_replaces_another_if_it_has_more_evidence_and_as_many_letters(
    line: tuple[Pixels, Lattice],
) -> None:
    pixels, lattice = line
    height, width = pixels.shape
    region = region_of(np.array([width / 2, height / 2]), width, height / 2, 0.0, 1.0)
    boxes, params = boxes_of(pixels, lattice), RegionParams()
    ((_, text),) = doubted_texts([region], doubt(lattice, slice(None), 5.0), boxes, REJECTS, params)
    assert text.is_worse_than(lattice, REJECTS)
    assert not text.is_worse_than(doubt(lattice, slice(None), 5.0), REJECTS)
    assert not replace(text, surer=10.0).is_worse_than(lattice, REJECTS)
    short = without(lattice, np.arange(len(lattice.chosen)) > 3)
    assert not text.is_worse_than(short, REJECTS)
    assert replace(text, as_long=0.1).is_worse_than(short, REJECTS)


def test_what_is_read_as_no_letter_has_no_evidence(line: tuple[Pixels, Lattice]) -> None:
    _, lattice = line
    rejects = REJECTS.copy()
    rejects[lattice.chosen[2, 1]] = True
    found = letter_evidence(lattice, rejects)
    assert np.isnan(found[2]) and not np.isnan(found[:2]).any()


def test_words_are_given_up_with_most_of_their_letters(line: tuple[Pixels, Lattice]) -> None:
    _, lattice = line
    letters = np.zeros(len(lattice.chosen), bool)
    letters[[1, 2, 4]] = True  # "he" of "The", and one letter of "quick"
    left = without(lattice, letters)
    assert [bool(word) for word in left.readings] == [False, True, True, True, True]
    assert len(letter_evidence(left, REJECTS)) == len(letters) - 3


def test_a_part_of_a_row_is_put_back_at_its_place(reader: ocr.Reader, line: tuple[Pixels, Lattice]) -> None:
    pixels, lattice = line
    middle = np.repeat([False, True, False], [8, 5, len(lattice.chosen) - 13])
    part = replace(without(lattice, ~middle), row=0)

    def text_of(*lattices: Any) -> str:
        return page_of(lattices, Picture(pixels, "", 1), reader.recognizer, 5).text

    assert text_of(without(lattice, middle)) == "The quick fox jumps"
    assert text_of(without(lattice, middle), part) == "The quick brown fox jumps"
    assert text_of(without(lattice, np.ones(len(lattice.chosen), bool)), replace(lattice, row=0)) == (
        "The quick brown fox jumps"
    )
