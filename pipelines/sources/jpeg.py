"""Faults of JPEG files that Pillow does not report: too many scans, and damaged data."""

from __future__ import annotations

import re
from typing import IO

import simplejpeg

from pipelines.errors import PictureError

MOST_SCANS = 100
"""Most scans of a progressive file; programs write about ten. A scan of a few bytes takes the time of a whole
picture."""
_MOST_BYTES = 1 << 29
"""Larger files are not checked."""
_MARKER = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])", re.DOTALL)
_BEGIN, _END, _SCAN, _BARE = 0xD8, 0xD9, 0xDA, 0x01
_DAMAGE = re.compile(r"Corrupt JPEG data: (.*)|(Premature end of JPEG file|Inconsistent progression.*)")


def look_into(stream: IO[bytes]) -> list[str]:
    """Return a warning about a JPEG file that can be read all the same, if there is one.

    Parameters
    ----------
    stream : binary file
        Read from its start, and left there.

    Raises
    ------
    PictureError
        It has more scans than any program writes. The message does not contain the file's name.

    Notes ----- Where entropy-coded data are damaged, libjpeg decodes what it can, and warns. Pillow drops
    these warnings; libjpeg-turbo's own interface, which simplejpeg uses, raises them as errors.
    """
    stream.seek(0)
    data = stream.read(_MOST_BYTES)
    stream.seek(0)
    if _scans(data) > MOST_SCANS:
        raise PictureError(
            f"has more than {MOST_SCANS} scans, which take too long to decode; save it as PNG first"
        )
    if len(data) == _MOST_BYTES:
        return []
    try:
        simplejpeg.decode_jpeg(data, "GRAY", min_height=1, min_width=1, min_factor=8)
    except ValueError as error:
        found = _DAMAGE.match(str(error))
        if found is not None:
            said = found[1] or found[2]
            return [f"is a damaged JPEG ({said}); letters may be missing or wrong"]
    return []


def _scans(data: bytes) -> int:
    """Return the number of scans, counted up to one more than the limit."""
    count, place = 0, 0
    while count <= MOST_SCANS and (found := _MARKER.search(data, place)) is not None:
        kind, place = found[1][0], found.end()
        if kind == _END:
            break
        count += kind == _SCAN
        if kind not in (_BEGIN, _BARE):
            place += int.from_bytes(data[place : place + 2])
    return count
