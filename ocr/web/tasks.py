"""What the server hands its processes, and what they hand back."""

from __future__ import annotations

from dataclasses import dataclass, field

from ocr.options import ReadOptions


@dataclass(frozen=True, slots=True)
class Model:
    """A network to use: its path, None for the bundled one, and what changes when the file does."""

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
        A reading as JSON, to be written in another format.
    name : str
        What the file is called.
    format : str
        A key of `ocr.formats.FORMATS`.
    options : ReadOptions
        Whoever does the task puts the model and the bound on pixels in.
    min_confidence : float
        What is less sure is marked.
    """

    kind: str
    model: Model = Model()
    content: bytes = b""
    document: bytes = b""
    name: str = ""
    format: str = "json"
    options: ReadOptions = field(default_factory=ReadOptions)
    min_confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Part:
    """One page is done, with some of the response if that is sent in parts.

    The process then waits to be sent True, to go on, or False, to stop and take the next task.
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
    """What a process is told first: how large a page may be, and how much memory a task may take."""

    max_pixels: int
    megabytes: int
    model: Model
