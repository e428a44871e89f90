"""Make a notebook of every example: ``python examples/notebooks.py``."""

from __future__ import annotations

import ast
import json
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
SCRIPT_ONLY = ("from __future__ import annotations", "import sys")
"""Lines that a script needs and a notebook does not."""
CALL = "Name your own files and folders here, and run all cells."


def notebook(source: str) -> str:
    """Return the source of an example as a notebook, in the format of Jupyter.

    The docstrings become text, as do the comments between statements. The command that the first docstring
    ends with becomes the last cell, a call of `main`.
    """
    cells: list[dict[str, Any]] = [
        {"cell_type": kind, "id": f"cell-{number}", "metadata": {}, "source": text.splitlines(keepends=True)}
        | ({"execution_count": None, "outputs": []} if kind == "code" else {})
        for number, (kind, text) in enumerate(_cells(source))
    ]
    content: dict[str, Any] = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def scripts() -> list[Path]:
    """Return the examples."""
    return sorted(path for path in FOLDER.glob("*.py") if path != Path(__file__))


def _cells(source: str) -> Iterator[tuple[str, str]]:
    """Yield the kind and the text of each cell."""
    tree, lines = ast.parse(source), source.splitlines()
    title, _, command = (ast.get_docstring(tree) or "").partition("\n\n")
    yield "markdown", f"# {title}"
    end, code = tree.body[0].end_lineno or 0, ""
    for node in tree.body[1:]:
        if isinstance(node, ast.If):  # it begins what only a script does
            break
        between = lines[end : node.lineno - 1]
        comment = "\n".join(line.removeprefix("#").strip() for line in between if line)
        end = node.end_lineno or 0
        statement = "\n".join(lines[node.lineno - 1 : end])
        said = ast.get_docstring(node) if isinstance(node, ast.FunctionDef) else None
        if said or comment:
            yield from _code(code)
            yield "markdown", "\n\n".join(filter(None, (comment, said)))
            code = ""
        if statement not in SCRIPT_ONLY:
            code += "\n" * between.count("") + _without_docstring(node, statement) + "\n"
    yield from _code(code)
    arguments = ", ".join(f'"{word}"' for word in shlex.split(command)[2:])
    yield "markdown", CALL
    yield "code", f"main({arguments})"


def _code(code: str) -> Iterator[tuple[str, str]]:
    if code.strip():
        yield "code", code.strip()


def _without_docstring(node: ast.stmt, statement: str) -> str:
    """Return a statement without the docstring of a function, which is text above it."""
    if not isinstance(node, ast.FunctionDef) or ast.get_docstring(node) is None:
        return statement
    said, lines = node.body[0], statement.splitlines()
    first, last = said.lineno - node.lineno, (said.end_lineno or 0) - node.lineno
    return "\n".join(lines[:first] + lines[last + 1 :])


if __name__ == "__main__":
    for script in scripts():
        script.with_suffix(".ipynb").write_text(notebook(script.read_text("utf-8")), "utf-8")
