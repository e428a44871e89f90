"""EMNIST as MATLAB files.

They are parsed here, not by SciPy: with SciPy 1.17 `scipy.io.loadmat` ends the process with a segmentation
fault for 5 of 500 files in which one byte was changed, and each must be an error of one line.
"""

from __future__ import annotations

import struct
import zlib
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from nn.data.numbers import from_points, named
from nn.data.samples import Samples, join
from nn.errors import DataError

COMPRESSED, MATRIX = 15, 14
STRUCT, NUMERIC = 2, range(6, 16)
KINDS = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8", 13: "u8"}


def read_mat(path: Path) -> Samples:
    """Return the samples of a MATLAB file of EMNIST, upright, with their splits and their writers.

    It holds ``dataset.mapping`` (a row a label: the label, then code points, as in a mapping file) and, for
    both ``train`` and ``test``, ``images`` uint8 (N, 784) column by column, ``labels`` (N, 1) and
    ``writers`` (N, 1).

    Raises
    ------
    DataError
        Naming the file, the byte where that can be said, and what was expected.
    """
    try:
        dataset = read_variables(path.read_bytes()).get("dataset", {})
        rows = _array(dataset, "mapping", 2).tolist()
        mapping = {int(label): from_points(map(int, points)) for label, *points in rows}
        return join([_part(dataset.get(name), name, mapping) for name in ("train", "test")])
    except FileNotFoundError:
        raise DataError(f"{path}: no such file") from None
    except (OSError, ValueError, AttributeError, IndexError, OverflowError) as error:
        raise DataError(f"{path}: {error}") from error


def read_variables(raw: bytes) -> dict[str, Any]:
    """Return the variables of a MATLAB 5 file: numbers as arrays, a structure (of one element) as a dict.

    Raises
    ------
    DataError
        Naming the byte at which something else was expected.

    References
    ----------
    MathWorks, "MAT-File Format", level 5.
    """
    order = {b"IM": "<", b"MI": ">"}.get(raw[126:128])
    if order is None:
        raise DataError(f"byte 126 is {raw[126:128]!r}; expected IM or MI, as in MATLAB 5 files")
    variables, at, data = {}, 128, memoryview(raw)
    while at < len(data):
        kind, content, after = _element(data, at, order, "of the file")
        where = "of the file"
        if kind == COMPRESSED:
            try:
                unpacked = memoryview(zlib.decompress(content))
            except zlib.error as error:
                raise DataError(f"byte {at} of the file: not unpacked ({error})") from error
            where = f"of what is packed at byte {at}"
            kind, content, _ = _element(unpacked, 0, order, where)
            after = at + 8 + int.from_bytes(data[at + 4 : at + 8], "little" if order == "<" else "big")
        if kind != MATRIX:
            raise DataError(f"byte {at} of the file: element of type {kind}; expected a matrix, {MATRIX}")
        name, value = _matrix(content, order, where)
        variables[name] = value
        at = after
    return variables


def _element(data: memoryview, at: int, order: str, where: str) -> tuple[int, memoryview, int]:
    """Return the type and the content of the element at a byte, and the position of the next one."""
    if at + 8 > len(data):
        raise DataError(f"byte {at} {where}: ends at byte {len(data)}; expected an element")
    kind, size = struct.unpack_from(f"{order}II", data, at)
    start, after = at + 8, at + 8 + size + -size % 8
    if kind >> 16:
        kind, size = kind & 0xFFFF, kind >> 16
        start, after = at + 4, at + 8
    if start + size > min(len(data), after):
        raise DataError(f"byte {at} {where}: ends at byte {len(data)}; expected {size} bytes from {start} on")
    return kind, data[start : start + size], after


def _matrix(data: memoryview, order: str, where: str) -> tuple[str, Any]:
    """Return the name and the value of a matrix; None for kinds that EMNIST does not use."""
    if not len(data):
        return "", None
    where = f"of a matrix {where}"
    _, flags, at = _element(data, 0, order, where)
    _, lengths, at = _element(data, at, order, where)
    _, name, at = _element(data, at, order, where)
    if len(flags) < 4 or len(lengths) % 4:
        raise DataError(f"byte 0 {where}: no flags and lengths; expected those of a matrix")
    shape = struct.unpack(f"{order}{len(lengths) // 4}i", lengths)
    text = bytes(name).decode("latin-1")
    family = struct.unpack_from(f"{order}I", flags)[0] & 0xFF
    if family == STRUCT and prod(shape) == 1:
        return text, _structure(data, at, order, where)
    if family not in NUMERIC:
        return text, None
    kind, content, _ = _element(data, at, order, where)
    if kind not in KINDS or len(content) != prod(shape) * int(KINDS[kind][1]):
        raise DataError(f"byte {at} {where}: {len(content)} bytes of type {kind}; expected numbers {shape}")
    return text, np.frombuffer(content, f"{order}{KINDS[kind]}").reshape(shape, order="F")


def _structure(data: memoryview, at: int, order: str, where: str) -> dict[str, Any]:
    """Return the fields of a structure of one element."""
    _, length, at = _element(data, at, order, where)
    _, names, after = _element(data, at, order, where)
    if len(length) != 4 or not (size := struct.unpack(f"{order}i", length)[0]) > 0:
        raise DataError(f"byte {at} {where}: no names of fields; expected those of a structure")
    fields, at = {}, after
    for start in range(0, len(names), size):
        kind, content, after = _element(data, at, order, where)
        if kind != MATRIX:
            raise DataError(f"byte {at} {where}: element of type {kind}; expected a matrix, {MATRIX}")
        name = bytes(names[start : start + size]).partition(b"\0")[0].decode("latin-1")
        fields[name], at = _matrix(content, order, where)[1], after
    return fields


def _array(part: Any, name: str, columns: int) -> Any:
    """Return an array of at least this many columns out of a structure."""
    array = part.get(name) if isinstance(part, dict) else None
    if not isinstance(array, np.ndarray) or array.ndim != 2 or array.shape[1] < columns:
        found = "missing" if array is None else f"{getattr(array, 'shape', 'a structure')}"
        raise DataError(f"{name} in dataset is {found}; expected numbers of {columns} columns or more")
    return array


def _part(part: Any, name: str, mapping: dict[int, str]) -> Samples:
    images, labels = _array(part, "images", 1), _array(part, "labels", 1)[:, 0].astype(np.int64)
    if images.dtype != np.uint8 or images.shape != (len(labels), 784):
        raise DataError(
            f"dataset.{name}.images are {images.dtype} {images.shape} for {len(labels)} labels; "
            f"expected uint8 ({len(labels)}, 784)"
        )
    upright = np.ascontiguousarray(images.reshape(-1, 28, 28).transpose(0, 2, 1))
    writers = part.get("writers")
    groups = writers.reshape(-1).astype(np.str_) if isinstance(writers, np.ndarray) else None
    if groups is not None and len(groups) != len(labels):
        raise DataError(f"dataset.{name}.writers are {len(groups)} for {len(labels)} labels")
    given = named(labels, mapping, f"dataset.{name}", "")
    return Samples(upright, given.labels, np.full(len(labels), name, "U5"), groups, given.task)
