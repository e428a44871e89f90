"""Losses, each fused with its output activation."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

import numpy as np

from nn.layers.activations import sigmoid
from nn.layers.layer import Array
from nn.plugins import kept


def softmax(logits: Array) -> Array:
    """Return probabilities (N, C) for logits (N, C); no overflow for any finite logits."""
    y: Array = np.exp(logits - logits.max(axis=1, keepdims=True))
    y /= y.sum(axis=1, keepdims=True)
    return y


def log_softmax(logits: Array) -> Array:
    """Return ``logits - log(sum(exp(logits)))`` along the last axis; no overflow for any finite logits."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)))


def targets(logits: Array, labels: Array, smoothing: float) -> Array:
    """Return ``(1 - smoothing) onehot + smoothing / C``, of the shape and dtype of `logits` (N, C)."""
    target = np.full_like(logits, smoothing / logits.shape[1])
    target[np.arange(len(labels)), labels] += 1 - smoothing
    return target


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
    log_p = log_softmax(logits)
    loss = -(1 - smoothing) * log_p[rows, labels] - smoothing * log_p.mean(axis=1)
    gradient = np.exp(log_p)
    gradient -= smoothing / logits.shape[1]
    gradient[rows, labels] -= 1 - smoothing
    return loss, gradient


def sigmoid_cross_entropy(logits: Array, labels: Array, smoothing: float = 0.0) -> tuple[Array, Array]:
    """Return the loss of each sample (N,) and the gradient of their sum for the logits (N, C).

    With p the logistic function of the logits z, each class a question of its own, and the target t of
    `targets`: ``loss = -sum_c (t_c log p_c + (1 - t_c) log(1 - p_c))``, which is
    ``sum_c (max(z_c, 0) - t_c z_c + log(1 + e^-|z_c|))``, and ``dlogits = p - t``.

    Parameters
    ----------
    logits, labels, smoothing
        As for `softmax_cross_entropy`.
    """
    target = targets(logits, labels, smoothing)
    terms = np.maximum(logits, 0) - target * logits + np.log1p(np.exp(-np.abs(logits)))
    return terms.sum(axis=1), sigmoid(logits) - target


def sigmoid_shares(logits: Array) -> Array:
    """Return probabilities (N, C) for logits (N, C): logistic functions, divided by their sum."""
    p = sigmoid(logits)
    p /= p.sum(axis=1, keepdims=True)
    return p


def sigmoid_shares_cross_entropy(logits: Array, labels: Array, smoothing: float = 0.0) -> tuple[Array, Array]:
    """Return the loss of each sample (N,) and the gradient of their sum for the logits (N, C).

    With s the logistic function of the logits, its shares ``p_c = s_c / sum_k s_k`` and the target t of
    `targets`: ``loss = -sum_c t_c log p_c`` and ``dlogits = (p - t) (1 - s)``.

    Parameters
    ----------
    logits, labels, smoothing
        As for `softmax_cross_entropy`.
    """
    target = targets(logits, labels, smoothing)
    log_s = np.minimum(logits, 0) - np.log1p(np.exp(-np.abs(logits)))
    most = log_s.max(axis=1, keepdims=True)
    log_p = log_s - most - np.log(np.exp(log_s - most).sum(axis=1, keepdims=True))
    return -(target * log_p).sum(axis=1), (np.exp(log_p) - target) * sigmoid(-logits)


def softmax_squared_error(logits: Array, labels: Array, smoothing: float = 0.0) -> tuple[Array, Array]:
    """Return the loss of each sample (N,) and the gradient of their sum for the logits (N, C).

    With p the softmax of the logits and ``d = p - t`` for the target t of `targets`:
    ``loss = sum_c d_c^2 / 2`` and, by the whole Jacobian ``dp_c / dz_k = p_c ([c = k] - p_k)``,
    ``dlogits_k = p_k (d_k - sum_c d_c p_c)``.

    Parameters
    ----------
    logits, labels, smoothing
        As for `softmax_cross_entropy`.
    """
    p = softmax(logits)
    d = p - targets(logits, labels, smoothing)
    return (d * d).sum(axis=1) / 2, p * (d - (d * p).sum(axis=1, keepdims=True))


