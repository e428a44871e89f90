"""Bounds on what is read of a page that holds more candidates than text of its size can.

Grain, screens of dots and cloth fall into thousands of pieces that may be letters. Lines that look like text,
and those where the text finder sees some, are read up to a bound far above a full page. Of the other lines a
small number of letters is read, plus twice the number on the lines of text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from ocr.recognition.classify import Floats
from ocr.recognition.likeness import best_three
from pipelines.layout.words import stack_boxes
from pipelines.sheet import Sheet, TextLine

SAMPLE, WINDOW = 256, 15
"""Stacks that are sampled, and how many consecutive ones form a window."""
LIKE, KINDS = 0.6, 5
"""Least mean probability, in text, that a stack is one of three characters, and least number of different
characters in a window: dots and blobs may look like letters, but all like the same one."""
HARDLY, MOSTLY = 0.1, 0.5
"""Shares of lines that look like text: below the first a page is not text, above the second it is."""

Mask = npt.NDArray[np.bool_]
Sample: TypeAlias = Callable[[int], Floats]


def limited(sheet: Sheet, sample: Sample, rejects: Mask, found: Callable[[], Mask] | None = None) -> Sheet:
    """Return a sheet without the words beyond its limits, with a warning if there are any.

    Parameters
    ----------
    sheet : Sheet
        With its lines found.
    sample : function
        Returns log-probabilities of at most a given number of stacks, spread evenly over the page, float32
        (N, C).
    rejects : bool array, shape (C,)
        Which classes are no characters.
    found : function, optional
        Returns which lines are known to be text by other means, bool (L,).
    """
    limits = sheet.limits
    sizes = [_letters(sheet, line) for line in sheet.lines]
    counts = np.array([size.sum() for size in sizes], np.int64)
    if counts.sum() <= limits.doubtful:
        return sheet
    text = _are_text(sheet, sample(SAMPLE), rejects)
    if found is not None and not text.all():
        text |= found()
    certain = int(counts[text].sum())
    left = {True: limits.letters, False: limits.doubtful + min(2 * certain, limits.letters)}
    if certain <= left[True] and counts[~text].sum() <= left[False]:
        return sheet
    lines = []
    for line, size, is_text in zip(sheet.lines, sizes, text.tolist(), strict=True):
        kept = replace(first_letters(line, size, left[is_text]), cut=is_text)
        left[is_text] -= int(size.sum())
        if kept.words:
            lines.append(kept)
    said = f"it holds more that may be letters than a page of its size can: {_told(counts, text)}"
    return replace(sheet, lines=tuple(lines)).warned(said)


def looks_like_text(sheet: Sheet, sample: Sample, rejects: Mask) -> bool:
    """Return whether most lines look like text, or hold no more, gaps included, than the least limit."""
    total = sum(int(lengths(sheet, line)[-1]) for line in sheet.lines)
    return total <= sheet.limits.doubtful or bool(_are_text(sheet, sample(SAMPLE), rejects).mean() > MOSTLY)


def looks_like_none(sheet: Sheet, sample: Sample, rejects: Mask) -> bool:
    """Return whether a page holds far more candidates than the limit, and hardly any text."""
    total = sum(int(_letters(sheet, line).sum()) for line in sheet.lines)
    return total > 2 * sheet.limits.doubtful and _are_text(sheet, sample(SAMPLE), rejects).mean() < HARDLY


def _told(counts: npt.NDArray[np.int64], text: Mask) -> str:
    return f"of about {counts.sum():,}, {counts[text].sum():,} on lines that look like text"


def _letters(sheet: Sheet, line: TextLine) -> npt.NDArray[np.int64]:
    """Return about how many letters each stack of a line may hold, by its width; at least one."""
    boxes = stack_boxes(sheet.components.boxes, line.stacks)
    widths = boxes[:, 2] - boxes[:, 0]
    return np.maximum(1, np.rint(widths / line.height)).astype(np.int64)


def lengths(sheet: Sheet, line: TextLine) -> npt.NDArray[np.int64]:
    """Return the length of a line up to the end of each stack, in letters, int64 (S,).

    This is the number of stacks, or the length in letter heights if that is more: a measure of the work to
    read the line.
    """
    boxes = stack_boxes(sheet.components.boxes, line.stacks)
    ends = np.maximum.accumulate(boxes[:, 2]) - boxes[:, 0].min()
    heights = np.rint(ends / line.height).astype(np.int64)
    return np.asarray(np.maximum(np.arange(1, len(boxes) + 1), heights))


def _are_text(sheet: Sheet, scores: Floats, rejects: Mask) -> Mask:
    """Return which lines look like text, by the sampled stacks around each line's middle in reading order."""
    like = best_three(scores, rejects).sum(axis=1)
    named = np.where(rejects[scores.argmax(axis=1)], -1, scores.argmax(axis=1))
    size = min(WINDOW, len(like))
    seen = np.sort(np.lib.stride_tricks.sliding_window_view(named, size), axis=1)
    kinds = (np.diff(seen, axis=1, prepend=-1) > 0).sum(axis=1)
    means = np.lib.stride_tricks.sliding_window_view(like, size).mean(axis=1)
    is_text = (means > LIKE) & (kinds >= KINDS)
    lengths = np.array([len(line.stacks) for line in sheet.lines])
    middles = (np.cumsum(lengths) - lengths / 2) / lengths.sum()
    places = np.clip(np.rint(middles * len(like) - size / 2), 0, len(is_text) - 1)
    return np.asarray(is_text[places.astype(np.int64)])


def first_letters(line: TextLine, sizes: npt.NDArray[np.int64], most: int) -> TextLine:
    """Return the first stacks of a line that together hold at most `most` letters."""
    left = int(np.searchsorted(np.cumsum(sizes), most, side="right"))
    words = []
    for word in line.words:
        if left <= 0:
            break
        words.append(word[:left])
        left -= len(word)
    return replace(line, words=tuple(words))
