"""Candidate segmentation: atoms of ink, and the runs of atoms that may be one letter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.layout.components import ink_of
from pipelines.layout.params import STANDARD, Cuts, LayoutParams
from pipelines.layout.words import stack_boxes
from pipelines.normalize import SIDE, clean, normalize
from pipelines.sheet import Boxes, Components, Grey, Labels, Mask, Sheet

MOST_STACKS = 3
"""Most stacks that one letter is made of, such as a per cent sign."""


@dataclass(frozen=True, slots=True, eq=False)
class Atoms:
    """The smallest pieces that letters are made of, in reading order.

    Attributes
    ----------
    index : int32 array, shape (H, W)
        0 for paper, ``k + 1`` for the pixels of atom ``k``.
    boxes : int32 array, shape (A, 4)
    stack, word, line : int64 arrays, shape (A,)
        Indices of the stack, word and line that each atom belongs to; none decreases along the page.
    height : float64 array, shape (A,)
        The height of ordinary letters on the atom's line.
    params : LayoutParams
    """

    index: Labels
    boxes: Boxes
    stack: npt.NDArray[np.int64]
    word: npt.NDArray[np.int64]
    line: npt.NDArray[np.int64]
    height: npt.NDArray[np.float64]
    params: LayoutParams = STANDARD


def make_atoms(
    sheet: Sheet,
    cut: Mask | None = None,
    stroke: float = 0.0,
    borders: Sequence[npt.NDArray[np.integer]] = (),
) -> Atoms:
    """Divide the ink of `sheet` into atoms: a stack is one atom, or several where it is cut.

    Parameters
    ----------
    sheet : Sheet
        With its lines found.
    cut : bool array, shape (number of stacks,), optional
        Which stacks to cut at their thin columns. None by default.
    stroke : float
        The width of strokes, in pixels; needed to cut.
    borders : sequence of int array, optional
        For each line, further columns of the working picture to cut at, however much ink is there.
    """
    stacks = sheet.stacks
    members = np.fromiter(chain.from_iterable(stacks), np.int64)
    owner = np.repeat(np.arange(len(stacks)), [len(stack) for stack in stacks])
    line_of_word = np.repeat(np.arange(len(sheet.lines)), [len(line.words) for line in sheet.lines])
    word_sizes = [len(word) for line in sheet.lines for word in line.words]
    word = np.repeat(np.arange(len(word_sizes)), word_sizes)
    line = line_of_word[word] if len(word) else word
    height = np.array([line.height for line in sheet.lines])[line] if len(word) else np.zeros(0)
    boxes = stack_boxes(sheet.components.boxes, stacks)
    cuts: dict[int, npt.NDArray[np.int64]] = {}
    for k in np.flatnonzero(cut).tolist() if cut is not None else ():
        crop = _stack_mask(sheet.components, stacks[k], boxes[k])
        found = cut_columns(crop, height[k], stroke, sheet.params.cuts)
        if borders:
            margin = max(2, round(sheet.params.cuts.least_piece * height[k]))
            found = _with_borders(found, borders[line[k]] - boxes[k][0], crop.shape[1], margin)
        if len(found):
            cuts[k] = found
    counts = np.array([1 + len(cuts.get(k, ())) for k in range(len(stacks))], np.int64)
    first = np.cumsum(counts) - counts
    index = _relabelled(sheet.components, members, first[owner] + 1)
    atom_boxes = np.repeat(boxes, counts, axis=0)
    for k, columns in cuts.items():
        left, top, right, bottom = boxes[k]
        start = int(first[k])
        area = index[top:bottom, left:right]
        piece = np.searchsorted(columns, np.arange(right - left), side="right").astype(np.int32)
        own = area == start + 1
        area += np.where(own, piece, 0)
        atom_boxes[start : start + len(columns) + 1] = _tight(own, columns, boxes[k])
    return Atoms(
        index,
        atom_boxes,
        np.repeat(np.arange(len(stacks)), counts),
        np.repeat(word, counts),
        np.repeat(line, counts),
        np.repeat(height, counts),
        sheet.params,
    )


def _relabelled(
    components: Components, members: npt.NDArray[np.int64], names: npt.NDArray[np.int64]
) -> Labels:
    """Return other labels for some components, int32 (H, W); 0 for all others."""
    if not len(members):
        return np.zeros(components.labels.shape, np.int32)
    table = np.zeros(len(components) + 1, np.int32)
    table[members + 1] = names
    return table[components.labels]


def _with_borders(
    columns: npt.NDArray[np.int64], borders: npt.NDArray[np.integer], width: int, margin: int
) -> npt.NDArray[np.int64]:
    """Add `borders` to the columns at which a stack is cut, except for those within a margin of one."""
    inside = borders[(borders >= margin) & (borders <= width - margin)].astype(np.int64)
    near = np.abs(inside[:, None] - columns).min(axis=1, initial=width) < margin
    return np.sort(np.concatenate([columns, inside[~near]]))


def _stack_mask(components: Components, stack: Sequence[int], box: npt.NDArray[np.int32]) -> Mask:
    left, top, right, bottom = box
    return ink_of(components.labels[top:bottom, left:right], stack)


def _tight(mask: Mask, columns: npt.NDArray[np.int64], box: npt.NDArray[np.int32]) -> Boxes:
    """Return the boxes of the pieces of a stack that is cut at columns; the whole box for an empty piece."""
    left, top, _, _ = box
    height, width = mask.shape
    starts = np.concatenate([[0], columns])
    filled = mask.any(axis=0)
    place = np.arange(width)
    first = np.minimum.reduceat(np.where(filled, place, width), starts)
    last = np.maximum.reduceat(np.where(filled, place, -1), starts)
    high = np.minimum.reduceat(np.where(filled, mask.argmax(axis=0), height), starts)
    low = np.maximum.reduceat(np.where(filled, height - 1 - mask[::-1].argmax(axis=0), -1), starts)
    tight = np.stack([left + first, top + high, left + last + 1, top + low + 1], axis=1)
    has_ink = (last >= 0) & (np.diff(starts, append=width) > 0)
    return np.where(has_ink[:, None], tight, box).astype(np.int32)


def cut_columns(
    mask: Mask, height: float, stroke: float, params: Cuts = STANDARD.cuts
) -> npt.NDArray[np.int64]:
    """Return the columns at which touching letters may be cut apart, in order.

    They are the columns where the ink is thin: local minima of a column's ink plus a share of the distance
    between its highest and lowest ink. A wide, thin joint is cut in its middle.

    Parameters
    ----------
    mask : bool array, shape (H, W)
    height : float
        Of ordinary letters, in pixels.
    stroke : float
        Width of strokes, in pixels.
    params : Cuts
    """
    rows, columns = mask.shape
    margin = max(2, round(params.least_piece * height))
    if columns < params.least_width * height or columns < 2 * margin + 1:
        return np.zeros(0, np.int64)
    ink = mask.sum(axis=0).astype(np.float32)
    upper = np.where(ink > 0, mask.argmax(axis=0), rows)
    lower = np.where(ink > 0, rows - 1 - mask[::-1].argmax(axis=0), -1)
    extent = np.maximum(lower - upper + 1, 0).astype(np.float32)
    sigma = max(params.least_blur, params.blur * height)
    cost = cv2.GaussianBlur((ink + params.extent * extent)[None], (0, 0), sigma)[0]
    low = cv2.erode(cost[None], np.ones((1, 2 * margin + 1), np.uint8))[0]
    thin = (cost <= low + params.level) & (ink <= max(params.strokes * stroke, params.thin * height))
    thin[:margin] = thin[-margin:] = False
    starts, ends = np.flatnonzero(thin[1:] & ~thin[:-1]) + 1, np.flatnonzero(thin[:-1] & ~thin[1:])
    middles = (starts + ends + 1) // 2
    apart = np.ones(len(middles), bool)
    apart[1:] = middles[1:] - middles[:-1] >= margin
    return middles[apart]


def find_runs(atoms: Atoms, settled: Mask | None = None) -> npt.NDArray[np.int64]:
    """Return the runs of atoms of one word that may be one letter, int64 (R, 2): first atom, past the last.

    A letter is made of a few atoms, or of up to three whole stacks, is not much wider than high, and spans
    only narrow gaps. Every single atom is a run.

    Parameters
    ----------
    atoms : Atoms
    settled : bool array, shape (A,), optional
        Atoms that are letters with certainty: they are joined with nothing.
    """
    params = atoms.params.runs
    count = len(atoms.boxes)
    first = np.arange(count)
    open_ = ~settled if settled is not None else np.ones(count, bool)
    runs = [np.stack([first, first + 1], axis=1)]
    right, may = atoms.boxes[:, 2].copy(), open_.copy()
    for size in range(2, params.atoms + 1):
        last = first + size - 1
        inside = last < count
        last = np.where(inside, last, 0)
        may &= inside & open_[last] & (atoms.word[last] == atoms.word)
        gap = (atoms.boxes[last, 0] - right) / atoms.height
        across = atoms.stack[last] != atoms.stack[last - 1]
        may &= ~across | (gap < params.gap)
        right = np.maximum(right, atoms.boxes[last, 2])
        width = (right - atoms.boxes[:, 0]) / atoms.height
        joined = atoms.stack[last] - atoms.stack
        fits = may & (width < np.where(joined > 0, params.widest, params.widest_cut)) & (joined < MOST_STACKS)
        runs.append(np.stack([first, last + 1], axis=1)[fits])
    found = np.concatenate([*runs, _whole_stacks(atoms, open_)])
    return found[np.lexsort((found[:, 1], found[:, 0]))]


def _whole_stacks(atoms: Atoms, open_: Mask) -> npt.NDArray[np.int64]:
    """Return the runs of up to three whole stacks that are cut into more atoms than a letter has otherwise.

    Such is a per cent sign of which the cuts between digits go through the rings.
    """
    params = atoms.params.runs
    starts = np.flatnonzero(np.diff(atoms.stack, prepend=-1))
    if not len(starts):
        return np.zeros((0, 2), np.int64)
    stops = np.append(starts[1:], len(atoms.stack))
    left, word, height = atoms.boxes[starts, 0], atoms.word[starts], atoms.height[starts]
    right, whole = np.maximum.reduceat(atoms.boxes[:, 2], starts), np.logical_and.reduceat(open_, starts)
    runs, may, reach = [], whole, right
    for joined in range(MOST_STACKS):
        count = max(0, len(starts) - joined)
        if joined:
            gap = left[joined:] - right[joined - 1 : -1]
            may = may[:count] & whole[joined:] & (word[joined:] == word[:count])
            may &= gap < params.gap * height[:count]
            reach = np.maximum(reach[:count], right[joined:])
        widest = params.widest if joined else params.widest_cut
        fits = may & (reach - left[:count] < widest * height[:count])
        fits &= stops[joined:] - starts[:count] > params.atoms
        runs.append(np.stack([starts[:count], stops[joined:]], axis=1)[fits])
    return np.concatenate(runs)


def run_boxes(atoms: Atoms, runs: npt.NDArray[np.int64]) -> Boxes:
    """Return the box around each run, int32 (R, 4)."""
    boxes = atoms.boxes[runs[:, 0]].copy()
    for offset in range(1, int((runs[:, 1] - runs[:, 0]).max(initial=0))):
        has = runs[:, 0] + offset < runs[:, 1]
        more = atoms.boxes[(runs[:, 0] + offset)[has]]
        boxes[has, :2] = np.minimum(boxes[has, :2], more[:, :2])
        boxes[has, 2:] = np.maximum(boxes[has, 2:], more[:, 2:])
    return boxes


def cut_glyphs(dark: Grey, atoms: Atoms, runs: npt.NDArray[np.int64]) -> npt.NDArray[np.uint8]:
    """Return the runs as 28x28 glyphs, uint8 (R, 28, 28), ink 255 on 0, cut from the sheet's darkness."""
    glyphs = np.zeros((len(runs), SIDE, SIDE), np.uint8)
    boxes = run_boxes(atoms, runs)
    for k, ((start, stop), (left, top, right, bottom)) in enumerate(
        zip(runs.tolist(), boxes.tolist(), strict=True)
    ):
        part = atoms.index[top:bottom, left:right]
        mask = part == stop if stop == start + 1 else (part > start) & (part <= stop)
        glyphs[k] = normalize(dark[top:bottom, left:right], mask)
    return clean(glyphs)
