"""Takes small marks apart from letters that they hang over, such as the apostrophe of ``it's``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

import numpy as np

from ocr.recognition.line_reader import LineScores, stretches
from ocr.recognition.params import STANDARD, CandidateParams
from pipelines.layout.words import stack_boxes
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
    stacks = line.stacks
    sizes = np.array([len(stack) for stack in stacks], np.int64)
    if not (sizes > 1).any():
        return line
    marks = _marks_read(scores, classes)
    if not marks:
        return line
    pieces = np.fromiter(chain.from_iterable(stacks), np.int64)
    owner = np.repeat(np.arange(len(stacks)), sizes)
    left, top, right, bottom = boxes[pieces].T
    whole = stack_boxes(boxes, stacks)[owner]
    middle = (whole[:, 1] + whole[:, 3]) / 2
    small = np.maximum(right - left, bottom - top) < params.mark_size * line.height
    alone = sizes[owner] == 1
    upper, lower = small & (alone | (bottom <= middle)), small & (alone | (top >= middle))
    centres, reach = (left + right) / 2, params.mark_reach * line.height
    taken: dict[Stack, int] = {}
    for mark, column in marks:
        far = np.where(upper if mark in UPPER else lower, np.abs(centres - column), np.inf)
        nearest = int(far.argmin())
        if far[nearest] < reach and not alone[nearest]:
            taken[stacks[owner[nearest]]] = int(pieces[nearest])
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


def _parted(stack: Stack, piece: int | None, boxes: Boxes) -> list[Stack]:
    """Return a stack without a piece, and that piece, from left to right."""
    if piece is None:
        return [stack]
    rest = tuple(each for each in stack if each != piece)
    [of_rest] = stack_boxes(boxes, [rest])
    is_before = boxes[piece, 0] + boxes[piece, 2] <= of_rest[0] + of_rest[2]
    return [(piece,), rest] if is_before else [rest, (piece,)]
