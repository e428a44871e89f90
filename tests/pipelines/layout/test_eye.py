"""Each step of layout on a picture small enough to see at a glance."""

from __future__ import annotations

import time

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.clean.edges import background, without_stains
from pipelines.clean.grain import _cell_means
from pipelines.layout.components import find_components, ink_of, letter_height, letter_like, surrounds
from pipelines.layout.lines import Effort, find_lines
from pipelines.layout.segment import cut_columns
from pipelines.layout.words import find_stacks, find_words


def picture(*rows: str) -> npt.NDArray[np.bool_]:
    """Return a mask: # is ink."""
    return np.array([[c == "#" for c in row] for row in rows])


def test_pieces_that_touch_at_a_corner_are_one_component() -> None:
    found = find_components(picture("#..##", ".#...", "...#."))
    assert found.boxes.tolist() == [[0, 0, 2, 2], [3, 0, 5, 1], [3, 2, 4, 3]]
    assert found.areas.tolist() == [2, 2, 1]


def test_the_ink_of_many_components_is_that_of_each() -> None:
    labels = find_components(np.indices((9, 9)).sum(axis=0) % 3 == 0).labels
    grid = np.arange(81, dtype=np.int32).reshape(9, 9)
    members = [*range(0, 60, 5)]
    assert np.array_equal(ink_of(grid, members), np.isin(grid, np.array(members) + 1))
    assert np.array_equal(ink_of(labels, [0]), labels == 1)


def test_a_frame_is_no_letter_and_does_not_set_the_height() -> None:
    page = np.zeros((100, 200), bool)
    page[5:95, 5], page[5:95, 194], page[5, 5:195], page[94, 5:195] = True, True, True, True
    for left in range(20, 170, 15):
        page[40:52, left : left + 3] = True
    found = find_components(page)
    assert surrounds(found).tolist() == [True] + [False] * 10
    assert letter_height(found) == 12
    assert letter_height(found, bounds=(20.0, 30.0)) == 20
    assert letter_height(found, bounds=(2.0, 5.0)) == 5
    assert letter_like(found, 12.0).tolist() == [False] + [True] * 10


def test_a_dot_stands_on_its_stem_and_a_neighbour_apart() -> None:
    mask = picture(".##....", ".......", ".##..##", ".##..##", ".##..##", ".##..##")
    found = find_components(mask)
    assert [sorted(stack) for stack in find_stacks(found, np.argsort(found.boxes[:, 0]))] == [[0, 1], [2]]


def test_a_texture_falls_into_many_stacks_in_little_time() -> None:
    rng = np.random.default_rng(3)
    mask = np.zeros((900, 600), bool)
    mask[::6, ::6] = rng.random((150, 100)) < 0.6
    found = find_components(cv2.dilate(mask.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0)
    line = np.argsort(found.boxes[:, 0], kind="stable")
    begun = time.process_time()
    stacks = find_stacks(found, line)
    assert sorted(c for stack in stacks for c in stack) == [*range(len(found))]
    assert max(map(len, stacks)) <= 40
    assert time.process_time() - begun < 10


def test_words_part_at_the_wide_gaps() -> None:
    lefts = np.array([0, 12, 24, 36, 62, 74, 86, 112, 124])
    boxes = np.stack([lefts, 0 * lefts, lefts + 10, 0 * lefts + 20], axis=1).astype(np.int32)
    assert find_words(boxes, 20.0) == [range(0, 4), range(4, 7), range(7, 9)]


def test_lines_of_two_columns_are_read_one_column_after_the_other() -> None:
    rows, columns = 5, 12
    boxes = np.array(
        [
            [start + 12 * k, 30 * row, start + 12 * k + 10, 30 * row + 14]
            for row in range(rows)
            for start in (0, 400)
            for k in range(columns)
        ],
        np.int32,
    )
    effort = Effort(100_000)
    lines = find_lines(boxes, 14.0, effort)
    assert [int(boxes[line[0], 0]) for line in lines] == [0] * rows + [400] * rows
    assert [len(line) for line in lines] == [columns] * (2 * rows)
    assert 100_000 - effort.left == len(boxes)


def test_touching_letters_are_cut_at_the_thin_joint() -> None:
    mask = np.zeros((20, 40), bool)
    mask[:, 2:14], mask[:, 26:38], mask[9:11, 14:26] = True, True, True
    (column,) = cut_columns(mask, 20.0, 3.0).tolist()
    assert 18 <= column <= 22


def test_cells_are_means_of_whole_and_parts_of_pixels() -> None:
    values = np.random.default_rng(2).integers(0, 256, (101, 170)).astype(np.uint8)
    expected = cv2.resize(values.astype(np.float32), (11, 6), interpolation=cv2.INTER_AREA)
    assert np.allclose(_cell_means(values, 16), expected, atol=1e-2)


def test_the_light_under_thick_strokes_is_that_of_the_paper() -> None:
    slope = np.tile(np.linspace(120, 240, 400), (300, 1)).astype(np.uint8)
    page = slope.copy()
    page[100:200, 180:210] = 10
    light = background(page, 30.0)
    assert np.abs(light.astype(int) - slope)[:, 60:-60].max() < 25


def test_stains_go_by_a_mask_of_half_the_size() -> None:
    page = np.full((200, 300), 220, np.uint8)
    page[120:180, 30:120] = 170
    page[40:80, 60:66] = 20
    ink = page[::2, ::2] < 100
    clean = without_stains(page, ink)
    assert clean[60, 63] < 60
    assert (clean[110:190, 20:130] > 225).all()
