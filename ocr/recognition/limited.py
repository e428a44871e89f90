"""Pages with more on them than a page of their size holds: how much of it is read.

Grain, screens of dots and cloth fall into thousands of pieces that may be letters. Lines that look like text
are read, up to many more letters than a full page has; of the others some, and twice as many as these hold.
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
"""Stacks that are looked at, and how many of them, one after another, are judged together."""
LIKE, KINDS = 0.6, 5
"""Text has this mean probability that a stack is one of three characters, and so many different ones at least
in a window; dots and blobs may look like letters, but all like the same."""
HARDLY, MOSTLY = 0.1, 0.5
"""Share of lines that look like text below which a page is none of text, and above which it surely is."""

Mask = npt.NDArray[np.bool_]
Sample: TypeAlias = Callable[[int], Floats]


def limited(sheet: Sheet, sample: Sample, rejects: Mask) -> Sheet:
    """Return a sheet without the words that are beyond its limits, if any are, and with a warning then.

    Parameters
    ----------
    sheet : Sheet
        With its lines found.
    sample : function
        Returns log-probabilities of up to so many of the stacks, evenly over the page, float32 (N, C).
    rejects : bool array, shape (C,)
        Which classes are no characters.
    """
    limits = sheet.limits
    sizes = [_letters(sheet, line) for line in sheet.lines]
    counts = np.array([size.sum() for size in sizes], np.int64)
    if counts.sum() <= limits.doubtful:
        return sheet
    text = _are_text(sheet, sample(SAMPLE), rejects)
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
    """Tell whether most lines look like text, or hold no more, gaps included, than is read in any case."""
    total = sum(int(lengths(sheet, line)[-1]) for line in sheet.lines)
    return total <= sheet.limits.doubtful or bool(_are_text(sheet, sample(SAMPLE), rejects).mean() > MOSTLY)


def looks_like_none(sheet: Sheet, sample: Sample, rejects: Mask) -> bool:
    """Tell whether a page holds far more that may be letters than is read, and hardly any text."""
    total = sum(int(_letters(sheet, line).sum()) for line in sheet.lines)
    return total > 2 * sheet.limits.doubtful and _are_text(sheet, sample(SAMPLE), rejects).mean() < HARDLY


def _told(counts: npt.NDArray[np.int64], text: Mask) -> str:
    return f"of about {counts.sum():,}, {counts[text].sum():,} on lines that look like text"


def _letters(sheet: Sheet, line: TextLine) -> npt.NDArray[np.int64]:
    """Return about how many letters each stack of a line may be, by its width; at least one."""
    boxes = stack_boxes(sheet.components.boxes, line.stacks)
    widths = boxes[:, 2] - boxes[:, 0]
    return np.maximum(1, np.rint(widths / line.height)).astype(np.int64)


def lengths(sheet: Sheet, line: TextLine) -> npt.NDArray[np.int64]:
    """Return how long a line is up to the end of each stack, in letters, int64 (S,).

    That is so many stacks, or heights of a letter where the stacks are wider or stand farther apart: what it
    takes to read the line.
    """
    boxes = stack_boxes(sheet.components.boxes, line.stacks)
    ends = np.maximum.accumulate(boxes[:, 2]) - boxes[:, 0].min()
    heights = np.rint(ends / line.height).astype(np.int64)
    return np.asarray(np.maximum(np.arange(1, len(boxes) + 1), heights))


def _are_text(sheet: Sheet, scores: Floats, rejects: Mask) -> Mask:
    """Tell which lines look like text, by a sample of the stacks around the middle of each in the reading."""
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
    """Return the first stacks of a line, each of so many letters, that hold no more letters than `most`."""
    left = int(np.searchsorted(np.cumsum(sizes), most, side="right"))
    words = []
    for word in line.words:
        if left <= 0:
            break
        words.append(word[:left])
        left -= len(word)
    return replace(line, words=tuple(words))
