"""A network as a list of layers, and its file."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from math import prod
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save as to_bytes

from nn.configure import choose, configure, shown
from nn.errors import ModelError, OtherKindError
from nn.files import replacing
from nn.fold import fold
from nn.initializers import LARGEST
from nn.layers import LAYERS, Array, Layer, Shape, layer_types
from nn.threads import in_threads

FORMAT = "letters-nn 1"
WIDEST = 10_000_000
"""Most outputs of a layer for a picture."""
KINDS = {1: "names single characters", 2: "reads lines", 3: "finds text"}


class Sequential:
    """A sequence of layers, from pictures to one logit per class.

    Parameters
    ----------
    architecture : sequence of dict or Layer
        The layers, as objects or as tables with a ``type`` (a key of `nn.layers.LAYERS`) and settings. The
        network makes its own copies.
    input_shape : tuple of int
        Height, width and channels of a picture; EMNIST's by default.
    classes : tuple of str, optional
        The class of each output; the empty string is "not a character". By default "0", "1" and so on.
    settings : dict
        Any JSON values to store with the weights.
    seed : int or None
        Seed of the initial weights. None for weights that have shapes but take no memory, until they are
        loaded from a file.

    Attributes
    ----------
    file : str
        Its name in messages: the path it was loaded from, if any.

    Raises
    ------
    ModelError
        If a layer is unknown, has wrong settings, does not fit the one before it, or the last does not have
        one output per class.

    Examples
    --------
    >>> from nn.layers import Dense, Flatten
    >>> model = Sequential([Flatten(), Dense(2)], (28, 28, 1), ("a", "b"))
    >>> model.predict(np.zeros((3, 28, 28), np.uint8)).shape
    (3, 2)
    """

    axes = 1
    """Number of axes of its output without N: a key of `KINDS`."""

    def __init__(
        self,
        architecture: Sequence[Mapping[str, Any] | Layer],
        input_shape: Shape = (28, 28, 1),
        classes: Sequence[str] | None = None,
        settings: Mapping[str, Any] | None = None,
        seed: int | None = 0,
    ) -> None:
        self.file = "the model"
        self.architecture = [
            layer.table() if isinstance(layer, Layer) else dict(layer) for layer in architecture
        ]
        self.input_shape = tuple(input_shape)
        self.classes = tuple(classes) if classes is not None else self._numbered()
        self.settings: dict[str, Any] = dict(settings or {})
        check_network(self.architecture, self.input_shape, self.classes)
        rng = np.random.default_rng(seed) if seed is not None else None
        self.layers, self.shapes = build(self.architecture, self.input_shape, rng)
        self._check_output()
        self._folded: list[Layer] | None = None
        self._frozen_folded: list[Layer] | None = None
        self.freeze(0)

    def freeze(self, count: int) -> None:
        """Freeze the first `count` layers: training does not change them.

        If `count` is negative, all layers but this many at the end are frozen.

        Raises
        ------
        ModelError
            If no trainable layer is left.
        """
        first = max(len(self.layers) + count, 0) if count < 0 else count
        learning = [i for i, layer in enumerate(self.layers) if i >= first and layer.params]
        if count and not learning:
            raise ModelError(f"frozen = {count}: must leave one of the {len(self.layers)} layers that learns")
        self._frozen, self._frozen_folded = first, None
        self._learns_from = learning[0] if learning else 0
        for index, layer in enumerate(self.layers):
            layer.first = index == self._learns_from

    def _numbered(self) -> tuple[str, ...]:
        """Return classes named by their numbers, as many as the last layer has outputs."""
        check_network(self.architecture, self.input_shape, ("0", "1"))
        return tuple(map(str, range(build(self.architecture, self.input_shape, None)[1][-1][-1])))

    def _check_output(self) -> None:
        """Raise ModelError unless the last layer has one output per class."""
        shape, last = self.shapes[-1], self.architecture[-1]
        if shape[-1] == len(self.classes) and len(shape) == self.axes:
            return
        if shape[-1] == len(self.classes) and len(shape) in KINDS:
            raise OtherKindError(f"is a network that {KINDS[len(shape)]}, not one that {KINDS[self.axes]}")
        units = f"units = {last['units']}: " if "units" in last else ""
        raise ModelError(
            f"layer {len(self.layers)} ({last['type']}): {units}the last layer gives {shape}, "
            f"which does not fit {len(self.classes)} classes"
        )

    def forward(
        self, x: Array, training: np.random.Generator | None
    ) -> tuple[Array, Callable[[Array], dict[str, Array]]]:
        """Return logits (N, C) for `x` (N, H, W, channels), and the closure for their gradient.

        Both arrays change ownership and may be written to (see `nn.layers.layer.Layer.forward`). The closure
        returns the gradients of `params` and the steps of `state`, by name.
        """
        backprops = []
        if self._frozen_folded is None:
            self._frozen_folded = fold(self.layers[: self._frozen])
        for layer in self._frozen_folded:
            x, _ = layer.forward(x, None)
        for layer in self.layers[self._frozen :]:
            x, backprop = layer.forward(x, training)
            backprops.append(backprop)

        def back(dy: Array) -> dict[str, Array]:
            named: dict[str, Array] = {}
            for index in reversed(range(self._learns_from, len(self.layers))):
                dy, gradients = backprops.pop()(dy)
                named |= {f"{index}.{name}": gradient for name, gradient in gradients.items()}
            return named

        return x, back

    @property
    def params(self) -> dict[str, Array]:
        """The trained arrays themselves, by ``"{index of the layer}.{name}"``."""
        return _named([layer.params for layer in self.layers])

    @property
    def learning(self) -> tuple[dict[str, Array], dict[str, Array]]:
        """Of `params` and `state`, those of layers that are not frozen."""
        first = [{} if i < self._frozen else layer.params for i, layer in enumerate(self.layers)]
        other = [{} if i < self._frozen else layer.state for i, layer in enumerate(self.layers)]
        return _named(first), _named(other)

    @property
    def state(self) -> dict[str, Array]:
        """The running statistics themselves, named as in `params`."""
        return _named([layer.state for layer in self.layers])

    @property
    def weights(self) -> dict[str, Array]:
        """`params` and `state` together: all that a file must store."""
        return self.params | self.state

    @property
    def parameters(self) -> int:
        """Number of parameters."""
        return sum(array.size for array in self.params.values())

    def set_weights(self, weights: Mapping[str, Array]) -> None:
        """Copy `weights` (as `weights` gives them) into this model.

        Raises
        ------
        ModelError
            If a name or a shape is not this model's.
        """
        mine = self.weights
        check_weights(weights, mine)
        for name, array in mine.items():
            array[...] = weights[name]
        self.changed()

    @property
    def temperature(self) -> float:
        """Divisor of the logits that calibrates the probabilities.

        Raises
        ------
        ModelError
            The settings have no valid number for it.
        """
        given = self.settings.get("temperature", 1.0)
        if not _is_number(given) or not 0.01 < given < 100:
            raise ModelError(f"temperature = {shown(given)}: must be a number from 0.01 to 100")
        return float(given)

    def changed(self) -> None:
        """Declare that weights were changed in place, so that `predict` folds them again."""
        self._folded = self._frozen_folded = None

    def predict(self, images: npt.NDArray[Any], batch_size: int = 32) -> npt.NDArray[np.float32]:
        """Return logits, float32 (N, C).

        Parameters
        ----------
        images : ndarray
            uint8 (N, H, W) or (N, H, W, channels), or floats in [0, 1] of the same shapes; ink is high.
        batch_size : int
            Pictures that one thread processes at a time; it affects only memory and speed.
        """
        height, width, channels = self.input_shape
        if images.shape[1:] not in {self.input_shape, (height, width) if channels == 1 else ()}:
            raise ValueError(f"pictures of {images.shape[1:]}, the model takes {self.input_shape}")
        if self._folded is None:
            self._folded = fold(self.layers)
        pictures = images.reshape(-1, *self.input_shape)
        return through(self._folded, pictures, len(self.classes), batch_size)

    def summary(self) -> Table:
        """Return a table of the layers: output shape, parameters, millions of operations a sample.

        It prints as a table in an interactive session.
        """
        rows = [f"{'layer':<20}{'output':>16}{'parameters':>14}{'MFLOP':>10}"]
        total = 0
        for table, layer, before, after in zip(
            self.architecture, self.layers, self.shapes[:-1], self.shapes[1:], strict=True
        ):
            size = sum(array.size for array in layer.params.values())
            operations = 2 * layer.multiplications(before)
            total += operations
            shape = "x".join(map(str, after))
            rows.append(f"{table['type']:<20}{shape:>16}{size:>14,}{operations / 1e6:>10.2f}")
        rows.append(f"{'total':<20}{'':>16}{self.parameters:>14,}{total / 1e6:>10.2f}")
        return Table("\n".join(rows))

    def save(self, path: str | Path, half: bool = False) -> None:
        """Write the model to `path` as safetensors, atomically.

        Parameters
        ----------
        path : path
        half : bool
            Whether to store weights as float16: half the size, about three digits.
        """
        description = {
            "architecture": self.architecture,
            "input_shape": self.input_shape,
            "classes": self.classes,
            "settings": self.settings,
        }
        kind = np.float16 if half else np.float32
        tensors = {name: np.ascontiguousarray(array, kind) for name, array in self.weights.items()}
        metadata = {"format": FORMAT, "model": json.dumps(description, ensure_ascii=False)}
        with replacing(Path(path)) as temporary:
            temporary.write_bytes(to_bytes(tensors, metadata))

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Return the model that `save` wrote to `path`; weights are always float32.

        Raises
        ------
        ModelError
            One line naming the file and the cause, if it is missing, cut short, not one of these
            models, or if its weights do not fit its architecture.
        """
        tensors, metadata = read_tensors(Path(path))
        if metadata.get("format") != FORMAT:
            raise ModelError(f"{path}: not a model of this toolkit (format {shown(metadata.get('format'))})")
        try:
            model = cls(*_described(metadata.get("model", "")), seed=None)
            check_weights(tensors, model.weights)
            for index, layer in enumerate(model.layers):
                for arrays in (layer.params, layer.state):
                    arrays |= {name: _float32(tensors[f"{index}.{name}"]) for name in arrays}
            _ = model.temperature
        except ModelError as error:
            raise type(error)(f"{path}: {error}") from error
        except MemoryError as error:
            raise ModelError(f"{path}: takes more memory than there is ({error})") from error
        model.file = str(path)
        return model


