"""Grids of cells of one size, such as those of crosswords, sudokus and word searches.

Crossing rules are one component, and the paper between them falls into cells. Cells of about one size whose
middles form rows and columns, up to a homography, are a grid; cells that are broken by something written over
the rules follow from the others.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.clean.light import reduced, to_grey
from pipelines.groups import groups_of
from pipelines.layout.components import find_components
from pipelines.layout.params import STANDARD
from pipelines.layout.params.grids import Grids
from pipelines.median import median
from pipelines.sheet import Grey, Matrix

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """A grid of cells on a picture.

    Attributes
    ----------
    rows, columns : int
    to_picture : float64 array, shape (3, 3)
        Maps (column, row, 1), counted from the corner of the first cell, to pixels of the picture.
    """

    rows: int
    columns: int
    to_picture: Matrix

    def points(self, places: npt.ArrayLike) -> Floats:
        """Return the pixels of positions in the grid, (N, 2) columns and rows."""
        return _through(self.to_picture, np.asarray(places, np.float64))

    @property
    def outline(self) -> Floats:
        """The corners, (4, 2), clockwise from the first cell's, in pixels."""
        return self.points([(0, 0), (self.columns, 0), (self.columns, self.rows), (0, self.rows)])

    @property
    def cell(self) -> float:
        """The side of a cell in the middle of the grid, in pixels."""
        return float(self.sides.mean())

    @property
    def sides(self) -> Floats:
        """The width and the height of a cell there, (2,), in pixels."""
        x, y = self.columns / 2, self.rows / 2
        around = self.points([(x, y), (x + 1, y), (x, y + 1)])
        return np.asarray(np.hypot(*(around[1:] - around[0]).T))


def find_grids(pixels: npt.NDArray[np.uint8], params: Grids = STANDARD.grids) -> list[Grid]:
    """Return the roughly level grids on a picture, uint8 (H, W) or (H, W, 3), the largest first."""
    small = reduced(to_grey(pixels), params.side)
    scale = max(pixels.shape[:2]) / max(small.shape)
    found: list[Grid] = []
    for window in (params.narrow, params.wide):
        for grid in _grids(_rules(small, window, params), params):
            back = np.diag([scale, scale, 1.0]) @ grid.to_picture
            found.append(Grid(grid.rows, grid.columns, back))
    order = sorted(found, key=lambda grid: -grid.rows * grid.columns)
    kept: list[Grid] = []
    for grid in order:
        outline = grid.outline.astype(np.float32)
        if not any(
            cv2.intersectConvexConvex(outline, other.outline.astype(np.float32))[0] > 0 for other in kept
        ):
            kept.append(grid)
    return kept


def _rules(grey: Grey, window: int, params: Grids) -> npt.NDArray[np.bool_]:
    """Return a mask of long horizontal or vertical stretches that are darker than their surroundings on
    average."""
    darker = cv2.subtract(cv2.boxFilter(grey, -1, (window, window)), grey)
    even = np.minimum(darker, params.darkest).astype(np.float32)
    rules = np.zeros(grey.shape, np.uint8)
    for level in (True, False):
        dark = cv2.boxFilter(even, -1, _along(params.stretch, level)) > params.faint
        dark = cv2.dilate(dark.astype(np.uint8), np.ones(_along(params.slant, level), np.uint8)) > 0
        long = np.ones(_along(params.stroke, level)[::-1], np.uint8)
        rules = np.maximum(rules, cv2.morphologyEx(dark.astype(np.uint8), cv2.MORPH_OPEN, long))
    return np.asarray(rules > 0)


def _along(length: int, level: bool) -> tuple[int, int]:
    """Return the width and the height of a horizontal or a vertical stretch."""
    return (length, 1) if level else (1, length)


