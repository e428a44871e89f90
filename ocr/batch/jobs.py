"""What is handed round: the settings, a picture to read, and what came of it."""

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
    """All that decides what the outputs hold, and where URLs are written to.

    Attributes
    ----------
    options : ReadOptions
    formats : tuple of str
        Keys of `ocr.formats.FORMATS`.
    min_confidence : float
        What is less sure is marked.
    out : str, optional
        The URL that whoever reads a picture writes its outputs to. Without it they are carried back.
    drop_unsure : bool
        Whether words that are less sure are left out, and nothing is marked.
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
        """Return 16 hex digits that change with whatever changes a reading: options, weights, version.

        Which formats are written, and where, is left out: these the manifest tells of each output.
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
    """What a file may take: seconds, and megabytes beyond what the reader itself holds; None for any."""

    seconds: float | None = None
    megabytes: int | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A picture to read.

    Attributes
    ----------
    source : str
        Its path or URL, as the manifest and messages name it.
    base : str
        What its outputs are called below OUT, without their endings.
    content : bytes, optional
        The file itself, for who cannot open `source`.
    attempt : int
        Counted from 1.
    """

    source: str
    base: str
    content: bytes | None = None
    attempt: int = 1


@dataclass(frozen=True, slots=True)
class Output:
    """A file that came of a picture: its path below OUT, and its bytes unless they are written already."""

    format: str
    path: str
    size: int
    sha256: str
    content: bytes | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a picture.

    Attributes
    ----------
    source : str
    sha256 : str, optional
        Of the picture's bytes, where they could be had.
    stamp : str, optional
        What its store says changes with it, where it is a URL.
    outputs : tuple of Output
    pages, letters : int
    confidence : float, optional
        The mean of its words'; None where there are none.
    warnings : tuple of str
        What of it was not read, and why.
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
