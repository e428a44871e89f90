"""What a network looks like at a step: filters, weights, mix-ups, and every layer's answer to a glyph."""

from __future__ import annotations

from base64 import b64encode
from math import isfinite
from typing import Any

import numpy as np
import numpy.typing as npt

from nn.losses import softmax
from nn.model import Sequential, unit

TILES = 64
"""Most filters or channels that are shown of a layer."""
NUMBERS = 1024
"""Most numbers that are shown of a layer that gives no pictures."""
BINS = 25
TOP = 5
SILENT = {"flatten", "dropout", "gaussian_noise"}
"""Layers that only pass on what they get."""

Floats = npt.NDArray[np.float32]


def weights(model: Sequential) -> list[dict[str, Any]]:
    """Return, for each layer with weights, their spread and their histogram over ``[-largest, largest]``."""
    found = []
    for name, layer in _named(model):
        arrays = [array.ravel() for array in layer.params.values() if array.ndim > 1]
        if not arrays:
            continue
        values = np.nan_to_num(np.concatenate(arrays)).astype(np.float64)
        largest = max(float(np.abs(values).max()), 1e-12)
        counts, _ = np.histogram(values, BINS, (-largest, largest))
        found.append(
            {
                "name": name,
                "mean": _plain(values.mean()),
                "spread": _plain(values.std()),
                "largest": _plain(largest),
                "counts": counts.tolist(),
            }
        )
    return found


def filters(model: Sequential) -> dict[str, Any]:
    """Return the weights of the first layer as tiles, a tile for each filter or unit.

    Filters over several channels are shown by their mean over these; of a dense layer, each unit's weights
    have the shape of the picture.
    """
    weight = next(array for array in model.params.values() if array.ndim > 1)
    if weight.ndim == 2:
        weight = weight.reshape(*model.input_shape[:2], -1) if len(weight) == 784 else weight[None]
    return tiles(weight.mean(axis=2) if weight.ndim == 4 else weight)


def answers(model: Sequential, glyph: npt.NDArray[np.uint8]) -> dict[str, Any]:
    """Return what every layer gives for a glyph, uint8 (28, 28), and the likeliest characters."""
    x, stages = unit(glyph[None])[..., None], []
    with np.errstate(all="ignore"):
        for name, layer in _named(model):
            x = layer.forward(x.copy(), None)[0]
            if name.split()[0] not in SILENT:
                stages.append({"name": name, "shape": list(x.shape[1:]), "tiles": tiles(x[0])})
    shares = _shares(x)[0]
    best = np.argsort(-shares, kind="stable")[:TOP]
    top = [{"text": model.classes[place], "confidence": _plain(shares[place])} for place in best]
    return {"layers": stages, "top": top}


def likeliest(model: Sequential, glyph: npt.NDArray[np.uint8]) -> dict[str, Any]:
    """Return the likeliest character for a glyph."""
    shares = _shares(model.predict(glyph[None]))[0]
    place = int(shares.argmax())
    return {"text": model.classes[place], "confidence": _plain(shares[place])}


def mixed_up(
    model: Sequential, images: npt.NDArray[np.uint8], labels: npt.NDArray[np.int64]
) -> dict[str, Any]:
    """Return how often pictures of each class are read as which, and the share that is read right."""
    read = np.nan_to_num(model.predict(images)).argmax(axis=1)
    pairs, counts = np.unique(np.stack([labels, read]), axis=1, return_counts=True)
    found = [[int(t), int(r), int(n)] for t, r, n in zip(*pairs, counts, strict=True)]
    return {"counts": found, "accuracy": _plain((read == labels).mean()), "count": len(labels)}


def tiles(numbers: Floats) -> dict[str, Any]:
    """Return numbers (H, W, C) or (C,) as signed bytes, a tile after the other, 127 being the `largest`.

    Numbers that are no pictures become one tile, about as wide as high, filled up with 0.
    """
    if numbers.ndim == 1 or numbers.shape[:2] == (1, 1):
        row = numbers.ravel()[:NUMBERS]
        side = int(np.ceil(np.sqrt(len(row))))
        whole = np.zeros(side * -(-len(row) // side), np.float32)
        whole[: len(row)] = row
        numbers = whole.reshape(-1, side, 1)
    elif numbers.ndim == 2:
        numbers = numbers[..., None]
    shown = np.nan_to_num(numbers[..., :TILES].transpose(2, 0, 1))
    largest = max(float(np.abs(shown).max(initial=0)), 1e-12)
    values = np.round(shown * (127 / largest)).astype(np.int8)
    return {
        "count": len(values),
        "height": values.shape[1],
        "width": values.shape[2],
        "largest": _plain(largest),
        "values": b64encode(values.tobytes()).decode(),
    }


def _named(model: Sequential) -> list[tuple[str, Any]]:
    """Return the layers with their names and numbers, such as ``conv2d 2``."""
    found: list[tuple[str, Any]] = []
    counts: dict[str, int] = {}
    for table, layer in zip(model.architecture, model.layers, strict=True):
        kind = str(table["type"])
        counts[kind] = counts.get(kind, 0) + 1
        found.append((f"{kind} {counts[kind]}", layer))
    return found


def _shares(logits: Floats) -> Floats:
    return np.asarray(softmax(np.nan_to_num(logits)))


def _plain(value: float) -> float:
    """Return a number as JSON can hold it."""
    return round(float(value), 6) if isfinite(value) else 0.0
