"""Cut-outs of one line, on which parts of others show."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

import ocr
from pipelines.layout.lines import find_lines, lines_apart
from pipelines.pipeline import PRESETS
from pipelines.sources.load import load

PARAGRAPH = Path(__file__).parents[2] / "samples" / "paragraph.png"
HEIGHT = 30.0


def rows(*bottoms: int, count: int = 12) -> np.ndarray:
    """Return boxes of letters on lines with these bottoms, int32 (N, 4)."""
    left = 20 + 26 * np.arange(count)
    lines = [np.column_stack([left, 0 * left + b - 30, left + 20, 0 * left + b]) for b in bottoms]
    return np.concatenate(lines).clip(min=0).astype(np.int32)


def apart(boxes: np.ndarray, height: int) -> list[list[int]]:
    found = lines_apart(boxes, find_lines(boxes, HEIGHT), HEIGHT, height)
    return [sorted(line.tolist()) for line in found]


def test_whole_lines_are_kept_and_those_cut_off_are_not() -> None:
    boxes = rows(20, 80, 140)
    assert apart(boxes, 200) == [list(range(12, 24)), list(range(24, 36))]
    assert apart(np.minimum(boxes, [999, 999, 999, 130]), 130) == [list(range(12, 24))]


def test_one_line_and_what_is_no_line_are_not_told_apart() -> None:
    assert apart(rows(80), 120) == []
    assert apart(np.concatenate([rows(80), rows(40, count=2)]), 120) == []
    assert apart(rows(25), 120) == []


def test_the_line_in_the_middle_is_read_alone() -> None:
    [picture] = load(PARAGRAPH)
    document = ocr.Reader().read(picture.pixels)
    line = list(document.lines)[2]
    cut = picture.pixels[line.box.top - 28 : line.box.bottom + 26]
    assert ocr.read(cut, pipeline="line").text == line.text


def test_a_wavy_line_is_one() -> None:
    word = np.full((260, 900), 255, np.uint8)
    for k, letter in enumerate("UNSTEADY WRITING ON A LABEL"):
        place = (20 + 32 * k, 140 + round(40 * np.sin(k / 4)))
        cv2.putText(word, letter, place, cv2.FONT_HERSHEY_SIMPLEX, 1.3, 0, 3)
    assert len(PRESETS["line"].run(word).lines) == 1
