"""Calibration of confidences: of the letters, or words, with confidence 0.9, 90 % are right.

The decoder is overconfident on pages that are hard to read, and underconfident about letters that stand
alone. So, once a page is read, each confidence is mapped by a logistic function of its own log-odds and those
of its surroundings. No coefficient except the constant is negative, so that evidence for a letter never
lowers its confidence. The coefficients are fitted by ``python -m training calibrate`` on pictures with known
text, and lie in the model's metadata under ``confidence``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

from nn.errors import ModelError
from ocr.document import Alternative, Document, Glyph, Line, Page, Word, joined_pages

if TYPE_CHECKING:
    from nn.model import Sequential

LIMIT = 1e-3
"""Confidences are clipped to this distance from 0 and 1."""
OPEN, CLOSE = "‹", "›"
"""Marks around doubtful letters in a text; the network reads neither of them."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Calibration:
    """Coefficients of three logistic functions, the constant first.

    Attributes
    ----------
    alone : 2 numbers
        For the only letter of a page: its own log-odds.
    letter : 4 numbers
        For a letter in a text: its own log-odds, its word's, and the mean of the page's words.
    word : 3 numbers
        For a word: the log-odds that all of its letters are right, and the mean of the page's letters, both
        calibrated.

    References
    ----------
    J. Platt: Probabilistic outputs for support vector machines, 1999: the case of one weight.
    """

    alone: tuple[float, ...]
    letter: tuple[float, ...]
    word: tuple[float, ...]

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> Self:
        """Take the coefficients from a model's metadata.

        Raises
        ------
        ValueError
            There are too few or too many, one is not finite, or a weight is negative.
        """
        sizes = {"alone": 2, "letter": 4, "word": 3}
        found = {name: tuple(float(value) for value in table.get(name, ())) for name in sizes}
        for name, values in found.items():
            if len(values) != sizes[name] or not np.isfinite(values).all() or min(values[1:]) < 0:
                raise ValueError(f"'{name}' has not {sizes[name]} numbers, none but the first below 0")
        return cls(**found)

    def table(self) -> dict[str, list[float]]:
        """Return the table that `of` takes, rounded."""
        return {name: [round(value, 4) for value in values] for name, values in asdict(self).items()}


def load_calibration(model: Sequential) -> Calibration | None:
    """Return the calibration of a network; None if the model has none.

    Raises
    ------
    nn.errors.ModelError
        The calibration is damaged.
    """
    table = model.settings.get("confidence")
    try:
        return Calibration.of(table) if table is not None else None
    except (AttributeError, TypeError, ValueError, OverflowError) as error:
        raise ModelError(f"{model.file}: its table of confidences is damaged: {error}") from error


def log_odds(confidence: npt.ArrayLike) -> Floats:
    """Return ``log(p / (1 - p))``, with p clipped to `LIMIT` and ``1 - LIMIT``."""
    p = np.clip(np.asarray(confidence, np.float64), LIMIT, 1 - LIMIT)
    return np.asarray(np.log(p / (1 - p)))


def letter_evidence(page: Page) -> Floats:
    """Return the log-odds of each letter, of its word, and of the page's mean word: (N, 3)."""
    of_words = np.array([word.confidence for word in page.words])
    lengths = np.array([len(word.glyphs) for word in page.words], np.int64)
    of_letters = log_odds([glyph.confidence for glyph in page.glyphs])
    around = np.full(len(of_letters), log_odds(of_words.mean() if len(of_words) else 0.5))
    return np.stack([of_letters, np.repeat(log_odds(of_words), lengths), around], axis=1)


def word_evidence(page: Page, letters: Floats) -> Floats:
    """Return the log-odds that all letters of each word are right, and of the page's mean letter: (M, 2).

    Parameters
    ----------
    page : Page
    letters : float array, shape (N,)
        The calibrated confidences of the page's letters.
    """
    lengths = np.array([len(word.glyphs) for word in page.words], np.int64)
    starts = np.cumsum(lengths) - lengths
    all_right = np.multiply.reduceat(letters, starts) if len(starts) else np.zeros(0)
    around = np.full(len(lengths), log_odds(letters.mean() if len(letters) else 0.5))
    return np.stack([log_odds(all_right), around], axis=1)


def logistic(evidence: Floats, coefficients: Sequence[float]) -> Floats:
    """Return probabilities (N,) from `evidence` (N, F) and F + 1 coefficients, the constant first."""
    return np.asarray(_logistic(coefficients[0] + evidence @ np.array(coefficients[1:])), np.float64)


def calibrated(page: Page, calibration: Calibration) -> Page:
    """Return the page with calibrated confidences; alternatives keep their relative shares."""
    evidence = letter_evidence(page)
    if len(evidence) == 1:
        letters = words = logistic(evidence[:, :1], calibration.alone)
    else:
        letters = logistic(evidence, calibration.letter)
        words = logistic(word_evidence(page, letters), calibration.word)
    of_letters, of_words = iter(letters.tolist()), iter(words.tolist())
    lines = tuple(
        replace(line, words=tuple(_word(word, next(of_words), of_letters) for word in line.words))
        for line in page.lines
    )
    return replace(page, lines=lines)


def _word(word: Word, confidence: float, of_letters: Iterator[float]) -> Word:
    glyphs = tuple(_glyph(glyph, next(of_letters)) for glyph in word.glyphs)
    alternatives = _alternatives(word.alternatives, word.confidence, confidence)
    return Word(glyphs, confidence, alternatives)


def _glyph(glyph: Glyph, confidence: float) -> Glyph:
    alternatives = _alternatives(glyph.alternatives, glyph.confidence, confidence)
    return replace(glyph, confidence=confidence, alternatives=alternatives)


def _alternatives(known: tuple[Alternative, ...], was: float, now: float) -> tuple[Alternative, ...]:
    """Set the confidence of the first, and scale the others to the rest."""
    share = (1 - now) / (1 - was) if was < 1 else 0.0
    rest = [Alternative(other.text, other.confidence * share) for other in known[1:]]
    return (Alternative(known[0].text, now), *rest)


def marked(document: Document, min_confidence: float) -> str:
    """Return the text with ``‹ ›`` around the letters whose confidence is below `min_confidence`."""
    return joined_pages(
        "\n".join(" ".join(marked_word(word, min_confidence) for word in line.words) for line in page.lines)
        for page in document.pages
    )


def marked_word(word: Word, min_confidence: float) -> str:
    """Return one word's text with these marks."""
    parts = []
    for is_doubtful, glyphs in groupby(word.glyphs, lambda glyph: glyph.confidence < min_confidence):
        text = "".join(glyph.text for glyph in glyphs)
        parts.append(f"{OPEN}{text}{CLOSE}" if is_doubtful else text)
    return "".join(parts)


def _logistic(values: Floats) -> Floats:
    """Return ``1 / (1 + exp(-values))``, without importing SciPy, which takes a third of a second."""
    return np.asarray(np.exp(-np.logaddexp(0, -values)))


def surest(document: Document, min_confidence: float) -> Document:
    """Return a document without the words whose confidence is below `min_confidence`."""
    return replace(
        document,
        pages=tuple(replace(page, lines=_surest_lines(page, min_confidence)) for page in document.pages),
    )


def _surest_lines(page: Page, least: float) -> tuple[Line, ...]:
    kept = (tuple(word for word in line.words if word.confidence >= least) for line in page.lines)
    return tuple(replace(line, words=words) for line, words in zip(page.lines, kept, strict=True) if words)
