"""Crops of real pages and photographs, with targets where the annotation is known."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import cv2
import numpy as np
import numpy.typing as npt
from scipy.ndimage import find_objects

from nn.dense_loss import Targets, targets_of
from nn.training.crops import Crops
from training.drawn_crops import SIDE
from training.scenery import grey_of, is_held_out
from training.text_lines import SMALLEST, STRIDE, TextLine, targets

Picture = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]

SETS = {
    "scenes": (3, 0.2),
    "photos": (6, 1.0),
    "sroie": (6, 0.5),
    "funsd": (6, 0.25),
    "docbank": (10, 0.4),
    "copiste_handwriting": (8, 0.0),
    "ehri_typed_en": (8, 0.3),
    "tapus_typed_fr": (8, 0.3),
}
"""For each set, the number of crops per picture, and the weight of places with high contrast but without
annotated text: lower where more text is not annotated."""
SCALES = (0.4, 1.6)
PLAIN = 7.0
"""Local standard deviation of greys, of 255, below which there is no text."""
GAP = 1.0
"""Largest gap between words of one line, in heights."""


def real_crops(pages: Path, share: float, rng: np.random.Generator, progress: Callable[[int], Any]) -> Crops:
    """Cut crops out of all `SETS` in a folder, a `share` of the numbers given there."""
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
    """Yield crops of one picture of a set, endlessly."""
    page = grey_of(file.read(entry))
    if name == "scenes":
        words = WordMaps.of(grey_of(file.read(entry.replace(".webp", ".mask.png"))) > 127)
        while True:
            yield scene_crop(page, words, contrast, rng)
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
    """Return the lines of a page: as annotated, or joined from words or tokens."""
    if "lines" in told:
        return [
            TextLine.of(line["quad"]) if "quad" in line else along_baseline(line["poly"], line["baseline"])
            for line in told["lines"]
        ]
    words = told["words"] if "words" in told else told["tokens"]
    boxes = [word["box"] for word in words if word["text"].strip() and word["label"] != "figure"]
    return rows_of(np.array(boxes, np.float64).reshape(-1, 4))


def rows_of(boxes: Floats) -> list[TextLine]:
    """Return the lines of words whose boxes (N, 4: left, top, right, bottom) follow each other closely."""
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


def along_baseline(outline: npt.ArrayLike, baseline: npt.ArrayLike) -> TextLine:
    """Return the line between an outline's upper and lower edge, with the curve of its baseline."""
    base = np.array(baseline, np.float64)
    around = np.array(outline, np.float64)
    closed = np.concatenate([around, around[:1]])
    ways = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(closed, axis=0).T))])
    points = np.stack([np.interp(np.linspace(0, ways[-1], 400), ways, each) for each in closed.T], axis=1)
    step = base[-1] - base[0]
    along = step / max(float(np.hypot(*step)), 1e-6)
    across = np.array([-along[1], along[0]])
    where, rows = base @ along, base @ across
    order = np.argsort(where)
    off = points @ across - np.interp(points @ along, where[order], rows[order])
    between = (off.min() + off.max()) / 2
    above, below = np.percentile(off[off <= between], 35), np.percentile(off[off >= between], 65)
    return TextLine(base + across * (above + below) / 2, float(below - above))


