"""Renders lines of text character by character, so that the owner of every ink pixel is known."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from training.fonts import FontFile, draws, open_font, usable_characters

_OWNED_INK = 48  # of 255: fainter pixels at a character's rim count as paper


@dataclass(frozen=True)
class LineGeometry:
    """Where a line stands, in pixels.

    Parameters
    ----------
    baseline : float
        Row of the baseline at column 0.
    slope : float
        Rows that the baseline goes down for each column to the right; 0 as rendered.
    x_height, cap_height : float
        Height of ``x`` and of ``H`` above the baseline.
    first, last : int
        The line's characters are ``characters[first:last]``.
    """

    baseline: float
    slope: float
    x_height: float
    cap_height: float
    first: int
    last: int


@dataclass(frozen=True)
class Rendered:
    """A picture of text, and the owner of every pixel.

    Parameters
    ----------
    grey : ndarray of uint8, shape (H, W)
        Dark ink on light paper, as rendered.
    owner : ndarray of int32, shape (H, W)
        0 on paper, k on the ink of ``characters[k - 1]``.
    characters : tuple of str
        Every character but the spaces, in reading order.
    lines : tuple of LineGeometry
    text : str
        The text, with spaces, and line breaks between lines.
    """

    grey: NDArray[np.uint8]
    owner: NDArray[np.int32]
    characters: tuple[str, ...]
    lines: tuple[LineGeometry, ...]
    text: str


@dataclass(frozen=True)
class Jitter:
    """Random variation of characters: standard deviations.

    Parameters
    ----------
    baseline, spacing : float
        In x-heights.
    size : float
        Relative.
    rotation, slant : float
        In degrees.
    drift : float
        Drift of a line from its baseline, in x-heights.
    """

    baseline: float = 0.0
    spacing: float = 0.0
    size: float = 0.0
    rotation: float = 0.0
    slant: float = 0.0
    drift: float = 0.0


STEADY = Jitter()
HAND = Jitter(baseline=0.05, spacing=0.06, size=0.05, rotation=2.0, slant=2.5, drift=0.1)


@dataclass(frozen=True)
class Mark:
    """The ink of one character.

    Parameters
    ----------
    ink : ndarray of uint8, shape (h, w)
        255 where fully inked.
    left, top : float
        Offset of the picture's left edge from the pen, and of its top edge from the baseline, downwards.
    advance : float
        How far the pen moves.
    """

    ink: NDArray[np.uint8]
    left: float
    top: float
    advance: float


@dataclass(frozen=True)
class Hand:
    """A source of drawn characters: a face at a size, or a writer's pen.

    Parameters
    ----------
    mark : callable
        From a character to its `Mark`.
    kern : callable
        From two neighbours to the kerning that is added to the first one's advance.
    x_height, cap_height, space, line_height : float
        In pixels; `space` is the advance of a blank.
    """

    mark: Callable[[str], Mark]
    kern: Callable[[str, str], float]
    x_height: float
    cap_height: float
    space: float
    line_height: float


def render_lines(
    lines: Sequence[str],
    font: FontFile,
    size: int,
    rng: np.random.Generator,
    *,
    spacing: float = 0.0,
    line_height: float = 1.25,
    jitter: Jitter = STEADY,
) -> Rendered:
    """Draw `lines` in one face.

    Parameters
    ----------
    lines : sequence of str
        Blanks and characters that the face draws (`training.fonts.draws`).
    font : FontFile
    size : int
        Pixels to the em.
    rng : numpy.random.Generator
    spacing : float
        Added after every character, in x-heights; with negative values neighbours touch.
    line_height : float
        From baseline to baseline, in ems.
    jitter : Jitter

    Raises
    ------
    ValueError
        If the face cannot draw one of the characters, or there are none.
    """
    unknown = {c for line in lines for c in line if not draws(font, c)} - {" "}
    if unknown:
        raise ValueError(f"{font.family} cannot draw {''.join(sorted(unknown))!r}")
    x_height, cap_height = face_heights(font, size)
    opened = open_font(font, size)
    narrowest = 0.35 if jitter == STEADY else 0.65
    hand = Hand(
        mark=lambda character: glyph_mark(font, size, character),
        kern=lambda first, second: _kern(font, size, first, second),
        x_height=x_height,
        cap_height=cap_height,
        space=min(max(opened.getlength(" "), narrowest * x_height), 1.6 * x_height),
        line_height=line_height * size,
    )
    return compose(lines, hand, rng, spacing=spacing, jitter=jitter)


@lru_cache(maxsize=4096)
def face_heights(font: FontFile, size: int) -> tuple[float, float]:
    """x-height and cap height of a face in pixels; of a face of capitals the first is 0.7 of the second."""
    cap_height = float(-glyph_mark(font, size, "H").top)
    if "x" not in usable_characters(font):
        return 0.7 * cap_height, cap_height
    return float(-glyph_mark(font, size, "x").top), cap_height


def size_for_x_height(font: FontFile, x_height: float) -> int:
    """Pixels to the em at which the face's x-height is `x_height` pixels."""
    return max(6, round(200 * x_height / face_heights(font, 200)[0]))


@lru_cache(maxsize=30_000)
def glyph_mark(font: FontFile, size: int, character: str) -> Mark:
    """One character of a face, `size` pixels to the em, cropped to its ink."""
    opened = open_font(font, size)
    mask, (left, top) = opened.getmask2(character, mode="L", anchor="ls")
    ink = np.array(mask, np.uint8).reshape(mask.size[::-1])
    return _trimmed(Mark(ink, left, top, opened.getlength(character)))


