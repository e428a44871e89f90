"""From ink to glyphs: atoms, runs, and the EMNIST format."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.layout.segment import _tight, cut_columns, cut_glyphs, find_runs, make_atoms, run_boxes
from pipelines.normalize import clean, normalize
from pipelines.pipeline import PRESETS, sheet_stroke


def glyph(mask: np.ndarray) -> np.ndarray:
    return clean(normalize((mask * 255).astype(np.uint8), mask)[None])[0]


def extent(picture: np.ndarray) -> tuple[int, int, int, int]:
    inked = picture > 100
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]), int(rows[-1])


@given(st.integers(6, 200), st.floats(0.25, 4))
def test_ink_fills_the_inner_square_and_is_centred(height, aspect):
    width = round(height * aspect)
    left, top, right, bottom = extent(glyph(np.ones((height, width), bool)))
    assert max(right - left, bottom - top) + 1 == pytest.approx(24, abs=3)
    assert left + right == pytest.approx(27, abs=1)
    assert top + bottom == pytest.approx(27, abs=1)
    if max(height, width) >= 24:
        assert (right - left + 1) / (bottom - top + 1) == pytest.approx(width / height, rel=0.35, abs=0.12)


@pytest.mark.parametrize("factor", [0.5, 2, 4])
def test_size_does_not_matter(drawn, factor):
    page = drawn(["R"], 80)
    small = cv2.resize(page, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    pictures = []
    for picture in (page, small):
        mask = picture < 128
        rows, columns = mask.any(axis=1).nonzero()[0], mask.any(axis=0).nonzero()[0]
        window = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        pictures.append(clean(normalize(255 - picture[window], mask[window].copy())[None])[0].astype(float))
    assert np.corrcoef(pictures[0].ravel(), pictures[1].ravel())[0, 1] > 0.97


def test_thin_strokes_survive():
    mask = np.zeros((200, 200), bool)
    cv2.line(view := mask.view(np.uint8), (0, 0), (199, 199), 1, 1)
    assert view.any()
    assert glyph(mask).max() > 200


@pytest.mark.parametrize("width", [1, 4, 8, 16])
def test_strokes_are_at_least_as_wide_as_those_of_training_glyphs(width):
    mask = np.zeros((200, 200), bool)
    mask[:, :width] = mask[-width:] = True
    stem = float(glyph(mask)[8:20].sum(axis=1).mean()) / 255
    assert 1.9 < stem < 2.6


def test_ink_outside_the_mask_is_left_out():
    ink = np.full((40, 40), 255, np.uint8)
    mask = np.zeros((40, 40), bool)
    mask[:, :8] = True
    picture = glyph(mask)
    masked = clean(normalize(ink, mask)[None])[0]
    assert np.abs(masked.astype(int) - picture).mean() < 12


def test_clean_stretches_between_paper_and_ink():
    faint = np.full((1, 28, 28), 20, np.uint8)
    faint[0, 8:20, 12:16] = 90
    picture = clean(faint)[0]
    assert picture[8:20, 12:16].min() > 240
    assert picture[0, 0] < 60


def test_touching_letters_are_cut_between_them():
    mask = np.zeros((40, 70), bool)
    cv2.circle(mask.view(np.uint8), (18, 20), 15, 1, 4)
    cv2.circle(mask.view(np.uint8), (51, 20), 15, 1, 4)
    columns = cut_columns(mask, 40, 4)
    assert np.abs(columns - 34).min() <= 2


def test_atoms_cover_all_ink_once(drawn):
    sheet = PRESETS["line"].run(drawn(["minimum rnm: well, joined."], 44))
    count = sum(len(word) for line in sheet.lines for word in line.words)
    atoms = make_atoms(sheet, np.ones(count, bool), sheet_stroke(sheet))
    assert ((atoms.index > 0) == sheet.ink).all()
    assert np.array_equal(np.unique(atoms.index[atoms.index > 0]), np.arange(1, len(atoms.boxes) + 1))
    assert len(atoms.boxes) > count
    for k, (left, top, right, bottom) in enumerate(atoms.boxes):
        rows, columns = np.nonzero(atoms.index == k + 1)
        assert (left, top, right, bottom) == (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)


def test_runs_stay_within_words_and_boxes_hold_them(drawn):
    sheet = PRESETS["line"].run(drawn(["some words to cut"], 44))
    count = sum(len(word) for line in sheet.lines for word in line.words)
    atoms = make_atoms(sheet, np.ones(count, bool), sheet_stroke(sheet))
    runs = find_runs(atoms)
    assert (atoms.word[runs[:, 0]] == atoms.word[runs[:, 1] - 1]).all()
    assert np.array_equal(np.unique(runs[runs[:, 1] - runs[:, 0] == 1][:, 0]), np.arange(len(atoms.boxes)))
    for (start, stop), box in zip(runs, run_boxes(atoms, runs), strict=True):
        assert box[0] == atoms.boxes[start:stop, 0].min()
        assert box[3] == atoms.boxes[start:stop, 3].max()
    glyphs = cut_glyphs(sheet.dark, atoms, runs)
    assert glyphs.shape == (len(runs), 28, 28)
    assert (glyphs.reshape(len(runs), -1).max(axis=1) > 200).all()


def test_a_letter_may_be_whole_stacks_in_however_many_pieces():
    """The two parts of a broken letter are cut into more atoms than one letter otherwise has."""
    page = np.full((110, 110), 255, np.uint8)
    page[40:70, 30:52] = page[40:70, 56:78] = 0
    sheet = PRESETS["line"].run(page)
    columns = [np.arange(left + 4, right - 2, 5) for left, _, right, _ in sheet.components.boxes.tolist()]
    atoms = make_atoms(sheet, np.ones(2, bool), 2.0, [np.sort(np.concatenate(columns))])
    parts = np.flatnonzero(np.diff(atoms.stack))[0] + 1
    assert parts > 3 and len(atoms.boxes) - parts > 3
    assert len(atoms.boxes) > sheet.params.runs.atoms
    runs = find_runs(atoms)
    assert [0, len(atoms.boxes)] in runs.tolist()
    (whole,) = run_boxes(atoms, np.array([[0, len(atoms.boxes)]]))
    assert whole.tolist() == [*atoms.boxes[:, :2].min(axis=0), *atoms.boxes[:, 2:].max(axis=0)]
    settled = np.arange(len(atoms.boxes)) >= parts
    assert [0, len(atoms.boxes)] not in find_runs(atoms, settled).tolist()


def test_settled_atoms_join_with_nothing(drawn):
    sheet = PRESETS["line"].run(drawn(["abc def"], 44))
    atoms = make_atoms(sheet)
    runs = find_runs(atoms, np.ones(len(atoms.boxes), bool))
    assert runs.tolist() == [[k, k + 1] for k in range(len(atoms.boxes))]


@given(st.integers(0, 2**32 - 1))
def test_the_pieces_of_a_stack_have_the_boxes_of_their_ink(seed):
    rng = np.random.default_rng(seed)
    mask = rng.random(rng.integers(1, 20, 2)) < 0.2
    columns = np.sort(rng.integers(0, mask.shape[1], rng.integers(0, 4)))
    box = np.array([7, 3, 7 + mask.shape[1], 3 + mask.shape[0]], np.int32)
    piece = np.searchsorted(columns, np.arange(mask.shape[1]), side="right")
    expected = []
    for k in range(len(columns) + 1):
        rows, across = np.nonzero(mask & (piece == k))
        inside = [7 + across.min(), 3 + rows.min(), 8 + across.max(), 4 + rows.max()] if len(rows) else box
        expected.append(list(inside))
    assert _tight(mask, columns, box).tolist() == expected
