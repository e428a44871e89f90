"""Documents of many pages, read whole or in part, through the real reader and the real command."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import ocr
from ocr.commands.cli import run
from ocr.errors import Exit
from ocr.reader import Reader
from pipelines.errors import PictureError

pytest.importorskip("pypdfium2")

WORDS = ("HOUSE", "GARDEN", "RIVER")


@pytest.fixture
def document(drawn: Callable[..., np.ndarray]) -> bytes:
    """A PDF of three scanned pages at 150 dpi, a word on each."""
    first, *rest = [Image.fromarray(drawn([word], size=60)) for word in WORDS]
    stream = io.BytesIO()
    first.save(stream, "PDF", resolution=150, save_all=True, append_images=rest, quality=95)
    return stream.getvalue()


def test_pages_of_a_pdf_are_read_and_keep_their_numbers(document: bytes) -> None:
    found = ocr.read(document, pages="1,3", pipeline="line")
    assert [page.number for page in found.pages] == [1, 3]
    assert found.text.split() == ["HOUSE", "RIVER"]


def test_boxes_are_in_pixels_of_the_page_as_drawn(document: bytes) -> None:
    once, twice = (ocr.read(document, pages="2", pipeline="line", dpi=dpi).pages[0] for dpi in (150, 300))
    assert (twice.width, twice.height) == (2 * once.width, 2 * once.height)
    [small], [large] = once.words, twice.words
    assert small.text == large.text == "GARDEN"
    assert np.abs(np.array(_sides(large.box)) - 2 * np.array(_sides(small.box))).max() <= 4


def _sides(box: ocr.Box) -> tuple[int, int, int, int]:
    return box.left, box.top, box.right, box.bottom


@pytest.mark.parametrize(("wrong", "why"), [({"pages": "3-1"}, "backwards"), ({"dpi": 0}, "at least 1")])
def test_wrong_settings_are_refused_at_once(wrong: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Reader(**wrong)


def test_a_page_that_is_not_there_is_a_picture_error(document: bytes) -> None:
    with pytest.raises(PictureError, match="has 3 pages, and page 4 is asked for"):
        ocr.read(document, pages="4-")


def test_the_command_reads_a_pdf_from_standard_input(
    document: bytes, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(document)))
    assert run(["read", "-", "--pages", "2-", "--pipeline", "line"]) == Exit.ALL_READ
    assert capsys.readouterr().out.split() == ["GARDEN", "RIVER"]


def test_the_command_says_which_pages_are_wrong(
    document: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(document)
    assert run(["read", str(path), "--pages", "1-x"]) == Exit.USAGE
    assert "'1-x' are no number or range" in capsys.readouterr().err
    assert run(["read", str(path), "--pages", "7"]) == Exit.PICTURE
    assert capsys.readouterr().err.startswith(f"ocr: {path}: has 3 pages, and page 7")


def test_a_file_of_blank_pages_is_told_to_hold_no_letters(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pages = [Image.new("L", (80, 60), 255) for _ in range(2)]
    pages[0].save(tmp_path / "blank.tif", save_all=True, append_images=pages[1:])
    assert run(["read", str(tmp_path / "blank.tif")]) == Exit.ALL_READ
    assert "no letters found" in capsys.readouterr().err
