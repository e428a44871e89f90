"""Optimizers: each is a rule that moves one parameter, over what `Optimizer` does for all of them.

Parameters with more than one axis (weights, not biases nor scales) decay.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from nn.layers.layer import Array, at_least, fraction


class Optimizer:
    """What every optimizer keeps: the parameters (changed in place), their moments, the steps taken.

    Attributes
    ----------
    moments : dict of str to ndarray
        One array ``"{parameter}.{moment}"`` of the parameter's shape for each of `moment_names`; with
        `steps` it is all there is to save.
    steps : int
    """

    moment_names: tuple[str, ...] = ()

    def __init__(self, params: Mapping[str, Array], rate: float, weight_decay: float) -> None:
        for name, value in (("rate", rate), ("weight_decay", weight_decay)):
            at_least(name, value, 0)
        self.params, self.rate, self.weight_decay, self.steps = params, rate, weight_decay, 0
        self.moments = {f"{k}.{m}": np.zeros_like(p) for k, p in params.items() for m in self.moment_names}

    def step(self, gradients: Mapping[str, Array], factor: float = 1.0) -> None:
        """Move every parameter against its gradient at `factor` times the learning rate."""
        self.steps += 1
        for name, param in self.params.items():
            decay = self.weight_decay if param.ndim > 1 else 0.0
            moments = [self.moments[f"{name}.{moment}"] for moment in self.moment_names]
            self.move(param, gradients[name], self.rate * factor, decay, *moments)

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
        gradient = gradient + decay * param
        velocity *= self.momentum
        velocity += gradient
        param -= rate * (gradient + self.momentum * velocity if self.nesterov else velocity)


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


OPTIMIZERS: dict[str, type[SGD] | type[AdamW]] = {"sgd": SGD, "adam": AdamW, "adamw": AdamW}
