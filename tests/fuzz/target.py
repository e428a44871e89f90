"""One input tried: it is read, or refused by a `PictureError` of one line; anything else is a crash."""

from __future__ import annotations

import warnings
from functools import cache

import numpy as np

from pipelines.errors import PictureError
from pipelines.load import load

MOST_PIXELS = 2_000_000
READ_UP_TO = 20_000
"""Pictures of more pixels than this are loaded and not read."""


def try_file(data: bytes, is_read: bool = False) -> int:
    """Load every page of a file, and read them where `is_read`; return how many pages there were.

    Raises
    ------
    AssertionError
        What was loaded, read or said is not as it must be.
    """
    count = 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            for page in load(data, max_pixels=MOST_PIXELS, dpi=72):
                _check_pixels(page.pixels)
                count += 1
                if is_read and page.pixels.shape[0] * page.pixels.shape[1] <= READ_UP_TO:
                    try_pixels(page.pixels)
        except PictureError as error:
            message = str(error)
            assert message.startswith("<bytes>: "), message
            assert message.isprintable(), message
    return count


def try_pixels(pixels: np.ndarray, pipeline: str = "auto") -> None:
    """Read a picture and check that what is found lies on it and says how sure it is."""
    page = _reader(pipeline).read_page(pixels)
    for word in page.words:
        assert word.text
        assert word.text.isprintable()
        for glyph in word.glyphs:
            assert 0 <= glyph.confidence <= 1, glyph.confidence
            box = glyph.box
            assert 0 <= box.left < box.right <= page.width, box
            assert 0 <= box.top < box.bottom <= page.height, box


def _check_pixels(pixels: np.ndarray) -> None:
    assert pixels.dtype == np.uint8
    assert pixels.ndim == 2 or (pixels.ndim == 3 and pixels.shape[2] == 3), pixels.shape
    assert 0 < pixels.shape[0] * pixels.shape[1] <= MOST_PIXELS, pixels.shape


@cache
def _reader(pipeline: str):
    from ocr.reader import Reader

    return Reader(pipeline=pipeline)
