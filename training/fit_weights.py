"""Fits the weights of the decoder on real lines with known text, with equal weight for every set.

Every line is read once; the candidates of its letters, with what both networks say of them, are kept. For
other weights, only decoding and the passes are done again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import log
from operator import attrgetter
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rapidfuzz.distance import Levenshtein

from nn.errors import DataError
from nn.training.left_out import LEFT_OUT
from ocr.reader import Reader
from ocr.recognition.lattice import Decoder, Lattice
from ocr.recognition.passes.words import words_read
from ocr.recognition.recognizer import Recognizer
from ocr.recognition.ways import read_best
from ocr.recognition.weights import BUNDLED, Weights, load_weights
from pipelines.errors import PictureError
from pipelines.pipeline import Pipeline
from pipelines.sources.load import load
from training.lines import labelled, plain_text
from training.options import Out, Seed, progress_bar

FITTED = (
    "class_weight",
    "line_weight",
    "drop_penalty",
    "kind_weight",
    "language_model_weight",
    "language_model_floor",
    "letter_bonus",
    "known_word_bonus",
    "line_case_penalty",
    "gaps.white_weight",
    "gaps.word_weight",
    "gaps.unknown_word_penalty",
    "gaps.length_penalty",
    "gaps.most_usual",
    "gaps.closed_penalty",
    "gaps.apart_bonus",
)
"""The weights that are fitted; the limits of the search and the shapes of marks are not."""
STEPS = (1.5, 1.2)
"""Factors by which a weight is changed, one round of all weights for each."""
LEAST_GAIN = 5e-4
"""Least relative gain for which a weight is changed."""
HELD_OUT = 3
"""One in this many lines tells whether what was fitted on the others holds."""


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """The candidates of a line, and its text.

    Attributes
    ----------
    lattice : Lattice
        Before the passes. None where nothing was read.
    pipeline : Pipeline
    is_spelled : bool
        Whether the line network has located its letters.
    text : str
    left_out : str
        What the text leaves out, one of `nn.training.left_out.LEFT_OUT`.
    """

    lattice: Lattice | None
    pipeline: Pipeline
    is_spelled: bool
    text: str
    left_out: str

    def errors(self, recognizer: Recognizer) -> int:
        """Return the edit distance of what is read to the text."""
        read = "" if self.lattice is None else self._read(self.lattice, recognizer)
        return Levenshtein.distance(compared(read, self.left_out), compared(self.text, self.left_out))

    def _read(self, lattice: Lattice, recognizer: Recognizer) -> str:
        decoder = recognizer.spelling_decoder if self.is_spelled else recognizer.decoder
        readings = decoder(lattice.runs, lattice.scores, lattice.evidence, lattice.words)
        found = recognizer.revised(replace(lattice, readings=tuple(readings)), self.pipeline, decoder)
        return " ".join(words_read(found, decoder.classes)[0])


@dataclass(frozen=True, slots=True, eq=False)
class Recorder(Recognizer):
    """A recognizer that remembers the lattices that the passes are applied to."""

    seen_before: list[tuple[Lattice, Lattice, Pipeline, bool]] = field(default_factory=list)

    def revised(self, lattice: Lattice, pipeline: Pipeline, decoder: Decoder) -> Lattice:
        """Apply the passes, and remember the lattice as it was before."""
        found = Recognizer.revised(self, lattice, pipeline, decoder)
        self.seen_before.append((found, lattice, pipeline, decoder is not self.decoder))
        return found


@dataclass(frozen=True, slots=True)
class LineSet:
    """A set of lines to fit on.

    Attributes
    ----------
    folder : Path
    pipeline, language : str
        As for `ocr.ReadOptions`.
    left_out : str
    """

    folder: Path
    pipeline: str = "line"
    language: str = "en"
    left_out: str = ""

    @classmethod
    def of(cls, text: str) -> LineSet:
        """Build from ``FOLDER,PIPELINE,LANGUAGE,LEFT_OUT``, of which all but the first may be missing."""
        folder, *rest = text.split(",")
        found = cls(Path(folder), *rest)
        if found.left_out not in LEFT_OUT:
            raise DataError(
                f"--lines {text!r}: {found.left_out!r} must be one of {', '.join(map(repr, LEFT_OUT))}"
            )
        return found


def compared(text: str, left_out: str) -> str:
    """Return a text as it is compared: without what the text of the picture leaves out.

    Examples
    --------
    >>> compared("No. 5", "case and marks")
    'no5'
    """
    text = plain_text(text)
    text = text.lower() if "case" in left_out else text
    return re.sub(r"[^0-9A-Za-z]", "", text) if "marks" in left_out else text


def read_lines(wanted: LineSet, reader: Reader, count: int, rng: np.random.Generator) -> Iterator[Line]:
    """Read some of a set's lines."""
    known = reader.recognizer
    pairs = list(labelled(wanted.folder))
    for k in rng.permutation(len(pairs))[:count]:
        path, text = pairs[k]
        try:
            [picture] = load(path)
        except PictureError:
            continue
        recorder = Recorder(
            known.classifier, known.line_reader, known.alphabet, known.decoder, known.params, known.regions
        )
        found = read_best(reader.pipeline, picture.pixels, recorder)
        made = next((each for each in recorder.seen_before if each[0] is found), None)
        if made is None:
            yield Line(None, reader.pipeline, False, text, wanted.left_out)
        else:
            yield Line(made[1], made[2], made[3], text, wanted.left_out)


