"""``ocr eval``: what it prints and writes, with which exit code, and that nothing is half written."""

from __future__ import annotations

import json
import os
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import ocr.reader
from ocr.commands.cli import run
from ocr.document import Alternative, Box, Document, Glyph, Line, Page, Word
from ocr.errors import Exit
from ocr.options import ReadOptions
from pipelines.errors import PictureError

READINGS = {"note": "HEIIO world", "sign": "stop", "line": "<b>fine</b>", "o": "0", "x": "x"}
IMAGE = np.zeros((28, 28), np.uint8)


class FixedReader:
    """Reads a picture as `READINGS` says for its name, once the picture itself can be loaded."""

    made_with: list[ReadOptions]

    def __init__(self, options: ReadOptions) -> None:
        type(self).made_with.append(options)

    def read(self, path: Path) -> Document:
        if path.stem == "defect":
            raise IndexError("unlucky")
        try:
            with Image.open(path) as image:
                width, height = image.size
        except OSError as error:
            raise PictureError(f"{path}: damaged") from error
        words = tuple(self.word(text) for text in READINGS[path.stem].split())
        return Document((Page((Line(words),), width, height),), str(path))

    @staticmethod
    def word(text: str) -> Word:
        glyphs = tuple(
            Glyph(c, Box(k, 1, k + 1, 8), 0.8, (Alternative(c, 0.8), Alternative("o", 0.1)), IMAGE)
            for k, c in enumerate(text)
        )
        return Word(glyphs, 0.6, (Alternative(text, 0.6),))


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    FixedReader.made_with = []
    monkeypatch.setattr(ocr.reader, "Reader", FixedReader)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def sample(path: str, text: str) -> None:
    file = Path(f"{path}.png")
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.new("L", (30, 10), 255).save(file)
    Path(f"{path}.gt.txt").write_text(text)


