"""Changes to glyphs once their accents are known: new texts, a filter by whitelist, and ligatures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ocr.document import Box, Glyph


def respelled(glyph: Glyph, text: str) -> Glyph:
    """Return a glyph with the text `text`, combined from what was read and the mark over it."""
    if text == glyph.text:
        return glyph
    alternatives = (
        replace(each, text=text) if each.text == glyph.text else each for each in glyph.alternatives
    )
    return replace(glyph, text=text, alternatives=tuple(alternatives))


def only(glyphs: Iterable[Glyph], allowed: frozenset[str]) -> tuple[Glyph, ...]:
    """Return the glyphs with allowed texts, and only their allowed alternatives."""
    return tuple(
        replace(glyph, alternatives=tuple(each for each in glyph.alternatives if each.text in allowed))
        for glyph in glyphs
        if glyph.text in allowed
    )


def grown_together(glyphs: Iterable[Glyph]) -> tuple[Glyph, ...]:
    """Join glyphs with empty text to the glyphs before them."""
    found: list[Glyph] = []
    for glyph in glyphs:
        if glyph.text or not found:
            found.append(glyph)
        else:
            found[-1] = replace(found[-1], box=Box.around([found[-1].box, glyph.box]))
    return tuple(found)
