"""The baseline of a line of text."""

from __future__ import annotations

import numpy as np

from ocr.document import Box, Line, Page
from ocr.formats.upright import turned, upright, upright_size
from pipelines.median import median

HANGING = frozenset("gjpqyJQ,;()[]{}|/\\_@$&§µ")
RAISED = frozenset("'\"`^*~-=+°<>‘’“”–—•·")

Point = tuple[int, int]


def baseline(line: Line) -> tuple[float, float]:
    """Return the slope of a line's baseline, positive downwards, and its y at the line's left end.

    It is fitted to the bottoms of the letters that stand on it (least squares).

    Parameters
    ----------
    line : Line
        Of an upright page.
    """
    box = line.box
    glyphs = [glyph for word in line.words for glyph in word.glyphs]
    feet = [glyph.box for glyph in glyphs if glyph.text not in HANGING | RAISED]
    if not feet:
        return 0.0, float(box.bottom)
    x = np.array([(foot.left + foot.right) / 2 - box.left for foot in feet])
    y = np.array([foot.bottom for foot in feet], float)
    if np.ptp(x) < max(1, 2 * box.height):
        return 0.0, median(y)
    slope, offset = np.polyfit(x, y, 1)
    return float(slope), float(offset)


def baseline_ends(line: Line, page: Page, turns: int) -> tuple[Point, Point]:
    """Return the baseline's first and last point in the picture as loaded, where `line` and `page` are."""
    [standing] = upright(Page((line,), page.width, page.height), turns).lines
    width, height = upright_size(page, turns)
    slope, offset = baseline(standing)
    points = []
    for x in (standing.box.left, standing.box.right):
        y = min(height, max(0, round(offset + slope * (x - standing.box.left))))
        point = turned(Box(x, y, x, y), width, height, -turns)
        points.append((point.left, point.top))
    return points[0], points[1]
