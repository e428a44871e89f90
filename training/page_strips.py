"""Strips of lines of annotated pages, such as those of FUNSD."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import numpy.typing as npt

from nn.errors import DataError
from nn.training.strips import Strips
from training.lines import WIDEST, plain_text, strips_of, with_texts
from training.scenery import grey_of, is_held_out
from training.text import CHARACTERS

LEAST = 6
"""Least height of words, in pixels."""
LEVEL, APART = 0.45, 2.5
"""Largest difference of height, and largest gap, of words in one line, in their heights."""
HIGHEST, ROOM = 60, 0.15
"""Largest height of lines, in pixels, and the room around a line, in its heights."""
PITCH = (4, 34)
"""Least and most columns of a strip per character: other strips do not show their text."""

Words = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class MarkedLine:
    """A line of annotated words: left, top, right and bottom in pixels, and the text."""

    box: tuple[int, int, int, int]
    text: str


def lines_of(words: Words) -> Iterator[MarkedLine]:
    """Yield the lines of words, each with a box, a text and a field, in the order in which they are read.

    Words make a line if they are of one field and next to each other.
    """
    line: Words = []
    for word in words:
        if line and not _goes_on(line[-1], word):
            yield _joined(line)
            line = []
        left, top, right, bottom = word["box"]
        if plain_text(word["text"]) and bottom - top >= LEAST and right > left:
            line.append(word)
        elif line:
            yield _joined(line)
            line = []
    if line:
        yield _joined(line)


def _goes_on(word: dict[str, Any], after: dict[str, Any]) -> bool:
    (_, top, right, bottom), (left, other_top, _, other_bottom) = word["box"], after["box"]
    heights = bottom - top, max(1, other_bottom - other_top)
    is_level = abs(top + bottom - other_top - other_bottom) / 2 < LEVEL * min(heights)
    return bool(word["field"] == after["field"] and is_level and -2 < left - right < APART * max(heights))


def _joined(line: Words) -> MarkedLine:
    sides = np.array([word["box"] for word in line])
    box = (*sides[:, :2].min(axis=0).tolist(), *sides[:, 2:].max(axis=0).tolist())
    return MarkedLine(box, " ".join(plain_text(word["text"]) for word in line))


def page_strips(path: Path) -> Strips:
    """Cut the lines of all pages of a zip to strips; every twelfth page is for validation.

    Parameters
    ----------
    path : Path
        A zip of pictures, ``NAME.webp``, each with a ``NAME.json``: ``size``, and ``words`` with ``box``,
        ``text`` and ``field``.

    Raises
    ------
    DataError
        If there is no usable line.
    """
    parts: list[Strips] = []
    with ZipFile(path) as file:
        names = sorted(name for name in file.namelist() if name.endswith(".json"))
        for name, held in zip(names, is_held_out(names), strict=True):
            told = json.loads(file.read(name))
            page = grey_of(file.read(f"{name.removesuffix('.json')}.webp"))
            scale = np.array(page.shape[::-1]) / told["size"]
            found = [(_strips(page, line, scale), line.text) for line in lines_of(told["words"])]
            if any(strips for strips, _ in found):
                part = with_texts(found)
                parts.append(replace(part, split=np.full(len(part), "val" if held else "train")))
    if not parts:
        raise DataError(f"{path}: no line whose words are marked")
    return Strips.join(parts)


def _strips(
    page: npt.NDArray[np.uint8], line: MarkedLine, scale: npt.NDArray[np.floating]
) -> list[npt.NDArray[np.uint8]]:
    left, top, right, bottom = line.box
    if bottom - top > HIGHEST or len(line.text) < 2 or set(line.text) - set(CHARACTERS + " "):
        return []
    room = ROOM * (bottom - top)
    sides = np.array([[left - room, top - room], [right + room, bottom + room]]) * scale
    (x0, y0), (x1, y1) = np.maximum(sides, 0).astype(int)
    found = strips_of(np.ascontiguousarray(page[y0 : y1 + 1, x0 : x1 + 1]), "line")
    low, high = PITCH[0] * len(line.text), min(PITCH[1] * len(line.text), WIDEST)
    return [strip for strip in found if low <= strip.shape[1] <= high]
