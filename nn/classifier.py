"""A classifier with scikit-learn's interface: arrays in, classes out."""

from __future__ import annotations

import hashlib
import inspect
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from nn.configure import shown
from nn.convention import class_labels, not_fitted, samples_in, warn_of_column
from nn.data.split import stratified
from nn.errors import ModelError
from nn.layers import Layer
from nn.model import Sequential
from nn.predict import predicted
from nn.recipe import Recipe, extended, find_recipe, parse_recipe, read_tables, recipe_of
from nn.training.find_rate import RangeTest, find_rate
from nn.training.hooks import Hook
from nn.training.run_folder import Epoch, RunFolder
from nn.training.silent import Silent
from nn.training.train import Labelled, Progress, train_on

Table = Mapping[str, Any]
TABLES = ("optimizer", "schedule", "augment", "train")


class Classifier:
    """A network that learns classes from arrays, by the same loop as ``nn train``.

    It follows scikit-learn's conventions: settings are arguments and are not changed, learned attributes end
    with an underscore, and it can be cloned, used in a grid search and in a pipeline.

    Parameters
    ----------
    network : list of Layer, Sequential, Recipe, str or Path
        Layers as objects or as tables of recipes, in which ``"classes"`` stands for how many classes there
        are; or a recipe: its name or its file. A recipe's task and classes do not matter: they are those of
        `fit`.
    input_shape : tuple of int, optional
        Height, width and channels of a picture; by default those of X.
    epochs, batch_size : int, optional
        Instead of the recipe's.
    optimizer, schedule : str or dict, optional
        Such as ``"adam"`` or ``{"type": "adam", "rate": 0.001}``: a recipe's table; other settings keep their
        defaults.
    augment, train : dict, optional
        More of a recipe's tables, such as ``{"rotation": 10}`` and ``{"mixup": 0.2}``.
    views : int
        Predictions are the mean over this many views of each picture (`nn.views`); 1 for the picture alone.
    start : Sequential, str or Path, optional
        A model with the initial weights; its classes may differ. ``train={"frozen": -1}`` freezes all layers
        but the last.
    hooks : sequence of Hook
        Called during training (`nn.Hook`).
    random_state : int or RandomState, optional
        Instead of the recipe's seed.
    folder : path, optional
        Folder for the run, as with ``nn train``; it must not hold another run. By default nothing is kept.
    verbose : bool
        Whether a line is printed for each epoch.

    Attributes
    ----------
    classes_ : ndarray
        The labels, sorted.
    model_ : Sequential
        The network of the best epoch.
    recipe_ : Recipe
    history_ : list of Epoch
    n_iter_ : int
        Number of epochs that were trained.
    n_features_in_ : int
        Number of features of a sample.

    Examples
    --------
    >>> from nn.layers import Dense, Flatten
    >>> X = np.random.default_rng(0).integers(0, 256, (60, 4, 4), np.uint8)
    >>> y = np.where(X[:, 0, 0] > 127, "a", "b")
    >>> Classifier([Flatten(), Dense(2)], epochs=2).fit(X, y).predict(X).shape
    (60,)
    """

    def __init__(
        self,
        network: Sequence[Layer | Table] | Sequential | Recipe | str | Path = "mlp",
        *,
        input_shape: tuple[int, int, int] | None = None,
        epochs: int | None = None,
        batch_size: int | None = None,
        optimizer: str | Table | None = None,
        schedule: str | Table | None = None,
        augment: Table | None = None,
        train: Table | None = None,
        views: int = 1,
        start: Sequential | str | Path | None = None,
        hooks: Sequence[Hook] = (),
        random_state: Any = None,
        folder: str | Path | None = None,
        verbose: bool = False,
    ) -> None:
        self.network, self.input_shape = network, input_shape
        self.epochs, self.batch_size = epochs, batch_size
        self.optimizer, self.schedule, self.augment, self.train = optimizer, schedule, augment, train
        self.views, self.start, self.hooks = views, start, hooks
        self.random_state = random_state
        self.folder, self.verbose = folder, verbose

    def fit(self, X: Any, y: Any, validation: float | tuple[Any, Any] = 0.1) -> Self:
        """Train on samples X with labels y; return this classifier.

        Parameters
        ----------
        X : array, shape (N, H, W), (N, H, W, channels) or (N, features)
            uint8 from 0 to 255, or floats; for pictures from 0 to 1.
        y : array, shape (N,)
        validation : float or (X, y)
            What decides which epoch is the best: a share of each class that is not trained on, or other
            samples. With 0, the training samples.

        Raises
        ------
        ValueError
            If X and y are not such arrays, or do not match.
        ModelError
            If the settings do not make a network.
        """
        texts, data = self._prepared(X, y, validation)
        with tempfile.TemporaryDirectory() as temporary:
            run = RunFolder(Path(self.folder if self.folder is not None else temporary))
            self.model_ = train_on(
                self.recipe_, texts, data, run, self._progress(), start=self._first(), hooks=self.hooks
            )
            self.history_: list[Epoch] = run.read_checkpoint()[2]
            kept = {"values": self.classes_.tolist(), "dtype": str(self.classes_.dtype)}
            self.model_.settings["labels"] = kept
            self.model_.save(run.best)
        self.model_.file = "the model"
        self.n_iter_ = len(self.history_)
        return self

    def find_rate(self, X: Any, y: Any, steps: int = 100) -> RangeTest:
        """Return a range test of the learning rate; this classifier does not change.

        ``find_rate(X, y).suggested`` is a learning rate for `optimizer`.
        """
        other = type(self)(**self.get_params())
        texts, data = other._prepared(X, y, 0.0)
        return find_rate(other.recipe_, texts, data, other._progress(), other._first(), steps=steps)

    def predict_proba(self, X: Any) -> npt.NDArray[np.float64]:
        """Return how probable each of `classes_` is for samples X; float64 (N, C), rows sum to 1."""
        images = self._to_predict(X)
        rates = predicted(self.model_, images, self.views).astype(np.float64)
        return np.asarray(rates / rates.sum(axis=1, keepdims=True))

    def predict(self, X: Any) -> npt.NDArray[Any]:
        """Return the likeliest of `classes_` for samples X, shape (N,)."""
        likeliest = self.predict_proba(X).argmax(axis=1)
        return np.asarray(self.classes_[likeliest])

    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
        """Return the accuracy of `predict`, 0 to 1."""
        return float(np.average(self.predict(X) == np.asarray(y).ravel(), weights=sample_weight))

    def save(self, path: str | Path) -> None:
        """Save the network as a model file for all commands of this toolkit."""
        self._check_fitted()
        self.model_.save(path)

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Return the classifier in a file that `save` or ``nn train`` wrote.

        Raises
        ------
        ModelError
            If the file is not a classifier.
        """
        model = Sequential.load(path)
        recipe = recipe_of(model)
        one = cls(recipe if recipe is not None else model)
        one.model_, one.n_features_in_ = model, int(np.prod(model.input_shape))
        if recipe is not None:
            one.recipe_ = recipe
        one.classes_ = _labels_of(model)
        return one

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the settings by their names."""
        return {name: getattr(self, name) for name in self._names()}

    def set_params(self, **settings: Any) -> Self:
        """Change settings by their names; return this classifier."""
        for name, value in settings.items():
            if name not in self._names():
                known = ", ".join(self._names())
                raise ValueError(f"Invalid parameter {name!r} for {self!r}; known are {known}")
            setattr(self, name, value)
        return self

    def __repr__(self) -> str:
        usual = inspect.signature(type(self).__init__).parameters
        given = [
            f"{name}={value!r}"
            for name, value in self.get_params().items()
            if value is not usual[name].default
        ]
        return f"{type(self).__name__}({', '.join(given)})"

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "model_")

    def __sklearn_tags__(self) -> Any:
        from sklearn.utils import ClassifierTags, InputTags, Tags, TargetTags

        return Tags(
            estimator_type="classifier",
            target_tags=TargetTags(required=True),
            classifier_tags=ClassifierTags(),
            input_tags=InputTags(three_d_array=True),
        )

    @classmethod
    def _names(cls) -> list[str]:
        return [name for name in inspect.signature(cls.__init__).parameters if name != "self"]

    def _check_fitted(self) -> None:
        if not hasattr(self, "model_"):
            raise not_fitted(f"This {type(self).__name__} instance is not fitted yet; call fit or load first")

    def _to_predict(self, X: Any) -> npt.NDArray[Any]:
        self._check_fitted()
        images, _ = samples_in(X, getattr(self, "feature_names_in_", None), type(self).__name__)
        count = images[0].size
        if count != self.n_features_in_:
            raise ValueError(
                f"X has {count} features, but {type(self).__name__} is expecting {self.n_features_in_} "
                f"features as input: samples of {self.model_.input_shape}"
            )
        return images.reshape(-1, *self.model_.input_shape)

    def _prepared(self, X: Any, y: Any, validation: float | tuple[Any, Any]) -> tuple[list[str], Labelled]:
        """Set the attributes that depend on the samples only; return the classes and the training data."""
        images, names = samples_in(X)
        labels, self.classes_ = class_labels(y, len(images))
        warn_of_column(y)
        self.recipe_ = self._recipe(images.shape[1:])
        images = images.reshape(-1, *self.recipe_.input_shape)
        self.n_features_in_ = images[0].size
        if names is not None:
            self.feature_names_in_ = names
        elif hasattr(self, "feature_names_in_"):
            del self.feature_names_in_
        texts = [str(value) for value in self.classes_.tolist()]
        return texts, self._divided(images, labels, validation)

    def _first(self) -> Sequential | None:
        """Return the model to start from, if any."""
        return Sequential.load(self.start) if isinstance(self.start, str | Path) else self.start

    def _recipe(self, shape: tuple[int, ...]) -> Recipe:
        """Return the recipe for samples of a shape."""
        tables = _tables(self.network)
        own = tuple(tables.get("input_shape", ()))
        if self.input_shape is not None:
            tables["input_shape"] = list(self.input_shape)
        elif len(shape) > 1:
            tables["input_shape"] = list(shape if len(shape) == 3 else (*shape, 1))
        elif not own or int(np.prod(own)) != shape[0]:
            tables["input_shape"] = [1, shape[0], 1]
        if int(np.prod(tables["input_shape"])) != int(np.prod(shape)):
            raise ValueError(f"input_shape = {tables['input_shape']}: does not fit samples of {shape}")
        changes: dict[str, Any] = {}
        for name in TABLES:
            given = getattr(self, name)
            if given is not None:
                changes[name] = {"type": given} if isinstance(given, str) else dict(given)
        train = changes.setdefault("train", {})
        for name in ("epochs", "batch_size"):
            if getattr(self, name) is not None:
                train[name] = getattr(self, name)
        if self.random_state is not None:
            state = self.random_state
            train["seed"] = int(state.randint(2**31 - 1) if hasattr(state, "randint") else state)
        return parse_recipe(extended(tables, changes), type(self).__name__)

    def _divided(
        self, images: npt.NDArray[Any], labels: npt.NDArray[np.int64], validation: float | tuple[Any, Any]
    ) -> Labelled:
        """Return the training and the validation samples."""
        chosen = np.zeros(len(images), bool)
        if isinstance(validation, tuple):
            held_out = samples_in(validation[0])[0].reshape(-1, *self.recipe_.input_shape)
            its = _places(np.asarray(validation[1]).ravel(), self.classes_)
            if len(its) != len(held_out):
                raise ValueError(f"validation: {len(held_out)} samples with {len(its)} labels")
        else:
            if not 0 <= validation < 1:
                raise ValueError(f"validation = {validation}: must be at least 0 and less than 1")
            if validation:
                rng = np.random.default_rng(self.recipe_.train.seed)
                chosen = stratified(labels.astype(np.str_), validation, rng)
            place = chosen if chosen.any() and not chosen.all() else np.ones(len(images), bool)
            held_out, its = images[place], labels[place]
            chosen &= not place.all()
        learned = np.flatnonzero(~chosen)
        digest = hashlib.sha256(np.ascontiguousarray(images).data)
        digest.update(labels.tobytes() + chosen.tobytes() + np.ascontiguousarray(held_out).tobytes())
        return Labelled(images, learned, labels[learned], held_out, its, digest.hexdigest())

    def _progress(self) -> Progress:
        if not self.verbose:
            return Silent()
        from nn.commands.progress import Lines

        return Lines()


