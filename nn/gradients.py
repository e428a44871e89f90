"""Checks whether a layer's backward pass is the derivative of its forward pass, and explains differences."""

from __future__ import annotations

import numpy as np

from nn.errors import CODE_ERRORS, ModelError
from nn.layers import LAYERS
from nn.layers.layer import Array, Layer, Shape

STEP, CLOSE, BATCH = 1e-6, 1e-4, 4


def check_layer(kind: type[Layer], shape: Shape) -> list[str]:
    """Return the faults of a layer, a sentence each; empty if there are none.

    Its gradients, of the input and of each parameter, are compared with central differences; its output with
    that of the layer of this package with the same name, if there is one.

    Parameters
    ----------
    kind : type of Layer
        One that can be made without settings.
    shape : tuple of int
        Shape of an input, without N.

    Raises
    ------
    ModelError
        If the layer cannot be made, or raises an error.
    """
    rng = np.random.default_rng(1)
    try:
        layer = kind()
        layer.build(shape, rng)
        layer.params = {
            name: array + rng.normal(size=array.shape) / 3 for name, array in layer.params.items()
        }
        layer.state = {name: array.astype(np.float64) for name, array in layer.state.items()}
        x = rng.normal(size=(BATCH, *shape))
        dy = rng.normal(size=layer.forward(x.copy(), np.random.default_rng(2))[0].shape)
        _, backprop = layer.forward(x.copy(), np.random.default_rng(2))
        dx, gradients = backprop(dy.copy())
        faults = _beside_ours(layer, shape, x)

        def slope_of(array: Array) -> Array:
            return _slope(layer, x, dy, array)

        said = {"the gradient of the input, dx,": (dx, slope_of(x), x)}
        for name, array in layer.params.items():
            given = gradients.get(name)
            if given is None:
                faults.append(f"the gradient of {name} is missing from what backward returns")
            else:
                said[f"the gradient of {name}"] = (given, slope_of(array), array)
    except CODE_ERRORS as error:
        raise ModelError(f"{kind.__name__}: {type(error).__name__}: {error}") from error
    for called, (given, expected, _) in said.items():
        fault = fault_of(np.asarray(given, np.float64), expected)
        if fault:
            faults.append(f"{called} {fault}")
    return faults


def fault_of(given: Array, expected: Array) -> str:
    """Return in words how a gradient differs from the expected one; empty if it does not."""
    if given.shape != expected.shape:
        if given.shape == expected.shape[::-1]:
            return f"has the shape {given.shape} and not {expected.shape}: it is transposed"
        return f"has the shape {given.shape}, and must have {expected.shape}"
    scale = max(float(np.abs(expected).max(initial=0)), 1e-12)
    if np.abs(given - expected).max(initial=0) <= CLOSE * scale:
        return ""
    if not given.any():
        return "is 0 everywhere: its term is missing"
    factor = float((given * expected).sum() / (expected * expected).sum()) if expected.any() else 0.0
    if np.abs(given - factor * expected).max() <= CLOSE * scale * abs(factor):
        known = {
            -1.0: ": its sign is wrong",
            1 / BATCH: ": it is divided by the batch size, which the loss does",
        }
        why = next((said for value, said in known.items() if abs(factor - value) < CLOSE), "")
        return f"is {factor:.4g} times what it should be{why}"
    if given.ndim == 2 and given.shape[0] == given.shape[1] and np.allclose(given.T, expected, rtol=CLOSE):
        return "is transposed"
    flips = [
        tuple(axis for axis in range(given.ndim) if bits >> axis & 1) for bits in range(1, 2**given.ndim)
    ]
    for axes in flips:
        if np.allclose(np.flip(given, axes), expected, rtol=CLOSE, atol=CLOSE * scale):
            return f"is turned around along its axes {', '.join(map(str, axes))}"
    wrong = np.abs(given - expected) > CLOSE * scale
    first = tuple(int(k) for k in np.argwhere(wrong)[0])
    return (
        f"is wrong at {wrong.sum()} of {wrong.size} places; at {first} it is {given[first]:.5g} "
        f"and should be {expected[first]:.5g}"
    )


def _slope(layer: Layer, x: Array, dy: Array, array: Array) -> Array:
    """Return central differences of ``sum(y dy)`` for each element of `array`, which is x or a parameter."""
    slopes = np.empty_like(array)
    for place in np.ndindex(array.shape):
        middle, sides = array[place], []
        for step in (STEP, -STEP):
            array[place] = middle + step
            sides.append(float((layer.forward(x.copy(), np.random.default_rng(2))[0] * dy).sum()))
        array[place] = middle
        slopes[place] = (sides[0] - sides[1]) / (2 * STEP)
    return slopes


def _beside_ours(layer: Layer, shape: Shape, x: Array) -> list[str]:
    """Return how the output differs from that of the package's layer of the same name."""
    ours = LAYERS.get(getattr(layer, "name", ""))
    if ours is None or ours is type(layer):
        return []
    try:
        settings = {key: value for key, value in layer.table().items() if key != "type"}
        verified = ours(**settings)
        verified.build(shape, np.random.default_rng(1))
    except (ValueError, TypeError):
        return []
    if {k: v.shape for k, v in verified.params.items()} != {k: v.shape for k, v in layer.params.items()}:
        return []
    verified.params, verified.state = layer.params, layer.state
    mine, right = (each.forward(x.copy(), np.random.default_rng(2))[0] for each in (layer, verified))
    fault = fault_of(np.asarray(mine), np.asarray(right))
    return [f"what comes out {fault}"] if fault else []
