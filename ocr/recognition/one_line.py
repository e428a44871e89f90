"""Pictures of one line, such as a number plate or a word cut out of a photo, that were read as a page.

A page is expected to have a margin, and letters that are small in comparison. A picture that one line fills
has neither, and its text may run at an angle.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ocr.recognition.cuts import Cut
from ocr.recognition.lattice import Lattice
from ocr.recognition.recognizer import Recognizer
from ocr.recognition.regions import LINE, read_way
from ocr.recognition.spelled import Look
from ocr.recognition.text_evidence import LEVEL, LONGEST, SURE_LINE, Evidence
from ocr.recognition.ways import (
    best_way,
    clearer_cut,
    is_sure,
    is_surer,
    likeness_of,
    looks_at_line,
    read_best,
)
from pipelines.clean.geometry import resize
from pipelines.sheet import Boxes

Pixels = npt.NDArray[np.uint8]


def read_as_line(lattices: Sequence[Lattice], pixels: Pixels, recognizer: Recognizer) -> Sequence[Lattice]:
    """Read a picture as one line as well, level or at an angle, if it is not surely read as a page.

    A large picture is reduced first. A single line that looks like letters stays. Pictures with many letters,
    and high ones, are pages; wide ones are lines, and are read as such if as a page they have several.

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
        That of the line, if the line network is surer of it and no other line that is surely text is lost;
        otherwise `lattices`.
    """
    params, (height, width) = recognizer.params, pixels.shape[:2]
    letters = sum(len(lattice.chosen) for lattice in lattices)
    is_page = letters > LONGEST or height > params.rectified.longest * width
    if is_page or _is_line(lattices, recognizer):
        return lattices
    whole = [lattice for lattice in lattices if lattice.row is None]  # without parts of its lines, read anew
    seen = [recognizer.seen_again(lattice).evidence for lattice in whole]
    evidence = Evidence.of_all(seen)
    is_wide = width > params.rectified.longest * height
    is_parted = is_wide and len(evidence.means) > 1
    if is_sure(evidence, params.ways.surely, params.ways) and not is_parted:
        return lattices
    sure = _sure_letters(whole, seen, pixels)
    line = (_wide_line if is_wide else _cut_line)(pixels, evidence, sure, recognizer)
    return lattices if line is None else [line]


def _wide_line(
    pixels: Pixels, evidence: Evidence, sure: Sequence[Boxes], recognizer: Recognizer
) -> Lattice | None:
    """Return the reading of a wide picture with some text as a line, if that is as sure as a page.

    It need not be quite as sure as a page of several lines.
    """
    if evidence.total <= 0:
        return None
    line, params = read_best(LINE, pixels, recognizer), recognizer.params.ways
    other = recognizer.seen_again(line).evidence
    is_as_sure = other.total >= evidence.total
    if len(evidence.means) > 1:
        is_as_sure |= not is_surer(evidence, other, LEVEL, params)
    return line if is_as_sure and len(line.chosen) and _has_all(line, sure, pixels) else None


def _cut_line(
    pixels: Pixels, evidence: Evidence, sure: Sequence[Boxes], recognizer: Recognizer
) -> Lattice | None:
    """Return the reading of a picture, or of a level cut of it, as a line, if that is surer than a page."""
    best, params = None, recognizer.params.ways
    for (cut, back), look in _looked_at(pixels, recognizer):
        if look.evidence <= 0:
            continue
        way = best_way(LINE, cut, look, recognizer)
        if way.evidence.total >= SURE_LINE and is_surer(way.evidence, evidence, LEVEL, params):
            found = read_way(way, recognizer)
            if found is not None and _has_all(found.moved(back), sure, pixels):
                best, evidence = found.moved(back), way.evidence
    return best


def _is_line(lattices: Sequence[Lattice], recognizer: Recognizer) -> bool:
    """Return whether all that is read is a single line that looks like letters."""
    whole, *others = lattices
    like_letters = recognizer.params.ways.like_letters
    return not others and len(whole.sheet.lines) == 1 and likeness_of(whole, recognizer) > like_letters


def _looked_at(pixels: Pixels, recognizer: Recognizer) -> list[tuple[Cut, Look]]:
    """Return the whole picture, reduced if large, and its clearest level cut, with the looks at them.

    Where no letter is seen on the whole of a large picture, no level cut is sought.
    """
    scale = min(1.0, recognizer.params.regions.small / min(pixels.shape[:2]))
    small, back = resize(pixels, scale)
    looks = looks_at_line(small, recognizer)
    cuts: list[tuple[Cut, Look]] = [((small, back), look) for look in looks]
    may_be_text = scale == 1 or any(look.letters for look in looks)
    level = clearer_cut(small, looks, recognizer) if may_be_text else None
    if level is not None:
        (cut, to_small), look = level
        cuts.append(((cut, back @ to_small), look))
    return cuts


def _sure_letters(lattices: Sequence[Lattice], seen: Sequence[Evidence], pixels: Pixels) -> list[Boxes]:
    """Return the boxes of the letters of each line that is surely text, int32 (N, 4) each."""
    height, width = pixels.shape[:2]
    found = []
    for lattice, evidence in zip(lattices, seen, strict=True):
        boxes, line = lattice.read_boxes(width, height), lattice.chosen_lines
        found += [boxes[line == k] for k in np.flatnonzero(evidence.of_lines >= SURE_LINE)]
    return found


def _has_all(line: Lattice, others: Sequence[Boxes], pixels: Pixels) -> bool:
    """Return whether most letters of each of other lines are where a line is read."""
    height, width = pixels.shape[:2]
    boxes = line.read_boxes(width, height)
    low, high = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    middles = [(other[:, :2] + other[:, 2:]) / 2 for other in others if len(other)]
    return all(((low <= each) & (each <= high)).all(axis=1).mean() > 0.5 for each in middles)