def _trimmed(mark: Mark) -> Mark:
    rows, columns = (np.flatnonzero(mark.ink.any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return mark
    ink = mark.ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return replace(mark, ink=ink, left=mark.left + columns[0], top=mark.top + rows[0])


@lru_cache(maxsize=60_000)
def _kern(font: FontFile, size: int, first: str, second: str) -> float:
    if first == "f":  # would be measured as a ligature
        return 0.0
    opened = open_font(font, size)
    pair = opened.getlength(first + second)
    alone = opened.getlength(first) + opened.getlength(second)
    return float(np.clip(pair - alone, -0.2 * size, 0.1 * size))


def compose(
    lines: Sequence[str],
    hand: Hand,
    rng: np.random.Generator,
    *,
    spacing: float = 0.0,
    jitter: Jitter = STEADY,
) -> Rendered:
    """Set `lines` one below the other with `hand`, and record the owner of all ink.

    Parameters
    ----------
    lines : sequence of str
    hand : Hand
    rng : numpy.random.Generator
    spacing : float
        Added after every character, in x-heights.
    jitter : Jitter

    Raises
    ------
    ValueError
        If there is nothing but blanks in `lines`.
    """
    placed: list[Mark] = []
    geometry: list[LineGeometry] = []
    for number, line in enumerate(line for line in lines if line.strip()):
        baseline = number * hand.line_height
        first = len(placed)
        placed += _set_line(line.strip(), baseline, hand, rng, spacing, jitter)
        geometry.append(LineGeometry(baseline, 0.0, hand.x_height, hand.cap_height, first, len(placed)))
    if not placed:
        raise ValueError("there is nothing to draw")
    margin = round(hand.x_height * rng.uniform(0.6, 1.6)) + 2
    left = round(min(mark.left for mark in placed)) - margin
    top = round(min(mark.top for mark in placed)) - margin
    right = round(max(mark.left + mark.ink.shape[1] for mark in placed)) + margin
    bottom = round(max(mark.top + mark.ink.shape[0] for mark in placed)) + margin
    moved = [replace(mark, left=mark.left - left, top=mark.top - top) for mark in placed]
    grey, owner = _stack(moved, (bottom - top, right - left))
    characters = tuple(character for line in lines for character in line if character != " ")
    lowered = tuple(replace(line, baseline=line.baseline - top) for line in geometry)
    text = "\n".join(" ".join(line.split()) for line in lines if line.strip())
    return Rendered(grey, owner, characters, lowered, text)


def _set_line(
    line: str, baseline: float, hand: Hand, rng: np.random.Generator, spacing: float, jitter: Jitter
) -> list[Mark]:
    """The marks of one line, `left` and `top` counted from the page's origin."""
    placed = []
    pen = 0.0
    phase, pace = rng.uniform(0, 6.28), rng.uniform(0.2, 0.6) / (8 * hand.x_height)
    blank = hand.space * (1 + rng.uniform(-0.25, 0.8) * bool(jitter.spacing))
    for character, following in zip(line, line[1:] + " ", strict=True):
        if character == " ":
            pen += blank * max(0.6, 1 + 3 * jitter.spacing * rng.normal()) + spacing * hand.x_height
            continue
        mark = hand.mark(character)
        if jitter != STEADY:
            mark = _shaken(mark, jitter, rng)
        wander = jitter.drift * np.sin(phase + 6.28 * pace * pen) + jitter.baseline * rng.normal()
        placed.append(replace(mark, left=pen + mark.left, top=baseline + mark.top + hand.x_height * wander))
        gap = spacing + jitter.spacing * rng.normal()
        kern = hand.kern(character, following) if following != " " else 0.0
        pen += max(mark.advance + kern + gap * hand.x_height, 0.15 * hand.x_height)
    return placed


def _shaken(mark: Mark, jitter: Jitter, rng: np.random.Generator) -> Mark:
    """Rotate, shear and scale a mark about its point on the baseline."""
    turn, lean = np.radians(rng.normal(size=2) * (jitter.rotation, jitter.slant))
    width, height = np.exp(rng.normal(size=2) * jitter.size)
    linear = np.array([[width, -height * lean], [turn * width, height]])
    rows, columns = mark.ink.shape
    corners = np.array([[0, columns, 0, columns], [mark.top, mark.top, mark.top + rows, mark.top + rows]])
    middle = np.array([[columns / 2], [0.0]])
    moved = linear @ (corners - middle) + middle
    low, high = np.floor(moved.min(axis=1)) - 1, np.ceil(moved.max(axis=1)) + 1
    shift = linear @ (np.array([[0.0], [mark.top]]) - middle) + middle - low[:, None]
    extent = (int(high[0] - low[0]), int(high[1] - low[1]))
    ink = cv2.warpAffine(mark.ink, np.hstack([linear, shift]), extent, flags=cv2.INTER_LINEAR)
    return Mark(ink.astype(np.uint8, copy=False), mark.left + low[0], low[1], mark.advance * width)


def _stack(marks: list[Mark], shape: tuple[int, int]) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    clear = np.ones(shape, np.float32)
    most = np.full(shape, _OWNED_INK - 1, np.uint8)
    owner = np.zeros(shape, np.int32)
    for number, mark in enumerate(marks, start=1):
        rows, columns = mark.ink.shape
        top, left = round(mark.top), round(mark.left)
        window = np.s_[top : top + rows, left : left + columns]
        floor = most[window] if mark.ink.max(initial=0) >= 2 * _OWNED_INK else most[window] // 4
        won = mark.ink > floor
        owner[window][won] = number
        most[window][won] = mark.ink[won]
        clear[window] *= 1 - mark.ink / np.float32(255)
    return np.rint(255 * clear).astype(np.uint8), owner
