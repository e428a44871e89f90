"""The source of a document, for formats that show the picture itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

from pipelines.errors import PictureError
from pipelines.sources.files import held
from pipelines.sources.load import DPI, Picture, Source, load


@dataclass(frozen=True, slots=True)
class Original:
    """The source of a document, and how to load it again.

    Attributes
    ----------
    source : path, bytes, seekable binary file, PIL image or array
        The source. It is read again, so the bytes of a pipe must be kept.
    load : function of a source
        Yields its pages one at a time, as for reading: `pipelines.sources.load.load` with the same options.
    dpi : int
        Pixels per inch at which pages of a PDF are drawn.
    """

    source: Source
    load: Callable[[Source], Iterator[Picture]] = load
    dpi: int = DPI


def kept(stream: IO[bytes]) -> IO[bytes]:
    """Return the content of a pipe as a seekable file of the same name.

    Raises
    ------
    PictureError
        It is not a picture, or does not end.
    """
    name = getattr(stream, "name", "<stdin>")
    try:
        copy = held(stream)
    except PictureError as error:
        raise type(error)(f"{name}: {error}") from error.__cause__
    copy.name = name
    return copy
