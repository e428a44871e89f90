"""Web and mail addresses: the slashes behind their scheme and their name, and the case of their letters."""

from __future__ import annotations

import re

from ocr.recognition.lattice import Decoder, Lattice
from ocr.recognition.passes.words import likelier, words_read

SCHEME = re.compile(r"(?i)https?:(?=[/lI1i|]{2}.+\.)")
"""The scheme of an address of a page, before two slashes or what they are misread as."""
ADDRESS = re.compile(r"(?i)https?:..[^.]+\..+|www\..+\..+|[^@]+@[^@]+\.\w+")
PATH = re.compile(r"(?<=\.(?:com|org|net|edu|gov))[lI1|](?=\w)")
"""What the slash before the path of a page is misread as."""
ONE_SHAPE = frozenset("COSUVWXZ")
"""Capitals of the shape of their small letters."""


def addressed(lattice: Lattice, decoder: Decoder) -> Lattice:
    """Make slashes likelier behind ``http:`` and ``.org``, and small letters in addresses without capitals.

    Addresses are nearly always in small letters, but their parts are not words, so that only its size tells
    an x from an X.

    Parameters
    ----------
    lattice : Lattice
    decoder : Decoder
        Decodes the addresses again.
    """
    texts, _ = words_read(lattice, decoder.classes)
    better = {k: _corrected(text) for k, text in enumerate(texts)}
    return likelier(lattice, decoder, {k: text for k, text in better.items() if text != texts[k]})


def _corrected(text: str) -> str:
    """Return what an address probably says, with as many characters; any other text as it is.

    Examples
    --------
    >>> _corrected("https:/lex.am/ple?X=1"), _corrected("Http://ex.am/X"), _corrected("IO:/1")
    ('https://ex.am/ple?x=1', 'Http://ex.am/x', 'IO:/1')
    >>> _corrected("Www.example.orglall")
    'www.example.org/all'
    """
    scheme = SCHEME.match(text)
    if scheme:
        text = f"{text[: scheme.end()]}//{text[scheme.end() + 2 :]}"
    if not ADDRESS.fullmatch(text):
        return text
    if "@" not in text:
        text = PATH.sub("/", text)
    if text[:4].casefold() == "www.":
        text = text[0].lower() + text[1:]
    capitals = [character for character in text[1:] if character.isupper()]
    if not ONE_SHAPE.issuperset(capitals):
        return text
    return text[0] + "".join(c.lower() if c in ONE_SHAPE else c for c in text[1:])
