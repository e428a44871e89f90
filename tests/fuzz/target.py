"""One input tried: it is read, or refused by a `PictureError` of one line; anything else is a crash."""

from __future__ import annotations

import warnings
from functools import cache
from importlib.util import find_spec
from xml.etree import ElementTree

import numpy as np

from ocr.document import Document, Page
from ocr.formats import FORMATS
from ocr.formats.original import Original
from ocr.reader import Reader
from pipelines.errors import PictureError
from pipelines.sources.load import load

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
    """Read a picture; check that what is found lies on it, and that every format can be made of it."""
    page = _reader(pipeline).read_page(pixels)
    for word in page.words:
        assert word.text
        assert word.text.isprintable()
        for glyph in word.glyphs:
            assert 0 <= glyph.confidence <= 1, glyph.confidence
            box = glyph.box
            assert 0 <= box.left < box.right <= page.width, box
            assert 0 <= box.top < box.bottom <= page.height, box
    _try_formats(page, pixels)


def _try_formats(page: Page, pixels: np.ndarray) -> None:
    document, original = Document((page,), "<array>"), Original(pixels)
    for chosen in FORMATS.values():
        if chosen.is_binary and find_spec("pikepdf") is None:
            continue
        for _, content in chosen.files(document, original, 0.5):
            assert isinstance(content, bytes if chosen.is_binary else str)
            if str(content).startswith("<?xml"):
                ElementTree.fromstring(str(content).encode())


def _check_pixels(pixels: np.ndarray) -> None:
    assert pixels.dtype == np.uint8
    assert pixels.ndim == 2 or (pixels.ndim == 3 and pixels.shape[2] == 3), pixels.shape
    assert 0 < pixels.shape[0] * pixels.shape[1] <= MOST_PIXELS, pixels.shape


@cache
def _reader(pipeline: str) -> Reader:
    return Reader(pipeline=pipeline)
