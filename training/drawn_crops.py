"""Drawn training data of the text finder: pictures with text, and its lines."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from scipy.ndimage import find_objects

from nn.training.crops import Crops
from training.dataset import Sources, draw_clean, sources
from training.degrade import cloud
from training.render import Rendered
from training.scenery import Image, clutter, contrasting, ground, photo, photographs
from training.text_lines import STRIDE, TextLine, targets

SIDE = 320
LAYOUTS = {"page": 0.4, "signs": 0.3, "words": 0.16, "none": 0.14}
"""Contents of a picture, with their frequencies: lines below each other, a few of different sizes, short
words and single letters, nothing."""
TRIES = 5
"""Attempts at finding a free place."""

Floats = npt.NDArray[np.float64]


def drawn_part(pages: Path, held_out: bool, task: tuple[int, int]) -> Crops:
    """Draw the crops of one task, (seed, number), on the validation or the training photographs."""
    seed, count = task
    rng = np.random.default_rng(seed)
    photos = photographs(pages, held_out)
    pictures = np.empty((count, SIDE, SIDE), np.uint8)
    told = np.empty((count, SIDE // STRIDE, SIDE // STRIDE, 5), np.uint8)
    for k in range(count):
        pictures[k], lines = drawn_crop(sources(), photos, rng)
        told[k] = targets(lines, SIDE)
    return Crops(pictures, told, np.full(count, "val" if held_out else "train"))


def drawn_crop(
    sources: Sources, photos: list[npt.NDArray[np.uint8]], rng: np.random.Generator
) -> tuple[npt.NDArray[np.uint8], list[TextLine]]:
    """Return a picture, uint8 (SIDE, SIDE), and the lines of text on it."""
    layout = str(rng.choice(list(LAYOUTS), p=list(LAYOUTS.values())))
    image = ground(photos, SIDE, rng) if layout != "none" or rng.random() < 0.4 else photo(photos, SIDE, rng)
    if layout == "none" or rng.random() < 0.35:
        clutter(image, int(rng.integers(1, 7)), rng)
    if layout == "none":
        return degraded(image, 30.0, rng), []
    lines: list[TextLine] = []
    taken = np.zeros((SIDE, SIDE), np.uint8)
    low, high, count, most = {
        "page": (4.5, 24.0, 1, 6),
        "signs": (5.0, 110.0, 6, 4),
        "words": (5.0, 60.0, 12, 2),
    }[layout]
    angle = 0.0 if rng.random() < 0.3 else rng.normal(0, 3)
    for _ in range(int(rng.integers(1, count + 1)) if layout != "page" or rng.random() < 0.8 else 2):
        x_height = float(np.exp(rng.uniform(np.log(low), np.log(high))))
        if layout == "page":
            rows, length = max(2, int(rng.uniform(0.5, 1.1) * SIDE / (2.6 * x_height))), (6, 60)
        else:
            rows = int(rng.integers(1, most)) if rng.random() < 0.4 else 1
            length = (1, 5) if layout == "words" or x_height > 50 else (2, 24)
        clean = draw_clean(sources, rng, length, (x_height, 1.02 * x_height), rows)
        if clean is None:
            continue
        matrix, free = placed(
            clean, taken, angle if rng.random() < 0.6 else _angle(rng), layout == "page", rng
        )
        if free:
            lines += written(image, clean, matrix, taken, rng)
    smallest = min((line.height for line in lines), default=30.0)
    return degraded(image, smallest, rng), lines


def _angle(rng: np.random.Generator) -> float:
    """Return a direction in degrees: usually nearly level, sometimes vertical."""
    kind = rng.random()
    if kind < 0.6:
        return float(rng.normal(0, 5))
    return float(rng.uniform(-45, 45)) if kind < 0.88 else float(rng.choice([-90, 90]) + rng.normal(0, 3))


def placed(
    clean: Rendered, taken: npt.NDArray[np.uint8], angle: float, page: bool, rng: np.random.Generator
) -> tuple[Floats, bool]:
    """Return a homography from a drawing to the picture, and whether its place is free."""
    rows, columns = clean.grey.shape
    reach = 0.12 if rng.random() < 0.3 else 0.03
    corners = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], np.float32)
    askew = corners + rng.uniform(-reach, reach, (4, 2)).astype(np.float32) * min(rows, columns)
    view = np.asarray(cv2.getPerspectiveTransform(corners, askew.astype(np.float32)), np.float64)
    turn = np.radians(angle)
    across = np.exp(rng.normal(0, 0.12))
    linear = np.array([[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1]])
    linear = linear @ np.diag([across, 1, 1]) @ view
    matrix = linear
    for _ in range(TRIES):
        goal = rng.uniform(0.05, 0.95, 2) * SIDE
        if page:
            middle = np.array([columns * rng.uniform(0.3, 0.7), rows * rng.uniform(0.4, 0.6), 1])
            goal = rng.uniform(0.35, 0.65, 2) * SIDE
        else:
            middle = np.array([columns / 2, rows / 2, 1])
        there = linear @ middle
        matrix = np.array(
            [[1, 0, goal[0] - there[0] / there[2]], [0, 1, goal[1] - there[1] / there[2]], [0, 0, 1]]
        )
        matrix = matrix @ linear
        if not _seen(np.ones_like(clean.grey), matrix)[taken > 0].any():
            return matrix, True
    return matrix, False


def _seen(picture: npt.NDArray[np.uint8], matrix: Floats) -> npt.NDArray[np.uint8]:
    return np.asarray(cv2.warpPerspective(picture, matrix, (SIDE, SIDE), flags=cv2.INTER_LINEAR), np.uint8)


def written(
    image: Image, clean: Rendered, matrix: Floats, taken: npt.NDArray[np.uint8], rng: np.random.Generator
) -> list[TextLine]:
    """Put a drawing on a picture, in place, and return its lines."""
    place = _seen(np.ones_like(clean.grey), matrix)
    ink = np.asarray(_seen(255 - clean.grey, matrix), np.float32) / np.float32(255)
    if not ink.any():
        return []
    taken |= place
    inside = image[place > 0]
    tone = float(np.median(inside))
    contrast = rng.uniform(0.18, 1.0) + 0.5 * float(inside.std())
    if rng.random() < 0.22:  # on a plate
        tone = contrasting(tone, rng.uniform(0.1, 0.9), rng)
        share = 1.0 if rng.random() < 0.7 else rng.uniform(0.4, 0.9)
        image += place * np.float32(share) * (np.float32(tone) - image)
        contrast = rng.uniform(0.18, 1.0)
    value = contrasting(tone, contrast, rng)
    height = float(clean.lines[0].cap_height)
    if rng.random() < 0.12 and height > 14:
        wide = 2 * int(rng.integers(1, 2 + int(height / 40))) + 1
        around = cv2.dilate(ink, np.ones((wide, wide), np.uint8))
        if rng.random() < 0.5:
            around = np.roll(around, rng.integers(-wide, wide + 1, 2), axis=(0, 1))
        image += around * (np.float32(contrasting(value, rng.uniform(0.3, 0.9), rng)) - image)
    if rng.random() < 0.2:
        ink = ink * (1 - np.float32(rng.uniform(0.1, 0.5)) * cloud(ink.shape, rng.uniform(2, 60), rng))
    image += ink * (np.float32(value) - image)
    return [line.seen_through(matrix) for line in lines_of(clean)]


def lines_of(clean: Rendered) -> list[TextLine]:
    """Return the lines of a drawing, each as high as its ink, but at least the x-height."""
    number = np.zeros(len(clean.characters) + 1, np.int32)
    for k, line in enumerate(clean.lines, 1):
        number[line.first + 1 : line.last + 1] = k
    found = []
    for line, box in zip(clean.lines, find_objects(number[clean.owner], len(clean.lines)), strict=True):
        if box is not None:
            top = min(box[0].start, line.baseline - line.x_height)
            low, left, right = max(box[0].stop, line.baseline), box[1].start, box[1].stop
            pad = 0.05 * (low - top)
            top, low, left, right = top - pad, low + pad, left - pad, right + pad
            found.append(TextLine.of([[left, top], [right, top], [right, low], [left, low]]))
    return found


def degraded(image: Image, smallest: float, rng: np.random.Generator) -> npt.NDArray[np.uint8]:
    """Return a picture, uint8, degraded as by a camera; letters `smallest` pixels high stay legible."""
    if rng.random() < 0.5:
        along = np.linspace(-1, 1, SIDE, dtype=np.float32)
        slopes = rng.uniform(-0.5, 0.5, 2) * rng.random()
        image = image * (1 + np.float32(slopes[0]) * along[:, None] + np.float32(slopes[1]) * along)
    blur = rng.random() ** 2 * min(2.5, 0.09 * smallest)
    if blur > 0.25:
        image = np.asarray(cv2.GaussianBlur(image, (0, 0), blur), np.float32)
    if rng.random() < 0.25 and smallest > 12:
        share = max(rng.uniform(0.4, 0.9), 9 / smallest)
        small = cv2.resize(image, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
        image = np.asarray(cv2.resize(small, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR), np.float32)
    if rng.random() < 0.6:
        level = np.float32(rng.random() ** 2 * 0.08)
        image = image + level * rng.standard_normal(image.shape, np.float32)
    grey = np.rint(255 * np.clip(image, 0, 1)).astype(np.uint8)
    if rng.random() < 0.07:
        block = 2 * int(rng.uniform(0.7, 3) * min(smallest, 60)) + 3
        way = cv2.ADAPTIVE_THRESH_MEAN_C
        grey = np.asarray(cv2.adaptiveThreshold(grey, 255, way, cv2.THRESH_BINARY, block, 12), np.uint8)
    if rng.random() < 0.6:
        quality = int(rng.uniform(30, 95))
        packed = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        grey = np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), np.uint8)
    return grey
