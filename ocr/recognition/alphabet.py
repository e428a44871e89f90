"""Which characters may be read: those of the network, of the language, and of a whitelist."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from ocr.errors import SettingError
from ocr.recognition.classify import REJECT
from ocr.recognition.language import Language
from pipelines.errors import shown


@dataclass(frozen=True, slots=True, eq=False)
class Alphabet:
    """The characters that may be read.

    Attributes
    ----------
    allowed : frozenset of str, or None
        Those of the whitelist; None where there is none, and all may be read.
    accented : Language or None
        The language with those of its letters beyond the plain alphabet that may be read; None if there are
        none.
    barred : bool array, shape (C,)
        Classes of the network that may not be read; never the reject class.
    """

    allowed: frozenset[str] | None
    accented: Language | None
    barred: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, classes: tuple[str, ...], allowed: frozenset[str] | None, language: Language | None) -> Self:
        """Return the alphabet of a network with these classes.

        Raises
        ------
        SettingError
            The whitelist has a character that neither the network nor the language knows.
        """
        if allowed is None:
            accented = language if language is not None and language.letters else None
            return cls(None, accented, np.zeros(len(classes), bool))
        made = composed(language) if language else frozenset()
        unknown = "".join(sorted(allowed - readable(classes, language)))
        if unknown:
            raise SettingError("whitelist", f"the model does not know these characters: {shown(unknown)}")
        accented = language.limited(allowed) if language is not None and allowed & made else None
        needed = allowed.union(*(made_of(c, language) for c in allowed))
        return cls(allowed, accented, np.array([c not in needed and c != REJECT for c in classes]))

    def kept(self, text: str) -> str:
        """Return the allowed characters of a text."""
        allowed = self.allowed
        return text if allowed is None else "".join(character for character in text if character in allowed)


def readable(classes: tuple[str, ...], language: Language | None) -> frozenset[str]:
    """Return the characters that a network with these classes may read, with those the language composes."""
    made = composed(language) if language else frozenset()
    return frozenset(classes) - {REJECT} | {c for c in made if set(made_of(c, language)) & set(classes)}


def composed(language: Language) -> frozenset[str]:
    """Return the characters of a language that the networks do not have, small and capital."""
    capitals = {each.upper() for each in language.letters if len(each.upper()) == 1}
    return language.letters | capitals | frozenset(language.orthography.opening_marks)


def made_of(character: str, language: Language | None) -> str:
    """Return what the networks may read such a character as, or itself."""
    if language is None:
        return character
    known = language.orthography
    if character in known.opening_marks:
        return known.opening_marks[character]
    small = character.lower()
    likely = known.plain_letter(small) + known.looks_like(small)
    inside = known.letters[small].inside if small in known.letters else ""
    return (likely.upper() if character.isupper() else likely) + inside
