"""The report as a table for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ocr.evaluation.calibration import reliability_of
from ocr.evaluation.evaluate import SetResult, Tallies, add_up
from ocr.evaluation.tally import Sureness
from pipelines.errors import shown

KS = (1, 2, 5)
"""The k for which top-k accuracy is given."""
OVERALL = "overall"
HEADS = ("pictures", "CER", "no case", "alnum", "WER", *(f"top-{k}" for k in KS), "ECE", "words", "s")
"""Heads of the columns that `cells` returns."""
LEGEND = (
    "All in percent. CER: character errors, as written, without case, and of letters and digits alone.\n"
    "WER: word errors. top-K: the right character is among the first K. ECE: calibration error of letters\n"
    "and of words. s: median seconds a picture."
)


def rows_of(sets: Sequence[SetResult]) -> Iterator[tuple[str, str, int, Tallies, float | None]]:
    """Yield (set, reader, pictures, tallies, seconds) for every set and reader, and last for all sets."""
    for one in sets:
        for number, (reader, tallies) in enumerate(one.tallies.items()):
            yield one.name, reader, len(one.results), tallies, None if number else one.seconds
    if len(sets) > 1:
        total = sum(len(one.results) for one in sets)
        for reader, tallies in add_up(one.tallies for one in sets).items():
            yield OVERALL, reader, total, tallies, None


def cells(pictures: int, tallies: Tallies, seconds: float | None) -> list[str]:
    """Return a row's numbers as text; a dash where a number is missing."""
    exact = tallies["exact"]
    errors = [*(tallies[view].cer for view in ("exact", "no_case", "alnum")), exact.wer]
    return [
        str(pictures),
        *(_percent(value) for value in (*errors, *(exact.top(k) for k in KS))),
        *(_percent(calibration_error(said)) for said in (exact.of_letters, exact.of_words)),
        "-" if seconds is None else f"{seconds:.3f}",
    ]


def calibration_error(said: Sureness) -> float | None:
    """Return the expected calibration error; None without confidences."""
    return reliability_of(said).error if len(said.sure) else None


def render_table(sets: Sequence[SetResult]) -> str:
    """Return a line for each set and reader, with heads and their explanation."""
    rows = [["set", "reader", *HEADS]]
    rows += [
        [shown(name), shown(reader), *cells(pictures, tallies, seconds)]
        for name, reader, pictures, tallies, seconds in rows_of(sets)
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(
            cell.ljust(width) if place < 2 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    return "\n".join([*lines, "", LEGEND, ""])


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f}"
