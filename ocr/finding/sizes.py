"""The heights of letters and the direction of lines, from the regions of the text finder."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ocr.finding.region import TextRegion

LOW, HIGH = 0.1, 0.9
"""Shares of the length of all text that is in the lowest regions, and in all but the highest."""
LEAST, MOST = 0.25, 1.2
"""Letters are at least this share of the height of low regions high, and at most that of high ones."""
BODY = 0.6
"""This share of the letters of a page is no larger than its body text."""


def heights_of_letters(regions: Sequence[TextRegion], letters: float) -> tuple[float, float] | None:
    """Return bounds of the heights of ordinary letters, in pixels of the picture.

    Parameters
    ----------
    regions : sequence of TextRegion
    letters : float
        The length of all regions, in their heights, below which there is too little text.

    Returns
    -------
    tuple of two float, or None

    Examples
    --------
    >>> from ocr.finding.region import region_of
    >>> line = region_of(np.array([100.0, 20.0]), 200, 10, 0, 1)
    >>> heights_of_letters([line, line], 30)
    (2.5, 12.0)
    >>> heights_of_letters([line], 30)
    """
    heights = np.array([region.height for region in regions])
    lengths = np.array([region.length for region in regions])
    if not len(regions) or (lengths / heights).sum() < letters:
        return None
    low, high = _quantiles(heights, lengths, HIGH)
    return LEAST * low, MOST * high


def heights_of_body(regions: Sequence[TextRegion]) -> tuple[float, float] | None:
    """Return bounds of the heights of the letters of body text, in pixels of the picture.

    A few words of a heading may have more ink than the text below them. Letters of body text are less high
    than the regions that hold most letters.

    Examples
    --------
    >>> from ocr.finding.region import region_of
    >>> heading = region_of(np.array([100.0, 30.0]), 200, 40, 0, 1)
    >>> line = region_of(np.array([100.0, 80.0]), 200, 10, 0, 1)
    >>> heights_of_body([heading, line])
    (2.5, 10.0)
    """
    if not regions:
        return None
    heights = np.array([region.height for region in regions])
    lengths = np.array([region.length for region in regions])
    low, high = _quantiles(heights, lengths / heights, BODY)
    return LEAST * low, high


def _quantiles(
    heights: npt.NDArray[np.float64], weights: npt.NDArray[np.float64], high: float
) -> tuple[float, float]:
    """Return the heights up to which `LOW` and another share of all weights lie."""
    order = np.argsort(heights, kind="stable")
    shares = np.cumsum(weights[order]) / weights.sum()
    lowest, highest = heights[order][np.searchsorted(shares, (LOW, high))].tolist()
    return lowest, highest


def length_in_heights(regions: Sequence[TextRegion]) -> float:
    """Return the mean length of regions, in their heights, weighted by length; 0 if there are none.

    The finder looks for level lines. In text that lies on its side, it finds letters and parts of lines:
    regions of one to six heights.

    Examples
    --------
    >>> from ocr.finding.region import region_of
    >>> length_in_heights([region_of(np.array([100.0, 20.0]), 200, 10, 0, 1)])
    20.0
    """
    heights = np.array([region.height for region in regions])
    lengths = np.array([region.length for region in regions])
    return float((lengths**2).sum() / (lengths * heights).sum()) if len(regions) else 0.0
