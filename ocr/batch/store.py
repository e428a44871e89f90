"""Files and objects: opening, hashing, and atomic writing."""

from __future__ import annotations

import hashlib
import io
import os
import stat
from collections.abc import Iterable
from typing import Any, BinaryIO, cast
from uuid import uuid4

from ocr.batch.names import UNFINISHED
from pipelines.errors import PictureError, shown
from pipelines.sources import remote
from pipelines.sources.load import open_file
from pipelines.sources.remote import fetch, is_url


def file_system(url: str) -> tuple[Any, str]:
    """Return the fsspec file system of a URL, and the path in it.

    Raises
    ------
    PictureError
        fsspec, or what it needs for this kind of URL, is not installed, or the kind is unknown.
    """
    try:
        return remote.file_system(url)
    except PictureError as error:
        raise PictureError(f"{url}: {error}") from error.__cause__


def local_path(place: str) -> str | None:
    """Return the local path of a path or ``file://`` URL; None for other URLs."""
    if not is_url(place):
        return place
    return file_system(place)[1] if place.lower().startswith("file://") else None


def opened(source: str, content: bytes | None = None) -> io.BufferedReader | io.BytesIO:
    """Open a picture, or `content` if it is given, as a seekable file with a name.

    Raises
    ------
    PictureError
        It is missing, forbidden, not a file, or cannot be fetched.
    """
    try:
        if content is None and not is_url(source):
            return _file(source)
        stream = io.BytesIO(content) if content is not None else cast(io.BytesIO, fetch(source))
    except PictureError as error:
        raise PictureError(f"{shown(source)}: {error}") from error.__cause__
    stream.name = source
    return stream


def _file(path: str) -> io.BufferedReader:
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError):
        mode = stat.S_IFREG  # opening it raises the error
    if stat.S_ISDIR(mode):
        raise PictureError("is a folder that cannot be looked into")
    if not stat.S_ISREG(mode):
        raise PictureError("is no file")
    return cast(io.BufferedReader, open_file(path))


def stamp(source: str) -> str | None:
    """Return a value that changes with an object, such as its ETag; None for files, which are hashed."""
    if local_path(source) is not None:
        return None
    system, path = file_system(source)
    try:
        return str(system.ukey(path))
    except Exception:
        return None


def digest(source: str) -> str | None:
    """Return the SHA-256 of a file or object in hex digits; None where it cannot be read."""
    try:
        with opened(source) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except PictureError:
        return None


def size(place: str) -> int | None:
    """Return the size of a file or object in bytes; None where there is none."""
    path = local_path(place)
    try:
        if path is not None:
            return os.path.getsize(path)
        system, path = file_system(place)
        return int(system.info(path)["size"])
    except Exception:
        return None


def joined(out: str, path: str) -> str:
    """Return the path or URL of what lies below OUT."""
    return f"{out.rstrip('/')}/{path}" if is_url(out) else os.path.join(out, path)


def write_whole(out: str, path: str, content: bytes) -> None:
    """Write a file below OUT, a folder or a URL, atomically and durably.

    Raises
    ------
    OSError
        It cannot be written.
    """
    settle({put(out, path, content)} - {None})


def put(out: str, path: str, content: bytes) -> str | None:
    """Write a file below OUT atomically; return the folder to pass to `settle`, if any.

    Raises
    ------
    OSError
        It cannot be written.
    """
    folder = local_path(out)
    if folder is None:
        system, target = file_system(joined(out, path))
        system.pipe_file(target, content)
        return None
    target, unfinished = os.path.join(folder, path), os.path.join(folder, UNFINISHED)
    temporary = os.path.join(unfinished, uuid4().hex)
    try:
        with _created(temporary) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _moved(temporary, target)
    except BaseException:
        if os.path.lexists(temporary):
            os.unlink(temporary)
        raise
    return os.path.dirname(target)


def settle(folders: Iterable[str | None]) -> None:
    """Sync the entries of some folders to disk."""
    for folder in folders:
        descriptor = os.open(folder or ".", os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _created(path: str) -> BinaryIO:
    """Create a file, and its folder if needed."""
    try:
        return open(path, "xb")
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        return open(path, "xb")


def _moved(path: str, target: str) -> None:
    """Move a file to its place, in a folder that is made if needed."""
    try:
        os.replace(path, target)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.replace(path, target)
