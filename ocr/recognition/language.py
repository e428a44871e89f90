"""The language model: a letter n-gram model, a list of words, and kinds of characters.

It contributes a few nats, so that clear shapes decide. N-grams and words have letters without accents;
spellings with accents are kept separately.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import lru_cache
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from ocr.languages import NONE, file_of, languages
from ocr.languages.orthography import Orthography, read_orthography

ORDER = 4
"""Order of the n-gram model: a letter, and the three before it."""
TABLE_STEPS = 16
"""Steps per nat in which a file stores log-probabilities."""
ZIPF_STEPS = 25
"""Steps per power of ten in which a file stores word frequencies."""


class Kind(IntEnum):
    """Kinds of characters that a word is made of, and its border.

    LOWER is any letter that is not a capital, INITIAL a capital without a capital before it, STOP a mark that
    ends a word or a part of a number. After a digit, a LOWER is a UNIT, as in 30 ml or 4x6, and any mark a
    JOINT, as in dates and amounts, after which more digits are likely. A capital after a digit begins a CODE,
    as in a number plate: all capitals and digits after it belong to it, in any order.
    """

    BORDER = 0
    LOWER = 1
    INITIAL = 2
    UPPER = 3
    DIGIT = 4
    MARK = 5
    STOP = 6
    UNIT = 7
    JOINT = 8
    CODE = 9


_STOPS = frozenset(".,:;!?")


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """An n-gram model of letters and a list of words, with how the language is written.

    Attributes
    ----------
    orthography : Orthography
    table : float32 array, shape (S, S, S, S)
        log P(symbol | the three before it), in nats; S is one more than the alphabet is long.
    words : mapping of str to float
        Frequency of each word, in small letters without accents: log10 of its count per billion words (Zipf
        scale).
    spellings : mapping of str to mapping of str to float
        For words that are written with accents, the frequency of each spelling.
    letters : frozenset of str
        The letters of these spellings that are not in the alphabet, in lower case.
    """

    orthography: Orthography
    table: npt.NDArray[np.float32]
    words: Mapping[str, float]
    spellings: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    letters: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls, orthography: Orthography, table: npt.NDArray[np.float32], spelled: Mapping[str, float]
    ) -> Self:
        """Build from the n-gram table and the frequency of each spelling.

        Raises
        ------
        ValueError
            The table does not fit the alphabet, or a word has a character that is not made of the alphabet's.
        """
        size = len(orthography.alphabet) + 1
        if table.shape != (size,) * ORDER:
            raise ValueError(
                f"the n-grams are of shape {table.shape}: for this alphabet it is {(size,) * ORDER}"
            )
        letters = frozenset("".join(spelled)) - frozenset(orthography.alphabet)
        bases = {letter: orthography.plain_letter(letter) for letter in letters}
        if unknown := "".join(sorted(each for each in letters if not orthography.is_plain(bases[each]))):
            raise ValueError(f"words have characters that are made of none of the alphabet: {unknown}")
        changes = {ord(letter): base for letter, base in bases.items()}
        accented = {word: zipf for word, zipf in spelled.items() if not letters.isdisjoint(word)}
        words = {word: zipf for word, zipf in spelled.items() if word not in accented}
        spellings: dict[str, dict[str, float]] = {}
        for word, zipf in accented.items():
            bare = word.translate(changes)
            words[bare] = max(zipf, words.get(bare, zipf))
            spellings.setdefault(bare, {})[word] = zipf
        for bare, ways in spellings.items():
            if bare in spelled:
                ways[bare] = spelled[bare]
        return cls(orthography, table, words, spellings, letters)

    @property
    def opens(self) -> bool:
        """Whether questions and exclamations have opening marks."""
        return bool(self.orthography.opening_marks)

    def limited(self, allowed: frozenset[str]) -> Self:
        """Return the language without the letters beyond its alphabet that are not allowed in either case."""
        letters = frozenset(each for each in self.letters if not {each, each.upper()}.isdisjoint(allowed))
        gone = self.letters - letters
        spellings = {
            bare: kept
            for bare, ways in self.spellings.items()
            if (kept := {word: zipf for word, zipf in ways.items() if gone.isdisjoint(word)})
        }
        return replace(self, letters=letters, spellings=spellings)

    def zipf_of(self, text: str) -> float:
        """Return the summed frequency of the words of a text (Zipf scale); 0 for codes, which have digits."""
        small = text.lower()
        if small in self.words or self.orthography.is_plain(small):
            return self.words.get(small, 0.0)
        if any(map(str.isdigit, text)):
            return 0.0
        return sum(self.words.get(word, 0.0) for word in self.orthography.words_in(text))


@lru_cache(maxsize=4096)
def kind_of(character: str, before: Kind) -> Kind:
    """Return the kind of a character after one of kind `before`."""
    if before in (Kind.DIGIT, Kind.CODE) and character.isupper():
        return Kind.CODE
    if character.isdigit():
        return Kind.CODE if before == Kind.CODE else Kind.DIGIT
    if character.isupper():
        return Kind.UPPER if before in (Kind.INITIAL, Kind.UPPER) else Kind.INITIAL
    if character.isalpha():
        return Kind.UNIT if before == Kind.DIGIT else Kind.LOWER
    if before in (Kind.DIGIT, Kind.CODE):
        return Kind.JOINT
    return Kind.STOP if character in _STOPS else Kind.MARK


def load_language(language: str | Path | Language) -> Language | None:
    """Return a language by its name or ISO 639 code (``de``, ``deu``, ``ger``), or from a file ``NAME.toml``.

    The n-grams and words are in ``NAME.npz``, in the same folder. The name ``none`` gives None: no language
    model. Several names with ``+`` between, such as ``de+en``, give a mixture.

    Raises
    ------
    ValueError
        There is no such language (the message lists all), or its files are damaged.
    """
    if isinstance(language, Language) or language == NONE:
        return language if isinstance(language, Language) else None
    if isinstance(language, str) and "+" in language and not Path(language).is_file():
        return _mixture(language)
    if isinstance(language, Path) or language.endswith(".toml"):
        return _loaded(Path(language))
    name = language if language in languages() else languages_by_code().get(language)
    if name is None:
        raise ValueError(f"unknown language '{language}': choose one of {', '.join([*languages(), NONE])}")
    return _loaded(file_of(name))


def _mixture(names: str) -> Language:
    from ocr.recognition.mixed_language import mixed

    found = [load_language(name) for name in names.split("+")]
    languages = tuple(dict.fromkeys(one for one in found if one is not None))
    if len(languages) < len(set(found)):
        raise ValueError(f"'{names}': {NONE} is for every letter by itself, and goes with no language")
    return languages[0] if len(languages) == 1 else mixed(languages)


@lru_cache(maxsize=1)
def languages_by_code() -> dict[str, str]:
    """Return the names of all languages by their ISO 639 codes of two and of three letters."""
    return {code: name for name in languages() for code in read_orthography(file_of(name)).codes}


@lru_cache(maxsize=16)  # more than come along: of fewer, a server that is asked for all would load each anew
def _loaded(path: Path) -> Language:
    orthography, data = read_orthography(path), path.with_suffix(".npz")
    try:
        with np.load(data) as file:
            words = file["words"].tobytes().decode().split("\n")
            zipf = (file["zipf"] / ZIPF_STEPS).tolist()
            table = file["steps"].astype(np.float32) / -TABLE_STEPS
            return Language.of(orthography, table, dict(zip(words, zipf, strict=True)))
    except FileNotFoundError as error:
        raise ValueError(
            f"{data}: there is no such file: it holds the n-grams and words of {path}"
        ) from error
    except (OSError, KeyError, zipfile.BadZipFile, ValueError) as error:
        raise ValueError(f"{data}: no n-grams and words of a language: {error}") from error
