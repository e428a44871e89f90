"""A recipe of a network that trains in seconds."""

from __future__ import annotations

_RECIPE = """
input_shape = [28, 28, 1]
layers = [
    { type = "flatten" },
    { type = "dense", units = 64, bias = false },
    { type = "batch_norm" },
    { type = "relu" },
    { type = "dense", units = "classes", initializer = "glorot" },
]
[optimizer]
type = "adamw"
rate = 0.01
[augment]
rotation = 5
shift = 0.7
zoom = 0.05
[train]
epochs = 3
epoch_size = EPOCH_SIZE
batch_size = 64
label_smoothing = 0.05
"""


def small_network(epoch_size: int) -> str:
    """Return a recipe that takes so many glyphs an epoch, as TOML."""
    return _RECIPE.replace("EPOCH_SIZE", str(epoch_size))
