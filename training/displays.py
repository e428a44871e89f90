"""Text of displays and printers: seven-segment digits, dot-matrix characters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from nn.training.strips import Strips
from training.degrade import degrade
from training.fonts import FontFile, load_fonts, usable_characters
from training.lines import strips_of, with_texts
from training.render import Rendered, render_lines
from training.text import fit, load_words, random_line

DOTS = {"press-start-2p": 8, "silkscreen": 8, "vt323": 16, "dotgothic16": 16, "pixelify-sans": 10}
"""Families whose characters are made of squares, with the em size at which a square is a pixel."""
BAR_SHARE = 0.45
"""Share of seven-segment text."""
DOT_PITCH, DOT_RADIUS = (3, 9), (0.28, 0.62)
"""Distance of dots in pixels, and their radius as a share of it."""


def bar_faces(folder: Path) -> list[FontFile]:
    """Return the seven-segment faces of the npm package ``dseg`` (OFL-1.1), installed in a folder."""
    paths = sorted((folder / "node_modules" / "dseg" / "fonts").glob("DSEG7-*/*.ttf"))
    usual = [path for path in paths if "CHAN" not in path.name]
    return [FontFile(path, path.parent.name, "print", 400, "normal", "OFL-1.1") for path in usual]


def number(rng: np.random.Generator) -> str:
    """Make up text of seven-segment displays: times, measures, counts, dates, prices."""
    kind = int(rng.integers(6))
    if kind == 0:
        end = f":{rng.integers(60):02}" if rng.random() < 0.3 else ""
        return f"{rng.integers(24):02}:{rng.integers(60):02}{end}"
    if kind == 1:
        sign, places = "-" if rng.random() < 0.25 else "", int(rng.integers(1, 4))
        return f"{sign}{rng.integers(1000)}.{rng.integers(10**places):0{places}}"
    if kind == 2:
        return f"{rng.integers(13):02}-{rng.integers(32):02}"
    count = 10 ** int(rng.integers(1, 9))
    return f"{rng.integers(count):0{int(rng.integers(1, 7))}}"


def bars(faces: Sequence[FontFile], rng: np.random.Generator) -> Rendered:
    """Draw a number as on a seven-segment display."""
    face = faces[int(rng.integers(len(faces)))]
    return render_lines(
        [number(rng)], face, int(rng.integers(14, 90)), rng, spacing=float(rng.normal(0, 0.04))
    )


def dots(faces: Sequence[FontFile], words: Sequence[str], rng: np.random.Generator) -> Rendered | None:
    """Draw a line as a dot-matrix printer or display; None if the face cannot draw any of it.

    Parameters
    ----------
    faces : sequence of FontFile
        Faces of the families in `DOTS`.
    words : sequence of str
    rng : numpy.random.Generator
    """
    face = faces[int(rng.integers(len(faces)))]
    text = fit(random_line(words, int(rng.integers(3, 32)), rng), usable_characters(face))
    if not text:
        return None
    drawn = render_lines([text], face, DOTS[face.family], rng)
    pitch = int(rng.integers(*DOT_PITCH))
    radius = float(rng.uniform(*DOT_RADIUS)) * pitch
    squares = drawn.grey < 128
    rows, columns = np.mgrid[: 4 * pitch, : 4 * pitch] / 4.0 + 0.125 - pitch / 2
    dot = (np.hypot(rows, columns) < radius).astype(np.float32)
    dot = cv2.resize(dot, (pitch, pitch), interpolation=cv2.INTER_AREA)
    ink = np.kron(squares.astype(np.float32), dot)
    if rng.random() < 0.5:
        ink *= np.kron(1 - rng.uniform(0, 0.5) * rng.random(squares.shape), np.ones((pitch, pitch)))
    owner = np.asarray(cv2.resize(drawn.owner, ink.shape[::-1], interpolation=cv2.INTER_NEAREST), np.int32)
    [line] = drawn.lines
    sized = replace(
        line,
        baseline=line.baseline * pitch,
        x_height=line.x_height * pitch,
        cap_height=line.cap_height * pitch,
    )
    grey: npt.NDArray[np.uint8] = np.asarray(255 - 255 * ink, np.uint8)
    return replace(drawn, grey=grey, owner=owner, lines=(sized,))


def build(bar_folder: Path, fonts: Sequence[Path], pictures: int, seed: int = 0) -> Strips:
    """Draw this many seven-segment numbers and dot-matrix lines, degrade them, and cut them to strips.

    Parameters
    ----------
    bar_folder : Path
        Where the npm package ``dseg`` is installed.
    fonts : sequence of Path
        Folders of typefaces, those in `DOTS` among them.
    pictures : int
    seed : int
    """
    bar, dot = bar_faces(bar_folder), [face for face in load_fonts(*fonts) if face.family in DOTS]
    words, rng = load_words(), np.random.default_rng(seed)

    def degraded() -> Iterator[tuple[list[npt.NDArray[np.uint8]], str]]:
        for _ in range(pictures):
            drawn = bars(bar, rng) if rng.random() < BAR_SHARE else dots(dot, words, rng)
            if drawn is not None:
                kind = ("mild", "scan", "photo")[int(rng.integers(3))]
                grey = degrade(drawn, rng, kind).grey  # type: ignore[arg-type]
                yield strips_of(grey, "line"), drawn.text

    return with_texts(degraded())
