"""Reads many pictures one after the other; an error in one does not stop the others."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from ocr.document import Document
from ocr.reader import Reader

Source = TypeVar("Source")


def read_many(sources: Iterable[Source], **settings: Any) -> Iterator[tuple[Source, Document | Exception]]:
    """Read pictures and PDFs in order, with networks that are loaded once.

    Each is read when it is requested, so there may be more than fit into memory.

    Parameters
    ----------
    sources : iterable
        Sources, as for `ocr.read`.
    **settings
        Fields of `ocr.ReadOptions`, such as ``language="de"``.

    Yields
    ------
    source : object
        The source as given.
    document : Document or Exception
        The document, or the exception if this source could not be read: a `pipelines.errors.PictureError` if
        the source is at fault.

    Raises
    ------
    nn.errors.ModelError, ocr.errors.SettingError
        At once: nothing can be read with these settings.
    TypeError
        At once: `sources` is one source, not many.

    Examples
    --------
    >>> import numpy as np, ocr
    >>> blank = np.full((40, 60), 255, np.uint8)
    >>> [str(result) for _, result in ocr.read_many([blank, b"no picture"])][1]
    '<bytes>: is no picture'
    """
    if isinstance(sources, str | bytes | os.PathLike):
        raise TypeError(f"{sources!r:.80} is one source; ocr.read reads it, or put it into a list")
    return _read_each(sources, Reader(**settings))


def _read_each(sources: Iterable[Source], reader: Reader) -> Iterator[tuple[Source, Document | Exception]]:
    for source in sources:
        result: Document | Exception
        try:
            result = reader.read(source)
        except Exception as error:
            result = error
        yield source, result
