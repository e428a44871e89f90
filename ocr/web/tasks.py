"""Messages between the server and its processes."""

from __future__ import annotations

from dataclasses import dataclass, field

from ocr.options import ReadOptions


@dataclass(frozen=True, slots=True)
class Model:
    """A network to use: its path, None for the bundled one, and a mark that changes with the file."""

    path: str | None = None
    mark: int = 0


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do with a picture, or with the network.

    Attributes
    ----------
    kind : str
        A key of `ocr.web.worker.ANSWERS`.
    model : Model
    content : bytes
        A picture's file, or one glyph, 784 bytes.
    document : bytes
        A reading as JSON, to be converted to another format.
    name : str
        Name of the file.
    format : str
        A key of `ocr.formats.FORMATS`.
    options : ReadOptions
        The worker adds the model and the limit on pixels.
    compared : tuple
        What a glyph is taken for, and with what to compare it, if anything.
    min_confidence : float
        Letters and words with a lower confidence are marked.
    """

    kind: str
    model: Model = Model()
    content: bytes = b""
    document: bytes = b""
    name: str = ""
    format: str = "json"
    options: ReadOptions = field(default_factory=ReadOptions)
    compared: tuple[str, str | None] = ("", None)
    min_confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Part:
    """A page is done; holds a part of the response if that is streamed.

    The process then waits for True, to continue, or False, to stop and take the next task.
    """

    content: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """A response: its HTTP status, its media type, and its bytes."""

    status: int
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Start:
    """Settings of a process: the limits on the pixels of a page and on the memory of a task."""

    max_pixels: int
    megabytes: int
    model: Model
