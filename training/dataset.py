"""The training data of the glyph network: text of all kinds, drawn, degraded, and cut into glyphs."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from training.bitmaps import Bitmaps, load_bitmaps, render_bitmaps
from training.degrade import degrade
from training.fonts import FontFile, load_fonts, usable_characters
from training.glyphs import LabelledGlyphs, glyphs_of, hand_written, renormalized
from training.render import HAND, STEADY, Rendered, render_lines, size_for_x_height
from training.strokes import Strokes, load_strokes, render_strokes
from training.text import fit, load_words, random_lines

Part = TypeVar("Part")

KINDS = {"print": 0.42, "hand": 0.26, "script": 0.02, "strokes": 0.18, "bitmaps": 0.12}
"""The means of drawing, and their frequencies."""
BY_HAND = {"hand": 0.45, "strokes": 0.3, "bitmaps": 0.21, "script": 0.04}
"""The same for text in handwriting alone."""
HELD_OUT = 0.04
"""Share of the pictures that are held out for validation."""


@dataclass(frozen=True, slots=True, eq=False)
class Sources:
    """Everything that text can be drawn with."""

    words: list[str]
    fonts: dict[str, list[FontFile]]
    strokes: Strokes
    bitmaps: Bitmaps


def load_sources(fonts: Sequence[Path], glyphs: Path) -> Sources:
    """Open the folders of fonts, and the folder of ``hand.npz`` and the strokes."""
    faces = load_fonts(*fonts)
    by_kind = {kind: [face for face in faces if face.kind == kind] for kind in ("print", "hand", "script")}
    return Sources(load_words(), by_kind, load_strokes(glyphs), load_bitmaps(glyphs))


def draw(
    sources: Sources,
    rng: np.random.Generator,
    length: tuple[int, int] = (8, 55),
    kinds: Mapping[str, float] = KINDS,
) -> Rendered | None:
    """Draw one line with something chosen at random, and degrade it; None where nothing can be drawn.

    `length` is the least number of characters, and an exclusive bound; `kinds` as in `draw_clean`.
    """
    clean = draw_clean(sources, rng, length, kinds=kinds)
    if clean is None:
        return None
    condition = rng.choice(["mild", "scan", "photo"], p=[0.25, 0.4, 0.35])
    return degrade(clean, rng, str(condition))  # type: ignore[arg-type]


def draw_clean(
    sources: Sources,
    rng: np.random.Generator,
    length: tuple[int, int] = (8, 55),
    x_heights: tuple[float, float] = (8.0, 42.0),
    count: int = 1,
    kinds: Mapping[str, float] = KINDS,
) -> Rendered | None:
    """Draw lines with something chosen at random; None where nothing can be drawn.

    Parameters
    ----------
    sources : Sources
    rng : numpy.random.Generator
    length : tuple of int
        The least number of characters, and an exclusive bound.
    x_heights : tuple of float
        The least and the largest x-height, in pixels.
    count : int
        How many lines, one below the other.
    kinds : mapping of str to float
        The means of drawing, and their frequencies.
    """
    kind = str(rng.choice(list(kinds), p=list(kinds.values())))
    lines = random_lines(sources.words, count, int(rng.integers(*length)), rng)
    x_height = float(np.exp(rng.uniform(*np.log(x_heights))))
    spacing = float(rng.uniform(0.15, 0.9) if rng.random() < 0.15 else rng.normal(0.03, 0.07))

    def drawn(usable: frozenset[str]) -> list[str]:
        return [text for text in (fit(line, usable) for line in lines) if text]

    if kind == "strokes":
        texts = drawn(sources.strokes.characters)
        height = max(x_height, 11.0)
        return render_strokes(texts, sources.strokes, height, rng, spacing=spacing) if texts else None
    if kind == "bitmaps":
        texts = drawn(sources.bitmaps.characters)
        height = max(x_height, 11.0)
        return render_bitmaps(texts, sources.bitmaps, height, rng, spacing=spacing) if texts else None
    face = sources.fonts[kind][int(rng.integers(len(sources.fonts[kind])))]
    texts = drawn(usable_characters(face))
    if not texts:
        return None
    by_hand = kind == "hand" or rng.random() < 0.08
    size = size_for_x_height(face, x_height)
    jitter = HAND if by_hand else STEADY
    return render_lines(texts, face, size, rng, spacing=spacing if by_hand else spacing * 0.7, jitter=jitter)


_sources: Sources | None = None


def _start(fonts: Sequence[Path], glyphs: Path) -> None:
    global _sources
    os.nice(5)
    cv2.setNumThreads(1)
    _sources = load_sources(fonts, glyphs)


def sources() -> Sources:
    """Return the sources of a process of `drawn_in_parts`."""
    assert _sources is not None
    return _sources


def drawn_in_parts(
    part: Callable[[tuple[int, int]], Part],
    fonts: Sequence[Path],
    glyphs: Path,
    pictures: int,
    progress: Callable[[int], Any],
    seed: int,
    jobs: int,
) -> list[Part]:
    """Return the results of `part` for each task, (seed, number of pictures), in processes with `sources`."""
    size = 100
    tasks = [(seed * 1_000_003 + k, min(size, pictures - k * size)) for k in range(-(-pictures // size))]
    drawn: list[Part] = []
    with ProcessPoolExecutor(jobs, initializer=_start, initargs=(fonts, glyphs)) as pool:
        for k, made in enumerate(pool.map(part, tasks)):
            drawn.append(made)
            progress(min(pictures, (k + 1) * size))
    return drawn


def _part(task: tuple[int, int]) -> LabelledGlyphs:
    """Draw the pictures of one task: (seed, number)."""
    seed, count = task
    rng = np.random.default_rng(seed)
    parts = [LabelledGlyphs(np.zeros((0, 28, 28), np.uint8), np.zeros(0, "<U1"))]
    for _ in range(count):
        picture = draw(sources(), rng)
        if picture is not None:
            parts.append(glyphs_of(picture, rng))
    return LabelledGlyphs.join(parts)


def build(
    fonts: Sequence[Path], glyphs: Path, pictures: int, progress: Any, *, seed: int = 0, jobs: int = 2
) -> dict[str, npt.NDArray[Any]]:
    """Draw `pictures` lines, cut them, and put the isolated characters of ``hand.npz`` beside them.

    Parameters
    ----------
    fonts : sequence of Path
        Folders of typefaces.
    glyphs : Path
        The folder of ``hand.npz`` and of the recorded strokes.
    pictures : int
    progress : callable
        Called with the number of pictures done.
    seed : int
    jobs : int
        Processes.

    Returns
    -------
    dict
        ``images`` uint8 (N, 28, 28), ``labels`` str (N,), ``split`` str (N,).
    """
    drawn = drawn_in_parts(_part, fonts, glyphs, pictures, progress, seed, jobs)
    held = max(1, round(HELD_OUT * len(drawn)))
    parts = [
        (LabelledGlyphs.join(drawn[held:] or drawn), "train"),
        (LabelledGlyphs.join(drawn[:held]), "val"),
    ]
    for split in ("train", "val"):
        hand = hand_written(glyphs / "hand.npz", split)
        parts += [(hand, split), (LabelledGlyphs(renormalized(hand.images), hand.labels), split)]
    return {
        "images": np.concatenate([part.images for part, _ in parts]),
        "labels": np.concatenate([part.labels for part, _ in parts]),
        "split": np.repeat([split for _, split in parts], [len(part.labels) for part, _ in parts]),
    }
