"""Whatever bytes or pixels come in: pages come out, or one line that says what is wrong."""

from __future__ import annotations

import json
import random
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.errors import PictureError
from pipelines.sources.load import load
from tests.fuzz.run import COUNTS
from tests.fuzz.scenes import scene
from tests.fuzz.seeds import KINDS, seeds
from tests.fuzz.spoil import MAGIC, spoiled
from tests.fuzz.target import try_file, try_pixels

IN_PROCESS = [kind for kind in KINDS if kind != "pdf"]
HUGE = 60_000


@pytest.mark.parametrize("kind", KINDS)
def test_the_files_to_spoil_are_whole(kind: str) -> None:
    for data in seeds(kind):
        assert try_file(data) in (1, 3)


@pytest.mark.parametrize("kind", IN_PROCESS)
@settings(max_examples=80)
@given(seed=st.integers(0, 2**32))
def test_a_spoiled_file_is_read_or_refused(kind: str, seed: int) -> None:
    try_file(spoiled(kind, random.Random(seed)))


@settings(max_examples=settings().max_examples // 7)
@given(st.integers(0, 2**32))
def test_a_spoiled_pdf_is_read_or_refused(seed: int) -> None:
    try_file(spoiled("pdf", random.Random(seed)))


@settings(max_examples=200)
@given(st.sampled_from([magic for magic in MAGIC if b"PDF" not in magic]), st.binary(max_size=500))
def test_bytes_at_random_behind_any_start_are_refused(magic: bytes, data: bytes) -> None:
    assert try_file(magic + data) == 0


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=settings().max_examples // 6)
@given(share=st.floats(0, 1, exclude_max=True), data=st.data())
def test_a_file_cut_anywhere_gives_no_page_that_was_cut(kind: str, share: float, data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from(seeds(kind) or (b"",)))
    cut = whole[: int(len(whole) * share)]
    try:
        pages = list(load(cut))
    except PictureError:
        return
    for page, expected in zip(pages, load(whole), strict=True):
        np.testing.assert_array_equal(page.pixels, expected.pixels)


# --- sizes that are only said ---


def _png(data: bytes) -> bytes:
    header = struct.pack(">II", HUGE, HUGE) + data[24:29]
    return data[:16] + header + struct.pack(">I", zlib.crc32(b"IHDR" + header)) + data[33:]


def _jpeg(data: bytes) -> bytes:
    place = data.index(b"\xff\xc0") + 5
    return data[:place] + struct.pack(">HH", HUGE, HUGE) + data[place + 4 :]


def _tiff(data: bytes) -> bytes:
    for tag in (256, 257):
        place = data.index(struct.pack("<HHI", tag, 4, 1))
        data = data[: place + 8] + struct.pack("<I", HUGE) + data[place + 12 :]
    return data


def _heic(data: bytes) -> bytes:
    place = data.index(b"ispe") + 8
    return data[:place] + struct.pack(">II", HUGE, HUGE) + data[place + 8 :]


SAID: dict[str, Callable[[bytes], bytes]] = {
    "png": _png,
    "jpeg": _jpeg,
    "tiff": _tiff,
    "bmp": lambda data: data[:18] + struct.pack("<ii", HUGE, HUGE) + data[26:],
    "gif": lambda data: data[:6] + struct.pack("<HH", HUGE, HUGE) + data[10:],
    "heic": _heic,
    "pdf": lambda data: data.replace(b"/MediaBox[0 0 60 34]", b"/MediaBox[0 0 14400 14400]"),
}


@pytest.mark.parametrize("kind", SAID)
def test_a_huge_size_in_the_header_is_refused_unseen(kind: str) -> None:
    if not seeds(kind):
        pytest.skip("its package is not installed")
    data = seeds(kind)[-1 if kind == "pdf" else 0]
    with pytest.raises(PictureError, match=r"60000 ?x ?60000"):
        list(load(SAID[kind](data)))


def test_a_webp_canvas_of_its_largest_size_is_refused() -> None:
    data = seeds("webp")[2]
    assert data[12:16] == b"VP8X"
    huge = data[:24] + b"\xff\x3f\x00\xff\x3f\x00" + data[30:]
    with pytest.raises(PictureError, match=r"more than the limit|damaged"):
        list(load(huge))


# --- bombs: much from few bytes ---


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def _png_of(side: int, rows: bytes, before: bytes = b"") -> bytes:
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    chunks = _chunk(b"IHDR", header) + before + _chunk(b"IDAT", zlib.compress(rows, 9)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def test_a_picture_that_unpacks_to_more_than_the_limit_is_refused() -> None:
    side = 12_000
    bomb = _png_of(side, bytes((side // 8 + 1) * side))
    assert len(bomb) < 30_000
    with pytest.raises(PictureError, match="12000 x 12000 pixels, more than the limit"):
        list(load(bomb))


def test_rows_that_the_header_does_not_speak_of_are_not_unpacked_for_ever() -> None:
    [page] = load(_png_of(8, bytes(30_000_000)))
    assert page.pixels.shape == (8, 8)


def test_a_text_that_unpacks_to_many_megabytes_is_refused_or_passed_over() -> None:
    text = _chunk(b"zTXt", b"note\0\0" + zlib.compress(bytes(70_000_000), 9))
    try_file(_png_of(8, bytes(16), text))


# --- pictures that are no text ---


@settings(max_examples=settings().max_examples // 5)
@given(st.integers(0, 2**32), st.sampled_from(["auto", "line", "letter"]))
def test_any_scene_is_read(seed: int, pipeline: str) -> None:
    try_pixels(scene(random.Random(seed), largest=48), pipeline)


# --- the long run ---


def test_the_long_run_keeps_its_figures(tmp_path: Path) -> None:
    out = tmp_path / "fuzz.json"
    command = [sys.executable, "-m", "tests.fuzz.run", "--minutes", "0.05", "--out", str(out), "--seed", "7"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[2])
    assert done.returncode == 0, done.stderr
    figures = json.loads(out.read_text())
    assert figures["inputs"] > 0
    assert (figures["crashes"], figures["hangs"], figures["faults"]) == (0, 0, [])
    assert set(COUNTS) <= set(figures)
