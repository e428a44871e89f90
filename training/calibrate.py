"""Fits the calibration of confidences on pictures with known text, with equal weight for every kind.

Fitted are the coefficients of `ocr.recognition.confidence.Calibration`. The pictures must have other writers
and texts than the test data. Some of their letters may be in the network's training data, as long as it reads
them no better than others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import cv2
import numpy as np
import numpy.typing as npt
import typer
from scipy.optimize import minimize

from nn.metrics import reliability
from nn.model import Sequential
from ocr.document import Document, Page
from ocr.evaluation.tally import aligned_letters, right_words
from ocr.evaluation.views import VIEWS
from ocr.reader import Reader
from ocr.recognition.confidence import Calibration, calibrated, letter_evidence, logistic, word_evidence
from pipelines.sources.load import load
from training.dataset import draw, load_sources
from training.lines import labelled
from training.options import FontFolders, GlyphFolder

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Pixels = npt.NDArray[np.uint8]

ALONE = "alone"
"""The kind of pictures with one letter."""
PULL = 1e-3
"""Strength of the ridge penalty on weights."""


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """A page as read, with the correctness of its letters and words."""

    page: Page
    letters: Flags
    words: Flags


def known(page: Page, text: str) -> Known | None:
    """Align a page with its text; None if nothing was read."""
    document = Document((page,), "")
    letters = {
        id(letter.glyph): letter.is_right for letter in aligned_letters(text, document, VIEWS["exact"])
    }
    words = [is_right for _, is_right in right_words(text, document, VIEWS["exact"])]
    if not words:
        return None
    return Known(page, np.array([letters.get(id(glyph), False) for glyph in page.glyphs]), np.array(words))


def read_all(pictures: Iterable[tuple[Pixels, str]], reader: Reader) -> Iterator[Known]:
    """Read pictures of known text, with uncalibrated confidences."""
    reader.calibration = None
    for pixels, text in pictures:
        found = known(reader.read_page(pixels), text)
        if found is not None:
            yield found


def fit(kinds: Mapping[str, Sequence[Known]]) -> Calibration:
    """Fit the coefficients: `ALONE` for single letters, all other kinds together, with equal weights.

    Pages of one letter count only for `ALONE`.

    Raises
    ------
    ValueError
        There are no single letters, or no texts.
    """
    alone = [one for one in kinds.get(ALONE, ()) if len(one.letters) == 1]
    texts = [[one for one in pages if len(one.letters) > 1] for kind, pages in kinds.items() if kind != ALONE]
    texts = [pages for pages in texts if pages]
    if not alone or not texts:
        raise ValueError("needs pictures of letters alone, and of texts")
    of_alone = _logistic_fit([[(letter_evidence(one.page)[:, :1], one.letters) for one in alone]])
    of_letters = _logistic_fit(
        [[(letter_evidence(one.page), one.letters) for one in pages] for pages in texts]
    )
    of_words = _logistic_fit(
        [
            [
                (word_evidence(one.page, logistic(letter_evidence(one.page), of_letters)), one.words)
                for one in pages
            ]
            for pages in texts
        ]
    )
    return Calibration(of_alone, of_letters, of_words)


def _logistic_fit(kinds: Sequence[Sequence[tuple[Floats, Flags]]]) -> tuple[float, ...]:
    """Return the maximum likelihood coefficients; all except the constant are at least 0."""
    evidence = np.concatenate([rows for pages in kinds for rows, _ in pages])
    right = np.concatenate([flags for pages in kinds for _, flags in pages])
    counts = [sum(len(flags) for _, flags in pages) for pages in kinds]
    weights = np.repeat([1 / (len(kinds) * count) for count in counts], counts)

    def loss(coefficients: Floats) -> tuple[float, Floats]:
        odds = coefficients[0] + evidence @ coefficients[1:]
        slopes = weights * (logistic(evidence, coefficients.tolist()) - right)
        value = weights @ (np.logaddexp(0, odds) - right * odds) + PULL * coefficients[1:] @ coefficients[1:]
        return float(value), np.concatenate([[slopes.sum()], slopes @ evidence + 2 * PULL * coefficients[1:]])

    size = evidence.shape[1]
    bounds = [(None, None)] + [(0, None)] * size
    found = minimize(loss, np.zeros(size + 1), jac=True, method="L-BFGS-B", bounds=bounds)
    return tuple(float(value) for value in found.x)


def errors(pages: Sequence[Known], calibration: Calibration | None) -> tuple[float, float]:
    """Return the expected calibration errors of letters and of words."""
    shown = [calibrated(one.page, calibration) if calibration else one.page for one in pages]
    letters = np.array([glyph.confidence for page in shown for glyph in page.glyphs])
    words = np.array([word.confidence for page in shown for word in page.words])
    right = (np.concatenate([one.letters for one in pages]), np.concatenate([one.words for one in pages]))
    of_letters, of_words = (
        reliability(sure[:, None], np.where(flags, 0, 1)).error
        for sure, flags in zip((letters, words), right, strict=True)
    )
    return of_letters, of_words


def isolated(folder: Path, count: int, rng: np.random.Generator) -> Iterator[tuple[Pixels, str]]:
    """Yield held-out characters of ``hand.npz`` as pictures, as many of each source."""
    with np.load(folder / "hand.npz") as hand:
        images, labels, sources = hand["images"], hand["labels"], hand["source"]
        usable = (hand["split"] == "val") & ~hand["suspect"]
    names = np.unique(sources[usable])
    for name in names:
        mine = np.flatnonzero(usable & (sources == name))
        for k in rng.permutation(mine)[: -(-count // len(names))]:
            paper = np.pad(255 - images[k], 6, constant_values=255)
            yield (
                np.asarray(cv2.resize(paper, None, fx=4, fy=4, interpolation=cv2.INTER_CUBIC)),
                str(labels[k]),
            )


def drawn(
    fonts: Sequence[Path], folder: Path, count: int, rng: np.random.Generator
) -> Iterator[tuple[Pixels, str]]:
    """Yield newly drawn lines, like those of the training data."""
    sources = load_sources(fonts, folder)
    pictures = (draw(sources, rng) for _ in range(count))
    yield from ((picture.grey, picture.text) for picture in pictures if picture is not None)


def some_of(folders: Sequence[Path], count: int, rng: np.random.Generator) -> Iterator[tuple[Pixels, str]]:
    """Yield some of the pictures in folders of real lines or words (`training.lines.labelled`)."""
    pairs = [pair for folder in folders for pair in labelled(folder)]
    for k in rng.permutation(len(pairs))[:count]:
        path, text = pairs[k]
        [picture] = load(path)
        yield picture.pixels, text


def calibrate_command(
    model: Annotated[Path, typer.Argument(metavar="FILE", help="A finished model.")],
    fonts: FontFolders,
    data: GlyphFolder,
    lines: Annotated[
        list[Path], typer.Option(metavar="FOLDER", help="Of real lines and their texts; may be given again.")
    ],
    words: Annotated[
        list[Path], typer.Option(metavar="FOLDER", help="Of real words and their texts; may be given again.")
    ],
    out: Annotated[Path, typer.Option(metavar="FILE", help="What to write; may be the model itself.")],
    pictures: Annotated[int, typer.Option(min=1, help="How many of each kind to read.")] = 400,
) -> None:
    """Fit the calibration of confidences, and write it into a model."""
    rng = np.random.default_rng(1)
    line, word, letter = (Reader(model=model, pipeline=kind) for kind in ("line", "word", "letter"))
    kinds = {
        ALONE: list(read_all(isolated(data, 3 * pictures, rng), letter)),
        "drawn": list(read_all(drawn(fonts, data, pictures, rng), line)),
        "lines": list(read_all(some_of(lines, pictures, rng), line)),
        "words": list(read_all(some_of(words, pictures, rng), word)),
    }
    calibration = fit(kinds)
    for kind, pages in kinds.items():
        before, after = errors(pages, None), errors(pages, calibration)
        print(
            f"{kind}: calibration error of letters {before[0]:.1%} -> {after[0]:.1%}, "
            f"of words {before[1]:.1%} -> {after[1]:.1%}"
        )
    network = Sequential.load(model)
    network.settings["confidence"] = calibration.table()
    network.save(out, half=True)
    print(f"{out}: {calibration.table()}")
