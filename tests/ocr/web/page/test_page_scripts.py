"""The scripts of the page without a browser: their types, their style, and what they do to letters."""

from __future__ import annotations

import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parent / "scripts"
STATIC = Path(__file__).parents[4] / "ocr/web/static"


def node() -> str:
    """Return where Node is: one that is installed, or the one that Playwright brings."""
    spec = find_spec("playwright")
    brought = Path(spec.origin).parent / "driver" if spec and spec.origin else None
    found = shutil.which("node") or (brought and shutil.which("node", path=str(brought)))
    if not found:
        pytest.skip("neither Node nor Playwright is installed")
    return found


def run(*command: str | Path) -> None:
    done = subprocess.run(command, cwd=SCRIPTS, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def package(*place: str) -> Path:
    """Return a program of a package of npm."""
    path = SCRIPTS.joinpath("node_modules", *place)
    if not path.exists():
        pytest.skip(f"{place[0]} is not installed: npm install --prefix {SCRIPTS.relative_to(Path.cwd())}")
    return path


def test_letters_words_and_lines() -> None:
    run(node(), "--test", "words.test.js")


def test_types() -> None:
    run(node(), package("typescript", "bin", "tsc"), "--project", ".")


def test_style() -> None:
    run(node(), package("@biomejs", "biome", "bin", "biome"), "check", "--config-path", ".", STATIC, ".")
