"""Optimizers: each is an update rule for one parameter; `Optimizer` does the rest.

Parameters with more than one axis (weights, not biases nor scales) decay: by L2, which adds ``weight_decay
w`` to the gradient, except for AdamW. SGD without momentum on whole epochs is gradient descent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from typing import ClassVar

import numpy as np

from nn.layers.layer import Array, at_least, fraction
from nn.plugins import kept


class Optimizer:
    """The base of optimizers: the parameters (changed in place), their moments, and the step count.

    Attributes
    ----------
    name : str
        Name of a user-defined optimizer in recipes, where ``nn check --keep`` makes it available.
    moments : dict of str to ndarray
        One array ``"{parameter}.{moment}"`` of the parameter's shape for each of `moment_names`; with `steps`
        it is the whole state.
    steps : int
    factors : dict of str to float
        Factors on the learning rate, for parameters that have another one than the rest.
    """

    name: ClassVar[str]
    moment_names: tuple[str, ...] = ()

    def __init__(self, params: Mapping[str, Array], rate: float, weight_decay: float) -> None:
        for name, value in (("rate", rate), ("weight_decay", weight_decay)):
            at_least(name, value, 0)
        self.params, self.rate, self.weight_decay, self.steps = params, rate, weight_decay, 0
        self.factors: dict[str, float] = {}
        self.moments = {f"{k}.{m}": np.zeros_like(p) for k, p in params.items() for m in self.moment_names}

    def step(
        self,
        gradients: Mapping[str, Array],
        factor: float = 1.0,
        pool: Executor | None = None,
        parts: int = 1,
    ) -> None:
        """Update every parameter with its gradient, at `factor` times the learning rate.

        With a `pool`, `parts` of every parameter's first axis are updated in parallel; as rules are
        element-wise, the result is the same.
        """
        self.steps += 1

        def move(part: int) -> None:
            for name, param in self.params.items():
                some = slice(len(param) * part // parts, len(param) * (part + 1) // parts)
                decay = self.weight_decay if param.ndim > 1 else 0.0
                moments = [self.moments[f"{name}.{moment}"][some] for moment in self.moment_names]
                rate = self.rate * factor * self.factors.get(name, 1.0)
                self.move(param[some], gradients[name][some], rate, decay, *moments)

        list((pool.map if pool and parts > 1 else map)(move, range(parts)))

    def move(self, param: Array, gradient: Array, rate: float, decay: float, *moments: Array) -> None:
        """Change `param` and its `moments` in place."""
        raise NotImplementedError


class SGD(Optimizer):
    """``g += decay w; v = momentum v + g; w -= rate v`` or, Nesterov, ``w -= rate (g + momentum v)``.

    References
    ----------
    Sutskever et al., "On the importance of initialization and momentum in deep learning", ICML 2013, in
    the form that looks ahead from the moved weights.
    """

    moment_names = ("velocity",)

    def __init__(
        self,
        params: Mapping[str, Array],
        rate: float = 0.1,
        momentum: float = 0.9,
        nesterov: bool = True,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(params, rate, weight_decay)
        fraction("momentum", momentum)
        self.momentum, self.nesterov = momentum, nesterov

    def move(self, param: Array, gradient: Array, rate: float, decay: float, *moments: Array) -> None:
        (velocity,) = moments
        if decay:
            gradient = gradient + decay * param
        if not self.momentum:
            param -= rate * gradient
            return
        velocity *= self.momentum
        velocity += gradient
        if self.nesterov:
            move = self.momentum * velocity
            move += gradient
            move *= rate
            param -= move
        else:
            param -= rate * velocity


class AdamW(Optimizer):
    """``m = b1 m + (1-b1) g; v = b2 v + (1-b2) g^2; w -= rate (mhat / (sqrt(vhat) + eps) + decay w)``.

    mhat and vhat are m and v over ``1 - b^t``. The decay is apart from the gradient; without it this
    is Adam.

    References
    ----------
    Kingma and Ba, "Adam", ICLR 2015; Loshchilov and Hutter, "Decoupled weight decay regularization",
    ICLR 2019.
    """

    moment_names = ("mean", "square")

    def __init__(
        self,
        params: Mapping[str, Array],
        rate: float = 1e-3,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(params, rate, weight_decay)
        fraction("beta1", beta1)
        fraction("beta2", beta2)
        self.beta1, self.beta2, self.epsilon = beta1, beta2, epsilon

    def move(self, param: Array, gradient: Array, rate: float, decay: float, *moments: Array) -> None:
        mean, square = moments
        mean += (1 - self.beta1) * (gradient - mean)
        square += (1 - self.beta2) * (gradient * gradient - square)
        size = np.sqrt(square / (1 - self.beta2**self.steps)) + self.epsilon
        param *= 1 - rate * decay
        param -= (rate / (1 - self.beta1**self.steps)) * mean / size


class Adam(AdamW):
    """As `AdamW`, except for the decay, which goes through the moments: ``g += decay w``."""

    def move(self, param: Array, gradient: Array, rate: float, decay: float, *moments: Array) -> None:
        super().move(param, gradient + decay * param, rate, 0.0, *moments)


class Adagrad(Optimizer):
    """``g += decay w; s += g^2; w -= rate g / (sqrt(s) + eps)``.

    References
    ----------
    Duchi et al., "Adaptive subgradient methods for online learning and stochastic optimization",
    JMLR 12, 2011.
    """

    moment_names = ("square",)

    def __init__(
        self,
        params: Mapping[str, Array],
        rate: float = 0.01,
        epsilon: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(params, rate, weight_decay)
        self.epsilon = epsilon

    def move(self, param: Array, gradient: Array, rate: float, decay: float, *moments: Array) -> None:
        (square,) = moments
        gradient = gradient + decay * param
        square += gradient * gradient
        param -= rate * gradient / (np.sqrt(square) + self.epsilon)


class RMSprop(Optimizer):
    """``g += decay w; s = rho s + (1 - rho) g^2; w -= rate g / (sqrt(s) + eps)``.

    References
    ----------
    Tieleman and Hinton, "Lecture 6.5: RMSprop", Neural Networks for Machine Learning, 2012.
    """

    moment_names = ("square",)

    def __init__(
        self,
        params: Mapping[str, Array],
        rate: float = 1e-3,
        rho: float = 0.9,
        epsilon: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(params, rate, weight_decay)
        fraction("rho", rho)
        self.rho, self.epsilon = rho, epsilon

    def move(self, param: Array, gradient: Array, rate: float, decay: float, *moments: Array) -> None:
        (square,) = moments
        gradient = gradient + decay * param
        square += (1 - self.rho) * (gradient * gradient - square)
        param -= rate * gradient / (np.sqrt(square) + self.epsilon)


OPTIMIZERS: dict[str, Callable[..., Optimizer]] = {
    "sgd": SGD,
    "adagrad": Adagrad,
    "rmsprop": RMSprop,
    "adam": Adam,
    "adamw": AdamW,
}


def optimizer_types() -> dict[str, Callable[..., Optimizer]]:
    """Return `OPTIMIZERS`, and the optimizers that ``nn check`` has kept."""
    return {**{kind.name: kind for kind in kept(Optimizer)}, **OPTIMIZERS}


def clip(gradients: Iterable[Array], limit: float) -> None:
    """Scale all of `gradients` in place by one factor, so that their joint Euclidean norm is at most `limit`.

    References
    ----------
    Pascanu et al., "On the difficulty of training recurrent neural networks", ICML 2013, algorithm 1.
    """
    arrays = list(gradients)
    norm = sum(float(np.vdot(array, array)) for array in arrays) ** 0.5
    if norm > limit:
        for array in arrays:
            array *= limit / norm


def shrink(params: Iterable[Array], rate: float) -> None:
    """Change every weight a in place to ``a (1 - rate |a|)``, or 0 where that would turn its sign.

    Large weights decay in proportion to their magnitude, small ones hardly. Biases stay as they are.
    """
    for param in params:
        if param.ndim > 1:
            param *= np.maximum(1 - rate * np.abs(param), 0)
