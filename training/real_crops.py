"""Crops of real pages and photographs, and where text is on them, as far as it was told."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import cv2
import numpy as np
import numpy.typing as npt

from nn.dense_loss import Targets, targets_of
from nn.training.crops import Crops
from training.drawn_crops import SIDE
from training.scenery import grey_of, is_held_out
from training.text_lines import SMALLEST, STRIDE, TextLine, targets

Picture = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]

SETS = {
    "scenes": (3, 0.0),
    "photos": (2, 1.0),
    "sroie": (6, 0.5),
    "funsd": (6, 0.4),
    "docbank": (10, 0.7),
    "copiste_handwriting": (8, 0.0),
    "ehri_typed_en": (8, 0.3),
    "tapus_typed_fr": (8, 0.3),
}
"""Of each set, how many crops a picture, and how much places with much contrast count that no text is told of:
the less, the more text there is that nobody wrote down."""
SCALES = (0.4, 1.6)
PLAIN = 7.0
"""Standard deviation of greys around a place, of 255, below which no text is there."""
GAP = 1.0
"""Words further apart than this, in heights, are in different lines."""


def real_crops(pages: Path, share: float, rng: np.random.Generator, progress: Callable[[int], Any]) -> Crops:
    """Cut crops out of all `SETS` in a folder, a `share` of as many as there are said."""
    pictures: list[Picture] = []
    told: list[Targets] = []
    split: list[str] = []
    for name, (count, contrast) in SETS.items():
        with ZipFile(pages / f"{name}.zip") as file:
            names = sorted(entry for entry in file.namelist() if entry.endswith(".webp"))
            for entry, held in zip(names, is_held_out(names), strict=True):
                made = _crops_of(name, file, entry, contrast, rng)
                for _ in range(min(2, count) if held else int(np.ceil(share * count))):
                    picture, maps = next(made)
                    pictures.append(picture)
                    told.append(maps)
                    split.append("val" if held else "train")
                progress(len(pictures))
    return Crops(np.stack(pictures), np.stack(told), np.array(split))


def _crops_of(
    name: str, file: ZipFile, entry: str, contrast: float, rng: np.random.Generator
) -> Iterator[tuple[Picture, Targets]]:
    """Give crops of one picture of a set, without end."""
    page = grey_of(file.read(entry))
    if name == "scenes":
        mask = grey_of(file.read(entry.replace(".webp", ".mask.png")))
        while True:
            yield scene_crop(page, mask, rng)
    lines: list[TextLine] = []
    if name != "photos":
        told = json.loads(file.read(entry.replace(".webp", ".json")))
        scale = page.shape[1] / told["size"][0]
        lines = [
            TextLine(line.middle * scale, line.height * scale) for line in page_lines(told) if line.height > 0
        ]
    while True:
        yield page_crop(page, lines, contrast, rng)


def page_lines(told: dict[str, Any]) -> list[TextLine]:
    """Return the lines of a page: told as such, or put together from words or tokens."""
    if "lines" in told:
        return [
            TextLine.of(line["quad"]) if "quad" in line else along_baseline(line["poly"], line["baseline"])
            for line in told["lines"]
        ]
    words = told["words"] if "words" in told else told["tokens"]
    boxes = [word["box"] for word in words if word["text"].strip() and word["label"] != "figure"]
    return rows_of(np.array(boxes, np.float64).reshape(-1, 4))


def rows_of(boxes: Floats) -> list[TextLine]:
    """Return the lines that words make whose boxes (N, 4: left, top, right, bottom) follow each other closely."""
    rows: list[Floats] = []
    for box in boxes[np.argsort(boxes[:, 0], kind="stable")]:
        height = box[3] - box[1]
        best = None
        for k, row in enumerate(rows):
            overlap = min(row[3], box[3]) - max(row[1], box[1])
            least, most = sorted((row[3] - row[1], height))
            gap = box[0] - row[2]
            if overlap > 0.6 * least and most < 2.2 * least and -0.5 * most < gap < GAP * most:
                best = k
        if best is None:
            rows.append(box.copy())
        else:
            row = rows[best]
            rows[best] = np.concatenate([np.minimum(row[:2], box[:2]), np.maximum(row[2:], box[2:])])
    return [TextLine.of([[a, b], [c, b], [c, d], [a, d]]) for a, b, c, d in rows]


def along_baseline(outline: list[list[float]], baseline: list[list[float]]) -> TextLine:
    """Return the line between an outline's upper and lower edge, most of it, with the bends of its baseline."""
    base = np.array(baseline, np.float64)
    points = np.array(outline, np.float64)
    step = base[-1] - base[0]
    along = step / max(float(np.hypot(*step)), 1e-6)
    across = np.array([-along[1], along[0]])
    where, rows = base @ along, base @ across
    order = np.argsort(where)
    off = points @ across - np.interp(points @ along, where[order], rows[order])
    above, below = np.percentile(off, [15, 85])
    return TextLine(base + across * (above + below) / 2, float(below - above))