class Table(str):
    """Text that an interactive session shows line by line."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def build(
    architecture: Sequence[Mapping[str, Any]], input_shape: Shape, rng: np.random.Generator | None
) -> tuple[list[Layer], list[Shape]]:
    """Return the layers, and the shapes before, between and after them.

    Raises
    ------
    ModelError
        If a layer is unknown, has wrong settings, is too large, or does not fit the one before it; the
        message names it.
    """
    layers: list[Layer] = []
    shapes, total = [tuple(input_shape)], 0
    for index, table in enumerate(architecture):
        kind = table.get("type")
        is_name = kind is None or (isinstance(kind, str) and kind.isidentifier())
        where = f"layer {index + 1} ({kind if is_name else shown(kind)})"
        is_ours = isinstance(kind, str) and kind in LAYERS
        make, options = choose(LAYERS if is_ours else layer_types(), table, where)
        layer = configure(make, options, where)
        try:
            shapes.append(layer.build(shapes[-1], None))
            total += sum(array.size for array in layer.params.values())
            if total > LARGEST:
                raise ValueError(f"{total:,} weights up to here: a network has at most {LARGEST:,}")
            if prod(shapes[-1]) > WIDEST:
                raise ValueError(f"gives {prod(shapes[-1]):,} numbers: a layer gives at most {WIDEST:,}")
            if rng is not None:
                layer.build(shapes[-2], rng)
        except (ValueError, MemoryError) as error:
            raise ModelError(f"{where}: {error}") from error
        layers.append(layer)
    return layers, shapes


def _described(text: str) -> tuple[list[dict[str, Any]], Shape, tuple[str, ...], dict[str, Any]]:
    """Return the description of a network in a file: architecture, input shape, classes, settings."""
    try:
        description = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ModelError(f"damaged description ({error})") from error
    if not isinstance(description, dict):
        raise ModelError(f"damaged description: {shown(description)}: must be a table")
    found: list[Any] = []
    for name, kind in (("architecture", list), ("input_shape", list), ("classes", list), ("settings", dict)):
        value = description.get(name)
        if not isinstance(value, kind):
            must = f"must be a {'table' if kind is dict else 'list'}"
            raise ModelError(f"damaged description: {name} = {shown(value)}: {must}")
        found.append(value)
    architecture, input_shape, classes, settings = found
    for table in architecture:
        if not isinstance(table, dict):
            raise ModelError(f"damaged description: architecture: {shown(table)}: must be a table")
    return architecture, tuple(input_shape), tuple(classes), settings


def check_weights(weights: Mapping[str, Array], expected: Mapping[str, Array]) -> None:
    """Raise ModelError unless `weights` have the names and shapes of `expected`, and are finite."""
    for name in sorted(expected.keys() | weights.keys()):
        there = weights[name].shape if name in weights else "missing"
        if name not in expected:
            raise ModelError(f"weights {shown(name)} {there} have no layer")
        if expected[name].shape != there:
            raise ModelError(f"weights {name} are {there}, expected {expected[name].shape}")
        if weights[name].dtype.kind != "f":
            raise ModelError(f"weights {name} are {weights[name].dtype}, expected floats")
        if not np.isfinite(_float32(weights[name])).all():
            raise ModelError(f"weights {name} hold what is no number")
        if name.endswith(".variance") and weights[name].min(initial=0) < 0:
            raise ModelError(f"weights {name} hold a variance below 0")


@np.errstate(over="ignore")
def _float32(array: Array) -> Array:
    """Return a copy of an array as float32."""
    return np.array(array, np.float32)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def check_network(architecture: Sequence[object], input_shape: Shape, classes: Sequence[str]) -> None:
    """Raise ModelError unless there are layers, three sizes, and at least two distinct classes."""
    if not architecture:
        raise ModelError("layers = []: must hold at least one layer")
    sizes = [
        size for size in input_shape if isinstance(size, int) and not isinstance(size, bool) and size > 0
    ]
    if len(input_shape) != 3 or len(sizes) != 3:
        raise ModelError(f"input_shape = {shown(list(input_shape))}: must be height, width and channels")
    if prod(sizes) > WIDEST:
        raise ModelError(f"input_shape = {shown(sizes)}: must have {WIDEST:,} numbers or fewer")
    if not all(isinstance(c, str) for c in classes) or len(classes) < 2 or len(set(classes)) < len(classes):
        raise ModelError(f"classes = {shown(list(classes))}: must be at least two different strings")


def _named(arrays: list[dict[str, Array]]) -> dict[str, Array]:
    """Return the layers' `arrays` in one dict, by ``"{index of the layer}.{name}"``."""
    return {f"{index}.{name}": array for index, own in enumerate(arrays) for name, array in own.items()}


