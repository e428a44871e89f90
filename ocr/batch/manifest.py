"""The manifest: a line of JSON for every picture that was read or failed, each synced to disk.

::

    {"input", "sha256", "stamp", "settings", "outputs": [{"format", "path", "bytes", "sha256"}, ...],
     "pages", "letters", "confidence", "warnings", "seconds", "attempts", "finished", "error"}

``error`` is null for a picture that was read; its ``warnings`` say what was left out. ``settings`` is a
fingerprint of the options, the weights and the version; ``stamp`` a value of an object store that changes
with the object, null for files; paths of outputs are relative to OUT; ``finished`` is UTC. Of several lines
for one input the last one counts. Bytes of names that are not UTF-8 are written as lone surrogates,
``\\udc80`` to ``\\udcff``, as Python's `os.fsdecode` makes them.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from ocr.batch.jobs import Outcome
from ocr.batch.store import digest, joined, local_path, size, stamp
from ocr.errors import OutputError
from pipelines.sources.remote import is_url

NAME = "manifest.jsonl"


class ManifestExists(Exception):
    """There is a manifest of an earlier run, and neither `resume` nor `overwrite` was given."""


class Manifest:
    """A manifest open for appending, locked against other runs; a context manager that closes it.

    Parameters
    ----------
    path : Path
        Created if needed, in an existing folder. A line cut short by a crash at its end is removed.
    resume : bool
        Whether to continue an existing manifest.
    overwrite : bool
        Whether to discard an existing manifest.

    Attributes
    ----------
    records : dict
        The last record of each input.

    Raises
    ------
    ManifestExists
        It has records, and both are false.
    OutputError
        It is not a regular file, cannot be written, or is locked by another run.
    """

    def __init__(self, path: Path, resume: bool, overwrite: bool = False) -> None:
        self._path = path
        if path.exists() and not path.is_file():
            raise OutputError(f"{path}: is no file that records can be kept in")
        try:
            self._file = path.open("a+b", buffering=0)
        except FileNotFoundError as error:
            raise OutputError(f"{path}: cannot be written: there is no folder {path.parent}") from error
        except OSError as error:
            raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from error
        try:
            self._lock(path)
            if overwrite:
                self._file.truncate(0)
            self.records = self._load()
            if self.records and not resume:
                raise ManifestExists(path)
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def append(self, outcomes: Iterable[Outcome], settings: str) -> None:
        """Append the outcomes of some pictures, and return when they are on the disk.

        Raises
        ------
        OutputError
            It cannot be written; it is then unchanged.
        """
        lines = (json.dumps(_record(outcome, settings), separators=(",", ":")) for outcome in outcomes)
        rest = memoryview("".join(f"{line}\n" for line in lines).encode("ascii"))
        end = self._file.seek(0, os.SEEK_END)
        try:
            while rest:
                rest = rest[self._file.write(rest) :]
            os.fsync(self._file.fileno())
        except OSError as error:
            with suppress(OSError):
                self._file.truncate(end)
            raise OutputError(f"{self._path}: cannot be written: {error.strerror or error}") from error

    def _lock(self, path: Path) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise OutputError(f"{path}: another run is writing to it") from error
        except OSError:
            pass  # a file system without locks

    def _load(self) -> dict[str, dict[str, Any]]:
        records, whole = {}, 0
        self._file.seek(0)
        with open(self._file.fileno(), "rb", closefd=False) as lines:
            for line in lines:
                if not line.endswith(b"\n"):
                    break
                whole += len(line)
                with suppress(ValueError, KeyError, TypeError):
                    record = json.loads(line)
                    records[str(record["input"])] = record
        self._file.truncate(whole)
        return records


def is_done(
    record: dict[str, Any] | None, base: str, formats: Iterable[str], settings: str, out: str
) -> bool:
    """Return whether a record proves that the outputs of a picture are complete and current.

    Parameters
    ----------
    record : dict, optional
        The record in the manifest.
    base : str
        Path of the outputs now, without their endings.
    formats : iterable of str
        The formats wanted.
    settings : str
        The fingerprint of the settings now.
    out : str
        The folder or URL of the outputs. At a URL, sizes are compared instead of hashes.
    """
    try:
        if record is None or record["error"] is not None or record["settings"] != settings:
            return False
        wanted = [one for one in record["outputs"] if one["format"] in set(formats)]
        if {one["format"] for one in wanted} != set(formats):
            return False
        if not all(one["path"].startswith(base) and _is_there(one, out) for one in wanted):
            return False
        return _is_unchanged(record)
    except (KeyError, TypeError, AttributeError):
        return False


def _is_there(output: dict[str, Any], out: str) -> bool:
    place = joined(out, output["path"])
    if size(place) != output["bytes"]:
        return False
    return local_path(place) is None or digest(place) == output["sha256"]


def _is_unchanged(record: dict[str, Any]) -> bool:
    source = record["input"]
    if is_url(source) and local_path(source) is None and record["stamp"] is not None:
        return bool(stamp(source) == record["stamp"])
    return record["sha256"] is not None and digest(source) == record["sha256"]


def _record(outcome: Outcome, settings: str) -> dict[str, Any]:
    return {
        "input": outcome.source,
        "sha256": outcome.sha256,
        "stamp": outcome.stamp,
        "settings": settings,
        "outputs": _outputs(outcome),
        "pages": outcome.pages,
        "letters": outcome.letters,
        "confidence": None if outcome.confidence is None else round(outcome.confidence, 4),
        "warnings": outcome.warnings,
        "seconds": round(outcome.seconds, 3),
        "attempts": outcome.attempts,
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "error": outcome.error,
    }


def _outputs(outcome: Outcome) -> Sequence[dict[str, Any]]:
    return [
        {"format": one.format, "path": one.path, "bytes": one.size, "sha256": one.sha256}
        for one in outcome.outputs
    ]
