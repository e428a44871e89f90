"""Page orientation: the one in which a sample of lines is read with the highest confidence."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ocr.finding.sizes import length_in_heights
from ocr.recognition.params.ways import OrientationParams
from ocr.recognition.recognizer import Recognizer
from ocr.recognition.sheet_cache import SheetCache
from ocr.recognition.text_evidence import LEVEL, beginning
from pipelines.clean.geometry import quarter_turn
from pipelines.layout.components import letter_height
from pipelines.pipeline import Pipeline, page
from pipelines.sheet import Components, Sheet


@dataclass(frozen=True, slots=True)
class Sureness:
    """Confidence of lines as they are and upside down, in nats per letter, and how much was read.

    Attributes
    ----------
    up, over : float
    letters : int
    columns : int
        Columns of the strips that were read.
    margin : float
        How much larger the confidence of another orientation must be.
    """

    up: float
    over: float
    letters: int
    columns: int
    margin: float

    @property
    def best(self) -> float:
        """The larger of both confidences."""
        return max(self.up, self.over)


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
    budget, before, params = recognizer.budget, recognizer.budget.spent, recognizer.params.orientation
    seen = _seen_turned(pipeline, pixels, recognizer, 0)
    if (
        not pipeline.turns
        or _is_too_short(seen.sheet, params)
        or not recognizer.may_hold_text
        or seen.looks_like_none
    ):
        return seen
    across = _sureness(seen, params, likely and seen.looks_like_text)
    cost = budget.spent - before
    glance = budget.cost(columns=2 * params.lines * params.columns)
    may_be_sideways = across.best < params.runs_across and _may_be_sideways(recognizer, across, likely)
    if may_be_sideways and (budget.affords(glance) if likely else budget.affords_way(cost)):
        side = _from_the_side(pipeline, pixels, seen, across, recognizer, likely, cost)
        if side is not None:
            return side
    least = max(across.up + across.margin, -np.inf if likely else LEVEL)
    if across.letters >= params.fewest and across.over > least:
        return _seen_turned(pipeline, pixels, recognizer, 2)
    return seen


def _seen_turned(
    pipeline: Pipeline, pixels: npt.NDArray[np.uint8], recognizer: Recognizer, turns: int
) -> SheetCache:
    """Apply the stages of `pipeline` to a picture turned by so many quarters."""
    sheet = _turned(pipeline, pixels, turns) if turns else pipeline.run(pixels)
    return recognizer.seen(sheet, pipeline.effort(sheet))


def _may_be_sideways(recognizer: Recognizer, across: Sureness, likely: bool) -> bool:
    """Return whether the regions of text, as far as they are known, allow that a picture is sideways.

    Columns of a table that lies on its side are level lines, too, but are not read with confidence. Where no
    line is found, they are none.
    """
    if recognizer.regions is None:
        return True
    regions, params = recognizer.regions(), recognizer.params.orientation
    may_be_columns = likely and across.columns > 0 and across.best < params.unread
    longest = params.level_columns if may_be_columns else params.level_lines
    return (likely or len(regions) >= params.several) and length_in_heights(regions) < longest


def _is_too_short(sheet: Sheet, params: OrientationParams) -> bool:
    """Return whether a sheet holds fewer characters than a picture must have to be turned."""
    boxes = sheet.components.boxes
    if not len(boxes):
        return True
    if len(boxes) >= params.fewest:
        return False
    sides = boxes[:, 2:].max(axis=0) - boxes[:, :2].min(axis=0)
    return bool(sides.max() <= params.square * sides.min())


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
    trial, params = None, recognizer.params.orientation
    beside = _sureness(recognizer.seen(_on_its_side(seen.sheet, params.middle)), params)
    is_open = beside.letters < params.enough and beside.columns < params.surely_enough
    is_doubtful = (is_open and likely) or (
        _is_surer(beside, across, params) and beside.best < params.runs_across
    )
    if is_doubtful and recognizer.budget.affords_way(cost):
        stages = pipeline.trial or pipeline.stages
        trial = _seen_turned(replace(pipeline, stages=stages), pixels, recognizer, 1)
        beside = max(beside, _sureness(trial, params), key=lambda side: side.best)
    if not _is_surer(beside, across, params):
        return None
    turns = 1 if beside.up >= beside.over else 3
    is_final = trial is not None and turns == 1 and not pipeline.trial
    return trial if is_final else _seen_turned(pipeline, pixels, recognizer, turns)


def _is_surer(beside: Sureness, across: Sureness, params: OrientationParams) -> bool:
    """Return whether the lines of a turned picture have clearly more confidence than others."""
    margin = beside.margin if across.letters < params.fewest else max(across.margin, beside.margin)
    return beside.letters >= params.fewest and beside.best > max(LEVEL, across.best + margin)


def _sureness(seen: SheetCache, params: OrientationParams, kept: bool = False) -> Sureness:
    """Return the confidence of some lines of a sheet; upside down only where needed.

    Where the readings will be `kept`, since the lines are probably upright, lines are read to their ends.
    """
    longest = sorted(seen.sheet.lines, key=lambda line: -len(line.stacks))[: params.lines]
    lines = [beginning(seen.sheet, line) for line in longest]
    read = seen.frames(lines) if kept else seen.first_frames(lines, params.columns)
    frames = params.columns // seen.line_reader.model.stride
    up, letters = seen.line_reader.confidence([likely[:frames] for _, likely in read])
    columns = sum(min(params.columns, strip.pixels.shape[1]) for strip, _ in read)
    if up > params.surely_upright and letters >= params.enough:
        return Sureness(up, -np.inf, letters, columns, params.margin / max(1, letters))
    heads = [np.ascontiguousarray(strip.pixels[::-1, params.columns - 1 :: -1]) for strip, _ in read]
    over, other = seen.line_reader.confidence(seen.line_reader.likely(heads))
    fewer = min(letters, other)
    return Sureness(up, over, fewer, columns, params.margin / max(1, fewer))


def _turned(pipeline: Pipeline, pixels: npt.NDArray[np.uint8], turns: int) -> Sheet:
    turned, back = quarter_turn(pixels, turns)
    sheet = pipeline.run(turned)
    return replace(sheet, to_picture=back @ sheet.to_picture)


def _on_its_side(sheet: Sheet, components: int) -> Sheet:
    """Turn the ink in the middle of a sheet by a quarter, counter-clockwise, and find its lines.

    About so many `components` are in that middle.
    """
    labels, boxes, areas = sheet.components.labels, sheet.components.boxes, sheet.components.areas
    height, width = labels.shape
    share = min(1.0, components / max(1, len(boxes))) ** 0.5
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
    beside = Components(np.ascontiguousarray(np.rot90(labels)), turned, areas)
    dark = np.ascontiguousarray(np.rot90(sheet.dark[rows, columns]))
    ink = np.ascontiguousarray(np.rot90(sheet.ink[rows, columns]))
    side = replace(sheet, dark=dark, ink=ink, components=beside, lines=())
    return page(replace(side, letter_height=letter_height(beside)))


def _middle(length: int, share: float) -> slice:
    """Return the middle part of a side of a picture."""
    start = round((1 - share) * length / 2)
    return slice(start, length - start)
