"""Surfaces of what drawn things are made of: wood, brick, cloth, concrete, metal and paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from tests.bench.drawn_sheet import Chance, Colour

Pixels: TypeAlias = npt.NDArray[Any]
"""Numbers from 0 to 255 of a picture (height, width, 3), or from 0 to 1 of a mask (height, width)."""

GROUNDS: tuple[Colour, ...] = (
    (150, 110, 70),
    (170, 80, 60),
    (160, 160, 155),
    (70, 80, 110),
    (200, 190, 170),
    (120, 125, 130),
)
"""Colours of what things lie on or hang at."""


def noise(chance: Chance, like: Pixels, grain: float, strength: float) -> Pixels:
    """Return smooth noise.

    Parameters
    ----------
    chance : Chance
        Where it comes from.
    like : ndarray
        A surface or a mask that is as large.
    grain : float
        How far its hills are from each other, in pixels.
    strength : float
        Its standard deviation, about.

    Returns
    -------
    ndarray
        Its mean is about 0.
    """
    height, width = like.shape[:2]
    random = np.random.default_rng(chance.rng.getrandbits(30))
    coarse = random.normal(0, 1, (max(2, int(height / grain)), max(2, int(width / grain))))
    fine = cv2.resize(coarse.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    return fine * np.float32(strength)


def texture(chance: Chance, material: str, width: int, height: int, colour: Colour) -> Pixels:
    """Return a surface.

    Parameters
    ----------
    chance : Chance
        Where its unevenness comes from.
    material : str
        One of ``MATERIALS``.
    width, height : int
        Its size in pixels.
    colour : tuple of int
        Its colour on the whole.

    Returns
    -------
    ndarray
        Its pixels, to be drawn on.
    """
    surface = np.ones((height, width, 3), np.float32) * np.array(colour, np.float32)
    MATERIALS[material](chance, surface)
    return surface.clip(0, 255)


def ground(chance: Chance, width: int, height: int) -> Pixels:
    """Return a surface of any material, in one of ``GROUNDS``, for things to lie on."""
    material = chance.rng.choice(list(MATERIALS))
    return texture(chance, material, width, height, chance.rng.choice(GROUNDS))


def _wood(chance: Chance, surface: Pixels) -> None:
    surface += 14 * _grain(chance, surface, 3, 40, 1.2)


def _brick(chance: Chance, surface: Pixels) -> None:
    height, width = surface.shape[:2]
    tall = chance.rng.randint(28, 50)
    wide = 2 * tall + chance.rng.randint(0, 30)
    surface += noise(chance, surface, 3, 8)[..., None]
    for row, top in enumerate(range(0, height, tall)):
        surface[top : top + 3] = 190
        for left in range(row % 2 * wide // 2, width, wide):
            surface[top : top + tall, left : left + 3] = 190


def _cloth(chance: Chance, surface: Pixels) -> None:
    height, width = surface.shape[:2]
    down, across = np.mgrid[:height, :width]
    surface += (8 * np.sin(2.1 * across) * np.sin(2.1 * down))[..., None]
    surface += noise(chance, surface, 60, 10)[..., None]


def _concrete(chance: Chance, surface: Pixels) -> None:
    for grain, strength in ((2, 7), (40, 8)):
        surface += noise(chance, surface, grain, strength)[..., None]


def _metal(chance: Chance, surface: Pixels) -> None:
    surface += 5 * _grain(chance, surface, 2, 30, 0.6)
    surface += noise(chance, surface, 200, 12)[..., None]


def _paper(chance: Chance, surface: Pixels) -> None:
    for grain, strength in ((2, 2), (80, 4)):
        surface += noise(chance, surface, grain, strength)[..., None]


def _grain(chance: Chance, surface: Pixels, grain: float, along: float, across: float) -> Pixels:
    """Return streaks from left to right, with a standard deviation of 1."""
    streaks = cv2.GaussianBlur(noise(chance, surface, grain, 1), (0, 0), sigmaX=along, sigmaY=across)
    return (streaks / streaks.std())[..., None]


MATERIALS: dict[str, Callable[[Chance, Pixels], None]] = {
    "wood": _wood,
    "brick": _brick,
    "concrete": _concrete,
    "cloth": _cloth,
    "paper": _paper,
    "metal": _metal,
}
