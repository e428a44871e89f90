"""Lines that a line network learns from: drawn and real ones, cut to strips by the pipeline."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from nn.strips import Strips
from ocr.training.dataset import Sources, draw, load_sources
from pipelines.errors import PictureError
from pipelines.load import load
from pipelines.pipeline import PRESETS
from pipelines.strips import cut_strip

WIDEST = 1400
"""Columns beyond which a strip is left out."""


def strip_of(grey: npt.NDArray[np.uint8], preset: str) -> npt.NDArray[np.uint8] | None:
    """Take a picture of one line through the pipeline; None where no line is found, or too long a one."""
    sheet = PRESETS[preset].run(grey)
    if len(sheet.lines) != 1:
        return None
    pixels = cut_strip(sheet, sheet.lines[0]).pixels
    return pixels if pixels.shape[1] <= WIDEST else None


_sources: Sources | None = None


def _start(fonts: Sequence[Path], glyphs: Path) -> None:
    global _sources
    os.nice(5)
    cv2.setNumThreads(1)
    _sources = load_sources(fonts, glyphs)


def _part(task: tuple[int, int]) -> Strips:
    """Draw the lines of one task: (seed, how many)."""
    assert _sources is not None
    seed, count = task
    rng = np.random.default_rng(seed)
    strips, texts = [], []
    for _ in range(count):
        short = rng.random() < 0.3
        picture = draw(_sources, rng, (1, 14) if short else (8, 60))
        strip = strip_of(picture.grey, "line") if picture is not None else None
        if picture is not None and strip is not None:
            strips.append(strip)
            texts.append(picture.text)
    return Strips.of(strips, texts)


def build(
    fonts: Sequence[Path], glyphs: Path, pictures: int, progress: Any, *, seed: int = 0, jobs: int = 2
) -> Strips:
    """Draw `pictures` lines, spoil them, and cut them to strips.

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
    """
    size = 100
    tasks = [(seed * 1_000_003 + k, min(size, pictures - k * size)) for k in range(-(-pictures // size))]
    drawn: list[Strips] = []
    with ProcessPoolExecutor(jobs, initializer=_start, initargs=(fonts, glyphs)) as pool:
        for k, part in enumerate(pool.map(_part, tasks)):
            drawn.append(part)
            progress(min(pictures, (k + 1) * size))
    return Strips.join(drawn)


def real_lines(folders: Sequence[Path]) -> Iterator[tuple[str, npt.NDArray[np.uint8], str]]:
    """Yield (name, strip, text) of every picture in folders of real lines or words.

    A folder holds ``NAME.png`` with ``NAME.gt.txt``, or a table ``labels.tsv`` of names and texts.
    """
    for folder in folders:
        for path, text in _labelled(folder):
            try:
                [picture] = load(path)
            except PictureError:
                continue
            strip = strip_of(picture.pixels, "line")
            if strip is not None and text:
                yield path.stem, strip, text


def _labelled(folder: Path) -> Iterator[tuple[Path, str]]:
    table = folder / "labels.tsv"
    if table.is_file():
        for row in table.read_text("utf-8").splitlines():
            name, _, text = row.partition("\t")
            yield (folder / name).with_suffix(".png"), text.strip()
    for path in sorted(folder.glob("*.gt.txt")):
        text = " ".join(path.read_text("utf-8").split())
        yield path.with_name(path.name.replace(".gt.txt", ".png")), text
