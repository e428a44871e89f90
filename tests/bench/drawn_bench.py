"""A benchmark of drawn pictures: its options, the drawing, the table, and the pictures that it keeps."""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from tests.bench.drawn_scores import (
    ALL,
    OURS,
    Drawing,
    Fault,
    Measure,
    Scores,
    installed,
    mean_of_kinds,
    measured,
)
from tests.bench.drawn_sheet import Chance, Families, Sheet, families
from tests.bench.record import record

MEAN = "mean of kinds"


@dataclass(frozen=True)
class Bench:
    """A benchmark that draws pictures of some kinds, and reads them.

    Parameters
    ----------
    name : str
        That of the file in which the figures are kept.
    pictures : str
        What the pictures are called: also the option that says how many are drawn.
    count : int
        How many are drawn if none says otherwise.
    kinds : mapping
        What draws a kind, by its name.
    spoil : callable
        Makes a clean picture look as if it was taken with a camera, and tells what was done to it.
    measure : callable
        Counts what is wrong.
    letters : str
        What that counts.
    layouts : tuple of int
        The page segmentation modes of Tesseract. The one that reads a picture better counts.
    """

    name: str
    pictures: str
    count: int
    kinds: Mapping[str, Callable[[Chance], Sheet]]
    spoil: Callable[[Image.Image, Chance], tuple[Image.Image, str]]
    measure: Measure
    letters: str
    layouts: tuple[int, ...]

    def run(self, description: str | None) -> None:
        """Draw, read, print and record as the command line says; the description is for ``--help``."""
        options = self._options((description or "").split("\n")[0])
        scores, faults = measured(self._drawn(options), installed(self.layouts), self.measure)
        show(scores, self.pictures)
        if options.worst:
            keep(faults, options.worst)
        figures = {
            self.pictures: options.count,
            "seed": options.seed,
            "kinds": options.kinds,
            "clean": options.clean,
            f"{self.letters} wrong, %": {name: kinds[ALL].wrong for name, kinds in scores.items()},
            f"{self.letters} wrong, {MEAN}, %": {
                name: mean_of_kinds(kinds) for name, kinds in scores.items()
            },
            "F1 of words, %": {name: kinds[ALL].f1 for name, kinds in scores.items()},
            "seconds": scores[OURS][ALL].pace,
        }
        record(self.name, figures)

    def _options(self, description: str) -> argparse.Namespace:
        parser = argparse.ArgumentParser(description=description)
        add = parser.add_argument
        add("--hand", type=Path, required=True, help="a folder of faces of handwriting")
        add("--print", type=Path, required=True, dest="printed", help="a folder of faces of print")
        add(f"--{self.pictures}", type=int, default=self.count, dest="count", help="how many to draw")
        add("--seed", type=int, default=1)
        add("--kinds", default=",".join(self.kinds), help="names with commas between; else all")
        add("--clean", action="store_true", help="no blur, noise, JPEG or the like")
        add("--worst", type=Path, help=f"a folder for the {self.pictures} with faults")
        options = parser.parse_args()
        options.kinds = [kind.strip() for kind in options.kinds.split(",")]
        unknown = sorted(set(options.kinds) - set(self.kinds))
        if unknown:
            parser.error(f"no such kinds: {', '.join(unknown)}; there are {', '.join(self.kinds)}")
        for folder in (options.hand, options.printed):
            if not families(folder):
                parser.error(f"no faces with Latin letters in {folder}")
        return options

    def _drawn(self, options: argparse.Namespace) -> Iterator[Drawing]:
        """Draw the pictures, the kinds by turns, each when it is needed."""
        faces = faces_of(options.hand, options.printed)
        for index in range(options.count):
            number, place = divmod(index, len(options.kinds))
            kind = options.kinds[place]
            chance = Chance(random.Random(f"{options.seed} {kind} {number}"), faces)
            sheet = self.kinds[kind](chance)
            picture = sheet.picture
            picture, degradation = (picture, "") if options.clean else self.spoil(picture, chance)
            yield Drawing(kind, number, picture, "\n".join(sheet.lines), degradation)


def faces_of(hand: Path, printed: Path) -> dict[str, Families]:
    """Return the families of each style; without any of ``mono``, those of print stand for them."""
    faces = {"hand": families(hand), "print": families(printed)}
    mono = [[path for path in family if "mono" in str(path).lower()] for family in faces["print"]]
    return {**faces, "mono": [family for family in mono if family] or faces["print"]}


def show(scores: Scores, pictures: str) -> None:
    """Print a table: the kinds read worst first, then all of them, then the mean of the kinds."""
    ours = scores[OURS]
    heads = [f"{name}, wrong % | {name}, F1 %" for name in scores]
    print(f"| kind | {pictures} | seconds | {' | '.join(heads)} |")
    print("|---|" + "---:|" * (2 + 2 * len(scores)))
    for kind in sorted(ours, key=lambda kind: (kind == ALL, -ours[kind].wrong)):
        cells = [f"{by_kind[kind].wrong:.2f} | {by_kind[kind].f1:.1f}" for by_kind in scores.values()]
        print(f"| {kind} | {ours[kind].pictures} | {ours[kind].pace:.2f} | {' | '.join(cells)} |")
    means = [f"{mean_of_kinds(by_kind):.2f} | " for by_kind in scores.values()]
    print(f"| {MEAN} | | | {' | '.join(means)} |")


def keep(faults: list[Fault], folder: Path) -> None:
    """Write the pictures with faults, and ``worst.txt``: what is on each and what was read."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "worst.txt").open("w", encoding="utf-8") as file:
        for fault in faults:
            drawing = fault.drawing
            name = f"{drawing.kind}_{drawing.number}.png"
            drawing.picture.save(folder / name)
            told = drawing.degradation or "clean"
            file.write(f"==== {name}: {fault.edits} wrong, {100 * fault.share:.0f}%, {told}\n")
            file.write(f"{drawing.text}\n---- read as\n{fault.found}\n")
