"""Joining what displays and printers set letters together of: segments, and dots."""

from __future__ import annotations

from bisect import bisect_left

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.clean.binarize import binarize_evenly
from pipelines.clean.labelled import labelled
from pipelines.clean.params import STANDARD, CleanParams, Joining
from pipelines.median import median
from pipelines.sheet import Grey, Mask

Floats = npt.NDArray[np.float32]


def join_pieces(grey: Grey, params: CleanParams = STANDARD) -> Grey | None:
    """Return a picture whose segments and dots are joined to letters, None if there are few.

    Gaps between the segments of a digit, or the dots of a letter, are alike and narrower than those between
    letters. Joined over them, segments and dots become pieces much higher than each was. Letters only come to
    be words by that, which are as high as they: they stay as they are.

    Parameters
    ----------
    grey : uint8 array, shape (H, W)
        Ink dark.
    params : CleanParams
        Its `joining` is asked.
    """
    numbers = params.joining
    if grey.size > numbers.largest:
        return None
    ink = binarize_evenly(grey, params)
    names, stats = labelled(ink)
    if not numbers.fewest < len(stats) <= numbers.most:
        return None
    are_dots = _are_dots(stats, numbers)
    gap, letters = _reach(gaps_between(ink), stats, are_dots, numbers)
    if gap >= numbers.widest:
        return None
    around, joined = _joined(ink, gap, letters, numbers)
    labels, wholes = labelled(joined > 0)
    of = np.zeros(len(stats), np.int32)
    of[names[ink]] = labels[ink]
    of = of[1:]
    tallest = np.zeros(len(wholes))
    np.maximum.at(tallest, of, stats[1:, cv2.CC_STAT_HEIGHT])
    pieces = np.bincount(of, minlength=len(wholes))
    grown = (pieces > 1) & (wholes[:, cv2.CC_STAT_HEIGHT] >= numbers.higher * tallest)
    grown &= are_dots | (numbers.near * tallest >= len(around))
    grown[0] = False
    if pieces[grown].sum() < numbers.fewest:
        return None
    filled = cv2.morphologyEx(grey, cv2.MORPH_OPEN, around)
    near = cv2.dilate(grown[labels].astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return np.asarray(np.where(near, filled, grey), np.uint8)


def gaps_between(ink: Mask) -> Floats:
    """Return the gaps by which all pieces of ink hang together, narrowest first, in pixels, float32 (N - 1,).

    They are those of the minimum spanning tree over neighbours.

    Examples
    --------
    >>> ink = np.zeros((5, 20), bool)
    >>> ink[1:4, 2:5] = ink[1:4, 8:11] = ink[1:4, 17:19] = True
    >>> gaps_between(ink).round().tolist()
    [3.0, 6.0]
    """
    from scipy.sparse import csr_array  # it takes long to load
    from scipy.sparse.csgraph import minimum_spanning_tree

    away, nearest = cv2.distanceTransformWithLabels(
        (~ink).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_CCOMP
    )
    count = int(nearest.max(initial=0)) + 1
    pairs, wide = [], []
    for here, there in ((np.s_[:, 1:], np.s_[:, :-1]), (np.s_[1:], np.s_[:-1])):
        border = nearest[here] != nearest[there]
        ends = np.sort(np.stack([nearest[here][border], nearest[there][border]]), axis=0).astype(np.int64)
        pairs.append(ends[0] * count + ends[1])
        wide.append((away[here] + away[there])[border])
    keys, gaps = np.concatenate(pairs), np.concatenate(wide)
    order = np.lexsort((gaps, keys))
    keys, first = np.unique(keys[order], return_index=True)
    # Older versions of SciPy make the tree of 32-bit indices alone.
    rows, columns = (ends.astype(np.int32) for ends in np.divmod(keys, count))
    graph = csr_array((gaps[order][first], (rows, columns)), (count, count))
    return np.sort(minimum_spanning_tree(graph).data)


def _are_dots(stats: npt.NDArray[np.int32], numbers: Joining) -> bool:
    """Tell whether most pieces of ink are as wide and as high as each other."""
    sizes = stats[1:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
    usual = median(sizes)
    alike = (np.abs(sizes - usual) <= numbers.unlike * usual).all(axis=1)
    return bool(alike.mean() >= numbers.dots)


def _reach(gaps: Floats, stats: npt.NDArray[np.int32], are_dots: bool, numbers: Joining) -> tuple[float, int]:
    """Return how wide gaps within letters are, and how many letters there are by that.

    The widest gap within letters is the first behind which gaps are wider by a factor. Those from dot to dot
    across a square of them are within letters, too.
    """
    start = int(numbers.share * len(gaps))
    wider = np.flatnonzero(gaps[start + 1 :] >= numbers.step * gaps[start:-1])
    gap = float(gaps[start + wider[0]] if len(wider) else gaps[-1])
    if are_dots:
        usual = median(stats[1:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]])
        gap = 2**0.5 * (gap + usual) - usual
    return gap, int((gaps > gap).sum()) + 1


def _joined(
    ink: Mask, gap: float, letters: int, numbers: Joining
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """Close ink with the smallest disc, larger than a gap, that leaves no more pieces than letters.

    The points of segments need a larger one than the gap between them.
    """
    first = int(np.ceil(gap)) + 1
    last = max(first, min(round(numbers.points * first), numbers.widest))

    def closed(size: int) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
        disc = np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)), np.uint8)
        return disc, np.asarray(cv2.morphologyEx(ink.view(np.uint8), cv2.MORPH_CLOSE, disc), np.uint8)

    def is_enough(size: int) -> bool:
        return cv2.connectedComponents(closed(size)[1], connectivity=8)[0] - 1 <= letters

    return closed(first + bisect_left(range(first, last), True, key=is_enough))