def _grids(rules: npt.NDArray[np.bool_], params: Grids) -> list[Grid]:
    """Return the grids between rules."""
    pieces = find_components(rules)
    sides = np.minimum(pieces.heights, pieces.widths)
    longer = max(rules.shape)
    grids = []
    for k in np.flatnonzero(sides >= params.share * longer).tolist():
        left, top, right, bottom = pieces.boxes[k].tolist()
        part = pieces.labels[top:bottom, left:right] == k + 1
        grids += [_ruled(grid, rules, params) for grid in _grids_within(part, (left, top), params)]
    return grids


def _ruled(grid: Grid, rules: npt.NDArray[np.bool_], params: Grids) -> Grid:
    """Return a grid with the rows and columns beside it that are ruled like it, too."""
    near = np.asarray(cv2.dilate(rules.astype(np.uint8), np.ones((5, 5), np.uint8)), np.uint8)
    left, top, right, bottom = 0, 0, grid.columns, grid.rows
    for _ in range(params.grown):
        beside = [
            [points[:, ::-1] for points in _rules_of_row(top, bottom, left, right, after)]
            for after in (False, True)
        ]
        under = [_rules_of_row(left, right, top, bottom, below) for below in (False, True)]
        is_ruled = [
            all(_covered(near, grid.points(points)) >= params.ruled for points in rules_of)
            for rules_of in (*beside, *under)
        ]
        if not any(is_ruled):
            break
        left, right = left - is_ruled[0], right + is_ruled[1]
        top, bottom = top - is_ruled[2], bottom + is_ruled[3]
    start = np.eye(3)
    start[:2, 2] = left, top
    return Grid(bottom - top, right - left, grid.to_picture @ start)


def _rules_of_row(left: int, right: int, top: int, bottom: int, below: bool) -> tuple[Floats, Floats]:
    """Return points, (N, 2), on the rules of one more row above or below: the outer and the upright ones."""
    step = 1 if below else -1
    border = bottom if below else top
    level = np.linspace(left, right, 4 * (right - left) + 1)
    upright, down = np.meshgrid(np.arange(left, right + 1), border + step * np.array([0.25, 0.5, 0.75]))
    outer = np.column_stack([level, np.full_like(level, border + step)])
    return outer, np.column_stack([upright.ravel(), down.ravel()])


def _covered(mask: Grey, points: Floats) -> float:
    """Return which share of points, (N, 2), lies on a mask; those beyond its rim do not."""
    x, y = np.rint(points).astype(np.int64).T
    inside = (x >= 0) & (y >= 0) & (x < mask.shape[1]) & (y < mask.shape[0])
    return float(mask[y[inside], x[inside]].sum() / len(points))


def _grids_within(rules: npt.NDArray[np.bool_], corner: tuple[int, int], params: Grids) -> list[Grid]:
    """Return the grids whose rules are one component."""
    count, _, stats, middles = cv2.connectedComponentsWithStats((~rules).astype(np.uint8), connectivity=4)
    left, top, wide, high, area = stats[1:].T
    is_inside = (left > 0) & (top > 0) & (left + wide < rules.shape[1]) & (top + high < rules.shape[0])
    short, long = np.minimum(wide, high), np.maximum(wide, high)
    is_cell = is_inside & (short >= params.lowest) & (long <= params.square * short)
    is_cell &= area >= params.filled * wide * high
    if count < params.least or not params.least <= is_cell.sum() <= params.most:
        return []
    usual = median(area[is_cell])
    is_cell &= (area <= params.alike * usual) & (params.alike * area >= usual)
    if is_cell.sum() < params.least:
        return []
    centres = middles[1:][is_cell] + corner
    size = np.array([median(wide[is_cell]), median(high[is_cell])], np.float64) + 2
    grids = []
    for places, members in _lattices(centres, size, params):
        grid = _fitted(places, centres[members], params)
        if grid is not None and not _are_apart(grid, size, params):
            grids.append(grid)
    return grids


