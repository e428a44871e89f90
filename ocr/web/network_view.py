"""Views of the network in use, as `ocr.web.schemas.Network` and `Activations`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from nn.model import Sequential
from ocr.lab import shown
from ocr.learning import views
from ocr.recognition.classify import BUNDLED, load_classifier
from ocr.web.inspection import data_url
from pipelines.normalize import SIDE

TOP = 12
"""Number of characters whose probabilities are shown."""


def network(path: str | None) -> dict[str, Any]:
    """Describe a network; the bundled one by default.

    Raises
    ------
    nn.errors.ModelError
    """
    model = _model(path)
    layers = [
        {
            "type": layer.type,
            "detail": layer.detail,
            "output": list(layer.output),
            "parameters": layer.parameters,
        }
        for layer in views.layers(model)
    ]
    mixed = views.confusion(model)
    return {
        "name": Path(path).stem if path is not None else BUNDLED.stem,
        "classes": list(model.classes),
        "parameters": sum(layer["parameters"] for layer in layers),
        "layers": layers,
        "filters": data_url(Image.fromarray(views.filters(model)), "PNG"),
        "kernels": shown.filters(model),
        "confusion": {"classes": list(mixed.classes), "counts": [list(one) for one in mixed.counts]}
        if mixed is not None
        else None,
        "figures": _figures(mixed),
        "learned": "learned" in model.settings,
    }


def activations(path: str | None, glyph: bytes) -> dict[str, Any]:
    """Return the activations of each stage of a network for a glyph, 784 bytes.

    Raises
    ------
    nn.errors.ModelError
    """
    picture = np.frombuffer(glyph, np.uint8).reshape(SIDE, SIDE)
    model = _model(path)
    stages = views.activations(model, picture)
    shares = stages[-1][1]
    best = np.argsort(-shares, kind="stable")[:TOP]
    return {
        "top": [{"text": model.classes[k], "confidence": round(float(shares[k]), 4)} for k in best],
        "layers": [
            {
                "name": name,
                "shape": list(numbers.shape) if numbers.ndim == 3 else [1, 1, numbers.size],
                "image": data_url(Image.fromarray(views.tiles(numbers)), "PNG"),
            }
            for name, numbers in stages
        ],
    }


def occlusion(path: str | None, glyph: bytes, text: str, rival: str | None) -> dict[str, Any]:
    """Return what each part of a glyph, 784 bytes, says for a character and against another.

    Raises
    ------
    nn.errors.ModelError
    ValueError
        The network has no such character.
    """
    picture = np.frombuffer(glyph, np.uint8).reshape(SIDE, SIDE)
    return shown.tiles(views.occlusion(_model(path), picture, text, rival)[..., None])


def _model(path: str | None) -> Sequential:
    return load_classifier(Path(path) if path is not None else BUNDLED).model


def _figures(mixed: views.Confusion | None) -> dict[str, float]:
    """Return the number of held-out glyphs in the table, and the accuracy on them."""
    if mixed is None or not mixed.counts:
        return {}
    true, read, count = np.array(mixed.counts).T
    return {"held_out": int(count.sum()), "right": round(float(count[true == read].sum() / count.sum()), 4)}
