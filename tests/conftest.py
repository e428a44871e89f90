"""Pictures with known letters, drawn with the typeface that Pillow brings."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageDraw, ImageFont

Drawn = Callable[..., npt.NDArray[np.uint8]]


def _drawn(lines: list[str], size: int = 40, margin: int = 30, gap: float = 1.5) -> npt.NDArray[np.uint8]:
    """Return dark text on white, uint8 (H, W)."""
    font = ImageFont.load_default(size)
    longest = max(int(font.getlength(line)) for line in lines)
    image = Image.new("L", (longest + 2 * margin, round(2 * margin + size * gap * len(lines))), 255)
    draw = ImageDraw.Draw(image)
    for k, line in enumerate(lines):
        draw.text((margin, margin + k * size * gap), line, fill=0, font=font)
    return np.asarray(image)


@pytest.fixture
def drawn() -> Drawn:
    return _drawn
