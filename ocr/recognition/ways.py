"""Other ways of reading a picture that looks little like text: polarity, one colour, another threshold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

import numpy as np
import numpy.typing as npt

from ocr.finding.sizes import heights_of_body, heights_of_letters
from ocr.recognition.cuts import Cut
from ocr.recognition.lattice import Lattice
from ocr.recognition.likeness import likeness, text_width
from ocr.recognition.orientation import find_upright
from ocr.recognition.params import STANDARD, WayParams
from ocr.recognition.pictures import without_pictures
from ocr.recognition.recognizer import Recognizer
from ocr.recognition.rectified import clearest_cut
from ocr.recognition.sheet_cache import SheetCache
from ocr.recognition.spelled import AS_MANY, Look, look_at, spelled
from ocr.recognition.text_evidence import LEVEL, LONGEST, SURE_LINE, Evidence
from pipelines.clean.blank import find_blank
from pipelines.clean.geometry import move_boxes
from pipelines.pipeline import ENLARGED_LESS, Pipeline, enlarged_fully, enlarged_less
from pipelines.sheet import Boxes, Sheet

FEWER_WAYS = "it was not tried in all ways: it is large for a picture of one line, word or letter"


def read_best(pipeline: Pipeline, pixels: npt.NDArray[np.uint8], recognizer: Recognizer) -> Lattice:
    """Read a picture, uint8 (H, W) or (H, W, 3), in the way with the most evidence of text.

    Other ways than the first are tried only where its result looks little like letters.
    """
    return (_read_page if pipeline.turns else _read_crop)(pipeline, pixels, recognizer)


def _read_page(pipeline: Pipeline, pixels: npt.NDArray[np.uint8], recognizer: Recognizer) -> Lattice:
    """Read a page, in another way if the line network has more confidence in that.

    Where even that is evidence against text, as of odd signs, its letters must also look more like letters.
    Other ways are tried only where the text finder has found text.
    """
    plain = pipeline.layout
    pipeline, first, cost = _first_way(pipeline, pixels, recognizer)
    best = first = without_pictures(first, pixels, recognizer)
    found = recognizer.read(first, pipeline)
    if _is_cut_blot(found, first):
        return recognizer.nothing(found)
    like = likeness_of(found, recognizer)
    params = recognizer.params.ways
    if like > params.like_letters or not first.sheet.lines:
        return found
    if recognizer.may_hold_text and not (
        first.looks_like_none or first.evidence.is_hopeless or first.is_clearly_text
    ):
        layout = enlarged_less(replace(first.sheet, params=plain))
        for stages in pipeline.others:
            if not recognizer.budget.affords_way(cost):
                break
            other = replace(pipeline, stages=stages, layout=layout)
            way = find_upright(other, pixels, recognizer, likely=False)
            if way.glance.is_none_at_a_glance or way.evidence.letters.sum() < params.few:
                continue
            if is_surer(way.evidence, best.evidence, LEVEL, params):
                best = way
    if best is not first:
        second = recognizer.read(best, pipeline)
        if best.evidence.total >= SURE_LINE:
            return second
        second_like = likeness_of(second, recognizer)
        if best.evidence.total >= 0 or second_like > like:
            found, like = second, second_like
    is_doubtful = best.evidence.total < SURE_LINE and len(found.chosen) > 1
    least = params.doubtful if is_doubtful else params.unlike_letters
    return recognizer.nothing(found) if like < least else found


def _first_way(
    pipeline: Pipeline, pixels: npt.NDArray[np.uint8], recognizer: Recognizer
) -> tuple[Pipeline, SheetCache, float]:
    """Return the first way, or the same for letters of the text finder's height, if that is surer.

    That is tried where the sheet's height of letters, which pictures, grain and rules may distort, is
    another, or where the sheet was reduced until its letters were too low to read, if the budget affords it.
    A page that has been enlarged less than its letters need, and that holds text, is then enlarged fully. The
    third value is what the first way cost, in seconds, with the evidence of its lines.
    """
    before = recognizer.budget.spent
    first = find_upright(pipeline, pixels, recognizer)
    evidence = first.evidence
    cost = recognizer.budget.spent - before
    pipeline, first = _sized(pipeline, pixels, first, evidence, recognizer, cost)
    if not _deserves_more(first):
        return pipeline, first, cost
    del first  # so that both are never held in memory
    pipeline = replace(pipeline, layout=enlarged_fully(pipeline.layout))
    return pipeline, find_upright(pipeline, pixels, recognizer), cost


def _sized(
    pipeline: Pipeline,
    pixels: npt.NDArray[np.uint8],
    first: SheetCache,
    evidence: Evidence,
    recognizer: Recognizer,
    cost: float,
) -> tuple[Pipeline, SheetCache]:
    """Return the first way, of this evidence, or that for letters of another height, if it is surer.

    For the letters of body text under a heading, it need only be about as sure.
    """
    params = recognizer.params.ways
    regions = () if recognizer.regions is None else recognizer.regions()
    bounds = heights_of_letters(regions, params.sized)
    if bounds is not None and not _fits(first.sheet, bounds) and recognizer.budget.affords_way(cost):
        sized = replace(pipeline, heights=bounds)
        other = find_upright(sized, pixels, recognizer)
        if is_surer(other.evidence, evidence, LEVEL, params):
            pipeline, first = sized, other
    bounds = heights_of_body(regions)
    is_text = first.evidence.total > params.heading
    if not is_text or bounds is None or _fits(first.sheet, bounds) or not recognizer.budget.affords_way(cost):
        return pipeline, first
    sized = replace(pipeline, heights=bounds)
    other = find_upright(sized, pixels, recognizer)
    is_worse = is_surer(first.evidence, other.evidence, LEVEL, params)
    return (pipeline, first) if is_worse else (sized, other)


def _deserves_more(seen: SheetCache) -> bool:
    """Return whether a page that has been enlarged less than its letters need holds text to be read."""
    sheet = seen.sheet
    is_low = ENLARGED_LESS in sheet.warnings and len(sheet.stacks) <= sheet.limits.letters
    return is_low and not seen.looks_like_none and seen.evidence.total > 0


def _is_cut_blot(lattice: Lattice, seen: SheetCache) -> bool:
    """Return whether a page is one stroke that is cut into letters, of which the line network reads none."""
    is_cut = len(seen.sheet.stacks) == 1 and len(lattice.chosen) > 1
    return is_cut and not seen.evidence.letters.any()


def _fits(sheet: Sheet, bounds: tuple[float, float]) -> bool:
    """Return whether the height of a sheet's letters, in pixels of the picture, is within bounds.

    It is not where the sheet was reduced until they were lower than letters that are enlarged.
    """
    height = sheet.letter_height
    was_reduced_too_much = sheet.pixel > 1 and height < sheet.params.sizes.smallest
    return bounds[0] <= height * sheet.pixel <= bounds[1] and not was_reduced_too_much


def _read_crop(pipeline: Pipeline, pixels: npt.NDArray[np.uint8], recognizer: Recognizer) -> Lattice:
    """Read a picture of one line, word or letter.

    A single letter is read in each way, and the reading with the highest likeness is returned. Lines and
    words are read in the way with the most evidence (`SheetCache.evidence`), unless the first reading is
    clear. Of a first reading that looks like letters, no letter is given up, but its parts may be joined.
    """
    params, sheets = recognizer.params.ways, pipeline.ways(pixels)
    first = recognizer.seen(next(sheets))
    found = recognizer.read(first, pipeline)
    like = likeness_of(found, recognizer)
    if pipeline.one_letter:
        return (
            found
            if like > params.like_letters
            else _surest_letter(first, found, sheets, pipeline, recognizer)
        )
    like_letters = like > params.like_letters
    is_clear = len(first.sheet.stacks) > params.short or is_sure(first.evidence, params.clearly, params)
    share = _text_share(found, pixels, recognizer) if like_letters and is_clear else 0.0
    is_good, is_whole = share > params.filled, share > params.full or len(found.chosen) > params.short
    if is_good and is_whole:
        return found
    looks = looks_at_line(pixels, recognizer)
    if is_good and not _read_more(looks, found, params):
        return found
    others = _others(pixels, looks, pipeline, sheets, recognizer, params.short)
    best, is_limited = _surest(first, others, params)
    level = _rectified(pixels, looks, best, pipeline, recognizer)
    if best is not first or level is not None:
        other = recognizer.read(best, pipeline) if level is None else level
        other_like = likeness_of(other, recognizer)
        is_as_like = other_like > like - params.liker
        if not like_letters or _keeps_letters(other, found, is_as_like, pixels, params):
            found, like = other, other_like
    if is_limited:
        found = replace(found, sheet=found.sheet.warned(FEWER_WAYS))
    return recognizer.nothing(found) if like < params.unlike_letters else found


def _keeps_letters(
    other: Lattice, found: Lattice, is_as_like: bool, pixels: npt.NDArray[np.uint8], params: WayParams
) -> bool:
    """Return whether another reading of a picture has more letters, or the same, of which it may join parts.

    Without more letters, it must look as much like letters.
    """
    if len(other.chosen) > len(found.chosen):
        return True
    height, width = pixels.shape[:2]
    boxes, others = (lattice.read_boxes(width, height) for lattice in (found, other))
    return is_as_like and lie_in(boxes, others, params.small_part)


def lie_in(letters: Boxes, others: Boxes, small_part: float = STANDARD.ways.small_part) -> bool:
    """Return whether half of each of some boxes, int32 (N, 4), lies in others, int32 (M, 4), as a part.

    So do the halves of a letter that one reading cuts and another one does not. A comma that has become a
    small part of the box of the letter beside it does not.
    """
    low = np.maximum(letters[:, None, :2], others[:, :2])
    high = np.minimum(letters[:, None, 2:], others[:, 2:])
    shared = np.prod(np.maximum(high - low, 0), axis=2)
    area, other_area = (np.prod(boxes[:, 2:] - boxes[:, :2], axis=1) for boxes in (letters, others))
    is_inside = shared.sum(axis=1) >= 0.5 * area
    is_part = (shared >= small_part * other_area).any(axis=1)
    return bool((is_inside & is_part).all())


def _surest_letter(
    first: SheetCache, found: Lattice, sheets: Iterator[Sheet], pipeline: Pipeline, recognizer: Recognizer
) -> Lattice:
    """Read a letter in the other ways, too, and return the reading with the highest likeness."""
    params, work, tried = recognizer.params.ways, first.sheet.work, 1
    like = likeness_of(found, recognizer)
    for sheet in sheets:
        work, tried = work + sheet.work, tried + 1
        other = recognizer.read(recognizer.seen(sheet), pipeline)
        other_like = likeness_of(other, recognizer)
        if other_like > like + params.liker:
            found, like = other, other_like
        if work > first.sheet.limits.work:
            break
    is_limited = tried <= len(pipeline.others)
    return replace(found, sheet=found.sheet.warned(FEWER_WAYS)) if is_limited else found


def looks_at_line(pixels: npt.NDArray[np.uint8], recognizer: Recognizer) -> list[Look]:
    """Return the look at a picture of one line; none if it is too low for letters, or too long for a line."""
    height, width = pixels.shape[:2]
    if height < recognizer.params.spelled.lowest or width > LONGEST * height:
        return []
    return look_at([pixels], recognizer.params.spelled.rows, recognizer.line_reader)


def _read_more(looks: Sequence[Look], found: Lattice, params: WayParams) -> bool:
    """Return whether a look reads more letters than a reading has, with confidence."""
    return any(look.letters > len(found.chosen) and look.mean > params.surely for look in looks)


def _others(
    pixels: npt.NDArray[np.uint8],
    looks: Sequence[Look],
    pipeline: Pipeline,
    sheets: Iterator[Sheet],
    recognizer: Recognizer,
    short: int = 0,
) -> Iterator[SheetCache]:
    """Yield the sheets that looks at a picture of one line give, if any, and then the other ways.

    Of a line of at most `short` letters, what the look says is kept; of others, only where its letters are.
    """
    for look in looks:
        sheet = spelled(pixels, look, pipeline, recognizer.line_reader, recognizer.params.spelled)
        if sheet is not None:
            seen = recognizer.seen(sheet)
            if look.letters <= short:
                seen.spell(sheet.lines[0], look.strips(len(sheet.grey)))
            yield seen
    yield from map(recognizer.seen, sheets)


def clearer_cut(
    pixels: npt.NDArray[np.uint8], looks: Sequence[Look], recognizer: Recognizer
) -> tuple[Cut, Look] | None:
    """Return the clearest level cut of a picture of a word, if it has more evidence than some looks at it."""
    params = recognizer.params
    found = clearest_cut(pixels, params.spelled.region_rows, recognizer.line_reader, params.rectified)
    return found if found is not None and all(found[1].evidence > look.evidence for look in looks) else None


def _rectified(
    pixels: npt.NDArray[np.uint8],
    looks: Sequence[Look],
    best: SheetCache,
    pipeline: Pipeline,
    recognizer: Recognizer,
) -> Lattice | None:
    """Read the level cut of a word with the most evidence of text; None if the best way is surer.

    Only words that no way reads with confidence are cut out.
    """
    params = recognizer.params
    if not looks or not recognizer.budget.affords():
        return None
    if is_sure(best.evidence, params.ways.surely, params.ways):
        return None
    found = clearer_cut(pixels, looks, recognizer)
    if found is None:
        return None
    (cut, back), look = found
    seen = best_way(pipeline, cut, look, recognizer)
    if not is_surer(seen.evidence, best.evidence, params.ways.unsure, params.ways):
        return None
    return recognizer.read(seen, pipeline).moved(back)


def _surest(
    first: SheetCache, others: Iterator[SheetCache], params: WayParams, all_of_them: bool = True
) -> tuple[SheetCache, bool]:
    """Return the way with the most evidence, and whether the limit on work ended the search.

    It ends at a line that is spelled clearly, and unless all ways are requested, at the first way that is
    read with high confidence.
    """
    best, work = first, first.sheet.work
    while all_of_them or not is_sure(best.evidence, params.surely, params):
        way = next(others, None)
        if way is None:
            break
        if way.is_spelled and is_sure(way.evidence, params.clearly, params):
            return way, False
        work += way.sheet.work
        if len(way.sheet.stacks) <= LONGEST and is_surer(way.evidence, best.evidence, params.unsure, params):
            best = way
        if work > first.sheet.limits.work:
            return best, next(others, None) is not None
    return best, False


def is_sure(evidence: Evidence, level: float, params: WayParams) -> bool:
    """Return whether some letters are read with a mean log-probability above a level, in nats."""
    return evidence.letters.sum() >= params.few and evidence.above(level) > 0


def is_surer(evidence: Evidence, best: Evidence, level: float, params: WayParams) -> bool:
    """Return whether another way has so much more evidence that it is preferred."""
    letters = max(int(each.letters.sum()) for each in (evidence, best))
    return evidence.above(level) > best.above(level) + params.more + params.more_each * letters


def likeness_of(lattice: Lattice, recognizer: Recognizer) -> float:
    """Return how much a reading looks like allowed letters, 0 to 1."""
    return likeness(lattice, recognizer.classifier.rejects, recognizer.alphabet.barred)


def _text_share(lattice: Lattice, pixels: npt.NDArray[np.uint8], recognizer: Recognizer) -> float:
    """Return the share of the width of a line, a word or a letter, without blank paper, that is text."""
    height, width = pixels.shape[:2]
    boxes = move_boxes(lattice.marked_boxes, lattice.sheet.to_picture, width, height)
    rejects, barred = recognizer.classifier.rejects, recognizer.alphabet.barred
    found = text_width(lattice, rejects, barred, boxes, recognizer.params.lines)
    (_, _, left, right), _ = find_blank(lattice.sheet.pixels, lattice.sheet.clean)
    return found / float(lattice.sheet.pixels.shape[1] - left - right)


def best_way(
    pipeline: Pipeline,
    pixels: npt.NDArray[np.uint8],
    look: Look,
    recognizer: Recognizer,
    is_faint: bool = False,
) -> SheetCache:
    """Return a picture of one line in the way with the most evidence, without reading it.

    A picture that is longer than a line of text, or that has clear evidence against text, is not tried in
    other ways. Nor is one whose letters are read with high confidence; where some letters may be too faint to
    be found, that holds unless the look at it has several more.
    """
    params, sheets = recognizer.params.ways, pipeline.ways(pixels)
    first = recognizer.seen(next(sheets))
    others = _others(pixels, [look], pipeline, sheets, recognizer)
    if len(first.sheet.stacks) > LONGEST or first.evidence.total < -params.hopeless:
        spelled_way, _ = _surest(first, islice(others, 1), params)
        if spelled_way.evidence.total < -params.hopeless:
            return spelled_way
        first = spelled_way
    has_more = bool(look.letters > first.evidence.letters.sum() + AS_MANY) and look.mean > params.surely
    return _surest(first, others, params, all_of_them=is_faint and has_more)[0]
