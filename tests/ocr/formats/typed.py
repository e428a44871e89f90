"""Pages that are made from a text as a typewriter puts it down."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ocr.document import Alternative, Box, Glyph, Line, Page, Word

IMAGE = np.zeros((28, 28), np.uint8)
CAPITAL, PITCH, STEP = 12, 24, 10
"""Height of capitals, lines and letters, in pixels."""
LOW, HANGING = frozenset("acemnorsuvwxz"), frozenset("gpqy")


def typed(text: str, times: Mapping[int, int] | None = None, slope: float = 0.0) -> Page:
    """Return a page whose letters are 8 pixels wide and 2 apart.

    Parameters
    ----------
    text : str
        An empty line is white.
    times : mapping of int to int, optional
        So many times as high are the letters of these lines.
    slope : float
        Rows that lines go down for each column.
    """
    rows = text.strip("\n").split("\n")
    lines = (
        _line(row, 40 + PITCH * k, (times or {}).get(k, 1), slope)
        for k, row in enumerate(rows)
        if row.strip()
    )
    width = 60 + STEP * max(map(len, rows))
    return Page(tuple(lines), max(400, width), 80 + max(320, PITCH * len(rows)))


def _line(row: str, foot: int, times: int, slope: float) -> Line:
    starts = [k for k, c in enumerate(row) if c != " " and row[k - 1 : k] in ("", " ")]
    return Line(tuple(_word(row[start:].split(" ")[0], start, foot, times, slope) for start in starts))


def _word(text: str, column: int, foot: int, times: int, slope: float) -> Word:
    glyphs = tuple(_glyph(c, 30 + STEP * (column + n), foot, times, slope) for n, c in enumerate(text))
    return Word(glyphs, 0.9, (Alternative(text, 0.9),))


def _glyph(text: str, left: int, foot: int, times: int, slope: float) -> Glyph:
    height = 0.7 if text in LOW else 0.95 if text in HANGING else 0.2 if text in ".,-_" else 1.0
    bottom = foot + round(slope * (left + 4)) + round(0.25 * CAPITAL * (text in HANGING))
    left -= round(slope * foot)
    top = bottom - max(1, round(height * CAPITAL)) * times
    return Glyph(text, Box(left, top, left + 8, bottom), 0.9, (Alternative(text, 0.9),), IMAGE)
