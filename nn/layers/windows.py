"""Sliding windows over a batch of pictures: what convolution and pooling are made of."""

from __future__ import annotations

import numpy as np

from nn.layers.layer import Array, Shape

Pads = tuple[int, int]


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
        raise ValueError(f"padding = {padding!r}: must be same or valid")
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


def windows(x: Array, kernel: int, stride: int) -> Array:
    """Return a view (N, Ho, Wo, kernel, kernel, C) of all windows of `x` (N, H, W, C)."""
    view = np.lib.stride_tricks.sliding_window_view(x, (kernel, kernel), axis=(1, 2))
    return view[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)


def add_windows(dwindows: Array, shape: Shape, stride: int) -> Array:
    """Return the sum of overlapping windows: the transpose of `windows`, but for the order of axes.

    Parameters
    ----------
    dwindows : ndarray, shape (kernel, kernel, N, Ho, Wo, C)
        Gradients of the windows, place by place, which adds up much faster than window by window.
    shape : tuple of int
        The shape (N, H, W, C) that the windows were taken from.
    """
    kernel, _, _, height, width, _ = dwindows.shape
    dx = np.zeros(shape, dwindows.dtype)
    for i in range(kernel):
        for j in range(kernel):
            rows = slice(i, i + (height - 1) * stride + 1, stride)
            columns = slice(j, j + (width - 1) * stride + 1, stride)
            dx[:, rows, columns] += dwindows[i, j]
    return dx
