"""Predictions that are the mean over several views of a picture ("test-time augmentation")."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from nn.model import unit
from nn.training.augment import Augment, positions, sample

CHANGES = Augment(rotation=6.0, shift=1.0, zoom=0.06, shear=0.06)
"""Limits of the changes of a view; in pixels of 28x28."""
MOST = 64


def viewed(
    predict: Callable[[npt.NDArray[Any]], npt.NDArray[Any]], images: npt.NDArray[Any], views: int
) -> npt.NDArray[Any]:
    """Return the mean prediction over views of pictures.

    The first view is the picture itself; the others are rotated, shifted, zoomed and sheared a little, each
    in the same way for every picture, so that predictions do not depend on each other.

    Parameters
    ----------
    predict : callable
        From pictures to probabilities (N, C).
    images : ndarray, shape (N, H, W) or (N, H, W, channels)
        uint8, or floats in [0, 1].
    views : int

    Raises
    ------
    ValueError
        If `views` is not from 1 to `MOST`.

    References
    ----------
    Krizhevsky et al., "ImageNet classification with deep convolutional neural networks", NIPS 2012,
    section 4.1.
    """
    if not 1 <= views <= MOST:
        raise ValueError(f"views = {views}: must be from 1 to {MOST}")
    total = predict(images)
    if views == 1:
        return total
    pictures = unit(images).reshape(*images.shape[:3], -1)
    for number in range(1, views):
        where = _view(number, *images.shape[1:3])
        channels = [sample(pictures[..., k], where) for k in range(pictures.shape[3])]
        total = total + predict(np.stack(channels, axis=-1).reshape(images.shape))
    return np.asarray(total / np.float32(views))


@lru_cache(maxsize=MOST)
def _view(number: int, height: int, width: int) -> npt.NDArray[np.float32]:
    """Return where each pixel of a view comes from, as `nn.training.augment.positions` does."""
    return positions((1, height, width), CHANGES, np.random.default_rng(number))
