"""From grey to lines: light, ink, components, skew, words and reading order."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.clean.binarize import binarize
from pipelines.clean.geometry import can_rotate, find_skew, move_boxes, quarter_turn, rotate
from pipelines.clean.light import flatten_light, ink_is_light, to_grey
from pipelines.layout.components import find_components, letter_height, letter_like, stroke_width
from pipelines.layout.limits import Limits
from pipelines.layout.lines import find_lines
from pipelines.layout.words import find_stacks, find_words
from pipelines.pipeline import PRESETS, find_pipeline


def words_of(sheet) -> list[list[int]]:
    return [[len(word) for word in line.words] for line in sheet.lines]


def test_uneven_light_is_evened_out(drawn):
    page = drawn(["uneven light", "on a page"])
    ramp = np.linspace(1, 0.35, page.shape[1])
    shaded = (np.clip(page, 40, 230) * ramp).astype(np.uint8)
    ink = binarize(flatten_light(shaded), 60)
    assert (ink == (page < 128)).mean() > 0.985


@pytest.mark.parametrize("size", [24, 60, 160])
def test_polarity(drawn, size):
    page = drawn(["Light or dark"], size)
    assert not ink_is_light(page)
    assert ink_is_light(255 - page)


def test_colours_of_like_luminance_are_told_apart(drawn):
    page = drawn(["RED on green"])
    red, green = np.array([200, 40, 40]), np.array([20, 118, 20])
    picture = np.where(page[..., None] < 128, red, green).astype(np.uint8)
    grey = to_grey(picture).astype(int)
    assert abs(grey[page < 128].mean() - grey[page >= 128].mean()) > 120


def test_thick_strokes_are_not_hollow():
    page = np.full((200, 200), 230, np.uint8)
    page[40:160, 40:160] = 30
    assert binarize(page, 31)[40:160, 40:160].all()


def test_paper_without_ink_gives_no_ink():
    assert not binarize(np.full((50, 50), 200, np.uint8), 15).any()


def test_letter_height_ignores_specks_and_rules(drawn):
    page = drawn(["nonuniversal xenon rum"], 60).copy()
    clean = letter_height(find_components(page < 128))
    page[5::9, 5::9] = 0
    page[-6:-3] = 0
    assert letter_height(find_components(page < 128)) == pytest.approx(clean, rel=0.1)


def test_stroke_width_of_bars():
    ink = np.zeros((100, 200), bool)
    for left in range(10, 190, 30):
        ink[10:90, left : left + 6] = True
    assert stroke_width(find_components(ink)) == pytest.approx(6, abs=1.2)


def test_letter_like_drops_rules_specks_and_frames():
    ink = np.zeros((300, 400), bool)
    ink[0:300, 0:2] = ink[0:2] = ink[298:] = ink[:, 398:] = True
    ink[100:130, 50:70] = True
    ink[200:203, 20:380] = True
    ink[50, 50] = True
    components = find_components(ink)
    kept = components.boxes[letter_like(components, 30)]
    assert kept.tolist() == [[50, 100, 70, 130]]


@pytest.mark.parametrize("angle", [-38, -21, -6, -1.5, 0, 3, 15, 25])
def test_skew_is_found_and_undone(drawn, angle):
    page = drawn(["the quick brown fox jumps", "over some lazy dogs and", "runs away from them all"], 30)
    turned, _ = rotate(page, angle)
    components = find_components(turned < 128)
    assert find_skew(components.boxes, letter_height(components)) == pytest.approx(angle, abs=0.6)


def test_few_letters_have_no_skew(drawn):
    components = find_components(drawn(["A b C"]) < 128)
    assert find_skew(components.boxes, 30) == 0


@given(st.floats(-180, 180), st.integers(20, 90), st.integers(20, 90))
@settings(max_examples=settings().max_examples // 2)
def test_rotation_keeps_the_way_back(angle, height, width):
    page = np.full((height, width), 255, np.uint8)
    cv2.circle(page, (width // 2 + 4, height // 2 - 3), 3, 0, -1)
    turned, back = rotate(page, angle)
    y, x = np.argwhere(turned < 128).mean(axis=0)
    assert back @ [x, y, 1] == pytest.approx([width // 2 + 4, height // 2 - 3, 1], abs=1.0)


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_quarter_turns_keep_the_way_back(turns):
    page = np.zeros((40, 70), np.uint8)
    page[5:9, 50:60] = 255
    turned, back = quarter_turn(page, turns)
    rows, columns = np.flatnonzero(turned.any(axis=1)), np.flatnonzero(turned.any(axis=0))
    box = np.array([[columns[0], rows[0], columns[-1] + 1, rows[-1] + 1]])
    assert move_boxes(box, back, 70, 40).tolist() == [[50, 5, 60, 9]]


def test_dots_and_bars_stand_over_their_letters(drawn):
    components = find_components(drawn(["i j = : ; ! ?"], 60) < 128)
    order = np.argsort(components.boxes[:, 0])
    stacks = find_stacks(components, order)
    assert len(stacks) == 7
    assert all(len(stack) == 2 for stack in stacks)


@pytest.mark.parametrize("text", ["one two three", "A BB CCC DDDD", "fill in the gaps here", "word"])
@pytest.mark.parametrize("size", [20, 48, 90])
def test_words_of_print(drawn, text, size):
    sheet = PRESETS["line"].run(drawn([text], size))
    assert words_of(sheet) == [[len(word) for word in text.split()]]


def test_evenly_set_letters_are_not_torn_apart():
    boxes = np.array([[k * 30, 0, k * 30 + 20, 30] for k in range(12)], np.int32)
    assert len(find_words(boxes, 30)) == 1


def test_lines_of_a_page_in_order(drawn):
    text = ["first line of words", "and a second one", "then the last"]
    sheet = PRESETS["auto"].run(drawn(text, 32))
    assert words_of(sheet) == [[len(word) for word in line.split()] for line in text]


def test_columns_are_read_one_after_the_other(drawn):
    column = ["these are words of", "running text that", "fills one column of", "the page in lines"]
    left, right = drawn(column, 28), drawn([line.upper() for line in column], 28)
    height = max(len(left), len(right))
    page = np.full((height, left.shape[1] + right.shape[1]), 255, np.uint8)
    page[: len(left), : left.shape[1]] = left
    page[: len(right), left.shape[1] :] = right
    sheet = PRESETS["auto"].run(page)
    assert len(sheet.lines) == 8
    starts = [sheet.components.boxes[line.words[0][0][0], 0] for line in sheet.lines]
    assert all(start < page.shape[1] / 3 for start in starts[:4])
    assert all(start > page.shape[1] / 3 for start in starts[4:])


def test_letters_in_rows_and_columns_are_rows(drawn):
    page = drawn(["A  B  C  D  E", "F  G  H  I  K", "L  M  N  O  P", "Q  R  S  T  U"], 60)
    sheet = PRESETS["auto"].run(page)
    assert words_of(sheet) == [[1] * 5] * 4


def test_waving_lines_stay_apart():
    x = np.arange(0, 900, 30)
    rows = [np.stack([x, y + 0 * x, x + 20, y + 26 + 0 * x], axis=1) for y in (40, 90, 140)]
    wave = np.round(18 * np.sin(x / 140)).astype(int)
    boxes = np.concatenate([row + np.stack([0 * x, wave, 0 * x, wave], axis=1) for row in rows]).astype(
        np.int32
    )
    lines = find_lines(boxes, 26.0)
    assert [sorted(line.tolist()) for line in lines] == [list(range(k, k + 30)) for k in (0, 30, 60)]


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize("level", [0, 255, 128])
def test_empty_pictures_have_no_lines(name, level):
    for shape in [(1, 1), (3, 50), (60, 80)]:
        assert PRESETS[name].run(np.full(shape, level, np.uint8)).lines == ()


def test_unknown_pipeline():
    with pytest.raises(ValueError, match="unknown pipeline 'fast': choose one of auto"):
        find_pipeline("fast")


@given(st.integers(0, 2**32 - 1), st.integers(1, 60), st.integers(1, 60))
def test_any_noise_goes_through(seed, height, width):
    noise = np.random.default_rng(seed).integers(0, 256, (height, width, 3)).astype(np.uint8)
    for preset in PRESETS.values():
        sheet = preset.run(noise)
        assert sheet.ink.shape == sheet.grey.shape


def test_what_leans_over_a_mark_is_not_stacked_with_it():
    ink = np.zeros((60, 80), np.uint8)
    cv2.line(ink, (10, 50), (45, 8), 1, 4)
    ink[46:51, 34:39] = 1
    components = find_components(ink > 0)
    assert len(find_stacks(components, np.arange(len(components)))) == 2


def test_what_is_within_a_letter_belongs_to_it():
    ink = np.zeros((60, 80), np.uint8)
    cv2.circle(ink, (40, 30), 24, 1, 3)
    ink[26:34, 36:44] = 1
    components = find_components(ink > 0)
    assert len(find_stacks(components, np.argsort(components.boxes[:, 0]))) == 1


@pytest.mark.parametrize(
    ("shape", "angle", "can"),
    [
        ((3000, 2000), 15, True),
        ((6000, 4000), 15, True),
        ((30, 1_000_000), 1, False),
        ((200, 40_000), 0.3, False),
    ],
)
def test_long_and_narrow_pictures_are_not_turned(shape, angle, can):
    assert can_rotate(np.broadcast_to(np.uint8(0), shape), angle, 24_000_000) is can


def test_pieces_most_like_letters_in_height_are_looked_at(drawn, monkeypatch):
    page = drawn(["Seven wizards mix"]).copy()
    whole = PRESETS["auto"].run(page)
    floor = Limits.of(0)
    few = Limits(**{name: getattr(floor, name) for name in Limits.__slots__} | {"pieces": 10})
    monkeypatch.setattr(Limits, "of", lambda *_: few)
    part = PRESETS["auto"].run(page)
    assert whole.warnings == () and len(part.warnings) == 1
    assert sum(len(stack) for line in part.lines for word in line.words for stack in word) == 10


def test_stains_are_told_at_the_size_of_the_picture_itself(drawn, monkeypatch):
    page = drawn(["small letters here", "and here some more"], 18)
    plain = PRESETS["document"].run(page)
    floor = Limits.of(0)
    few = Limits(**{name: getattr(floor, name) for name in Limits.__slots__} | {"evidence": page.size})
    monkeypatch.setattr(Limits, "of", lambda *_: few)
    reduced = PRESETS["document"].run(page)
    assert words_of(reduced) == words_of(plain)
    assert (reduced.ink != plain.ink).mean() < 0.01
