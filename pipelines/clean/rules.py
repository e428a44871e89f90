"""Rules: the lines of forms, tables and notebooks, and underlines, taken out of the ink.

A rule is a long, thin, straight stroke. Letters that cross a rule keep their strokes. Where a letter only
touches a rule, the part that lies on the rule is removed.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.clean.geometry import transposed
from pipelines.clean.labelled import labelled
from pipelines.clean.params import STANDARD, CleanParams, Rules
from pipelines.clean.rule_ink import Bytes, Ints, Rule, bands_of, ink_of_rules, runs_through, thickness_of
from pipelines.groups import groups_of
from pipelines.median import median
from pipelines.sheet import Mask

COARSE = 12
"""Columns of the narrowed picture in which the bare part of a rule still shows."""


@dataclass(frozen=True, slots=True, eq=False)
class _Pieces:
    """Straight thin strokes that run from left to right.

    Attributes
    ----------
    rows : int64 array, shape (R,)
        The rows of the picture that hold such strokes, and a row beside them.
    thin : uint8 array, shape (R, W)
        1 where the ink in these rows is thin from top to bottom.
    labels : int32 array, shape (R, W)
    names : int64 array, shape (N,)
        The label of each.
    boxes : int64 array, shape (N, 4)
        Left, top among `rows`, width, height.
    """

    rows: Ints
    thin: Bytes
    labels: npt.NDArray[np.int32]
    names: Ints
    boxes: Ints


def without_rules(ink: Mask, letter_height: float, params: CleanParams = STANDARD) -> Mask:
    """Return ink without rules; the same array object where there are none.

    Parameters
    ----------
    ink : bool array, shape (H, W)
    letter_height : float
        Of ordinary letters, in pixels.
    params : CleanParams
        Its `rules` are used.

    Examples
    --------
    >>> page = np.zeros((40, 200), bool)
    >>> page[30:32, 10:190] = True
    >>> page[10:30, 50:54] = True
    >>> cleaned = without_rules(page, 20.0)
    >>> int(cleaned.sum()), int(page[10:30].sum())
    (80, 80)
    """
    numbers = params.rules
    if not ink.any():
        return ink
    level = (
        find_rules(ink, letter_height, numbers)
        if _may_hold(ink, letter_height, numbers.whole, numbers)
        else []
    )
    bands = bands_of(ink.shape, level)
    upright = []
    if level or _may_hold(ink.T, letter_height, numbers.tall, numbers):
        turned, across = transposed(ink), transposed(bands)
        upright = find_rules(turned, letter_height, numbers, across)
    if not level and not upright:
        return ink
    across = transposed(bands_of(ink.shape[::-1], upright))
    gone = ink_of_rules(ink & ~across, level, letter_height, numbers)
    gone |= transposed(ink_of_rules(transposed(ink & ~bands), upright, letter_height, numbers))
    return ink & ~gone


def _may_hold(ink: Mask, letter_height: float, least: float, numbers: Rules) -> bool:
    """Return whether there is a thin horizontal stroke as long as a rule, or as the bare part of one.

    Only every few columns are tested.
    """
    bare = numbers.bare * letter_height
    step = max(1, int(bare / COARSE))
    bits = ink.view(np.uint8)
    pooled = np.ascontiguousarray(bits[:, ::step])
    for k in range(1, step):
        part = bits[:, k::step]
        pooled[:, : part.shape[1]] |= part
    thickest = thickness_of(letter_height, numbers)
    thin = _thin(pooled, thickest)
    if _straight(pooled, thin, 1, int(bare / step)).any():
        return True
    crossing, whole = (length * letter_height / step for length in (numbers.crossing, least))
    return bool(_straight(pooled, thin, crossing, round(whole)).any())


def find_rules(ink: Mask, letter_height: float, numbers: Rules, across: Mask | None = None) -> list[Rule]:
    """Return the rules that run from left to right.

    Parameters
    ----------
    ink : bool array, shape (H, W)
    letter_height : float
        In pixels.
    numbers : Rules
    across : bool array, shape (H, W), optional
        The ink of vertical rules. A rule that spans the room between two of them, as in a table, may be
        shorter.
    """
    least = round(numbers.piece * letter_height)
    if ink.shape[1] < numbers.length * letter_height and across is None:
        return []
    thickest = thickness_of(letter_height, numbers)
    pieces = _pieces(ink, thickest, least, numbers.crossing * letter_height, numbers.pieces)
    level = pieces.boxes[:, 3] <= thickest + numbers.slope * pieces.boxes[:, 2]
    found = [
        rule for k in np.flatnonzero(level).tolist() if (rule := _rule_of(pieces, k, numbers)) is not None
    ]
    if not found:
        return []
    whole = numbers.whole if across is None else numbers.tall
    group = _groups(found, letter_height, numbers)
    are_rules = _are_rules(found, group, letter_height, whole, numbers)
    if across is not None and across.any():
        are_rules |= np.array([_spans(piece, across) for piece in found])
    rules = [piece for piece, is_rule in zip(found, are_rules.tolist(), strict=True) if is_rule]
    between = [
        stretch
        for name in np.unique(group[are_rules]).tolist()
        for stretch in _thicker(
            ink, [found[k] for k in np.flatnonzero(group == name)], letter_height, numbers
        )
    ]
    return rules + between


def _groups(pieces: list[Rule], letter_height: float, numbers: Rules) -> npt.NDArray[np.int64]:
    """Return group numbers, int64 (N,): pieces that continue one another are one group."""
    start, stop = (np.array([getattr(piece, name) for piece in pieces]) for name in ("start", "stop"))
    first, last = np.array([piece.middles[[0, -1]] for piece in pieces]).T
    near = np.maximum(1.5, [piece.thickness for piece in pieces])
    slope = (last - first) / (stop - start)
    gap = start[None] - stop[:, None]
    ahead = last[:, None] + slope[:, None] * gap
    behind = first[None] - slope[None] * gap
    follows = (gap > -near[:, None]) & (gap <= numbers.reach * letter_height)
    follows &= np.minimum(np.abs(ahead - first[None]), np.abs(behind - last[:, None])) <= near[:, None]
    return groups_of(follows)


def _are_rules(
    pieces: list[Rule], group: npt.NDArray[np.int64], letter_height: float, least: float, numbers: Rules
) -> Mask:
    """Return which pieces are long enough, alone or together with their group, bool (N,).

    Horizontal bars of letters may also line up, but none is this long without a stem, nor as long in all as
    `least`, in letter heights, and few are this thin.
    """
    start, stop = (np.array([getattr(piece, name) for piece in pieces]) for name in ("start", "stop"))
    total = np.bincount(group, stop - start)
    bare = np.zeros(len(total))
    np.maximum.at(bare, group, [piece.bare for piece in pieces])
    whole = np.zeros(len(total))
    np.maximum.at(whole, group, stop - start)
    fine = np.array([piece.thickness <= max(1.0, numbers.fine * letter_height) for piece in pieces])
    drawn = (bare >= numbers.bare * letter_height) | (whole >= least * letter_height)
    drawn |= np.bincount(group, (stop - start) * fine) >= numbers.fine_length * letter_height
    enough = (total >= numbers.length * letter_height) & drawn
    return np.asarray(enough[group])


def _thicker(ink: Mask, pieces: list[Rule], letter_height: float, numbers: Rules) -> list[Rule]:
    """Return the thicker stretches of a rule between its pieces and beyond their ends."""
    pieces = sorted(pieces, key=lambda piece: piece.start)
    columns = np.arange(ink.shape[1])
    known = np.concatenate([np.arange(piece.start, piece.stop) for piece in pieces])
    middles = np.concatenate([piece.middles for piece in pieces])
    course = np.interp(columns, known, middles)
    length = max(1, known[-1] - known[0])
    slope = (middles[-1] - middles[0]) / length
    before, behind = columns < known[0], columns > known[-1]
    course[before] = middles[0] + slope * (columns[before] - known[0])
    course[behind] = middles[-1] + slope * (columns[behind] - known[-1])
    most = 2 * thickness_of(letter_height, numbers)
    above, below = runs_through(ink, np.rint(course).astype(np.int64), columns, most)
    heights = above + below + 1
    drawn = (above >= 0) & (heights <= most)
    taken = np.isin(columns, known)
    crossing = np.ones((1, max(1, round(numbers.crossing * letter_height))), np.uint8)
    closed = cv2.morphologyEx((drawn | taken)[None].astype(np.uint8), cv2.MORPH_CLOSE, crossing)[0]
    edges = np.flatnonzero(np.diff(closed, prepend=0, append=0)).reshape(-1, 2)
    joined = np.zeros(len(columns), bool)
    for start, stop in edges.tolist():
        joined[start:stop] = taken[start:stop].any()
    edges = np.flatnonzero(np.diff((joined & ~taken).astype(np.int8), prepend=0, append=0)).reshape(-1, 2)
    stretches = []
    for start, stop in edges.tolist():
        seen = drawn[start:stop]
        if seen.mean() >= numbers.seen:
            middle = course[start:stop] + median(((below - above) / 2)[start:stop][seen])
            thickness = median(heights[start:stop][seen])
            stretches.append(Rule(start, middle, thickness, 0))
    return stretches


def _pieces(ink: Mask, thickest: int, least: int, crossing: float, most: int) -> _Pieces:
    """Return the longest straight thin strokes of at least this many columns."""
    bits = ink.view(np.uint8)
    thin = _thin(bits, thickest)
    straight = _straight(bits, thin, crossing, least)
    full = np.asarray(straight.any(axis=1))
    rows = np.flatnonzero(full | np.concatenate([[False], full[:-1]]))
    labels, stats = labelled(straight[rows])
    longest = np.argsort(-stats[1:, cv2.CC_STAT_WIDTH], kind="stable")[:most]
    return _Pieces(rows, thin[rows], labels, longest + 1, stats[1 + longest, :4].astype(np.int64))


def _thin(bits: Bytes, thickest: int) -> Bytes:
    """Return the ink that is at most this many rows thick."""
    thick = cv2.morphologyEx(bits, cv2.MORPH_OPEN, np.ones((thickest + 1, 1), np.uint8))
    return np.asarray(cv2.bitwise_xor(bits, thick), np.uint8)


def _straight(bits: Bytes, thin: Bytes, crossing: float, least: int) -> Bytes:
    """Return runs of thin ink of at least this many columns; letters that cross may interrupt them."""
    closed = cv2.morphologyEx(thin, cv2.MORPH_CLOSE, np.ones((1, max(1, round(crossing))), np.uint8))
    bridged = cv2.bitwise_and(closed, bits)
    return np.asarray(
        cv2.morphologyEx(bridged, cv2.MORPH_OPEN, np.ones((1, max(3, least)), np.uint8)), np.uint8
    )


def _rule_of(pieces: _Pieces, k: int, numbers: Rules) -> Rule | None:
    """Return the course of a piece; None where letters hide too much of it."""
    left, top, width, height = pieces.boxes[k].tolist()
    rows, columns = slice(top, top + height), slice(left, left + width)
    part = (pieces.labels[rows, columns] == pieces.names[k]) & (pieces.thin[rows, columns] > 0)
    counts = part.sum(axis=0)
    seen = np.flatnonzero(counts)
    if len(seen) < max(3, numbers.seen * width):
        return None
    middles = np.arange(height) @ part[:, seen] / counts[seen]
    away = seen - seen.mean()
    slope = float(away @ middles / (away @ away))
    course = middles.mean() + slope * (np.arange(width) - seen.mean())
    if median(np.abs(middles - course[seen])) > numbers.crooked:
        course = np.interp(np.arange(width), seen, middles)
    ends = np.flatnonzero(seen[1:] - seen[:-1] > numbers.speck + 1) + 1
    alone = np.diff(np.concatenate([[0], ends, [len(seen)]]))
    return Rule(left, course + pieces.rows[top], median(counts[seen]), int(alone.max(initial=0)))


def _spans(piece: Rule, across: Mask) -> bool:
    """Return whether a piece begins and ends at rules that run the other way."""
    near = round(piece.thickness) + 2
    height, width = across.shape
    ends = (piece.start, piece.middles[0]), (piece.stop - 1, piece.middles[-1])
    return all(
        across[
            max(0, round(row) - near) : min(height, round(row) + near + 1),
            max(0, column - near) : min(width, column + near + 1),
        ].any()
        for column, row in ends
    )
