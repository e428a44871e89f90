"""Temperature scaling: calibrated probabilities."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from nn.layers.layer import Array
from nn.losses import LOSSES


def fit_temperature(logits: Array, labels: npt.NDArray[np.int64], loss: str = "cross_entropy") -> float:
    """Return the temperature at which the log-likelihood of `labels` (N,) under `logits` (N, C) is largest.

    Parameters
    ----------
    logits : float32 array, shape (N, C)
    labels : int64 array, shape (N,)
    loss : str
        The training loss, a key of `nn.losses.LOSSES`: with binary cross-entropy each class is independent.

    References
    ----------
    C. Guo et al.: On calibration of modern neural networks, 2017, section 4.2.
    """
    from scipy.optimize import minimize_scalar  # it takes long to load

    surprise = LOSSES[loss if loss == "binary_cross_entropy" else "cross_entropy"]

    def mean_surprise(log_temperature: float) -> float:
        return float(surprise(logits / np.float32(np.exp(log_temperature)), labels, 0.0)[0].mean())

    return float(np.exp(minimize_scalar(mean_surprise, bounds=(-2, 2), method="bounded").x))
