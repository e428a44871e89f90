import numpy as np
import pytest

from nn.optimizers import SGD, AdamW


def parameters():
    return {"weight": np.array([[1.0, -2.0]]), "bias": np.array([0.5])}


GRADIENTS = [
    {"weight": np.array([[0.3, 0.1]]), "bias": np.array([-1.0])},
    {"weight": np.array([[-0.2, 0.4]]), "bias": np.array([2.0])},
]


@pytest.mark.parametrize("nesterov", [False, True])
def test_sgd(nesterov):
    params = parameters()
    optimizer = SGD(params, 0.1, 0.9, nesterov, weight_decay=0.01)
    expected = parameters()
    velocity = dict.fromkeys(expected, 0.0)
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
    m = dict.fromkeys(expected, 0.0)
    v = dict.fromkeys(expected, 0.0)
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


def test_first_step_of_adam_is_the_rate_whatever_the_gradient():
    for size in (1e-3, 1e3):
        params = {"bias": np.array([0.0])}
        AdamW(params, 0.01).step({"bias": np.array([size])})
        np.testing.assert_allclose(params["bias"], -0.01, rtol=1e-4)


@pytest.mark.parametrize("kind", [SGD, AdamW])
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
