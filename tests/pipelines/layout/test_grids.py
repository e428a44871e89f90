"""Grids are found by their cells, from whatever angle, and nothing else is taken for one."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from pipelines.layout.grids import find_grids, rectified

Pixels = npt.NDArray[np.uint8]


def grid_of(rows: int, columns: int, side: int = 40, rule: int = 2, margin: int = 60) -> Pixels:
    """Draw an empty grid on white."""
    page = np.full((2 * margin + rows * side, 2 * margin + columns * side), 255, np.uint8)
    low, right = margin + rows * side, margin + columns * side
    for k in range(rows + 1):
        cv2.line(page, (margin, margin + k * side), (right, margin + k * side), 0, rule)
    for k in range(columns + 1):
        cv2.line(page, (margin + k * side, margin), (margin + k * side, low), 0, rule)
    return page


@pytest.mark.parametrize(("rows", "columns", "side"), [(9, 9, 40), (5, 12, 30), (15, 15, 24), (3, 4, 90)])
def test_an_empty_grid_is_found_where_it_is(rows: int, columns: int, side: int) -> None:
    [grid] = find_grids(grid_of(rows, columns, side))
    assert (grid.rows, grid.columns) == (rows, columns)
    expected = 60 + side * np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]])
    assert np.abs(grid.outline - expected).max() < 0.1 * side and abs(grid.cell - side) < 0.05 * side


@pytest.mark.parametrize(("white", "expected"), [(3, 1), (11, 0)], ids=["thick rules", "combs"])
def test_rows_with_white_between_them_are_no_grid(white: int, expected: int) -> None:
    row = grid_of(1, 12, 36)[60 - white // 2 : 98 + (white + 1) // 2]
    blank = np.full((60, row.shape[1]), 255, np.uint8)
    assert len(find_grids(np.vstack([blank, row, row, row, blank]))) == expected


def test_a_grid_is_found_as_seen_at_an_angle_and_laid_flat() -> None:
    page = grid_of(8, 8)
    height, width = page.shape
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    seen = corners + np.array([[30, 20], [-15, 35], [-40, -10], [10, -25]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, seen)
    turned = np.asarray(cv2.warpPerspective(page, matrix, (width, height), borderValue=255), np.uint8)
    [grid] = find_grids(turned)
    assert (grid.rows, grid.columns) == (8, 8)
    flat = rectified(grid, turned, 32)
    inner = flat.reshape(8, 32, 8, 32)[:, 6:-6, :, 6:-6]
    assert flat.shape == (256, 256) and inner.min() > 230


def test_black_cells_and_writing_over_rules_do_not_part_a_grid() -> None:
    page = grid_of(10, 10)
    for row, column in ((2, 3), (2, 4), (5, 5), (7, 1), (0, 9)):
        page[62 + 40 * row : 99 + 40 * row, 62 + 40 * column : 99 + 40 * column] = 0
    cv2.line(page, (150, 230), (260, 310), 0, 5)
    [grid] = find_grids(page)
    assert (grid.rows, grid.columns) == (10, 10)


def test_faint_rules_under_grain_are_found() -> None:
    rng = np.random.default_rng(0)
    faint = 150 + (grid_of(9, 9).astype(float) - 255) * 0.15
    page = np.clip(faint + rng.normal(0, 4, faint.shape), 0, 255).astype(np.uint8)
    assert [(grid.rows, grid.columns) for grid in find_grids(page)] == [(9, 9)]


def test_two_grids_are_two() -> None:
    page = np.hstack([grid_of(9, 9, 30), grid_of(9, 9, 30)])
    assert [(grid.rows, grid.columns) for grid in find_grids(page)] == [(9, 9), (9, 9)]


def test_ruled_paper_tables_text_and_grain_are_no_grids() -> None:
    ruled = np.full((500, 500), 255, np.uint8)
    ruled[50::40] = 60
    table = np.full((400, 600), 255, np.uint8)
    for k in range(8):
        cv2.line(table, (40, 40 + 40 * k), (560, 40 + 40 * k), 0, 2)
    for x in (40, 200, 380, 560):
        cv2.line(table, (x, 40), (x, 320), 0, 2)
    grain = np.random.default_rng(0).integers(0, 256, (400, 400), np.uint8)
    text = np.full((300, 500), 255, np.uint8)
    for k in range(8):
        cv2.putText(text, "Mend the kind, never it", (20, 35 + 34 * k), cv2.FONT_HERSHEY_DUPLEX, 1, 0, 2)
    assert not any(find_grids(page) for page in (ruled, table, grain, text, np.zeros((3, 3), np.uint8)))
