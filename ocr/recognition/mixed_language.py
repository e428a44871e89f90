"""A mixture of several languages, for text in any or all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from ocr.languages.orthography import TABLES, Orthography
from ocr.recognition.language import Language


@lru_cache(maxsize=8)
def mixed(languages: tuple[Language, ...]) -> Language:
    """Return the mixture of languages in equal shares.

    N-gram and word probabilities are the means over the languages. Where languages describe a letter
    differently, the first language counts.

    Raises
    ------
    ValueError
        Their alphabets differ, so that their n-grams do not go together.
    """
    first, *_ = languages
    for other in languages:
        if other.orthography.alphabet != first.orthography.alphabet:
            raise ValueError(
                f"{first.orthography.name} and {other.orthography.name} have different alphabets: they are "
                "not read together; name one of them"
            )
    likely = np.logaddexp.reduce([one.table for one in languages], axis=0) - np.log(len(languages))
    orthography = _together([one.orthography for one in languages])
    return Language.of(orthography, likely.astype(np.float32), _words([_spelled(one) for one in languages]))


def _together(written: Sequence[Orthography]) -> Orthography:
    tables: dict[str, dict[str, Any]] = {
        name: {key: said for one in reversed(written) for key, said in getattr(one, name).items()}
        for name in TABLES
    }
    return Orthography(
        " and ".join(one.name for one in written),
        (),
        written[0].alphabet,
        frozenset().union(*(one.one_letter_words for one in written)),
        **tables,
    )


def _spelled(language: Language) -> dict[str, float]:
    """Return the frequency of the spellings of a language (`Language.of`)."""
    plain = {word: zipf for word, zipf in language.words.items() if word not in language.spellings}
    return plain | {word: zipf for ways in language.spellings.values() for word, zipf in ways.items()}


def _words(spelled: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Return the frequency of words in the mixture (Zipf scale)."""
    shares: dict[str, float] = {}
    for words in spelled:
        for word, zipf in words.items():
            shares[word] = shares.get(word, 0.0) + 10**zipf / len(spelled)
    return dict(zip(shares, np.log10(list(shares.values())).tolist(), strict=True))