def _window(
    shape: tuple[int, ...], goal: Floats | None, scale: float, rng: np.random.Generator
) -> npt.NDArray[np.float64]:
    """Return the matrix (3, 3) that takes a picture at a scale to a crop, with a goal somewhere in it."""
    if goal is None:
        goal = rng.uniform(0, 1, 2) * (shape[1], shape[0])
    turn = np.radians(rng.normal(0, 2))
    linear = scale * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    there = rng.uniform(0.2, 0.8, 2) * SIDE
    middle = np.array([shape[1], shape[0]]) / 2
    shift = there - linear @ goal
    reach = np.maximum(scale * np.array([shape[1], shape[0]]) / 2 - SIDE / 2, 0)
    centre = np.clip(linear @ middle + shift, SIDE / 2 - reach, SIDE / 2 + reach)
    return np.vstack([np.hstack([linear, (centre - linear @ middle)[:, None]]), [0, 0, 1]])


def _seen(picture: Picture, matrix: Floats, scale: float, border: int = cv2.BORDER_REPLICATE) -> Picture:
    if scale < 0.75:
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), 0.35 / scale), np.uint8)
    return np.asarray(
        cv2.warpAffine(picture, matrix[:2], (SIDE, SIDE), flags=cv2.INTER_LINEAR, borderMode=border), np.uint8
    )


