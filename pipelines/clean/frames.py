"""Frames around words: the outlines of buttons, boxes and labels, which are no letters."""

from __future__ import annotations

import numpy as np

from pipelines.clean.labelled import ink_without
from pipelines.clean.params import STANDARD, CleanParams, Frames
from pipelines.sheet import Boxes, Components, Mask


def without_frames(
    components: Components, letter_height: float, params: CleanParams = STANDARD
) -> Mask | None:
    """Return the ink of components without frames, bool (H, W); None where there are none.

    A frame is all one outline: it has ink along its four sides, hardly any within, and letters in it. Its
    corners may be round, and walls may part it into cells. Tables of several rows are no frames.

    Parameters
    ----------
    components : Components
    letter_height : float
        Of ordinary letters, in pixels.
    params : CleanParams
        Its `frames` is used.
    """
    numbers, boxes = params.frames, components.boxes
    wide, high = components.widths, components.heights
    hollow = components.areas <= numbers.ink * wide * high
    large = (high >= numbers.high * letter_height) & (wide >= numbers.wide * letter_height) & hollow
    tried = np.flatnonzero(large)
    tried = tried[np.argsort(-high[tried], kind="stable")][: numbers.most]
    letters = boxes[high >= numbers.letter * letter_height]
    gone = [k for k in tried.tolist() if _is_frame(components, k, letters, numbers)]
    return ink_without(components, gone) if gone else None


def _is_frame(components: Components, k: int, letters: Boxes, numbers: Frames) -> bool:
    """Return whether a component is an outline with letters in it."""
    left, top, right, bottom = components.boxes[k].tolist()
    within = (letters[:, :2] > (left, top)).all(axis=1) & (letters[:, 2:] < (right, bottom)).all(axis=1)
    if np.count_nonzero(within) < numbers.letters:
        return False
    mask = components.labels[top:bottom, left:right] == k + 1
    room = max(2, round(numbers.border * min(mask.shape)))
    inner = mask[room:-room, room:-room]
    is_wall = inner.mean(axis=0) >= numbers.straight
    if np.count_nonzero(inner[:, ~is_wall]) > numbers.inside * components.areas[k]:
        return False
    sides = (
        mask[:room].any(axis=0),
        mask[-room:].any(axis=0),
        mask[:, :room].any(axis=1),
        mask[:, -room:].any(axis=1),
    )
    return all(side.mean() >= numbers.straight for side in sides)
