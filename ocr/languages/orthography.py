"""How a language is written: its alphabet, its accents, and the other entries of `NAME.toml`."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, Self

TABLES = ("lone_capitals", "letters", "under_marks", "opening_marks", "elided", "accented_words")
"""The entries that say something of single characters."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter beyond the alphabet, and the letters of the alphabet that it is made of or looks like.

    Attributes
    ----------
    base : str
        The one or two letters of the alphabet that it is made of: o for ø, ae for æ. By default the letter
        without its accents, by Unicode's decomposition.
    looks_like : str
        Other characters that it may be mistaken for.
    inside : str
        A capital that it is mistaken for among small letters: B for ß.
    stroke : str
        Where a stroke crosses the base: its ``stem`` (ł) or its ``bowl`` (ø); empty without a stroke.
    """

    base: str = ""
    looks_like: str = ""
    inside: str = ""
    stroke: Literal["", "stem", "bowl"] = ""


@dataclass(frozen=True, slots=True, eq=False)
class Orthography:
    """How a language is written.

    Attributes
    ----------
    name : str
        In English.
    codes : tuple of str
        ISO 639 codes, of two and of three letters.
    alphabet : str
        The characters of its words, in small letters without accents: the symbols 1, 2 and so on of its
        n-grams. Symbol 0 is the border of a word.
    one_letter_words : frozenset of str
        Letters that are words.
    lone_capitals : mapping of str to str
        Words of one letter that are always capitals, as I is in English, and what each may be mistaken for.
    letters : mapping of str to Letter
        The letters beyond the alphabet that Unicode's decomposition does not fully describe.
    under_marks : mapping of str to str
        Letters of the alphabet, and what each may be mistaken for without the mark over it.
    opening_marks : mapping of str to str
        Opening marks of sentences, each with the closing mark that it is upside down.
    elided : mapping of str to str
        Letters before an apostrophe at the start of words, and what each may be mistaken for.
    accented_words : mapping of str to str
        Letters with an accent that are words, and what each may be mistaken for where the accent touches it.
    """

    name: str
    codes: tuple[str, ...]
    alphabet: str
    one_letter_words: frozenset[str] = frozenset()
    lone_capitals: Mapping[str, str] = field(default_factory=dict)
    letters: Mapping[str, Letter] = field(default_factory=dict)
    under_marks: Mapping[str, str] = field(default_factory=dict)
    opening_marks: Mapping[str, str] = field(default_factory=dict)
    elided: Mapping[str, str] = field(default_factory=dict)
    accented_words: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> Self:
        """Build from the content of a TOML file.

        Raises
        ------
        ValueError
            A setting is missing, unknown or of another kind; the message names it.
        """
        known = {each.name for each in fields(cls)}
        if unknown := sorted(set(table) - known):
            raise ValueError(f"unknown: {', '.join(unknown)}; it may say {', '.join(sorted(known))}")
        for name, kind in (("name", str), ("codes", list), ("alphabet", str)):
            if not isinstance(table.get(name), kind) or not table[name]:
                raise ValueError(f"{name} is missing, or no {'list' if kind is list else 'text'}")
        alphabet = table["alphabet"]
        if len(set(alphabet)) != len(alphabet) or alphabet != alphabet.lower():
            raise ValueError(f"alphabet: {alphabet}: not small letters, each of them once")
        try:
            letters = {letter: Letter(**said) for letter, said in table.get("letters", {}).items()}
        except TypeError as error:
            raise ValueError(f"letters: {error}") from error
        for letter, said in letters.items():
            if said.stroke not in ("", "stem", "bowl"):
                raise ValueError(
                    f"letters: {letter}: stroke: {said.stroke}: it goes through the stem or bowl"
                )
            if not set(said.base) <= set(alphabet) or len(said.base) > 2:
                raise ValueError(
                    f"letters: {letter}: base: {said.base}: not one or two letters of the alphabet"
                )
        return cls(
            table["name"],
            tuple(table["codes"]),
            alphabet,
            frozenset(table.get("one_letter_words", "")),
            **{name: dict(table.get(name, {})) for name in TABLES} | {"letters": letters},
        )

    def plain_letter(self, character: str) -> str:
        """Return a small letter without its accents; two letters for a ligature such as æ."""
        said = self.letters.get(character)
        return said.base if said is not None and said.base else _decomposed(character)[:1]

    def plain(self, text: str) -> str:
        """Return small letters without accents, one for each, except that ligatures give two."""
        return text if text.isascii() else "".join(map(self.plain_letter, text))

    def looks_like(self, letter: str) -> str:
        """Return what a small letter may be mistaken for, besides what it is made of."""
        said = self.letters.get(letter)
        return said.looks_like if said is not None else ""

    def symbol_of(self, character: str) -> int:
        """Return the symbol of a character in any case, with or without accents; 0 if it is not in words."""
        bare = self.plain_letter(character.lower())
        return self.alphabet.find(bare) + 1 if len(bare) == 1 else 0

    def symbols_of(self, word: str) -> list[int] | None:
        """Return the symbols of a word; None if it has other characters."""
        symbols = [self.symbol_of(character) for character in word]
        return symbols if symbols and all(symbols) else None

    def words_in(self, text: str) -> list[str]:
        """Return the words of a text, in small letters without accents."""
        pattern, marks = _word_pattern(self.alphabet)
        found = pattern.findall(self.plain(text.lower()))
        return [word for each in found if (word := each.strip(marks))]

    def is_plain(self, text: str) -> bool:
        """Return whether a text has only letters of the alphabet."""
        return bool(text) and alphabetic(self.alphabet).issuperset(text)


@lru_cache(maxsize=1024)
def _decomposed(character: str) -> str:
    return unicodedata.normalize("NFD", character)


@lru_cache(maxsize=32)
def alphabetic(alphabet: str) -> frozenset[str]:
    """Return the letters of an alphabet, without its other characters, such as the apostrophe."""
    return frozenset(filter(str.isalpha, alphabet))


@lru_cache(maxsize=32)
def _word_pattern(alphabet: str) -> tuple[re.Pattern[str], str]:
    """Return a pattern for runs of an alphabet's characters, and the characters that are not letters."""
    return re.compile(f"[{re.escape(alphabet)}]+"), "".join(each for each in alphabet if not each.isalpha())


def read_orthography(path: Path) -> Orthography:
    """Read an orthography from a TOML file.

    Raises
    ------
    ValueError
        The file is missing, is not TOML, or has wrong entries; the message names it.
    """
    try:
        return Orthography.of(tomllib.loads(path.read_text(encoding="utf8")))
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror}") from error
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error