def softmax_squared_error_diagonal(
    logits: Array, labels: Array, smoothing: float = 0.0
) -> tuple[Array, Array]:
    """Return the loss of each sample (N,) and, for the logits (N, C), the diagonal part of its gradient.

    The loss is that of `softmax_squared_error`, but only how a probability changes with its own logit is
    taken, ``dp_c / dz_c = p_c (1 - p_c)``, as if the outputs were apart: ``dlogits = d p (1 - p)``.

    Parameters
    ----------
    logits, labels, smoothing
        As for `softmax_cross_entropy`.
    """
    return _squared_error(softmax(logits), targets(logits, labels, smoothing))


def sigmoid_squared_error(logits: Array, labels: Array, smoothing: float = 0.0) -> tuple[Array, Array]:
    """Return the loss of each sample (N,) and the gradient of their sum for the logits (N, C).

    With p the logistic function of the logits and ``d = p - t`` for the target t of `targets`:
    ``loss = sum_c d_c^2 / 2`` and ``dlogits = d p (1 - p)``.

    Parameters
    ----------
    logits, labels, smoothing
        As for `softmax_cross_entropy`.
    """
    return _squared_error(sigmoid(logits), targets(logits, labels, smoothing))


def _squared_error(p: Array, target: Array) -> tuple[Array, Array]:
    """Return the loss of each row of `p` (N, C), and its gradient where ``dp / dz = p (1 - p)``."""
    d = p - target
    return (d * d).sum(axis=1) / 2, d * p * (1 - p)


LossFunction = Callable[[Array, Array, float], tuple[Array, Array]]


class Loss:
    """Base of user-defined losses, which ``nn check --keep`` makes available to recipes.

    Attributes
    ----------
    name : str
        Name in recipes.
    output : str
        How probabilities are computed from logits: "softmax", "sigmoid", or "shares" (`sigmoid_shares`).
    """

    name: ClassVar[str]
    output: ClassVar[str] = "softmax"

    def __call__(self, logits: Array, labels: Array, smoothing: float) -> tuple[Array, Array]:
        """Return the loss of each sample (N,) and the gradient of their sum for the logits (N, C).

        Parameters
        ----------
        logits, labels, smoothing
            As for `softmax_cross_entropy`.
        """
        raise NotImplementedError


ACTIVATIONS: dict[str, Callable[[Array], Array]] = {
    "softmax": softmax,
    "sigmoid": sigmoid,
    "shares": sigmoid_shares,
}

LOSSES: dict[str, LossFunction] = {
    "cross_entropy": softmax_cross_entropy,
    "binary_cross_entropy": sigmoid_cross_entropy,
    "cross_entropy_sigmoid": sigmoid_shares_cross_entropy,
    "squared_error": softmax_squared_error,
    "squared_error_diagonal": softmax_squared_error_diagonal,
    "squared_error_sigmoid": sigmoid_squared_error,
}

OUTPUTS: dict[str, Callable[[Array], Array]] = {
    "cross_entropy": softmax,
    "binary_cross_entropy": sigmoid,
    "cross_entropy_sigmoid": sigmoid_shares,
    "squared_error": softmax,
    "squared_error_diagonal": softmax,
    "squared_error_sigmoid": sigmoid,
}


def loss_called(name: str) -> LossFunction | None:
    """Return a loss of this package, or one that ``nn check`` has kept; None if there is none."""
    return LOSSES[name] if name in LOSSES else _kept().get(name)


def output_of(name: str) -> Callable[[Array], Array]:
    """Return the function from logits to probabilities for a loss, by its name."""
    return OUTPUTS[name] if name in OUTPUTS else ACTIVATIONS[_kept()[name].output]


def loss_names() -> list[str]:
    """Return the names of all losses."""
    return [*LOSSES, *(name for name in _kept() if name not in LOSSES)]


def _kept() -> dict[str, Loss]:
    return {kind.name: kind() for kind in kept(Loss)}
