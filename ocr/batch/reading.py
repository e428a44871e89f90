"""Reads one picture and makes its outputs, in whatever process."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import cv2

from ocr.batch.jobs import Job, Outcome, Output, Settings, failed
from ocr.batch.store import joined, opened, stamp, write_whole
from ocr.child import is_out_of_memory
from ocr.errors import Exit, OutputError, defect
from ocr.formats import formats
from ocr.formats.original import Original
from ocr.recognition.confidence import surest
from pipelines.errors import PictureError, shown

if TYPE_CHECKING:
    from ocr.document import Document
    from ocr.reader import Reader


def read_job(
    reader: Reader,
    job: Job,
    settings: Settings,
    megabytes: int | None = None,
    progress: Callable[[int], object] | None = None,
) -> Outcome:
    """Read a picture and make its outputs; errors are part of the outcome.

    Parameters
    ----------
    reader : Reader
    job : Job
    settings : Settings
        With `out`, outputs are written there; otherwise they are part of the outcome.
    megabytes : int, optional
        Memory limit, for the message when it was too little.
    progress : callable, optional
        Called with the number of each page before it is read.
    """
    start = time.perf_counter()
    sha256 = None
    mark = stamp(job.source) if job.content is None else None
    try:
        with opened(job.source, job.content) as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            file.seek(0)
            document = reader.read(file, progress)
            outputs = tuple(_outputs(reader, document, file, job.base, settings))
        outcome = _told(job.source, document, outputs)
    except PictureError as error:
        outcome = failed(job, str(error).removeprefix(f"{shown(job.source)}: "), 0)
    except OutputError as error:
        outcome = failed(job, f"cannot be written: {error}", 0, Exit.OUTPUT)
    except (MemoryError, RuntimeError, cv2.error) as error:
        outcome = failed(job, *_out_of_memory(error, megabytes))
    except Exception as error:
        outcome = failed(job, *_defect(error))
    seconds = time.perf_counter() - start
    return replace(outcome, sha256=sha256, stamp=mark, seconds=seconds, attempts=job.attempt)


def _outputs(
    reader: Reader, document: Document, file: Any, base: str, settings: Settings
) -> Iterator[Output]:
    original = Original(file, reader.load, reader.options.dpi)
    least = settings.min_confidence
    if settings.drop_unsure:
        document, least = surest(document, least), 0.0
    for name in settings.formats:
        for ending, content in formats()[name].files(document, original, least):
            data = content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content
            path = f"{base}{ending}"
            if settings.out is not None:
                _write(settings.out, path, data)
            kept = data if settings.out is None else None
            yield Output(name, path, len(data), hashlib.sha256(data).hexdigest(), kept)


def _write(out: str, path: str, data: bytes) -> None:
    try:
        write_whole(out, path, data)
    except OSError as error:
        raise OutputError(f"{shown(joined(out, path))}: {error.strerror or error}") from error


def _told(source: str, document: Document, outputs: tuple[Output, ...]) -> Outcome:
    return Outcome(
        source,
        outputs=outputs,
        pages=len(document.pages),
        letters=len(document.glyphs),
        confidence=document.confidence,
        warnings=document.warnings,
    )


def _out_of_memory(error: Exception, megabytes: int | None) -> tuple[str, float, Exit]:
    if not is_out_of_memory(error):
        return _defect(error)
    if megabytes is None:
        return "not enough memory to read it; make the picture smaller", 0, Exit.PICTURE
    return f"takes more memory than the {megabytes} MB that --memory allows", 0, Exit.PICTURE


def _defect(error: Exception) -> tuple[str, float, Exit]:
    return f"internal failure, please report it: {defect(error)}", 0, Exit.INTERNAL