def _elsewhere(crop: Picture, contrast: float) -> npt.NDArray[np.float32]:
    """Return how much each place counts that no text is told of."""
    grey = crop.astype(np.float32)
    mean, square = (cv2.blur(image, (13, 13)) for image in (grey, grey * grey))
    spread = np.sqrt(np.maximum(square - mean * mean, 0))
    places = cv2.resize(spread, (SIDE // STRIDE, SIDE // STRIDE), interpolation=cv2.INTER_AREA)
    return np.where(places < PLAIN, 1, contrast).astype(np.float32)


def page_crop(
    page: Picture, lines: list[TextLine], contrast: float, rng: np.random.Generator
) -> tuple[Picture, Targets]:
    """Return a crop of a page at a random scale, and what the maps of it should say."""
    scale = float(np.exp(rng.uniform(*np.log(SCALES))))
    goal = None
    if lines and rng.random() < 0.85:
        line = lines[int(rng.integers(len(lines)))]
        goal = line.middle[0] + rng.random() * (line.middle[-1] - line.middle[0])
    matrix = _window(page.shape, goal, scale, rng)
    crop = _seen(page, matrix, scale)
    seen = [line.seen_through(matrix) for line in lines]
    return _worn(crop, rng), targets(seen, SIDE, _elsewhere(crop, contrast))


def scene_crop(scene: Picture, mask: Picture, rng: np.random.Generator) -> tuple[Picture, Targets]:
    """Return a crop of a street photo whose words a mask shows, each a little inside of its outline."""
    scale = float(np.exp(rng.uniform(*np.log(SCALES))))
    words = np.asarray(mask > 127, np.uint8)
    rows, columns = np.nonzero(words)
    share = scene.shape[1] / mask.shape[1]
    goal = None
    if len(rows) and rng.random() < 0.8:
        k = int(rng.integers(len(rows)))
        goal = share * np.array([columns[k], rows[k]], np.float64)
    matrix = _window(scene.shape, goal, scale, rng)
    crop = _seen(scene, matrix, scale)
    to_places = np.diag([1 / STRIDE, 1 / STRIDE, 1]) @ matrix @ np.diag([share, share, 1])
    maps = [
        cv2.warpAffine(
            np.asarray(each, np.float32), to_places[:2], (SIDE // STRIDE,) * 2, flags=cv2.INTER_LINEAR
        )
        for each in _word_maps(words)
    ]
    text, core, near, half, known, cosine, sine = maps
    height = 2.3 * half / np.maximum(text, 1e-3) * share * scale
    told = text >= 0.5
    turn = np.degrees(np.arctan2(matrix[1, 0], matrix[0, 0]))
    degrees = np.degrees(np.arctan2(sine, cosine)) / 2 + turn
    elsewhere = np.where(near > 0.02, 0, _elsewhere(crop, 0.06))
    small = told & (height < SMALLEST)
    weight = np.where(small, 0, np.where(told, 1, elsewhere))
    told &= ~small
    made = targets_of(
        told,
        told & (core >= 0.5),
        weight,
        np.where(told, height, 0),
        np.where(told & (known > 0.9), degrees, np.nan),
    )
    return _worn(crop, rng), made


def _word_maps(words: npt.NDArray[np.uint8]) -> list[npt.NDArray[Any]]:
    """Return maps of a mask: text, core, what is near text, half the height of words (0 outside of text),
    whether their direction is known, and cosine and sine of twice it."""
    count, labels, _, _ = cv2.connectedComponentsWithStats(words, connectivity=4)
    depth = cv2.distanceTransform(words, cv2.DIST_L2, 5)
    half = np.zeros(count, np.float32)
    np.maximum.at(half, labels.ravel(), depth.ravel())
    half[0] = 1
    outside, nearest = cv2.distanceTransformWithLabels(
        1 - words, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    places = np.flatnonzero(words.ravel())
    owner = np.zeros(int(nearest.max()) + 1, np.int64)
    owner[nearest.ravel()[places]] = labels.ravel()[places]
    of = owner[nearest] if len(places) else np.zeros_like(labels)
    reach = half[of]
    text = (words > 0) | ((outside < 0.15 * reach) & (of > 0))
    near = (outside < 1.2 * reach + 2) & (of > 0) & ~text
    core = (words > 0) & (depth > 0.45 * reach)
    twice = np.full(count, np.nan, np.float32)
    for k in range(1, count):
        rows, columns = np.nonzero(labels == k)
        (_, (wide, high), angle) = cv2.minAreaRect(np.stack([columns, rows], axis=1).astype(np.float32))
        if len(rows) > 0.72 * (wide + 1) * (high + 1) and max(wide, high) > 1.6 * min(wide, high):
            twice[k] = np.radians(2 * (angle if wide >= high else angle + 90))
    direction = np.nan_to_num(twice)[of]
    known = text & ~np.isnan(twice)[of]
    return [text, core, near, np.where(text, reach, 0), known, np.cos(direction), np.sin(direction)]


def _worn(crop: Picture, rng: np.random.Generator) -> Picture:
    """Return a crop blurred, noisy or compressed, or as it is."""
    if rng.random() < 0.2:
        crop = np.asarray(cv2.GaussianBlur(crop, (0, 0), rng.uniform(0.3, 0.9)), np.uint8)
    if rng.random() < 0.2:
        noise = rng.normal(0, rng.uniform(1, 8), crop.shape)
        crop = np.clip(crop + noise, 0, 255).astype(np.uint8)
    return crop
