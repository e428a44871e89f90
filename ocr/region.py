"""The part of a picture to read, given as left, top, width and height in pixels."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import wraps
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ocr.document import Box
from pipelines.errors import PictureError
from pipelines.sources.load import Picture, naming
from pipelines.sources.pages import on_page

if TYPE_CHECKING:
    from ocr.reader import Reader
    from ocr.recognition.lattice import Lattice

Pixels = npt.NDArray[np.uint8]
_NUMBERS = re.compile(r"\s*(\d{1,9})" + r"\s*,\s*(\d{1,9})" * 3 + r"\s*")


def parse_region(given: str | Sequence[int]) -> Box:
    """Return the box of a region.

    Parameters
    ----------
    given : str or four ints
        Left, top, width and height: ``"120,40,300,90"`` or ``(120, 40, 300, 90)``.

    Raises
    ------
    ValueError
        It is not four whole numbers, or is empty.

    Examples
    --------
    >>> parse_region("120,40,300,90")
    Box(left=120, top=40, right=420, bottom=130)
    """
    text = given if isinstance(given, str) else ",".join(map(str, given))
    match = _NUMBERS.fullmatch(text)
    if match is None:
        raise ValueError(f"the region '{text}' is not X,Y,WIDTH,HEIGHT in pixels, such as 120,40,300,90")
    x, y, width, height = map(int, match.groups())
    if not width or not height:
        raise ValueError(f"the region '{text}' holds no pixel; its width and height must be at least 1")
    return Box(x, y, x + width, y + height)


def require(pixels: Pixels, region: Box) -> None:
    """Raise `PictureError` unless a region is wholly on a picture."""
    height, width = pixels.shape[:2]
    if region.right > width or region.bottom > height:
        said = ",".join(map(str, (region.left, region.top, region.width, region.height)))
        raise PictureError(
            f"is {width} x {height} pixels, and the region {said} reaches beyond that; put --region right"
        )


def with_region(pictures: Iterable[Picture], region: Box) -> Iterator[Picture]:
    """Yield pictures after checking that they contain a region.

    Raises
    ------
    PictureError
        A picture does not; the message names it.
    """
    for picture in pictures:
        with naming(picture.name), on_page(picture.number):
            require(picture.pixels, region)
        yield picture


Lattices = Callable[["Reader", Pixels], "tuple[Lattice, ...]"]


def within_region(read: Lattices) -> Lattices:
    """Make a reader read only the region in its options, and return boxes in the whole picture."""

    @wraps(read)
    def read_region(reader: Reader, pixels: Pixels) -> tuple[Lattice, ...]:
        region = reader.options.region_box
        if region is None:
            return read(reader, pixels)
        require(pixels, region)
        cut = pixels[region.top : region.bottom, region.left : region.right]
        found = read(reader, np.ascontiguousarray(cut))
        to_whole = np.eye(3)
        to_whole[:2, 2] = region.left, region.top
        return tuple(lattice.moved(to_whole) for lattice in found)

    return read_region