def _lattices(centres: Floats, size: Floats, params: Grids) -> list[tuple[Ints, Ints]]:
    """Return groups of cells that form rows and columns: their columns and rows, (N, 2), and indices."""
    moved = np.zeros((len(centres), len(centres)))
    is_level, is_straight = np.ones(moved.shape, bool), np.zeros(moved.shape, bool)
    for places in (centres / size).T:
        step = places[None] - places[:, None]
        move = np.rint(step)
        is_level &= np.abs(step - move) < params.level
        is_straight |= move == 0
        moved += np.abs(move)
    is_near = is_level & is_straight & (moved > 0) & (moved <= params.near)
    number = groups_of(is_near)
    large = np.flatnonzero(np.bincount(number) >= params.least).tolist()
    if not large:
        return []
    from scipy.sparse import csr_array  # it takes long to load
    from scipy.sparse.csgraph import breadth_first_order, minimum_spanning_tree

    tree = minimum_spanning_tree(csr_array(np.where(is_near, moved, 0)))
    found = []
    for one in large:
        members = np.flatnonzero(number == one)
        middle = members[np.argmin(((centres[members] - centres[members].mean(axis=0)) ** 2).sum(axis=1))]
        order, before = breadth_first_order(tree, middle, directed=False)
        places = np.zeros((len(centres), 2), np.int64)
        for k in order[1:].tolist():
            j = before[k]
            places[k] = places[j] + np.rint((centres[k] - centres[j]) / size).astype(np.int64)
        found.append((places[order], order.astype(np.int64)))
    return found


def _fitted(places: Ints, centres: Floats, params: Grids) -> Grid | None:
    """Fit the grid to the middles of cells with known columns and rows; None if too little of it is found."""
    if np.ptp(places, axis=0).min() < 1:
        return None
    usual = float(np.hypot(*(centres[1:] - centres[:-1]).T).min())
    matrix, kept = cv2.findHomography(places + 0.5, centres, cv2.RANSAC, max(1.5, params.exact * usual))
    if matrix is None or kept.sum() < params.least:
        return None
    inside = _densest(np.unique(places[kept.ravel() > 0], axis=0), params)
    if len(inside) < params.least:
        return None
    first = inside.min(axis=0)
    columns, rows = (np.ptp(inside, axis=0) + 1).tolist()
    if min(columns, rows) < 2 or len(inside) < params.found * columns * rows:
        return None
    start = np.eye(3)
    start[:2, 2] = first
    grid = Grid(rows, columns, np.asarray(matrix @ start))
    return grid if cv2.isContourConvex(grid.outline.astype(np.float32)) else None


def _are_apart(grid: Grid, size: Floats, params: Grids) -> bool:
    """Return whether there is white between the cells of a grid, as between the combs of a form.

    The size of its cells, width and height in pixels, is without rules.
    """
    return bool((grid.sides > params.apart * size).any())


def _densest(places: Ints, params: Grids) -> Ints:
    """Return the largest part of the positions between columns and rows of which little is found."""
    while True:
        count = len(places)
        for axis in (0, 1):
            number = places[:, axis] - places[:, axis].min()
            across = np.ptp(places[:, 1 - axis]) + 1
            full = np.bincount(number) >= params.part * across
            run = np.cumsum(~full)
            lengths = np.bincount(run[full], minlength=1)
            places = places[full[number] & (run[number] == np.argmax(lengths))]
            if not len(places):
                return places
        if len(places) == count:
            return places


def rectified(grid: Grid, picture: Grey, side: int) -> Grey:
    """Rectify a grid, each cell to `side` x `side` pixels."""
    flat = grid.to_picture @ np.diag([1 / side, 1 / side, 1.0])
    size = (grid.columns * side, grid.rows * side)
    seen = cv2.warpPerspective(
        picture, flat, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(seen, np.uint8)


def _through(matrix: Matrix, points: Floats) -> Floats:
    moved = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    return np.asarray(moved[:, :2] / moved[:, 2:])
