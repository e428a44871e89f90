"""How well whole drawn pages of many kinds are read, in the faces of folders, with no pipeline named.

Run by hand: ``python -m tests.bench.bench_drawn_pages --hand FOLDER --print FOLDER --pages 210``. The
folders hold faces (``.ttf``, ``.otf``, ``.woff2``) of handwriting and of print, and folders of these; faces
with ``mono`` in their path are also those of receipts. A table shows for each kind of page the share of
characters that are wrong and the F1 of words, beside Tesseract's if it is installed. ``--kinds`` chooses
kinds by name, ``--clean`` leaves out uneven light, blur, noise and JPEG, and ``--worst`` takes a folder in
which the pages with faults are kept, and a text that tells what was read, the worst first.

The same seed draws the same pages of a kind, whichever others are drawn. To choose anything by them, draw
with one seed, and judge it with another.
"""

from __future__ import annotations

import argparse
import random
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeAlias

import numpy as np
from PIL import Image
from rapidfuzz.distance import Levenshtein

import ocr
from tests.bench.bench_drawn import by_tesseract
from tests.bench.drawn_pages import KINDS, degraded
from tests.bench.drawn_sheet import Chance, Families, families
from tests.bench.record import record

OURS = "ours"
ALL = "all"

Readers: TypeAlias = Mapping[str, Callable[[Image.Image], str]]


@dataclass(frozen=True)
class Page:
    """A drawn page.

    Parameters
    ----------
    kind : str
        One of ``KINDS``.
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

    pages: int = 0
    letters: int = 0
    edits: int = 0
    shared: int = 0
    words: int = 0

    def add(self, meant: str, found: str) -> int:
        """Count a page, and return how many characters are wrong on it."""
        edits = Levenshtein.distance(meant, found)
        meant_words, found_words = Counter(meant.split()), Counter(found.split())
        self.pages += 1
        self.letters += len(meant)
        self.edits += edits
        self.shared += (meant_words & found_words).total()
        self.words += meant_words.total() + found_words.total()
        return edits

    @property
    def wrong(self) -> float:
        """Per cent of the characters."""
        return round(100 * self.edits / max(1, self.letters), 2)

    @property
    def f1(self) -> float:
        """Of words whose order does not matter, in per cent."""
        return round(200 * self.shared / max(1, self.words), 1)


@dataclass(frozen=True)
class Fault:
    """A page that was not read as it is, and how it was read."""

    page: Page
    found: str
    edits: int

    @property
    def share(self) -> float:
        """Characters that are wrong, beside those on the page."""
        return self.edits / max(1, len(self.page.text))


Scores: TypeAlias = dict[str, dict[str, Score]]
"""By reader, then by kind."""


def faces_of(hand: Path, printed: Path) -> dict[str, Families]:
    """Return the families of each style; without any of ``mono``, those of print stand for them."""
    faces = {"hand": families(hand), "print": families(printed)}
    mono = [[path for path in family if "mono" in str(path).lower()] for family in faces["print"]]
    return {**faces, "mono": [family for family in mono if family] or faces["print"]}


def drawn(
    count: int, seed: int, kinds: list[str], faces: Mapping[str, Families], clean: bool
) -> Iterator[Page]:
    """Draw pages, the kinds by turns.

    Parameters
    ----------
    count : int
        How many.
    seed : int
        Together with the kind and the number of a page it decides how that looks.
    kinds : list of str
        Some of ``KINDS``.
    faces : mapping
        The families of each style.
    clean : bool
        Leave the pictures as they were drawn.

    Yields
    ------
    Page
        Each when it is needed.
    """
    for index in range(count):
        number, place = divmod(index, len(kinds))
        kind = kinds[place]
        chance = Chance(random.Random(f"{seed} {kind} {number}"), faces)
        sheet = KINDS[kind](chance)
        picture, degradation = (sheet.picture, "") if clean else degraded(sheet.picture, chance)
        yield Page(kind, number, picture, "\n".join(sheet.lines), degradation)


def installed() -> Readers:
    """Return what can read here, by name."""
    reader = ocr.Reader()
    readers = {OURS: lambda picture: reader.read(np.asarray(picture)).text}
    if shutil.which("tesseract"):
        readers["tesseract"] = partial(by_tesseract, layout=3)
    return readers


def measured(pages: Iterator[Page], readers: Readers) -> tuple[Scores, list[Fault]]:
    """Read all pages with all readers.

    Parameters
    ----------
    pages : iterator of Page
        What is read.
    readers : mapping
        What reads it, by name.

    Returns
    -------
    scores : dict
        By reader, then by kind; ``ALL`` is all kinds together.
    faults : list of Fault
        What we did not read as it is, the worst first.
    """
    scores: Scores = {name: defaultdict(Score) for name in readers}
    faults = []
    for page in pages:
        meant = " ".join(page.text.split())
        for name, read in readers.items():
            text = read(page.picture)
            found = " ".join(text.split())
            edits = scores[name][page.kind].add(meant, found)
            scores[name][ALL].add(meant, found)
            if name == OURS and edits:
                faults.append(Fault(page, text, edits))
    return scores, sorted(faults, key=lambda fault: -fault.share)


def show(scores: Scores) -> None:
    """Print a table: the kinds read worst first, and all of them at the end."""
    ours = scores[OURS]
    heads = [f"{name}, wrong % | {name}, F1 %" for name in scores]
    print(f"| kind | pages | {' | '.join(heads)} |")
    print("|---|" + "---:|" * (1 + 2 * len(scores)))
    for kind in sorted(ours, key=lambda kind: (kind == ALL, -ours[kind].wrong)):
        cells = [f"{by_kind[kind].wrong:.2f} | {by_kind[kind].f1:.1f}" for by_kind in scores.values()]
        print(f"| {kind} | {ours[kind].pages} | {' | '.join(cells)} |")


def keep(faults: list[Fault], folder: Path) -> None:
    """Write the pictures of pages with faults, and ``worst.txt``: what is on each and what was read."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "worst.txt").open("w", encoding="utf-8") as file:
        for fault in faults:
            page = fault.page
            name = f"{page.kind}_{page.number}.png"
            page.picture.save(folder / name)
            told = page.degradation or "clean"
            file.write(f"==== {name}: {fault.edits} wrong, {100 * fault.share:.0f}%, {told}\n")
            file.write(f"{page.text}\n---- read as\n{fault.found}\n")


