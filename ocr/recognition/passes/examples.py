"""Letters that look like those of known words on the same page: one hand writes a letter alike everywhere.

Words of the word list are nearly always read right, even where some of their letters look like others: the
rest of the word decides. So they are examples of how this hand, or this typeface, makes its letters, and
letters of other words are compared with them.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from ocr.recognition.language import Language
from ocr.recognition.lattice import Decoder, Lattice
from ocr.recognition.params import STANDARD
from ocr.recognition.passes.params import ExampleParams
from ocr.recognition.passes.words import letters_read, words_read
from pipelines.sheet import Mask

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

TOGETHER = 2048
"""Runs that are compared at a time, so that a long page needs little memory."""
LEAST = 1e-30
"""Least probability of a letter."""


def by_example(lattice: Lattice, decoder: Decoder, params: ExampleParams = STANDARD.examples) -> Lattice:
    """Make letters likelier that look like those of known words, in other words.

    For each run, the probability that it is a letter stays as it is. How that is shared among the letters is
    mixed with the shares of the examples, each of which counts by its likeness [1]_, and less where a
    character has many, as frequent letters have. A word stays as it is if no example speaks against a letter
    of it.

    Parameters
    ----------
    lattice : Lattice
    decoder : Decoder
        Decodes the words that change. Without a language it knows no words, and nothing changes.
    params : ExampleParams

    References
    ----------
    .. [1] E. Grave, A. Joulin, N. Usunier: Improving neural language models with a continuous cache, ICLR
       2017, section 3: the same mixture, of words.
    """
    language = decoder.language
    if language is None:
        return lattice
    texts, _ = words_read(lattice, decoder.classes)
    known = [k for k, text in enumerate(texts) if _is_known(text, language, params)]
    runs, classes = _examples(lattice, decoder, known, params)
    doubtful = np.ones(len(lattice.runs), bool)
    for k in known:
        doubtful[lattice.words[k]] = False
    if len(runs) < params.fewest or not doubtful.any():
        return lattice
    letters = np.array([c.isalpha() for c in decoder.classes])
    seen = np.zeros((len(runs), len(decoder.classes)), np.float32)
    seen[np.arange(len(runs)), classes] = np.bincount(classes)[classes] ** -0.5
    examples = _described(lattice, runs, params)
    scores, evidence = lattice.scores.copy(), lattice.evidence.copy()
    others = np.flatnonzero(doubtful)
    for start in range(0, len(others), TOGETHER):
        some = others[start : start + TOGETHER]
        likeness = np.exp((_described(lattice, some, params) @ examples.T - 1) / np.float32(params.spread))
        counts = (likeness @ seen)[:, letters]
        place = np.ix_(some, letters)
        for each in (scores, evidence):
            each[place] = _mixed(each[place], counts, params.own)
    stale = _with_doubt(lattice, scores + evidence, params.doubtful) & doubtful
    if not stale.any():
        return lattice
    scores[~stale], evidence[~stale] = lattice.scores[~stale], lattice.evidence[~stale]
    return lattice.changed(decoder, stale, scores=scores, evidence=evidence)


def _mixed(before: Floats, counts: Floats, own: float) -> Floats:
    """Mix the shares of letters, from their log-probabilities (N, L), with those of their `counts` (N, L).

    The sum of the probabilities of a row stays as it is; what cannot be stays so.
    """
    each = np.exp(before)
    sure = each.sum(axis=1, keepdims=True)
    shares = (own * each / np.maximum(sure, LEAST) + counts) / (own + counts.sum(axis=1, keepdims=True))
    return np.where(np.isneginf(before), before, np.log(np.maximum(sure * shares, LEAST)))


def _with_doubt(lattice: Lattice, likely: Floats, least: float) -> Mask:
    """Return which runs are of words whose reading has a character that is less likely now, by both networks.

    It leads the likeliest other one by less than before, and by less than so many nats.
    """
    runs, classes, _ = lattice.chosen.T

    def lead(of: Floats) -> Floats:
        others = of[runs].copy()
        others[np.arange(len(runs)), classes] = -np.inf
        return np.asarray(of[runs, classes] - others.max(axis=1))

    found = np.zeros(len(lattice.runs), bool)
    found[runs[lead(likely) < np.minimum(lead(lattice.scores + lattice.evidence), least)]] = True
    for word in lattice.words:
        found[word] = found[word].any()
    return found


def _is_known(text: str, language: Language, params: ExampleParams) -> bool:
    """Return whether a text is made of words of the word list that are not very short."""
    words = language.orthography.words_in(text)
    is_word = bool(words) and not any(character.isdigit() for character in text)
    return is_word and all(len(word) >= params.letters and word in language.words for word in words)


def _examples(
    lattice: Lattice, decoder: Decoder, words: list[int], params: ExampleParams
) -> tuple[Ints, Ints]:
    """Return the runs that are read as letters in some words, and their classes, int64 (N,) each.

    Of each class there are at most `params.most`, evenly over the page.
    """
    of_class: dict[str, list[int]] = {}
    for k in words:
        for run, character in zip(*letters_read(lattice, decoder, k), strict=True):
            if character.isalpha():
                of_class.setdefault(character, []).append(run)
    runs, classes = [], []
    for character, found in of_class.items():
        chosen = np.linspace(0, len(found) - 1, min(len(found), params.most)).astype(int)
        runs += [found[k] for k in chosen.tolist()]
        classes += [decoder.classes.index(character)] * len(chosen)
    return np.array(runs, np.int64), np.array(classes, np.int64)


def _described(lattice: Lattice, runs: Ints, params: ExampleParams) -> Floats:
    """Describe runs by what they may be and by how they look: vectors (N, D) of length 1.

    A vector has three parts of one length: the log-probabilities by the glyph network and by the line
    network, those below minus `params.lowest` cut off, and the blurred picture.
    """
    likely = [
        np.maximum(each[runs] + np.float32(params.lowest), 0) for each in (lattice.scores, lattice.evidence)
    ]
    blurred = _blurring(lattice.glyphs.shape[1], params.blur)
    pictures = blurred @ lattice.glyphs[runs].astype(np.float32) @ blurred.T
    parts = *likely, pictures.reshape(len(runs), -1)
    lengths = [np.maximum(np.linalg.norm(part, axis=1, keepdims=True), LEAST) for part in parts]
    thirds = [part / length for part, length in zip(parts, lengths, strict=True)]
    return np.hstack(thirds) * np.float32(3**-0.5)


@lru_cache(maxsize=4)
def _blurring(side: int, sigma: float) -> Floats:
    """Return the matrix (side / 2, side) that blurs columns of that many pixels and takes every other one."""
    places = np.arange(side)
    kernel = np.exp(-0.5 * ((places[::2, None] + 0.5 - places) / sigma) ** 2)
    return np.asarray(kernel / kernel.sum(axis=1, keepdims=True), np.float32)
