"""Which way up a picture is: the way in which its lines are read most surely."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from ocr.recognition.classify import Classifier
from ocr.recognition.limited import looks_like_none
from ocr.recognition.line_reader import LineReader
from pipelines.clean.geometry import quarter_turn
from pipelines.layout.strips import cut_strip
from pipelines.pipeline import Pipeline
from pipelines.sheet import Sheet

LINES, COLUMNS = 8, 400
"""So many of the longest lines are looked at, and so many columns of each at most, 32 being its height."""
FEWEST = 4
"""Characters that must be read for a picture to be turned."""
SURE = -0.28
"""Lines that are read more surely than this, in nats a letter, run across."""
MARGIN = 0.2
"""By how much another way must be surer, in nats a letter, divided by the root of the number of letters."""


def upright(
    pipeline: Pipeline, pixels: npt.NDArray[np.uint8], line_reader: LineReader, classifier: Classifier
) -> Sheet:
    """Take a picture through the stages of `pipeline`, turned by quarters so that it is upright.

    Its lines, and the same lines on their heads, are read by the network for lines; only where neither is
    sure is the picture laid on its side, and its lines are read again. What is full of pieces none of which
    look like letters has no way up.
    """
    sheet = pipeline.run(pixels)
    if not pipeline.turns or looks_like_none(sheet, classifier):
        return sheet
    (up, over), count = _sureness(sheet, line_reader)
    margin = MARGIN / max(1, count) ** 0.5
    if max(up, over) < SURE:
        trial = replace(pipeline, stages=pipeline.trial or pipeline.stages)
        side = _turned(trial, pixels, 1)
        (right, left), beside = _sureness(side, line_reader)
        if beside >= FEWEST and max(right, left) > max(up, over) + max(margin, MARGIN / beside**0.5):
            is_final = right >= left and not pipeline.trial
            return side if is_final else _turned(pipeline, pixels, 1 if right >= left else 3)
    return _turned(pipeline, pixels, 2) if count >= FEWEST and over > up + margin else sheet


def _sureness(sheet: Sheet, line_reader: LineReader) -> tuple[tuple[float, float], int]:
    """Return how surely lines are read as they are and on their heads, and the fewer letters of the two."""
    longest = sorted(sheet.lines, key=lambda line: -sum(map(len, line.words)))[:LINES]
    strips = [cut_strip(sheet, line).pixels[:, :COLUMNS] for line in longest]
    ways = [strips, [np.ascontiguousarray(strip[::-1, ::-1]) for strip in strips]]
    (up, count), (over, other) = (line_reader.sureness(way) for way in ways)
    return (up, over), min(count, other)


def _turned(pipeline: Pipeline, pixels: npt.NDArray[np.uint8], turns: int) -> Sheet:
    turned, back = quarter_turn(pixels, turns)
    sheet = pipeline.run(turned)
    return replace(sheet, to_picture=back @ sheet.to_picture)
