"""What benchmarks of drawn pictures measure: how much of the text on them each reader gets wrong."""

from __future__ import annotations

import shutil
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

import numpy as np
from PIL import Image
from rapidfuzz.distance import Levenshtein

import ocr
from tests.bench.bench_drawn import by_tesseract

OURS = "ours"
ALL = "all"

Readers: TypeAlias = Mapping[str, Sequence[Callable[[Image.Image], str]]]
"""The ways to read a picture by the name of the reader. Of several ways the better one counts."""
Measure: TypeAlias = Callable[[str, str], tuple[int, int]]
"""Takes what was meant and what was found; returns how many letters are wrong, and of how many."""


@dataclass(frozen=True)
class Drawing:
    """A drawn picture with text.

    Parameters
    ----------
    kind : str
        What it shows.
    number : int
        Which of its kind it is.
    picture : PIL.Image.Image
        How it looks.
    text : str
        What is on it.
    degradation : str
        What was done to the picture; empty for a clean one.
    """

    kind: str
    number: int
    picture: Image.Image
    text: str
    degradation: str = ""


@dataclass
class Score:
    """How much was read well."""

    pictures: int = 0
    letters: int = 0
    edits: int = 0
    shared: int = 0
    words: int = 0
    seconds: float = 0

    def add(self, meant: str, found: str, measure: Measure, seconds: float) -> None:
        """Count a picture."""
        edits, letters = measure(meant, found)
        meant_words, found_words = Counter(meant.split()), Counter(found.split())
        self.pictures += 1
        self.letters += letters
        self.edits += edits
        self.shared += (meant_words & found_words).total()
        self.words += meant_words.total() + found_words.total()
        self.seconds += seconds

    @property
    def wrong(self) -> float:
        """Per cent of the letters."""
        return round(100 * self.edits / max(1, self.letters), 2)

    @property
    def f1(self) -> float:
        """Of words whose order does not matter, in per cent."""
        return round(200 * self.shared / max(1, self.words), 1)

    @property
    def pace(self) -> float:
        """Seconds for a picture."""
        return round(self.seconds / max(1, self.pictures), 2)


@dataclass(frozen=True)
class Fault:
    """A picture that was not read as it is, and how it was read."""

    drawing: Drawing
    found: str
    edits: int
    letters: int

    @property
    def share(self) -> float:
        """Letters that are wrong, beside those on the picture."""
        return self.edits / max(1, self.letters)


Scores: TypeAlias = dict[str, dict[str, Score]]
"""By reader, then by kind."""


def characters(meant: str, found: str) -> tuple[int, int]:
    """Return how many characters are wrong, and how many are meant, with spaces and punctuation."""
    return Levenshtein.distance(meant, found), len(meant)


def letters_and_digits(meant: str, found: str) -> tuple[int, int]:
    """Return how many letters and digits are wrong, and how many are meant; never more than all."""
    meant, found = ("".join(filter(str.isalnum, text)) for text in (meant, found))
    return min(len(meant), Levenshtein.distance(meant, found)), len(meant)


def installed(layouts: Sequence[int]) -> Readers:
    """Return what can read here.

    Parameters
    ----------
    layouts : sequence of int
        The page segmentation modes of Tesseract, if that is installed.

    Returns
    -------
    mapping
        The ways to read, by the name of the reader.
    """
    reader = ocr.Reader()
    readers: dict[str, Sequence[Callable[[Image.Image], str]]] = {
        OURS: [lambda picture: reader.read(np.asarray(picture)).text]
    }
    if shutil.which("tesseract"):
        readers["tesseract"] = [partial(by_tesseract, layout=layout) for layout in layouts]
    return readers


def measured(drawings: Iterable[Drawing], readers: Readers, measure: Measure) -> tuple[Scores, list[Fault]]:
    """Read all pictures with all readers.

    Parameters
    ----------
    drawings : iterable of Drawing
        What is read.
    readers : mapping
        What reads it, by name.
    measure : callable
        Counts what is wrong.

    Returns
    -------
    scores : dict
        By reader, then by kind; ``ALL`` is all kinds together.
    faults : list of Fault
        What we did not read as it is, the worst first.
    """
    scores: Scores = {name: defaultdict(Score) for name in readers}
    faults = []
    for drawing in drawings:
        meant = " ".join(drawing.text.split())
        for name, ways in readers.items():
            start = time.perf_counter()
            texts = [way(drawing.picture) for way in ways]
            seconds = time.perf_counter() - start
            text = min(texts, key=lambda text: measure(meant, " ".join(text.split())))
            found = " ".join(text.split())
            for kind in (drawing.kind, ALL):
                scores[name][kind].add(meant, found, measure, seconds)
            edits, letters = measure(meant, found)
            if name == OURS and edits:
                faults.append(Fault(drawing, text, edits, letters))
    return scores, sorted(faults, key=lambda fault: -fault.share)


def mean_of_kinds(by_kind: Mapping[str, Score]) -> float:
    """Return the mean of what is wrong in each kind, in per cent: all kinds count alike."""
    kinds = [score.wrong for kind, score in by_kind.items() if kind != ALL]
    return round(sum(kinds) / max(1, len(kinds)), 2)
