"""Regions of text that are not read as part of the sheet, or not surely: each is cut out and read by itself.

A sheet has one ink colour, one paper colour, one size of letters and one direction. A white title on a
coloured header, a headline four times as large as the text below, or a sign in a street does not fit on one
sheet with the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

import numpy as np
import numpy.typing as npt

from ocr.finding.covered import unread
from ocr.finding.region import TextRegion
from ocr.finding.text_finder import find_text
from ocr.recognition.cuts import Cut, cut_region
from ocr.recognition.doubted_text import (
    DoubtedText,
    doubted_texts,
    letter_evidence,
    unlikely_beside,
    without,
)
from ocr.recognition.lattice import Lattice
from ocr.recognition.limited import KINDS, WINDOW
from ocr.recognition.missed_text import MissedText, missed_texts
from ocr.recognition.page import quarter_of
from ocr.recognition.recognizer import Recognizer
from ocr.recognition.sheet_cache import SheetCache
from ocr.recognition.shown_through import shown_through
from ocr.recognition.spelled import Look, look_at_likely
from ocr.recognition.text_evidence import LEVEL, LONGEST, SURE_LINE, SURE_WORD
from ocr.recognition.ways import best_way, likeness_of
from pipelines.clean.geometry import quarter_turn
from pipelines.clean.joined import join_pieces
from pipelines.clean.light import to_grey
from pipelines.pipeline import PRESETS
from pipelines.sheet import Boxes

LINE = PRESETS["line"]
QUARTERS = [(1, 0), (0, 1), (-1, 0), (0, -1)]
"""Where the rows of a sheet run in the picture, by how many quarters that was turned counter-clockwise."""
AGAINST = 0.5
"""A region runs against the sheet where the cosine of the angle between them is below minus this."""
SAME = 0.5
"""Boxes of letters that share more than this part of the larger one are of the same letter, and texts with
more than this part of their letters in common are the same."""


def read_beside(
    whole: Lattice, pixels: npt.NDArray[np.uint8], regions: Sequence[TextRegion], recognizer: Recognizer
) -> list[Lattice]:
    """Read the regions as `read_regions` does, in the direction of the sheet.

    Where the picture was turned to be read, and the sheet is text, the regions are found once more on the
    turned picture: on a picture that lies on its side the text finder sees single letters rather than lines.
    """
    turns = QUARTERS.index(quarter_of(whole.sheet.to_picture))
    evidence = letter_evidence(whole, recognizer.classifier.rejects)
    if not turns or np.nansum(evidence - LEVEL) < SURE_LINE:
        return read_regions(whole, pixels, regions, recognizer)
    turned, back = quarter_turn(pixels, turns)
    lattices = read_regions(
        whole.moved(np.asarray(np.linalg.inv(back))), turned, find_text(turned), recognizer
    )
    return [lattice.moved(back) for lattice in lattices]


def read_regions(
    whole: Lattice, pixels: npt.NDArray[np.uint8], regions: Sequence[TextRegion], recognizer: Recognizer
) -> list[Lattice]:
    """Read the regions that are not read as part of the sheet, those of the highest score first.

    Regions that are read there, but doubted, are read after them, and replace what is on the sheet if they
    are read better (`ocr.recognition.doubted_text`).

    Parameters
    ----------
    whole : Lattice
        The lattice of the picture as one sheet.
    pixels : uint8 array, shape (H, W) or (H, W, 3)
        The picture as loaded.
    regions : sequence of TextRegion
        The regions of text.
    recognizer : Recognizer

    Returns
    -------
    list of Lattice
        First the lattice of the sheet, with a warning where there are more regions than the limit; then that
        of each region that reads as text, with `to_picture` mapping to the picture as loaded. Where hardly
        any region does, the rest are skipped.
    """
    params, (height, width) = recognizer.params.regions, pixels.shape[:2]
    across = whole.sheet.to_picture[:2, 0]
    long = [directed(each, across) for each in regions if each.length >= params.narrow * each.height]
    boxes, rejects = whole.read_boxes(width, height), recognizer.classifier.rejects
    beside = sorted(unread(long, boxes), key=lambda region: -region.score)
    others = [region for region in long if region not in beside]
    doubted = doubted_texts(others, whole, boxes, rejects, params)
    known = [region for region, _ in doubted]
    missed = _missed([each for each in others if each not in known], whole, pixels, boxes, recognizer)
    again: list[tuple[TextRegion, DoubtedText | MissedText]] = [*doubted, *missed]
    texts = [*(None for _ in beside), *(text for _, text in again)]
    cuts = _cuts(pixels, [*beside, *(region for region, _ in again)], recognizer)
    if len(cuts) < len(beside):
        said = f"of {len(beside)} places beside the page that may be text, {len(cuts)} were looked at"
        whole = replace(whole, sheet=whole.sheet.warned(said))
    cuts, looks = _looked_at(cuts, recognizer)
    likely = [k for k, look in looks.items() if look.evidence > params.looks_like]
    unknown = {k: looks[k] for k in likely if texts[k] is None}
    mirrored = shown_through(cuts, unknown, pixels, boxes, recognizer)
    likely = [k for k in likely if k not in mirrored]
    lattices: list[Lattice] = []
    given_up = unlikely_beside(regions, whole, boxes, recognizer.classifier, params)
    for number, k in enumerate(sorted(likely, key=lambda k: -looks[k].evidence)):
        text = texts[k]
        is_certain = number < params.first and looks[k].evidence > params.certain
        is_bounded = number > params.misses + params.more * len(lattices)
        if is_bounded or not (is_certain or recognizer.budget.affords()):
            break
        if text is not None and (text.near & given_up).any():
            continue
        cut, back = cuts[k]
        lattice = _read_cut(cut, looks[k], recognizer, is_faint=text is not None)
        if lattice is None:
            continue
        if text is not None:
            if not text.is_worse_than(lattice, rejects):
                continue
            given_up |= text.letters
            lattice = replace(lattice, row=text.row)
        elif are_read(lattice.moved(back).read_boxes(width, height), boxes):
            continue
        lattices.append(lattice.moved(back))
    return [without(whole, given_up), *lattices]


def directed(region: TextRegion, across: npt.NDArray[np.float64]) -> TextRegion:
    """Return a region with its corners in the direction of the sheet, if it runs against that.

    The text finder does not see whether text is upside down; what is beside the sheet is as the sheet is.

    Parameters
    ----------
    region : TextRegion
    across : float64 array, shape (2,)
        The direction of the sheet's rows in the picture.
    """
    along = region.corners[1] - region.corners[0]
    is_against = along @ across < -AGAINST * np.hypot(*along) * np.hypot(*across)
    return replace(region, corners=np.roll(region.corners, 2, axis=0)) if is_against else region


def are_read(letters: Boxes, others: Boxes) -> bool:
    """Return whether most letters, boxes (N, 4), are among those that are read already, (M, 4).

    Letters in the cells of a form may cover too little of their region for it to count as read.

    Examples
    --------
    >>> others = np.array([[0, 0, 10, 20], [30, 0, 40, 20]])
    >>> are_read(others + 1, others), are_read(others + 5, others)
    (True, False)
    """
    low = np.maximum(letters[:, None, :2], others[:, :2])
    high = np.minimum(letters[:, None, 2:], others[:, 2:])
    shared = np.prod(np.maximum(high - low, 0), axis=2)
    areas = [np.prod(boxes[:, 2:] - boxes[:, :2], axis=1) for boxes in (letters, others)]
    is_same = shared > SAME * np.maximum(areas[0][:, None], areas[1])
    return bool(is_same.any(axis=1).mean() > SAME) if len(letters) else False


def _missed(
    regions: Sequence[TextRegion],
    whole: Lattice,
    pixels: npt.NDArray[np.uint8],
    boxes: Boxes,
    recognizer: Recognizer,
) -> list[tuple[TextRegion, MissedText]]:
    """Return what is missed within regions, of places that look like text by themselves."""
    params = recognizer.params.regions
    found = missed_texts(regions, whole, boxes, recognizer.classifier.rejects, params)
    cuts = _cuts(pixels, [place for place, _ in found], recognizer)
    rows = recognizer.params.spelled.region_rows
    looks = look_at_likely([cut for cut, _ in cuts], rows, recognizer.line_reader, params)
    likely = [k for k in sorted(looks) if looks[k].evidence > params.looks_like]
    return list(chain.from_iterable(found[k][1] for k in likely))


def _cuts(pixels: npt.NDArray[np.uint8], regions: Sequence[TextRegion], recognizer: Recognizer) -> list[Cut]:
    """Cut out regions in their order, up to a limit on their pixels and while the budget affords a look."""
    params, budget = recognizer.params.regions, recognizer.budget
    rows = recognizer.params.spelled.region_rows[0]

    def cut_out() -> Iterator[tuple[Cut, float]]:
        left = params.share * max(pixels.shape[0] * pixels.shape[1], params.smallest)
        for region in regions:
            cut, back = cut_region(pixels, region, params.around, params.highest)
            left -= cut.shape[0] * cut.shape[1]
            if left < 0:
                return
            columns = round(min(params.glance, cut.shape[1] * rows / cut.shape[0]))
            yield (cut, back), 2 * budget.cost(columns=columns)

    return list(budget.affordable(cut_out(), params.first))


def _looked_at(cuts: list[Cut], recognizer: Recognizer) -> tuple[list[Cut], dict[int, Look]]:
    """Return the cut-out regions, and the looks at those that may be text.

    Where one does not look like text, but has segments or dots, these are joined, and it is looked at again.
    """
    rows, params = recognizer.params.spelled.region_rows, recognizer.params.regions
    looks = look_at_likely([cut for cut, _ in cuts], rows, recognizer.line_reader, params)
    clean = replace(LINE.clean, joining=replace(LINE.clean.joining, most=params.pieces))
    joined: dict[int, npt.NDArray[np.uint8]] = {}
    for k, (cut, _) in enumerate(cuts):
        if k not in looks or looks[k].evidence <= params.looks_like:
            pieces = join_pieces(to_grey(cut), clean)
            if pieces is not None:
                joined[k] = pieces
    again = look_at_likely(list(joined.values()), rows, recognizer.line_reader, params)
    better = {k: again[number] for number, k in enumerate(joined) if number in again}
    cuts = [(joined[k], back) if k in better else (cut, back) for k, (cut, back) in enumerate(cuts)]
    return cuts, looks | better


def _read_cut(
    cut: npt.NDArray[np.uint8], look: Look, recognizer: Recognizer, is_faint: bool
) -> Lattice | None:
    """Read a cut-out region, if it is text."""
    return read_way(best_way(LINE, cut, look, recognizer, is_faint), recognizer)


def read_way(seen: SheetCache, recognizer: Recognizer) -> Lattice | None:
    """Read one way of a cut-out region, if it is text."""
    stacks = len(seen.sheet.stacks)
    if stacks > LONGEST or seen.evidence.total < SURE_WORD:
        return None
    lattice = recognizer.read(seen, LINE)
    is_all_alike = stacks > WINDOW and len(np.unique(lattice.chosen[:, 1])) < KINDS
    params = recognizer.params.ways
    least = params.doubtful if seen.evidence.total < SURE_LINE else params.unlike_letters
    return lattice if likeness_of(lattice, recognizer) >= least and not is_all_alike else None
