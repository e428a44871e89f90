"""Lines of pages whose words are marked."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from nn.errors import DataError
from training.page_strips import lines_of, page_strips

Drawn = Callable[..., npt.NDArray[np.uint8]]


def word(text: str, left: int, top: int = 40, field: int = 0, height: int = 20) -> dict[str, object]:
    return {"text": text, "box": [left, top, left + 10 * len(text), top + height], "field": field}


def test_words_of_one_field_beside_each_other_make_a_line() -> None:
    words = [
        *(word("To\u00fft", 10), word("be", 60), word("far", 200)),
        *(word("below", 240, 90), word("other", 300, 90, field=1), word("tiny", 360, 90, field=1, height=4)),
    ]
    assert [line.text for line in lines_of(words)] == ["Toyt be", "far", "below", "other"]
    assert next(lines_of(words)).box == (10, 40, 80, 60)


def test_pages_are_cut_to_strips_of_their_lines(tmp_path: Path, drawn: Drawn) -> None:
    page = drawn(["seven wizards", "jump"], 40)
    inked = (page < 128).any(axis=1)
    starts, ends = np.flatnonzero(np.diff(inked, prepend=False)), np.flatnonzero(np.diff(inked, append=False))
    height, width = page.shape
    half = [starts[0] // 2, (ends[-1] + 1) // 2]
    words = []
    for text, top, bottom in (("seven wizards", starts[0], 80), ("jump", 90, ends[-1] + 1)):
        columns = np.flatnonzero((page[top:bottom] < 128).any(axis=0))
        box = [columns[0] // 2, top // 2, columns[-1] // 2 + 1, bottom // 2]
        words.append({"text": text, "box": np.array(box).tolist(), "field": 0})
    assert half[0] < half[1]
    with ZipFile(tmp_path / "pages.zip", "w") as file:
        for name in ("a", "b"):
            file.writestr(f"{name}.webp", cv2.imencode(".webp", page)[1].tobytes())
            file.writestr(f"{name}.json", json.dumps({"size": [width // 2, height // 2], "words": words}))
    strips = page_strips(tmp_path / "pages.zip")
    assert strips.texts.tolist() == ["seven wizards", "seven wizards", "jump", "jump"] * 2
    assert strips.split.tolist() == ["val"] * 4 + ["train"] * 4
    assert strips.widths[0] > 2 * strips.widths[2]
    with ZipFile(tmp_path / "none.zip", "w") as file:
        file.writestr("a.webp", cv2.imencode(".webp", page)[1].tobytes())
        file.writestr("a.json", json.dumps({"size": [width, height], "words": []}))
    with pytest.raises(DataError, match="no line"):
        page_strips(tmp_path / "none.zip")
