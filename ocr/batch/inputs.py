"""Finds the input pictures: folders, globs, files, URLs, or a list of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from ocr.batch.names import inside
from ocr.batch.store import file_system
from pipelines.sources.remote import is_url
from pipelines.sources.suffixes import EVERY


@dataclass(frozen=True, slots=True)
class Input:
    """A picture: its path or URL, and its path relative to the folder or glob it was found by."""

    source: str
    relative: str


def find_inputs(given: Iterable[str], out: str) -> Iterator[Input]:
    """Yield the pictures that the command line's IN names.

    Paths are relative to a folder or glob that is given alone; of several inputs they stay as given. Hidden
    files and folders are skipped, and so is `out`, the folder of outputs.

    Parameters
    ----------
    given : iterable of str
        Folders, globs, files and URLs.
    out : str

    Raises
    ------
    FileNotFoundError
        An input does not exist.
    """
    given = list(given)
    for path in given:
        found = list(_found(path, out, len(given) == 1))
        if not found and not is_url(path) and not os.path.isdir(path):
            raise FileNotFoundError(path)
        yield from found


def listed_inputs(content: bytes, out: str) -> Iterator[Input]:
    """Yield the pictures of a list: paths and URLs, one per line, or separated by NUL if there is any.

    They stay as given. A folder stands for the pictures in it; a missing file is an input, too.
    """
    entries = content.split(b"\0") if b"\0" in content else content.replace(b"\r\n", b"\n").split(b"\n")
    for entry in map(os.fsdecode, entries):
        if entry and os.path.isdir(entry):
            yield from _in_folder(entry, out, entry)
        elif entry:
            yield Input(entry, inside(entry.partition("://")[2] if is_url(entry) else entry))


def left_out(find: Callable[[str], Iterable[Input]], found: Container[str], out: str) -> list[str]:
    """Return the pictures that are skipped only because they are in the folder of outputs.

    Parameters
    ----------
    find : function of a folder
        Finds the inputs, without those in that folder.
    found : container of str
        The sources that it found, `out` being the folder.
    out : str
    """
    if is_url(out) or not os.path.isdir(out):
        return []
    return [one.source for one in find("") if one.source not in found]


def _found(path: str, out: str, alone: bool) -> Iterator[Input]:
    if is_url(path):
        yield from _at_url(path, alone)
    elif os.path.isdir(path):
        yield from _in_folder(path, out, "" if alone else path)
    elif os.path.lexists(path):
        yield Input(path, inside(os.path.basename(path) if alone else path))
    elif _is_glob(path):
        root, pattern = _split(path)
        for file in _files(root or ".", out, pattern):
            relative = os.path.relpath(file, root or ".")
            if _matches(relative.split("/"), pattern):
                given = os.path.join(root, relative)
                yield Input(given, inside(relative if alone else given))


def _in_folder(folder: str, out: str, prefix: str) -> Iterator[Input]:
    for file in _files(folder, out):
        if os.path.splitext(file)[1].lower() in EVERY or os.path.isdir(file):
            yield Input(file, inside(f"{prefix}/{os.path.relpath(file, folder)}"))


def _files(folder: str, out: str, pattern: Sequence[str] = ("**",)) -> list[str]:
    """Return the files below a folder, sorted, and the folders that cannot be looked into.

    Symbolic links are followed, those to folders last, and each folder is entered once. Folders in which
    nothing can match `pattern`, a glob, are not entered.
    """
    files: list[str] = []
    entered = {_identity(out)}
    folders, links = [folder], list[str]()
    while folders or links:
        current = folders.pop() if folders else links.pop(0)
        if (identity := _identity(current)) in entered:
            continue
        entered.add(identity)
        try:
            entries = sorted(os.scandir(current), key=lambda entry: entry.name)
        except OSError:
            files.append(current)
            continue
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if os.path.isdir(entry.path):
                if _leads(os.path.relpath(entry.path, folder).split("/"), pattern):
                    (links if entry.is_symlink() else folders).append(entry.path)
            elif os.path.isfile(entry.path) or entry.is_symlink():
                files.append(entry.path)
    return sorted(files)


def _identity(folder: str) -> tuple[int, int] | str:
    try:
        state = os.stat(folder)
    except (OSError, ValueError):
        return folder
    return state.st_dev, state.st_ino


def _at_url(url: str, alone: bool) -> Iterator[Input]:
    if url.lower().startswith(("http://", "https://")):  # these have no folders
        yield Input(url, inside(url.partition("://")[2]))
        return
    system, path = file_system(url)
    if _is_glob(path):
        root, files = _split(path)[0], system.glob(path)
    elif system.isdir(path):
        root = path
        files = [file for file in system.find(path) if os.path.splitext(file)[1].lower() in EVERY]
    else:
        root, files = os.path.dirname(path), [path]
    for file in sorted(files):
        relative = os.path.relpath(file, root or "/")
        if not any(part.startswith(".") for part in relative.split("/")):
            yield Input(system.unstrip_protocol(file), inside(relative if alone else file))


def _is_glob(path: str) -> bool:
    return any(mark in path for mark in "*?[")


def _split(path: str) -> tuple[str, list[str]]:
    """Return the folder before the first part of a glob with a wildcard, and the parts from there."""
    parts = path.split("/")
    first = next(k for k, part in enumerate(parts) if _is_glob(part))
    return "/".join(parts[:first]) or ("/" if first else ""), [part for part in parts[first:] if part]


def _leads(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    """Return whether a glob may match something in a folder."""
    if not parts or (pattern and pattern[0] == "**"):
        return bool(pattern)
    return len(pattern) > 1 and fnmatchcase(parts[0], pattern[0]) and _leads(parts[1:], pattern[1:])


def _matches(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    """Return whether a glob matches a path; ``**`` stands for any number of folders."""
    if not pattern:
        return not parts
    if pattern[0] == "**":
        rest = pattern[1:] or ["*"]
        return any(_matches(parts[k:], rest) for k in range(len(parts)))
    return bool(parts) and fnmatchcase(parts[0], pattern[0]) and _matches(parts[1:], pattern[1:])
