"""``ocr read -f``: text and bytes, to a file, a pipe and a terminal."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pypdfium2
import pytest

from ocr.commands.cli import run
from ocr.errors import Exit
from ocr.formats import FORMATS

SAMPLES = Path(__file__).parents[3] / "samples"
LETTER = str(SAMPLES / "letter_capital_r.png")
AS_LETTER = ["--pipeline", "letter"]


def started(*arguments: str, **options: Any) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "ocr", "read", *arguments, *AS_LETTER]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_written_to_a_file_and_by_itself(name: str, tmp_path: Path) -> None:
    out = tmp_path / f"out{FORMATS[name].extension}"
    assert run(["read", LETTER, "-f", name, "-o", str(out), *AS_LETTER]) == Exit.ALL_READ
    assert os.listdir(tmp_path) == [out.name]
    content = out.read_bytes()
    assert content.startswith(b"%PDF-") if name == "pdf" else b"R" in content


def test_a_pdf_goes_through_a_pipe_also_of_a_picture_from_one() -> None:
    with started("-", "-f", "pdf", stdin=subprocess.PIPE) as process:
        content, said = process.communicate(Path(LETTER).read_bytes())
    assert (process.returncode, said) == (Exit.ALL_READ, b"")
    [page] = pypdfium2.PdfDocument(content)
    assert page.get_textpage().get_text_range() == "R"


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="no terminals here")
def test_a_pdf_is_kept_from_a_terminal() -> None:
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "ocr", "read", LETTER, "-f", "pdf", *AS_LETTER]
    done = subprocess.run(command, stdout=theirs, stderr=subprocess.PIPE, text=True)
    os.close(theirs)
    os.close(ours)
    assert done.returncode == Exit.OUTPUT
    assert done.stderr == (
        "ocr: <stdout>: is a terminal, which cannot show this format; name a file with -o\n"
    )


def test_many_pictures_make_one_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = [str(path) for path in sorted(SAMPLES.glob("letter_*.[jp][pn]g"))]
    assert len(paths) > 1
    assert run(["read", *paths, "-f", "pdf", "-o", str(tmp_path / "all.pdf"), *AS_LETTER]) == Exit.ALL_READ
    pages = pypdfium2.PdfDocument((tmp_path / "all.pdf").read_bytes())
    letters = [page.get_textpage().get_text_range() for page in pages]
    assert run(["read", *paths, "-f", "hocr", *AS_LETTER]) == Exit.ALL_READ
    root = ElementTree.parse(io.StringIO(capsys.readouterr().out))
    words = [each for each in root.iter() if each.get("class") == "ocrx_word"]
    assert ["".join(word.itertext()) for word in words] == letters
    assert run(["read", *paths, "-f", "json", *AS_LETTER]) == Exit.ALL_READ
    assert [one["pages"][0]["text"] for one in json.loads(capsys.readouterr().out)] == letters


def test_page_xml_of_many_pages_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.page.xml"
    assert run(["read", LETTER, LETTER, "-f", "page", "-o", str(out), *AS_LETTER]) == Exit.USAGE
    assert "one page" in capsys.readouterr().err
    assert not out.exists()
