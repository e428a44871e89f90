"""The loss of the text finder: targets for each place of its maps, where they are known."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from nn.finder import HEIGHT
from nn.layers.activations import sigmoid
from nn.layers.layer import Array

NEGATIVES, LEAST_NEGATIVES = 3, 0.02
"""Places without text that count, the hardest: this many for each one with text, and at least this share of
all."""
BEND = 0.2
"""The difference at which the smooth L1 loss changes from squares to absolute values."""
HEIGHT_STEPS, DIRECTION_STEPS = 24, 254
"""Steps of a target to each binary logarithm of the height, and to half a turn."""

Targets = npt.NDArray[np.uint8]


def targets_of(
    text: npt.NDArray[np.bool_],
    core: npt.NDArray[np.bool_],
    weight: npt.NDArray[np.floating],
    height: npt.NDArray[np.floating],
    degrees: npt.NDArray[np.floating],
) -> Targets:
    """Return the targets of maps (..., H, W) as bytes (..., H, W, 5).

    Parameters
    ----------
    text, core : ndarray of bool
        Whether a place is in a line of text, and in its middle.
    weight : ndarray
        Weight of a place, 0 (unknown) to 1.
    height, degrees : ndarray
        Height of the letters, in pixels of the picture, and direction of the line, clockwise; 0 and NaN where
        unknown.
    """
    steps = np.where(height > 0, np.clip(np.round(HEIGHT_STEPS * np.log2(np.maximum(height, 1))), 1, 255), 0)
    turned = np.round(np.nan_to_num(degrees) % 180 / 180 * DIRECTION_STEPS)
    direction = np.where(np.isnan(degrees), 0, 1 + turned)
    parts = (255 * text, 255 * core, np.round(255 * weight), steps, direction)
    return np.stack([np.asarray(part, np.uint8) for part in parts], axis=-1)


def dense_loss(maps: Array, targets: Targets) -> tuple[float, Array]:
    """Return the mean loss of a batch and its gradient for the `maps` (N, H, W, 5).

    For text and for its core, with p the logistic function of a place's logit z, t the target and w its
    weight: the mean cross-entropy ``w (max(z, 0) - t z + log(1 + e^-|z|))`` over the places with text and the
    hardest of those without, and ``1 - 2 sum(w p t) / sum(w (p + t))``. For the height, and cosine and sine
    of twice the direction, in text where they are known, with d the difference: the mean of ``d^2 / (2
    BEND)``, or ``|d| - BEND / 2`` where that is larger than BEND.

    Parameters
    ----------
    maps : ndarray, shape (N, H, W, 5)
        As `nn.finder.MAPS`.
    targets : ndarray of uint8, shape (N, H, W, 5)
        As `targets_of` gives them.

    References
    ----------
    Shrivastava et al., "Training region-based object detectors with online hard example mining", CVPR 2016.
    Milletari et al., "V-Net", 3DV 2016 (Dice loss). Girshick, "Fast R-CNN", ICCV 2015, eq. 3 (smooth L1).
    """
    weight = targets[..., 2] * maps.dtype.type(1 / 255)
    gradient = np.zeros_like(maps)
    total = 0.0
    for channel in (0, 1):
        told = targets[..., channel] >= 128
        for part in (_cross_entropy, _dice):
            loss, change = part(maps[..., channel], told, weight)
            total += loss
            gradient[..., channel] += change
    inside = weight * (targets[..., 0] >= 128)
    height = targets[..., 3] * maps.dtype.type(1 / HEIGHT_STEPS) - maps.dtype.type(HEIGHT)
    twice = (targets[..., 4] - maps.dtype.type(1)) * maps.dtype.type(2 * np.pi / DIRECTION_STEPS)
    for channel, wanted, known in (
        (2, height, targets[..., 3] > 0),
        (3, np.cos(twice), targets[..., 4] > 0),
        (4, np.sin(twice), targets[..., 4] > 0),
    ):
        loss, change = _smooth_l1(maps[..., channel] - wanted, inside * known)
        total += loss
        gradient[..., channel] = change
    return total, gradient


def _cross_entropy(z: Array, told: Array, weight: Array) -> tuple[float, Array]:
    costs = weight * (np.maximum(z, 0) - told * z + np.log1p(np.exp(-np.abs(z))))
    positive = told & (weight > 0)
    others = np.where(told, 0, costs).ravel()
    count = max(NEGATIVES * int(positive.sum()), int(LEAST_NEGATIVES * others.size), 1)
    hardest = np.partition(others, -count)[-count] if count < others.size else 0.0
    counted = weight * (positive | (~told & (costs >= hardest)))
    share = max(float(counted.sum()), 1.0)
    return float(costs[counted > 0].sum()) / share, counted * (sigmoid(z) - told) / share


def _dice(z: Array, told: Array, weight: Array) -> tuple[float, Array]:
    p = sigmoid(z)
    common, both = 1 + 2 * float((weight * p * told).sum()), 1 + float((weight * (p + told)).sum())
    return 1 - common / both, weight * (common / both**2 - 2 * told / both) * p * (1 - p)


def _smooth_l1(difference: Array, weight: Array) -> tuple[float, Array]:
    size, share = np.abs(difference), max(float(weight.sum()), 1.0)
    costs = np.where(size < BEND, size * size / (2 * BEND), size - BEND / 2)
    slopes = np.clip(difference / BEND, -1, 1)
    return float((weight * costs).sum()) / share, weight * slopes / share


def text_scores(maps: Array, targets: Targets) -> tuple[float, float, float]:
    """Return the weight of places that are detected, that are text, and that are both."""
    weight = targets[..., 2] / 255
    found, told = maps[..., 0] > 0, targets[..., 0] >= 128
    return float((weight * found).sum()), float((weight * told).sum()), float((weight * (found & told)).sum())
