"""Published reports that can be reproduced: their settings and results, and the recipes for them."""

from __future__ import annotations

import re
import shlex
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nn.configure import configure
from nn.errors import ModelError
from nn.recipe import find_recipe, read_recipe
from nn.training.sweep import Version

PAPERS = Path(__file__).parent / "papers"
REPORTED = ("test", "top2", "top5", "train", "parameters", "epochs", "seconds")
"""Reported results of a network: accuracies in percent, "train" during training; and numbers."""


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A network of a report.

    Attributes
    ----------
    name : str
    recipe : str
    set : list of str
        Changes to the recipe (`nn.recipe_keys`).
    reported : dict
        Results by the names in `REPORTED`; and ``about``, a word before the accuracy, such as "over".
    """

    name: str
    recipe: str
    set: list[str] = field(default_factory=list)
    reported: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        unknown = sorted(set(self.reported) - {*REPORTED, "about"})
        if unknown:
            raise ValueError(f"reported: unknown {', '.join(unknown)}")

    @property
    def version(self) -> Version:
        """The recipe with its changes, under the name of its run's folder."""
        name = "-".join([self.recipe, *(re.sub(r"[^\w.]+", "-", change) for change in self.set)])
        return Version(name, read_recipe(find_recipe(self.recipe), self.set))

    def command(self, data: str = "DATA") -> str:
        """Return the command that trains this network alone."""
        changes = "".join(f" --set {shlex.quote(change)}" for change in self.set)
        return f"nn train {self.recipe}{changes} --data {data} --out runs/mine"


@dataclass(frozen=True, slots=True)
class PaperTable:
    """Networks of a report with the same settings; `differs` tells where the recipes differ from it."""

    title: str
    settings: str
    rows: list[PaperRow]
    differs: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A report: its name, title, data and tables."""

    name: str
    title: str
    data: str
    tables: list[PaperTable]

    def rows(self) -> list[PaperRow]:
        """Return the rows of all tables."""
        return [row for table in self.tables for row in table.rows]


def names() -> list[str]:
    """Return the names of the reports."""
    return sorted(path.stem for path in PAPERS.glob("*.toml"))


def read_paper(name: str) -> Paper:
    """Return a report by its name.

    Raises
    ------
    ModelError
        If there is no such report.
    """
    path = PAPERS / f"{name.upper()}.toml"
    if name.upper() not in names():
        raise ModelError(f"{name}: no such report; there are {', '.join(names())}")
    given = tomllib.loads(path.read_text("utf-8"))
    tables = []
    for table in given.pop("tables"):
        rows = [configure(PaperRow, row, f"{path}: {row.get('name')}") for row in table.pop("rows")]
        tables.append(configure(PaperTable, table | {"rows": rows}, str(path)))
    return configure(Paper, given | {"name": path.stem, "tables": tables}, str(path))
