"""Small ink over a letter: accents, lifted off so that the letter below is seen by itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from pipelines.sheet import Components, Mark, Mask, Sheet

LARGEST = 0.62
"""A mark is at most this share of its letter's height, and of its line's letters' height."""
WIDEST = 0.9
"""And at most so wide, in heights of the line's letters."""
SUNK = 0.15
"""It may reach so far into its letter, as a share of that one's height."""
NARROW = 0.4
"""A dot beside what it stands over is at most so wide and high, in heights of the line's letters."""
LOWEST = 0.4
"""The letter under it is at least so high, in heights of the line's letters."""
STEM = 0.4
"""A letter narrower at its waist than this share of its height, under one dot, is an i or a j."""


def lift_marks(sheet: Sheet) -> Sheet:
    """Take the marks over letters out of the lines, and keep them beside: :attr:`Sheet.marks`.

    The dots of i and j stay, as they are parts of these letters, but are among the marks: small accents look
    much like them.

    Parameters
    ----------
    sheet : Sheet
        With its lines found.
    """
    marks: list[Mark] = []
    lines = []
    for number, line in enumerate(sheet.lines):
        words = []
        for word in line.words:
            stacks = []
            for stack in _with_side_dots(sheet.components, word, line.height):
                upper = _over(sheet.components, np.array(stack), line.height)
                if len(upper):
                    marks.append(_mark(sheet.components, upper, number))
                stays = _is_over_stem(sheet.components, np.array(stack), upper)
                stacks.append(stack if stays else tuple(c for c in stack if c not in set(upper.tolist())))
            words.append(tuple(stacks))
        lines.append(replace(line, words=tuple(words)))
    return replace(sheet, lines=tuple(lines), marks=tuple(marks))


def _with_side_dots(
    components: Components, word: tuple[tuple[int, ...], ...], height: float
) -> list[tuple[int, ...]]:
    """Put two dots that stand over both sides of a narrow letter, and not over its ink, into its stack."""
    boxes = components.boxes
    found = list(word)
    for k in range(len(word) - 2, 0, -1):
        before, stack, after = word[k - 1 : k + 2]
        if len(before) != 1 or len(after) != 1:
            continue
        dots = boxes[[before[0], after[0]]]
        base = boxes[stack[components.areas[list(stack)].argmax()]]
        above = dots[:, 3].max() <= base[1] + SUNK * (base[3] - base[1])
        small = (dots[:, 2:] - dots[:, :2]).max() <= NARROW * height
        if above and small and dots[1, 2] - dots[0, 0] <= WIDEST * height:
            found[k - 1 : k + 2] = [(*before, *stack, *after)]
    return found


def _over(components: Components, stack: npt.NDArray[np.int64], height: float) -> npt.NDArray[np.int64]:
    """Return which components of a stack are a mark over the largest."""
    none = np.zeros(0, np.int64)
    if len(stack) < 2:
        return none
    base = stack[components.areas[stack].argmax()]
    _, top, _, bottom = components.boxes[base].tolist()
    if bottom - top < LOWEST * height:
        return none
    boxes = components.boxes[stack]
    size = boxes[:, 2:] - boxes[:, :2]
    above = (boxes[:, 3] <= top + SUNK * (bottom - top)) & (components.areas[stack] > 0.01 * height**2)
    small = (size[:, 1] <= LARGEST * min(height, bottom - top)) & (size[:, 0] <= WIDEST * height)
    upper = stack[above & small]
    if len(upper) > 2:
        upper = np.sort(upper[np.argsort(-components.areas[upper])[:2]])
    return np.asarray(upper)


def _is_over_stem(components: Components, stack: npt.NDArray[np.int64], upper: npt.NDArray[np.int64]) -> bool:
    """Tell whether a mark is one dot, over the stem of an i or a j."""
    if len(upper) != 1 or not is_dot(_shape(components, upper)):
        return False
    base = stack[components.areas[stack].argmax()]
    left, top, right, bottom = components.boxes[base].tolist()
    waist = components.labels[(2 * top + bottom) // 3 : (top + 3 * bottom) // 4, left:right] == base + 1
    columns = np.flatnonzero(waist.any(axis=0))
    return not len(columns) or bool(columns[-1] - columns[0] < STEM * (bottom - top))


def is_dot(shape: Mask) -> bool:
    """Tell whether a mark is but a dot: about as wide as high, and full."""
    height, width = shape.shape
    return bool(0.5 < width / height < 1.8 and shape.mean() > 0.6)


def _shape(components: Components, upper: npt.NDArray[np.int64]) -> Mask:
    boxes = components.boxes[upper]
    (left, top), (right, bottom) = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    return np.isin(components.labels[top:bottom, left:right], upper + 1)


def _mark(components: Components, upper: npt.NDArray[np.int64], line: int) -> Mark:
    boxes = components.boxes[upper]
    box = np.concatenate([boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)])
    return Mark(tuple(box.tolist()), line, _shape(components, upper), len(upper))
