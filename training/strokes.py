"""Lines of text drawn with the recorded strokes of pens."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from training.composed import COMPOSED, Part
from training.extents import EXTENTS, extent_of, writer_heights, writing_hand
from training.render import HAND, Jitter, Mark, Rendered, compose

Points = NDArray[np.float32]
Symbol = tuple[Points, ...]

_NAMES = {"\\lt": "<", "\\gt": ">", "\\prime": "'", "\\{": "{", "\\}": "}"}
_FINE = 4  # strokes are drawn this many times larger and averaged down
_STEPS = 30  # points along the longest stroke of a character


@dataclass(frozen=True)
class Strokes:
    """Recorded characters.

    Parameters
    ----------
    symbols : dict
        From a character to its writers, from a writer to the characters written: each a tuple of
        polylines, float32 (n, 2), x to the right and y down, in a unit of its own.
    """

    symbols: dict[str, dict[str, list[Symbol]]]

    @property
    def characters(self) -> frozenset[str]:
        """The characters that can be drawn: recorded ones and those composed of them."""
        return frozenset(self.symbols) | frozenset(COMPOSED)


@dataclass(frozen=True)
class Pen:
    """Properties of one writer's pen: lengths in x-heights, `slant` in columns per row upwards."""

    width: float
    pressure: float
    slant: float
    gap: float
    heights: tuple[float, float]


def load_strokes(folder: Path) -> Strokes:
    """Read ``crohme2016_strokes.npz`` and ``chars74k_hnd_strokes.npz`` from a folder of glyph files.

    Only writers of the train split of ``hand.npz``, in the same folder, are taken.
    """
    sources = {"crohme2016_strokes.npz": "crohme2016_alnum", "chars74k_hnd_strokes.npz": "chars74k_hnd"}
    symbols: dict[str, dict[str, list[Symbol]]] = {}
    with np.load(folder / "hand.npz") as hand:
        trained, source, group = hand["split"] == "train", hand["source"], hand["group"]
    for file, name in sources.items():
        writers = set(group[trained & (source == name)].tolist())
        for character, writer, symbol in _recorded(folder / file):
            if character in EXTENTS and writer in writers:
                symbols.setdefault(character, {}).setdefault(f"{name}/{writer}", []).append(symbol)
    return Strokes(symbols)


def _recorded(path: Path) -> Iterator[tuple[str, str, Symbol]]:
    with np.load(path) as file:
        labels, writers = file["labels"].tolist(), file["writer"].tolist()
        points = file["xy"].astype(np.float32)
        strokes = np.split(points, np.cumsum(file["stroke_len"])[:-1])
        ends = np.cumsum(file["n_strokes"]).tolist()
    for label, writer, start, end in zip(labels, writers, [0, *ends[:-1]], ends, strict=True):
        yield _NAMES.get(label, label), str(writer), tuple(strokes[start:end])


def render_strokes(
    lines: Sequence[str],
    strokes: Strokes,
    x_height: float,
    rng: np.random.Generator,
    *,
    spacing: float = 0.0,
    jitter: Jitter = HAND,
) -> Rendered:
    """Draw `lines` as one writer would, with one pen.

    Characters that the chosen writer did not write are taken from another one, always the same.

    Parameters
    ----------
    lines : sequence of str
        Blanks and characters of ``strokes.characters``.
    strokes : Strokes
    x_height : float
        In pixels.
    rng : numpy.random.Generator
    spacing : float
        Added after every character, in x-heights.
    jitter : Jitter

    Raises
    ------
    ValueError
        If there are other characters in `lines`, or none.
    """
    text = sorted({c for line in lines for c in line} - {" "})
    if not strokes.characters.issuperset(text):
        raise ValueError(f"nobody wrote {''.join(sorted(set(text) - strokes.characters))!r}")
    written = _one_hand(strokes, text, rng)
    pen = _choose_pen(rng)

    def mark(character: str) -> Mark:
        return _draw(_shape(character, written, pen, rng), x_height, pen, rng)

    hand = writing_hand(mark, pen.heights, x_height, rng)
    return compose(lines, hand, rng, spacing=spacing, jitter=jitter)


def _one_hand(strokes: Strokes, text: list[str], rng: np.random.Generator) -> dict[str, list[Symbol]]:
    """Return the characters of `text` from as few writers as possible."""
    parts = {part.shape for c in text for part in COMPOSED.get(c, ()) if isinstance(part.shape, str)}
    needed = sorted((parts | set(text)) & strokes.symbols.keys())
    known = sorted({writer for c in needed for writer in strokes.symbols[c]})
    writer = known[rng.integers(len(known))] if known else ""
    chosen = {}
    for character in needed:
        writers = strokes.symbols[character]
        chosen[character] = writers.get(writer) or list(writers.values())[rng.integers(len(writers))]
    return chosen


