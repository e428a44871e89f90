"""Loads what is learned from."""

from __future__ import annotations

import numpy as np

from nn.data.read import read
from nn.data.samples import Samples
from nn.data.split import stratified
from nn.data.tasks import as_task
from nn.errors import DataError
from nn.recipe import Recipe
from ocr.lab.drawn import drawn
from ocr.lab.sets import DRAWN, LEAST, DataSet

HELD_OUT = 0.2
"""Share that is held out where the data do not say what is."""


def load(chosen: DataSet, recipe: Recipe, most: int) -> Samples:
    """Return the samples of a set for a recipe's task, each with a split: "train" or "val".

    Parameters
    ----------
    chosen : DataSet
    recipe : Recipe
    most : int
        Of more samples, this many are drawn, of each class in proportion.

    Raises
    ------
    DataError
        The file cannot be read, or there is too little to learn from.
    """
    seed = recipe.train.seed
    if chosen.file is not None:
        samples = read([chosen.file])
    else:
        characters, each = DRAWN[chosen.name]
        samples = drawn(characters, min(each, -(-most // len(characters))), seed)
    samples = as_task(samples, recipe.task, recipe.input_shape)
    samples = samples.take(samples.split != "test")
    if len(samples) > most:
        rng = np.random.default_rng(seed)
        samples = samples.take(stratified(samples.labels, most / len(samples), rng))
    if len(samples) < LEAST or len(samples.classes()) < 2:
        raise DataError(
            f"{chosen.name}: {len(samples)} samples of {len(samples.classes())} characters to learn from; "
            f"{LEAST} of two or more are needed"
        )
    return samples.with_split(seed, HELD_OUT)
