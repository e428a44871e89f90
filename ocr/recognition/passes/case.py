"""The case of letters by their context: on lines in capitals, and in words of one letter."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

from ocr.recognition.lattice import Decoder, Lattice
from ocr.recognition.params import STANDARD
from ocr.recognition.passes.params import LineParams
from ocr.recognition.passes.words import letters_read, likelier, words_read
from pipelines.median import median

SIZE = re.compile(r"\d+X\d+")
"""What is written like a size, with a capital X."""
SENTENCE_END = re.compile(r"[^\W\d_]{2}[.!?]['\")]?$")
"""How a word ends at the end of a sentence."""
SHORT = 3
"""Most characters, with the colon, of a label that may be in small letters, as cc: is."""
OPENING = "\"'(.,"
"""Marks before a word that may be read as part of it."""


def recased(lattice: Lattice, decoder: Decoder, params: LineParams = STANDARD.lines) -> Lattice:
    """Make small letters less likely on lines that are in capitals, and letters in rows of digits.

    Running text has few capitals inside words. Where there are many, the line was written in capitals, some
    of which look like small letters. Such a line may also hold words in small letters beside others in
    capitals: small letters are much less likely only where nearly all of the line, or most of their own
    word, is in capitals. In a row of separate characters each one counts, and where most are digits, the
    others are probably digits too.

    Parameters
    ----------
    lattice : Lattice
    decoder : Decoder
        Decodes the words of lines in capitals and of rows of digits again.
    params : LineParams
    """
    upper = np.array([c.isupper() for c in decoder.classes])
    lower = np.array([c.islower() for c in decoder.classes])
    digit = np.array([c.isdigit() for c in decoder.classes])
    runs, classes, places = lattice.chosen.T
    first = lattice.runs[:, 0]
    line_of, word_of = lattice.atoms.line[first], lattice.atoms.word[first]
    in_row = _rows(lattice, params)[line_of[runs]]
    counted = (places > 0) | in_row

    def count(
        kind: npt.NDArray[np.bool_], where: npt.NDArray[np.bool_], of: npt.NDArray[np.int64]
    ) -> npt.NDArray[np.int64]:
        return np.asarray(np.bincount(of[runs[kind[classes] & where]], minlength=int(of.max(initial=-1)) + 1))

    capitals, smalls = count(upper, counted, line_of), count(lower, counted, line_of)
    letters, digits = count(upper | lower, in_row, line_of), count(digit, in_row, line_of)
    inside = capitals + smalls
    of_capitals = (inside >= params.letters) & (capitals > params.capitals * inside) & (smalls > 0)
    of_digits = (digits > letters) & (letters > 0)
    if not (of_capitals | of_digits).any():
        return lattice
    clearly = (inside >= params.many) & (capitals > params.clearly * inside)
    mostly = count(upper, places > 0, word_of) > count(lower, places > 0, word_of)
    in_capitals = of_capitals[line_of] & (clearly[line_of] | mostly[word_of])
    weights = decoder.weights
    small = np.where(in_capitals, weights.capitals_penalty, weights.line_case_penalty * of_capitals[line_of])
    letter = weights.line_case_penalty * of_digits[line_of]
    penalty = np.where(lower, np.maximum(small, letter)[:, None], np.where(upper, letter[:, None], 0))
    evidence = lattice.evidence - penalty.astype(np.float32)
    return lattice.changed(decoder, (of_capitals | of_digits)[line_of], evidence=evidence)


def alone_capital(lattice: Lattice, decoder: Decoder) -> Lattice:
    """Make capitals that are words, such as the English I, likelier where a letter is a word.

    In many typefaces the I looks exactly like an l or a stroke. Its line must have a word of several letters,
    as a letter in a row of letters may be any. After a digit it may be a unit, such as l.

    Parameters
    ----------
    lattice : Lattice
    decoder : Decoder
        Decodes the words of one letter again.
    """
    capitals = decoder.language.orthography.lone_capitals if decoder.language is not None else {}
    if not capitals:
        return lattice
    columns = {
        like: [k for k, c in enumerate(decoder.classes) if like in capitals.get(c, "")]
        for like in "".join(capitals.values())
    }
    texts, line_of = words_read(lattice, decoder.classes)
    in_text = np.isin(line_of, line_of[[len(text) > 1 and text.isalpha() for text in texts]])
    evidence, stale = lattice.evidence.copy(), np.zeros(len(lattice.runs), bool)
    behind = [
        k > 0 and texts[k - 1][-1:].isdigit() and line_of[k - 1] == line_of[k] for k in range(len(texts))
    ]
    for k in np.flatnonzero(in_text & ~np.array(behind, bool)).tolist():
        if likely := columns.get(texts[k].lstrip(OPENING)):
            part = lattice.words[k]
            evidence[part, likely] += np.float32(decoder.weights.lone_capital_bonus)
            stale[part] = True
    return lattice.changed(decoder, stale, evidence=evidence) if stale.any() else lattice


def sentences(lattice: Lattice, decoder: Decoder) -> Lattice:
    """Make a capital likelier where a sentence or a label begins.

    A sentence begins behind a word that ends one; a letter and a stop, as in p.m., end none. A label is the
    first word of a line, if it ends in a colon.

    Parameters
    ----------
    lattice : Lattice
    decoder : Decoder
        Decodes the words that begin in small letters there again.
    """
    texts, line_of = words_read(lattice, decoder.classes)
    begins = [False, *(bool(SENTENCE_END.search(text)) for text in texts)][: len(texts)]
    for k in np.flatnonzero(np.diff(line_of, prepend=-1)).tolist():
        begins[k] |= texts[k].endswith(":") and len(texts[k]) > SHORT
    meant = {
        k: text[0].upper() + text[1:]
        for k, (text, is_first) in enumerate(zip(texts, begins, strict=True))
        if is_first and text[:1].islower()
    }
    return likelier(lattice, decoder, meant, decoder.weights.sentence_bonus)


def times(lattice: Lattice, decoder: Decoder) -> Lattice:
    """Make a small x likelier than a capital X between a number and text that is not in capitals: 2 x Milk.

    Parameters
    ----------
    lattice : Lattice
    decoder : Decoder
        Decodes the words of one letter again.
    """
    if "x" not in decoder.classes:
        return lattice
    texts, line_of = words_read(lattice, decoder.classes)
    meant = {}
    for k in range(1, len(texts) - 1):
        before, text, after = texts[k - 1 : k + 2]
        is_between = text == "X" and line_of[k - 1] == line_of[k + 1] and before[-1:].isdigit()
        if is_between and not after.isupper():
            meant[k] = "x"
    return likelier(lattice, decoder, meant)


def sizes(lattice: Lattice, decoder: Decoder, params: LineParams = STANDARD.lines) -> Lattice:
    """Make a small x likelier in sizes such as 640x480 where it is lower than the digits.

    Parameters
    ----------
    lattice : Lattice
    decoder : Decoder
        Decodes these words again.
    params : LineParams
    """
    meant = {}
    for k, text in enumerate(words_read(lattice, decoder.classes)[0]):
        if SIZE.fullmatch(text):
            boxes = lattice.boxes[letters_read(lattice, decoder, k)[0]]
            heights = boxes[:, 3] - boxes[:, 1]
            if heights[text.index("X")] < params.small_x * median(heights):
                meant[k] = text.lower()
    return likelier(lattice, decoder, meant)


def _rows(lattice: Lattice, params: LineParams) -> npt.NDArray[np.bool_]:
    """Return which lines are rows of separate characters."""
    words = np.array([len(readings[0].steps) if readings else 0 for readings in lattice.readings], np.int64)
    first = [part.start for part in lattice.words]
    line_of = lattice.atoms.line[lattice.runs[first, 0]]
    single, all_ = (
        np.bincount(line_of[which], minlength=len(lattice.sheet.lines)) for which in (words == 1, words > 0)
    )
    return np.asarray((single >= params.row) & (single >= params.row_share * all_))
