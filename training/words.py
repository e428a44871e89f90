"""The n-grams and words of a language, counted on its most frequent words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ocr.languages.orthography import Orthography
from ocr.recognition.language import ORDER, TABLE_STEPS, ZIPF_STEPS

FLATTENING = 0.6
"""Frequencies are raised to this power, so that rare words count for something."""
FOREIGN = 4.5e-5
"""Letters beyond the alphabet that occur in a smaller share of all words are not the language's own."""
DISCOUNT = 0.35
"""Absolute discount of each count, for unseen n-grams."""
_SHARP = re.compile("(?<=ie|ei|eu|äu)ss")


def word_frequencies(language: str, count: int = 60_000) -> dict[str, float]:
    """Return the most frequent words of a language with their frequencies, from the package ``wordfreq``."""
    from wordfreq import top_n_list, word_frequency

    return {word: word_frequency(word, language) for word in top_n_list(language, count)}


def learn_language(
    words: Mapping[str, float], orthography: Orthography, known: int = 40_000
) -> tuple[npt.NDArray[np.float32], dict[str, float]]:
    """Return the n-gram table of `words`, and the `known` most frequent of two letters or more.

    Parameters
    ----------
    words : mapping of str to float
        Frequency of each, as a share of all words.
    orthography : Orthography
    known : int

    Returns
    -------
    float32 array, shape (S, S, S, S)
        As `Language.table`; letters with accents count as those without.
    dict of str to float
        The words as they are spelled, with their frequencies (Zipf scale).
    """
    own = own_letters(words, orthography)
    native = {word: share for word, share in words.items() if set(word) <= own}
    commonest = sorted((word for word in native if len(word) > 1), key=lambda word: -native[word])[:known]
    zipf = {word: float(np.log10(native[word] * 1e9)) for word in sorted(commonest)}
    return count_letters(native, orthography), zipf


def with_sharp_s(words: Mapping[str, float]) -> dict[str, float]:
    """Put back the ß into German words, for which the package ``wordfreq`` writes ss.

    After ie, ei, eu and äu it is always ß; elsewhere it may be either, and both are kept.
    """
    least = min(words.values())
    found: dict[str, float] = {}
    for word, share in words.items():
        sure = _SHARP.sub("ß", word)
        either = sure.replace("ss", "ß")
        found[sure] = found.get(sure, 0.0) + share
        if either != sure:
            found[either] = found.get(either, 0.0) + max(least, share / 2)
    return found


def own_letters(words: Mapping[str, float], orthography: Orthography) -> set[str]:
    """Return the letters of a language: its alphabet, and others that are not too rare."""
    shares: dict[str, float] = {}
    for word, share in words.items():
        for letter in set(word):
            shares[letter] = shares.get(letter, 0.0) + share
    others = {
        letter
        for letter, share in shares.items()
        if share > FOREIGN and orthography.is_plain(orthography.plain_letter(letter))
    }
    return others | set(orthography.alphabet)


def count_letters(words: Mapping[str, float], orthography: Orthography) -> npt.NDArray[np.float32]:
    """Count letters after each context of three, smoothed with shorter contexts.

    Interpolated absolute discounting: each order takes `DISCOUNT` from its counts and gives it to the order
    below.

    References
    ----------
    S. Chen, J. Goodman: An empirical study of smoothing techniques for language modeling, 1998, section 2.7.
    """
    size = len(orthography.alphabet) + 1
    counts = [np.zeros((size,) * order) for order in range(1, ORDER + 1)]
    least = min(words.values())
    for word, frequency in words.items():
        symbols = orthography.symbols_of(orthography.plain(word))
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


def save_language(table: npt.NDArray[np.float32], words: Mapping[str, float], path: Path) -> None:
    """Save the n-gram table in steps of 1/16, and word frequencies in steps of 1/25, one byte each."""
    steps = np.clip(np.round(-TABLE_STEPS * table), 0, 255).astype(np.uint8)
    spelled = np.frombuffer("\n".join(words).encode(), np.uint8)
    zipf = np.round(ZIPF_STEPS * np.array(list(words.values()))).astype(np.uint8)
    np.savez_compressed(path, steps=steps, words=spelled, zipf=zipf)
