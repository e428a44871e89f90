"""Vertical extents of handwritten characters, for letters without a known baseline."""

from collections.abc import Callable

import numpy as np

from training.render import Hand, Mark

_CAPITAL, _DESCENDER = 1.5, -0.6

# (bottom, top) above the baseline in x-heights, for a writer whose capitals and descenders reach these
EXTENTS: dict[str, tuple[float, float]] = {
    **dict.fromkeys("ABCDEFGHIJKLMNOPRSTUVWXYZ0123456789bdfhkl!", (0.0, _CAPITAL)),
    **dict.fromkeys("acemnorsuvwxz", (0.0, 1.0)),
    **dict.fromkeys("gpqy", (_DESCENDER, 1.0)),
    **dict.fromkeys("()[]{}|", (-0.3, _CAPITAL)),
    "Q": (-0.15, _CAPITAL),
    "t": (0.0, 1.35),
    "i": (0.0, 1.4),
    "j": (_DESCENDER, 1.4),
    "/": (-0.15, _CAPITAL),
    ",": (-0.35, 0.15),
    ".": (0.0, 0.06),
    "'": (1.1, _CAPITAL),
    "+": (0.2, 1.1),
    "<": (0.2, 1.0),
    ">": (0.2, 1.0),
    "-": (0.5, 0.55),
    "=": (0.4, 0.75),
}


def extent_of(character: str, heights: tuple[float, float], rng: np.random.Generator) -> tuple[float, float]:
    """Bottom and top of one instance of a character above the baseline.

    Parameters
    ----------
    character : str
        One of ``EXTENTS``.
    heights : tuple of float
        The writer's descender (negative) and capital, as `writer_heights` gives them.
    rng : numpy.random.Generator

    Returns
    -------
    tuple of float
        In x-heights, upwards from the baseline.
    """
    bottom, top = EXTENTS[character]
    descender, capital = heights
    top = capital * top / _CAPITAL if top > 1.1 else top
    bottom = descender if bottom == _DESCENDER else bottom
    bottom, top = np.array([bottom, top]) * (1 + np.clip(rng.normal(0, 0.06), -0.15, 0.15))
    return float(bottom), float(top)


def writer_heights(rng: np.random.Generator) -> tuple[float, float]:
    """Draw the extents of a writer's descenders and capitals, in x-heights."""
    return -rng.uniform(0.4, 0.8), rng.uniform(1.3, 1.85)


def writing_hand(
    mark: Callable[[str], Mark], heights: tuple[float, float], x_height: float, rng: np.random.Generator
) -> Hand:
    """Make a `Hand` that draws with `mark`, with random spaces and line distances."""
    return Hand(
        mark=mark,
        kern=lambda first, second: 0.0,
        x_height=x_height,
        cap_height=heights[1] * x_height,
        space=rng.uniform(0.6, 1.1) * x_height,
        line_height=rng.uniform(2.6, 3.6) * x_height,
    )
