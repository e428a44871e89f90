from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from nn.optim.optimizers import OPTIMIZERS, SGD, Adagrad, Adam, AdamW, RMSprop, clip, shrink


def parameters():
    return {"weight": np.array([[1.0, -2.0]]), "bias": np.array([0.5])}


GRADIENTS = [
    {"weight": np.array([[0.3, 0.1]]), "bias": np.array([-1.0])},
    {"weight": np.array([[-0.2, 0.4]]), "bias": np.array([2.0])},
]


@pytest.mark.parametrize("kind", OPTIMIZERS.values())
@pytest.mark.parametrize("parts", [2, 3])
def test_parts_at_the_same_time_come_to_the_same_to_the_bit(kind, parts):
    rng, after = np.random.default_rng(0), []
    shapes = {"weight": (7, 5), "bias": (5,), "one": (1, 4)}
    start, *gradients = [
        {name: rng.standard_normal(shape, np.float32) for name, shape in shapes.items()} for _ in range(4)
    ]
    with ThreadPoolExecutor(parts) as pool:
        for given in ((), (pool, parts)):
            params = {name: array.copy() for name, array in start.items()}
            optimizer = kind(params, 0.1, weight_decay=0.01)
            for gradient in gradients:
                optimizer.step({name: array.copy() for name, array in gradient.items()}, 0.5, *given)
            after.append(params | optimizer.moments)
    for name, array in after[0].items():
        assert optimizer.steps == 3 and (name not in start or (array != start[name]).all())
        np.testing.assert_array_equal(array, after[1][name])


@pytest.mark.parametrize("nesterov", [False, True])
def test_sgd(nesterov):
    params = parameters()
    optimizer = SGD(params, 0.1, 0.9, nesterov, weight_decay=0.01)
    expected = parameters()
    velocity: dict[str, Any] = dict.fromkeys(expected, 0.0)
    for gradients, factor in zip(GRADIENTS, (1.0, 0.5), strict=True):
        optimizer.step({name: array.copy() for name, array in gradients.items()}, factor)
        for name in expected:
            g = gradients[name] + (0.01 * expected[name] if name == "weight" else 0)
            velocity[name] = 0.9 * velocity[name] + g
            move = g + 0.9 * velocity[name] if nesterov else velocity[name]
            expected[name] = expected[name] - 0.1 * factor * move
    for name in expected:
        np.testing.assert_allclose(params[name], expected[name], rtol=1e-12)


def test_adamw():
    params = parameters()
    optimizer = AdamW(params, 0.01, weight_decay=0.1)
    expected = parameters()
    m: dict[str, Any] = dict.fromkeys(expected, 0.0)
    v: dict[str, Any] = dict.fromkeys(expected, 0.0)
    for t, gradients in enumerate(GRADIENTS, 1):
        optimizer.step(gradients)
        for name, g in gradients.items():
            m[name] = 0.9 * m[name] + 0.1 * g
            v[name] = 0.999 * v[name] + 0.001 * g**2
            step = m[name] / (1 - 0.9**t) / (np.sqrt(v[name] / (1 - 0.999**t)) + 1e-8)
            decay = 0.1 * expected[name] if name == "weight" else 0
            expected[name] = expected[name] - 0.01 * (step + decay)
    for name in expected:
        np.testing.assert_allclose(params[name], expected[name], rtol=1e-9)


def test_adam_takes_its_decay_through_the_moments():
    one, two = parameters(), parameters()
    adam, plain = Adam(one, 0.01, weight_decay=0.1), AdamW(two, 0.01)
    for gradients in GRADIENTS:
        plain.step({"weight": gradients["weight"] + 0.1 * two["weight"], "bias": gradients["bias"]})
        adam.step(gradients)
    for name in one:
        np.testing.assert_allclose(one[name], two[name], rtol=1e-12)


@pytest.mark.parametrize(
    ("optimizer", "mix"),
    [
        (lambda params: Adagrad(params, 0.1, weight_decay=0.01), lambda s, g: s + g**2),
        (lambda params: RMSprop(params, 0.1, rho=0.8, weight_decay=0.01), lambda s, g: 0.8 * s + 0.2 * g**2),
    ],
)
def test_steps_over_the_root_of_squares(optimizer, mix):
    params, expected = parameters(), parameters()
    optimizer, square = optimizer(params), dict.fromkeys(expected, 0.0)
    for gradients in GRADIENTS:
        optimizer.step({name: array.copy() for name, array in gradients.items()})
        for name, g in gradients.items():
            g = g + (0.01 * expected[name] if name == "weight" else 0)
            square[name] = mix(square[name], g)
            expected[name] = expected[name] - 0.1 * g / (np.sqrt(square[name]) + 1e-8)
    for name in expected:
        np.testing.assert_allclose(params[name], expected[name], rtol=1e-9)


def test_clip_scales_all_gradients_by_one_factor():
    arrays = [np.array([[3.0, 0.0]], np.float32), np.array([4.0], np.float32)]
    clip(arrays, 5.5)
    assert arrays[0][0, 0] == 3 and arrays[1][0] == 4
    clip(arrays, 1)
    np.testing.assert_allclose(arrays[0], [[0.6, 0]], rtol=1e-6)
    np.testing.assert_allclose(arrays[1], [0.8], rtol=1e-6)


def test_shrink_takes_most_from_large_weights():
    weight, bias = np.array([[4.0, -2.0, 0.1, 20.0]]), np.array([4.0])
    shrink([weight, bias], 0.1)
    np.testing.assert_allclose(weight, [[2.4, -1.6, 0.099, 0]])
    assert bias[0] == 4


def test_first_step_of_adam_is_the_rate_whatever_the_gradient():
    for size in (1e-3, 1e3):
        params = {"bias": np.array([0.0])}
        AdamW(params, 0.01).step({"bias": np.array([size])})
        np.testing.assert_allclose(params["bias"], -0.01, rtol=1e-4)


@pytest.mark.parametrize("kind", OPTIMIZERS.values())
def test_moments_and_steps_are_all_there_is_to_save(kind):
    one, two = parameters(), parameters()
    straight, first = kind(one, 0.1), kind(two, 0.1)
    for gradients in GRADIENTS:
        straight.step(gradients)
    first.step(GRADIENTS[0])
    second = kind(two, 0.1)
    second.steps = first.steps
    for name, moment in first.moments.items():
        second.moments[name][...] = moment
    second.step(GRADIENTS[1])
    for name in one:
        np.testing.assert_array_equal(one[name], two[name])


@pytest.mark.parametrize(("setting", "value"), [("rate", -1.0), ("momentum", 1.0), ("weight_decay", -0.1)])
def test_settings_out_of_range(setting, value):
    with pytest.raises(ValueError, match=f"{setting} = {value}"):
        SGD(parameters(), **{setting: value})


def test_without_momentum_it_is_gradient_descent():
    params, expected = parameters(), parameters()
    optimizer = SGD(params, 0.1, momentum=0.0, weight_decay=0.01)
    for gradients in GRADIENTS:
        optimizer.step({name: array.copy() for name, array in gradients.items()})
        for name, gradient in gradients.items():
            decay = 0.01 * expected[name] if name == "weight" else 0
            expected[name] = expected[name] - 0.1 * (gradient + decay)
    for name, array in expected.items():
        np.testing.assert_allclose(params[name], array, rtol=1e-12)
