"""How much a few letters of a writer bring to the rest of them, and what they cost everyone else.

Run it by hand: ``python -m tests.bench.bench_learn DATA`` or with ``OCR_DATA`` set, DATA being a folder with
``glyphs/hand.npz`` and ``glyphs/emnist_letters_dev.npz``. Writers are the groups of hand.npz that the network
was not trained on and that wrote each character often enough; of each, some letters drawn at random are
learned, all others of theirs are read, and so are all characters of other groups that are held out for tests.

With ``--lines FOLDER``, of ``FORM_NUMBER.png`` and their ``.gt.txt``, letters are cut out of half of one
form's lines, learned, and its other lines and those of all other forms are read (needs rapidfuzz).
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nn.model import Sequential
from ocr.learning.last_layer import LastLayer, take_apart
from ocr.learning.learn import fit, learn, prepare
from ocr.learning.memory import Memory
from ocr.recognition.classify import BUNDLED, load_classifier
from tests.bench.record import record

REST = 40
"""Letters of a writer, at least, that are read after learning."""
ENOUGH = 3
"""How often, on average, a writer must have written each character: else nothing learned comes back."""


@dataclass(frozen=True)
class Letters:
    """Glyphs, the classes of the network that they are, and what the last layer sees of them."""

    images: np.ndarray
    classes: np.ndarray
    seen: np.ndarray
    groups: np.ndarray

    def right(self, matrix: np.ndarray, chosen: np.ndarray) -> float:
        """Return which percentage of the chosen ones is read right."""
        read = (self.seen[chosen] @ matrix).argmax(axis=1)
        return float(100 * np.mean(read == self.classes[chosen]))


def hand(data: Path, split: str, model: Sequential, last: LastLayer) -> Letters:
    """Return one split of hand.npz, less what is doubtful among photos and forms."""
    with np.load(data / "glyphs/hand.npz") as file:
        arrays = {name: file[name] for name in ("images", "labels", "source", "group", "split", "suspect")}
    doubtful = arrays["suspect"] & np.isin(arrays["source"], ("tas62_scans", "mutikara_upper_scans"))
    chosen = (arrays["split"] == split) & ~doubtful & np.isin(arrays["labels"], model.classes)
    images, labels = arrays["images"][chosen], arrays["labels"][chosen]
    groups = np.char.add(np.char.add(arrays["source"], "/"), arrays["group"])[chosen]
    places = {c: k for k, c in enumerate(model.classes)}
    classes = np.array([places[label] for label in labels.tolist()])
    return Letters(images, classes, last.inputs(last.features(images)), groups)


def writers(letters: Letters, taught: int) -> Iterator[tuple[str, np.ndarray]]:
    """Yield the groups with enough letters to learn `taught` of them, and where these are."""
    for group in np.unique(letters.groups):
        places = np.flatnonzero(letters.groups == group)
        kinds = len(np.unique(letters.classes[places]))
        if len(places) >= max(taught + REST, ENOUGH * kinds):
            yield str(group), places


class Emnist:
    """Genuine EMNIST letters, of either case, told apart from other letters alone."""

    def __init__(self, data: Path, model: Sequential, last: LastLayer) -> None:
        with np.load(data / "glyphs/emnist_letters_dev.npz") as file:
            images, self.labels = file["images"], file["labels"]
        self.seen = last.inputs(last.features(images))
        self.letters = np.array([k for k, c in enumerate(model.classes) if c.isascii() and c.isalpha()])
        self.numbers = np.array([ord(model.classes[k].lower()) - ord("a") + 1 for k in self.letters])

    def right(self, matrix: np.ndarray) -> float:
        """Return which percentage is read right."""
        read = (self.seen @ matrix)[:, self.letters].argmax(axis=1)
        return float(100 * np.mean(self.numbers[read] == self.labels))


def measure_letters(data: Path, path: Path, sizes: list[int], draws: int) -> dict[str, dict[str, float]]:
    """Print what learning so many letters brings, writer by writer and on average; return the averages."""
    means = {}
    model = Sequential.load(path)
    last, memory = take_apart(model), Memory.from_table(model.settings["memory"])
    tests, vals = (hand(data, split, model, last) for split in ("test", "val"))
    emnist = Emnist(data, model, last)
    for taught in sizes:
        rows, seconds = [], []
        print(f"\n{taught} letters: before, after, change, change for others, change for EMNIST (each in %)")
        for letters in (tests, vals):
            for name, places in writers(letters, taught):
                others = tests.groups != name
                for draw in range(draws):
                    order = np.random.default_rng(draw).permutation(places)
                    some, rest = order[:taught], order[taught:]
                    started = time.process_time()
                    lesson = prepare(model, memory, letters.images[some], letters.classes[some], _say_nothing)
                    matrix = fit(lesson, np.arange(taught))
                    seconds.append(time.process_time() - started)
                    before, after = letters.right(last.matrix, rest), letters.right(matrix, rest)
                    general = tests.right(matrix, others) - tests.right(last.matrix, others)
                    genuine = emnist.right(matrix) - emnist.right(last.matrix)
                    rows.append((before, after, after - before, general, genuine))
                    print(f"{name[-30:]:<30}", "".join(f"{value:8.2f}" for value in rows[-1]), flush=True)
        print(summary(np.array(rows), f"{taught} letters, {np.mean(seconds):.1f} s of processor time"))
        names = ("before, %", "after, %", "change", "change for others", "change for EMNIST")
        averages = np.mean(rows, axis=0).tolist()
        means[f"{taught} letters"] = dict(zip(names, averages, strict=True))
    return means


def summary(rows: np.ndarray, head: str) -> str:
    """Return the mean of all runs, how far they are spread, and the worst of each."""
    lines = [f"{head}, {len(rows)} runs"]
    for name, value in (
        ("mean", rows.mean(axis=0)),
        ("std. dev.", rows.std(axis=0)),
        ("lowest", rows.min(axis=0)),
    ):
        lines.append(f"{name:<30}" + " " + "".join(f"{number:8.2f}" for number in value))
    lines.append(f"{100 * np.mean(rows[:, 2] < 0):.0f} % of the runs made the writer's own letters worse")
    return "\n".join(lines)


def measure_lines(folder: Path, path: Path, taught: int) -> None:
    """Print the characters wrong, in %, of a form's other lines and of others', before and after."""
    forms: dict[str, list[Path]] = {}
    for picture in sorted(folder.glob("*.png")):
        forms.setdefault(picture.stem.split("_")[0], []).append(picture)
    every = [picture for pictures in forms.values() for picture in pictures]
    base = errors_of(every, path)
    print(f"\n{taught} letters out of lines: own lines before, after; others' lines before, after")
    rows = []
    with tempfile.TemporaryDirectory() as place:
        for name, pictures in forms.items():
            images, labels = cut_out(pictures[::2], path)
            some = np.random.default_rng(0).permutation(len(labels))[:taught]
            mine = Path(place) / f"{name}.safetensors"
            learn(images[some], [labels[k] for k in some], base=path, out=mine)
            now = errors_of([p for p in every if p not in pictures[::2]], mine)
            own = pictures[1::2]
            others = [p for p in every if p not in pictures]
            rows.append([100 * rate(part, which) for part in (own, others) for which in (base, now)])
            print(f"{name:<30}", "".join(f"{value:8.2f}" for value in rows[-1]), flush=True)
    print(f"{'mean':<30}", "".join(f"{value:8.2f}" for value in np.mean(rows, axis=0)))


def cut_out(pictures: list[Path], path: Path) -> tuple[np.ndarray, list[str]]:
    """Return the letters of lines whose text is known, as `training.align` finds them."""
    from training.align import harvest

    with tempfile.TemporaryDirectory() as place:
        for picture in pictures:
            for file in (picture, picture.with_suffix(".gt.txt")):
                shutil.copy(file, place)
        found = list(harvest([Path(place)], load_classifier(path), np.random.default_rng(0)))
    labels = [str(label) for part in found for label in part.labels]
    images = np.concatenate([part.images for part in found])
    chosen = [k for k, label in enumerate(labels) if label]
    return images[chosen], [labels[k] for k in chosen]


def errors_of(pictures: list[Path], path: Path) -> dict[Path, tuple[int, int]]:
    """Return the edits and the characters of each line."""
    from rapidfuzz.distance import Levenshtein

    import ocr

    reader, found = ocr.Reader(model=path, pipeline="line"), {}
    for picture in pictures:
        text = " ".join(picture.with_suffix(".gt.txt").read_text(encoding="utf-8").split())
        read = " ".join(reader.read(picture).text.split())
        found[picture] = Levenshtein.distance(text, read), len(text)
    return found


def rate(pictures: list[Path], errors: dict[Path, tuple[int, int]]) -> float:
    """Return the edits over the characters of some lines."""
    edits, characters = np.sum([errors[picture] for picture in pictures], axis=0)
    return float(edits / characters)


def _say_nothing(done: float, what: str) -> None:
    pass


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", nargs="?", type=Path, default=os.environ.get("OCR_DATA"))
    parser.add_argument("--model", type=Path, default=BUNDLED)
    parser.add_argument("--letters", type=int, nargs="*", default=[5, 20, 100], help="so many are learned")
    parser.add_argument("--draws", type=int, default=2, help="how often they are drawn anew")
    parser.add_argument("--lines", type=Path)
    arguments = parser.parse_args()
    if arguments.data is None and arguments.lines is None:
        parser.error("give DATA or set OCR_DATA")
    if arguments.data is not None and arguments.letters:
        found = measure_letters(Path(arguments.data), arguments.model, arguments.letters, arguments.draws)
        record("learn", found)
    if arguments.lines is not None:
        measure_lines(arguments.lines, arguments.model, 20)


if __name__ == "__main__":
    main()
