"""Line networks: logits, frame by frame, of a strip of any width."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
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
SLACK, TOGETHER = 20, 640
"""Strips go through the network together if the longest has at most so many frames more than the shortest: to
take one more through it costs as much. And together they have at most so many frames, which the processor's
cache holds."""


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
        """Return logits, float32 (frames, classes), of each strip, uint8 (height, width), ink high.

        Strips of about the same width go through the network together.
        """
        if self._folded is None:
            self._folded = fold(self.layers)
        layers = self._folded
        pieces = [
            _Piece(number, start, max(0, start - self.reach), min(frames, start + PART + self.reach))
            for number, frames in enumerate(-(-strip.shape[1] // self.stride) for strip in strips)
            for start in range(0, max(frames, 1), PART)
        ]

        def read_together(group: list[_Piece]) -> list[npt.NDArray[np.float32]]:
            frames = np.array([piece.frames for piece in group])
            x = np.zeros((len(group), len(strips[0]), frames.max() * self.stride, 1), np.float32)
            for row, piece in zip(x, group, strict=True):
                part = strips[piece.strip][:, piece.begin * self.stride : piece.end * self.stride]
                row[:, : part.shape[1], 0] = unit(part)
            for layer in layers:
                x = layer.forward(x, None)[0]
                _clear(x, frames)
            kept = [slice(piece.start - piece.begin, piece.start - piece.begin + PART) for piece in group]
            return [np.asarray(row[:count][some]) for row, count, some in zip(x, frames, kept, strict=True)]

        groups = _groups(pieces, self._slack)
        parts: dict[int, dict[int, npt.NDArray[np.float32]]] = {}
        for group, read in zip(groups, in_threads(read_together, groups), strict=True):
            for piece, part in zip(group, read, strict=True):
                parts.setdefault(piece.strip, {})[piece.start] = part
        return [_joined([part for _, part in sorted(parts[k].items())]) for k in range(len(strips))]

    @cached_property
    def _slack(self) -> int:
        """By how many frames the strips of a group may differ.

        Behind the end of a strip must be zeros for every layer that sees places beside each other; inside a
        layer none can be put there.
        """
        return SLACK if max(map(_wide_layers, self.layers)) < 2 else 0


@dataclass(frozen=True, slots=True)
class _Piece:
    """Frames `begin` to `end` of a strip, by its number, of which those from `start` on are kept."""

    strip: int
    start: int
    begin: int
    end: int

    @property
    def frames(self) -> int:
        return self.end - self.begin


def _groups(pieces: list[_Piece], slack: int) -> list[list[_Piece]]:
    """Put pieces together that are about as long, the longest first."""
    groups: list[list[_Piece]] = []
    for piece in sorted(pieces, key=lambda piece: -piece.frames):
        if groups:
            longest, count = groups[-1][0].frames, len(groups[-1])
            if longest - piece.frames <= slack and longest * (count + 1) <= TOGETHER:
                groups[-1].append(piece)
                continue
        groups.append([piece])
    return groups


def _clear(x: npt.NDArray[np.float32], frames: npt.NDArray[np.int64]) -> None:
    """Make zero what lies behind the ends, after so many frames, of pictures or sequences."""
    if frames.min() == frames.max():
        return
    columns = x.swapaxes(1, 2) if x.ndim == 4 else x
    width = columns.shape[1]
    columns[np.arange(width) >= (frames * width // frames.max())[:, None]] = 0


def _joined(parts: list[npt.NDArray[np.float32]]) -> npt.NDArray[np.float32]:
    return np.concatenate(parts) if len(parts) > 1 else parts[0]


def _wide_layers(layer: Layer) -> int:
    """Return how many layers, one after another, see several places beside each other."""
    if isinstance(layer, Chain):
        return sum(map(_wide_layers, layer.inner))
    if isinstance(layer, Concat):
        return max(map(_wide_layers, layer.chains))
    return int(_extent(layer) > 1)


def _extent(layer: Layer) -> int:
    """Return how many positions of its input to either side affect one output of a layer."""
    if isinstance(layer, Chain):
        return sum(map(_extent, layer.inner))
    if isinstance(layer, Concat):
        return max(map(_extent, layer.chains))
    return getattr(layer, "kernel", 1) // 2 * getattr(layer, "dilation", 1)


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
