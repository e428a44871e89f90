"""Lines whose letters the line network alone tells from what is behind them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt
import pytest

import ocr
from ocr.recognition.params import STANDARD
from ocr.recognition.spelled import Look, look_at, look_at_likely, spelled
from pipelines.pipeline import PRESETS
from pipelines.sheet import Sheet

Pixels = npt.NDArray[np.uint8]
Drawn = Callable[..., Pixels]
ROWS = STANDARD.spelled.region_rows


@pytest.fixture(scope="module")
def reader() -> ocr.Reader:
    return ocr.Reader()


def cut_out(text: Pixels) -> Pixels:
    """Return a drawn line with a quarter of its height around it."""
    inked = np.flatnonzero((text < 128).any(axis=1))
    room = np.ptp(inked) // 4
    return text[inked[0] - room : inked[-1] + room]


def on_a_slope(text: Pixels) -> Pixels:
    """Return a text whose letters are somewhat darker than the ground, which grows darker to the right."""
    ground = np.linspace(250, 90, text.shape[1])
    shown = ground - 60.0 * (255 - cv2.GaussianBlur(text, (0, 0), 0.8)) / 255.0
    return np.clip(shown, 0, 255).astype(np.uint8)


def sheet_of(reader: ocr.Reader, picture: Pixels, preset: str = "line") -> tuple[Look, Sheet]:
    line_reader = reader.recognizer.line_reader
    [look] = look_at([picture], ROWS, line_reader)
    sheet = spelled(picture, look, PRESETS[preset], line_reader, STANDARD.spelled)
    assert sheet is not None
    return look, sheet


@pytest.mark.parametrize("is_light", [False, True])
def test_a_look_tells_text_from_grain_and_from_plain_paper(
    is_light: bool, drawn: Drawn, reader: ocr.Reader
) -> None:
    text = cut_out(drawn(["Seven wizards"]))
    grain = np.random.default_rng(0).integers(0, 255, text.shape).astype(np.uint8)
    cuts = [255 - text if is_light else text, grain, np.full_like(text, 128)]
    first, *others = look_at(cuts, ROWS, reader.recognizer.line_reader)
    assert first.evidence > 5 > 0.3 > max(look.evidence for look in others)
    assert first.letters == pytest.approx(12, abs=1)
    np.testing.assert_array_equal(first.grey, text)


def test_every_letter_is_given_its_ink_though_no_threshold_finds_it(drawn: Drawn, reader: ocr.Reader) -> None:
    plain = cut_out(drawn(["Seven wizards"]))
    _, sheet = sheet_of(reader, on_a_slope(plain))
    [line] = sheet.lines
    assert [len(word) for word in line.words] == [5, 7]
    boxes = cv2.perspectiveTransform(
        sheet.components.boxes.astype(float).reshape(1, -1, 2), sheet.to_picture
    ).reshape(-1, 4)
    ink = (plain < 128).any(axis=0)
    starts = np.flatnonzero(np.diff(ink.astype(int), prepend=0) > 0)
    assert len(starts) == 12
    np.testing.assert_allclose(np.sort(boxes[:, 0]), starts, atol=3)
    inside = np.zeros(plain.shape, bool)
    for left, top, right, bottom in np.round(boxes).astype(int).tolist():
        inside[top:bottom, left:right] = True
    assert (plain < 60)[inside].sum() > 0.95 * (plain < 60).sum()


def test_a_word_is_one_whatever_the_network_sees_between_its_letters(
    drawn: Drawn, reader: ocr.Reader
) -> None:
    picture = cut_out(drawn(["Seven wizards"]))
    assert [len(line.words) for line in sheet_of(reader, picture, "word")[1].lines] == [1]


def test_nothing_is_spelled_where_nothing_is_read(reader: ocr.Reader) -> None:
    blank, line_reader = np.full((40, 200), 200, np.uint8), reader.recognizer.line_reader
    [look] = look_at([blank], ROWS, line_reader)
    assert spelled(blank, look, PRESETS["line"], line_reader, STANDARD.spelled) is None


def test_what_no_threshold_tells_from_its_ground_is_read(drawn: Drawn, reader: ocr.Reader) -> None:
    picture = on_a_slope(cut_out(drawn(["Seven wizards"], 30)))
    assert ocr.read(picture, pipeline="line").text == "Seven wizards"


def test_params_change_how_far_the_last_letters_reach(drawn: Drawn, reader: ocr.Reader) -> None:
    picture, line_reader = cut_out(drawn(["HM"])), reader.recognizer.line_reader
    [look] = look_at([picture], ROWS, line_reader)
    widths = []
    for reach in (0.2, 0.65):
        params = replace(STANDARD.spelled, reach=reach)
        sheet = spelled(picture, look, PRESETS["line"], line_reader, params)
        assert sheet is not None
        widths.append(int(np.ptp(sheet.components.boxes[:, ::2])))
    assert widths[0] < widths[1]


def test_only_what_begins_as_text_is_looked_at_as_a_whole(drawn: Drawn, reader: ocr.Reader) -> None:
    text, line_reader = cut_out(drawn(["Seven wizards"])), reader.recognizer.line_reader
    blank = np.full_like(text, 255)
    cuts = [np.hstack([blank, blank, text]), text, np.hstack([text, blank]), blank]
    begun = look_at_likely(cuts, ROWS, line_reader, STANDARD.regions)
    assert list(begun) == [1, 2]
    for k, look in begun.items():
        [whole] = look_at([cuts[k]], ROWS, line_reader)
        assert (look.rows, look.letters) == (whole.rows, whole.letters)
        np.testing.assert_allclose(look.likely, whole.likely, atol=1e-3)


def test_a_frame_that_is_darker_than_the_letters_hides_none_of_them(drawn: Drawn, reader: ocr.Reader) -> None:
    text = cut_out(drawn(["RK715AA"]))
    faint = np.clip(text.astype(float) * 0.25 + 160, 0, 255).astype(np.uint8)
    framed = np.pad(faint, 24)
    line_reader = reader.recognizer.line_reader
    [look] = look_at([framed], STANDARD.spelled.rows, line_reader)
    sheet = spelled(framed, look, PRESETS["word"], line_reader, STANDARD.spelled)
    assert sheet is not None
    assert len(sheet.stacks) == look.letters >= 6


def test_a_spelled_word_is_read_as_the_look_has_it(drawn: Drawn, reader: ocr.Reader) -> None:
    """The evidence of its letters is that of the strip on which they were located."""
    look, sheet = sheet_of(reader, on_a_slope(cut_out(drawn(["wizard"]))), "word")
    seen = reader.recognizer.seen(sheet)
    seen.spell(sheet.lines[0], look.strips(len(sheet.grey)))
    assert seen.evidence.total == pytest.approx(look.evidence)
    lattice = reader.recognizer.read(seen, PRESETS["word"])
    classes = reader.recognizer.classifier.classes
    assert "".join(classes[c] for c in lattice.chosen[:, 1]) == "wizard"


def test_a_look_keeps_the_next_one_in_another_size_that_reads_the_same(
    drawn: Drawn, reader: ocr.Reader
) -> None:
    """The evidence of a spelled word is the mean over both, and no other strip of it is read."""
    look, sheet = sheet_of(reader, on_a_slope(cut_out(drawn(["wizard"]))), "word")
    assert look.again is not None and look.again.again is None
    assert look.again.rows != look.rows and look.again.grey is look.grey
    assert look.again.evidence <= look.evidence and abs(look.again.letters - look.letters) <= 1
    seen = reader.recognizer.seen(sheet)
    seen.spell(sheet.lines[0], look.strips(len(sheet.grey)))
    [read] = seen.lines(sheet, sure=0.0)
    assert len(read) == 2
    width = sheet.grey.shape[1]
    for one in read:
        assert one.left == 0 and len(one.space) * one.pitch == pytest.approx(width, rel=0.1)


def test_a_size_in_which_other_text_is_read_does_not_count(drawn: Drawn, reader: ocr.Reader) -> None:
    picture = cut_out(drawn(["Seven wizards"]))
    [look] = look_at([picture], (31.0, 150.0), reader.recognizer.line_reader)
    assert look.rows == 31.0 and look.again is None
