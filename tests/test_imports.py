"""What may import what, and what every public thing must have: held on the source itself."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("nn", "pipelines", "ocr")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
NOT_INSTALLED = {"training", "tests"}
FORBIDDEN = {"nn": {"ocr", "pipelines"}, "pipelines": {"ocr", "nn"}, "ocr": set[str]()}
MODULE_OF = {"opencv-python-headless": "cv2", "pillow": "PIL"}
"""What is imported by another name than it is installed by."""
BROUGHT = {"h11", "pydantic", "sklearn", "pandas"}
"""What an extra brings along, and what is used only by those who have it."""
UNSAFE = {"pickle", "cPickle", "_pickle", "dill", "cloudpickle", "joblib", "marshal", "shelve", "torch"}
Part = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
Trees = dict[Path, ast.Module]


@pytest.fixture(scope="module")
def trees() -> Trees:
    """Every module's syntax, by its path."""
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in MODULES}


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


def test_imports_go_one_way_and_none_is_unsafe(trees: Trees) -> None:
    for path, tree in trees.items():
        package = path.relative_to(ROOT).parts[0]
        assert not imported(tree) & (FORBIDDEN[package] | NOT_INSTALLED | UNSAFE), path


def test_what_is_always_installed_is_imported_and_the_rest_is_in_the_extras(trees: Trees) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    by_hand = {"test", "docs", "dev", "training"}
    extras = [name for name in project["optional-dependencies"] if name not in by_hand]

    def modules(requirements: list[str]) -> set[str]:
        names = {re.split(r"[^\w-]", requirement)[0] for requirement in requirements}
        return {MODULE_OF.get(name, name.replace("-", "_")) for name in names}

    needed = modules(project["dependencies"])
    allowed = (
        needed | BROUGHT | modules([one for name in extras for one in project["optional-dependencies"][name]])
    )
    found = (
        set().union(*(imported(tree) for tree in trees.values())) - sys.stdlib_module_names - set(PACKAGES)
    )
    assert needed <= found, "nothing is installed that nothing imports"
    assert found <= allowed, "nothing is imported that is not installed"


def test_every_public_thing_says_what_it_is(trees: Trees) -> None:
    for path, tree in trees.items():
        assert not tree.body or ast.get_docstring(tree), f"{path} has no docstring"
        silent = [part.name for part in public_parts(tree) if not ast.get_docstring(part)]
        assert not silent, path


def test_arrays_are_never_read_as_pickles(trees: Trees) -> None:
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.keyword) and node.arg == "allow_pickle":
                assert isinstance(node.value, ast.Constant) and node.value.value is False, path
