"""Arrays for what is only in between, used again and again: new ones would cost more than what they hold."""

from __future__ import annotations

import threading
from math import prod

import numpy as np
import numpy.typing as npt

from nn.layers.layer import Array, Shape

_own = threading.local()


def scratch(name: str, shape: Shape, dtype: npt.DTypeLike) -> Array:
    """Return an array of this thread whose values may be anything: those of the last one of this `name`."""
    size = prod(shape)
    held: Array | None = getattr(_own, name, None)
    if held is None or held.size < size or held.dtype != dtype:
        held = np.empty(size, dtype)
        setattr(_own, name, held)
    return held[:size].reshape(shape)
