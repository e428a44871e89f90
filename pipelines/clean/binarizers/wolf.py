"""Wolf's threshold on a picture whose light is evened out."""

from __future__ import annotations

from pipelines.clean.binarize import binarize
from pipelines.clean.binarizers.window import window_of
from pipelines.clean.light import flatten_light
from pipelines.clean.params import STANDARD, CleanParams
from pipelines.sheet import Grey, Mask


def wolf(grey: Grey, params: CleanParams = STANDARD) -> Mask:
    """Return the ink that `pipelines.clean.binarize` finds after the light is evened out."""
    return binarize(flatten_light(grey, params), window_of(grey, params.thresholds), params=params)