def _choose_pen(rng: np.random.Generator) -> Pen:
    widths = (rng.uniform(0.08, 0.16), rng.uniform(0.14, 0.22), rng.uniform(0.22, 0.36))
    return Pen(
        width=float(rng.choice(widths, p=(0.5, 0.35, 0.15))),
        pressure=rng.uniform(0, 0.25),
        slant=float(np.tan(np.radians(np.clip(rng.normal(0, 6), -15, 20)))),
        gap=rng.uniform(0.15, 0.4),
        heights=writer_heights(rng),
    )


def _shape(
    character: str, written: dict[str, list[Symbol]], pen: Pen, rng: np.random.Generator
) -> list[Points]:
    """A character's polylines in x-heights, y upwards from the baseline."""
    if character in written:
        lines = _smooth(_any_of(written[character], rng))
        bottom, top = extent_of(character, pen.heights, rng)
        lines = _boxed(lines, 0, bottom, _width(lines, character, top - bottom, rng), top - bottom)
    else:
        lines = [line for part in COMPOSED[character] for line in _part(part, written, rng)]
    upright = np.array([[1, 0], [pen.slant, 1]], np.float32)
    return [line @ upright for line in lines]


def _any_of(symbols: list[Symbol], rng: np.random.Generator) -> Symbol:
    return symbols[rng.integers(len(symbols))]


def _part(part: Part, written: dict[str, list[Symbol]], rng: np.random.Generator) -> list[Points]:
    if isinstance(part.shape, str):
        lines = _smooth(_any_of(written[part.shape], rng))
    else:
        points = np.array(part.shape, np.float32) * (1, -1) + rng.normal(0, 0.03, (len(part.shape), 2))
        lines = _smooth((points.astype(np.float32),))
    left, bottom, width, height = part.box + rng.normal(0, 0.02, 4) * (1, 1, 0, 0)
    return _boxed(lines, left, bottom, width, height)


def _width(lines: list[Points], character: str, height: float, rng: np.random.Generator) -> float:
    """Return the width of a character that is `height` high: in proportion, within limits."""
    if character in "-=":
        return rng.uniform(0.5, 0.9)
    if character == ".":
        return 0.06
    reach = np.ptp(np.concatenate(lines), axis=0)
    limit = {"m": 2.0, "w": 2.0, "M": 1.2, "W": 1.3}.get(character, 1.0) * max(height, 0.9)
    return float(min(reach[0] / max(reach[1], 1e-6) * height, limit * 1.1))


def _boxed(lines: list[Points], left: float, bottom: float, width: float, height: float) -> list[Points]:
    """Fit polylines with y down into a box with y up; flat ones stay thin."""
    every = np.concatenate(lines)
    low, high = every.min(axis=0), every.max(axis=0)
    reach = high - low
    scale = np.array([width, -height]) / np.maximum(reach, 1e-6 + 0.02 * reach.max())
    return [((line - (low[0], high[1])) * scale + (left, bottom)).astype(np.float32) for line in lines]


def _smooth(symbol: Symbol) -> list[Points]:
    """Return polylines resampled evenly and smoothed."""
    lengths = [float(np.hypot(*np.diff(stroke, axis=0).T).sum()) for stroke in symbol]
    smooth = []
    for stroke, length in zip(symbol, lengths, strict=True):
        if length == 0:
            smooth.append(stroke[:1].repeat(2, axis=0))
            continue
        count = max(6, round(_STEPS * length / max(lengths)))
        travelled = np.r_[0, np.hypot(*np.diff(stroke, axis=0).T).cumsum()]
        at = np.linspace(0, length, count)
        even = np.stack([np.interp(at, travelled, stroke[:, axis]) for axis in (0, 1)], axis=1)
        smooth.append(gaussian_filter1d(even, 0.8, axis=0, mode="nearest").astype(np.float32))
    return smooth


def _draw(lines: list[Points], x_height: float, pen: Pen, rng: np.random.Generator) -> Mark:
    """Draw polylines, in x-heights with y up, as ink in pixels."""
    edge = pen.width * x_height * (1 + 2 * pen.pressure) / 2 + 1
    every = np.concatenate(lines) * (x_height, -x_height)
    low, high = np.floor(every.min(axis=0) - edge), np.ceil(every.max(axis=0) + edge)
    columns, rows = (high - low).astype(int)
    canvas = np.zeros((rows * _FINE, columns * _FINE), np.uint8)
    for line in lines:
        points = np.rint((line * (x_height, -x_height) - low) * _FINE).astype(np.int32)
        course = np.sin(rng.uniform(0, 6.28) + np.linspace(0, rng.uniform(2, 6), len(points)))
        widths = np.rint(_FINE * x_height * pen.width * (1 + pen.pressure * course)).astype(int)
        segments = zip(points[:-1].tolist(), points[1:].tolist(), widths[1:].tolist(), strict=True)
        for start, end, width in segments:
            cv2.line(canvas, start, end, 255, max(2, width))
    ink = cv2.resize(canvas, (int(columns), int(rows)), interpolation=cv2.INTER_AREA)
    gap = pen.gap * x_height
    return Mark(ink.astype(np.uint8, copy=False), gap / 2, low[1], columns - 2 * edge + gap)
