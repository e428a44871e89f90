"""Letters in the cells of a grid, one in each, as in crosswords, sudokus and word searches.

Each cell is processed separately: ink that is not part of the rules around it is one letter. Letters in
adjacent cells are a word; an empty or a black cell separates words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt

from ocr.recognition.lattice import Lattice
from ocr.recognition.params.grids import GridParams
from ocr.recognition.recognizer import Recognizer
from ocr.recognition.ways import likeness_of
from pipelines.clean.light import to_grey
from pipelines.layout.components import find_components
from pipelines.layout.grids import Grid, find_grids, rectified
from pipelines.median import median
from pipelines.pipeline import PRESETS
from pipelines.sheet import Grey, Mask, Sheet, TextLine

WORD = PRESETS["word"]
DEPTH, DRIFT = 2, 3
"""A stroke that goes on across a rule is seen so many pixels deep on both sides, this far apart at most."""
WIDEST = 0.5
"""What is at least so wide, in sides of a cell, is a part of the rule."""


def read_grids(
    pixels: npt.NDArray[np.uint8], recognizer: Recognizer
) -> tuple[list[Lattice], npt.NDArray[np.uint8]]:
    """Read the grids of letters on a picture; return their lattices, and the picture without them.

    Parameters
    ----------
    pixels : uint8 array, shape (H, W) or (H, W, 3)
    recognizer : Recognizer
    """
    lattices: list[Lattice] = []
    rest = pixels
    for grid in find_grids(pixels):
        lattice = read_grid(pixels, grid, recognizer)
        if lattice is not None:
            lattices.append(lattice)
            rest = without_grid(rest, grid, recognizer.params.grids)
    return lattices, rest


def read_grid(pixels: npt.NDArray[np.uint8], grid: Grid, recognizer: Recognizer) -> Lattice | None:
    """Read the letters in the cells of a grid; None if the cells do not hold single letters.

    Parameters
    ----------
    pixels : uint8 array, shape (H, W) or (H, W, 3)
        The picture as loaded.
    grid : Grid
    recognizer : Recognizer

    Returns
    -------
    Lattice or None
        A line for each row that is not empty. `to_picture` of its sheet maps to the picture.
    """
    params = recognizer.params.grids
    sheet = grid_sheet(pixels, grid, params)
    if sheet is None:
        return None
    seen = recognizer.seen(sheet)
    classifier = recognizer.classifier
    scores = seen.stacks(sheet).scores
    kinds = _kinds(classifier.classes)
    shares = np.log(np.exp(scores) @ kinds.T + params.doubt).sum(axis=0)
    alphabet = recognizer.alphabet
    others = ~kinds[int(np.argmax(shares))] & ~classifier.rejects
    limited = replace(recognizer, alphabet=replace(alphabet, barred=alphabet.barred | others))
    lattice = limited.read(seen, WORD)
    return lattice if likeness_of(lattice, limited) >= params.like_letters else None


def _kinds(classes: Sequence[str]) -> Mask:
    """Return which classes are digits, and which are letters, bool (2, C)."""
    return np.array([[c.isdigit() for c in classes], [c.isalpha() for c in classes]], bool)


def grid_sheet(pixels: npt.NDArray[np.uint8], grid: Grid, params: GridParams) -> Sheet | None:
    """Return a rectified grid as a sheet with a stack for each letter; None if cells do not hold letters."""
    side = round(min(max(grid.cell, params.smallest), params.largest))
    grey = to_grey(pixels)
    flat = rectified(grid, grey, side)
    cells = flat.reshape(grid.rows, side, grid.columns, side).swapaxes(1, 2)
    darker, ink = _ink(cells, params)
    tiled = ink.swapaxes(1, 2).reshape(flat.shape)
    pieces = find_components(tiled)
    kept = ~_rests_of_rules(pieces.boxes, pieces.areas, side, params)
    ink = np.append(False, kept)[pieces.labels]
    pieces = find_components(ink)
    cell_of = _cells_of(pieces.boxes, side, grid.columns)
    filled = _filled(pieces.boxes, cell_of, grid, side, params)
    if filled.sum() < params.letters or _is_crowded(pieces.boxes, cell_of, filled, params):
        return None
    if _crossings(ink, side, params) > params.crossed * filled.sum():
        return None
    stacks: dict[int, list[int]] = {}
    for number, cell in enumerate(cell_of.tolist()):
        if filled[cell]:
            stacks.setdefault(cell, []).append(number)
    heights = [np.ptp(pieces.boxes[members][:, 1::2]) for members in stacks.values()]
    height = median(heights)
    lines = tuple(
        TextLine(words, height, cut=False)
        for row in range(grid.rows)
        if (words := _words([stacks.get(row * grid.columns + k) for k in range(grid.columns)]))
    )
    dark = np.where(ink, darker.swapaxes(1, 2).reshape(flat.shape), np.uint8(0))
    back = grid.to_picture @ np.diag([1 / side, 1 / side, 1.0])
    return Sheet(pixels, 255 - dark, back, ink, dark, pieces, height, lines, grid=grid)


def _ink(cells: Grey, params: GridParams) -> tuple[Grey, Mask]:
    """Return how much darker than paper each pixel of the cells is, 0 to 255, and the ink."""
    side = cells.shape[-1]
    rim = max(1, round(params.rim * side))
    inner = cells[..., rim:-rim, rim:-rim].astype(np.float32)
    paper = np.percentile(inner, params.paper, axis=(-2, -1), keepdims=True)
    darker = np.zeros(cells.shape, np.float32)
    darker[..., rim:-rim, rim:-rim] = np.maximum(paper - inner, 0)
    noise = 1.4826 * median(np.abs(inner - paper))
    least = max(params.faintest, params.noise * noise)
    most = np.percentile(darker, params.strongest, axis=(-2, -1), keepdims=True)
    ink = darker > np.maximum(least, params.ink * most)
    light = median(paper)
    ink &= paper > params.black * light
    return np.clip(255 * darker / np.maximum(most, least), 0, 255).astype(np.uint8), ink


def _rests_of_rules(
    boxes: npt.NDArray[np.int32], areas: npt.NDArray[np.int32], side: int, params: GridParams
) -> Mask:
    """Return which components are specks, or flat remains of rules at the rim of their cell, bool (N,)."""
    rim = max(1, round(params.rim * side))
    left, top = boxes[:, 0] % side, boxes[:, 1] % side
    wide, high = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    flat = params.flat * side
    along = (wide < flat) & ((left <= rim) | (left + wide >= side - rim))
    across = (high < flat) & ((top <= rim) | (top + high >= side - rim))
    return np.asarray(along | across | (areas < params.speck * side**2))


def _cells_of(boxes: npt.NDArray[np.int32], side: int, columns: int) -> npt.NDArray[np.int64]:
    middle = (boxes[:, :2] + boxes[:, 2:]) // 2 // side
    return np.asarray(middle[:, 1] * columns + middle[:, 0], np.int64)


def _filled(
    boxes: npt.NDArray[np.int32], cell_of: npt.NDArray[np.int64], grid: Grid, side: int, params: GridParams
) -> Mask:
    """Return which cells hold ink as high as a letter, bool (rows * columns,)."""
    count = grid.rows * grid.columns
    top, bottom = np.full(count, np.iinfo(np.int32).max), np.zeros(count, np.int64)
    np.minimum.at(top, cell_of, boxes[:, 1])
    np.maximum.at(bottom, cell_of, boxes[:, 3])
    return np.asarray(bottom - top >= params.lowest * side)


def _is_crowded(
    boxes: npt.NDArray[np.int32], cell_of: npt.NDArray[np.int64], filled: Mask, params: GridParams
) -> bool:
    """Return whether many cells hold several letters side by side."""
    high = boxes[:, 3] - boxes[:, 1]
    highest = np.zeros(len(filled), np.int64)
    np.maximum.at(highest, cell_of, high)
    large = high >= params.letter * highest[cell_of]
    letters = np.bincount(cell_of[large], minlength=len(filled))
    return bool((letters[filled] > 1).mean() > params.crowded)


def _crossings(ink: Mask, side: int, params: GridParams) -> int:
    """Return how many strokes go on across a rule, as they do in writing on squared paper.

    Parameters
    ----------
    ink : bool array, shape (rows * side, columns * side)
        Of the cells, without the rules at their rims.
    side : int
        Of a cell, in pixels.
    params : GridParams
    """
    rim, drift = max(1, round(params.rim * side)), np.ones((1, 2 * DRIFT + 1), np.uint8)
    found = 0
    for tiled in (ink, ink.T):
        cells = tiled.reshape(len(tiled) // side, side, tiled.shape[1])
        before = np.asarray(cells[:-1, side - rim - DEPTH : side - rim].any(axis=1))
        after = np.asarray(cells[1:, rim : rim + DEPTH].any(axis=1), np.uint8)
        if not len(before):
            continue
        near = cv2.dilate(after, drift) > 0
        shared = (before & near).reshape(len(before), -1, side).mean(axis=2)
        found += int(np.count_nonzero((shared > 0) & (shared < WIDEST)))
    return found


def _words(stacks: Sequence[list[int] | None]) -> tuple[tuple[tuple[int, ...], ...], ...]:
    """Return the words of a row, from the stacks in its cells, None for an empty cell."""
    words: list[list[tuple[int, ...]]] = [[]]
    for stack in stacks:
        if stack is None:
            words.append([])
        else:
            words[-1].append(tuple(stack))
    return tuple(tuple(word) for word in words if word)


def without_grid(pixels: npt.NDArray[np.uint8], grid: Grid, params: GridParams) -> npt.NDArray[np.uint8]:
    """Return a picture on which a grid and the rules around it are covered with plain paper.

    Parameters
    ----------
    pixels : uint8 array, shape (H, W) or (H, W, 3)
    grid : Grid
    params : GridParams
    """
    room = params.room
    around = grid.points(
        [
            (-room, -room),
            (grid.columns + room, -room),
            (grid.columns + room, grid.rows + room),
            (-room, grid.rows + room),
        ]
    )
    outline = np.rint(around).astype(np.int32)
    mask = cv2.fillConvexPoly(np.zeros(pixels.shape[:2], np.uint8), outline, 1) > 0
    paper = np.percentile(pixels[mask], params.paper, axis=0).astype(np.uint8)
    covered = pixels.copy()
    covered[mask] = paper
    return covered
