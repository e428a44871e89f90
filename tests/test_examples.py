"""The examples do what they say."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from examples import archive, forms, meters, own_network, quiz

ROOT = Path(__file__).parents[1]
Capture = pytest.CaptureFixture[str]


def folder_of(tmp_path: Path, *names: str) -> str:
    """Return a folder with samples, and with a file that is no picture."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for name in names:
        shutil.copy(ROOT / "samples" / name, folder)
    return str(folder)


def test_forms_become_a_table(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "letters_apart.jpg")
    table = tmp_path / "table.csv"
    forms.main(folder, str(table), "first=60,60,350,200", "last=720,60,400,200")
    assert table.read_text("utf-8").split() == ["file,first,last", "letters_apart.jpg,M", "b,e", "K"]


def test_meters_are_read_as_digits_and_what_is_unsure_is_said(tmp_path: Path, capsys: Capture) -> None:
    folder = folder_of(tmp_path, "digits.png")
    (tmp_path / "pictures" / "empty.png").write_bytes(b"")
    meters.main(folder)
    digits, empty = capsys.readouterr().out.splitlines()
    assert digits.split("\t")[:2] == ["digits.png", "01234567892718281828"]
    assert empty.startswith("empty.png\t\t") and "empty.png" in empty.split("\t")[2]


def test_answers_are_graded(tmp_path: Path, capsys: Capture) -> None:
    folder = folder_of(tmp_path, "letters_apart.jpg", "letter_small_h.png")
    quiz.main("MBR4EX", folder)
    assert capsys.readouterr().out.splitlines() == [
        "letter_small_h.png: 1 answers instead of 6, look at it",
        "letters_apart.jpg: 5 of 6",
    ]


def test_an_archive_is_searched_and_read_once(tmp_path: Path, capsys: Capture) -> None:
    folder, kept = folder_of(tmp_path, "letters_apart.jpg"), tmp_path / "archive"
    archive.main(folder, str(kept), "r 4")
    assert capsys.readouterr().out.startswith("letters_apart.jpg: R 4 at 4")
    assert (kept / "letters_apart.pdf").read_bytes().startswith(b"%PDF")
    made = (kept / "letters_apart.json").stat().st_mtime_ns
    archive.main(folder, str(kept))
    assert (kept / "letters_apart.json").stat().st_mtime_ns == made


def test_a_network_of_ones_own_reads(tmp_path: Path, capsys: Capture) -> None:
    rng, font, images = np.random.default_rng(0), ImageFont.load_default(26), []
    labels = list("HLO") * 40
    for label in labels:
        image = Image.new("L", (28, 28))
        ImageDraw.Draw(image).text(tuple(rng.integers(10, 19, 2).tolist()), label, 255, font, anchor="mm")
        images.append(np.asarray(image))
    np.savez(tmp_path / "letters.npz", images=np.stack(images), labels=labels)
    picture = Image.new("L", (90, 90), 255)
    ImageDraw.Draw(picture).text((45, 45), "L", 0, ImageFont.load_default(70), anchor="mm")
    picture.save(tmp_path / "letter.png")
    names = ("letters.npz", "mine.safetensors", "letter.png")
    own_network.main(*(str(tmp_path / name) for name in names))
    assert capsys.readouterr().out.split()[-1] == "L"
