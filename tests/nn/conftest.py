import numpy as np
import pytest

from nn.data import Samples
from nn.recipe import Recipe, Training
from nn.training.augment import Augment

LAYERS = (
    {"type": "conv2d", "filters": 6, "kernel": 3, "bias": False},
    {"type": "batch_norm"},
    {"type": "relu"},
    {"type": "max_pool2d"},
    {"type": "flatten"},
    {"type": "dropout", "rate": 0.2},
    {"type": "dense", "units": "classes", "initializer": "glorot"},
)


def strokes(count: int, size: int, seed: int = 0) -> Samples:
    """Noisy pictures of "-", "|", "/" and of nothing in particular, which is the class ""."""
    rng = np.random.default_rng(seed)
    kinds = rng.integers(0, 4, count)
    images = rng.integers(0, 60, (count, size, size))
    middle = size // 2 + rng.integers(-1, 2, count)
    near = np.arange(size) == middle[:, None]
    y, x = np.mgrid[:size, :size]
    patterns = [
        np.broadcast_to(near[:, :, None], images.shape),
        np.broadcast_to(near[:, None, :], images.shape),
        (x + y)[None] == (size - 1),
        np.zeros(images.shape, bool),
    ]
    for kind, pattern in enumerate(patterns):
        images += 190 * ((kinds == kind)[:, None, None] & pattern)
    labels = np.array(["-", "|", "/", ""])[kinds]
    split = np.where(np.arange(count) % 4 == 3, "val", np.where(np.arange(count) % 8 == 6, "test", "train"))
    return Samples(images.astype(np.uint8), labels, split)


@pytest.fixture
def samples() -> Samples:
    return strokes(240, 8)


@pytest.fixture
def recipe() -> Recipe:
    return Recipe(
        (8, 8, 1),
        LAYERS,
        optimizer={"type": "adamw", "rate": 0.01, "weight_decay": 0.01},
        schedule={"type": "one_cycle"},
        augment=Augment(rotation=5, shift=0.5, thickness=0.3, cutout=0.2, cutout_size=3),
        train=Training(epochs=4, batch_size=32, label_smoothing=0.05, ema=0.9, seed=3),
    )
