"""Real lines and words, cut to strips."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from ocr.training.lines import real_lines

Drawn = Callable[..., npt.NDArray[np.uint8]]


def test_folders_of_lines_and_of_words(tmp_path: Path, drawn: Drawn) -> None:
    for folder, name, text in (("lines", "a", "one line"), ("words", "b", "word"), ("words", "c", "two")):
        (tmp_path / folder).mkdir(exist_ok=True)
        Image.fromarray(drawn([text])).save(tmp_path / folder / f"{name}.png")
    (tmp_path / "lines" / "a.gt.txt").write_text(" one  line\n", "utf-8")
    (tmp_path / "lines" / "broken.gt.txt").write_text("no picture", "utf-8")
    (tmp_path / "lines" / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / "words" / "labels.tsv").write_text("b\tword\nc\ttwo\n", "utf-8")
    found = list(real_lines([tmp_path / "lines", tmp_path / "words"]))
    assert [(name, text) for name, _, text in found] == [("a", "one line"), ("b", "word"), ("c", "two")]
    assert all(strip.shape[0] == 32 and strip.max() > 200 for _, strip, _ in found)
