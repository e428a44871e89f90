"""Places within lines of text where nothing is read, or nothing surely, are read by themselves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageDraw

import ocr
from ocr.finding.region import TextRegion, region_of
from ocr.recognition.classify import BUNDLED, load_classifier
from ocr.recognition.lattice import Lattice
from ocr.recognition.missed_text import missed_texts
from ocr.recognition.params import STANDARD, RegionParams
from tests.ocr.recognition.test_awkward import font
from tests.ocr.recognition.test_doubted_text import BODY, boxes_of, doubt

Pixels = npt.NDArray[np.uint8]
REJECTS = load_classifier(BUNDLED).rejects
TEXT = "The quick brown fox jumps"


@pytest.fixture(scope="module")
def reader() -> ocr.Reader:
    return ocr.Reader()


def page(noise: float = 2.0) -> Image.Image:
    grey = np.random.default_rng(0).normal(225, noise, (170, 460))
    image = Image.fromarray(grey.clip(0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    for k, text in enumerate(BODY):
        draw.text((30, 30 + 42 * k), text, fill=20, font=font(22))
    return image


def in_glare() -> Pixels:
    """Draw a page on which a lamp makes some letters of two lines very pale."""
    pixels = np.asarray(page()).astype(np.float32)
    rows, columns = np.mgrid[: pixels.shape[0], : pixels.shape[1]]
    spot = 0.88 * np.exp(-(((columns - 220) / 70) ** 2) - ((rows - 62) / 60) ** 2)
    return np.asarray((pixels * (1 - spot) + 255 * spot).clip(0, 255).astype(np.uint8))


def test_words_in_glare_are_read(reader: ocr.Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    pixels = in_glare()
    assert reader.read_page(pixels).text.splitlines() == BODY
    regions = replace(STANDARD.regions, missed=100.0)
    monkeypatch.setattr(
        reader, "recognizer", replace(reader.recognizer, params=replace(STANDARD, regions=regions))
    )
    assert reader.read_page(pixels).text.splitlines() != BODY


@pytest.fixture(scope="module")
def line(reader: ocr.Reader, drawn_once: Any) -> tuple[Pixels, Lattice, TextRegion]:
    pixels = drawn_once([TEXT])
    lattice = reader.lattice(pixels)
    boxes = boxes_of(pixels, lattice)
    (left, top), (right, bottom) = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    middle = np.array([(left + right) / 2, (top + bottom) / 2])
    return pixels, lattice, region_of(middle, float(right - left), float(bottom - top), 0.0, 1.0)


def letters_of(word: str) -> slice:
    start = TEXT.replace(" ", "").index(word)
    return slice(start, start + len(word))


def in_doubt(lattice: Lattice, letters: slice, shape: float = 0.6) -> Lattice:
    """Return a lattice in which letters have less evidence, and this probability by their shapes."""
    scores = lattice.scores.copy()
    runs, classes, _ = lattice.chosen[letters].T
    scores[runs, classes] = np.log(shape)
    return replace(doubt(lattice, letters, 5.0), scores=scores)


def names(mask: npt.NDArray[np.bool_]) -> str:
    return "".join(letter for letter, is_in in zip(TEXT.replace(" ", ""), mask, strict=True) if is_in)


def test_a_word_in_doubt_is_missed_and_a_line_that_is_read_is_not(line: Any) -> None:
    pixels, lattice, region = line
    boxes, params = boxes_of(pixels, lattice), RegionParams()
    assert missed_texts([region], lattice, boxes, REJECTS, params) == []
    doubted = in_doubt(lattice, letters_of("brown"))
    [(place, instead)] = missed_texts([region], doubted, boxes, REJECTS, params)
    assert [names(text.letters) for _, text in instead] == ["quickbrownfox", "brown"]
    assert {names(text.near) for _, text in instead} == {"quickbrownfox"}
    wide, narrow = (part.corners[:2, 0] for part, _ in instead)
    quick, fox = boxes[letters_of("quick")], boxes[letters_of("fox")]
    assert wide == pytest.approx([quick[:, 0].min(), fox[:, 2].max()])
    room = params.around * region.height
    assert narrow == pytest.approx([quick[:, 2].max() + room, fox[:, 0].min() - room])
    assert narrow == pytest.approx(place.corners[:2, 0])
    assert missed_texts([region], doubted, boxes, REJECTS, replace(params, missed=9.0)) == []
    clear = in_doubt(lattice, letters_of("brown"), 0.9)
    assert missed_texts([region], clear, boxes, REJECTS, params) == []


def test_of_two_places_beside_one_word_the_longer_one_is_taken(line: Any) -> None:
    pixels, lattice, region = line
    doubted = in_doubt(in_doubt(lattice, letters_of("quick")), letters_of("fox"))
    found = missed_texts([region], doubted, boxes_of(pixels, lattice), REJECTS, RegionParams())
    assert [names(instead[1][1].letters) for _, instead in found] == ["quick"]


def test_the_end_of_a_line_is_missed(line: Any) -> None:
    pixels, lattice, region = line
    added = np.array([[0, 0], [99, 0], [99, 0], [0, 0]])
    longer = replace(region, corners=np.add(region.corners, added))
    params = RegionParams(missed=0.9 * 99 / region.height)
    [(place, instead)] = missed_texts([longer], lattice, boxes_of(pixels, lattice), REJECTS, params)
    assert place.length == pytest.approx(99 - params.around * region.height, abs=2)
    assert [names(text.letters) for _, text in instead] == ["jumps", ""]
    assert instead[1][1].total == 0.0


def test_another_reading_of_a_place_must_be_as_long_and_have_more_evidence(line: Any) -> None:
    pixels, lattice, region = line
    boxes = boxes_of(pixels, lattice)
    doubted = in_doubt(lattice, letters_of("brown"))
    [(_, [(_, text), _])] = missed_texts([region], doubted, boxes, REJECTS, RegionParams())
    assert text.is_worse_than(lattice, REJECTS)
    assert not replace(text, total=100.0).is_worse_than(lattice, REJECTS)
    assert not replace(text, letters=np.ones(40, bool)).is_worse_than(lattice, REJECTS)
