"""Checks whether an optimizer follows its update rule, and explains differences."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from nn.errors import CODE_ERRORS, ModelError
from nn.gradients import CLOSE, fault_of
from nn.layers.layer import Array
from nn.optim.optimizers import OPTIMIZERS, SGD, Adam, AdamW, Optimizer, RMSprop

STEPS, RATE = 4, 0.05
Moved = dict[str, Array]


def check_optimizer(kind: type[Optimizer]) -> list[str]:
    """Return the faults of an optimizer, a sentence each; empty if there are none.

    It must update parameters in place, element-wise and downhill, and keep its state in its moments. Its
    steps are compared with those of the optimizer of this package with the same name, if there is one.

    Raises
    ------
    ModelError
        If the optimizer cannot be made, or raises an error.
    """
    try:
        faults = _faults(kind)
        ours = OPTIMIZERS.get(getattr(kind, "name", ""))
        if not faults and ours is not None:
            faults = _beside(kind, ours)
    except CODE_ERRORS as error:
        raise ModelError(f"{kind.__name__}: {type(error).__name__}: {error}") from error
    return faults


def _faults(kind: type[Optimizer]) -> list[str]:
    """Return the faults that need no optimizer for comparison."""
    start, gradients = _start(), _gradients()
    one, other = _moved(kind, 0.0), _moved(kind, 0.0, parts=3)
    if all(np.array_equal(one[name], start[name]) for name in start):
        return ["does not change the parameters: they must be updated in place, as in param -= ..."]
    if any(not np.isfinite(array).all() for array in one.values()):
        return ["makes parameters infinite or NaN"]
    if any(not np.array_equal(one[name], other[name]) for name in one):
        return [
            "is not element-wise: the result changes if parameters are split into parts; state must be kept "
            "in moments"
        ]
    first = _moved(kind, 0.0, steps=1)
    downhill = sum(float(((first[name] - start[name]) * gradients[0][name]).sum()) for name in start)
    if downhill > 0:
        return ["moves along the gradient instead of against it: its sign is wrong"]
    return []


def _beside(kind: type[Optimizer], ours: Callable[..., Optimizer]) -> list[str]:
    """Return how the steps of an optimizer differ from those of the package's."""
    for decay in (0.0, 0.1):
        given, expected, start = _moved(kind, decay), _moved(ours, decay), _start()
        if _alike(given, expected):
            continue
        said = " with weight decay" if decay else ""
        for words, variant in variants(ours).items():
            if _alike(given, _moved(variant, decay)):
                return [f"the steps{said} {words}"]
        for name in start:
            fault = fault_of(given[name] - start[name], expected[name] - start[name])
            if fault:
                return [f"the sum of {STEPS} steps of {name}{said} {fault}"]
    return []


def variants(ours: Callable[..., Optimizer]) -> dict[str, Callable[..., Optimizer]]:
    """Return optimizers with the usual mistakes in a rule of this package, by a description of each."""
    if ours in (Adam, AdamW):
        return {said: _adam(ours is Adam, **terms) for said, terms in ADAM.items()}
    if ours is SGD:
        return {
            "are those of plain momentum: Nesterov's look-ahead is missing": _with(SGD, nesterov=False),
            "leave out momentum": _with(SGD, momentum=0.0),
            "add (1 - momentum) g to the velocity instead of g": Damped,
            "leave out weight decay": _with(SGD, weight_decay=0.0),
        }
    if ours is RMSprop:
        return {
            "have epsilon inside the square root": Inside,
            "sum all squares instead of averaging them: s = rho s + (1 - rho) g^2": OPTIMIZERS["adagrad"],
            "leave out weight decay": _with(RMSprop, weight_decay=0.0),
        }
    return {"leave out weight decay": _with(ours, weight_decay=0.0)}


