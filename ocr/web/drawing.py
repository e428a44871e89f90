"""Reads drawings: a letter, or separate letters."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from ocr.document import Alternative, Box, Glyph, Line, Page, Word
from ocr.formats.values import share
from ocr.reader import Reader
from pipelines.clean.binarize import binarize_evenly
from pipelines.sources.load import load

TOP = 5
WIDEST = 1.5
"""Largest width of a letter, relative to its height."""
FLAT = 0.1
"""Ink lower than this, in heights of the picture, is a dash, however wide."""
APART = 0.08
"""Ink with a gap this wide, in heights of the ink, may be several letters, or rows."""
LOW = 0.75
"""Below this share of the sheet's height a single flat stroke is an underscore, not a dash."""
SPACE, WIDER = 0.28, 2.5
"""Least gap between words, in heights of the ink, and as a multiple of the widest gap within words."""
ROW = 0.3
"""Least height of a row, as a share of the height of all ink."""
TONE, EDGES = 24, 0.6
"""How near to black or white a tone is taken for it, and the most other tones for each black pixel."""
NEVER = 10**6
"""No picture has so many rows."""


def prediction(source: Any, model: str | None, max_pixels: int) -> dict[str, Any]:
    """Read a drawing, dark on light.

    Parameters
    ----------
    source : binary file
    model : str, optional
        The path of a network; the bundled one by default.
    max_pixels : int

    Returns
    -------
    dict
        As `ocr.web.schemas.Prediction`.

    Raises
    ------
    pipelines.errors.PictureError
    """

    pixels = next(load(source, max_pixels=max_pixels)).pixels
    grey = pixels if pixels.ndim == 2 else pixels.min(axis=2)
    is_plain = is_two_tone(grey)

    def reader(pipeline: str) -> Reader:
        made = Reader(model=model, pipeline=pipeline, top_k=TOP, max_pixels=max_pixels)
        return _as_it_stands(made) if is_plain else made

    ink = binarize_evenly(grey) if np.ptp(pixels) else None
    if ink is None or not ink.any():
        return _told(Page((), pixels.shape[1], pixels.shape[0]))
    pipeline = pipeline_for(ink)
    page = reader(pipeline).read_page(pixels)
    if len(page.glyphs) < 2:
        page = _with_dash(page if pipeline == "letter" else reader("letter").read_page(pixels))
    elif len(page.lines) == 1 and spaces(page.glyphs):
        page = spaced(reader("line").read_page(pixels))
    return _told(page)


def is_two_tone(grey: npt.NDArray[np.uint8]) -> bool:
    """Return whether a picture, uint8 (H, W), is black on white, with few greys, as along edges."""
    dark, light = (int(part.sum()) for part in (grey < TONE, grey > 255 - TONE))
    return dark < light and grey.size - dark - light < EDGES * dark


def _as_it_stands(reader: Reader) -> Reader:
    """Have a reader take ink as it is drawn: no other threshold, polarity or contrast shows more of it."""
    params = reader.recognizer.params
    spelled = replace(params.spelled, lowest=NEVER)
    reader.pipeline = replace(reader.pipeline, others=())
    reader.recognizer = replace(reader.recognizer, params=replace(params, spelled=spelled))
    return reader


def pipeline_for(ink: npt.NDArray[np.bool_]) -> str:
    """Return the pipeline for a drawing, from its ink, bool (H, W), which is not empty.

    It is a letter, unless it is wide or has vertical gaps: then it is a word; in rows, it is a page.
    """
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    height, width = np.ptp(rows) + 1, np.ptp(columns) + 1
    breaks = np.flatnonzero(np.diff(rows) - 1 > APART * height)
    heights = np.diff(np.concatenate([[0], breaks + 1, [len(rows)]]))
    if int((heights > ROW * height).sum()) > 1:
        return "scan"
    has_gaps = np.diff(columns).max(initial=1) - 1 > APART * height
    is_wide = width > WIDEST * height and height > FLAT * ink.shape[0]
    return "word" if has_gaps or is_wide else "letter"


