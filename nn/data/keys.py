"""A sketch of a network's training data, so that an evaluation on the same pictures can be detected."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

Keys = npt.NDArray[np.uint64]

KEPT = 4096
"""Most keys that a model stores."""


def keys(pictures: npt.NDArray[Any] | list[npt.NDArray[Any]], places: Iterable[int] | None = None) -> Keys:
    """Return a hash of each picture, or of those at `places`: equal for equal pixels."""
    chosen = range(len(pictures)) if places is None else places
    digests = (
        hashlib.blake2b(np.ascontiguousarray(pictures[k]).data, digest_size=8).digest() for k in chosen
    )
    return np.frombuffer(b"".join(digests), "<u8")


def sketch(learned: Keys) -> str:
    """Return the smallest of the keys, `KEPT` at most, as text.

    Keys are uniformly distributed hashes. So those of other pictures that are not above the largest stored
    one are a random sample, and for each of them it is known whether it was in the training data.

    References
    ----------
    Broder, "On the resemblance and containment of documents", 1997, section 4.
    """
    return base64.b64encode(np.unique(learned)[:KEPT].astype("<u8").tobytes()).decode("ascii")


def learned_share(kept: str, measured: Keys) -> float | None:
    """Estimate, from a sketch, the share of the pictures with keys `measured` that were trained on.

    None if the text is not a sketch, or the sample is too small.
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
