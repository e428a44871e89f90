"""What may follow what: kinds of characters, the letters of a language's words, and its common words.

A prior says which letters tend to stand beside each other, and that a word is a known one. It is worth a few
nats: where shapes are clear they decide. Letters with accents count as those without; how a word is spelled
is known beside.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import lru_cache
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

ORDER = 4
"""Letters that the table looks at: three, and the one that follows them."""
SYMBOLS = "abcdefghijklmnopqrstuvwxyz'"
"""What words are made of; symbol 0 is the border of a word."""
ZIPF_STEPS = 25
"""Steps in which a file keeps how common a word is, for each power of ten."""
FOLDER = Path(__file__).parents[1] / "languages"
NONE = "none"
OPENING = frozenset({"es"})
"""Languages whose questions and exclamations begin with ¿ and ¡."""
LIKE = {"ß": "b", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"}
"""Letters that are no letter with a mark over or under it, and which of those that are, one or two, they look
like."""

Context = tuple[int, int, int]
"""The symbols of three letters."""


class Kind(IntEnum):
    """Kinds of characters that a word is made of, and its border.

    INITIAL is a capital that no capital stands before, STOP a mark that ends a word or a part of a number.
    """

    BORDER = 0
    LOWER = 1
    INITIAL = 2
    UPPER = 3
    DIGIT = 4
    MARK = 5
    STOP = 6


_STOPS = frozenset(".,:;!?")


FOLLOWS = np.log(
    np.array(
        # end    lower  initial UPPER  digit  mark   stop
        [
            [1e-9, 0.60, 0.25, 1e-9, 0.09, 0.05, 0.01],  # at the start
            [0.20, 0.74, 0.003, 1e-9, 0.003, 0.014, 0.04],  # after a small letter
            [0.10, 0.55, 1e-9, 0.28, 0.02, 0.02, 0.03],  # after a single capital
            [0.20, 0.03, 1e-9, 0.70, 0.02, 0.02, 0.03],  # after two capitals or more
            [0.30, 0.02, 0.02, 1e-9, 0.50, 0.06, 0.10],  # after a digit
            [0.52, 0.18, 0.08, 1e-9, 0.10, 0.07, 0.05],  # after a mark
            [0.78, 0.02, 0.04, 1e-9, 0.10, 0.04, 0.02],  # after a stop
        ]
    )
).tolist()
"""log P(kind | kind before), a rough count over running text, names, codes and numbers."""


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """How likely letters follow each other, and which words there are.

    Attributes
    ----------
    table : float32 array, shape (28, 28, 28, 28)
        log P(symbol | the three before it).
    words : mapping of str to float
        How common each word is, in small letters without accents: log10 of how often it comes in a billion
        words (Zipf).
    spellings : mapping of str to mapping of str to float
        For words that are written with accents, how common each way to spell them is.
    letters : frozenset of str
        The letters that these have besides a to z, in small letters.
    opens : bool
        Questions and exclamations begin with ¿ and ¡.
    """

    table: npt.NDArray[np.float32]
    words: Mapping[str, float]
    spellings: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    letters: frozenset[str] = frozenset()
    opens: bool = False

    @classmethod
    def of(cls, table: npt.NDArray[np.float32], spelled: Mapping[str, float]) -> Self:
        """Build from the table and how common each word is as it is spelled."""
        words: dict[str, float] = {}
        spellings: dict[str, dict[str, float]] = {}
        for word, zipf in spelled.items():
            bare = word if word.isascii() else plain(word)
            words[bare] = max(zipf, words.get(bare, zipf))
            if bare is not word:
                spellings.setdefault(bare, {})[word] = zipf
        for bare, ways in spellings.items():
            if bare in spelled:
                ways[bare] = spelled[bare]
        letters = frozenset("".join(spelled)) - frozenset(SYMBOLS)
        return cls(table, words, spellings, letters)

    def limited(self, allowed: frozenset[str]) -> Self:
        """Return the language without those letters besides a to z that are not allowed in any case."""
        letters = frozenset(each for each in self.letters if not {each, each.upper()}.isdisjoint(allowed))
        gone = self.letters - letters
        spellings = {
            bare: kept
            for bare, ways in self.spellings.items()
            if (kept := {word: zipf for word, zipf in ways.items() if gone.isdisjoint(word)})
        }
        return replace(self, letters=letters, spellings=spellings)

    def log_probability(self, before: Context, symbol: int) -> float:
        """Return log P(symbol | the three symbols before)."""
        return self.table.item((*before, symbol))


@lru_cache(maxsize=4096)
def kind_of(character: str, before: Kind) -> Kind:
    """Return which kind a character is after one of kind `before`."""
    if character.isdigit():
        return Kind.DIGIT
    if character.islower():
        return Kind.LOWER
    if not character.isupper():
        return Kind.STOP if character in _STOPS else Kind.MARK
    return Kind.UPPER if before in (Kind.INITIAL, Kind.UPPER) else Kind.INITIAL


@lru_cache(maxsize=1024)
def symbol_of(character: str) -> int:
    """Return the symbol of a character, whatever its case; 0 where words are not made of it."""
    return SYMBOLS.find(character.lower()) + 1


@lru_cache(maxsize=1024)
def plain_letter(character: str) -> str:
    """Return a letter without its accents; what is no letter of a to z with a mark is what it looks like.

    Letters grown together, such as æ, look like two.
    """
    return LIKE.get(character) or unicodedata.normalize("NFD", character)[:1]


def plain(word: str) -> str:
    """Return a word without accents, as many characters long but for letters grown together."""
    return "".join(map(plain_letter, word))


def symbols_of(word: str) -> list[int] | None:
    """Return the symbols of a word, None where it has others."""
    symbols = [symbol_of(character) for character in word]
    return symbols if symbols and all(symbols) else None


def languages() -> list[str]:
    """Return the names of the languages there are, without ``none``."""
    return sorted(path.stem for path in FOLDER.glob("*.npz"))


@lru_cache(maxsize=8)
def load_language(name: str) -> Language | None:
    """Load a language by name; ``none`` gives None, the pure letters.

    Raises
    ------
    ValueError
        There is no such language; the message lists those that there are.
    """
    if name == NONE:
        return None
    if name not in languages():
        raise ValueError(f"unknown language '{name}': choose one of {', '.join([*languages(), NONE])}")
    with np.load(FOLDER / f"{name}.npz") as file:
        words = file["words"].tobytes().decode().split("\n")
        zipf = (file["zipf"] / ZIPF_STEPS).tolist()
        found = Language.of(file["steps"].astype(np.float32) / -16, dict(zip(words, zipf, strict=True)))
    return replace(found, opens=name in OPENING)
