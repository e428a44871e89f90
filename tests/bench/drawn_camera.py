"""How drawn things lie before a camera, and what the camera makes of them."""

from __future__ import annotations

import io
from typing import Any

import cv2
import numpy as np
from PIL import Image

from tests.bench.drawn_sheet import Chance
from tests.bench.drawn_textures import Pixels


def tilted(chance: Chance, pixels: Pixels, most: float) -> Pixels:
    """Return a picture taken from aside: each corner is moved by at most this share of the sides."""
    height, width = pixels.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    moved = np.array([[chance.rng.uniform(-most, most) for _ in range(2)] for _ in range(4)], np.float32)
    moved = corners + moved * np.array([width, height], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, moved)
    return cv2.warpPerspective(pixels, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)


def rotated(pixels: Pixels, degrees: float) -> Pixels:
    """Return a picture that is turned about its middle, in the same frame."""
    height, width = pixels.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    return cv2.warpAffine(pixels, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)


def laid_on(chance: Chance, ground: Pixels, thing: Pixels) -> Pixels:
    """Return a ground with a smaller thing on it, about in its middle."""
    spare = [ground.shape[axis] - thing.shape[axis] for axis in range(2)]
    top, left = (rest // 2 + chance.rng.randint(-rest // 4, rest // 4) for rest in spare)
    ground[top : top + thing.shape[0], left : left + thing.shape[1]] = thing
    return ground


def laid_askew(ground: Pixels, thing: Pixels, degrees: float) -> Pixels:
    """Return a ground with a thing in its middle that is turned, while the ground is not."""
    (height, width), (tall, wide) = thing.shape[:2], ground.shape[:2]
    top, left = (tall - height) // 2, (wide - width) // 2
    over, where = ground.copy(), np.zeros((tall, wide), np.float32)
    over[top : top + height, left : left + width] = thing
    where[top : top + height, left : left + width] = 1
    share = rotated(where, degrees)[..., None]
    return ground * (1 - share) + rotated(over, degrees) * share


def rounded(pixels: Pixels) -> Pixels:
    """Return a label as it looks around a bottle: narrow and dark at its sides, its rows bent."""
    height, width = pixels.shape[:2]
    across = np.linspace(-1, 1, width)
    depth = np.sqrt(1 - (0.92 * across) ** 2)
    column = (np.arcsin(0.92 * across) / np.arcsin(0.92) + 1) / 2 * (width - 1)
    row = np.arange(height)[:, None] + (1 - depth)[None] * 0.12 * height
    columns = np.tile(column.astype(np.float32), (height, 1))
    bent: Any = cv2.remap(
        pixels, columns, row.astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return bent * (0.45 + 0.55 * np.sqrt(1 - (0.9 * across) ** 2))[None, :, None]


def moved(pixels: Pixels, right: Pixels, down: Pixels) -> Pixels:
    """Return a picture in which each pixel comes from so far to the right and so far down."""
    rows, columns = np.mgrid[: pixels.shape[0], : pixels.shape[1]].astype(np.float32)
    return cv2.remap(pixels, columns + right, rows + down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def as_jpeg(picture: Image.Image, quality: int) -> Image.Image:
    """Return what is left of a picture that is saved as a JPEG of this quality."""
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=quality)
    return Image.open(file).convert("RGB")


def photographed(picture: Image.Image, chance: Chance) -> tuple[Image.Image, str]:
    """Spoil a picture as the camera of a telephone does.

    Parameters
    ----------
    picture : PIL.Image.Image
        A clean picture.
    chance : Chance
        Decides how much.

    Returns
    -------
    picture : PIL.Image.Image
        With noise, more or less light and losses by JPEG; half of the pictures are also blurred.
    done : str
        What was done.
    """
    pixels: Any = np.asarray(picture.convert("RGB")).astype(np.float32)
    done = "noise, JPEG"
    if chance.happens(0.5):
        pixels = cv2.GaussianBlur(pixels, (0, 0), chance.rng.uniform(0.4, 1.1))
        done = "blur, noise, JPEG"
    noise = np.random.default_rng(chance.rng.getrandbits(30))
    pixels = pixels + noise.normal(0, chance.rng.uniform(1, 6), pixels.shape)
    pixels = (pixels * chance.rng.uniform(0.85, 1.05)).clip(0, 255).astype(np.uint8)
    return as_jpeg(Image.fromarray(pixels), chance.rng.randint(60, 92)), done
