"""Binarizers: each is one file here, and one line in `binarizers_with`.

Each takes grey, uint8 (H, W), with dark ink, and returns a mask of the ink, bool (H, W).
`pipelines.clean.evidence` tries them all, and takes the one whose mask agrees best with the picture's edges.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from pipelines.clean.binarizers.adaptive import adaptive
from pipelines.clean.binarizers.k_means import k_means
from pipelines.clean.binarizers.otsu import otsu
from pipelines.clean.binarizers.sauvola import sauvola
from pipelines.clean.binarizers.wolf import wolf
from pipelines.clean.params import STANDARD, CleanParams
from pipelines.sheet import Grey, Mask

Binarizer = Callable[[Grey], Mask]


def binarizers_with(params: CleanParams) -> dict[str, Binarizer]:
    """Return all binarizers by their names, each bound to its parameters."""
    return {
        "otsu": otsu,
        "sauvola": partial(sauvola, params=params),
        "wolf": partial(wolf, params=params),
        "adaptive": partial(adaptive, params=params),
        "k-means": partial(k_means, params=params),
    }


BINARIZERS = binarizers_with(STANDARD)
