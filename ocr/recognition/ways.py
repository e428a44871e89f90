"""Other ways to take a picture that looks little like text: light on dark, one colour, another threshold."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from ocr.recognition.lattice import Lattice
from ocr.recognition.likeness import likeness, text_width
from ocr.recognition.orientation import find_upright
from ocr.recognition.recognizer import Recognizer
from pipelines.clean.geometry import move_boxes
from pipelines.pipeline import Pipeline

LIKE_LETTERS = 0.85
"""A picture whose reading looks less like letters than this is tried in other ways."""
FILLED = 0.5
"""So is a line, a word or a letter whose reading finds text in less than this share of the width."""
UNLIKE_LETTERS = 0.2
"""What looks less like letters than this is no text."""
MORE = 0.05
"""Another way must find text in so much more of the width to be preferred."""
FEWER_WAYS = "it was not tried in all ways: it is large for a picture of one line, word or letter"


def read_best(pipeline: Pipeline, pixels: npt.NDArray[np.uint8], recognizer: Recognizer) -> Lattice:
    """Read a picture, uint8 (H, W) or (H, W, 3), in the way in which most of it is text.

    Other ways than the first are tried only where what comes of that looks little like letters.
    """
    seen = find_upright(pipeline, pixels, recognizer)
    found = recognizer.read(seen, pipeline)
    like = _likeness(found, recognizer)
    if pipeline.turns and (like > LIKE_LETTERS or not seen.sheet.lines):
        return found
    share = _text_share(found, like, pipeline, pixels, recognizer)
    if not pipeline.turns and like > LIKE_LETTERS and share > FILLED:
        return found
    work = found.sheet.grey.size
    hopeless = pipeline.turns and (seen.looks_like_none or seen.evidence.is_hopeless)
    for stages in () if hopeless else pipeline.others:
        if not pipeline.turns and work > found.sheet.limits.work:
            found = replace(found, sheet=found.sheet.warned(FEWER_WAYS))
            break
        way = find_upright(replace(pipeline, stages=stages), pixels, recognizer)
        if pipeline.turns and way.evidence.total <= seen.evidence.total:
            continue
        work += way.sheet.grey.size
        other = recognizer.read(way, pipeline)
        other_like = _likeness(other, recognizer)
        other_share = _text_share(other, other_like, pipeline, pixels, recognizer)
        if other_share > share + MORE:
            found, like, share = other, other_like, other_share
    if not pipeline.one_letter and like < UNLIKE_LETTERS:
        return recognizer.nothing(found)
    return found


def _likeness(lattice: Lattice, recognizer: Recognizer) -> float:
    return likeness(lattice, recognizer.classifier.rejects, recognizer.alphabet.barred)


def _text_share(
    lattice: Lattice,
    like: float,
    pipeline: Pipeline,
    pixels: npt.NDArray[np.uint8],
    recognizer: Recognizer,
) -> float:
    """Return in how much of the width text is found; of a letter alone, how much it looks like one."""
    if pipeline.one_letter:
        return like
    height, width = pixels.shape[:2]
    boxes = move_boxes(lattice.marked_boxes, lattice.sheet.to_picture, width, height)
    inside = width if pipeline.turns else lattice.sheet.pixels.shape[1]
    rejects, barred = recognizer.classifier.rejects, recognizer.alphabet.barred
    return text_width(lattice, rejects, barred, boxes, recognizer.params.lines) / float(inside)
