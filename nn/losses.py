"""The loss that training makes small."""

from __future__ import annotations

import numpy as np

from nn.layers.layer import Array


def softmax(logits: Array) -> Array:
    """Return probabilities (N, C) for logits (N, C); no overflow for any finite logits."""
    y: Array = np.exp(logits - logits.max(axis=1, keepdims=True))
    y /= y.sum(axis=1, keepdims=True)
    return y


def softmax_cross_entropy(logits: Array, labels: Array, smoothing: float = 0.0) -> tuple[Array, Array]:
    """Return the loss of each sample (N,) and the gradient of their sum for the logits (N, C).

    With p the softmax of the logits and the target ``t = (1 - smoothing) onehot + smoothing / C``:
    ``loss = -sum_c t_c log p_c`` and ``dlogits = p - t``.

    Parameters
    ----------
    logits : ndarray, shape (N, C)
    labels : ndarray of int, shape (N,)
        The index of the right class.
    smoothing : float
        How much of the target goes to all classes alike, 0 to 1.

    References
    ----------
    Szegedy et al., "Rethinking the Inception architecture", CVPR 2016, section 7 (label smoothing).
    """
    rows = np.arange(len(labels))
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -(1 - smoothing) * log_p[rows, labels] - smoothing * log_p.mean(axis=1)
    gradient = np.exp(log_p)
    gradient -= smoothing / logits.shape[1]
    gradient[rows, labels] -= 1 - smoothing
    return loss, gradient
