"""The IDX files that MNIST and EMNIST are published as, plain or gzipped."""

from __future__ import annotations

import gzip
import re
import zlib
from math import prod
from pathlib import Path

import numpy as np
import numpy.typing as npt

from nn.data.emnist import is_emnist
from nn.data.numbers import mapping_beside, named, with_file
from nn.data.samples import Samples
from nn.errors import DataError

IMAGES = re.compile(r"(?P<name>.*-)?(?P<part>[^-]+)-images[-.]idx3-ubyte(\.gz)?")
"""What files of pictures are called: the set, nothing for MNIST, and the part."""
SPLIT = {"train": "train", "test": "test", "t10k": "test"}
"""What the parts are for; MNIST's test part has 10,000 pictures, hence its name."""


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


def read_pair(path: Path) -> Samples:
    """Return the samples of a file ``...-images-idx3-ubyte`` and the labels beside it.

    Files called ``emnist-...`` keep their pictures transposed, which is undone; all others, those of MNIST
    among them, are upright. ``train``, ``test`` or ``t10k`` in the name is the split.

    Raises
    ------
    DataError
        Naming the file and what was expected.
    """
    found = IMAGES.fullmatch(path.name)
    name, part = ((found["name"] or "").rstrip("-"), found["part"]) if found else ("", "")
    labels = path.with_name(re.sub("-images([-.])idx3", r"-labels\1idx1", path.name))
    samples = _pair(path, labels, mapping_beside(path, name), is_emnist(name), with_file(path, name))
    samples.split[:] = SPLIT.get(part, "")
    return samples


def read_emnist(images: str | Path, labels: str | Path, mapping: dict[int, str] | None = None) -> Samples:
    """Return the samples of a pair of EMNIST files, upright.

    EMNIST keeps every picture transposed; this undoes it.

    Parameters
    ----------
    images, labels : path
    mapping : dict of int to str, optional
        What the labels stand for; without it 0 to 9 are digits.

    Raises
    ------
    DataError
        If a file cannot be read, the two differ in length, or a label is not in `mapping`.

    References
    ----------
    Cohen et al., "EMNIST: an extension of MNIST to handwritten letters", 2017.
    """
    return _pair(Path(images), Path(labels), mapping, True, "give a mapping")


def _pair(images: Path, labels: Path, mapping: dict[int, str] | None, transposed: bool, how: str) -> Samples:
    pictures, numbers = read_idx(images), read_idx(labels)
    if pictures.ndim != 3 or numbers.shape != pictures.shape[:1]:
        raise DataError(f"{labels}: labels {numbers.shape} do not fit images {pictures.shape}")
    given = named(numbers, mapping, labels, how)
    upright = np.ascontiguousarray(pictures.transpose(0, 2, 1)) if transposed else pictures
    split = np.full(len(numbers), "", "U5")
    return Samples(upright, given.labels, split, None, given.task, given.notes)
