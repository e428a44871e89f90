"""A part of a picture that alone is read: what is read of it, where that is, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

import ocr
from ocr.commands.cli import run
from ocr.errors import Exit, SettingError
from ocr.formats import FORMATS
from ocr.formats.original import Original
from pipelines.errors import PictureError

Pixels = npt.NDArray[np.uint8]
X, Y, WIDTH, HEIGHT = REGION = (17, 85, 270, 62)


@pytest.fixture(scope="module")
def note(drawn_once: Callable[..., Pixels]) -> Pixels:
    return drawn_once(["HAND MADE", "BOOKS WITH", "PAGES EACH"])


@pytest.fixture(scope="module")
def read(note: Pixels) -> ocr.Document:
    return ocr.read(note, region=REGION)


def test_a_region_reads_as_the_picture_cut_to_it_with_boxes_of_the_whole(
    note: Pixels, read: ocr.Document
) -> None:
    cut = ocr.read(np.ascontiguousarray(note[Y : Y + HEIGHT, X : X + WIDTH]))
    assert read.text == cut.text == "BOOKS WITH"
    [page] = read.pages
    assert (page.height, page.width) == note.shape
    for one, other in zip(cut.glyphs, read.glyphs, strict=True):
        box = one.box
        moved = replace(box, left=box.left + X, right=box.right + X, top=box.top + Y, bottom=box.bottom + Y)
        assert other == replace(one, box=moved)


def test_text_and_numbers_say_the_same(note: Pixels, read: ocr.Document) -> None:
    assert ocr.read(note, region=" 17, 85,270,62").pages == read.pages


def test_formats_tell_of_the_whole_page(note: Pixels, read: ocr.Document) -> None:
    original = Original(note, ocr.Reader(region=REGION).load)
    height, width = note.shape
    assert f"bbox 0 0 {width} {height}" in str(FORMATS["hocr"].render(read, None, 0.0))
    assert bytes(FORMATS["pdf"].render(read, original, 0.0)).startswith(b"%PDF")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("region", "why"),
    [
        ("1,2,3", "X,Y,WIDTH,HEIGHT"),
        ((1, 2, 3), "X,Y,WIDTH,HEIGHT"),
        ("-1,2,3,4", "X,Y,WIDTH,HEIGHT"),
        ((0.5, 0, 2, 2), "X,Y,WIDTH,HEIGHT"),
        ("1,2,0,4", "holds no pixel"),
    ],
)
def test_what_is_no_region_is_a_wrong_setting(region: Any, why: str) -> None:
    with pytest.raises(SettingError, match=why) as error:
        ocr.ReadOptions(region=region)
    assert error.value.setting == "region"


def test_a_region_beyond_the_picture_is_refused_and_the_picture_named(note: Pixels, tmp_path: Path) -> None:
    height, width = note.shape
    reader = ocr.Reader(region=(0, 0, width + 1, 10))
    with pytest.raises(PictureError, match=f"<array>: is {width} x {height} pixels.*0,0,{width + 1},10"):
        reader.read(note)
    with pytest.raises(PictureError, match="reaches beyond"):
        reader.read_page(note)
    pages = [Image.fromarray(note), Image.fromarray(note[:20])]
    pages[0].save(tmp_path / "two.tif", save_all=True, append_images=pages[1:])
    with pytest.raises(PictureError, match=r"two\.tif: page 2 is .* x 20 pixels"):
        ocr.read(tmp_path / "two.tif", region=(0, 0, 30, 21))


@pytest.mark.parametrize("command", [["read"], ["inspect", "-o", "stages"], ["batch", "--jobs", "1"]])
def test_commands_say_what_is_wrong_with_a_region(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Image.new("L", (30, 20), 255).save("a.png")
    paths = ["a.png", "out"] if command[0] == "batch" else ["a.png"]
    assert run([*command, *paths, "--region", "0,0,40,10"]) == Exit.PICTURE
    assert "a.png: is 30 x 20 pixels, and the region 0,0,40,10 reaches beyond" in capsys.readouterr().err
    assert run([*command, *paths, "--region", "all"]) == Exit.USAGE
    assert "'--region': the region 'all' is not X,Y,WIDTH,HEIGHT" in capsys.readouterr().err
