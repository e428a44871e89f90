"""Messages between processes: the settings, a picture to read, and its outcome."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from ocr.errors import Exit
from ocr.options import ReadOptions
from pipelines.errors import shown

if TYPE_CHECKING:
    from ocr.reader import Reader


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings that decide the content of outputs, and their URL.

    Attributes
    ----------
    options : ReadOptions
    formats : tuple of str
        Keys of `ocr.formats.FORMATS`.
    min_confidence : float
        Letters and words with a lower confidence are marked.
    out : str, optional
        The URL to which the reading process writes outputs. Without it they are sent back.
    drop_unsure : bool
        Whether words with a lower confidence are left out, and nothing is marked.
    """

    options: ReadOptions
    formats: tuple[str, ...]
    min_confidence: float
    out: str | None = None
    drop_unsure: bool = False

    def reader(self) -> Reader:
        """Load the network."""
        from ocr.reader import Reader

        return Reader(self.options)

    def fingerprint(self) -> str:
        """Return 16 hex digits that change with everything that changes a reading: options, weights, version.

        Formats and destination are not included: the manifest records them for each output.
        """
        from ocr.recognition.classify import BUNDLED
        from ocr.recognition.line_reader import BUNDLED as LINES

        told = asdict(self.options) | {"min_confidence": self.min_confidence}
        told["drop_unsure"] = self.drop_unsure
        del told["model"]
        allowed = self.options.allowed
        told["whitelist"] = None if allowed is None else "".join(sorted(allowed))
        told["version"] = version("letters-ocr")
        told["weights"] = [_digest(Path(self.options.model or BUNDLED)), _digest(LINES)]
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits for a file: seconds, and megabytes in addition to the reader's own; None for no limit."""

    seconds: float | None = None
    megabytes: int | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A picture to read.

    Attributes
    ----------
    source : str
        Its path or URL, as in the manifest and messages.
    base : str
        Path of its outputs below OUT, without their endings.
    content : bytes, optional
        The bytes of the file, for processes that cannot open `source`.
    attempt : int
        Counted from 1.
    """

    source: str
    base: str
    content: bytes | None = None
    attempt: int = 1


@dataclass(frozen=True, slots=True)
class Output:
    """An output file: its path below OUT, and its bytes unless they are written already."""

    format: str
    path: str
    size: int
    sha256: str
    content: bytes | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a picture.

    Attributes
    ----------
    source : str
    sha256 : str, optional
        Hash of the picture's bytes, if they could be read.
    stamp : str, optional
        For a URL, a value of its store that changes with the object.
    outputs : tuple of Output
    pages, letters : int
    confidence : float, optional
        Mean confidence of its words; None where there are none.
    warnings : tuple of str
        What was not read, and why.
    seconds : float
    attempts : int
    error : str, optional
        One line; None for a picture that was read.
    code : Exit
    """

    source: str
    sha256: str | None = None
    stamp: str | None = None
    outputs: tuple[Output, ...] = ()
    pages: int = 0
    letters: int = 0
    confidence: float | None = None
    warnings: tuple[str, ...] = ()
    seconds: float = 0.0
    attempts: int = 1
    error: str | None = None
    code: Exit = Exit.ALL_READ


def failed(job: Job, reason: str, seconds: float, code: Exit = Exit.PICTURE) -> Outcome:
    """Return the outcome of a picture that could not be read."""
    error = f"{shown(job.source)}: {reason}"
    return Outcome(job.source, seconds=seconds, attempts=job.attempt, error=error, code=code)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
