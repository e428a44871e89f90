"""Checks whether the gradient of a loss is its derivative, and explains differences."""

from __future__ import annotations

import numpy as np

from nn.errors import CODE_ERRORS, ModelError
from nn.gradients import CLOSE, STEP, fault_of
from nn.layers.activations import sigmoid
from nn.layers.layer import Array
from nn.losses import ACTIVATIONS, LOSSES, Loss, LossFunction, softmax, targets

SAMPLES, CLASSES, SMOOTHING = 4, 5, 0.1


def check_loss(kind: type[Loss]) -> list[str]:
    """Return the faults of a loss, a sentence each; empty if there are none.

    Its gradient is compared with central differences, its values with those of the loss of this package with
    the same name, if there is one; both without and with label smoothing.

    Raises
    ------
    ModelError
        If the loss cannot be made, or raises an error.
    """
    rng = np.random.default_rng(1)
    logits, labels = rng.normal(size=(SAMPLES, CLASSES)), rng.integers(0, CLASSES, SAMPLES)
    try:
        loss = kind()
        if loss.output not in ACTIVATIONS:
            return [f"output = {loss.output!r}: must be one of {', '.join(ACTIVATIONS)}"]
        for smoothing in (0.0, SMOOTHING):
            faults = _faults(loss, LOSSES.get(getattr(kind, "name", "")), logits, labels, smoothing)
            if faults:
                return faults
        with np.errstate(all="ignore"):
            values = loss(np.asarray(100 * logits, np.float32), labels, 0.0)
    except CODE_ERRORS as error:
        raise ModelError(f"{kind.__name__}: {type(error).__name__}: {error}") from error
    if not all(np.isfinite(np.asarray(one)).all() for one in values):
        return ["is not finite for large logits: subtract the largest one before exp, or use log-softmax"]
    return []


def _faults(
    loss: LossFunction, ours: LossFunction | None, logits: Array, labels: Array, smoothing: float
) -> list[str]:
    """Return the faults of the values and the gradient of a loss."""
    said = f" with label smoothing of {smoothing}" if smoothing else ""
    losses, gradient = (np.asarray(one, np.float64) for one in loss(logits.copy(), labels.copy(), smoothing))
    if losses.shape != labels.shape:
        return [f"the loss has the shape {losses.shape}; expected one number per sample, {labels.shape}"]
    faults = []
    if ours is not None:
        fault = fault_of(losses, np.asarray(ours(logits.copy(), labels, smoothing)[0]))
        faults += [f"the loss{said} {fault}"] if fault else []
    expected = _slope(loss, logits, labels, smoothing)
    fault = fault_of(gradient, expected)
    if fault:
        faults.append(f"the gradient{said} {_term(gradient, expected, logits, labels, smoothing) or fault}")
    return faults


def _slope(loss: LossFunction, logits: Array, labels: Array, smoothing: float) -> Array:
    """Return central differences of the sum of the losses, for each logit."""
    slopes, moved = np.empty_like(logits), logits.copy()
    for place in np.ndindex(logits.shape):
        sides = []
        for step in (STEP, -STEP):
            moved[place] = logits[place] + step
            sides.append(float(np.sum(loss(moved.copy(), labels, smoothing)[0])))
        moved[place] = logits[place]
        slopes[place] = (sides[0] - sides[1]) / (2 * STEP)
    return slopes


def _term(given: Array, expected: Array, logits: Array, labels: Array, smoothing: float) -> str:
    """Return in words which usual term a gradient lacks or has in excess; empty if none explains it."""
    one, smooth = targets(logits, labels, 0.0), targets(logits, labels, smoothing)
    p, s = softmax(logits), sigmoid(logits)
    if given.shape != expected.shape:
        return ""
    known = {
        "lacks the target term, - t": expected + smooth,
        "has the target term twice": expected - smooth,
        "uses the target without label smoothing": expected + smooth - one,
        "uses only the diagonal of the softmax Jacobian: - p_k sum_c(d_c p_c) is missing": None,
        "lacks the factor p (1 - p) of the softmax": _without(expected, p * (1 - p)),
        "lacks the factor p (1 - p) of the sigmoid": _without(expected, s * (1 - s)),
        "has an extra factor p (1 - p) of the softmax": expected * p * (1 - p),
        "has an extra factor p (1 - p) of the sigmoid": expected * s * (1 - s),
    }
    difference = p - smooth
    whole = p * (difference - (difference * p).sum(axis=1, keepdims=True))
    if np.allclose(expected, whole, rtol=CLOSE, atol=1e-6):
        known["uses only the diagonal of the softmax Jacobian: - p_k sum_c(d_c p_c) is missing"] = (
            difference * p * (1 - p)
        )
    for said, candidate in known.items():
        if candidate is not None and np.allclose(given, candidate, rtol=CLOSE, atol=1e-6):
            return said
    return ""


def _without(expected: Array, factor: Array) -> Array:
    return np.asarray(expected / factor)
