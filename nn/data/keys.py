"""What a network has learnt, in few bytes: so that a measurement can say that it measures just that."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

Keys = npt.NDArray[np.uint64]

KEPT = 4096
"""Keys, at most, that a model keeps."""


def keys(pictures: npt.NDArray[Any] | list[npt.NDArray[Any]], places: Iterable[int] | None = None) -> Keys:
    """Return a number for each picture, or each of those at `places`: the same for the same pixels."""
    chosen = range(len(pictures)) if places is None else places
    digests = (
        hashlib.blake2b(np.ascontiguousarray(pictures[k]).data, digest_size=8).digest() for k in chosen
    )
    return np.frombuffer(b"".join(digests), "<u8")


def sketch(learnt: Keys) -> str:
    """Return the smallest of the keys, `KEPT` at most, as text.

    Keys are as good as random. So those of other pictures that are not above the largest one kept are a
    random part of them, of which it is known for each whether it was learnt.

    References
    ----------
    Broder, "On the resemblance and containment of documents", 1997, section 4.
    """
    return base64.b64encode(np.unique(learnt)[:KEPT].astype("<u8").tobytes()).decode("ascii")


def learnt_share(kept: str, measured: Keys) -> float | None:
    """Return which share of the pictures with keys `measured` was learnt, as well as a sketch tells.

    None if the text is none that `sketch` gives, or too few were kept to tell anything.
    """
    try:
        known = np.frombuffer(base64.b64decode(kept, validate=True), "<u8")
    except ValueError:
        return None
    if not len(known) or not len(measured):
        return None
    whole = len(known) < KEPT
    told = measured if whole else measured[measured <= known[-1]]
    return float(np.isin(told, known).mean()) if len(told) else None
