"""What may import what, and what every public thing must have: held on the source itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("nn", "pipelines", "ocr")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
NAMES = [str(path.relative_to(ROOT)) for path in MODULES]
NOT_INSTALLED = {"training", "tests"}
FORBIDDEN = {"nn": {"ocr", "pipelines"}, "pipelines": {"ocr", "nn"}, "ocr": set[str]()}
UNSAFE = {"pickle", "cPickle", "_pickle", "dill", "cloudpickle", "joblib", "marshal", "shelve", "torch"}
Part = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def imported(tree: ast.AST) -> set[str]:
    """Return the first parts of the names of all modules that a module imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports name their package in full"
            found.add(node.module or "")
    return {name.split(".")[0] for name in found}


def public_parts(tree: ast.Module) -> Iterator[Part]:
    for node in tree.body:
        if isinstance(node, Part) and not node.name.startswith("_"):
            yield node


def test_there_are_modules_to_look_at() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in MODULES} == set(PACKAGES)
    assert len(MODULES) > 20


@pytest.mark.parametrize("path", MODULES, ids=NAMES)
def test_imports_go_one_way_and_none_is_unsafe(path: Path) -> None:
    names = imported(ast.parse(path.read_text(encoding="utf-8")))
    package = path.relative_to(ROOT).parts[0]
    assert not names & (FORBIDDEN[package] | NOT_INSTALLED)
    assert not names & UNSAFE


@pytest.mark.parametrize("path", MODULES, ids=NAMES)
def test_every_public_thing_says_what_it_is(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not tree.body or ast.get_docstring(tree), "the module has no docstring"
    silent = [part.name for part in public_parts(tree) if not ast.get_docstring(part)]
    assert not silent


def test_arrays_are_never_read_as_pickles() -> None:
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "allow_pickle":
                assert isinstance(node.value, ast.Constant) and node.value.value is False, path
