"""Accents: what the ink over a letter is called, and how a word is spelled with it.

The networks know letters without accents. A mark is lifted off its letter (`pipelines.marks`), the letter is
read by itself, and both are put together again if the language has such a letter.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

import cv2
import numpy as np

from ocr.decode import COMMON
from ocr.document import Glyph
from ocr.language import SYMBOLS, Language, plain_letter
from ocr.lattice import Lattice
from pipelines.marks import is_dot
from pipelines.segment import run_boxes
from pipelines.sheet import Boxes, Mark, Mask

GRAVE, ACUTE, CIRCUMFLEX, TILDE, DOT, DIAERESIS, RING, CARON = (
    "\u0300", "\u0301", "\u0302", "\u0303", "\u0307", "\u0308", "\u030a", "\u030c",
)  # fmt: skip
STEMS = frozenset("lI1|!")
"""What an i may be taken for once the mark on it is gone."""
OVERLOOKED, DUST = -5.0, -2.0
"""What it costs, in nats, that an accent which stands apart was not seen; that ink over a letter is none."""
JOINED = -1.0
"""What it costs that a mark which is one with its letter, or a letter of another shape, was not told."""
LOOKS = {"ç": "gs", "ß": "p", "ł": "t", "ę": "g", "ą": "g"}
"""What such letters may be taken for, besides the letter that they are made of."""
LEAST = -4.0
"""The least that a shape says for an accent, in nats."""
Names: TypeAlias = Mapping[str, float]
_APART = frozenset((GRAVE, ACUTE, CIRCUMFLEX, TILDE, DOT, DIAERESIS, RING, CARON))


def name_mark(mark: Mark) -> Names:
    """Return how likely a mark is each combining accent, by its shape: logarithms, of the likeliest 0.

    Two parts side by side are a diaeresis. The middle line of the others is followed from left to right: it
    falls or rises, has its middle higher or lower than its ends, or runs in a wave; a ring has a hole.
    """
    if mark.parts > 1:
        return {DIAERESIS: 0.0, TILDE: -2.0, CIRCUMFLEX: -3.0}
    shape = mark.shape
    height, width = shape.shape
    if _has_hole(shape):
        return {RING: 0.0, DOT: -2.0, CIRCUMFLEX: -3.0}
    rise, bulge, wave = _middle_line(shape)
    if is_dot(shape) and abs(rise) < 0.5:
        return {DOT: 0.0, ACUTE: -1.0, GRAVE: -1.5, RING: -1.5, DIAERESIS: -3.0}
    likely = {
        ACUTE: 4 * rise + (1.5 if height > width else 0.0),
        GRAVE: -4 * rise,
        CIRCUMFLEX: 8 * bulge,
        CARON: -8 * bulge,
        TILDE: 8 * wave - 4 * abs(bulge) + (1.0 if width > 2 * height else -1.0),
        DIAERESIS: 0.0 if width > 2 * height else -2.0,
        RING: -1.0,
    }
    most = max(likely.values())
    return {kind: max(LEAST, value - most) for kind, value in likely.items()}


def _has_hole(shape: Mask) -> bool:
    paper = cv2.connectedComponents(np.pad(~shape, 1, constant_values=True).astype(np.uint8), connectivity=4)
    return paper[0] > 2


def _middle_line(shape: Mask) -> tuple[float, float, float]:
    """Return how much the middle of the ink rises from left to right, bulges upwards, and runs in a wave.

    All as shares of the longer side: coefficients of Legendre's polynomials of order one to three.
    """
    rows, columns = np.nonzero(shape)
    longer = max(shape.shape)
    x = (2 * columns + 1) / shape.shape[1] - 1
    y = -(rows - rows.mean()) / longer
    basis = np.polynomial.legendre.legvander(x, 3)
    penalty = 1e-3 * len(x) * np.eye(4)
    _, rise, curve, cubic = np.linalg.solve(basis.T @ basis + penalty, basis.T @ y)
    return float(rise * 2), float(-curve), float(abs(cubic))


def marks_over(lattice: Lattice) -> dict[int, Mark]:
    """Return the marks of a page by the runs they stand over: whose extent holds their middle."""
    over: dict[int, Mark] = {}
    if not lattice.sheet.marks:
        return over
    boxes = run_boxes(lattice.atoms, lattice.runs)
    line = lattice.atoms.line[lattice.runs[:, 0]]
    for mark in lattice.sheet.marks:
        middle = (mark.box[0] + mark.box[2]) / 2
        held = (line == mark.line) & (boxes[:, 0] <= middle) & (middle < boxes[:, 2])
        over.update(dict.fromkeys(np.flatnonzero(held).tolist(), mark))
    return over


def with_marks(boxes: Boxes, over: Mapping[int, Mark]) -> Boxes:
    """Return the boxes of runs, int32 (R, 4), with the marks over them."""
    if not over:
        return boxes
    found = boxes.copy()
    runs = np.array(list(over))
    marks = np.array([mark.box for mark in over.values()], boxes.dtype)
    found[runs, :2] = np.minimum(boxes[runs, :2], marks[:, :2])
    found[runs, 2:] = np.maximum(boxes[runs, 2:], marks[:, 2:])
    return found


def names_over(over: Mapping[int, Mark]) -> dict[int, Names]:
    """Return what the marks over runs are likely called."""
    named = {mark: name_mark(mark) for mark in over.values()}
    return {run: named[mark] for run, mark in over.items()}


def spelled(characters: Sequence[str], names: Sequence[Names | None], language: Language) -> list[str]:
    """Put marks and letters together, so that the words are known ones if the marks allow it.

    Parameters
    ----------
    characters : sequence of str
        Of a word, as read without the marks.
    names : sequence of mapping or None
        What the mark over each is likely called, from :func:`name_mark`; None where there is none.
    language : Language

    Returns
    -------
    list of str
        As many characters.
    """
    found = [_unstemmed(characters, k) if name is not None else characters[k] for k, name in enumerate(names)]
    bare = [character.lower() for character in found]
    start = 0
    for stop in range(len(bare) + 1):
        if stop < len(bare) and bare[stop] in SYMBOLS[:-1]:
            continue
        if stop > start:
            part = slice(start, stop)
            letters = _best_spelling("".join(bare[part]), names[part], language)
            found[part] = [_cased(*pair) for pair in zip(letters, found[part], strict=True)]
        start = stop + 1
    return found


def _unstemmed(characters: Sequence[str], place: int) -> str:
    """Return what a character with a mark on it is: a stem is an i, beside a capital letter a capital I."""
    if characters[place] not in STEMS:
        return characters[place]
    beside = characters[place - 1] if place else "".join(characters[1:2])
    return "I" if beside.isupper() else "i"


def respelled(glyph: Glyph, text: str) -> Glyph:
    """Return a glyph that reads as `text`, of what it was read as and the mark over it."""
    if text == glyph.text:
        return glyph
    alternatives = (
        replace(each, text=text) if each.text == glyph.text else each for each in glyph.alternatives
    )
    return replace(glyph, text=text, alternatives=tuple(alternatives))


def _best_spelling(bare: str, names: Sequence[Names | None], language: Language) -> str:
    """Return the likeliest way to write a word of small letters."""
    alone = "".join(
        max(_letters(letter, language), key=lambda each: _likelihood(each, name))
        for letter, name in zip(bare, names, strict=True)
    )
    zipf = {
        word: common
        for each in _lookalikes(bare, language)
        for word, common in language.spellings.get(each, {}).items()
    } or {bare: language.words.get(bare, 0.0)}

    def score(word: str) -> float:
        said = sum(_likelihood(letter, name) for letter, name in zip(word, names, strict=True))
        return said + COMMON * zipf.get(word, 0.0)

    return max([alone, *zipf], key=score)


def _lookalikes(bare: str, language: Language) -> list[str]:
    """Return a word, and if it is none, what it is with one letter taken for one that looks alike."""
    if bare in language.words:
        return [bare]
    like = [(plain_letter(letter), LOOKS[letter]) for letter in sorted(language.letters & LOOKS.keys())]
    changed = [
        bare[:k] + letter + bare[k + 1 :]
        for k, character in enumerate(bare)
        for letter, taken in like
        if character in taken
    ]
    return [bare, *changed]


def _letters(letter: str, language: Language) -> list[str]:
    """Return a letter, and what the language has of it with a mark that stands apart."""
    return [
        letter,
        *sorted(each for each in language.letters if _accent(each) and plain_letter(each) == letter),
    ]


def _accent(letter: str) -> str:
    """Return the accent that stands apart from its letter, nothing where there is none."""
    mark = unicodedata.normalize("NFD", letter)[1:]
    return mark if mark in _APART else ""


def _likelihood(letter: str, name: Names | None) -> float:
    """Return how likely it is that a letter is written with a mark of such names, or none."""
    accent = _accent(letter)
    joined = 0.0 if accent or letter in SYMBOLS else JOINED
    if name is None:
        return joined + (OVERLOOKED if accent else 0.0)
    if accent:
        return name.get(accent, LEAST)
    return joined + (0.0 if letter in "ij" and name.get(DOT) == 0 else DUST)


def _cased(letter: str, read: str) -> str:
    """Give a letter the case of what was read."""
    if letter == plain_letter(letter) and letter == read.lower():
        return read
    return letter.upper() if read.isupper() and len(letter.upper()) == 1 else letter
