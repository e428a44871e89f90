"""A format that another package brings along, and where our own are listed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ocr.formats import FORMATS
from tests.foreign import install

ROOT = Path(__file__).parents[3]
LOUD = """
from ocr.formats import Format, of_pages


def parts(documents):
    for document in documents:
        yield document.text.upper() + "!"


FORMAT = Format("loud", "Loud text", "text/plain; charset=utf-8", ".loud", *of_pages(parts))
"""


def run(site: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join(filter(None, [str(site), str(ROOT), os.environ.get("PYTHONPATH")]))
    return subprocess.run(
        [sys.executable, "-m", "ocr", *map(str, arguments)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": paths},
    )


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    folder.mkdir()
    install(folder, "letters_ocr.formats", "foreign_format", "FORMAT", LOUD)
    return folder


def test_a_format_of_another_package_is_read_and_batched(site: Path, tmp_path: Path) -> None:
    picture = ROOT / "samples/letters_apart.jpg"
    done = run(site, "read", picture, "-f", "loud")
    assert (done.returncode, done.stdout, done.stderr) == (0, "M B R 4 E K!", "")
    done = run(site, "batch", picture, tmp_path / "out", "-f", "loud,text", "-j", 1)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out/letters_apart.jpg.loud").read_text() == "M B R 4 E K!"
    assert "loud" in run(site, "read", "--help").stdout


def test_a_package_that_cannot_be_used_stops_nothing(site: Path) -> None:
    (site / "foreign_format.py").write_text("FORMAT = 3")
    done = run(site, "read", "--help")
    assert (
        done.returncode == 0 and "foreign_format:FORMAT (letters_ocr.formats) cannot be used" in done.stderr
    )


def test_the_documentation_lists_every_format() -> None:
    page = (ROOT / "docs" / "how-to" / "formats.md").read_text("utf-8")
    assert re.findall(r"^\| `(\w+)` \|", page, re.M) == list(FORMATS)