def value(weights: Weights, name: str) -> float:
    """Return a weight by its name, such as ``gaps.word_weight``."""
    return float(attrgetter(name)(weights))


def with_value(weights: Weights, name: str, changed: float) -> Weights:
    """Return the weights with another value for one of them."""
    group, _, last = name.rpartition(".")
    changes: dict[str, Any] = {last: changed}
    if group:
        changes = {group: replace(getattr(weights, group), **changes)}
    return replace(weights, **changes)


def loss_of(errors: Sequence[Sequence[int]], base: Sequence[Sequence[int]]) -> float:
    """Return the mean over all sets of the log of the errors, relative to those at first."""
    return sum(
        log((sum(some) + 1) / (sum(first) + 1)) for some, first in zip(errors, base, strict=True)
    ) / len(base)


def fit(
    start: Weights,
    errors_of: Callable[[Weights], list[list[int]]],
    told: Callable[[str], object] = print,
    names: Sequence[str] = FITTED,
) -> Weights:
    """Change one weight after another as long as that reduces the errors on the lines (coordinate descent).

    Parameters
    ----------
    start : Weights
    errors_of : callable
        Returns the errors of each line of each set with some weights.
    told : callable
        Called with a line of text for each weight that is changed.
    names : sequence of str
        The weights to fit.
    """
    first = errors_of(start)
    best, least = start, 0.0
    for step in STEPS:
        for name in names:
            for factor in (step, 1 / step):
                moved = False
                while True:
                    tried = with_value(best, name, value(best, name) * factor)
                    loss = loss_of(errors_of(tried), first)
                    if loss >= least - LEAST_GAIN:
                        break
                    best, least, moved = tried, loss, True
                    told(f"{name} {value(best, name):.3g}: errors {np.expm1(least):+.2%}")
                if moved:
                    break
    return best


def fit_weights_command(
    sets: Annotated[
        list[str],
        typer.Option(
            "--lines",
            metavar="FOLDER[,PIPELINE[,LANGUAGE[,LEFT_OUT]]]",
            help="Real lines and their texts, such as lines/plates,word,none,marks; may be given again.",
        ),
    ],
    out: Out,
    count: Annotated[int, typer.Option(min=1, help="How many lines of each set to read.")] = 150,
    seed: Seed = 0,
) -> None:
    """Fit the weights of the decoder on lines that the line network was not trained on."""
    rng = np.random.default_rng(seed)
    wanted = [LineSet.of(text) for text in sets]
    readers = [Reader(pipeline=each.pipeline, language=each.language) for each in wanted]
    with progress_bar() as progress:
        lines = [
            list(
                progress.track(
                    read_lines(each, reader, count, rng), total=count, description=each.folder.name
                )
            )
            for each, reader in zip(wanted, readers, strict=True)
        ]

    def errors_of(weights: Weights, kept: Sequence[Sequence[Line]]) -> list[list[int]]:
        found = []
        for reader, some in zip(readers, kept, strict=True):
            known = reader.recognizer
            recognizer = replace(known, decoder=replace(known.decoder, weights=weights))
            found.append([line.errors(recognizer) for line in some])
        return found

    fitted = [[line for k, line in enumerate(some) if k % HELD_OUT] for some in lines]
    apart = [some[::HELD_OUT] for some in lines]
    start = load_weights()
    best = fit(start, lambda weights: errors_of(weights, fitted))
    for title, kept in (("fitted on", fitted), ("held out", apart)):
        before, after = errors_of(start, kept), errors_of(best, kept)
        told = ", ".join(
            f"{each.folder.name} {sum(a)} -> {sum(b)}"
            for each, a, b in zip(wanted, before, after, strict=True)
        )
        print(f"{title}: errors {np.expm1(loss_of(after, before)):+.2%} ({told})")
    _write(out, best)


def _write(path: Path, weights: Weights) -> None:
    """Write the weights as the bundled file has them, with the same layout."""
    text = BUNDLED.read_text("utf-8")
    for name in FITTED:
        last = name.rpartition(".")[2]
        text = re.sub(rf'("{last}": )[-0-9.e]+', rf"\g<1>{value(weights, name):.4g}", text, count=1)
    path.write_text(text, "utf-8")
    print(path)
