"""Which white on a page parts columns, and which the cells of a table."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.layout.lines import Effort, find_blocks, find_lines

HEIGHT = 20


def row(y: int, *spans: tuple[int, int]) -> list[list[int]]:
    """Return the boxes of letters 20 pixels high from x to x, 14 pixels wide each, 18 apart."""
    return [[x, y, x + 14, y + HEIGHT] for left, right in spans for x in range(left, right, 18)]


def reading(rows: list[list[list[int]]]) -> list[list[int]]:
    """Return the left edges of each line that is found, in reading order."""
    boxes = np.array([box for line in rows for box in line], np.int32)
    lines = find_lines(boxes, HEIGHT)
    return [sorted(boxes[line, 0].tolist()) for line in lines]


def test_running_text_in_two_columns_is_read_column_by_column() -> None:
    found = reading([row(40 * k, (0, 400), (470, 870)) for k in range(8)])
    assert len(found) == 16
    assert all(line[-1] < 450 for line in found[:8]) and all(line[0] > 450 for line in found[8:])


@pytest.mark.parametrize("ends", [[390, 120, 200, 90, 260, 150, 110, 300], [360] * 8])
def test_rows_of_a_table_are_read_row_by_row(ends: list[int]) -> None:
    found = reading([row(40 * k, (0, end), (470, 540), (640, 710)) for k, end in enumerate(ends)])
    assert len(found) == 8
    assert all(line[0] < 20 and line[-1] > 660 for line in found)


def test_cells_that_stand_evenly_apart_are_one_row() -> None:
    cells = [(left, left + 72) for left in range(0, 900, 180)]
    found = reading([row(40 * k, *cells) for k in range(6)])
    assert len(found) == 6


@pytest.mark.parametrize(("space", "lines"), [(24, 16), (60, 8)], ids=["spaces of one width", "cells"])
def test_white_as_wide_as_between_words_parts_no_cells(space: int, lines: int) -> None:
    rows = []
    for k in range(8):
        letters = np.roll([5, 3, 6, 4, 2], k)
        starts = np.cumsum([0, *(18 * letters[:-1] - 4 + space)])
        words = list(zip(starts.tolist(), (starts + 18 * letters).tolist(), strict=True))
        rows.append(row(40 * k, *words, *((left + 700, right + 700) for left, right in words)))
    assert len(reading(rows)) == lines


def test_letters_in_the_cells_of_a_form_are_no_column() -> None:
    rows = []
    for k in range(6):
        first, second = 230 + 7 * (k % 3), 600 + 5 * (k % 2)
        letters = [(x, x + 14) for left in (first, second) for x in range(left, left + 240, 40)]
        rows.append(row(40 * k, (0, 160), *letters))
    assert len(reading(rows)) == 6


def test_lines_that_do_not_pair_off_are_two_columns() -> None:
    left = [row(40 * k, (0, 200)) for k in range(8)]
    right = [row(40 * k + 20, (470, 690)) for k in range(8)]
    found = reading([*left, *right])
    assert all(line[-1] < 450 for line in found[:8]) and all(line[0] > 450 for line in found[8:])


@pytest.mark.parametrize("above", [[], [(0, 870)], [(0, 870), (0, 600)]])
def test_columns_between_a_heading_and_a_page_number_are_read_column_by_column(
    above: list[tuple[int, int]],
) -> None:
    heading = [row(40 * k, span) for k, span in enumerate(above)]
    columns = [row(200 + 40 * k, (0, 400), (470, 870)) for k in range(8)]
    found = reading([*heading, *columns, row(600, (420, 450))])
    first = len(above)
    assert len(found) == first + 17
    assert all(line[-1] < 410 for line in found[first : first + 8])
    assert all(line[0] > 450 for line in found[first + 8 : first + 16])
    assert found[-1] == [420, 438]


@pytest.mark.parametrize(("count", "lines"), [(3, 3), (12, 24)], ids=["spaces by chance", "columns"])
def test_narrow_white_parts_columns_where_it_goes_through_many_lines(count: int, lines: int) -> None:
    found = reading([row(40 * k, (0, 390 - 18 * (k % 2)), (418, 810)) for k in range(count)])
    assert len(found) == lines


@pytest.mark.parametrize("turned", [False, True])
def test_the_text_beside_a_few_words_that_are_no_column_is_not_tracked(turned: bool) -> None:
    text = [row(40 * k, (0, 400)) for k in range(12)]
    beside = [row(40 * k, (470, 660)) for k in range(2)]
    boxes = np.array([box for line in [*text, *beside] for box in line], np.int32)
    if turned:
        boxes[:, ::2] = 1000 - boxes[:, 2::-2]
    effort = Effort(100_000)
    assert len(find_blocks(boxes, HEIGHT, effort)) == 1
    assert 100_000 - effort.left == sum(map(len, beside))
