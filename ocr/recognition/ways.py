"""Other ways to take a picture that looks little like text: light on dark, one colour, another threshold."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from ocr.recognition.lattice import Lattice
from ocr.recognition.likeness import likeness, text_width
from ocr.recognition.orientation import find_upright
from ocr.recognition.params import WayParams
from ocr.recognition.recognizer import Recognizer
from ocr.recognition.sheet_cache import SheetCache
from ocr.recognition.text_evidence import LEVEL, LONGEST, Evidence
from pipelines.clean.blank import find_blank
from pipelines.clean.geometry import move_boxes
from pipelines.pipeline import Pipeline, enlarged_less

FEWER_WAYS = "it was not tried in all ways: it is large for a picture of one line, word or letter"


def read_best(pipeline: Pipeline, pixels: npt.NDArray[np.uint8], recognizer: Recognizer) -> Lattice:
    """Read a picture, uint8 (H, W) or (H, W, 3), in the way in which most of it is text.

    Other ways than the first are tried only where what comes of that looks little like letters.
    """
    return (_read_page if pipeline.turns else _read_crop)(pipeline, pixels, recognizer)


def _read_page(pipeline: Pipeline, pixels: npt.NDArray[np.uint8], recognizer: Recognizer) -> Lattice:
    """Read a page; in another way if the network for lines is surer of its lines then."""
    best = first = find_upright(pipeline, pixels, recognizer)
    found = recognizer.read(first, pipeline)
    like = likeness_of(found, recognizer)
    params = recognizer.params.ways
    if like > params.like_letters or not first.sheet.lines:
        return found
    if not (first.looks_like_none or first.evidence.is_hopeless or first.evidence.is_clear):
        layout = enlarged_less(first.sheet)
        for stages in pipeline.others:
            other = replace(pipeline, stages=stages, layout=layout)
            way = find_upright(other, pixels, recognizer, likely=False)
            if not way.glance.is_none_at_a_glance and _is_surer(way.evidence, best.evidence, LEVEL, params):
                best = way
    if best is not first:
        found = recognizer.read(best, pipeline)
        like = likeness_of(found, recognizer)
    return recognizer.nothing(found) if like < params.unlike_letters else found


def _read_crop(pipeline: Pipeline, pixels: npt.NDArray[np.uint8], recognizer: Recognizer) -> Lattice:
    """Read a picture of one line, word or letter.

    A letter is read in each way, and the reading that looks most like one counts. Of all else counts what
    the network for lines says (`SheetCache.evidence`): it is read only in the way whose lines are surest.
    """
    params, sheets = recognizer.params.ways, pipeline.ways(pixels)
    best = first = recognizer.seen(next(sheets))
    found = recognizer.read(first, pipeline)
    like = likeness_of(found, recognizer)
    if like > params.like_letters and (
        pipeline.one_letter or _text_share(found, pixels, recognizer) > params.filled
    ):
        return found
    work, tried = first.sheet.grey.size, 1
    for sheet in sheets:
        way = recognizer.seen(sheet)
        work, tried = work + sheet.grey.size, tried + 1
        if pipeline.one_letter:
            other = recognizer.read(way, pipeline)
            other_like = likeness_of(other, recognizer)
            if other_like > like + params.liker:
                found, like = other, other_like
        elif _is_surer(way.evidence, best.evidence, params.unsure, params):
            best = way
        if work > first.sheet.limits.work:
            break
    if best is not first:
        found = recognizer.read(best, pipeline)
        like = likeness_of(found, recognizer)
    if tried <= len(pipeline.others):
        found = replace(found, sheet=found.sheet.warned(FEWER_WAYS))
    if not pipeline.one_letter and like < params.unlike_letters:
        return recognizer.nothing(found)
    return found


def _is_surer(evidence: Evidence, best: Evidence, level: float, params: WayParams) -> bool:
    """Tell whether the lines of another way are read so much more surely that it is preferred."""
    letters = max(int(each.letters.sum()) for each in (evidence, best))
    return evidence.above(level) > best.above(level) + params.more + params.more_each * letters


def likeness_of(lattice: Lattice, recognizer: Recognizer) -> float:
    """Return how much a reading looks like letters that may be read, 0 to 1."""
    return likeness(lattice, recognizer.classifier.rejects, recognizer.alphabet.barred)


def _text_share(lattice: Lattice, pixels: npt.NDArray[np.uint8], recognizer: Recognizer) -> float:
    """Return in how much of the width of a line, a word or a letter, without blank paper, text is found."""
    height, width = pixels.shape[:2]
    boxes = move_boxes(lattice.marked_boxes, lattice.sheet.to_picture, width, height)
    rejects, barred = recognizer.classifier.rejects, recognizer.alphabet.barred
    found = text_width(lattice, rejects, barred, boxes, recognizer.params.lines)
    (_, _, left, right), _ = find_blank(lattice.sheet.pixels, lattice.sheet.clean)
    return found / float(lattice.sheet.pixels.shape[1] - left - right)


def best_way(pipeline: Pipeline, pixels: npt.NDArray[np.uint8], recognizer: Recognizer) -> SheetCache:
    """Take a picture of one line in the way in which its letters are read most surely; read nothing yet.

    What is longer than a line of text, or speaks clearly against text in the first way, is tried in no other.
    """
    params, sheets = recognizer.params.ways, pipeline.ways(pixels)
    best = recognizer.seen(next(sheets))
    if len(best.sheet.stacks) > LONGEST or best.evidence.total < -params.hopeless:
        return best
    while best.evidence.letters.sum() < params.few or best.evidence.above(params.surely) <= 0:
        sheet = next(sheets, None)
        if sheet is None:
            break
        way = recognizer.seen(sheet)
        if len(sheet.stacks) <= LONGEST and _is_surer(way.evidence, best.evidence, params.unsure, params):
            best = way
    return best
