"""What looks like no text is left out, and said; what is text stays."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageDraw, ImageFont

import ocr
from ocr.recognition.text_evidence import LEVEL, NO_CROP, Evidence, beginning, sampled, without_textless
from pipelines.sheet import Components, Sheet, TextLine

Pixels = npt.NDArray[np.uint8]


def grain(rows: int, columns: int) -> Pixels:
    """Return blobs of many sizes, dark and light."""
    noise = np.random.default_rng(5).normal(0, 1, (rows, columns)).astype(np.float32)
    noise = np.asarray(cv2.GaussianBlur(noise, (0, 0), 2), np.float32)
    return np.clip(150 + 60 * noise / noise.std(), 0, 255).astype(np.uint8)


def text(*lines: str) -> Pixels:
    font = ImageFont.load_default(32)
    picture = Image.new("L", (700, 40 + 60 * len(lines)), 245)
    for number, line in enumerate(lines):
        ImageDraw.Draw(picture).text((30, 20 + 60 * number), line, fill=20, font=font)
    return np.asarray(picture)


def sheet(*lengths: int, wide: int = 20) -> Sheet:
    """Return a sheet of lines of so many stacks, in words of up to five; the stacks are 30 high."""
    lines: list[TextLine] = []
    boxes: list[list[int]] = []
    for number, length in enumerate(lengths):
        stacks = [(len(boxes) + k,) for k in range(length)]
        lines.append(TextLine(tuple(tuple(stacks[k : k + 5]) for k in range(0, length, 5)), 30.0))
        boxes += [[wide * k, 40 * number, wide * (k + 1), 40 * number + 30] for k in range(length)]
    empty = np.zeros((10, 10), np.uint8)
    components = Components(empty.astype(np.int32), np.array(boxes, np.int32), np.ones(len(boxes), np.int32))
    return Sheet(empty, empty, components=components, lines=tuple(lines))


def evidence(of_lines: list[float]) -> Evidence:
    """Return that of lines of ten letters each."""
    values = np.array(of_lines)
    return Evidence(values / 10 + LEVEL, np.where(np.isnan(values), 0, 10))


@pytest.fixture(scope="module")
def reader() -> ocr.Reader:
    return ocr.Reader()


def test_of_grain_nothing_is_read_and_that_is_said(reader: ocr.Reader) -> None:
    page = reader.read_page(grain(500, 700))
    assert page.text == ""
    assert any("look like no text and are left out" in warning for warning in page.warnings)


def test_text_over_a_picture_of_grain_is_read(reader: ocr.Reader) -> None:
    written = text("The harbour is closed on Monday")
    page = reader.read_page(np.concatenate([written, np.full((60, 700), 245, np.uint8), grain(260, 700)]))
    assert page.lines[0].text == "The harbour is closed on Monday"


def test_a_picture_that_is_said_to_be_a_line_is_read_unless_it_is_clearly_none() -> None:
    one = sheet(60)
    assert not without_textless(one, evidence([-40.0])).lines
    assert without_textless(one, evidence([-40.0]), NO_CROP) is one
    assert not without_textless(one, evidence([-140.0]), NO_CROP).lines


def test_a_line_where_the_finder_sees_no_text_is_left_out_if_its_own_evidence_is_against() -> None:
    four, found = sheet(5, 5, 5, 5), np.array([True, True, False, False])
    sampled_lines, others = evidence([30.0, np.nan, np.nan, 20.0]), evidence([np.nan, np.nan, -3.0, np.nan])
    assert len(without_textless(four, sampled_lines, found=found).lines) == 4
    assert len(without_textless(four, sampled_lines, found=found, beside=others).lines) == 3


def test_lines_that_the_finder_sees_may_be_clear_among_others_that_are_none() -> None:
    mixed = evidence([30.0, 30.0, -40.0])
    assert not mixed.is_clear
    assert mixed.within(np.array([True, True, False])).is_clear


def test_a_page_of_text_keeps_a_doubtful_line_and_loses_one_that_clearly_is_none() -> None:
    three = sheet(5, 5, 5)
    assert without_textless(three, evidence([30.0, -3.0, 2.0])) is three
    left = without_textless(three, evidence([30.0, -18.0, 2.0]))
    assert len(left.lines) == 2
    assert left.warnings == ("1 of 3 lines look like no text and are left out",)


def test_of_a_page_that_is_no_text_only_a_sure_line_stays() -> None:
    left = without_textless(sheet(5, 6, 7), evidence([-9.0, 2.5, -0.5]))
    assert [sum(map(len, line.words)) for line in left.lines] == [6]


def test_a_line_that_was_not_looked_at_stays_on_a_page_of_text_alone() -> None:
    two = sheet(5, 5)
    assert without_textless(two, evidence([9.0, np.nan])) is two
    assert not without_textless(two, evidence([-9.0, np.nan])).lines


def test_of_a_large_page_some_lines_are_looked_at_and_the_beginnings_of_long_ones() -> None:
    assert sampled(sheet(*[30] * 10)).tolist() == list(range(10))
    chosen = sampled(sheet(*[100] * 40))
    assert 5 <= len(chosen) <= 15 and (np.diff(chosen) == np.diff(chosen)[0]).all()
    two = sheet(40, 1000)
    [short, long] = two.lines
    assert beginning(two, short) is short
    assert len(beginning(two, long).stacks) == 150


def test_blobs_that_are_many_letters_wide_count_for_as_many() -> None:
    blobs = sheet(*[30] * 40, wide=300)
    assert len(sampled(blobs)) <= 10
    assert len(beginning(blobs, blobs.lines[0]).stacks) == 15
    [lone] = sheet(1, wide=90_000).lines
    assert beginning(sheet(1, wide=90_000), lone).stacks == lone.stacks


def test_of_one_line_however_long_the_beginning_is_looked_at() -> None:
    assert sampled(sheet(5000)).tolist() == [0]


def test_what_is_surely_text_is_taken_in_no_other_way() -> None:
    assert evidence([30.0, 30.0, -4.0]).is_clear
    assert not evidence([30.0, -4.0]).is_clear


def test_where_hardly_a_letter_is_read_ink_must_speak_for_text_or_be_one_letter() -> None:
    few = Evidence(np.array([-1.4, np.nan]), np.array([2, 0]))
    found = np.ones(2, bool)
    left = without_textless(sheet(2, 1), few, found=found)
    assert [len(line.stacks) for line in left.lines] == [1]
    sure = Evidence(np.array([-0.1, np.nan]), np.array([2, 0]))
    assert len(without_textless(sheet(2, 3), sure, found=found).lines) == 2
    many = Evidence(np.array([-0.9, -0.8]), np.array([4, 0]))
    assert len(without_textless(sheet(4, 2), many, found=found).lines) == 2
