"""What was chosen, as a recipe."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from nn.recipe import RECIPES, Recipe, find_recipe, read_recipe
from nn.threads import cores

FIRST = "small_cnn"
"""The recipe that is offered first."""
SHAPE = (28, 28, 1)
"""Pictures of glyphs; recipes for other pictures are not offered."""
RATES = (1e-6, 10.0)
EPOCHS, BATCH, SAMPLES = 500, 4096, 20_000
"""Most of each that may be asked for."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A run that is asked for.

    Attributes
    ----------
    data : str
        A key of `ocr.lab.sets.data_sets`.
    recipe : str
        A key of `recipes`.
    rate : float
        The learning rate, until it is changed.
    epochs : int
    batch_size : int
        0 for all samples at once.
    samples : int
        Most samples to learn from.
    """

    data: str
    recipe: str
    rate: float
    epochs: int
    batch_size: int
    samples: int = 4000


@cache
def recipes() -> dict[str, Recipe]:
    """Return the bundled recipes that learn glyphs from nothing, by their names."""
    found = {path.stem: read_recipe(path) for path in sorted(RECIPES.glob("*.toml"))}
    fit = {
        name: recipe
        for name, recipe in found.items()
        if recipe.input_shape == SHAPE and not recipe.train.frozen and not name.endswith("_tune")
    }
    return {FIRST: fit.pop(FIRST), **fit}


def description(name: str) -> str:
    """Return what a bundled recipe says of itself in its first line."""
    return find_recipe(name).read_text("utf-8").partition("\n")[0].removeprefix("#").strip()


def recipe_for(plan: Plan) -> Recipe:
    """Return the recipe of a plan.

    The rate has no schedule and the run no early end: both are in the hands of who watches. An epoch takes
    every sample once.
    """
    recipe = recipes()[plan.recipe]
    train = replace(
        recipe.train,
        epochs=plan.epochs,
        batch_size=plan.batch_size,
        epoch_size=0,
        one_of_each=False,
        patience=0,
        threads=min(recipe.train.threads, cores()),
    )
    optimizer = {**recipe.optimizer, "rate": plan.rate}
    return replace(recipe, optimizer=optimizer, schedule={"type": "constant"}, train=train)
