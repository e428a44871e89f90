"""Text as displays and printers put it together: digits of seven bars, characters of dots."""

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
"""Families whose characters are made of squares, and the pixels to the em at which a square is a pixel."""
BAR_SHARE = 0.45
"""How much of what is drawn is made of bars."""
PITCH, ROUND = (3, 9), (0.28, 0.62)
"""Pixels from dot to dot, and the radius of dots, as a share of that."""


def bar_faces(folder: Path) -> list[FontFile]:
    """Return the faces of seven bars in the npm package ``dseg`` (OFL-1.1), installed in a folder."""
    paths = sorted((folder / "node_modules" / "dseg" / "fonts").glob("DSEG7-*/*.ttf"))
    usual = [path for path in paths if "CHAN" not in path.name]
    return [FontFile(path, path.parent.name, "print", 400, "normal", "OFL-1.1") for path in usual]


def number(rng: np.random.Generator) -> str:
    """Make up what displays of seven bars show: times, measures, counts, dates, prices."""
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
    """Draw a number as a display of seven bars shows it."""
    face = faces[int(rng.integers(len(faces)))]
    return render_lines(
        [number(rng)], face, int(rng.integers(14, 90)), rng, spacing=float(rng.normal(0, 0.04))
    )


def dots(faces: Sequence[FontFile], words: Sequence[str], rng: np.random.Generator) -> Rendered | None:
    """Draw a line as a printer of dots does, or a display; None where the face cannot draw any of it.

    Parameters
    ----------
    faces : sequence of FontFile
        Of the families in `DOTS`.
    words : sequence of str
    rng : numpy.random.Generator
    """
    face = faces[int(rng.integers(len(faces)))]
    text = fit(random_line(words, int(rng.integers(3, 32)), rng), usable_characters(face))
    if not text:
        return None
    drawn = render_lines([text], face, DOTS[face.family], rng)
    pitch = int(rng.integers(*PITCH))
    radius = float(rng.uniform(*ROUND)) * pitch
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
    """Draw so many numbers and lines of bars and dots, spoil them, and cut them to strips.

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

    def spoilt() -> Iterator[tuple[list[npt.NDArray[np.uint8]], str]]:
        for _ in range(pictures):
            drawn = bars(bar, rng) if rng.random() < BAR_SHARE else dots(dot, words, rng)
            if drawn is not None:
                kind = ("mild", "scan", "photo")[int(rng.integers(3))]
                grey = degrade(drawn, rng, kind).grey  # type: ignore[arg-type]
                yield strips_of(grey, "line"), drawn.text

    return with_texts(spoilt())
