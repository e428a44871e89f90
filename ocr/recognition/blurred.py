"""Blurred pages: strokes run into each other, so the page is read sharpened too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from ocr.finding.region import TextRegion
from ocr.finding.text_finder import find_text
from ocr.recognition.cuts import cut_region
from ocr.recognition.doubted_text import letter_evidence
from ocr.recognition.lattice import Lattice
from ocr.recognition.params.ways import BlurParams
from ocr.recognition.recognizer import Recognizer
from ocr.recognition.spelled import look_at_likely
from ocr.recognition.ways import read_best
from pipelines.clean.deblur import blur_of, deblurred
from pipelines.clean.light import to_grey
from pipelines.median import median
from pipelines.pipeline import Pipeline

Pixels = npt.NDArray[np.uint8]


def read_sharpest(
    pipeline: Pipeline,
    whole: Lattice,
    pixels: Pixels,
    regions: Sequence[TextRegion],
    recognizer: Recognizer,
) -> tuple[Lattice, Pixels, Sequence[TextRegion]]:
    """Read a blurred page once more, sharpened, and return what has more evidence of text.

    Parameters
    ----------
    pipeline : Pipeline
    whole : Lattice
        The page as it was read.
    pixels : uint8 array, shape (H, W) or (H, W, 3)
        The picture as loaded.
    regions : sequence of TextRegion
        The regions of text that were found there.
    recognizer : Recognizer

    Returns
    -------
    whole : Lattice
    pixels : uint8 array
        The picture from which that was read, as loaded or sharpened.
    regions : sequence of TextRegion
        Those found there.
    """
    params = recognizer.params.blur
    blur = params.widened * blur_of_text(pixels, regions, params)
    if not blur or not recognizer.budget.affords() or not _is_text(pixels, regions, blur, recognizer):
        return whole, pixels, regions
    sharp = deblurred(pixels, blur, params.rounds)
    found = find_text(sharp)
    other = read_best(pipeline, sharp, replace(recognizer, regions=lambda: found))
    evidence = _evidence(whole, recognizer) if len(whole.chosen) else -np.inf
    is_surer = len(other.chosen) > 0 and _evidence(other, recognizer) > evidence
    return (other, sharp, found) if is_surer else (whole, pixels, regions)


def blur_of_text(pixels: Pixels, regions: Sequence[TextRegion], params: BlurParams) -> float:
    """Return the usual blur of the longest regions of text, in pixels; 0 where strokes stay apart.

    Parameters
    ----------
    pixels : uint8 array, shape (H, W) or (H, W, 3)
    regions : sequence of TextRegion
    params : BlurParams
    """
    measured = _longest(regions, params)
    if not measured:
        return 0.0
    shares = []
    for region in measured:
        cut, back = cut_region(pixels, region)
        pixel = float(np.hypot(*back[:2, 0]))
        shares.append(blur_of(to_grey(cut)) * pixel / region.height)
    share, height = median(np.array(shares)), median(np.array([each.height for each in measured]))
    return share * height if share > params.share and share * height > params.least else 0.0


def _longest(regions: Sequence[TextRegion], params: BlurParams) -> list[TextRegion]:
    """Return the longest regions, of those that are long enough to be measured."""
    long = [region for region in regions if region.length >= params.long * region.height]
    return sorted(long, key=lambda region: -region.length)[: params.regions]


def _is_text(pixels: Pixels, regions: Sequence[TextRegion], blur: float, recognizer: Recognizer) -> bool:
    """Return whether the line network reads any of the longest regions, sharpened: wood is blurred, too."""
    params = recognizer.params
    cuts = [cut_region(pixels, region) for region in _longest(regions, params.blur)]
    sharp = [deblurred(cut, blur / np.hypot(*back[:2, 0]), params.blur.rounds) for cut, back in cuts]
    looks = look_at_likely(sharp, params.spelled.region_rows, recognizer.line_reader, params.regions)
    return any(look.evidence > params.regions.looks_like for look in looks.values())


def _evidence(lattice: Lattice, recognizer: Recognizer) -> float:
    evidence = letter_evidence(lattice, recognizer.classifier.rejects)
    return float(np.nansum(evidence - recognizer.params.ways.unsure))
