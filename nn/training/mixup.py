"""Mixup: pictures and their labels, mixed with others."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Pictures = npt.NDArray[np.float32]


def mixup(
    pictures: Pictures, labels: npt.NDArray[np.int64], alpha: float, rng: np.random.Generator
) -> tuple[Pictures, npt.NDArray[np.float64]]:
    """Return pictures ``s x + (1 - s) x'``, x' being another of the batch, and their mixed labels.

    Parameters
    ----------
    pictures : ndarray, shape (N, H, W, channels)
    labels : ndarray of int, shape (N,)
    alpha : float
        The share s is drawn from Beta(alpha, alpha), and is that of the larger part: from 0.5 to 1.
    rng : Generator

    Returns
    -------
    pictures : ndarray, shape (N, H, W, channels)
    labels : ndarray, shape (N, 3)
        A row each: the class of x, the class of x', and s.

    References
    ----------
    Zhang et al., "mixup: beyond empirical risk minimization", ICLR 2018.
    """
    other = rng.permutation(len(pictures))
    share = rng.beta(alpha, alpha, len(pictures))
    share = np.maximum(share, 1 - share)
    part = share.astype(np.float32).reshape(-1, *[1] * (pictures.ndim - 1))
    mixed = part * pictures + (1 - part) * pictures[other]
    return mixed, np.stack([labels, labels[other], share], axis=1)
