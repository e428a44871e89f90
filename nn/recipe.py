"""Recipes: all settings of a training run, except the data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from typing import Any, TypeVar

from nn.configure import check_keys, choose, configure, shown
from nn.data.tasks import TASKS
from nn.errors import ModelError
from nn.layers import layer_types
from nn.layers.layer import at_least, fraction
from nn.losses import loss_called, loss_names
from nn.model import Sequential, build, check_network
from nn.optim.optimizers import optimizer_types
from nn.optim.schedules import SCHEDULES
from nn.recipe_keys import set_keys
from nn.training.augment import Augment
from nn.training.monitor import MONITORS

Network = TypeVar("Network", bound=Sequential)
RECIPES = Path(__file__).parent / "recipes"


@dataclass(frozen=True, slots=True)
class Training:
    """Settings of training.

    Attributes
    ----------
    epochs : int
    batch_size : int
        0 for all samples at once: an epoch is then one step. 1 for one sample after another.
    epoch_size : int
        Samples drawn in an epoch; 0 for as many as there are.
    balance : float
        Samples are drawn in proportion to ``count of their class ** -balance``: 0 takes every sample once, 1
        every class equally often.
    one_of_each : bool
        Whether every batch holds as many samples of each class as of any other; `batch_size` must then be
        a multiple of the number of classes.
    monitor : str
        Value that decides which epoch is the best: "val_accuracy", "val_loss", "val_balanced" (the mean
        accuracy of the classes), or "accuracy" or "loss" on the training data.
    patience : int
        Stop after this many epochs without a better one; 0 for never.
    loss : str
        A key of `nn.losses.LOSSES`, or the name of a loss that ``nn check`` has kept.
    label_smoothing : float
    mixup : float
        alpha of the Beta(alpha, alpha) distribution of the shares in which pictures of a batch, and their
        labels, are mixed (`nn.training.mixup`); 0 for none, 0.2 is usual.
    clip : float
        Largest norm of the gradient of all parameters together; 0 for no limit.
    magnitude_decay : float
        r in ``a (1 - r |a|)``, which replaces each weight a after each step.
    ema : float
        Decay of the exponential moving average of the weights, which is validated and saved; 0 for none.
    frozen : int
        Number of first layers that are frozen: they keep the weights that training starts from, for
        fine-tuning. If negative, all layers but this many at the end.
    layer_decay : float
        Ratio of the learning rate of each layer with weights to that of the next such layer.
    layer_rates : list of float
        Factor on the learning rate of each layer with weights, from the first; empty for 1.
    seed : int
    threads : int
        Parts of every batch, each with its own thread and batch normalization, of two to 1,024 samples.
        Another number gives (slightly) different weights.
    """

    epochs: int = 20
    batch_size: int = 256
    epoch_size: int = 0
    balance: float = 0.0
    one_of_each: bool = False
    monitor: str = "val_accuracy"
    patience: int = 0
    loss: str = "cross_entropy"
    label_smoothing: float = 0.0
    mixup: float = 0.0
    clip: float = 0.0
    magnitude_decay: float = 0.0
    ema: float = 0.0
    frozen: int = 0
    layer_decay: float = 1.0
    layer_rates: tuple[float, ...] = ()
    seed: int = 0
    threads: int = 2

    def __post_init__(self) -> None:
        for name in ("epochs", "threads"):
            at_least(name, getattr(self, name), 1)
        for name in (
            "batch_size",
            "epoch_size",
            "balance",
            "patience",
            "mixup",
            "clip",
            "magnitude_decay",
            "layer_decay",
            "seed",
        ):
            at_least(name, getattr(self, name), 0)
        if self.one_of_each and self.balance:
            raise ValueError(f"balance = {self.balance}: must be 0 where one_of_each is true")
        if loss_called(self.loss) is None:
            raise ValueError(f"loss = {shown(self.loss)}: must be one of {', '.join(loss_names())}")
        if self.monitor not in MONITORS:
            raise ValueError(f"monitor = {shown(self.monitor)}: must be one of {', '.join(MONITORS)}")
        rates = self.layer_rates
        if not isinstance(rates, list | tuple) or not all(_is_rate(rate) for rate in rates):
            raise ValueError(f"layer_rates = {shown(rates)}: must be a list of numbers of at least 0")
        object.__setattr__(self, "layer_rates", tuple(rates))
        fraction("label_smoothing", self.label_smoothing)
        fraction("ema", self.ema)


def _is_rate(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < inf


@dataclass(frozen=True, slots=True)
class Recipe:
    """A network and its training settings: the tables of a recipe's file.

    Attributes
    ----------
    input_shape : tuple of int
        Height, width, channels.
    layers : tuple of dict
        As in `nn.model.Sequential`; ``"classes"`` stands for the number of classes.
    classes : tuple of str
        Empty to take them from the data, sorted.
    task : str
        A key of `nn.data.tasks.TASKS`: which samples are used, and which labels are merged.
    reported : str
        Accuracy in percent that was reported elsewhere for this network, on data of its own. `nn compare`
        shows it; nothing depends on it.
    file : str
        The file it was read from, for error messages; the empty string if there is none.
    optimizer, schedule : dict
        A ``type`` (a key of `OPTIMIZERS`, `SCHEDULES`) and its settings.
    augment : Augment
    train : Training
    """

    input_shape: tuple[int, ...]
    layers: tuple[dict[str, Any], ...]
    classes: tuple[str, ...] = ()
    task: str = ""
    reported: str = ""
    file: str = ""
    optimizer: dict[str, Any] = field(default_factory=lambda: {"type": "adamw"})
    schedule: dict[str, Any] = field(default_factory=lambda: {"type": "constant"})
    augment: Augment = field(default_factory=Augment)
    train: Training = field(default_factory=Training)

    def __post_init__(self) -> None:
        check_network(self.layers, self.input_shape, self.classes or ("a", "b"))
        for name in [str(layer.get("type")) for layer in self.layers] if self.train.batch_size == 1 else ():
            if name in (known := layer_types()) and known[name].needs_batch:
                raise ValueError(f"[train]: batch_size = 1: must be at least 2 where a layer is {name}")
        if self.task not in TASKS:
            raise ValueError(f"task = {shown(self.task)}: must be one of {', '.join(map(repr, TASKS))}")

    def architecture(self, classes: int) -> list[dict[str, Any]]:
        """Return the layers for a number of classes."""
        return [
            {name: classes if value == "classes" else value for name, value in table.items()}
            for table in self.layers
        ]

    def network(self, kind: type[Network], classes: Sequence[str]) -> Network:
        """Return an untrained network of a kind; ModelError, naming file and layer, if it is invalid."""
        try:
            return kind(self.architecture(len(classes)), self.input_shape, classes, seed=self.train.seed)
        except ModelError as error:
            raise type(error)(self.where(str(error))) from error

    def where(self, place: str) -> str:
        """Return `place`, a part of this recipe, after the name of its file."""
        return f"{self.file}: {place}" if self.file else place


def find_recipe(name: str, beside: Path = Path()) -> Path:
    """Return the file of a recipe, given by its path or the name of a bundled one.

    Parameters
    ----------
    name : str
    beside : Path
        The folder that a relative path starts from.

    Raises
    ------
    ModelError
        If there is none.
    """
    for path in (RECIPES / f"{name}.toml", beside / name):
        if path.is_file():
            return path
    names = ", ".join(sorted(path.stem for path in RECIPES.glob("*.toml")))
    raise ModelError(f"{name}: no such recipe; there are {names}, or give the path of a .toml file")


def read_recipe(path: Path, changes: Sequence[str] = ()) -> Recipe:
    """Return the recipe in a TOML file, with changes such as ``optimizer.rate=0.01`` (`nn.recipe_keys`).

    Raises
    ------
    ModelError
        Naming the file, the key, its value and what is wrong with it.
    """
    tables = read_tables(path)
    tables.pop("sweep", None)
    set_keys(tables, changes, str(path))
    if isinstance(tables.get("reported"), dict):
        del tables["reported"]
    return parse_recipe(tables, str(path))


def read_tables(path: Path, extending: tuple[Path, ...] = ()) -> dict[str, Any]:
    """Return the content of a recipe's file, including tables for `nn.training.sweep`.

    These are ``sweep``, and ``reported`` if it has one text per version. A recipe that ``extends`` another,
    by name or path, inherits everything except these two, and overrides it.

    Parameters
    ----------
    path : Path
    extending : tuple of Path
        The recipes that have been read, each extending the next one.

    Raises
    ------
    ModelError
        If it cannot be read, is not TOML, or extends a missing recipe or itself.
    """
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"{path}: {error}") from error
    except RecursionError as error:
        raise ModelError(f"{path}: lists or tables are nested too deep") from error
    if "extends" not in tables:
        return tables
    name = tables.pop("extends")
    if not isinstance(name, str):
        raise ModelError(f"{path}: extends = {shown(name)}: must be the name or the path of a recipe")
    try:
        base = find_recipe(name, path.parent)
    except (ModelError, OSError) as error:
        raise ModelError(f"{path}: extends = {error}") from error
    chain = (*extending, path.resolve())
    if base.resolve() in chain:
        raise ModelError(f"{path}: extends = {shown(name)}: the recipe extends itself")
    return extended(read_tables(base, chain), tables)


def extended(base: Mapping[str, Any], tables: Mapping[str, Any]) -> dict[str, Any]:
    """Return the tables of a recipe that extends another.

    Tables of both are merged key by key, unless their ``type`` differs. ``reported`` and ``sweep`` of the
    other are dropped.
    """
    whole = {name: value for name, value in base.items() if name not in ("reported", "sweep")}
    for name, value in tables.items():
        whole[name] = _merged(whole.get(name), value)
    return whole


def _merged(old: Any, new: Any) -> Any:
    """Return a table merged with another one, which replaces values that are not tables of one type."""
    if not (isinstance(old, dict) and isinstance(new, dict)):
        return new
    return {**old, **new} if new.get("type", old.get("type")) == old.get("type") else new


def recipe_of(model: Sequential) -> Recipe | None:
    """Return the recipe that `model` was trained with; None if it was not trained here.

    Raises
    ------
    ModelError
        If its recipe is damaged; the message names the file.
    """
    training = model.settings.get("training")
    tables = training.get("recipe") if isinstance(training, dict) else None
    return parse_recipe(tables, f"{model.file}: recipe") if isinstance(tables, dict) else None


def task_of(model: Sequential) -> str:
    """Return the task of `model`, a key of `TASKS`: that of its recipe or its data."""
    training = model.settings.get("training")
    recipe = recipe_of(model)
    task = training.get("task") if isinstance(training, dict) else None
    task = task if task is not None else recipe.task if recipe else ""
    if task not in TASKS:
        raise ModelError(f"the model's task is {task!r}: must be one of {', '.join(map(repr, TASKS))}")
    return str(task)


def parse_recipe(tables: Mapping[str, Any], where: str) -> Recipe:
    """Return the recipe in `tables`; ModelError, beginning with `where`, if they are not one."""
    check_keys(tables, list(Recipe.__slots__), where)
    lists, dicts = ("input_shape", "layers", "classes"), ("optimizer", "schedule", "augment", "train")
    for names, kind, called in ((lists, list, "list"), (dicts, dict, "table")):
        for name in names:
            if not isinstance(tables.get(name, kind()), kind):
                raise ModelError(f"{where}: {name} = {shown(tables[name])}: must be a {called}")
    for layer in tables.get("layers", []):
        if not isinstance(layer, dict):
            raise ModelError(f"{where}: layers: {shown(layer)}: must be a table")
    given: dict[str, Any] = {name: tuple(tables[name]) for name in lists if name in tables}
    given |= {name: tables[name] for name in (*dicts, "task", "reported") if name in tables}
    given["file"] = where
    given["augment"] = configure(Augment, tables.get("augment", {}), f"{where}: [augment]")
    given["train"] = configure(Training, tables.get("train", {}), f"{where}: [train]")
    recipe = configure(Recipe, given, where)
    optimizer, options = choose(optimizer_types(), recipe.optimizer, f"{where}: [optimizer]")
    configure(optimizer, options, f"{where}: [optimizer]", {})
    schedule, options = choose(SCHEDULES, recipe.schedule, f"{where}: [schedule]")
    configure(schedule, options, f"{where}: [schedule]", 0, 1, ())
    try:
        build(recipe.architecture(len(recipe.classes) or 2), recipe.input_shape, None)
    except ModelError as error:
        raise ModelError(f"{where}: {error}") from error
    return recipe
