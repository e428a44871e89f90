"""A Markdown table within a file: rows are inserted, and the rest of the file is kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nn.files import replacing

BEGIN, END = "<!-- table of nn compare -->", "<!-- end of the table -->"

Row = tuple[str, ...]


def read_rows(file: Path, head: Sequence[str]) -> list[Row]:
    """Return the rows of the table in `file`, none if there is no such file.

    Raises
    ------
    FileExistsError
        If there is a file without a place for the table, so that it is not overwritten.
    """
    if not file.exists():
        return []
    _, table, _ = _parts(file)
    rows = [_cells(line) for line in table.splitlines() if line.startswith("|")][2:]
    if any(len(row) != len(head) for row in rows):
        raise FileExistsError(f"{file}: its table has other columns than {', '.join(head)}")
    return rows


def put_row(rows: list[Row], row: Row) -> list[Row]:
    """Return `rows` with `row`, replacing the one with the same first two cells, or next to similar ones.

    A row that is new comes after the last one with its first cell, or where that cell belongs by its order.
    """
    places = [place for place, other in enumerate(rows) if other[:2] == row[:2]]
    if places:
        return [*rows[: places[0]], row, *rows[places[0] + 1 :]]
    alike = [place for place, other in enumerate(rows) if other[0] == row[0]]
    larger = [place for place, other in enumerate(rows) if other[0] > row[0]]
    place = alike[-1] + 1 if alike else larger[0] if larger else len(rows)
    return [*rows[:place], row, *rows[place:]]


def write_rows(file: Path, head: Sequence[str], rows: Sequence[Row]) -> None:
    """Write the table into `file`, between `BEGIN` and `END`; a new file holds nothing else."""
    before, _, after = _parts(file) if file.exists() else ("", "", "\n")
    sides = ["---:" if name in NUMBERS else "---" for name in head]
    lines = [BEGIN, _line(head), f"|{'|'.join(sides)}|", *map(_line, rows), END]
    with replacing(file) as temporary:
        temporary.write_text(before + "\n".join(lines) + after, "utf-8")


NUMBERS = {"parameters", "epochs", "train", "validation", "test", "EMNIST letters", "seconds", "reported"}
"""Columns that are flush right."""


def _parts(file: Path) -> tuple[str, str, str]:
    """Return what is before the table in `file`, the table, and what is after it."""
    before, begin, rest = file.read_text("utf-8").partition(BEGIN)
    table, end, after = rest.partition(END)
    if not begin or not end:
        raise FileExistsError(
            f"{file}: is there already, and has no place for the table; "
            f"put the lines {BEGIN} and {END} into it"
        )
    return before, table, after


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _cells(line: str) -> Row:
    cells = line.strip().strip("|").replace("\\|", "\0").split("|")
    return tuple(cell.strip().replace("\0", "|") for cell in cells)
