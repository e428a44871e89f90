"""What a document was read from, for the formats that show the picture itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

from pipelines.errors import PictureError
from pipelines.sources.files import held
from pipelines.sources.load import DPI, Picture, Source, load


@dataclass(frozen=True, slots=True)
class Original:
    """The way back to the pictures of a document.

    Attributes
    ----------
    source : path, bytes, seekable binary file, PIL image or array
        What was read. It is read again, so a pipe's bytes must be kept.
    load : function of a source
        Yields its pages one at a time, as they were loaded for reading: `pipelines.sources.load.load`, with
        the same options.
    dpi : int
        Pixels per inch at which it draws the pages of a PDF.
    """

    source: Source
    load: Callable[[Source], Iterator[Picture]] = load
    dpi: int = DPI


def kept(stream: IO[bytes]) -> IO[bytes]:
    """Return all that is in a pipe as a file that can be read again, of the same name.

    Raises
    ------
    PictureError
        It is no picture, or does not end.
    """
    name = getattr(stream, "name", "<stdin>")
    try:
        copy = held(stream)
    except PictureError as error:
        raise type(error)(f"{name}: {error}") from error.__cause__
    copy.name = name
    return copy
