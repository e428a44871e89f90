"""Marks over letters: accents are lifted off, so that the letter below is classified by itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from pipelines.layout.params import STANDARD, LayoutParams, Marks
from pipelines.sheet import Components, Mark, Mask, Sheet


def lift_marks(sheet: Sheet) -> Sheet:
    """Move the marks over letters from the lines to :attr:`Sheet.marks`.

    The dots of i and j stay on the line, as parts of these letters, but are among the marks too: small
    accents look much like them.

    Parameters
    ----------
    sheet : Sheet
        With its lines found.
    """
    marks: list[Mark] = []
    params = sheet.params
    lines = []
    for number, line in enumerate(sheet.lines):
        words = []
        for word in line.words:
            stacks = []
            for stack in _with_side_dots(sheet.components, word, line.height, params.marks):
                upper = _over(sheet.components, np.array(stack), line.height, params)
                if len(upper):
                    marks.append(_mark(sheet.components, upper, number))
                stays = _is_over_stem(sheet.components, np.array(stack), upper, params.marks)
                stacks.append(stack if stays else tuple(c for c in stack if c not in set(upper.tolist())))
            words.append(tuple(stacks))
        lines.append(replace(line, words=tuple(words)))
    return replace(sheet, lines=tuple(lines), marks=tuple(marks))


def _with_side_dots(
    components: Components, word: tuple[tuple[int, ...], ...], height: float, params: Marks
) -> list[tuple[int, ...]]:
    """Put two dots above the two sides of a narrow letter, not above its ink, into its stack."""
    boxes = components.boxes
    found = list(word)
    for k in range(len(word) - 2, 0, -1):
        before, stack, after = word[k - 1 : k + 2]
        if len(before) != 1 or len(after) != 1:
            continue
        dots = boxes[[before[0], after[0]]]
        base = boxes[stack[components.areas[list(stack)].argmax()]]
        above = dots[:, 3].max() <= base[1] + params.sunk * (base[3] - base[1])
        small = (dots[:, 2:] - dots[:, :2]).max() <= params.dot_size * height
        if above and small and dots[1, 2] - dots[0, 0] <= params.widest * height:
            found[k - 1 : k + 2] = [(*before, *stack, *after)]
    return found


def _over(
    components: Components, stack: npt.NDArray[np.int64], height: float, params: LayoutParams
) -> npt.NDArray[np.int64]:
    """Return which components of a stack are a mark over the largest."""
    none = np.zeros(0, np.int64)
    if len(stack) < 2:
        return none
    base = stack[components.areas[stack].argmax()]
    _, top, _, bottom = components.boxes[base].tolist()
    if bottom - top < params.letters.tall * height:
        return none
    marks = params.marks
    boxes = components.boxes[stack]
    size = boxes[:, 2:] - boxes[:, :2]
    above = boxes[:, 3] <= top + marks.sunk * (bottom - top)
    above &= components.areas[stack] > marks.least_area * height**2
    small = size[:, 1] <= marks.tallest * min(height, bottom - top)
    small &= size[:, 0] <= marks.widest * height
    upper = stack[above & small]
    if len(upper) > 2:
        upper = np.sort(upper[np.argsort(-components.areas[upper])[:2]])
    return np.asarray(upper)


def _is_over_stem(
    components: Components, stack: npt.NDArray[np.int64], upper: npt.NDArray[np.int64], params: Marks
) -> bool:
    """Return whether a mark is one dot, over the stem of an i or a j.

    A stack wider than a letter is several that touch: only the ink right under the dot counts.
    """
    if len(upper) != 1 or not is_dot(_shape(components, upper), params):
        return False
    base = stack[components.areas[stack].argmax()]
    left, top, right, bottom = components.boxes[base].tolist()
    if right - left > params.widest_letter * (bottom - top):
        start, _, end, _ = components.boxes[upper[0]].tolist()
        left, right = max(left, 2 * start - end), min(right, 2 * end - start)
    waist = components.labels[(2 * top + bottom) // 3 : (top + 3 * bottom) // 4, left:right] == base + 1
    columns = np.flatnonzero(waist.any(axis=0))
    return not len(columns) or bool(columns[-1] - columns[0] < params.stem * (bottom - top))


def is_dot(shape: Mask, params: Marks = STANDARD.marks) -> bool:
    """Return whether a mark is a dot: about as wide as high, and filled."""
    height, width = shape.shape
    round_ = params.dot_narrow < width / height < params.dot_wide
    return bool(round_ and shape.mean() > params.dot_full)


def _shape(components: Components, upper: npt.NDArray[np.int64]) -> Mask:
    boxes = components.boxes[upper]
    (left, top), (right, bottom) = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    return np.isin(components.labels[top:bottom, left:right], upper + 1)


def _mark(components: Components, upper: npt.NDArray[np.int64], line: int) -> Mark:
    boxes = components.boxes[upper]
    box = np.concatenate([boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)])
    return Mark(tuple(box.tolist()), line, _shape(components, upper), len(upper))
