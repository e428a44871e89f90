"""Views of a network: its layers, its first filters, the activations for a glyph, what of it counts, its
confusions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nn.errors import ModelError
from nn.losses import softmax
from nn.model import Sequential, unit
from ocr.learning.last_layer import ACTIVATIONS

FILTER_SCALE = 8
"""Pixels per weight in pictures of filters."""

PATCH, STEP = 5, 2
"""Side of the patch that covers a part of a glyph, and how far it is moved, in pixels."""

GAP = 48
"""The grey between tiles."""

Floats = npt.NDArray[np.float32]
Picture = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class LayerView:
    """One layer in words.

    Attributes
    ----------
    type : str
        A key of `nn.layers.LAYERS`.
    detail : str
        Its settings, such as ``64 filters, kernel 3``.
    output : tuple of int
        Height, width and channels, or how many numbers.
    parameters : int
        Number of parameters.
    """

    type: str
    detail: str
    output: tuple[int, ...]
    parameters: int


@dataclass(frozen=True, slots=True)
class Confusion:
    """A confusion table.

    Attributes
    ----------
    classes : tuple of str
        The empty string is "no character".
    counts : tuple of (int, int, int)
        The true class, the class read, both as indices of `classes`, and the count; zero counts are left out.
    """

    classes: tuple[str, ...]
    counts: tuple[tuple[int, int, int], ...]


def layers(model: Sequential) -> list[LayerView]:
    """Return the layers of a network in order."""
    return [
        LayerView(
            str(table["type"]), _detail(table), tuple(shape), sum(a.size for a in layer.params.values())
        )
        for table, layer, shape in zip(model.architecture, model.layers, model.shapes[1:], strict=True)
    ]


def filters(model: Sequential) -> Picture:
    """Return the first layer's weights as one grey picture of tiles: 128 is 0, light is positive.

    Each tile is scaled to full contrast. Filters over several channels are shown by their mean over these,
    those of a depthwise layer one for each channel; of a dense layer each unit's weights have the shape of
    its input picture.
    """
    weight = next(array for array in model.params.values() if array.ndim > 1)
    if weight.ndim == 4:
        stack = weight.mean(axis=2)
    elif weight.ndim == 3:
        stack = weight
    else:
        height, width, _ = model.input_shape
        whole = len(weight) == height * width
        stack = weight.reshape(height, width, -1) if whole else weight[None]
    largest = np.maximum(np.abs(stack).max(axis=(0, 1)), 1e-12)
    grey = np.round(127.5 + 127.5 * stack / largest).astype(np.uint8)
    return np.kron(_laid_out(grey, GAP), np.ones((FILTER_SCALE, FILTER_SCALE), np.uint8))


def activations(model: Sequential, glyph: Picture) -> list[tuple[str, Floats]]:
    """Return the activations of each stage of a network for a glyph.

    Parameters
    ----------
    model : Sequential
    glyph : uint8 array, shape (28, 28)

    Returns
    -------
    list of (str, float32 array)
        After each activation, and at the end the probabilities of the classes: the stage's name, such as
        ``conv2d 2``, and its numbers, (H, W, C) or (C,).
    """
    stages: list[tuple[str, Floats]] = []
    x, name, number = unit(glyph[None])[..., None], "", 0
    for table, layer in zip(model.architecture, model.layers, strict=True):
        if any(array.ndim > 1 for array in layer.params.values()):
            number += 1
            name = f"{table['type']} {number}"
        x = layer.forward(x, None)[0]
        if isinstance(layer, ACTIVATIONS):
            stages.append((name, x[0].copy()))
    temperature = np.float32(model.temperature)
    return [*stages, ("probabilities", softmax(x / temperature)[0])]


def occlusion(model: Sequential, glyph: Picture, text: str, rival: str | None = None) -> Floats:
    """Return what each part of a glyph says for a character, by covering it.

    Parameters
    ----------
    model : Sequential
    glyph : uint8 array, shape (28, 28)
    text : str
        A class of the network.
    rival : str, optional
        The class to compare with; by default the likeliest other one.

    Returns
    -------
    float32 array, shape (28, 28)
        How much the log-odds against `rival` fall when the surroundings of a pixel are blank, in nats: the
        mean over all patches that cover it. Negative where the ink speaks for `rival`.

    Raises
    ------
    ValueError
        The network has no such class.

    References
    ----------
    M. D. Zeiler, R. Fergus: Visualizing and understanding convolutional networks. ECCV 2014, section 4.2.
    """
    places = {name: place for place, name in enumerate(model.classes)}
    if unknown := {text, text if rival is None else rival} - places.keys():
        raise ValueError(f"the network has no {min(unknown)!r}")
    height, width = glyph.shape
    corners = [(y, x) for y in range(1 - PATCH, height, STEP) for x in range(1 - PATCH, width, STEP)]
    covered = np.repeat(glyph[None], len(corners) + 1, axis=0)
    patches = [(slice(max(0, y), y + PATCH), slice(max(0, x), x + PATCH)) for y, x in corners]
    for picture, patch in zip(covered[1:], patches, strict=True):
        picture[patch] = 0
    scores = np.log(np.maximum(model.predict(covered), 1e-12))
    own = places[text]
    others = [place for place in range(len(places)) if place != own]
    other = places[rival] if rival is not None else others[int(scores[0, others].argmax())]
    odds = scores[:, own] - scores[:, other]
    fall, count = np.zeros(glyph.shape, np.float32), np.zeros(glyph.shape, np.float32)
    for patch, value in zip(patches, odds[0] - odds[1:], strict=True):
        fall[patch] += value
        count[patch] += 1
    return np.asarray(fall / np.maximum(count, 1), np.float32)


def tiles(numbers: Floats) -> Picture:
    """Return the activations of a stage as one grey picture.

    A tile for each channel (H, W, C), or a pixel for each number (C,); the largest is white, 0 and below
    black.
    """
    stack = numbers if numbers.ndim == 3 else numbers[None, None]
    largest = max(float(stack.max()), 1e-12)
    grey = np.round(255 * np.clip(stack / largest, 0, 1)).astype(np.uint8)
    return _laid_out(grey, GAP)


def confusion(model: Sequential) -> Confusion | None:
    """Return a network's confusion table on held-out glyphs; None if it has none.

    For a network that has learned letters of its user, it is on these letters, by cross-validation.

    Raises
    ------
    ModelError
        The table is damaged.
    """
    table = model.settings.get("confusion")
    if table is None:
        return None
    try:
        counts = tuple((int(true), int(read), int(count)) for true, read, count in table)
    except (TypeError, ValueError, OverflowError) as error:
        raise ModelError(f"{model.file}: its table of what it mixes up is damaged: {error}") from error
    known, counted = range(len(model.classes)), range(1, 2**31)
    if not all(true in known and read in known and count in counted for true, read, count in counts):
        raise ModelError(f"{model.file}: its table of what it mixes up is damaged: it is of other classes")
    return Confusion(model.classes, counts)


def _detail(table: dict[str, Any]) -> str:
    """Return a layer's settings as text."""
    said = [
        f"{value} {name}" if name in ("filters", "units") else f"{name.replace('_', ' ')} {value}"
        for name, value in table.items()
        if name != "type" and not isinstance(value, bool)
    ]
    return ", ".join(said)


def _laid_out(stack: Picture, gap: int) -> Picture:
    """Lay out tiles (H, W, C) in rows, about as wide as high, a pixel of the grey `gap` between them.

    Tiles of one pixel have no gaps.
    """
    height, width, count = stack.shape
    between = 1 if height * width > 1 else 0
    columns = int(np.ceil(np.sqrt(count * (height + between) / (width + between))))
    rows = -(-count // columns)
    cells = np.full((rows * columns, height + between, width + between), gap, np.uint8)
    cells[:count, :height, :width] = stack.transpose(2, 0, 1)
    grid = cells.reshape(rows, columns, *cells.shape[1:]).swapaxes(1, 2)
    picture = grid.reshape(rows * (height + between), columns * (width + between))
    return picture[: len(picture) - between, : picture.shape[1] - between]
