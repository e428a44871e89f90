"""Backgrounds of text, and distractors that look like text: papers, photographs, rules, boxes, patterns."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from zipfile import ZipFile

import cv2
import numpy as np
import numpy.typing as npt
from PIL import ImageFont
from PIL.ImageFont import FreeTypeFont

from training.degrade import cloud

Image = npt.NDArray[np.float32]

HELD_OUT = 12
"""One file in this many of a set, by name, is held out for validation."""
GROUNDS = {"photo": 0.38, "flat": 0.22, "uneven": 0.15, "paper": 0.15, "pattern": 0.1}
"""Kinds of backgrounds, with their frequencies."""
_SIGNS = "★☆☎✂✈♥♦♣♠☀☁☂☃♫♪⚙⚡✓✗✿❀❖➤➔⇒⇑↻∞◆◇○●■□▲△▼▶◀♂♀☺☹⌂⌘⚑⚓✉✏"


def is_held_out(names: list[str]) -> list[bool]:
    """Return which files of a set, by name, are held out for validation."""
    order = sorted(names)
    return [order.index(name) % HELD_OUT == 0 for name in names]


@lru_cache(maxsize=2)
def photographs(pages: Path, held_out: bool) -> list[npt.NDArray[np.uint8]]:
    """Return the grey photographs of the zip in a folder, either the held-out ones or the others."""
    with ZipFile(pages / "photos.zip") as file:
        names = sorted(name for name in file.namelist() if name.endswith(".webp"))
        kept = [name for name, held in zip(names, is_held_out(names), strict=True) if held == held_out]
        return [grey_of(file.read(name)) for name in kept]


def grey_of(content: bytes) -> npt.NDArray[np.uint8]:
    """Return a picture file as grey."""
    return np.asarray(cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_GRAYSCALE), np.uint8)


def ground(photos: list[npt.NDArray[np.uint8]], side: int, rng: np.random.Generator) -> Image:
    """Return a background for text, (side, side), 0 (dark) to 1."""
    kind = str(rng.choice(list(GROUNDS), p=list(GROUNDS.values())))
    if kind == "photo":
        return photo(photos, side, rng)
    level = rng.uniform(0.55, 1) if rng.random() < 0.7 else rng.uniform(0, 0.55)
    plain = np.full((side, side), level, np.float32)
    if kind == "flat":
        return plain
    if kind == "pattern":
        low, high = np.sort(np.clip(level + rng.uniform(-0.5, 0.5, 2), 0, 1))
        return np.asarray(low + (high - low) * pattern(side, rng), np.float32)
    depth = rng.uniform(0.05, 0.5)
    shape = (side, side)
    plain += depth * (cloud(shape, np.exp(rng.uniform(np.log(4), np.log(2 * side))), rng) - np.float32(0.5))
    return np.clip(plain, 0, 1) if kind == "uneven" else _ruled(plain, rng)


def photo(photos: list[npt.NDArray[np.uint8]], side: int, rng: np.random.Generator) -> Image:
    """Return a random part of a photograph, possibly mirrored, with random contrast."""
    picture = photos[int(rng.integers(len(photos)))]
    part = int(min(np.exp(rng.uniform(np.log(100), np.log(480))), *picture.shape))
    top, left = (int(rng.integers(length - part + 1)) for length in picture.shape)
    cut = picture[top : top + part, left : left + part]
    cut = cut[:, :: -1 if rng.random() < 0.5 else 1]
    method = cv2.INTER_AREA if part > side else cv2.INTER_CUBIC
    seen = np.asarray(cv2.resize(np.ascontiguousarray(cut), (side, side), interpolation=method), np.float32)
    if rng.random() < 0.25:
        mean, share = seen.mean(), rng.uniform(0.2, 0.8)
        seen = mean + share * (seen - mean)
    return np.asarray(seen / 255, np.float32)


def _ruled(plain: Image, rng: np.random.Generator) -> Image:
    """Return paper with rules, and often upright ones as well."""
    side = len(plain)
    step = np.exp(rng.uniform(np.log(8), np.log(70)))
    wide, shade = 1 + int(rng.integers(3) * step / 70), rng.uniform(0.05, 0.6)
    places = np.arange(rng.uniform(0, step), side, step).astype(int)
    rules = np.zeros(side, np.float32)
    for offset in range(wide):
        rules[np.minimum(places + offset, side - 1)] = 1
    lines = np.repeat(rules[:, None], side, axis=1)
    if rng.random() < 0.5:
        lines = np.maximum(lines, rules[None])
    return np.asarray(turned(plain * (1 - shade * lines), rng.normal(0, 2), cv2.BORDER_REFLECT), np.float32)


def turned(image: Image, degrees: float, border: int = cv2.BORDER_CONSTANT) -> Image:
    """Return a picture turned about its middle."""
    rows, columns = image.shape
    matrix = cv2.getRotationMatrix2D((columns / 2, rows / 2), degrees, 1.0)
    return np.asarray(cv2.warpAffine(image, matrix, (columns, rows), borderMode=border), np.float32)


def pattern(side: int, rng: np.random.Generator) -> Image:
    """Return a pattern, 0 to 1: a chequerboard, stripes, hatching, dots, bricks, bars, noise."""
    step = np.exp(rng.uniform(np.log(3), np.log(50)))
    rows, columns = np.mgrid[:side, :side].astype(np.float32) / np.float32(step)
    kind = int(rng.integers(7))
    if kind == 0:
        made = (np.floor(rows) + np.floor(columns)) % 2
    elif kind == 1:
        made = (np.sin(2 * np.pi * rows) > rng.uniform(-0.8, 0.8)).astype(np.float32)
    elif kind == 2:
        made = np.maximum(np.sin(2 * np.pi * rows), np.sin(2 * np.pi * columns)) > rng.uniform(0.6, 0.95)
    elif kind == 3:
        made = (rows % 1 - 0.5) ** 2 + (columns % 1 - 0.5) ** 2 < rng.uniform(0.03, 0.16)
    elif kind == 4:
        shifted = columns / 2 + (np.floor(rows) % 2) / 2
        made = ((rows % 1) > 0.12) & ((shifted % 1) > 0.06)
    elif kind == 5:
        bars = rng.random(side) < 0.5
        made = np.repeat(
            bars[np.minimum((np.arange(side) / min(step, 5)).astype(int), side - 1)][None], side, 0
        )
    else:
        cells = rng.random((int(side / step) + 2,) * 2) < 0.5
        made = cells[np.floor(rows).astype(int), np.floor(columns).astype(int)]
    made = np.asarray(made, np.float32)
    degrees = 0.0 if rng.random() < 0.4 else rng.uniform(0, 180)
    return turned(made, degrees, cv2.BORDER_REFLECT)


def clutter(image: Image, count: int, rng: np.random.Generator) -> None:
    """Draw distractors on a picture, in place: rules, boxes, rings, bar codes, signs, scrawls."""
    side = len(image)
    for _ in range(count):
        kind = int(rng.integers(8))
        where = rng.integers(-20, side, 2)
        size = np.exp(rng.uniform(np.log(10), np.log(side), 2)).astype(int)
        wide = int(np.exp(rng.uniform(0, np.log(9))))
        x, y = where.tolist()
        right, low = (where + size).tolist()
        value = float(_tone(image, x, y, right, low, rng))
        if kind == 0:
            ends = (right, y) if rng.random() < 0.5 else (x, low)
            cv2.line(image, (x, y), ends, value, wide, cv2.LINE_AA)
        elif kind == 1:
            cv2.rectangle(image, (x, y), (right, low), value, wide if rng.random() < 0.7 else -1)
        elif kind == 2:
            thick = wide if rng.random() < 0.7 else -1
            axes = (max(2, size[0] // 3), max(2, size[int(rng.integers(2))] // 3))
            cv2.ellipse(image, (x, y), axes, rng.uniform(0, 180), 0, 360, value, thick, cv2.LINE_AA)
        elif kind == 3:
            points = np.cumsum(rng.normal(0, size.min() / 2, (int(rng.integers(3, 9)), 2)), axis=0) + where
            cv2.polylines(
                image, [points.astype(np.int32)], bool(rng.random() < 0.3), value, wide, cv2.LINE_AA
            )
        elif kind in (4, 5):
            part = image[max(y, 0) : low, max(x, 0) : right]
            if part.size:
                part += (pattern(side, rng)[: part.shape[0], : part.shape[1]]) * (value - part)
        else:
            _sign(image, x, y, int(size.min()) + 8, value, rng)


def _tone(image: Image, x: int, y: int, right: int, low: int, rng: np.random.Generator) -> float:
    """Return a tone that is visible on a part of a picture."""
    part = image[max(y, 0) : max(low, 1), max(x, 0) : max(right, 1)]
    return contrasting(float(part.mean()) if part.size else 0.5, rng.uniform(0.1, 0.9), rng)


def contrasting(tone: float, contrast: float, rng: np.random.Generator) -> float:
    """Return a tone, 0 to 1, that differs from another by a contrast, or by as much as there is room for."""
    ways = [way for way in (-1, 1) if 0 <= tone + way * contrast <= 1]
    way = ways[int(rng.integers(len(ways)))] if ways else (1 if tone < 0.5 else -1)
    return float(np.clip(tone + way * contrast, 0, 1))


@cache
def _sign_face(size: int) -> FreeTypeFont | None:
    faces = sorted(Path("/usr/share/fonts").rglob("DejaVuSans.ttf"))
    return ImageFont.truetype(faces[0], size) if faces else None


def _sign(image: Image, x: int, y: int, size: int, value: float, rng: np.random.Generator) -> None:
    face = _sign_face(8 * max(1, min(size, 160) // 8))
    if face is None:
        return
    mask = face.getmask(_SIGNS[int(rng.integers(len(_SIGNS)))], mode="L")
    ink = np.array(mask, np.float32).reshape(mask.size[::-1]) / np.float32(255)
    x, y = max(x, 0), max(y, 0)
    part = image[y : y + len(ink), x : x + ink.shape[1]]
    part += ink[: part.shape[0], : part.shape[1]] * (np.float32(value) - part)