def through(
    layers: Sequence[Layer], images: npt.NDArray[Any], width: int, batch_size: int = 32
) -> npt.NDArray[np.float32]:
    """Apply layers to pictures in batches, with one thread per core.

    Parameters
    ----------
    layers : sequence of Layer
    images : uint8, or floats in [0, 1], shape (N, H, W, channels)
    width : int
        Number of outputs of the last layer.
    batch_size : int

    Returns
    -------
    float32 array, shape (N, width)
    """
    found = np.empty((len(images), width), np.float32)

    @np.errstate(over="ignore", invalid="ignore")  # of weights that are too large
    def pass_from(start: int) -> None:
        x = unit(images[start : start + batch_size])
        for layer in layers:
            x = layer.forward(x, None)[0]
        found[start : start + batch_size] = x

    in_threads(pass_from, range(0, len(images), batch_size))
    return found


def unit(images: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
    """Return a copy of `images` as float32 in [0, 1]: uint8 is divided by 255, floats are unchanged."""
    if images.dtype == np.uint8:
        return np.asarray(images * np.float32(1 / 255))
    return images.astype(np.float32)


def read_tensors(path: Path) -> tuple[dict[str, Array], dict[str, str]]:
    """Return the arrays and the metadata of a safetensors file; ModelError if it is not one."""
    if not path.is_file():
        raise ModelError(f"{path}: no such file")
    try:
        with safe_open(path, framework="np") as file:
            return {name: file.get_tensor(name) for name in file.keys()}, file.metadata() or {}  # noqa: SIM118
    except (SafetensorError, OSError, TypeError, ValueError, KeyError, AttributeError) as error:
        raise ModelError(f"{path}: damaged or not a safetensors file ({error})") from error
