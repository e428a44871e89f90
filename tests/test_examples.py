"""The examples do what they say."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from examples.notebooks import notebook, scripts

ROOT = Path(__file__).parents[1]
Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder of its own, where the files are that the commands name."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def pictures(folder: Path, *names: str) -> Path:
    """Make a folder with samples."""
    folder.mkdir()
    for name in names:
        shutil.copy(ROOT / "samples" / name, folder)
    return folder


def run(name: str) -> Callable[..., None]:
    """Run the notebook of an example, all its cells, and return its function `main`.

    The notebooks are made from the scripts, so that both are tried.
    """
    cells = json.loads((ROOT / f"examples/{name}.ipynb").read_text("utf-8"))["cells"]
    names: dict[str, Any] = {}
    for cell in cells:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)
    return cast(Callable[..., None], names["main"])


def test_there_is_a_notebook_of_every_script_and_it_is_up_to_date() -> None:
    made = {script.with_suffix(".ipynb"): notebook(script.read_text("utf-8")) for script in scripts()}
    there = {path: path.read_text("utf-8") for path in (ROOT / "examples").glob("*.ipynb")}
    assert there == made and len(made) == 5, "python examples/notebooks.py makes them anew"


def test_notebooks_are_as_jupyter_wants_them() -> None:
    nbformat = pytest.importorskip("nbformat")
    for path in (ROOT / "examples").glob("*.ipynb"):
        nbformat.validate(nbformat.read(path, as_version=4))


def test_the_command_of_a_script_is_the_last_cell() -> None:
    script = '"""Greet.\n\npython greet.py you \\"all of you\\"\n"""\n\n# Who is it?\nWHO = 1\n'
    cells = json.loads(notebook(script))["cells"]
    assert [(cell["cell_type"], "".join(cell["source"])) for cell in cells] == [
        ("markdown", "# Greet."),
        ("markdown", "Who is it?"),
        ("code", "WHO = 1"),
        ("markdown", "Name your own files and folders here, and run all cells."),
        ("code", 'main("you", "all of you")'),
    ]


def test_forms_become_a_table(folder: Path) -> None:
    pictures(folder / "scans", "letters_apart.jpg")
    run("forms")
    table = (folder / "table.csv").read_text("utf-8")
    assert table.split() == ["file,name,date", "letters_apart.jpg,M", "b,e", "K"]


def test_meters_are_read_as_digits_and_what_is_unsure_is_said(folder: Path, capsys: Capture) -> None:
    (pictures(folder / "pictures", "digits.png") / "empty.png").write_bytes(b"")
    run("meters")
    digits, empty = capsys.readouterr().out.splitlines()
    assert digits.split("\t")[:2] == ["digits.png", "01234567892718281828"]
    assert empty.startswith("empty.png\t\t") and "empty.png" in empty.split("\t")[2]


def test_answers_are_graded(folder: Path, capsys: Capture) -> None:
    pictures(folder / "sheets", "letters_apart.jpg", "letter_small_h.png")
    run("quiz")
    assert capsys.readouterr().out.splitlines() == [
        "letter_small_h.png: 1 answers instead of 6, look at it",
        "letters_apart.jpg: 5 of 6",
    ]


def test_an_archive_is_searched_and_read_once(folder: Path, capsys: Capture) -> None:
    pictures(folder / "scans", "letters_apart.jpg")
    main = run("archive")
    kept = folder / "archive"
    assert (kept / "letters_apart.pdf").read_bytes().startswith(b"%PDF")
    made = (kept / "letters_apart.json").stat().st_mtime_ns
    assert capsys.readouterr().out == ""
    main("scans", "archive", "r 4")
    assert capsys.readouterr().out.startswith("letters_apart.jpg: R 4 at 4")
    assert (kept / "letters_apart.json").stat().st_mtime_ns == made


def test_a_network_of_ones_own_reads(folder: Path, capsys: Capture) -> None:
    rng, font, images = np.random.default_rng(0), ImageFont.load_default(26), []
    labels = list("HLO") * 40
    for label in labels:
        image = Image.new("L", (28, 28))
        ImageDraw.Draw(image).text(tuple(rng.integers(10, 19, 2).tolist()), label, 255, font, anchor="mm")
        images.append(np.asarray(image))
    np.savez(folder / "letters.npz", images=np.stack(images), labels=labels)
    picture = Image.new("L", (90, 90), 255)
    ImageDraw.Draw(picture).text((45, 45), "L", 0, ImageFont.load_default(70), anchor="mm")
    picture.save(folder / "picture.png")
    run("own_network")
    assert capsys.readouterr().out.split()[-1] == "L"
