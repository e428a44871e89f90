"""Files spoiled at random, the same for the same seed: bits, numbers, lengths, pieces and ends."""

from __future__ import annotations

import random
import re
import struct
import zlib
from collections.abc import Callable

from tests.fuzz.seeds import KINDS, seeds

MAGIC = (
    b"",
    b"\xff\xd8\xff\xe0",
    b"\x89PNG\r\n\x1a\n",
    b"II*\0\x08\0\0\0",
    b"MM\0*",
    b"II+\0\x08\0\0\0",
    b"BM",
    b"GIF89a",
    b"RIFF\xff\0\0\0WEBPVP8X",
    b"\0\0\0\x1cftypheic",
    b"%PDF-1.7\n",
)
_EXTREME = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
_NUMBERS = (
    b"0",
    b"-1",
    b"1",
    b"65535",
    b"99999",
    b"2147483647",
    b"4294967296",
    b"1e38",
    b"-0.0001",
    b"9" * 40,
)

Change = Callable[[bytearray, random.Random], None]


def spoiled(kind: str, rng: random.Random) -> bytes:
    """Return a file of a kind (`KINDS`), spoiled in one to eight ways; or, for ``noise``, bytes at random."""
    files = seeds(kind) if kind in KINDS else ()
    if not files:
        return rng.choice(MAGIC) + rng.randbytes(rng.randrange(2000)) + rng.choice((b"", b"\n%%EOF"))
    data = bytearray(rng.choice(files))
    for _ in range(rng.choice((1, 1, 2, 3, 5, 8))):
        if data:
            rng.choice(_CHANGES)(data, rng)
    if kind == "png" and rng.random() < 0.8:
        data = _with_checksums(data)
    if kind == "pdf" and rng.random() < 0.8 and b"%%EOF" not in data[-1024:]:
        data += b"\n%%EOF"
    return bytes(data)


def _place(data: bytearray, rng: random.Random) -> int:
    """Return a place to spoil: in half the cases among the first bytes, where the sizes are."""
    return rng.randrange(min(len(data), 160) if rng.random() < 0.5 else len(data))


def _flip(data: bytearray, rng: random.Random) -> None:
    data[_place(data, rng)] ^= 1 << rng.randrange(8)


def _overwrite(data: bytearray, rng: random.Random) -> None:
    data[_place(data, rng)] = rng.randrange(256)


def _extreme(data: bytearray, rng: random.Random) -> None:
    kind = rng.choice(("<B", "<H", ">H", "<I", ">I"))
    value = rng.choice(_EXTREME) & (256 ** struct.calcsize(kind) - 1)
    place = _place(data, rng)
    data[place : place + struct.calcsize(kind)] = struct.pack(kind, value)


def _number(data: bytearray, rng: random.Random) -> None:
    """Change a number that is written in digits, as in a PDF."""
    found = list(re.finditer(rb"-?\d+(\.\d+)?", data[:20000]))
    if found:
        span = rng.choice(found).span()
        data[slice(*span)] = rng.choice(_NUMBERS)


def _cut(data: bytearray, rng: random.Random) -> None:
    del data[rng.randrange(len(data)) :]


def _drop(data: bytearray, rng: random.Random) -> None:
    place = _place(data, rng)
    del data[place : place + rng.randrange(1, 40)]


def _repeat(data: bytearray, rng: random.Random) -> None:
    start, place = rng.randrange(len(data)), _place(data, rng)
    piece = data[start : start + rng.randrange(1, 300)]
    data[place:place] = piece * rng.choice((1, 1, 2, 50))


def _insert(data: bytearray, rng: random.Random) -> None:
    place = _place(data, rng)
    data[place:place] = rng.randbytes(rng.randrange(1, 40))


def _mix(data: bytearray, rng: random.Random) -> None:
    """Put the end of another file behind the start of this."""
    others = seeds(rng.choice(KINDS)) or (b"",)
    other = rng.choice(others)
    data[rng.randrange(len(data)) :] = other[rng.randrange(len(other) + 1) :]


_CHANGES: tuple[Change, ...] = (
    _flip,
    _flip,
    _overwrite,
    _overwrite,
    _extreme,
    _extreme,
    _number,
    _cut,
    _drop,
    _repeat,
    _insert,
    _mix,
)


def _with_checksums(data: bytearray) -> bytearray:
    """Put the checksums of a PNG's chunks right, without which nothing behind them is looked at."""
    place = 8
    while place + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, place)
        end = place + 8 + length
        if end + 4 > len(data):
            break
        struct.pack_into(">I", data, end, zlib.crc32(data[place + 4 : end]))
        place = end + 4
    return data
