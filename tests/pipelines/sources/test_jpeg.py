"""JPEG files with scans without end, and such that Pillow reads without a word though they are damaged."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pipelines.errors import PictureError
from pipelines.sources.jpeg import MOST_SCANS
from pipelines.sources.load import load

SAMPLES = Path(__file__).parents[3] / "samples"
NOISE = Image.fromarray(np.random.default_rng(0).integers(0, 256, (90, 120, 3)).astype(np.uint8))


def jpeg(image: Image.Image = NOISE, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "JPEG", **options)
    return stream.getvalue()


def with_scans(count: int) -> bytes:
    """Return a progressive file of so many scans, the last of which is there again and again."""
    data = jpeg(NOISE.convert("L"), progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:-2] + data[last:-2] * (count - data.count(b"\xff\xda")) + data[-2:]


def warnings_of(data: bytes) -> tuple[str, ...]:
    [picture] = load(data)
    return picture.warnings


def test_scans_are_counted_before_they_are_decoded() -> None:
    assert next(load(with_scans(MOST_SCANS))).pixels.shape == (90, 120)
    with pytest.raises(
        PictureError, match=rf"<bytes>: has more than {MOST_SCANS} scans.*; save it as PNG first"
    ):
        list(load(with_scans(MOST_SCANS + 1)))


def test_scans_of_a_preview_and_of_what_follows_the_picture_are_not_counted() -> None:
    scans = b"\xff\xda\0\x02" * (MOST_SCANS + 1)
    assert warnings_of(jpeg(comment=scans) + scans) == ()


@pytest.mark.parametrize(
    ("options", "mode"),
    [
        ({}, "RGB"),
        ({}, "L"),
        ({}, "CMYK"),
        ({"progressive": True}, "RGB"),
        ({"restart_marker_blocks": 4}, "RGB"),
        ({"subsampling": 2}, "RGB"),
    ],
)
def test_whole_files_are_not_called_damaged(options: dict[str, object], mode: str) -> None:
    assert warnings_of(jpeg(NOISE.convert(mode), **options)) == ()
    assert warnings_of(jpeg(NOISE.convert(mode), **options) + b"trailer") == ()


@pytest.mark.parametrize("path", sorted(SAMPLES.rglob("*.jp*g")), ids=lambda path: path.name)
def test_no_sample_is_called_damaged(path: Path) -> None:
    assert warnings_of(path.read_bytes()) == ()


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_an_end_that_comes_too_soon_is_told(progressive: bool, share: float) -> None:
    data = jpeg(progressive=progressive)
    [said] = warnings_of(data[: int(len(data) * share)] + b"\xff\xd9")
    assert said == "is a damaged JPEG (premature end of data segment); letters may be missing or wrong"


def test_other_damage_is_told() -> None:
    plain, marked = jpeg(), jpeg(restart_marker_blocks=8)
    first, second = marked.index(b"\xff\xd1"), marked.index(b"\xff\xd2")
    for spoiled, said in {
        plain[:-2] + b"more" + plain[-2:]: "extraneous bytes",
        marked[:first] + marked[second:]: "found marker",
    }.items():
        [warning] = warnings_of(spoiled)
        assert warning.startswith("is a damaged JPEG (") and said in warning


def test_what_is_cut_short_is_still_an_error() -> None:
    data = jpeg()
    with pytest.raises(PictureError, match="cut short"):
        list(load(data[: len(data) // 2]))
