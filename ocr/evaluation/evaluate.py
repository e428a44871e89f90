"""Read every picture of some sets, count errors, and keep the worst readings."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ocr.document import Document
from ocr.evaluation.folders import Sample
from ocr.evaluation.tally import Tally, tally_document, tally_text
from ocr.evaluation.views import VIEWS

OURS = "ocr"
"""The name of this reader in reports."""

Tallies = dict[str, Tally]
"""A tally for each view."""


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """The result of one picture.

    Attributes
    ----------
    sample : Sample
    readings : dict of str
        The text read by each reader, ours first.
    tallies : dict of dict of Tally
        For every reader and view.
    seconds : float
        Time of our reading.
    document : Document or None
        Our reading; None if there is none, or if it is not kept.
    """

    sample: Sample
    readings: dict[str, str]
    tallies: dict[str, Tallies]
    seconds: float
    document: Document | None

    @property
    def badness(self) -> tuple[float, int]:
        """The error rate of our reading as written, and its edits: the key for sorting the worst first."""
        tally = self.tallies[OURS]["exact"]
        return tally.cer, tally.edits


@dataclass(frozen=True, slots=True, eq=False)
class SetResult:
    """The result of one set.

    Attributes
    ----------
    name, pipeline : str
    results : tuple of Result
        In the order of the samples, without documents.
    worst : tuple of Result
        Those with errors, the worst first, with documents.
    """

    name: str
    pipeline: str
    results: tuple[Result, ...]
    worst: tuple[Result, ...]

    @property
    def tallies(self) -> dict[str, Tallies]:
        """Sums over all pictures, for every reader and view."""
        return add_up(result.tallies for result in self.results)

    @property
    def seconds(self) -> float:
        """The median time of our readings."""
        return float(np.median([result.seconds for result in self.results]))


def add_up(tallies: Iterable[dict[str, Tallies]]) -> dict[str, Tallies]:
    """Sum the tallies of every reader and view."""
    parts = list(tallies)
    readers = list(dict.fromkeys(reader for part in parts for reader in part))
    return {
        reader: {view: Tally.join(part[reader][view] for part in parts if reader in part) for view in VIEWS}
        for reader in readers
    }


def evaluate(
    name: str,
    samples: Iterable[Sample],
    pipeline: str,
    read: Callable[[Path], Document | None],
    others: Mapping[str, Mapping[str, str]],
    worst: int,
) -> SetResult:
    """Read a set and measure it.

    Parameters
    ----------
    name : str
        Name of the set.
    samples : iterable of Sample
    pipeline : str
        Name of the pipeline, for the report.
    read : function of a path
        Returns None if the picture cannot be read; then the reading counts as empty.
    others : mapping
        The readings of other readers, by name.
    worst : int
        How many of the worst pictures are kept with their documents.
    """
    results: list[Result] = []
    kept: list[Result] = []
    for sample in samples:
        result = _result(sample, read, others)
        results.append(replace(result, document=None))
        if result.tallies[OURS]["exact"].edits:
            kept = sorted([*kept, result], key=lambda one: one.badness, reverse=True)[:worst]
    return SetResult(name, pipeline, tuple(results), tuple(kept))


def _result(
    sample: Sample, read: Callable[[Path], Document | None], others: Mapping[str, Mapping[str, str]]
) -> Result:
    start = time.perf_counter()
    document = read(sample.picture)
    seconds = time.perf_counter() - start
    readings = {OURS: document.text if document is not None else ""}
    readings |= {reader: texts[sample.name] for reader, texts in others.items()}
    tallies = {
        reader: {key: tally_text(sample.reference, text, view) for key, view in VIEWS.items()}
        for reader, text in readings.items()
    }
    if document is not None:
        tallies[OURS] = {key: tally_document(sample.reference, document, view) for key, view in VIEWS.items()}
    return Result(sample, readings, tallies, seconds, document)
