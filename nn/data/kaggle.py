"""Tables of pixels as comma-separated values, as Kaggle gives digits and EMNIST."""

from __future__ import annotations

import re
import warnings
from math import isqrt
from pathlib import Path

import numpy as np
import numpy.typing as npt

from nn.data.emnist import is_emnist
from nn.data.idx import SPLIT
from nn.data.numbers import mapping_beside, named, with_file
from nn.data.samples import Samples
from nn.errors import DataError

_PART = re.compile(rf"(?P<name>.+)[-_](?P<part>{'|'.join(SPLIT)})", re.IGNORECASE)


def read_csv(path: Path) -> Samples:
    """Return the samples of a table: a row a picture, its label first, then its pixels.

    A first line that begins with ``label`` says that there are labels, another line of names that there are
    none; without such a line the first column is the label. Files called ``emnist-...`` keep their pictures
    transposed, which is undone. ``-train``, ``-test`` and the like at the end of the name are the split.

    Raises
    ------
    DataError
        Naming the file, the line, the byte at which it begins, and what was expected; or that there are no
        labels.
    """
    images, numbers = _read_table(path)
    if numbers is None:
        raise DataError(f"{path}: has no labels; expected 'label' as the first name in its first line")
    name, part = _called(path)
    given = named(numbers, mapping_beside(path, name), path, with_file(path, name))
    return Samples(images, given.labels, np.full(len(images), part, "U5"), None, given.task, given.notes)


def read_csv_images(path: Path) -> npt.NDArray[np.uint8]:
    """Return the pictures of a table, upright, uint8 (N, H, W); there need be no labels.

    Raises
    ------
    DataError
        As `read_csv`.
    """
    return _read_table(path)[0]


def _called(path: Path) -> tuple[str, str]:
    """Return what the set of a table is called, and its split, by the name of the file."""
    found = _PART.fullmatch(path.stem)
    return (found["name"], SPLIT[found["part"].lower()]) if found else (path.stem, "")


def _read_table(path: Path) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8] | None]:
    """Return the pictures of a table, upright, and their labels, None where there are none."""
    header, table = _read(path)
    labelled = header is None or header.startswith("label")
    pixels = table[:, 1:] if labelled else table
    side = isqrt(pixels.shape[1])
    if side == 0 or side**2 != pixels.shape[1]:
        raise DataError(f"{path}: {pixels.shape[1]} pixels a row; expected those of a square picture")
    images = pixels.reshape(-1, side, side)
    images = images.transpose(0, 2, 1) if is_emnist(path.stem) else images
    return np.ascontiguousarray(images), table[:, 0] if labelled else None


def _read(path: Path) -> tuple[str | None, npt.NDArray[np.uint8]]:
    """Return the line of names, if there is one, and the numbers below it, of a table."""
    try:
        with open(path, encoding="ascii", newline="") as file:
            first = file.readline()
            header = None if first[:1].isdigit() else first
            if not first.strip():
                raise DataError(f"{path}: byte 0: no table; expected rows of numbers")
            file.seek(0 if header is None else len(first))
            with warnings.catch_warnings():
                warnings.simplefilter("error", DeprecationWarning)  # NumPy 1 takes 256 for 0 and 1.5 for 1
                table = np.loadtxt(file, np.uint8, comments=None, delimiter=",", ndmin=2)
    except FileNotFoundError:
        raise DataError(f"{path}: no such file") from None
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error})") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: byte {error.start}: not text; expected rows of numbers") from error
    except ValueError as error:
        raise DataError(f"{path}: {_mistake(path) or error}") from error
    if not len(table):
        raise DataError(f"{path}: no rows below the names")
    return header, table


def _mistake(path: Path) -> str:
    """Return what is wrong with the first line that is not as long as the first, or not all numbers."""
    offset, columns = 0, 0
    with open(path, "rb") as file:
        for number, line in enumerate(file, 1):
            cells = line.strip().split(b",")
            columns = columns or len(cells)
            where = f"line {number}, at byte {offset}"
            if len(cells) != columns:
                return f"{where}: {len(cells)} values; expected {columns}"
            for place, cell in enumerate(cells, 1):
                if (number > 1 or cells[0][:1].isdigit()) and not (cell.isdigit() and int(cell) < 256):
                    text = cell.decode("ascii", "replace")
                    return f"{where}: value {place} is {text!r}; expected a whole number from 0 to 255"
            offset += len(line)
    return ""
