"""The prior over letters and words of a language, counted on its commonest words."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ocr.language import ORDER, SYMBOLS, ZIPF_STEPS, Language, symbols_of

FLATTENING = 0.6
"""Frequencies are raised to this power, so that rare words count for something."""
DISCOUNT = 0.35
"""Of each count, kept for what was never seen (absolute discounting)."""


def word_frequencies(language: str, count: int = 60_000) -> dict[str, float]:
    """Return the commonest words of a language and how often they come, from the package ``wordfreq``."""
    from wordfreq import top_n_list, word_frequency

    return {word: word_frequency(word, language) for word in top_n_list(language, count)}


def learn_language(words: Mapping[str, float], known: int = 40_000) -> Language:
    """Return which letters follow each other in `words`, and the `known` commonest of two letters or more.

    Parameters
    ----------
    words : mapping of str to float
        How often each comes, as a share of all words.
    known : int
    """
    proper = {word: share for word, share in words.items() if len(word) > 1 and symbols_of(word)}
    commonest = sorted(proper, key=lambda word: -proper[word])[:known]
    zipf = {word: float(np.log10(proper[word] * 1e9)) for word in sorted(commonest)}
    return Language(count_letters(words), zipf)


def count_letters(words: Mapping[str, float]) -> npt.NDArray[np.float32]:
    """Count which letter follows which three, and smooth the counts with those of shorter contexts.

    Interpolated absolute discounting: each order takes `DISCOUNT` from its counts and gives it to the order
    below.

    References
    ----------
    S. Chen, J. Goodman: An empirical study of smoothing techniques for language modeling, 1998, section 2.7.
    """
    size = len(SYMBOLS) + 1
    counts = [np.zeros((size,) * order) for order in range(1, ORDER + 1)]
    least = min(words.values())
    for word, frequency in words.items():
        symbols = symbols_of(word)
        if symbols is None:
            continue
        weight = (frequency / least) ** FLATTENING
        padded = [0] * (ORDER - 1) + symbols + [0]
        for end in range(ORDER - 1, len(padded)):
            for order, table in enumerate(counts, start=1):
                table[tuple(padded[end - order + 1 : end + 1])] += weight
    lower: npt.NDArray[np.float64] = np.full(size, 1 / size)
    for table in counts:
        taken = np.minimum(table, DISCOUNT * (table > 0) * np.maximum(1, table.mean()))
        total = np.maximum(table.sum(axis=-1, keepdims=True), 1e-12)
        spare = np.where(
            table.sum(axis=-1, keepdims=True) > 0, taken.sum(axis=-1, keepdims=True) / total, 1.0
        )
        lower = (table - taken) / total + spare * lower
    return np.log(lower).astype(np.float32)


def save_language(language: Language, path: Path) -> None:
    """Save the table in steps of 1/16, and how common words are in steps of 1/25, one byte each."""
    steps = np.clip(np.round(-16 * language.table), 0, 255).astype(np.uint8)
    words = np.frombuffer("\n".join(language.words).encode(), np.uint8)
    zipf = np.round(ZIPF_STEPS * np.array(list(language.words.values()))).astype(np.uint8)
    np.savez_compressed(path, steps=steps, words=words, zipf=zipf)
