"""Pictures of a single letter that were read as a page.

On a page a letter is judged by where it stands on its line and by what is frequent in text, and parts of it
may be taken for letters. A letter that stands alone is judged by its shape.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ocr.recognition.lattice import Lattice
from ocr.recognition.recognizer import Recognizer
from ocr.recognition.text_evidence import LEVEL, Evidence
from ocr.recognition.ways import likeness_of, read_best
from pipelines.pipeline import PRESETS
from pipelines.sheet import Boxes

LETTER = PRESETS["letter"]
PARTS = 3
"""Most letters that the parts of one may be taken for."""
AROUND = 0.4
"""Room around a letter that is cut out, in its heights."""


def read_as_letter(
    lattices: Sequence[Lattice], pixels: npt.NDArray[np.uint8], recognizer: Recognizer
) -> Sequence[Lattice]:
    """Read a picture on which no more than a letter is read as that letter alone.

    So are two or three letters side by side, no wider in all than one letter may be, if the line network does
    not read more than one.

    Parameters
    ----------
    lattices : sequence of Lattice
        Those of the picture as a page and of its regions.
    pixels : uint8 array, shape (H, W) or (H, W, 3)
        The picture as loaded.
    recognizer : Recognizer

    Returns
    -------
    sequence of Lattice
        That of the letter, or `lattices`.
    """
    boxes = np.concatenate([_letters(lattice, pixels, recognizer) for lattice in lattices])
    whole = lattices[0]
    if len(boxes) == len(whole.chosen) == len(lattices) == len(whole.sheet.stacks) == 1:
        return [recognizer.read_alone(whole.sheet, recognizer.seen_again(whole).stacks(whole.sheet))]
    if not 1 <= len(boxes) <= PARTS or not _may_be_one(boxes, lattices, recognizer):
        return lattices
    left, top = (int(side) for side in boxes[:, :2].min(axis=0))
    right, bottom = (int(side) for side in boxes[:, 2:].max(axis=0))
    room = round(AROUND * (bottom - top))
    left, top = max(0, left - room), max(0, top - room)
    cut = np.ascontiguousarray(pixels[top : bottom + room, left : right + room])
    letter = read_best(LETTER, cut, recognizer)
    if likeness_of(letter, recognizer) <= recognizer.params.ways.like_letters:
        return lattices
    return [letter.moved(np.array([[1.0, 0, left], [0, 1, top], [0, 0, 1]]))]


def _letters(lattice: Lattice, pixels: npt.NDArray[np.uint8], recognizer: Recognizer) -> Boxes:
    """Return the boxes of the letters that are read, int32 (N, 4), in pixels of the picture."""
    height, width = pixels.shape[:2]
    return lattice.read_boxes(width, height)[~recognizer.classifier.rejects[lattice.chosen[:, 1]]]


def _may_be_one(boxes: Boxes, lattices: Sequence[Lattice], recognizer: Recognizer) -> bool:
    """Return whether some letters may be parts of one."""
    if len(boxes) == 1:
        return True
    width, height = (boxes[:, 2:].max(axis=0) - boxes[:, :2].min(axis=0)).tolist()
    if width > recognizer.params.lines.widest * height:
        return False
    evidence = Evidence.of_all([recognizer.seen_again(lattice).evidence for lattice in lattices])
    return evidence.total <= -LEVEL