def _tables(network: Any) -> dict[str, Any]:
    """Return the tables of a recipe with a network, without what depends on data."""
    if isinstance(network, str | Path):
        tables = read_tables(find_recipe(str(network)))
    elif isinstance(network, Recipe):
        tables = json.loads(json.dumps(asdict(network)))
    elif isinstance(network, Sequential):
        tables = {"layers": network.architecture, "input_shape": list(network.input_shape)}
    elif isinstance(network, list | tuple):
        tables = {"layers": [each.table() if isinstance(each, Layer) else each for each in network]}
    else:
        raise ModelError(f"network = {shown(network)}: must be layers, a network, or a recipe")
    left_out = ("sweep", "reported", "file", "classes", "task")
    return {name: value for name, value in tables.items() if name not in left_out}


def _places(values: npt.NDArray[Any], classes: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Return the index in `classes` of each of `values`; ValueError if one is missing."""
    foreign = ~np.isin(values, classes)
    if foreign.any():
        raise ValueError(
            f"validation: label {values[foreign].tolist()[0]!r} is not among those that are learned"
        )
    return np.searchsorted(classes, values).astype(np.int64)


def _labels_of(model: Sequential) -> npt.NDArray[Any]:
    """Return the labels of a model's classes: those given to `fit`, or else the classes."""
    kept = model.settings.get("labels")
    try:
        if isinstance(kept, dict) and [str(value) for value in kept["values"]] == list(model.classes):
            return np.array(kept["values"], np.dtype(kept["dtype"]))
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(f"{model.file}: its labels are damaged ({error})") from error
    return np.array(model.classes)
