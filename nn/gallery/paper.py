"""A reproduced report as one HTML page: its tables beside the results here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

import numpy as np

from nn.gallery.plots import curves, new_figure
from nn.gallery.report import changes, image, measures, weights
from nn.gallery.style import STYLE
from nn.paper import REPORTED, Paper, PaperRow, PaperTable
from nn.recipe import recipe_of
from nn.training.retrace import Reached

Found = Mapping[str, Reached | str]
HEAD = {
    "test": "accuracy",
    "top2": "top-2",
    "top5": "top-5",
    "train": "in training",
    "parameters": "parameters",
    "epochs": "epochs",
    "seconds": "seconds",
}
MARKS = "td.yes{color:#087f23}td.no{color:#b3261e}td.name{text-align:left}td code{font-size:smaller}"


def paper_page(paper: Paper, found: Found, data: str, errors: int = 40) -> str:
    """Return the page.

    Parameters
    ----------
    paper : Paper
    found : mapping
        Results of `nn.training.retrace.retrace`.
    data : str
        Files of the data, as in the commands shown.
    errors : int
        How many errors of each table's best network are shown.
    """
    done = sum(verdict(row, found) == "reached" for row in paper.rows())
    asked = sum("test" in row.reported for row in paper.rows())
    title = escape(f"{paper.name}: {paper.title}")
    parts = [
        f"<p>Reported on {escape(paper.data)}; here on other data, so compare with care. "
        f"{done} of the {asked} reported accuracies are reached.</p>"
    ]
    for table in paper.tables:
        parts += [f"<h2>{escape(table.title)}</h2><p>{escape(table.settings)} {escape(table.differs)}</p>"]
        parts += [_rows(table, found, data), *_figures(table, found, errors)]
    body = "\n".join(parts)
    return (
        f'<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>{title}</title>'
        f"<style>{STYLE}{MARKS}</style>\n<h1>{title}</h1>\n{body}\n</html>\n"
    )


def verdict(row: PaperRow, found: Found) -> str:
    """Return whether the reported accuracy is reached, and by how much not, as text."""
    here, there = found.get(row.version.name), row.reported.get("test")
    if here is None:
        return "not run"
    if isinstance(here, str):
        return f"not run: {here}"
    if there is None:
        return "nothing reported"
    missing = there - here.rates["test"]
    return "reached" if missing <= 0 else f"not reached: {missing:.2f} lower"


def _rows(table: PaperTable, found: Found, data: str) -> str:
    """Return the table of the networks: reported and own results, the verdict, and the command."""
    shown = [name for name in REPORTED if name == "test" or _told(table, found, name)]
    head = "".join(f"<th>{HEAD[name]}<br>reported / here" for name in shown)
    lines = []
    for row in table.rows:
        here = found.get(row.version.name)
        rates = here.rates if isinstance(here, Reached) else {}
        cells = [f"<td>{_cell(row.reported, name)} / {_cell(rates, name)}" for name in shown]
        said = verdict(row, found)
        mark = {"reached": ' class="yes"', "nothing reported": ""}.get(said, ' class="no"')
        command = f"<td class=name><code>{escape(row.command(data))}</code>"
        lines.append(
            f"<tr><td class=name>{escape(row.name)}{''.join(cells)}<td{mark}>{escape(said)}{command}"
        )
    return f"<table><tr><th>network{head}<th><th>command{''.join(lines)}</table>"


def _told(table: PaperTable, found: Found, name: str) -> bool:
    here = (found.get(row.version.name) for row in table.rows)
    return any(name in row.reported for row in table.rows) or any(
        name in one.rates for one in here if isinstance(one, Reached)
    )


def _cell(rates: Mapping[str, Any], name: str) -> str:
    """Return a number as text; a dash for none."""
    if name not in rates:
        return "–"
    about = f"{rates['about']} " if name == "test" and "about" in rates else ""
    return about + (
        f"{rates[name]:,.0f}" if name in ("parameters", "epochs", "seconds") else f"{rates[name]:.2f}"
    )


def _figures(table: PaperTable, found: Found, errors: int) -> Iterator[str]:
    """Yield the figures of a table: reported and own accuracies, curves, and the best network."""
    rows = {row.name: found.get(row.version.name) for row in table.rows}
    here = {name: one for name, one in rows.items() if isinstance(one, Reached)}
    if not here:
        return
    yield image(_bars(table, here))
    yield image(curves({name: one.epochs for name, one in here.items()}))
    name, best = max(here.items(), key=lambda item: item[1].rates["test"])
    parts = [*weights(best.model)]
    if best.tested is not None:
        parts += [*measures(best.model, best.tested, errors), *changes(best.tested, recipe_of(best.model))]
    inside = "\n".join(f"<h3>{escape(head)}</h3>\n{content}" for head, content in parts)
    yield f"<details><summary>The best of these networks here: {escape(name)}</summary>{inside}</details>"


def _bars(table: PaperTable, here: Mapping[str, Reached]) -> Any:
    """Return a figure of the accuracies, reported and here."""
    rows = [row for row in table.rows if row.name in here or "test" in row.reported]
    figure = new_figure(10, 1 + 0.35 * len(rows))
    axes = figure.subplots()
    places = np.arange(len(rows))
    reported = [float(row.reported.get("test", np.nan)) for row in rows]
    reached = [here[row.name].rates["test"] if row.name in here else np.nan for row in rows]
    axes.barh(places - 0.2, reported, 0.4, label="reported", color="#bbb")
    axes.barh(places + 0.2, reached, 0.4, label="here", color="#1f77b4")
    axes.set_yticks(places, [row.name for row in rows], fontsize="small", parse_math=False)
    axes.invert_yaxis()
    axes.set(xlabel="accuracy, percent", xlim=(0, 100))
    axes.legend(loc="lower left", fontsize="small")
    return figure
