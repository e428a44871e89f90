"""Extensions: installed packages by entry points, and files that ``nn check --keep`` has stored."""

from __future__ import annotations

import importlib.util
import os
import sys
import warnings
from functools import cache
from pathlib import Path
from typing import Any


@cache
def plugins(group: str, kind: type) -> tuple[Any, ...]:
    """Return the objects of a group's entry points; unusable ones are left out with a warning.

    Parameters
    ----------
    group : str
        Such as ``letters_ocr.layers``.
    kind : type
        The required type: an instance or a subclass, with a ``name``.
    """
    if not _is_named(group):
        return ()
    from importlib.metadata import entry_points

    found = []
    for point in entry_points(group=group):
        try:
            one = point.load()
            if not (isinstance(one, kind) or (isinstance(one, type) and issubclass(one, kind))):
                raise TypeError(f"is no {kind.__name__}")
            if not isinstance(getattr(one, "name", None), str):
                raise TypeError("its name is no text")
            found.append(one)
        except Exception as error:
            reason = " ".join(f"{type(error).__name__}: {error}".split())
            warnings.warn(f"{point.value} ({group}) cannot be used: {reason}", stacklevel=2)
    return tuple(found)


@cache
def kept(kind: type) -> tuple[Any, ...]:
    """Return the classes in the files of `kept_folder`; unusable files are left out with a warning."""
    found: list[Any] = []
    for file in sorted(kept_folder().glob("*.py")):
        try:
            found += [one for one in classes_in(file, kind) if isinstance(getattr(one, "name", None), str)]
        except Exception as error:
            warnings.warn(f"{file} cannot be used: {type(error).__name__}: {error}", stacklevel=2)
    return tuple(found)


def kept_folder() -> Path:
    """Return the folder of checked files: below ``XDG_DATA_HOME``, by default ``~/.local/share``."""
    base = os.environ.get("XDG_DATA_HOME")
    return Path(base or Path.home() / ".local" / "share") / "letters-ocr" / "layers"


def classes_in(file: Path, kind: type | tuple[type, ...]) -> list[Any]:
    """Run a Python file and return the subclasses of `kind`, or of one of several, that it defines."""
    name = f"kept_{file.stem}"
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file}: no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # where dataclasses look for it
    spec.loader.exec_module(module)
    return [
        one
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, kind) and one.__module__ == name
    ]


def _is_named(group: str) -> bool:
    """Return whether any installed package may have this group: usually none does.

    Searching the files for its name takes a tenth of the time of parsing them.
    """
    for folder in map(Path, sys.path):
        if folder.suffix in (".zip", ".egg", ".whl", ".pyz") and folder.is_file():
            return True  # in an archive, which is not looked into here
        for file in folder.glob("*-[iI][nN][fF][oO]/entry_points.txt"):
            try:
                if group.encode() in file.read_bytes():
                    return True
            except OSError:
                continue  # as `importlib.metadata` goes on
    return False
