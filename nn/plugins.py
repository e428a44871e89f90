"""What other installed packages add: each names it by an entry point, as ``pip`` installs them."""

from __future__ import annotations

import sys
import warnings
from functools import cache
from pathlib import Path
from typing import Any


@cache
def plugins(group: str, kind: type) -> tuple[Any, ...]:
    """Return what the entry points of a group name; what cannot be used is left out with a warning.

    Parameters
    ----------
    group : str
        Such as ``letters_ocr.layers``.
    kind : type
        What each must be: one of these, or a class that is derived from it; with a ``name``.
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


def _is_named(group: str) -> bool:
    """Tell whether an installed package may name a group: most often none does.

    To look for its name in the files takes a tenth of the time of parsing all of them.
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
