"""Stacks and words: components above each other on a line, and groups of stacks without wide gaps."""

from __future__ import annotations

from itertools import chain, pairwise

import numpy as np
import numpy.typing as npt

from pipelines.layout.components import ink_of
from pipelines.layout.params import STANDARD, Stacks, Words
from pipelines.sheet import Boxes, Components

Stack = tuple[int, ...]
RowEnds = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.bool_]]


def find_stacks(
    components: Components, line: npt.NDArray[np.int64], params: Stacks = STANDARD.stacks
) -> list[Stack]:
    """Group components of a line that are above each other: i and its dot, the bars of =, a broken stroke.

    Two components belong together if more than half of the narrower one's width lies above or below the
    other, if the other's ink surrounds it on both sides, or if it is a small piece broken off the other.
    Letters that only lean over each other stay separate.

    Parameters
    ----------
    components : Components
    line : int array, shape (N,)
        The line's components, by their left edge.
    params : Stacks

    Returns
    -------
    list of tuple of int
        The groups from left to right.
    """
    groups: list[list[int]] = []
    spans: list[list[int]] = []
    back, apart_share, every = params.groups + 1, params.apart, params.between
    boxes = dict(zip(line.tolist(), components.boxes[line].tolist(), strict=True))
    for index, box in boxes.items():
        left, top, right, bottom = box
        for k in range(len(groups) - 1, max(-1, len(groups) - back), -1):
            low, up, high, down = spans[k]
            common = (high if high < right else right) - (low if low > left else left)
            if common <= 0 or len(groups[k]) >= params.pieces:
                continue
            narrower, lower = min(right - left, high - low), min(bottom - top, down - up)
            share = common / (narrower if narrower > 1 else 1)
            apart = (down if down < bottom else bottom) - (up if up > top else top) < apart_share * lower
            if (
                (share > params.over and (apart or _over_all(boxes, groups[k], box, apart_share)))
                or (share > params.around and _goes_round(components, boxes, groups[k], index, every))
                or (share > params.broken_off and _breaks_off(components, groups[k], index, params))
            ):
                groups[k].append(index)
                spans[k] = [min(low, left), min(up, top), max(high, right), max(down, bottom)]
                break
        else:
            groups.append([index])
            spans.append(box)
    order = np.argsort([span[0] + span[2] for span in spans], kind="stable")
    return [tuple(sorted(groups[k])) for k in order]


def _over_all(boxes: dict[int, list[int]], group: list[int], box: list[int], share: float) -> bool:
    """Return whether a box lies above or below every piece of a group that shares columns with it."""
    left, top, right, bottom = box
    is_beside = False
    for low, up, high, down in [boxes[member] for member in group]:
        if low < right and high > left:
            is_beside = True
            common = (down if down < bottom else bottom) - (up if up > top else top)
            if common >= share * min(down - up, bottom - top):
                return False
    return is_beside


def _goes_round(
    components: Components, boxes: dict[int, list[int]], group: list[int], index: int, every: float
) -> bool:
    """Return whether in at least one in `every` rows of a component the other's ink is on both sides."""
    pieces = [boxes[member] for member in group]
    (left, top, right, bottom), (low, up, high, down) = _around(pieces), boxes[index]
    common = min(bottom, down) - max(top, up)
    tallest, height = max(piece[3] - piece[1] for piece in pieces), down - up
    if every * common < min(tallest, height):
        return False
    window = components.labels[min(top, up) : max(bottom, down), min(left, low) : max(right, high)]
    one, other = (_row_ends(ink_of(window, members)) for members in (group, [index]))
    return (every * common >= tallest and _is_between(one, other, every)) or (
        every * common >= height and _is_between(other, one, every)
    )


def _breaks_off(components: Components, group: list[int], index: int, params: Stacks) -> bool:
    """Return whether one is a small piece within the other's rows, and close to its ink."""
    areas = [sum(components.areas[members].tolist()) for members in (group, [index])]
    inner, outer = ([index], group) if areas[1] < areas[0] else (group, [index])
    if min(areas) > params.piece_area * max(areas):
        return False
    boxes, around = components.boxes[inner], components.boxes[outer]
    left, top = boxes[:, :2].min(axis=0).tolist()
    right, bottom = boxes[:, 2:].max(axis=0).tolist()
    low, high = around[:, 1].min(), around[:, 3].max()
    if top < low or bottom > high:
        return False
    near = max(1, round(params.broken * float(high - low)))
    window = components.labels[max(0, top - near) : bottom + near, max(0, left - near) : right + near]
    return bool(ink_of(window, outer).any())


def _is_between(inner: RowEnds, outer: RowEnds, every: float) -> bool:
    (first, last, rows), (low, high, around) = inner, outer
    middle = (first + last) / 2
    enclosed = rows & around & (low < middle) & (high > middle)
    return bool(np.count_nonzero(enclosed) >= max(1, np.count_nonzero(rows) / every))