def _with_dash(page: Page) -> Page:
    """Return a page of one letter, with an underscore changed to a dash if it is high enough."""
    if page.text != "_" or page.words[0].box.top > LOW * page.height:
        return page
    [word] = page.words
    [glyph] = word.glyphs
    dash = replace(glyph, text="-", alternatives=_exchanged(glyph.alternatives))
    word = replace(word, glyphs=(dash,), alternatives=_exchanged(word.alternatives))
    return replace(page, lines=(Line((word,)),))


def _exchanged(found: Sequence[Alternative]) -> tuple[Alternative, ...]:
    """Return readings with dashes for underscores, and underscores for dashes."""
    return tuple(replace(one, text=one.text.translate({ord("-"): "_", ord("_"): "-"})) for one in found)


def spaces(glyphs: Sequence[Glyph]) -> list[int]:
    """Return after how many letters of a row there are spaces: where gaps are clearly wider than the others.

    Evenly spaced letters are one word, however wide the gaps.
    """
    boxes = [glyph.box for glyph in glyphs]
    gaps = np.array([after.left - before.right for before, after in pairwise(boxes)])
    order = np.sort(gaps)
    least = SPACE * Box.around(boxes).height
    bounds = [wide for narrow, wide in pairwise(order) if wide >= max(least, WIDER * narrow)]
    return [int(place) + 1 for place in np.flatnonzero(gaps >= bounds[0])] if bounds else []


def spaced(page: Page) -> Page:
    """Return a page of one line with spaces where they were drawn; words that already agree are unchanged."""
    glyphs = page.glyphs
    if len(page.lines) != 1:
        return page
    read = {word.glyphs: word for word in page.words}
    parts = [glyphs[start:stop] for start, stop in pairwise([0, *spaces(glyphs), len(glyphs)])]
    return replace(page, lines=(Line(tuple(read.get(part) or _word(part) for part in parts)),))


def _word(glyphs: tuple[Glyph, ...]) -> Word:
    """Return a word of letters that were read in other words; its confidence is their product."""
    text, confidence = "".join(glyph.text for glyph in glyphs), prod(glyph.confidence for glyph in glyphs)
    return Word(glyphs, confidence, (Alternative(text, confidence),))


def _told(page: Page) -> dict[str, Any]:
    words = list(page.words)
    return {
        "text": page.text,
        "confidence": share(prod(word.confidence for word in words)) if words else 0.0,
        "letters": [_letter(glyph) for glyph in page.glyphs],
        "alternatives": _alternatives(readings(page.text, words)),
    }


def readings(text: str, words: Sequence[Word]) -> list[Alternative]:
    """Return combined readings of words, the best first: at most one word is an alternative."""
    if len(words) == 1:
        return list(words[0].alternatives[:TOP])
    whole = prod(word.confidence for word in words)
    found = [Alternative(text, whole)] if words else []
    for place, word in enumerate(words):
        before, after = ([w.text for w in part] for part in (words[:place], words[place + 1 :]))
        found += [
            Alternative(" ".join([*before, other.text, *after]), whole / word.confidence * other.confidence)
            for other in word.alternatives
            if other.text != word.text and word.confidence > 0
        ]
    return [found[0], *sorted(found[1:], key=lambda one: -one.confidence)][:TOP] if found else []


def _letter(glyph: Glyph) -> dict[str, Any]:
    box = glyph.box
    return {
        "text": glyph.text,
        "confidence": share(glyph.confidence),
        "box": [box.left, box.top, box.right, box.bottom],
        "glyph": b64encode(glyph.image.tobytes()).decode(),
        "top": _alternatives(glyph.alternatives),
    }


def _alternatives(found: Sequence[Alternative]) -> list[dict[str, Any]]:
    return [{"text": one.text, "confidence": share(one.confidence)} for one in found]
