"""Small marks that only blur joins to a letter, such as a comma to an R, or an accent to its letter."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.clean.labelled import labelled
from pipelines.layout.params import STANDARD, Letters
from pipelines.sheet import Boxes, Components, Grey, Labels


def part_marks(
    components: Components, dark: Grey, height: float, params: Letters = STANDARD.letters
) -> Components:
    """Separate small marks from the letters that only blur joins them to.

    Both are as dark as ink, but their joint is hardly darker than paper, so that a little noise decides
    whether they are joined. The mark stands low after the letter, or above or below it. Pixels of the joint
    go to the nearer of the two.

    Parameters
    ----------
    components : Components
    dark : uint8 array, shape (H, W)
        How dark each pixel is between paper (0) and ink (255).
    height : float
        Of ordinary letters, in pixels.
    params : Letters
    """
    core = (dark >= params.joint) & (components.labels > 0)
    if np.count_nonzero(core) == components.areas.sum():
        return components
    cores, stats = labelled(core)
    boxes = np.concatenate([stats[:, :2], stats[:, :2] + stats[:, 2:4]], axis=1)
    solid = stats[:, cv2.CC_STAT_AREA] >= max(params.speck_pixels, params.speck_area * height**2)
    solid[0] = False
    small = solid & (stats[:, 2:4].max(axis=1) < params.mark * height)
    owner = np.zeros(len(stats), np.int32)
    inside = np.flatnonzero(core)
    owner[cores.ravel()[inside]] = components.labels.ravel()[inside]
    rest = _boxes_of(owner[solid & ~small], boxes[solid & ~small], len(components) + 1)
    x, y = ((boxes[:, :2] + boxes[:, 2:]) / 2).T
    _, top, right, bottom = rest[owner].T
    beside = (x > right) & (y > top + params.mark_low * (bottom - top))
    outside = (beside | (y < top) | (y > bottom)) & (right > 0)
    marks = np.flatnonzero(small & outside).tolist()
    marks = [mark for mark in marks if _is_mark(mark, components, cores, dark, boxes[mark], params)]
    return _parted(components, cores, solid, owner, marks) if marks else components


def _boxes_of(owner: npt.NDArray[np.int32], boxes: Boxes, count: int) -> Boxes:
    """Return the box around the pieces of each owner, int32 (count, 4); one without pieces ends at 0."""
    around = np.tile(np.array([2**30, 2**30, 0, 0], np.int32), (count, 1))
    np.minimum.at(around[:, :2], owner, boxes[:, :2])
    np.maximum.at(around[:, 2:], owner, boxes[:, 2:])
    return around


def _is_mark(
    number: int,
    components: Components,
    cores: Labels,
    dark: Grey,
    box: npt.NDArray[np.int32],
    params: Letters,
) -> bool:
    """Return whether a core is as dark as ink, with no ink close to it except its letter's.

    A core with other ink close to it may be a piece of a broken or dotted letter.
    """
    left, top, right, bottom = box.tolist()
    own = cores[top:bottom, left:right] == number
    if dark[top:bottom, left:right][own].max() < params.peak:
        return False
    whole = components.labels[top:bottom, left:right][own].max()
    reach = round(params.mark_apart * max(right - left, bottom - top))
    around = components.labels[max(0, top - reach) : bottom + reach, max(0, left - reach) : right + reach]
    return bool(((around == 0) | (around == whole)).all())


def _parted(
    components: Components,
    cores: Labels,
    solid: npt.NDArray[np.bool_],
    owner: npt.NDArray[np.int32],
    marks: list[int],
) -> Components:
    """Return the components with some cores as components of their own, after all others."""
    labels, boxes, areas = components.labels.copy(), components.boxes.tolist(), components.areas.tolist()
    for whole in np.unique(owner[marks]).tolist():
        left, top, right, bottom = boxes[whole - 1]
        number = np.where(solid & (owner == whole), np.int32(whole), np.int32(0))
        own = [mark for mark in marks if owner[mark] == whole]
        number[own] = len(areas) + 1 + np.arange(len(own))
        window = labels[top:bottom, left:right]
        np.copyto(window, _nearest(number[cores[top:bottom, left:right]]), where=window == whole)
        for name in (whole, *number[own].tolist()):
            piece = np.asarray(window == name).view(np.uint8)
            x, y, wide, high = cv2.boundingRect(piece)
            box, area = [left + x, top + y, left + x + wide, top + y + high], cv2.countNonZero(piece)
            if name == whole:
                boxes[whole - 1], areas[whole - 1] = box, area
            else:
                boxes.append(box)
                areas.append(area)
    return Components(labels, np.array(boxes, np.int32).reshape(-1, 4), np.array(areas, np.int32))


def _nearest(seeds: Labels) -> Labels:
    """Return at each place the nearest number; 0 is none."""
    _, labels = cv2.distanceTransformWithLabels(
        (seeds == 0).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    number = np.zeros(int(labels.max()) + 1, np.int32)
    number[labels[seeds > 0]] = seeds[seeds > 0]
    return np.asarray(number[labels])