def _around(boxes: list[list[int]]) -> tuple[int, int, int, int]:
    """Return the box around boxes."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _row_ends(mask: npt.NDArray[np.bool_]) -> RowEnds:
    """Return the first and last set column of each row, and which rows have any."""
    first = mask.argmax(axis=1)
    last = mask.shape[1] - 1 - mask[:, ::-1].argmax(axis=1)
    return first, last, mask[np.arange(len(mask)), first]


def stack_boxes(boxes: Boxes, stacks: list[Stack]) -> Boxes:
    """Return the box around each stack, int32 (N, 4)."""
    if not stacks:
        return np.zeros((0, 4), np.int32)
    members = np.fromiter(chain.from_iterable(stacks), np.int64)
    starts = np.cumsum([0] + [len(stack) for stack in stacks[:-1]])
    low = np.minimum.reduceat(boxes[members, :2], starts)
    high = np.maximum.reduceat(boxes[members, 2:], starts)
    return np.concatenate([low, high], axis=1)


def find_words(boxes: Boxes, height: float, params: Words = STANDARD.words) -> list[range]:
    """Split a line's stacks into words at its wide gaps.

    The gaps of a line are of two kinds, within words and between them. The threshold is Otsu's, with a prior
    that pulls it to the usual threshold. A line with too few gaps uses one a little below the usual
    threshold.

    Parameters
    ----------
    boxes : int32 array, shape (N, 4)
        Of the stacks, from left to right.
    height : float
        Of the line's ordinary letters.
    params : Words
    """
    if len(boxes) < 2:
        return [range(len(boxes))] if len(boxes) else []
    reach = np.maximum.accumulate(boxes[:, 2])[:-1]
    gaps = (boxes[1:, 0] - reach) / height
    cuts = np.flatnonzero(gaps > word_gap(gaps, params.gap, params.slack, params)) + 1
    borders = [0, *cuts.tolist(), len(boxes)]
    return [range(a, b) for a, b in pairwise(borders)]


def word_gap(
    gaps: npt.NDArray[np.float64], usual: float, slack: float, params: Words = STANDARD.words
) -> float:
    """Return the gap above which a new word begins: that of the line, or a little below the usual one.

    Parameters
    ----------
    gaps : float array, shape (N,)
        White between neighbours on a line, in letter heights or x-heights.
    usual : float
        Half of the white between words, in the same unit.
    slack : float
        Standard deviation of the prior.
    params : Words
        The other parameters; its `gap` and `slack` are not used.
    """
    own = own_word_gap(gaps, usual, slack, params)
    return params.alike * usual if own is None else own


def own_word_gap(
    gaps: npt.NDArray[np.float64], usual: float, slack: float, params: Words = STANDARD.words
) -> float | None:
    """Return the threshold between two kinds of gaps of a line; None if they are of one kind or few.

    Otsu's criterion over the gaps, weighted by a Gaussian prior around the usual threshold. Gaps between
    columns hide the threshold between letters and words, so it is first searched for without them. The
    parameters are those of `word_gap`.
    """
    near = np.minimum(gaps[gaps < 2 * params.widest], params.widest)
    border = None
    if len(near) < len(gaps):
        border = _border(near, usual, slack, params)
    if border is None:
        near = np.minimum(gaps, params.widest)
        border = _border(near, usual, slack, params)
    return border


def narrower_word_gap(
    gaps: npt.NDArray[np.float64], gap: float, usual: float, slack: float, params: Words = STANDARD.words
) -> float:
    """Return the threshold that one or two wide gaps hide, as behind a bullet or a key; else `gap`.

    It is searched for where only so many gaps are wider than `gap`, the threshold of the line, and all of
    these are wide. The other parameters are those of `word_gap`.
    """
    wide = gaps[gaps > gap]
    if not 0 < len(wide) <= params.few or wide.min() <= params.far * usual:
        return gap
    narrower = _border(gaps[gaps <= gap], usual, slack, params)
    return gap if narrower is None else narrower


def _border(gaps: npt.NDArray[np.float64], usual: float, slack: float, params: Words) -> float | None:
    """Return the threshold between two kinds of gaps; None if they are of one kind or few."""
    values = np.sort(np.maximum(gaps, params.narrowest))
    if len(values) < params.gaps:
        return None
    count = np.arange(1, len(values))
    lower = np.cumsum(values)[:-1] / count
    upper = (values.sum() - np.cumsum(values)[:-1]) / (len(values) - count)
    between = count * (len(values) - count) * (upper - lower) ** 2
    borders = (values[1:] + values[:-1]) / 2
    best = int(np.argmax(between * np.exp(-0.5 * ((borders - usual) / slack) ** 2)))
    apart = upper[best] - lower[best]
    within = np.r_[values[: best + 1] - lower[best], values[best + 1 :] - upper[best]]
    if apart < max(params.apart * usual, params.spread * float(within.std())):
        return None
    return float(np.clip(borders[best], params.lowest * usual, params.highest * usual))
