"""The IDX files that MNIST and EMNIST are published as, plain or gzipped."""

from __future__ import annotations

import gzip
import zlib
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from nn.data.samples import Samples
from nn.errors import DataError


def read_idx(path: str | Path) -> npt.NDArray[np.uint8]:
    """Return the array of bytes in an IDX file.

    Raises
    ------
    DataError
        Naming the file, if it is missing, is not IDX of unsigned bytes, or is cut short.

    References
    ----------
    The format: two zero bytes, the type (8: unsigned byte), the number of axes, then each length as a
    big-endian 32-bit number, then the values in C order (LeCun et al., the MNIST database).
    """
    try:
        raw = Path(path).read_bytes()
        data = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
    except FileNotFoundError:
        raise DataError(f"{path}: no such file") from None
    except (OSError, EOFError, zlib.error) as error:
        size = Path(path).stat().st_size if Path(path).is_file() else 0
        raise DataError(f"{path}: cannot be read as far as its end, byte {size} ({error})") from error
    if len(data) < 4 or data[:3] != b"\x00\x00\x08" or len(data) < 4 + 4 * data[3]:
        raise DataError(
            f"{path}: not an IDX file of unsigned bytes: byte 0 on is {data[:4].hex(' ') or 'missing'}, "
            "expected 00 00 08 and the number of axes, then their lengths"
        )
    shape = tuple(np.frombuffer(data, ">u4", data[3], 4).tolist())
    values = np.frombuffer(data, np.uint8, offset=4 + 4 * data[3])
    if values.size != prod(shape):
        end = len(data) - values.size + prod(shape)
        raise DataError(
            f"{path}: ends at byte {len(data)} after {values.size} values; its header says {shape}, "
            f"expected the end at byte {end}"
        )
    return values.reshape(shape)


def read_mapping(path: str | Path) -> dict[int, str]:
    """Return what each label stands for, from a mapping file of EMNIST.

    A line is a label and the code points of its characters; of several (Letters: capital, small) the
    first counts.

    Raises
    ------
    DataError
        Naming the file and the line.
    """
    mapping = {}
    try:
        lines = Path(path).read_text("ascii").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: cannot be read ({error})") from error
    for number, line in enumerate(lines, 1):
        try:
            label, point, *_ = map(int, line.split())
            mapping[label] = chr(point)
        except (ValueError, OverflowError):
            raise DataError(f"{path}: line {number} is {line!r}; expected a label and code points") from None
    return mapping


def as_text(
    numbers: npt.NDArray[np.integer[Any]], mapping: dict[int, str] | None, where: str | Path
) -> npt.NDArray[np.str_]:
    """Return what labels (N,) stand for: the numbers themselves if there is no `mapping`.

    Raises
    ------
    DataError
        Beginning with `where`, naming the first label that is not in `mapping` and its place.
    """
    present, first, inverse = np.unique(numbers, return_index=True, return_inverse=True)
    names = mapping if mapping is not None else {number: str(number) for number in present.tolist()}
    for number, place in zip(present.tolist(), first.tolist(), strict=True):
        if number not in names:
            raise DataError(f"{where}: label {number} of sample {place} is not in the mapping")
    return np.array([names[number] for number in present.tolist()], np.str_)[inverse]


def read_emnist(images: str | Path, labels: str | Path, mapping: dict[int, str] | None = None) -> Samples:
    """Return the samples of a pair of EMNIST files, upright.

    EMNIST keeps every picture transposed; this undoes it.

    Parameters
    ----------
    images, labels : path
    mapping : dict of int to str, optional
        What the labels stand for; without it the label's number is the text.

    Raises
    ------
    DataError
        If a file cannot be read, the two differ in length, or a label is not in `mapping`.

    References
    ----------
    Cohen et al., "EMNIST: an extension of MNIST to handwritten letters", 2017.
    """
    pictures, numbers = read_idx(images), read_idx(labels)
    if pictures.ndim != 3 or numbers.shape != pictures.shape[:1]:
        raise DataError(f"{labels}: labels {numbers.shape} do not fit images {pictures.shape}")
    texts = as_text(numbers, mapping, labels)
    upright = np.ascontiguousarray(pictures.transpose(0, 2, 1))
    return Samples(upright, texts, np.full(len(texts), "", "U5"))
