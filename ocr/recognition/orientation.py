"""Which way up a picture is: the way in which a sample of its lines is read most surely."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ocr.recognition.recognizer import Recognizer
from ocr.recognition.sheet_cache import SheetCache
from ocr.recognition.text_evidence import LEVEL, beginning
from pipelines.clean.geometry import quarter_turn
from pipelines.layout.components import letter_height
from pipelines.pipeline import Pipeline, page
from pipelines.sheet import Components, Sheet

LINES, COLUMNS = 8, 400
"""So many of the longest lines are looked at, and so many columns of each at most, 32 being its height."""
FEWEST = 4
"""Characters that must be read for a picture to be turned."""
ENOUGH = 16
"""Characters, read on the ink of a sheet laid on its side, that are enough to tell that it runs across."""
SURELY_ENOUGH = 1600
"""Columns that hold some hundred characters of text: where fewer than `ENOUGH` are read on as many, that is
enough to tell too."""
RUNS_ACROSS = -0.28
"""Lines that are read more surely than this run across: mean log-probability of a letter, in nats."""
SURELY_UPRIGHT = -0.2
"""Lines that are read more surely than this are upright, in the same units; on their heads, the surest of
some eighty pages reach -0.3."""
MIDDLE = 2500
"""Pieces of ink in the middle of a page, about, by which it is told whether it lies on its side."""
MARGIN = 4.0
"""By how much more evidence another way must be surer, in nats over all letters: few pictures are askew."""


@dataclass(frozen=True, slots=True)
class Sureness:
    """How surely lines are read as they are and on their heads, in nats a letter, and how much is read.

    Attributes
    ----------
    up, over : float
    letters : int
    columns : int
        Of the strips that were read.
    """

    up: float
    over: float
    letters: int
    columns: int

    @property
    def best(self) -> float:
        """The surer of both ways."""
        return max(self.up, self.over)

    @property
    def margin(self) -> float:
        """By how much another way must be surer."""
        return MARGIN / max(1, self.letters)


def find_upright(
    pipeline: Pipeline, pixels: npt.NDArray[np.uint8], recognizer: Recognizer, likely: bool = True
) -> SheetCache:
    """Take a picture through the stages of `pipeline`, turned by quarters so that it is upright.

    Some of its lines are read by the network for lines, and, unless they are surely upright, on their heads
    too. Only where neither way is sure does the picture perhaps lie on its side. That is first judged by the
    ink that was found, turned; where that is not clear, the whole picture is turned.

    What is full of pieces none of which look like letters has no way up.

    Parameters
    ----------
    pipeline : Pipeline
    pixels : uint8 array, shape (H, W) or (H, W, 3)
    recognizer : Recognizer
    likely : bool
        Whether the lines of this way to take the picture will probably be read. If not, it is turned only if
        they are read so surely that they speak for text.
    """
    seen = recognizer.seen(pipeline.run(pixels))
    if not pipeline.turns or seen.looks_like_none:
        return seen
    across = _sureness(seen, likely and seen.looks_like_text)
    if across.best < RUNS_ACROSS:
        side = _from_the_side(pipeline, pixels, seen, across, recognizer)
        if side is not None:
            return side
    least = max(across.up + across.margin, -np.inf if likely else LEVEL)
    if across.letters >= FEWEST and across.over > least:
        return recognizer.seen(_turned(pipeline, pixels, 2))
    return seen


def _from_the_side(
    pipeline: Pipeline,
    pixels: npt.NDArray[np.uint8],
    seen: SheetCache,
    across: Sureness,
    recognizer: Recognizer,
) -> SheetCache | None:
    """Return a picture turned by one or three quarters, None where it is no surer so."""
    trial = None
    beside = _sureness(recognizer.seen(_on_its_side(seen.sheet)))
    is_open = beside.letters < ENOUGH and beside.columns < SURELY_ENOUGH
    if is_open or (_is_surer(beside, across) and beside.best < RUNS_ACROSS):
        stages = pipeline.trial or pipeline.stages
        trial = recognizer.seen(_turned(replace(pipeline, stages=stages), pixels, 1))
        beside = _sureness(trial)
    if not _is_surer(beside, across):
        return None
    turns = 1 if beside.up >= beside.over else 3
    is_final = trial is not None and turns == 1 and not pipeline.trial
    return trial if is_final else recognizer.seen(_turned(pipeline, pixels, turns))


def _is_surer(beside: Sureness, across: Sureness) -> bool:
    """Tell whether lines from the side are read clearly more surely than those across."""
    margin = max(across.margin, beside.margin)
    return beside.letters >= FEWEST and beside.best > max(LEVEL, across.best + margin)


def _sureness(seen: SheetCache, kept: bool = False) -> Sureness:
    """Return how surely some lines of a sheet are read; on their heads only where that is needed.

    Where the lines are to be `kept`, as they probably are upright, they are read on to their ends.
    """
    longest = sorted(seen.sheet.lines, key=lambda line: -len(line.stacks))[:LINES]
    lines = [beginning(seen.sheet, line) for line in longest]
    read = seen.frames(lines) if kept else seen.first_frames(lines, COLUMNS)
    frames = COLUMNS // seen.line_reader.model.stride
    up, letters = seen.line_reader.confidence([likely[:frames] for _, likely in read])
    columns = sum(min(COLUMNS, strip.pixels.shape[1]) for strip, _ in read)
    if up > SURELY_UPRIGHT and letters >= ENOUGH:
        return Sureness(up, -np.inf, letters, columns)
    heads = [np.ascontiguousarray(strip.pixels[::-1, COLUMNS - 1 :: -1]) for strip, _ in read]
    over, other = seen.line_reader.confidence(seen.line_reader.likely(heads))
    return Sureness(up, over, min(letters, other), columns)


def _turned(pipeline: Pipeline, pixels: npt.NDArray[np.uint8], turns: int) -> Sheet:
    turned, back = quarter_turn(pixels, turns)
    sheet = pipeline.run(turned)
    return replace(sheet, to_picture=back @ sheet.to_picture)


def _on_its_side(sheet: Sheet) -> Sheet:
    """Turn the ink in the middle of a sheet counter-clockwise by a quarter, and find its lines anew."""
    labels, boxes, areas = sheet.components.labels, sheet.components.boxes, sheet.components.areas
    height, width = labels.shape
    share = min(1.0, MIDDLE / max(1, len(boxes))) ** 0.5
    rows, columns = _middle(height, share), _middle(width, share)
    if share < 1:
        inside = (boxes[:, :2] >= (columns.start, rows.start)).all(axis=1)
        inside &= (boxes[:, 2:] <= (columns.stop, rows.stop)).all(axis=1)
        number = np.zeros(len(boxes) + 1, labels.dtype)
        number[1:][inside] = np.arange(1, inside.sum() + 1)
        labels, areas = number[labels[rows, columns]], areas[inside]
        boxes = boxes[inside] - np.array([columns.start, rows.start] * 2, boxes.dtype)
    left, top, right, bottom = boxes.T
    turned = np.stack([top, labels.shape[1] - right, bottom, labels.shape[1] - left], axis=1)
    components = Components(np.ascontiguousarray(np.rot90(labels)), turned, areas)
    dark = np.ascontiguousarray(np.rot90(sheet.dark[rows, columns]))
    ink = np.ascontiguousarray(np.rot90(sheet.ink[rows, columns]))
    side = replace(sheet, dark=dark, ink=ink, components=components, lines=())
    return page(replace(side, letter_height=letter_height(components)))


def _middle(length: int, share: float) -> slice:
    """Return the middle of a side of a picture."""
    start = round((1 - share) * length / 2)
    return slice(start, length - start)