def _window(
    shape: tuple[int, ...], goal: Floats | None, scale: float, rng: np.random.Generator
) -> npt.NDArray[np.float64]:
    """Return the matrix (3, 3) from a picture at a scale to a crop that contains a goal."""
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
    """Return the weights of places without annotated text."""
    grey = crop.astype(np.float32)
    mean, square = (cv2.blur(image, (13, 13)) for image in (grey, grey * grey))
    spread = np.sqrt(np.maximum(square - mean * mean, 0))
    places = cv2.resize(spread, (SIDE // STRIDE, SIDE // STRIDE), interpolation=cv2.INTER_AREA)
    return np.where(places < PLAIN, 1, contrast).astype(np.float32)


def page_crop(
    page: Picture, lines: list[TextLine], contrast: float, rng: np.random.Generator
) -> tuple[Picture, Targets]:
    """Return a crop of a page at a random scale, and its targets."""
    scale = float(np.exp(rng.uniform(*np.log(SCALES))))
    goal = None
    if lines and rng.random() < 0.85:
        line = lines[int(rng.integers(len(lines)))]
        goal = line.middle[0] + rng.random() * (line.middle[-1] - line.middle[0])
    matrix = _window(page.shape, goal, scale, rng)
    crop = _seen(page, matrix, scale)
    seen = [line.seen_through(matrix) for line in lines]
    return _worn(crop, rng), targets(seen, SIDE, _elsewhere(crop, contrast))


@dataclass(frozen=True, slots=True, eq=False)
class WordMaps:
    """Per-pixel properties of a mask of words.

    Attributes
    ----------
    text, core, near, known : bool array, shape (H, W)
        In a word, in its middle, close to one, in one whose direction is known.
    half, cosine, sine : float32 array, shape (H, W)
        Half the height of the word, 0 outside of text, and its direction, twice the angle.
    """

    text: npt.NDArray[np.bool_]
    core: npt.NDArray[np.bool_]
    near: npt.NDArray[np.bool_]
    known: npt.NDArray[np.bool_]
    half: npt.NDArray[np.float32]
    cosine: npt.NDArray[np.float32]
    sine: npt.NDArray[np.float32]

    @classmethod
    def of(cls, mask: npt.NDArray[np.bool_]) -> WordMaps:
        """Separate the words of a mask, each shrunk a little."""
        words = np.asarray(mask, np.uint8)
        count, found = cv2.connectedComponents(words, connectivity=4)
        labels = np.asarray(found, np.int32)
        depth = cv2.distanceTransform(words, cv2.DIST_L2, 5)
        half = np.ones(count, np.float32)
        np.maximum.at(half, labels.ravel(), depth.ravel())
        outside, nearest = cv2.distanceTransformWithLabels(
            1 - words, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
        )
        owner = np.zeros(int(nearest.max()) + 1, np.int64)
        owner[nearest[mask]] = labels[mask]
        of = owner[nearest] if mask.any() else np.zeros(mask.shape, np.int64)
        text = mask | ((outside < 0.15 * half[of]) & (of > 0))
        near = (outside < 1.2 * half[of] + 2) & (of > 0) & ~text
        twice = np.array([_twice_direction(place, labels) for place in enumerate(find_objects(labels), 1)])
        twice = np.concatenate([[np.nan], twice])[of]
        cosine, sine = np.cos(np.nan_to_num(twice)), np.sin(np.nan_to_num(twice))
        heights = np.where(text, half[of], 0)
        core = mask & (depth > 0.45 * half[of])
        return cls(text, core, near, text & ~np.isnan(twice), heights, cosine, sine)


def _twice_direction(place: tuple[int, tuple[slice, slice]], labels: npt.NDArray[np.int32]) -> float:
    """Return twice the direction of a word, in radians; NaN of one that is bent, or about as high as wide."""
    number, box = place
    rows, columns = np.nonzero(labels[box] == number)
    (_, (wide, high), angle) = cv2.minAreaRect(np.stack([columns, rows], axis=1).astype(np.float32))
    if len(rows) < 0.72 * (wide + 1) * (high + 1) or max(wide, high) < 1.6 * min(wide, high):
        return np.nan
    return float(np.radians(2 * (angle if wide >= high else angle + 90)))


def scene_crop(
    scene: Picture, words: WordMaps, contrast: float, rng: np.random.Generator
) -> tuple[Picture, Targets]:
    """Return a crop of a street photo with annotated words, and its targets."""
    scale = float(np.exp(rng.uniform(*np.log(SCALES))))
    places = np.argwhere(words.text)
    share = scene.shape[1] / words.text.shape[1]
    goal = None
    if len(places) and rng.random() < 0.8:
        goal = share * places[int(rng.integers(len(places)))][::-1].astype(np.float64)
    matrix = _window(scene.shape, goal, scale, rng)
    crop = _seen(scene, matrix, scale)
    to_places = np.diag([1 / STRIDE, 1 / STRIDE, 1]) @ matrix @ np.diag([share, share, 1])

    def moved(each: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
        size = (SIDE // STRIDE, SIDE // STRIDE)
        return np.asarray(cv2.warpAffine(np.asarray(each, np.float32), to_places[:2], size), np.float32)

    text = moved(words.text)
    height = 2.3 * share * scale * moved(words.half) / np.maximum(text, 1e-3)
    small = (text >= 0.5) & (height < SMALLEST)
    told = (text >= 0.5) & ~small
    weight = np.where(told, 1, np.where(moved(words.near) > 0.02, 0, _elsewhere(crop, contrast)))
    turn = np.degrees(np.arctan2(matrix[1, 0], matrix[0, 0]))
    degrees = np.degrees(np.arctan2(moved(words.sine), moved(words.cosine))) / 2 + turn
    made = targets_of(
        told,
        told & (moved(words.core) >= 0.5),
        np.where(small, 0, weight),
        np.where(told, height, 0),
        np.where(told & (moved(words.known) > 0.9), degrees, np.nan),
    )
    return _worn(crop, rng), made


def _worn(crop: Picture, rng: np.random.Generator) -> Picture:
    """Return a crop blurred, noisy, compressed, or unchanged."""
    if rng.random() < 0.2:
        crop = np.asarray(cv2.GaussianBlur(crop, (0, 0), rng.uniform(0.3, 0.9)), np.uint8)
    if rng.random() < 0.2:
        noise = rng.normal(0, rng.uniform(1, 8), crop.shape)
        crop = np.clip(crop + noise, 0, 255).astype(np.uint8)
    return crop