def test_texts_may_be_called_as_their_pictures_and_as_ocr_batch_calls_them(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, text in (("note", "HELLO world\n"), ("sign", "stop")):
        sample(f"notes/{name}", text)
        Path(f"notes/{name}.gt.txt").rename(f"notes/{name}.txt")
    Path("notes/licence.txt").write_text("The text of no picture.")
    Path("batch").mkdir()
    Path("batch/note.png.txt").write_text("HELLO world\n")
    Path("batch/sign.png.txt").write_text("stp")
    assert run(["eval", "notes", "--against", "batch", "--json", "-"]) == Exit.ALL_READ
    out, err = capsys.readouterr()
    assert err == ""
    [found] = json.loads(out)["sets"]
    texts = {one["name"]: (one["reference"], one["readings"]["batch"]) for one in found["pictures"]}
    assert texts == {"note": ("HELLO world\n", "HELLO world\n"), "sign": ("stop", "stp")}


@pytest.fixture
def two_sets() -> None:
    sample("real/lines/note", "HELLO world\n")
    sample("real/lines/line", "<b>fine</b>")
    sample("real/letters/o", "o")
    sample("real/letters/x", "x")


# --- the table ---


@pytest.mark.usefixtures("two_sets")
def test_every_set_and_all_of_them_have_a_row(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["eval", "real"]) == Exit.ALL_READ
    out, err = capsys.readouterr()
    rows = [re.split(r"\s{2,}", row) for row in out.split("\n\n")[0].splitlines()]
    heads = "set,reader,pictures,CER,no case,alnum,WER,top-1,top-2,top-5,ECE,words,s"
    assert ",".join(rows[0]) == heads
    assert [row[:-1] for row in rows[1:]] == [
        ["letters", "ocr", "2", "50.0", "50.0", "50.0", "50.0", "50.0", "100.0", "100.0", "30.0", "10.0"],
        ["lines", "ocr", "2", "9.1", "9.1", "12.5", "33.3", "90.5", "90.5", "90.5", "10.5", "6.7"],
        ["overall", "ocr", "4", "12.5", "12.5", "16.7", "40.0", "87.0", "91.3", "91.3", "7.0", "0.0"],
    ]
    assert err == ""


def test_a_folder_of_pictures_is_a_set(capsys: pytest.CaptureFixture[str]) -> None:
    sample("note", "HELLO world")
    assert run(["eval", "."]) == Exit.ALL_READ
    assert capsys.readouterr().out.splitlines()[1].split()[:4] == [Path.cwd().name, "ocr", "1", "18.2"]


@pytest.mark.usefixtures("two_sets")
def test_a_set_may_have_a_pipeline_of_its_own() -> None:
    assert run(["eval", "real", "--pipeline", "letters=letter", "--pipeline=scan", "--lang", "none"]) == 0
    assert FixedReader.made_with == [
        ReadOptions(pipeline="letter", language="none"),
        ReadOptions(pipeline="scan", language="none"),
    ]


# --- other readers ---


@pytest.mark.usefixtures("two_sets")
def test_another_reader_is_measured_beside(capsys: pytest.CaptureFixture[str]) -> None:
    Path("peer/lines").mkdir(parents=True)
    Path("peer/lines/note.txt").write_text("hello world")
    Path("peer/line.txt").write_text("<b>fine</b>\n")
    Path("peer/o.gt.txt").write_text("o")
    assert run(["eval", "real", "--against", "peer"]) == Exit.PICTURE
    out, err = capsys.readouterr()
    rows = [row.split() for row in out.splitlines() if " peer " in row]
    assert [row[3:7] for row in rows] == [
        ["50.0", "50.0", "50.0", "50.0"],
        ["22.7", "0.0", "0.0", "33.3"],
        ["25.0", "4.2", "5.6", "40.0"],
    ]
    assert {cell for row in rows for cell in row[7:]} == {"-"}
    assert err == "ocr: peer: no text for letters/x; counted as nothing read\n"


# --- files ---


@pytest.mark.usefixtures("two_sets")
def test_json_holds_measures_and_readings(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["eval", "real", "--json", "out.json"]) == Exit.ALL_READ
    content = json.loads(Path("out.json").read_text())
    assert (content["format"], content["version"]) == ("ocr-eval", 1)
    assert [one["name"] for one in content["sets"]] == ["letters", "lines"]
    exact = content["sets"][1]["readers"]["ocr"]["exact"]
    assert (exact["edits"], exact["length"], exact["cer"]) == (2, 22, 2 / 22)
    assert exact["letters"]["bins"] == [[0.8, 19 / 21, 1.0]] or exact["letters"]["bins"] == [
        [0.8, 0.90476, 1.0]
    ]
    assert exact["letters"]["ece"] == pytest.approx(19 / 21 - 0.8)
    assert content["overall"]["ocr"]["alnum"]["edits"] == 3
    [_, note] = content["sets"][1]["pictures"]
    assert (note["reference"], note["readings"]) == ("HELLO world\n", {"ocr": "HEIIO world"})
    table = capsys.readouterr().out
    assert run(["eval", "real", "--json", "-"]) == Exit.ALL_READ
    assert json.loads(capsys.readouterr().out)["overall"] == content["overall"]
    assert "overall" in table


class Tags(HTMLParser):
    """Checks that what is opened is closed, and gathers addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"meta", "br"}:
            self.open.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in {"href", "src"}]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [value or "" for name, value in attrs if name in {"href", "src"}]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.usefixtures("two_sets")
def test_the_page_shows_the_worst_and_needs_no_other_file() -> None:
    READINGS["x"] = "xx"
    try:
        assert run(["eval", "real", "--html", "out.html", "--worst", "1"]) == Exit.ALL_READ
    finally:
        READINGS["x"] = "x"
    text = Path("out.html").read_text()
    tags = Tags()
    tags.feed(text)
    assert tags.open == []
    assert len(tags.addresses) == 2
    assert all(address.startswith("data:image/png;base64,") for address in tags.addresses)
    assert "note.png: 18%, 2 of 11 characters wrong" in text
    assert "HE<del>LL</del><ins>II</ins>O world" in text
    assert "“LL” read as “II”" in text
    assert text.count('<rect class="wrong"') == 3
    assert "line.png" not in text
    assert "calibration error" in text


def test_what_is_read_and_what_files_are_called_is_escaped() -> None:
    sample("set/line", "<i>fine</i>")
    assert run(["eval", "set", "--html", "out.html"]) == Exit.ALL_READ
    text = Path("out.html").read_text()
    assert "&lt;<del>i</del><ins>b</ins>&gt;fine" in text
    assert "<b>" not in text


# --- what goes wrong ---


@pytest.mark.usefixtures("two_sets")
def test_a_picture_that_cannot_be_read_counts_as_nothing_read(capsys: pytest.CaptureFixture[str]) -> None:
    Path("real/letters/x.png").write_text("no picture")
    assert run(["eval", "real", "--html", "out.html"]) == Exit.PICTURE
    out, err = capsys.readouterr()
    assert err == f"ocr: real{os.sep}letters{os.sep}x.png: damaged\n"
    assert out.splitlines()[1].split()[3] == "100.0"
    assert "“x” missing" in Path("out.html").read_text()


def test_a_defect_does_not_stop_the_others(capsys: pytest.CaptureFixture[str]) -> None:
    sample("set/defect", "abc")
    sample("set/x", "x")
    assert run(["eval", "set"]) == Exit.INTERNAL
    out, err = capsys.readouterr()
    assert out.splitlines()[1].split()[2:4] == ["2", "75.0"]
    assert err.count("\n") == 1
    assert "unlucky" in err


@pytest.mark.usefixtures("two_sets")
@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ([], "FOLDER"),
        (["none"], "'none'"),
        (["real/lines/note.png"], "note.png"),
        (["empty"], "note.gt.txt"),
        (["real", "--pipeline", "zebra"], "zebra"),
        (["real", "--pipeline", "words=word"], "no set is called 'words'"),
        (["real", "--against", "none"], "'none' is no folder"),
        (["real", "--html", "real/letters/x.png"], "picture"),
        (["real", "--worst", "-1"], "worst"),
    ],
)
def test_wrong_usage_says_what_is_wrong(
    arguments: list[str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("empty").mkdir()
    assert run(["eval", *arguments]) == Exit.USAGE
    out, err = capsys.readouterr()
    assert why in err
    assert err.count("\n") == 1
    assert not out


@pytest.mark.usefixtures("two_sets")
def test_a_place_that_cannot_be_written_to_is_told_before_anything_is_read(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FixedReader, "read", lambda *_: pytest.fail("has begun to read"))
    assert run(["eval", "real", "--html", "none/out.html"]) == Exit.OUTPUT
    assert capsys.readouterr() == ("", "ocr: none/out.html: cannot be written: there is no folder none\n")


@pytest.mark.usefixtures("two_sets")
def test_after_a_stop_the_old_files_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object) -> Document:
        raise KeyboardInterrupt

    Path("out.json").write_text("old")
    monkeypatch.setattr(FixedReader, "read", stopped)
    assert run(["eval", "real", "--json", "out.json", "--html", "out.html"]) == Exit.INTERRUPTED
    assert Path("out.json").read_text() == "old"
    assert sorted(os.listdir()) == ["out.json", "real"]
