"""Colour clusters, for letters that differ from their surroundings in colour."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.clean.light import to_lab
from pipelines.clean.params import STANDARD, CleanParams, Colours
from pipelines.sheet import Grey

COLOURS = 3
"""How many colours a picture is taken to have: letters, ground, and an outline or a shadow."""


def colour_layers(pixels: npt.NDArray[np.uint8], params: CleanParams = STANDARD) -> tuple[Grey, ...]:
    """Return one picture for each of the `COLOURS`: dark where that colour is, light elsewhere.

    They are found by k-means in CIELAB. The first centre starts at the mean of all pixels, each further one
    far from the others. A colour that occurs almost only along edges between both others is a mixture of
    them: its picture is all light.

    Parameters
    ----------
    pixels : uint8 array, shape (H, W) or (H, W, 3)
        Grey or RGB.
    params : CleanParams
        Its `colours` say how they are found.

    Returns
    -------
    tuple of uint8 arrays, shape (H, W)
        0 for the colour itself, 255 for another.

    Examples
    --------
    >>> pixels = np.repeat(np.array([[0, 0, 90, 90, 250, 250]], np.uint8), 3, axis=0)
    >>> sorted(layer[0, ::2].tolist() for layer in colour_layers(pixels))
    [[0, 255, 255], [255, 0, 255], [255, 255, 0]]
    """
    lab = to_lab(pixels).astype(np.float64).reshape(-1, 3)
    centres = _centres(lab[:: max(1, len(lab) // params.colours.sample)], params.colours)
    distances = np.stack([np.linalg.norm(lab - centre, axis=1) for centre in centres])
    nearest = distances.argmin(axis=0).reshape(pixels.shape[:2])
    layers = []
    for index in range(COLOURS):
        if _is_between(centres, index) and _is_of_edges(nearest, index, params.colours):
            layers.append(np.full(pixels.shape[:2], 255, np.uint8))
            continue
        other = np.delete(distances, index, axis=0).min(axis=0)
        share = distances[index] / np.maximum(distances[index] + other, 1e-6)
        layers.append(np.asarray(np.rint(255 * share), np.uint8).reshape(pixels.shape[:2]))
    return tuple(layers)


def _is_between(centres: npt.NDArray[np.float64], index: int) -> bool:
    """Return whether one of the colours is closer to both of the others than these are to each other."""
    one, two = np.delete(centres, index, axis=0)
    apart = np.linalg.norm(one - two)
    return bool(max(np.linalg.norm(centres[index] - other) for other in (one, two)) < apart)


def _is_of_edges(nearest: npt.NDArray[np.int64], index: int, numbers: Colours) -> bool:
    """Return whether most pixels of a colour touch both others, the rarer of which is thick.

    In strokes of few pixels the mixture is part of the stroke, not just its outline.
    """
    masks = [np.asarray(nearest == k, np.uint8) for k in range(COLOURS)]
    kernel = np.ones((3, 3), np.uint8)
    one, two = (masks[k] for k in range(COLOURS) if k != index)
    both = cv2.bitwise_and(cv2.dilate(one, kernel), cv2.dilate(two, kernel))
    edges = np.count_nonzero(cv2.bitwise_and(both, masks[index]))
    rarer = min(one, two, key=np.count_nonzero)
    inner = np.count_nonzero(cv2.erode(rarer, kernel))
    return bool(
        edges > numbers.edges * np.count_nonzero(masks[index])
        and inner > numbers.inner * np.count_nonzero(rarer)
    )


def _centres(data: npt.NDArray[np.float64], numbers: Colours) -> npt.NDArray[np.float64]:
    """Return the centres of `COLOURS` clusters by Lloyd's algorithm, starting from distant colours."""
    centres = data.mean(axis=0, keepdims=True)
    for _ in range(1, COLOURS):
        far = np.linalg.norm(data[:, None] - centres, axis=2).min(axis=1)
        place = np.argsort(far, kind="stable")[int(numbers.far * (len(far) - 1))]
        centres = np.vstack([centres, data[place]])
    for _ in range(numbers.rounds):
        nearest = np.linalg.norm(data[:, None] - centres, axis=2).argmin(axis=1)
        members = nearest == np.arange(COLOURS)[:, None]
        filled = members.any(axis=1)
        centres[filled] = (members[filled] @ data) / members[filled].sum(axis=1)[:, None]
    return np.asarray(centres)
