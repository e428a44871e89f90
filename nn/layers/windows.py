"""Sliding windows over a batch of pictures: what convolution and pooling are made of."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nn.configure import shown
from nn.layers.layer import Array, Shape
from nn.layers.scratch import scratch

Pads = tuple[int, int]
CACHED = 2**17


def pads(size: int, kernel: int, stride: int, padding: str) -> Pads:
    """Return how many zeros go before and after an axis of `size`.

    "valid" adds none. "same" adds what makes the output ``ceil(size / stride)`` long, the odd zero
    after.
    """
    if padding == "valid":
        return 0, 0
    total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2


def output_shape(shape: Shape, kernel: int, stride: int, padding: str) -> tuple[int, int]:
    """Return the height and width that windows over an input of `shape` (H, W, C) give.

    Raises
    ------
    ValueError
        If the input is not a picture or is smaller than the window, or if no window has a middle where
        one is needed.
    """
    if len(shape) != 3:
        raise ValueError(f"takes pictures (height, width, channels), not inputs of shape {shape}")
    if padding not in ("same", "valid"):
        raise ValueError(f"padding = {shown(padding)}: must be same or valid")
    if padding == "same" and kernel % 2 == 0:
        raise ValueError(f"kernel = {kernel}: must be odd where padding is same")
    height, width = (
        (size + sum(pads(size, kernel, stride, padding)) - kernel) // stride + 1 for size in shape[:2]
    )
    if height < 1 or width < 1:
        raise ValueError(f"kernel = {kernel}: larger than its input of {shape[0]}x{shape[1]}")
    return height, width


def pad(x: Array, rows: Pads, columns: Pads, value: float = 0.0) -> Array:
    """Return `x` (N, H, W, C) with a border of `value`; `x` itself if there is none."""
    if not any(rows + columns):
        return x
    n, height, width, channels = x.shape
    out = np.full((n, height + sum(rows), width + sum(columns), channels), value, x.dtype)
    crop(out, rows, columns)[...] = x
    return out


def crop(x: Array, rows: Pads, columns: Pads) -> Array:
    """Return the view of `x` (N, H, W, C) that `pad` would have padded."""
    return x[:, rows[0] : x.shape[1] - rows[1], columns[0] : x.shape[2] - columns[1]]


def cut(x: Array, top: int, height: int, left: int, width: int) -> Array:
    """Return so many rows from `top` and columns from `left` of `x` (N, H, W, C), with zeros outside of it.

    It is a view where nothing is outside, else scratch.
    """
    rows, columns = (top, top + height), (left, left + width)
    (above, below), (before, behind) = (
        (max(-start, 0), max(stop - size, 0))
        for (start, stop), size in zip((rows, columns), x.shape[1:3], strict=True)
    )
    inside = x[:, max(top, 0) : top + height, max(left, 0) : left + width]
    if not above + below + before + behind:
        return inside
    out = scratch("cut", (len(x), height, width, x.shape[3]), x.dtype)
    out[:, :above] = out[:, height - below :] = out[:, :, :before] = out[:, :, width - behind :] = 0
    crop(out, (above, below), (before, behind))[...] = inside
    return out


def windows(x: Array, kernel: int, stride: int) -> Array:
    """Return a view (N, Ho, Wo, kernel, kernel, C) of all windows of `x` (N, H, W, C)."""
    samples, height, width, channels = x.shape
    out = [(size - kernel) // stride + 1 for size in (height, width)]
    sample, row, column, channel = x.strides
    shape = (samples, *out, kernel, kernel, channels)
    strides = (sample, row * stride, column * stride, row, column, channel)
    return np.lib.stride_tricks.as_strided(x, shape, strides, writeable=False)


def stretches(x: Array, kernel: int, stride: int, dilation: int) -> Array:
    """Return a view (..., To, kernel, C) of all windows of sequences `x` (..., T, C)."""
    length, channels = x.shape[-2:]
    place, channel = x.strides[-2:]
    shape = (*x.shape[:-2], (length - (kernel - 1) * dilation - 1) // stride + 1, kernel, channels)
    strides = (*x.strides[:-2], place * stride, place * dilation, channel)
    return np.lib.stride_tricks.as_strided(x, shape, strides, writeable=False)


def spread(x: Array, stride: int) -> Array:
    """Return `x` (N, H, W, C) with ``stride - 1`` zeros between its rows and between its columns."""
    if stride == 1:
        return x
    n, height, width, channels = x.shape
    out = np.zeros((n, (height - 1) * stride + 1, (width - 1) * stride + 1, channels), x.dtype)
    out[:, ::stride, ::stride] = x
    return out


def chunks(x: Array) -> Iterator[slice]:
    """Give slices of samples, so few in each that the processor's cache holds a copy of their part of `x`."""
    samples = max(CACHED // x[0].size, 1)
    return (slice(start, start + samples) for start in range(0, len(x), samples))


def portions(samples: int, rows: int, fit: int, step: int) -> list[tuple[slice, slice]]:
    """Return slices of samples and of rows, about equal and with `fit` rows at most.

    They hold all rows of some samples, or some of a single one: a multiple of `step`, but for the last.
    """
    if fit >= rows:
        many = _even(samples, fit // rows)
        return [(slice(i, i + many), slice(0, rows)) for i in range(0, samples, many)]
    some = _even(-(-rows // step), max(fit // step, 1)) * step
    starts = range(0, rows, some)
    return [(slice(i, i + 1), slice(row, min(row + some, rows))) for i in range(samples) for row in starts]


def _even(count: int, most: int) -> int:
    """Return the size of the parts if `count` is divided into as few equal ones as hold `most` each."""
    return -(-count // -(-count // most)) if count else 1
