"""Augmentation of pictures of characters, for a whole batch at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nn.layers.layer import at_least
from nn.model import unit

Pictures = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Augment:
    """Strength of the changes; 0 leaves a change out. Amounts are drawn for each picture.

    Attributes
    ----------
    rotation : float
        Degrees, up to this many either way.
    rotation_from : float
        Degrees, at least this many either way.
    rotation_probability : float
        Probability that a picture is rotated at all.
    shift : float
        Pixels, up to this many either way along each axis.
    zoom : float
        Natural logarithm of the scale, up to this much either way, for each axis on its own.
    shear : float
        Slant as a fraction of the height, up to this much either way.
    elastic : float
        Largest standard deviation, in pixels, of a smooth random displacement.
    displacement : float
        Pixels: each is displaced by up to this much either way along each axis, and these displacements are
        then smoothed; an alternative to `elastic`; smoothing removes most of it. Where a paper draws
        displacements from -u/2 to u/2, this is u/2.
    smoothing : float
        Standard deviation, in pixels, of the Gaussian that smooths `displacement`.
    thickness : float
        Most that a picture moves towards its 3x3 grey dilation or erosion, 0 to 1.
    contrast : float
        Largest bend ``v + a v (1 - v)`` of the intensities either way, 0 to 1.
    intensity : float
        Intensities are multiplied by 1 give or take this much, and clipped to 1.
    blur : float
        Largest outer weight, up to 0.25, of a three-pixel blur along each axis.
    noise : float
        Largest standard deviation of normal noise on each pixel; results are clipped to [0, 1].
    cutout : float
        Probability that a rectangle is blanked.
    cutout_size : int
        The largest side of that rectangle in pixels.
    """

    rotation: float = 0.0
    shift: float = 0.0
    zoom: float = 0.0
    shear: float = 0.0
    elastic: float = 0.0
    thickness: float = 0.0
    contrast: float = 0.0
    intensity: float = 0.0
    blur: float = 0.0
    cutout: float = 0.0
    cutout_size: int = 8
    rotation_from: float = 0.0
    rotation_probability: float = 1.0
    displacement: float = 0.0
    smoothing: float = 2.0
    noise: float = 0.0

    def __post_init__(self) -> None:
        for name in self.__slots__:
            at_least(name, getattr(self, name), 0)
        if self.rotation_from > self.rotation:
            raise ValueError(f"rotation_from = {self.rotation_from}: must be at most {self.rotation}")
        for name in ("rotation_probability", "thickness", "contrast", "intensity", "blur", "cutout"):
            high = 0.25 if name == "blur" else 1
            if getattr(self, name) > high:
                raise ValueError(f"{name} = {getattr(self, name)}: must be at most {high}")


def augment(
    images: npt.NDArray[np.uint8] | Pictures, settings: Augment, rng: np.random.Generator
) -> Pictures:
    """Return changed copies of `images`.

    Parameters
    ----------
    images : ndarray, shape (N, H, W)
        uint8, or floats in [0, 1]; ink is high on 0.
    settings : Augment
    rng : Generator

    Returns
    -------
    ndarray of float32, shape (N, H, W)
        In [0, 1]. Equal to ``images / 255`` (of uint8) if nothing is set.

    Examples
    --------
    >>> images = np.zeros((2, 28, 28), np.uint8)
    >>> augment(images, Augment(rotation=10), np.random.default_rng(0)).shape
    (2, 28, 28)
    """
    pictures = unit(images)
    moves = (settings.rotation, settings.shift, settings.zoom, settings.shear)
    if any(moves) or settings.elastic or settings.displacement:
        pictures = sample(pictures, positions(pictures.shape, settings, rng))
    if settings.thickness:
        thicken(pictures, _spread(rng, settings.thickness, len(pictures)))
    if settings.blur:
        pictures = blur(pictures, np.abs(_spread(rng, settings.blur, len(pictures))))
    if settings.contrast:
        bend = _spread(rng, settings.contrast, len(pictures))[:, None, None]
        pictures += bend * pictures * (1 - pictures)
    if settings.intensity:
        pictures *= 1 + _spread(rng, settings.intensity, len(pictures))[:, None, None]
        np.minimum(pictures, 1, out=pictures)
    if settings.noise:
        scale = rng.random((len(pictures), 1, 1), np.float32) * np.float32(settings.noise)
        pictures += scale * rng.standard_normal(pictures.shape, np.float32)
        np.clip(pictures, 0, 1, out=pictures)
    if settings.cutout:
        cut_out(pictures, settings, rng)
    return pictures


def positions(shape: tuple[int, ...], settings: Augment, rng: np.random.Generator) -> Pictures:
    """Return the source of each pixel of the new pictures: (2, N, H, W), y then x, in pixels.

    A random affine map about the middle, plus displacements: `elastic` is smooth over four pixels.

    References
    ----------
    Simard et al., "Best practices for convolutional neural networks", ICDAR 2003 (elastic distortion).
    """
    n, height, width = shape
    angle = np.deg2rad(angles(settings, rng, n))
    slant = _spread(rng, settings.shear, n)
    scale_y, scale_x = np.exp(_spread(rng, settings.zoom, 2, n))
    shift_y, shift_x = _spread(rng, settings.shift, 2, n)
    cos, sin = np.cos(angle), np.sin(angle)
    y = (np.arange(height, dtype=np.float32) - (height - 1) / 2)[:, None]
    x = (np.arange(width, dtype=np.float32) - (width - 1) / 2)[None, :]

    def line(of_y: Pictures, of_x: Pictures, constant: Pictures) -> Pictures:
        result: Pictures = of_y[:, None, None] * y + (of_x[:, None, None] * x + constant[:, None, None])
        return result

    where = np.empty((2, n, height, width), np.float32)
    where[0] = line((cos + slant * sin) * scale_y, sin * scale_x, shift_y + np.float32((height - 1) / 2))
    where[1] = line((slant * cos - sin) * scale_y, cos * scale_x, shift_x + np.float32((width - 1) / 2))
    if settings.elastic:
        rows, columns = _smooth_basis(height), _smooth_basis(width)
        noise = rng.standard_normal((2, n, rows.shape[1], columns.shape[1]), np.float32)
        noise *= rng.random((n, 1, 1), np.float32) * np.float32(settings.elastic)
        where += rows @ noise @ columns.T
    if settings.displacement:
        rows, columns = _smoother(height, settings.smoothing), _smoother(width, settings.smoothing)
        where += rows @ _spread(rng, settings.displacement, 2, n, height, width) @ columns.T
    return where


def angles(settings: Augment, rng: np.random.Generator, count: int) -> Pictures:
    """Return `count` rotations in degrees: those of `settings`, either way alike."""
    drawn = _spread(rng, settings.rotation - settings.rotation_from, count)
    if settings.rotation_from:
        drawn += np.copysign(np.float32(settings.rotation_from), drawn)
    if settings.rotation_probability < 1:
        drawn *= rng.random(count) < settings.rotation_probability
    return drawn


def sample(pictures: Pictures, where: Pictures) -> Pictures:
    """Return `pictures` (N, H, W) at the positions `where` (2, N, H, W), bilinear, 0 outside."""
    n, height, width = pictures.shape
    padded = np.zeros((n, height + 3, width + 3), np.float32)
    padded[:, 1:-2, 1:-2] = pictures
    flat = padded.reshape(-1)
    y = np.clip(where[0] + 1, 0, height + 1)
    x = np.clip(where[1] + 1, 0, width + 1)
    top, left = y.astype(np.int32), x.astype(np.int32)
    y -= top
    x -= left
    corner = np.arange(0, flat.size, padded[0].size, dtype=np.int32)[:, None, None] + top * (width + 3) + left
    upper, lower = (
        flat.take(start) * (1 - x) + flat.take(start + 1) * x for start in (corner, corner + (width + 3))
    )
    result: Pictures = upper + y * (lower - upper)
    return result


def thicken(pictures: Pictures, amounts: Pictures) -> None:
    """Move each of `pictures` in place towards its 3x3 dilation by its amount, or erosion if negative."""
    for chosen, extreme in ((amounts > 0, np.maximum), (amounts < 0, np.minimum)):
        some = pictures[chosen]
        rows = some.copy()
        extreme(rows[:, 1:], some[:, :-1], out=rows[:, 1:])
        extreme(rows[:, :-1], some[:, 1:], out=rows[:, :-1])
        target = rows.copy()
        extreme(target[:, :, 1:], rows[:, :, :-1], out=target[:, :, 1:])
        extreme(target[:, :, :-1], rows[:, :, 1:], out=target[:, :, :-1])
        target -= some
        target *= np.abs(amounts[chosen])[:, None, None]
        pictures[chosen] += target


def blur(pictures: Pictures, weights: Pictures) -> Pictures:
    """Return `pictures` blurred along both axes by (w, 1 - 2w, w) with a weight w (N,) each."""
    outer = weights[:, None, None]
    rows = pictures * (1 - 2 * outer)
    rows[:, 1:] += outer * pictures[:, :-1]
    rows[:, :-1] += outer * pictures[:, 1:]
    result = rows * (1 - 2 * outer)
    result[:, :, 1:] += outer * rows[:, :, :-1]
    result[:, :, :-1] += outer * rows[:, :, 1:]
    return result


def cut_out(pictures: Pictures, settings: Augment, rng: np.random.Generator) -> None:
    """Blank, in place, a random rectangle in about the fraction ``settings.cutout`` of `pictures`.

    References
    ----------
    Zhong et al., "Random erasing data augmentation", AAAI 2020.
    """
    n, height, width = pictures.shape
    chosen = np.flatnonzero(rng.random(n) < settings.cutout)
    inside = []
    for size in (height, width):
        side = rng.integers(1, settings.cutout_size + 1, (len(chosen), 1))
        start = rng.integers(0, size, (len(chosen), 1)) - side // 2
        inside.append((np.arange(size) >= start) & (np.arange(size) < start + side))
    pictures[chosen] *= ~(inside[0][:, :, None] & inside[1][:, None, :])


def _spread(rng: np.random.Generator, limit: float, *shape: int) -> Pictures:
    """Return numbers drawn evenly from -`limit` to `limit`."""
    return (rng.random(shape, np.float32) * 2 - 1) * np.float32(limit)


def _smooth_basis(size: int) -> Pictures:
    """Return Gaussian bumps (size, M), sigma and spacing 4, with unit variance at every position."""
    centres = np.arange(-2, size + 4, 4, dtype=np.float32)
    bumps: Pictures = np.exp(-0.5 * ((np.arange(size, dtype=np.float32)[:, None] - centres) / 4) ** 2)
    bumps /= np.linalg.norm(bumps, axis=1, keepdims=True)
    return bumps


def _smoother(size: int, sigma: float) -> Pictures:
    """Return the matrix (size, size) of a Gaussian filter along an axis, 0 outside."""
    apart = np.arange(-size, size + 1, dtype=np.float32)
    kernel = np.exp(-0.5 * (apart / max(sigma, 1e-3)) ** 2)
    kernel /= kernel.sum()
    distance = np.arange(size)[:, None] - np.arange(size)[None, :]
    return np.asarray(kernel[distance + size], np.float32)
