"""The source of a page, so that its picture can be loaded again instead of being kept in memory."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from pipelines.sources.load import DPI, MAX_PIXELS, Picture, Source, load
from pipelines.sources.pages import PageRanges

if TYPE_CHECKING:
    from ocr.document import Page


@dataclass(frozen=True, slots=True)
class Origin:
    """The source of a document, and how it was loaded.

    Of a path or URL only the name is kept, and it is opened again when its picture is requested. When
    pickled, a path is kept, but arrays, open files and bytes are dropped.

    Attributes
    ----------
    source : path, URL, bytes, binary file, PIL image, array or None
        None if it was dropped.
    max_pixels, dpi : int
        As in `ocr.ReadOptions`.
    """

    source: Source | None
    max_pixels: int = MAX_PIXELS
    dpi: int = DPI

    def __reduce__(self) -> tuple[type[Origin], tuple[Any, ...]]:
        kept = self.source if isinstance(self.source, str | os.PathLike) else None
        return Origin, (kept, self.max_pixels, self.dpi)

    def pictures(self, numbers: Iterable[int]) -> Iterator[Picture]:
        """Load the pages with these numbers again; none if the source was dropped.

        Raises
        ------
        pipelines.errors.PictureError
            The source can no longer be loaded.
        """
        wanted = PageRanges(tuple((number, number) for number in numbers))
        if self.source is not None and wanted.ranges:
            yield from load(self.source, max_pixels=self.max_pixels, dpi=self.dpi, pages=wanted)


def pixels_of(page: Page) -> npt.NDArray[np.uint8] | None:
    """Return the picture of a page; None if it is gone, or has changed since it was read."""
    if page.origin is None:
        return None
    try:
        picture = next(page.origin.pictures([page.number]), None)
    except (OSError, ValueError):  # including PictureError, and errors of closed files
        return None
    if picture is None or picture.pixels.shape[:2] != (page.height, page.width):
        return None
    return picture.pixels
