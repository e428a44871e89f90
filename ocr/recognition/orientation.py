"""Page orientation: the one in which a sample of lines is read with the highest confidence."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ocr.finding.sizes import length_in_heights
from ocr.recognition.recognizer import Recognizer
from ocr.recognition.sheet_cache import SheetCache
from ocr.recognition.text_evidence import LEVEL, beginning
from pipelines.clean.geometry import quarter_turn
from pipelines.layout.components import letter_height
from pipelines.pipeline import Pipeline, page
from pipelines.sheet import Components, Sheet

LINES, COLUMNS = 8, 400
"""How many of the longest lines are read, and most columns of each, at a height of 32."""
FEWEST = 4
"""Least number of characters that must be read for a picture to be turned."""
SQUARE = 2.0
"""Fewer components than `FEWEST`, in a box at most this many times as long as wide, hold fewer characters."""
ENOUGH = 16
"""Number of characters, read on the rotated ink of a sheet, that is enough to decide."""
SURELY_ENOUGH = 1600
"""Columns that hold about a hundred characters of text: fewer than `ENOUGH` characters on this many columns
are enough to decide, too."""
RUNS_ACROSS = -0.28
"""Lines with a mean log-probability per letter above this, in nats, are horizontal."""
SURELY_UPRIGHT = -0.2
"""Lines with a mean log-probability per letter above this, in nats, are upright; upside down, the best of
about eighty pages reaches -0.3."""
MIDDLE = 2500
"""About how many components in the middle of a page are used to test whether it is sideways."""
LEVEL_LINES = 7.0
"""Regions of text that are longer than this, in their heights, run level: upside-down or not, the picture is
not sideways. On its side, they reach 6."""
SEVERAL = 3
"""With fewer regions of text, a way that will probably not be read is not tried sideways."""
MARGIN = 4.0
"""Prior for the orientation as loaded, in nats: another one must have this much more evidence."""


@dataclass(frozen=True, slots=True)
class Sureness:
    """Confidence of lines as they are and upside down, in nats per letter, and how much was read.

    Attributes
    ----------
    up, over : float
    letters : int
    columns : int
        Columns of the strips that were read.
    """

    up: float
    over: float
    letters: int
    columns: int

    @property
    def best(self) -> float:
        """The larger of both confidences."""
        return max(self.up, self.over)

    @property
    def margin(self) -> float:
        """How much larger the confidence of another orientation must be."""
        return MARGIN / max(1, self.letters)


def find_upright(
    pipeline: Pipeline, pixels: npt.NDArray[np.uint8], recognizer: Recognizer, likely: bool = True
) -> SheetCache:
    """Apply the stages of `pipeline` to a picture, turned by quarters so that it is upright.

    The line network reads some of its lines, and reads them upside down too unless they are clearly upright.
    Where neither reading is confident, the picture may be sideways, unless text is found in long level lines:
    the ink is turned and its lines are read, and where that is not clear, the whole picture is turned.

    A picture full of components that do not look like letters is not turned, nor is one of a letter or two,
    or one on which no text is found.

    Parameters
    ----------
    pipeline : Pipeline
    pixels : uint8 array, shape (H, W) or (H, W, 3)
    recognizer : Recognizer
    likely : bool
        Whether the lines of this way will probably be read. If not, the picture is turned only if their
        evidence is clearly for text.
    """
    budget, before = recognizer.budget, recognizer.budget.spent
    seen = recognizer.seen(pipeline.run(pixels))
    if (
        not pipeline.turns
        or _is_too_short(seen.sheet)
        or not recognizer.may_hold_text
        or seen.looks_like_none
    ):
        return seen
    across = _sureness(seen, likely and seen.looks_like_text)
    cost = budget.spent - before
    if across.best < RUNS_ACROSS and _may_be_sideways(recognizer, likely) and budget.affords_way(cost):
        side = _from_the_side(pipeline, pixels, seen, across, recognizer, likely, cost)
        if side is not None:
            return side
    least = max(across.up + across.margin, -np.inf if likely else LEVEL)
    if across.letters >= FEWEST and across.over > least:
        return recognizer.seen(_turned(pipeline, pixels, 2))
    return seen


def _may_be_sideways(recognizer: Recognizer, likely: bool) -> bool:
    """Return whether the regions of text, as far as they are known, allow that a picture is sideways."""
    if recognizer.regions is None:
        return True
    regions = recognizer.regions()
    return (likely or len(regions) >= SEVERAL) and length_in_heights(regions) < LEVEL_LINES


def _is_too_short(sheet: Sheet) -> bool:
    """Return whether a sheet holds fewer characters than a picture must have to be turned."""
    boxes = sheet.components.boxes
    if not len(boxes):
        return True
    if len(boxes) >= FEWEST:
        return False
    sides = boxes[:, 2:].max(axis=0) - boxes[:, :2].min(axis=0)
    return bool(sides.max() <= SQUARE * sides.min())


def _from_the_side(
    pipeline: Pipeline,
    pixels: npt.NDArray[np.uint8],
    seen: SheetCache,
    across: Sureness,
    recognizer: Recognizer,
    likely: bool,
    cost: float,
) -> SheetCache | None:
    """Return a picture turned by one or three quarters; None where that has no higher confidence.

    Where the ink, turned, does not decide, the whole picture is turned; but not in a way that is not likely,
    nor where its `cost`, in seconds, cannot be afforded.
    """
    trial = None
    beside = _sureness(recognizer.seen(_on_its_side(seen.sheet)))
    is_open = beside.letters < ENOUGH and beside.columns < SURELY_ENOUGH
    is_doubtful = (is_open and likely) or (_is_surer(beside, across) and beside.best < RUNS_ACROSS)
    if is_doubtful and recognizer.budget.affords_way(cost):
        stages = pipeline.trial or pipeline.stages
        trial = recognizer.seen(_turned(replace(pipeline, stages=stages), pixels, 1))
        beside = _sureness(trial)
    if not _is_surer(beside, across):
        return None
    turns = 1 if beside.up >= beside.over else 3
    is_final = trial is not None and turns == 1 and not pipeline.trial
    return trial if is_final else recognizer.seen(_turned(pipeline, pixels, turns))


def _is_surer(beside: Sureness, across: Sureness) -> bool:
    """Return whether the lines of a turned picture have clearly more confidence than others."""
    margin = max(across.margin, beside.margin)
    return beside.letters >= FEWEST and beside.best > max(LEVEL, across.best + margin)


def _sureness(seen: SheetCache, kept: bool = False) -> Sureness:
    """Return the confidence of some lines of a sheet; upside down only where needed.

    Where the readings will be `kept`, since the lines are probably upright, lines are read to their ends.
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
    """Turn the ink in the middle of a sheet by a quarter, counter-clockwise, and find its lines."""
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
    """Return the middle part of a side of a picture."""
    start = round((1 - share) * length / 2)
    return slice(start, length - start)
