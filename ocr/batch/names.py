"""Names of outputs: those of their pictures, below OUT, unique, and never outside of it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator

UNFINISHED = ".ocr-unfinished"
"""The folder below OUT for files that are not complete yet."""
LONGEST = 220
"""Most bytes of a name without the ending of an output; most file systems allow 255 in all."""


def inside(path: str) -> str:
    """Return a path made relative and safe: without root, ``.`` and ``..``.

    Examples
    --------
    >>> inside("/scans/a/../b.png"), inside("../../b.png"), inside("..")
    ('scans/b.png', 'b.png', '_')
    """
    parts = [part for part in os.path.normpath(f"/{path}").split("/") if part]
    if parts and parts[0] == UNFINISHED:
        parts[0] = f"_{UNFINISHED}"
    return "/".join(parts) or "_"


def bases(relative: Iterable[str], endings: Iterable[str], taken: Iterable[str]) -> Iterator[str]:
    """Yield the names of the outputs of each picture, without their endings.

    A name is that of the picture with its suffix, so that ``a.jpg`` and ``a.png`` differ. Names that are too
    long are cut; these, and names that collide on some file system, get ``~`` and a hash.

    Parameters
    ----------
    relative : iterable of str
        The pictures' paths, as `inside` returns them.
    endings : iterable of str
        Endings of the outputs.
    taken : iterable of str
        Files below OUT that are not outputs.
    """
    endings = tuple(endings)
    seen = {name.casefold() for name in taken}
    for number, path in enumerate(relative):
        base = _short(path)
        if seen & _keys(base, endings):
            base = _hashed(path, path)
        while seen & _keys(base, endings):
            base = _hashed(path, f"{path}\0{number}")
            number += 1
        seen |= _keys(base, endings)
        yield base


def _keys(base: str, endings: tuple[str, ...]) -> set[str]:
    return {f"{base}{ending}".casefold() for ending in endings}


def _short(path: str) -> str:
    return path if len(os.fsencode(path.rpartition("/")[2])) <= LONGEST else _hashed(path, path)


def _hashed(path: str, seed: str) -> str:
    """Return a path with a name that is cut if needed, and a hash of `seed` at its end."""
    digest = hashlib.sha256(os.fsencode(seed)).hexdigest()[:16]
    folder, slash, name = path.rpartition("/")
    kept = os.fsencode(name)[: LONGEST - len(digest) - 1].decode(errors="ignore")
    return f"{folder}{slash}{kept}~{digest}"
