"""Lines that the line network reads from the local contrast of a picture, without binarization.

Where no threshold separates letters from their background, the network may still read them. Its frames then
give the columns of each letter, and the ink in these columns belongs to the letter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ocr.recognition.line_reader import LineReader, stretches
from ocr.recognition.params import RegionParams, SpelledParams
from ocr.recognition.text_evidence import LEVEL
from pipelines.clean.geometry import resize
from pipelines.clean.light import local_contrast, to_grey
from pipelines.layout.given import given_line
from pipelines.layout.strips import HEIGHT, Strip, whole_strip
from pipelines.median import median
from pipelines.pipeline import Pipeline
from pipelines.sheet import Grey, Sheet

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Pixels = npt.NDArray[np.uint8]

CLEARLY, SURELY = 1.5, -0.2
"""How much more evidence a picture has than its negative, in nats, and the least mean log-probability of its
letters, where the negative is tried no further."""
AS_MANY = 1
"""Two looks at one picture read the same text if their numbers of letters differ by at most this."""


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """A reading of a picture of one line by the line network, without binarization.

    Attributes
    ----------
    grey : uint8 array, shape (H, W)
        The picture, ink dark.
    rows : float
        Rows of the strip that its height was scaled to.
    pixels : uint8 array, shape (HEIGHT, W')
        The strip that was read.
    likely : float32 array, shape (T, C)
        Log-probabilities of the network's classes, frame by frame.
    mean : float
        Mean log-probability of the letters, in nats.
    letters : int
    again : Look, optional
        The most confident of the looks in other sizes that read the same text.
    """

    grey: Grey
    rows: float
    pixels: Grey
    likely: Floats
    mean: float
    letters: int
    again: Look | None = None

    @property
    def evidence(self) -> float:
        """The evidence of text, in nats, as in `ocr.recognition.text_evidence`."""
        return self.letters * (self.mean - LEVEL)

    def is_clearer_than(self, negative: Look) -> bool:
        """Return whether this reading is so much clearer that the negative is not tried at other sizes."""
        return self.mean > SURELY and self.evidence > negative.evidence + CLEARLY

    def strips(self, height: int) -> list[tuple[Strip, Floats]]:
        """Return the strips that were read, of a picture scaled to a height in pixels, with their frames."""
        own = Strip(self.pixels, 0.0, self.rows / height), self.likely
        return [own] if self.again is None else [own, *self.again.strips(height)]


def look_at(pictures: Sequence[Pixels], rows: Sequence[float], reader: LineReader) -> list[Look]:
    """Return the most confident look at each of some pictures of one line, of either polarity.

    Parameters
    ----------
    pictures : sequence of uint8 arrays, shape (H, W) or (H, W, 3)
        Pictures of one level line, in the middle of the height.
    rows : sequence of float
        Rows of a strip that their heights are scaled to, one after another. Both polarities are tried until
        one has clearly more evidence.
    reader : LineReader
    """
    plain = [to_grey(picture) for picture in pictures]
    both = [grey for dark in plain for grey in (dark, 255 - dark)]
    looks: list[list[Look]] = [[] for _ in both]
    tried = list(range(len(both)))
    for size in rows:
        strips = [whole_strip(both[k], size) for k in tried]
        for k, strip, likely in zip(tried, strips, reader.likely(strips), strict=True):
            looks[k].append(Look(both[k], size, strip, likely, *reader.confidence([likely])))
        best = [_surest(each) for each in looks]
        tried = [k for k in tried if not best[k ^ 1].is_clearer_than(best[k])]
    return [max(best[k : k + 2], key=lambda look: look.evidence) for k in range(0, len(both), 2)]


def _surest(looks: Sequence[Look]) -> Look:
    """Return the look with the most evidence, with the next of those that read the same text."""
    first, *others = sorted(looks, key=lambda look: -look.evidence)
    same = (other for other in others if abs(other.letters - first.letters) <= AS_MANY)
    return replace(first, again=next(same, None))


def look_at_likely(
    pictures: Sequence[Pixels], rows: Sequence[float], reader: LineReader, params: RegionParams
) -> dict[int, Look]:
    """Return the most confident look at each picture whose beginning is not evidence against text.

    Where the budget does not afford to read all of these in all sizes, those with the most evidence are read.

    Parameters
    ----------
    pictures, rows, reader
        As for `look_at`.
    params : RegionParams
        Its `glance` is the length of the beginning, its `against` the bound of the evidence.

    Returns
    -------
    dict of int to Look
        By index into `pictures`, in order.
    """
    first, *others = rows
    columns = [params.glance * len(picture) / first for picture in pictures]
    begun = look_at(
        [picture[:, : round(wide)] for picture, wide in zip(pictures, columns, strict=True)], [first], reader
    )
    likely = [
        k
        for k, (picture, wide, look) in enumerate(zip(pictures, columns, begun, strict=True))
        if look.letters and look.evidence > (0 if picture.shape[1] > wide else -params.against)
    ]
    surest_first = sorted(likely, key=lambda k: -begun[k].evidence)
    lengths = {k: 2 * sum(rows) * pictures[k].shape[1] / pictures[k].shape[0] for k in likely}
    costs = ((k, reader.budget.cost(columns=round(lengths[k]))) for k in surest_first)
    likely = sorted(reader.budget.affordable(costs, params.first))
    seen = [k for k in likely if begun[k].grey.shape[1] == pictures[k].shape[1]]
    longer = [k for k in likely if k not in seen]
    again = dict(zip(seen, look_at([pictures[k] for k in seen], others, reader), strict=True))
    whole = dict(zip(longer, look_at([pictures[k] for k in longer], rows, reader), strict=True))
    return {
        k: max(begun[k], again[k], key=lambda look: look.evidence) if k in again else whole[k] for k in likely
    }


def spelled(
    pixels: Pixels, look: Look, pipeline: Pipeline, reader: LineReader, params: SpelledParams
) -> Sheet | None:
    """Return the sheet of a picture of one line, with letters in the columns that a look gives.

    Parameters
    ----------
    pixels : uint8 array, shape (H, W) or (H, W, 3)
    look : Look
        The look at this picture.
    pipeline : Pipeline
        The pipeline whose parameters the sheet gets.
    reader : LineReader
    params : SpelledParams

    Returns
    -------
    Sheet or None
        None if there is no letter.
    """
    words = _spans(look.likely, reader, params)
    if not words:
        return None
    factor = float(np.clip(params.height * look.rows / HEIGHT / len(look.grey), 1, params.most))
    grey, back = resize(look.grey, factor) if factor > 1 else (look.grey, np.eye(3))
    contrast = local_contrast(grey, pipeline.clean)
    pitch = reader.model.stride * len(grey) / look.rows
    half = 0.5 * params.line * HEIGHT * len(grey) / look.rows
    rows = max(0, round(len(grey) / 2 - half)), round(len(grey) / 2 + half)
    borders = np.array([words[0][0][0], *(right for word in words for _, right in word)]) * pitch
    columns = iter(
        pairwise(_at_least_ink(borders, contrast[slice(*rows)].sum(axis=0), params.moved).tolist())
    )
    letters = [[next(columns) for _ in word] for word in words]
    sheet = Sheet(pixels, grey, back, params=pipeline.layout, clean=pipeline.clean)
    found = given_line(sheet, contrast, letters, rows)
    if not found.lines:
        return None
    if not pipeline.words:
        [line] = found.lines
        found = replace(found, lines=(replace(line, words=(tuple(line.stacks),)),))
    return found


def _spans(likely: Floats, reader: LineReader, params: SpelledParams) -> list[list[tuple[float, float]]]:
    """Return the extent of the letters of each word, in frames; borders are half-way between letters.

    Words are split in the middle of the white between them. At the ends of the line, the extent is taken from
    the usual distance of letters.
    """
    best = likely.argmax(axis=1)
    starts, ends = stretches(best, 0)
    letters = (best[starts] != 0) & (best[starts] != reader.space)
    middles = (starts[letters] + ends[letters]) / 2
    if not len(middles):
        return []
    reach = params.reach * (median(np.diff(middles)) if len(middles) > 1 else params.alone)
    borders = np.array([middles[0] - reach, *(middles[1:] + middles[:-1]) / 2, middles[-1] + reach])
    white = (starts + ends)[best[starts] == reader.space] / 2
    after = np.searchsorted(middles, white)
    inner = (after > 0) & (after < len(middles))
    borders[after[inner]] = white[inner]
    spans = list(pairwise(borders.tolist()))
    parts = [0, *np.unique(after[inner]).tolist(), len(spans)]
    return [spans[first:stop] for first, stop in pairwise(parts)]


def _at_least_ink(borders: npt.NDArray[np.float64], ink: npt.NDArray[np.integer], moved: float) -> Ints:
    """Move each border between letters to the column with the least ink nearby, int64 (N,).

    `moved` is the largest shift, as a share of the narrower of the two letters.
    """
    found = np.clip(np.round(borders), 0, len(ink)).astype(np.int64)
    widths = np.diff(borders)
    reach = np.floor(moved * np.minimum(widths[:-1], widths[1:])).astype(int)
    for k, (border, far) in enumerate(zip(found[1:-1].tolist(), reach.tolist(), strict=True), start=1):
        near = np.arange(max(0, border - far), min(len(ink), border + far + 1))
        if len(near):
            found[k] = min(near.tolist(), key=lambda x: (int(ink[x]), abs(x - border)))
    return found
