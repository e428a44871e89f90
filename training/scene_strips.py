"""Words drawn on photographs, papers and patterns, cut out like regions of the text finder.

From them, the line network learns to read signs, labels and plates.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from nn.training.strips import Strips
from pipelines.clean.geometry import cut_turned
from pipelines.layout.strips import whole_strip
from training.dataset import Sources, draw_clean, sources
from training.drawn_crops import degraded, placed, written
from training.lines import of_width, strips_of, with_texts
from training.scenery import clutter, ground, photographs

LENGTHS = (1, 13)
"""Least number of characters of a text, and an exclusive bound."""
X_HEIGHTS = (6.0, 48.0)
ASKEW, ROOM = 0.06, 0.25
"""Standard deviation of the corners, and the room around the text, as shares of its height."""
ROWS = (14, 64)
"""Least and largest height of a cut-out text, in pixels."""
CONTRAST = 4.0
"""Least contrast of letters with their surroundings, in levels."""
WHOLE = (26.0, 38.0)
"""Rows of a strip that a picture with a text and room around it is scaled to."""
PITCH = (5, 32)
"""Least and most columns of a strip per character: other strips do not show the text that was drawn."""


def drawn_words(pages: Path, task: tuple[int, int]) -> Strips:
    """Draw the words of one task, (seed, number of strips), on the photographs of a folder."""
    seed, count = task
    rng = np.random.default_rng(seed)
    photos = photographs(pages, False)
    found: list[tuple[list[npt.NDArray[np.uint8]], str]] = []
    while sum(len(strips) for strips, _ in found) < count:
        word = drawn_word(sources(), photos, rng)
        if word is not None:
            cut, text = word
            both = of_width(strips_of(cut, "line"), text, PITCH)
            found.append(([*both, whole_strip(cut, float(rng.uniform(*WHOLE)))], text))
    return with_texts(found)


def drawn_word(
    sources: Sources, photos: list[npt.NDArray[np.uint8]], rng: np.random.Generator
) -> tuple[npt.NDArray[np.uint8], str] | None:
    """Return a picture of a text, uint8 (H, W), dark on light, and the text; None if none can be drawn."""
    x_height = float(np.exp(rng.uniform(*np.log(X_HEIGHTS))))
    clean = draw_clean(sources, rng, LENGTHS, (x_height, 1.02 * x_height))
    if clean is None:
        return None
    side = 320
    image = ground(photos, side, rng)
    if rng.random() < 0.3:
        clutter(image, int(rng.integers(1, 4)), rng)
    taken = np.zeros((side, side), np.uint8)
    matrix, free = placed(clean, taken, float(rng.normal(0, 4)), False, rng)
    lines = written(image, clean, matrix, taken, rng) if free else []
    if len(lines) != 1 or not _is_whole(lines[0].middle, lines[0].height, side):
        return None
    seen = degraded(image, lines[0].height, rng)
    cut, back = _cut(seen, lines[0].middle, lines[0].height, rng)
    ink = cv2.warpPerspective(255 - clean.grey, np.linalg.inv(back) @ matrix, cut.shape[::-1]) > 160
    around = cv2.dilate(ink.astype(np.uint8), np.ones((5, 5), np.uint8)).astype(bool) & ~ink
    if not ink.any() or not around.any():
        return None
    darker = float(cut[around].mean()) - float(cut[ink].mean())
    if abs(darker) < CONTRAST:
        return None
    return (cut if darker > 0 else 255 - cut), clean.text


def _is_whole(middle: npt.NDArray[np.float64], height: float, side: int) -> bool:
    return bool((middle > height / 2).all() and (middle < side - height / 2).all())


def _cut(
    seen: npt.NDArray[np.uint8], middle: npt.NDArray[np.float64], height: float, rng: np.random.Generator
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.float64]]:
    """Cut out a text, deskewed, with random errors of its ends; return it and the matrix back."""
    start, end = middle[0], middle[-1]
    length = max(float(np.hypot(*(end - start))), 1.0)
    along = (end - start) / length
    across = np.array([-along[1], along[0]])
    before, after, above, below = (ROOM + rng.normal(0, ASKEW, 4)) * height
    rows = float(np.exp(rng.uniform(*np.log(ROWS))))
    scale = min(1.0, rows / height)
    corner = start - before * along - (height / 2 + above) * across
    size = (
        max(8, round((length + before + after) * scale)),
        max(8, round((height + above + below) * scale)),
    )
    interpolation = cv2.INTER_AREA if scale < 0.5 else cv2.INTER_LINEAR
    return cut_turned(seen, corner, (along, across), size, scale, interpolation)
