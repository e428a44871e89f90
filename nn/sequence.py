"""Line networks: logits, frame by frame, of a strip of any width."""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from nn.errors import OtherKindError
from nn.finder import FinderModel
from nn.fold import fold
from nn.layers import Concat, Layer
from nn.layers.chain import Chain
from nn.model import Sequential, unit
from nn.threads import in_threads

PART = 2048
"""Frames that are computed at a time, so that a long strip needs little memory."""


class SequenceModel(Sequential):
    """A sequence of layers from strips of one height to logits per frame.

    `input_shape` is the height and any width; `stride` is the number of columns per frame. The first class is
    the blank of `nn.ctc`.
    """

    axes = 2

    @property
    def stride(self) -> int:
        """Columns of a strip for each frame."""
        return self.input_shape[1] // self.shapes[-1][0]

    @cached_property
    def reach(self) -> int:
        """Receptive field: how many frames to either side affect a frame."""
        widths = [shape[1] if len(shape) == 3 else shape[0] for shape in self.shapes[:-1]]
        extents = [_extent(layer) for layer in self.layers]
        columns = sum(extent * widths[0] // width for extent, width in zip(extents, widths, strict=True))
        return -(-columns // self.stride)

    def read(self, strips: list[npt.NDArray[Any]]) -> list[npt.NDArray[np.float32]]:
        """Return logits, float32 (frames, classes), of each strip, uint8 (height, width), ink high."""
        if self._folded is None:
            self._folded = fold(self.layers)
        layers = self._folded

        def read_one(strip: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
            frames = -(-strip.shape[1] // self.stride)
            parts = []
            for start in range(0, max(frames, 1), PART):
                begin, end = max(0, start - self.reach), min(frames, start + PART + self.reach)
                part = strip[:, begin * self.stride : end * self.stride]
                x = np.zeros((1, strip.shape[0], (end - begin) * self.stride, 1), np.float32)
                x[0, :, : part.shape[1], 0] = unit(part)
                for layer in layers:
                    x = layer.forward(x, None)[0]
                parts.append(np.asarray(x[0, start - begin : start - begin + PART], np.float32))
            return np.concatenate(parts) if len(parts) > 1 else parts[0]

        return in_threads(read_one, strips)


def _extent(layer: Layer) -> int:
    """Return how many positions of its input affect one output of a layer."""
    if isinstance(layer, Chain):
        return sum(map(_extent, layer.inner))
    if isinstance(layer, Concat):
        return max(map(_extent, layer.chains))
    return getattr(layer, "kernel", 0) * getattr(layer, "dilation", 1)


def load_network(path: Path) -> Sequential:
    """Return the model in a file: a `SequenceModel` for lines, a `FinderModel` for finding text.

    Raises
    ------
    ModelError
        As `Sequential.load`.
    """
    for kind in (Sequential, SequenceModel):
        with suppress(OtherKindError):
            return kind.load(path)
    return FinderModel.load(path)
