"""What cameras, scanners and copiers do to a picture of a page: noise, blur, bad light, few grey levels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from PIL import Image

from tests.bench.drawn_camera import as_jpeg, moved, rotated, tilted
from tests.bench.drawn_sheet import Chance
from tests.bench.drawn_textures import Pixels, noise

Fault = Callable[[Chance, Pixels, float], Pixels]
"""Takes a picture with numbers from 0 to 255, and how much is to be done to it, from 0 to 1."""


def _random(chance: Chance) -> np.random.Generator:
    return np.random.default_rng(chance.rng.getrandbits(30))


def noisy(chance: Chance, pixels: Pixels, much: float) -> Pixels:
    """Add the noise of a camera in little light."""
    return _with_noise(chance, pixels, 15 + 40 * much)


def _with_noise(chance: Chance, pixels: Pixels, spread: float) -> Pixels:
    """Add noise of this standard deviation."""
    return pixels + _random(chance).normal(0, spread, pixels.shape)


def salted(chance: Chance, pixels: Pixels, much: float) -> Pixels:
    """Turn single pixels black or white."""
    struck = _random(chance).random(pixels.shape[:2])
    share = 0.01 + 0.07 * much
    pixels[struck < share / 2] = 0
    pixels[struck > 1 - share / 2] = 255
    return pixels


def blurred(chance: Chance, pixels: Pixels, much: float) -> Pixels:
    """Blur evenly."""
    return cv2.GaussianBlur(pixels, (0, 0), 1 + 2.5 * much)


def defocused(chance: Chance, pixels: Pixels, much: float) -> Pixels:
    """Blur as a lens out of focus does: each point becomes a disc."""
    radius = round(2 + 3 * much)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1)).astype(np.float32)
    return cv2.filter2D(pixels, -1, disc / disc.sum(), borderType=cv2.BORDER_REPLICATE)


def shaken(chance: Chance, pixels: Pixels, much: float) -> Pixels:
    """Blur as a camera that moves does: along a line, in any direction."""
    reach = round(3 + 6 * much)
    line = np.zeros((2 * reach + 1, 2 * reach + 1), np.float32)
    line[reach, reach // 2 : -(reach // 2)] = 1
    line = rotated(line, chance.rng.uniform(0, 180))
    return cv2.filter2D(pixels, -1, line / line.sum(), borderType=cv2.BORDER_REPLICATE)


def compressed(chance: Chance, pixels: Pixels, much: float) -> Pixels:
    """Save as a JPEG of low quality."""
    picture = as_jpeg(Image.fromarray(pixels.clip(0, 255).astype(np.uint8)), round(25 - 18 * much))
    return np.asarray(picture).astype(np.float32)


def faint(chance: Chance, pixels: Pixels, much: float) -> Pixels:
    """Leave a small difference between ink and paper, with little noise."""
    share, level = 0.3 - 0.22 * much, chance.rng.uniform(120, 220)
    return _with_noise(chance, level + share * (pixels - pixels.mean()), 1.5)


def inverse(chance: Chance, pixels: Pixels, much: float) -> Pixels:
    """Show light letters on dark ground."""
    return _with_noise(chance, 25 + (255 - pixels) * (0.9 - 0.5 * much), 2 + 4 * much)


def unevenly_lit(chance: Chance, pixels: Pixels, much: float) -> Pixels:
    """Light one side or corner more than the other."""
    height, width = pixels.shape[:2]
    across = np.linspace(chance.rng.uniform(-1, 1), chance.rng.uniform(-1, 1), width)[None]
    down = np.linspace(chance.rng.uniform(-1, 1), chance.rng.uniform(-1, 1), height)[:, None]
    light = across + down
    light = (light - light.min()) / max(1e-6, float(np.ptp(light)))
    return pixels * (1 - (0.4 + 0.5 * much) * light)[..., None]


def shaded(chance: Chance, pixels: Pixels, much: float) -> Pixels:
    """Let a hand or a head cast a shadow with a soft edge."""
    height, width = pixels.shape[:2]
    shape: Any = np.zeros((height, width), np.float32)
    middle = (int(chance.rng.uniform(0, width)), int(chance.rng.uniform(0, height)))
    axes = (int(width * chance.rng.uniform(0.2, 0.5)), int(height * chance.rng.uniform(0.2, 0.6)))
    cv2.ellipse(shape, middle, axes, chance.rng.uniform(0, 180), 0, 360, 1, -1)
    shape = cv2.GaussianBlur(shape, (0, 0), 12 - 8 * much)
    return pixels * (1 - (0.4 + 0.35 * much) * shape)[..., None]


def glaring(chance: Chance, pixels: Pixels, much: float) -> Pixels:
    """Let a lamp shine on glossy paper: a round spot is nearly white, letters in it are pale."""
    height, width = pixels.shape[:2]
    middle = chance.rng.uniform(0.2, 0.8) * width, chance.rng.uniform(0.2, 0.8) * height
    rows, columns = np.mgrid[:height, :width]
    away = np.hypot(columns - middle[0], rows - middle[1]) / (0.25 * max(height, width))
    spot = (0.6 + 0.3 * much) * np.exp(-(away**2))[..., None]
    return 0.8 * pixels * (1 - spot) + 255 * spot


def faxed(chance: Chance, pixels: Pixels, much: float) -> Pixels:
    """Send by fax: small, black or white, with noise at the edges."""
    small = cv2.resize(pixels, None, fx=0.85, fy=0.85 - 0.3 * much, interpolation=cv2.INTER_AREA)
    bits = np.where(_with_noise(chance, small, 10 + 30 * much) > 150, 255, 0).astype(np.float32)
    return cv2.resize(bits, pixels.shape[1::-1], interpolation=cv2.INTER_NEAREST)


def screened(chance: Chance, pixels: Pixels, much: float) -> Pixels:
    """Print as a newspaper does: grey and letters in dots of a screen."""
    height, width = pixels.shape[:2]
    down, across = np.mgrid[:height, :width]
    cell = chance.rng.uniform(3.5, 6)
    turned = np.pi / 4
    right = np.cos(turned) * across + np.sin(turned) * down
    below = np.cos(turned) * down - np.sin(turned) * across
    dots = 127 + 127 * np.cos(2 * np.pi * right / cell) * np.cos(2 * np.pi * below / cell)
    paper = 255 - (60 + 70 * much) * (pixels / 255)
    ink = np.where(pixels < 128, pixels, paper)
    hard = np.where(ink > dots[..., None], 255, 0).astype(np.float32)
    return np.where(pixels < 100, pixels, cv2.GaussianBlur(hard, (0, 0), 0.8))


def photographed_screen(chance: Chance, pixels: Pixels, much: float) -> Pixels:
    """Photograph a screen: its pixels and those of the camera make moire."""
    height, width = pixels.shape[:2]
    down, across = np.mgrid[:height, :width]
    turn, pitch = chance.rng.uniform(-0.15, 0.15), chance.rng.uniform(2.02, 2.4)
    right, below = across + turn * down, down - turn * across
    waves = np.cos(2 * np.pi * right / pitch) * 0.5 + np.cos(2 * np.pi * below / pitch) * 0.5
    return pixels * (1 - (0.15 + 0.2 * much) * (0.5 + 0.5 * waves))[..., None]


def bent(chance: Chance, pixels: Pixels, much: float) -> Pixels:
    """Bend the page as the spine of a book does: its lines are curved."""
    width = pixels.shape[1]
    rise = (6 + 22 * much) * chance.rng.choice([-1, 1])
    along = np.linspace(chance.rng.uniform(-0.2, 0.1), chance.rng.uniform(0.9, 1.2), width)
    return moved(
        pixels, np.zeros((1, 1), np.float32), (rise * np.sin(np.pi * along))[None].astype(np.float32)
    )


def askew(chance: Chance, pixels: Pixels, much: float) -> Pixels:
    """Turn the page by some degrees."""
    return rotated(pixels, (2 + 8 * much) * chance.rng.choice([-1, 1]))


def from_aside(chance: Chance, pixels: Pixels, much: float) -> Pixels:
    """Photograph the page from aside."""
    return tilted(chance, pixels, 0.03 + 0.05 * much)


def small(chance: Chance, pixels: Pixels, much: float) -> Pixels:
    """Make the page small: letters of 8 to 13 pixels."""
    factor = 0.5 - 0.18 * much
    return cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)


def enlarged(chance: Chance, pixels: Pixels, much: float) -> Pixels:
    """Make a small picture large again: letters are soft or in steps."""
    factor = 0.5 - 0.15 * much
    low = cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    way = chance.rng.choice([cv2.INTER_NEAREST, cv2.INTER_LINEAR, cv2.INTER_CUBIC])
    return cv2.resize(low, pixels.shape[1::-1], interpolation=way)


def thin(chance: Chance, pixels: Pixels, much: float) -> Pixels:
    """Copy too lightly: strokes become thin, and break."""
    return _copied(pixels, cv2.MORPH_DILATE, 2 + round(2 * much))


def bold(chance: Chance, pixels: Pixels, much: float) -> Pixels:
    """Copy too darkly: strokes become thick, and letters touch."""
    return _copied(pixels, cv2.MORPH_ERODE, 3 + round(4 * much))


def _copied(pixels: Pixels, change: int, side: int) -> Pixels:
    """Widen what is light or dark by parts of a pixel: by a square with this side, in thirds of a pixel."""
    high = cv2.resize(pixels, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC)
    high = cv2.morphologyEx(high, change, np.ones((side, side)))
    return cv2.resize(high, pixels.shape[1::-1], interpolation=cv2.INTER_AREA)


def rough(chance: Chance, pixels: Pixels, much: float) -> Pixels:
    """Print with bad ink: edges are rough, and there are holes in the strokes."""
    wave = noise(chance, pixels, 2.5, 1)[..., None]
    return np.where(pixels + (30 + 50 * much) * wave > 128, 255, 0).astype(np.float32)


FAULTS: dict[str, Fault] = {
    "noise": noisy,
    "salt": salted,
    "blur": blurred,
    "defocus": defocused,
    "shake": shaken,
    "jpeg": compressed,
    "faint": faint,
    "inverse": inverse,
    "uneven-light": unevenly_lit,
    "shadow": shaded,
    "glare": glaring,
    "fax": faxed,
    "halftone": screened,
    "moire": photographed_screen,
    "bent": bent,
    "askew": askew,
    "aside": from_aside,
    "small": small,
    "enlarged": enlarged,
    "thin": thin,
    "bold": bold,
    "rough": rough,
}
