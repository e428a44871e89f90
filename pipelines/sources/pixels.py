"""Arrays and PIL images of every depth, colour model and transparency as opaque 8-bit grey or RGB."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from pipelines.errors import PictureError, TooManyPixels

_ORIENTATION = 0x0112
_TURN_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def within_limit(
    size: tuple[int, int], max_pixels: int, has: str = "has {} x {} pixels", instead: str = ""
) -> None:
    """Raise `TooManyPixels` where a width and height make more than `max_pixels`.

    `has` words the size in the message; `instead` names what else would help, besides a higher limit.
    """
    width, height = size
    if width * height > max_pixels:
        raise TooManyPixels(
            f"{has.format(width, height)}, more than the limit of {max_pixels}; "
            f"to read it all the same, pass --max-pixels {width * height}{instead}"
        )


def array_pixels(array: npt.NDArray[Any], max_pixels: int) -> npt.NDArray[np.uint8]:
    """Return an array as opaque 8-bit grey or RGB; `pipelines.sources.load` says what it may hold.

    Parameters
    ----------
    array : array, shape (H, W), (H, W, 1), (H, W, 3) or (H, W, 4)
    max_pixels : int
        The most that ``H * W`` may be.

    Returns
    -------
    uint8 array, shape (H, W) or (H, W, 3)
        C-contiguous; `array` itself where no conversion is needed.

    Raises
    ------
    PictureError
        The shape, the dtype or the values are not those of a picture.
    """
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (1, 3, 4)):
        raise PictureError(f"has shape {array.shape}, not (H, W), (H, W, 3) for RGB or (H, W, 4) for RGBA")
    if array.size == 0:
        raise PictureError(f"has shape {array.shape}, which holds no pixel")
    within_limit((array.shape[1], array.shape[0]), max_pixels)
    levels = np.ascontiguousarray(_levels(array))
    if array.ndim == 2:
        return levels
    if array.shape[2] == 4:
        return np.asarray(_opaque(Image.fromarray(levels)))
    return levels[:, :, 0] if array.shape[2] == 1 else levels


def _levels(array: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    """Return the values of any dtype as 0 to 255, shape kept."""
    kind, bits = array.dtype.kind, array.dtype.itemsize * 8
    if kind == "u" and bits == 8:
        return array
    if kind == "b":
        return array * np.uint8(255)
    if kind == "u" and bits == 16:
        if array.shape[2:] != (4,):
            return to_8_bits(array)
        alpha = (array[..., 3:] >> 8).astype(np.uint8)
        return np.concatenate([to_8_bits(array[..., :3]), alpha], axis=2)
    if kind not in "iuf":
        raise PictureError(f"has dtype {array.dtype}, not bool, uint8, uint16 or floats in 0 to 1")
    low, high = array.min(), array.max()
    if kind == "f":
        if not np.isfinite([low, high]).all():
            raise PictureError("holds NaN or infinity")
        if low < -1 / 255 or high > 1 + 1 / 255:
            raise PictureError(f"holds floats from {low:g} to {high:g}; scale them to 0 to 1")
        scaled: npt.NDArray[Any] = np.clip(array, 0, 1) * 255 + 0.5
        return scaled.astype(np.uint8)
    if low < 0 or high > 255:
        raise PictureError(f"holds integers from {low} to {high}; scale them to 0 to 255, or pass uint16")
    return array.astype(np.uint8)


def image_pixels(image: Image.Image) -> npt.NDArray[np.uint8]:
    """Return a PIL image of any mode, upright, as opaque 8-bit grey or RGB.

    Parameters
    ----------
    image : PIL image
        Decoded here if it is not decoded yet.

    Returns
    -------
    uint8 array, shape (H, W) or (H, W, 3)
        Grey for the modes ``1``, ``L``, ``LA``, ``LAB`` (its lightness), ``I`` and ``F``; RGB for the rest.

    Raises
    ------
    PictureError
        It has no pixels, or the levels of a mode ``F`` image are not finite.
    """
    if 0 in image.size:
        raise PictureError(f"has {image.width} x {image.height} pixels, which is none")
    image = _upright(image)
    if image.mode == "F" or image.mode.startswith("I"):
        return to_8_bits(np.asarray(image))
    if image.mode == "LAB":
        return np.asarray(image.getchannel("L"))
    if image.has_transparency_data:
        return np.asarray(_opaque(image))
    return np.asarray(image.convert("L" if image.mode in ("1", "L") else "RGB"))


def to_8_bits(levels: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    """Scale grey levels of any depth so that the range in use fills 0 to 255.

    The depth is taken to be the least number of bits, 8 or more, that holds the highest level: scanners put
    10, 12 or 14 bits in 16. Where the levels span less than an eighth of that depth, as on a blank page, the
    whole depth is scaled instead, so that noise is not stretched into ink.

    Parameters
    ----------
    levels : array of integers or floats, any shape

    Returns
    -------
    uint8 array, the same shape

    Raises
    ------
    PictureError
        A level is NaN or infinite.
    """
    low, high = float(levels.min()), float(levels.max())
    if not np.isfinite([low, high]).all():
        raise PictureError("holds NaN or infinity")
    is_unit = levels.dtype.kind == "f" and high <= 1
    depth = 1.0 if is_unit else 2.0 ** max(8, int(high).bit_length()) - 1
    if low >= 0 and high - low < depth / 8:
        low, high = 0.0, depth
    precision = np.float32 if levels.itemsize <= 2 else np.float64
    scaled: npt.NDArray[Any] = np.subtract(levels, low, dtype=precision)
    scaled *= 255 / max(high - low, 1e-30)
    scaled += 0.5
    return scaled.astype(np.uint8)


def _upright(image: Image.Image) -> Image.Image:
    image.load()
    try:
        orientation = image.getexif().get(_ORIENTATION, 1)
    except Exception:  # a damaged EXIF block, which Pillow raises on in many ways, says nothing
        orientation = 1
    return image.transpose(_TURN_UPRIGHT[orientation]) if orientation in _TURN_UPRIGHT else image


def _opaque(image: Image.Image) -> Image.Image:
    """Blend transparent parts with white, or with black where less than a fiftieth of what shows is dark."""
    is_grey = image.mode in ("1", "L", "LA", "La")
    image = image.convert("LA" if is_grey else "RGBA")
    alpha = image.getchannel("A")
    colour = image.convert("L" if is_grey else "RGB")
    small = (min(image.width, 1024), min(image.height, 1024))
    weights = np.asarray(alpha.resize(small, Image.Resampling.NEAREST), dtype=np.float64)
    is_dark = np.asarray(colour.convert("L").resize(small, Image.Resampling.NEAREST)) < 128
    ground = "black" if (weights * is_dark).sum() < weights.sum() / 50 else "white"
    flat = Image.new(colour.mode, image.size, ground)
    flat.paste(colour, mask=alpha)
    return flat
