"""Ways to tell ink from paper by a threshold: a way is one file, and its name in `BINARIZERS`.

Each takes grey, uint8 (H, W), with dark ink, and returns a mask of the ink, bool (H, W).
`pipelines.clean.evidence` tries them all, and takes the one whose mask agrees best with the picture's edges.
"""

from __future__ import annotations

from collections.abc import Callable

from pipelines.clean.binarizers.adaptive import adaptive
from pipelines.clean.binarizers.k_means import k_means
from pipelines.clean.binarizers.otsu import otsu
from pipelines.clean.binarizers.sauvola import sauvola
from pipelines.clean.binarizers.wolf import wolf
from pipelines.sheet import Grey, Mask

Binarizer = Callable[[Grey], Mask]

BINARIZERS: dict[str, Binarizer] = {
    "otsu": otsu,
    "sauvola": sauvola,
    "wolf": wolf,
    "adaptive": adaptive,
    "k-means": k_means,
}