ADAM: dict[str, dict[str, Any]] = {
    "lack the bias correction of the mean, / (1 - beta1^t)": {"mean": False},
    "lack the bias correction of the square, / (1 - beta2^t)": {"square": False},
    "lack both bias corrections, / (1 - beta^t)": {"mean": False, "square": False},
    "have epsilon inside the square root": {"inside": True},
    "lack the square root": {"root": False},
    "have beta1 and beta2 swapped": {"beta1": 0.999, "beta2": 0.9},
    "use the gradient instead of its mean": {"beta1": 0.0},
    "have weight decay in the wrong place: AdamW's is separate from the gradient, Adam's is added to it": {
        "turn": True
    },
    "leave out weight decay": {"weight_decay": 0.0},
}


def _adam(coupled: bool, **terms: Any) -> Callable[..., Optimizer]:
    """Return Adam, or AdamW, with some wrong terms in its rule."""
    given = {name: terms[name] for name in ("beta1", "beta2", "weight_decay") if name in terms}
    coupled ^= bool(terms.get("turn"))

    class Wrong(AdamW):
        def __init__(self, params: Moved, **settings: Any) -> None:
            super().__init__(params, **(settings | given))

        def move(self, param: Array, gradient: Array, rate: float, decay: float, *moments: Array) -> None:
            mean, square = moments
            gradient = gradient + decay * param if coupled else gradient
            mean += (1 - self.beta1) * (gradient - mean)
            square += (1 - self.beta2) * (gradient * gradient - square)
            m = mean / (1 - self.beta1**self.steps) if terms.get("mean", True) else mean
            v = square / (1 - self.beta2**self.steps) if terms.get("square", True) else square
            inside = self.epsilon if terms.get("inside") else 0.0
            size = np.sqrt(v + inside) if terms.get("root", True) else v
            param *= 1 if coupled else 1 - rate * decay
            param -= rate * m / (size + self.epsilon - inside)

    return Wrong


class Damped(SGD):
    """SGD that adds only a part of the gradient to the velocity."""

    def move(self, param: Array, gradient: Array, rate: float, decay: float, *moments: Array) -> None:
        (velocity,) = moments
        gradient = (1 - self.momentum) * (gradient + decay * param)
        velocity += gradient - (1 - self.momentum) * velocity
        param -= rate * velocity


class Inside(RMSprop):
    """RMSprop with epsilon inside of the root."""

    def move(self, param: Array, gradient: Array, rate: float, decay: float, *moments: Array) -> None:
        (square,) = moments
        gradient = gradient + decay * param
        square += (1 - self.rho) * (gradient * gradient - square)
        param -= rate * gradient / np.sqrt(square + self.epsilon)


def _with(kind: Callable[..., Optimizer], **given: Any) -> Callable[..., Optimizer]:
    """Return an optimizer with some settings fixed."""
    return lambda params, **settings: kind(params, **(settings | given))


def _start() -> Moved:
    rng = np.random.default_rng(1)
    return {"weight": rng.normal(size=(6, 3)), "bias": rng.normal(size=6)}


def _gradients() -> list[Moved]:
    """Return gradients, some of them so small that the place of epsilon matters."""
    rng = np.random.default_rng(2)
    sizes = {"weight": np.geomspace(1e-5, 1, 18).reshape(6, 3), "bias": np.ones(6)}
    return [{name: size * rng.normal(size=size.shape) for name, size in sizes.items()} for _ in range(STEPS)]


def _moved(kind: Callable[..., Optimizer], decay: float, parts: int = 1, steps: int = STEPS) -> Moved:
    """Return the parameters after some steps of an optimizer, updated in `parts` parts."""
    params = _start()
    optimizer = kind(params, rate=RATE, weight_decay=decay)
    with ThreadPoolExecutor(1) as pool:
        for gradients in _gradients()[:steps]:
            optimizer.step({name: array.copy() for name, array in gradients.items()}, 1.0, pool, parts)
    return params


def _alike(one: Moved, other: Moved) -> bool:
    start = _start()
    return all(
        np.allclose(one[name] - start[name], other[name] - start[name], rtol=CLOSE, atol=1e-9) for name in one
    )
