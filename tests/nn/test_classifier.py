"""Arrays in, classes out, as scikit-learn has it."""

import pickle
import warnings
from typing import Any

import numpy as np
import pytest

import nn
from nn.errors import ModelError
from nn.predict import probabilities
from nn.recipe import find_recipe, read_recipe
from nn.training.run_folder import RunFolder
from nn.training.silent import Silent
from nn.training.train import train

EXEMPT: dict[str, str] = {}
"""Checks of scikit-learn's that do not hold, and why."""
LAYERS: list[Any] = [nn.Flatten(), nn.Dense(16), nn.Tanh(), {"type": "dense", "units": "classes"}]


def small(**settings: Any) -> nn.Classifier:
    usual: dict[str, Any] = {"epochs": 8, "batch_size": 16, "optimizer": {"type": "adam", "rate": 0.05}}
    return nn.Classifier(LAYERS, **(usual | settings))


def test_scikit_learns_own_checks_pass():
    checks = pytest.importorskip("sklearn.utils.estimator_checks", reason="scikit-learn is not installed")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = checks.check_estimator(
            small(train={"threads": 1}), expected_failed_checks=EXEMPT, on_skip=None, on_fail="raise"
        )
    done = {result["check_name"]: result["status"] for result in results}
    assert len(done) > 40 and {name for name, status in done.items() if status == "xfail"} == set(EXEMPT)
    assert "check_classifiers_train" in done and "check_estimators_pickle" in done


def test_it_is_searched_over_as_any_classifier():
    selection = pytest.importorskip("sklearn.model_selection", reason="scikit-learn is not installed")
    from tests.nn.conftest import strokes

    samples = strokes(90, 8)
    search = selection.GridSearchCV(small(epochs=3), {"epochs": [1, 3]}, cv=2)
    search.fit(samples.images, samples.labels)
    assert search.best_params_["epochs"] == 3 and search.best_estimator_.n_iter_ == 3


def test_letters_are_learned_saved_and_loaded(samples, tmp_path):
    learned, tested = samples.part("train"), samples.part("test")
    one = small().fit(learned.images, learned.labels)
    assert one.classes_.tolist() == ["", "-", "/", "|"] and one.score(tested.images, tested.labels) > 0.9
    rates = one.predict_proba(tested.images)
    np.testing.assert_allclose(rates.sum(axis=1), 1)
    one.save(tmp_path / "mine.safetensors")
    again = nn.Classifier.load(tmp_path / "mine.safetensors")
    np.testing.assert_array_equal(again.predict_proba(tested.images), rates)
    np.testing.assert_array_equal(again.predict(tested.images), one.predict(tested.images))
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(one)).predict_proba(tested.images), rates)


def test_labels_that_are_numbers_come_back_as_numbers(samples, tmp_path):
    places = np.unique(samples.labels, return_inverse=True)[1].astype(np.int16) * 10
    small(epochs=2).fit(samples.images, places).save(tmp_path / "mine.safetensors")
    again = nn.Classifier.load(tmp_path / "mine.safetensors")
    assert again.classes_.dtype == np.int16 and again.classes_.tolist() == [0, 10, 20, 30]
    assert again.model_.classes == ("0", "10", "20", "30")


def test_it_goes_through_the_very_loop_of_the_command(samples, recipe, tmp_path):
    by_command = train(recipe, samples, RunFolder(tmp_path / "run"), Silent())
    learned, held_out = samples.part("train"), samples.part("val")
    one = nn.Classifier(recipe).fit(
        learned.images, learned.labels, validation=(held_out.images, held_out.labels)
    )
    for name, array in by_command.weights.items():
        np.testing.assert_array_equal(one.model_.weights[name], array)
    pictures = samples.part("test").images
    np.testing.assert_allclose(
        one.predict_proba(pictures), probabilities(by_command, by_command.predict(pictures)), rtol=1e-5
    )


def test_a_recipe_by_its_name_with_other_settings():
    one = nn.Classifier(
        "mlp", optimizer="adam", augment={"rotation": 3.0}, train={"mixup": 0.2}, random_state=5
    )
    recipe, usual = one._recipe((28, 28)), read_recipe(find_recipe("mlp"))
    assert recipe.layers == usual.layers and recipe.optimizer == {"type": "adam"}
    assert recipe.augment.rotation == 3 and recipe.augment.shift == usual.augment.shift
    assert (recipe.train.mixup, recipe.train.seed, recipe.train.epochs) == (0.2, 5, usual.train.epochs)
    assert one._recipe((784,)).input_shape == (28, 28, 1) and one._recipe((9,)).input_shape == (1, 9, 1)
    assert repr(one).startswith("Classifier(optimizer='adam'")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"train": {"epoch": 3}}, r"Classifier: \[train\]: epoch = 3: unknown key; .*; did you mean epochs"),
        ({"optimizer": "adamm"}, r"\[optimizer\]: type = 'adamm': must be one of sgd"),
        ({"network": "nonsense"}, "nonsense: no such recipe"),
        ({"network": 3}, "network = 3: must be layers"),
        ({"network": [nn.Flatten(), nn.Dense(9)]}, r"units = 9: the last layer gives \(9,\)"),
    ],
)
def test_settings_that_cannot_be(samples, settings, message):
    with pytest.raises(ModelError, match=message):
        nn.Classifier(**({"network": LAYERS} | settings)).fit(samples.images, samples.labels)


def test_pictures_of_another_size_are_refused(samples):
    one = small(epochs=1).fit(samples.images, samples.labels)
    with pytest.raises(ValueError, match="X has 81 features, but Classifier is expecting 64"):
        one.predict(np.zeros((2, 9, 9), np.uint8))
    with pytest.raises(ValueError, match="validation: label 'Q' is not among"):
        small().fit(samples.images, samples.labels, validation=(samples.images[:1], ["Q"]))


def test_views_are_averaged_and_no_picture_depends_on_another(samples):
    one = small(epochs=2).fit(samples.images, samples.labels)
    alone = one.predict_proba(samples.images)
    one.set_params(views=4)
    rates = one.predict_proba(samples.images)
    assert not np.allclose(rates, alone)
    np.testing.assert_allclose(rates.sum(axis=1), 1)
    np.testing.assert_allclose(one.predict_proba(samples.images[5:6]), rates[5:6], rtol=1e-5)
    with pytest.raises(ValueError, match="views = 0: must be from 1 to 64"):
        one.set_params(views=0).predict(samples.images)


def test_layers_are_objects_and_a_network_shows_itself():
    network = nn.Sequential([nn.Conv2D(32, 3), nn.ReLU(), nn.MaxPool2D(), nn.Flatten(), nn.Dense(10)])
    assert network.input_shape == (28, 28, 1) and network.classes == tuple("0123456789")
    assert repr(network.summary()).splitlines()[1].split() == ["conv2d", "28x28x32", "320", "0.45"]
    assert {layer.__name__ for layer in nn.layers.LAYERS.values()} <= {*dir(nn)}
