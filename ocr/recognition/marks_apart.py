"""Takes small marks apart from letters that they hang over, such as the apostrophe of ``it's``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from ocr.recognition.line_reader import LineScores, stretches
from ocr.recognition.params import STANDARD, CandidateParams
from pipelines.sheet import Boxes, Sheet, TextLine

UPPER, LOWER = frozenset("'\""), frozenset(".,")
"""Marks beside the upper half of letters, and beside the lower half."""

Stack = tuple[int, ...]


def marks_apart(
    sheet: Sheet,
    looks: Sequence[Sequence[LineScores]],
    classes: Sequence[str],
    params: CandidateParams = STANDARD.candidates,
) -> Sheet:
    """Return a sheet on which marks that the line network reads are stacks of their own.

    An apostrophe that leans over the next letter is in one stack with it, as the dot of an i is. Where the
    network reads one, the small piece that is nearest is taken out of its stack.

    Parameters
    ----------
    sheet : Sheet
    looks : sequence of sequence of LineScores
        Scores of the line network for each line of the sheet, from one strip or several.
    classes : sequence of str
        Those of the scores.
    params : CandidateParams
    """
    boxes = sheet.components.boxes
    lines = [
        _line_apart(line, boxes, first, classes, params)
        for line, (first, *_) in zip(sheet.lines, looks, strict=True)
    ]
    if all(line is known for line, known in zip(lines, sheet.lines, strict=True)):
        return sheet
    return replace(sheet, lines=tuple(lines))


def _line_apart(
    line: TextLine, boxes: Boxes, scores: LineScores, classes: Sequence[str], params: CandidateParams
) -> TextLine:
    if not any(len(stack) > 1 for stack in line.stacks):
        return line
    taken: dict[Stack, int] = {}
    for mark, column in _marks_read(scores, classes):
        found = _nearest(line, boxes, column, mark in UPPER, params)
        if found is not None and len(found[0]) > 1:
            taken[found[0]] = found[1]
    if not taken:
        return line
    words = tuple(
        tuple(part for stack in word for part in _parted(stack, taken.get(stack), boxes))
        for word in line.words
    )
    return replace(line, words=words)


def _marks_read(scores: LineScores, classes: Sequence[str]) -> list[tuple[str, float]]:
    """Return the marks that the line network reads, each with its column of the working picture."""
    best = scores.scores.argmax(axis=1)
    starts, ends = stretches(best, classes.index(""))
    return [
        (classes[best[start]], scores.left + scores.pitch * (start + end) / 2)
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
        if classes[best[start]] in UPPER | LOWER
    ]


def _nearest(
    line: TextLine, boxes: Boxes, column: float, is_upper: bool, params: CandidateParams
) -> tuple[Stack, int] | None:
    """Return the small piece in a half of its stack that is nearest to a column, with its stack."""
    best, found = params.mark_reach * line.height, None
    for stack in line.stacks:
        of_stack = boxes[list(stack)]
        middle = float(of_stack[:, 1].min() + of_stack[:, 3].max()) / 2
        for piece, (left, top, right, bottom) in zip(stack, of_stack.tolist(), strict=True):
            is_small = max(right - left, bottom - top) < params.mark_size * line.height
            in_half = len(stack) == 1 or (bottom <= middle if is_upper else top >= middle)
            far = abs((left + right) / 2 - column)
            if is_small and in_half and far < best:
                best, found = far, (stack, piece)
    return found


def _parted(stack: Stack, piece: int | None, boxes: Boxes) -> list[Stack]:
    """Return a stack without a piece, and that piece, from left to right."""
    if piece is None:
        return [stack]
    rest = tuple(each for each in stack if each != piece)
    middles: npt.NDArray[np.float64] = (boxes[:, 0] + boxes[:, 2]) / 2
    is_before = middles[piece] <= (boxes[list(rest), 0].min() + boxes[list(rest), 2].max()) / 2
    return [(piece,), rest] if is_before else [rest, (piece,)]