def chosen() -> argparse.Namespace:
    """Return what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--hand", type=Path, required=True, help="a folder of faces of handwriting")
    parser.add_argument(
        "--print", type=Path, required=True, dest="printed", help="a folder of faces of print"
    )
    parser.add_argument("--pages", type=int, default=210)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", default=",".join(KINDS), help="names with commas between; else all")
    parser.add_argument("--clean", action="store_true", help="no uneven light, blur, noise or JPEG")
    parser.add_argument("--worst", type=Path, help="a folder for the pages with faults")
    options = parser.parse_args()
    options.kinds = [kind.strip() for kind in options.kinds.split(",")]
    unknown = sorted(set(options.kinds) - set(KINDS))
    if unknown:
        parser.error(f"no such kinds: {', '.join(unknown)}; there are {', '.join(KINDS)}")
    for folder in (options.hand, options.printed):
        if not families(folder):
            parser.error(f"no faces with Latin letters in {folder}")
    return options


def main() -> None:
    """Draw, read, print and record."""
    options = chosen()
    faces = faces_of(options.hand, options.printed)
    pages = drawn(options.pages, options.seed, options.kinds, faces, options.clean)
    scores, faults = measured(pages, installed())
    show(scores)
    if options.worst:
        keep(faults, options.worst)
    figures = {
        "pages": options.pages,
        "seed": options.seed,
        "kinds": options.kinds,
        "clean": options.clean,
        "characters wrong, %": {name: by_kind[ALL].wrong for name, by_kind in scores.items()},
        "F1 of words, %": {name: by_kind[ALL].f1 for name, by_kind in scores.items()},
    }
    record("drawn_pages", figures)


if __name__ == "__main__":
    main()
