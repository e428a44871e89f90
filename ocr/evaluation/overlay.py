"""A picture with its reading, as self-contained HTML."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from html import escape
from io import BytesIO
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from ocr.document import Document, Glyph, Page
from pipelines.sources.load import load

LONGEST = 1600
"""Larger pictures are reduced to this, in pixels."""


def overlays(path: Path, document: Document | None, wrong: set[int], max_pixels: int) -> Iterator[str]:
    """Yield each page of a picture with boxes over it.

    Parameters
    ----------
    path : Path
    document : Document or None
        None if the picture was not read.
    wrong : set of int
        The ``id`` of each glyph that was read wrongly; their boxes are thick and dashed.
    max_pixels : int

    Raises
    ------
    pipelines.errors.PictureError
        The picture cannot be loaded.
    """
    for picture in load(path, max_pixels=max_pixels):
        page = document.pages[picture.number - 1] if document is not None else None
        yield _overlay(picture.pixels, page, wrong, path.name)


def _overlay(pixels: npt.NDArray[np.uint8], page: Page | None, wrong: set[int], name: str) -> str:
    height, width = pixels.shape[:2]
    boxes = "".join(_box(glyph, id(glyph) in wrong) for glyph in page.glyphs) if page is not None else ""
    shown = min(1100, max(width, min(6 * width, 400)))
    return (
        f'<svg class="picture" viewBox="0 0 {width} {height}" width="{shown}" role="img" '
        f'aria-label="{escape(name)} with a box round each letter">'
        f'<image href="{data_address(pixels)}" width="{width}" height="{height}"/>{boxes}</svg>'
    )


def _box(glyph: Glyph, is_wrong: bool) -> str:
    box = glyph.box
    others = ", ".join(f"{one.text} {one.confidence:.0%}" for one in glyph.alternatives)
    return (
        f'<rect class="{"wrong" if is_wrong else "right"}" x="{box.left}" y="{box.top}" '
        f'width="{box.width}" height="{box.height}"><title>{escape(others)}</title></rect>'
    )


def data_address(pixels: npt.NDArray[np.uint8]) -> str:
    """Return a picture as a ``data:`` URL, reduced if it is large."""
    image = Image.fromarray(pixels)
    image.thumbnail((LONGEST, LONGEST))
    stream = BytesIO()
    is_small = image.width * image.height < 200_000
    image.save(stream, "png" if is_small else "jpeg", **({} if is_small else {"quality": 80}))
    kind = "png" if is_small else "jpeg"
    return f"data:image/{kind};base64,{base64.b64encode(stream.getvalue()).decode()}"
