"""``ocr batch``: what it writes and tells, with which exit code, and that it can always be gone on with."""

from __future__ import annotations

import errno
import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

import ocr.batch.progress
import ocr.batch.run
from ocr.batch.jobs import Outcome, Output
from ocr.batch.names import UNFINISHED
from ocr.batch.progress import Tally, shown_progress
from ocr.batch.store import put
from ocr.commands.cli import run
from ocr.errors import Exit

Write = Callable[..., Path]
Capture = pytest.CaptureFixture[str]


def records(path: str = "out/manifest.jsonl") -> dict[str, Any]:
    """Return the manifest's records by the names of their inputs' files; there is one of each."""
    lines = [json.loads(line) for line in Path(path).read_text("ascii").splitlines()]
    found = {Path(line["input"]).name: line for line in lines}
    assert len(found) == len(lines)
    return found


def files(folder: str = "out") -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in Path(folder).rglob("*") if not path.is_dir())


def list_of(*names: bytes, end: bytes = b"\0") -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(end.join([*names, b""])))


@pytest.fixture(autouse=True)
def _seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    """However busy the machine is, no line tells between others how far a run is."""
    monkeypatch.setattr(ocr.batch.progress, "EVERY", 1e9)


@pytest.fixture
def scans(write: Write, obedient: Path) -> None:
    write("scans/a.png", "hello world")
    write("scans/a.jpg", "other")
    write("scans/deep/b.png", " ")


# --- what it writes ---


@pytest.mark.usefixtures("scans")
def test_a_folder_is_mirrored_in_every_format(capsys: Capture) -> None:
    assert run(["batch", "scans", "out", "-f", "text", "-f", "json,text", "--jobs", "2"]) == Exit.ALL_READ
    names = ("a.jpg", "a.png", "deep/b.png")
    outputs = [f"{name}{ending}" for name in names for ending in (".json", ".txt")]
    assert files() == sorted(["manifest.jsonl", *outputs])
    assert Path("out/a.png.txt").read_text() == "hello world\n"
    assert Path("out/deep/b.png.txt").read_text() == ""
    assert json.loads(Path("out/a.png.json").read_text())["source"] == "scans/a.png"
    assert sorted(one["path"] for record in records().values() for one in record["outputs"]) == outputs
    assert records()["a.png"]["confidence"] == 0.6
    out, err = capsys.readouterr()
    assert err == ""
    assert out.startswith("3 read, 0 skipped, 0 failed, ") and "mean confidence 0.600" in out
    assert " pictures read a second, " in out
    assert out.count("\n") == 1
    assert not Path("out", UNFINISHED).exists()


def test_real_pictures_are_read_as_alone(here: Path, drawn: Callable[..., Any], capsys: Capture) -> None:
    for text in ("HELLO", "WORLD 42"):
        Image.fromarray(drawn([text])).save(f"{text[0]}.png")
    assert run(["batch", "?.png", "out", "--jobs", "1", "--lang", "none"]) == Exit.ALL_READ
    capsys.readouterr()
    for name in ("H.png", "W.png"):
        assert run(["read", name, "--lang", "none"]) == Exit.ALL_READ
        assert Path(f"out/{name}.txt").read_text() == capsys.readouterr().out != ""


@pytest.mark.usefixtures("obedient")
def test_whatever_names_a_list_holds_the_outputs_stay_inside(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "work").mkdir()
    monkeypatch.chdir(here / "work")
    names = [b"../up.png", str(here / "root.png").encode(), b"new\nline.png", b"caf\xe9.png", b"-f.png"]
    names += ["日本.png".encode(), b"w" * 251 + b".png", b"a" * 200 + b"/" + b"b" * 200 + b"/../../../up.png"]
    os.makedirs(b"a" * 200 + b"/" + b"b" * 200)
    for name in names:
        Path(os.fsdecode(name)).write_text("read")
    before = set(here.rglob("*"))
    monkeypatch.setattr(sys, "stdin", list_of(*names, b"../out/../../none.png"))
    assert run(["batch", "-", "out", "--jobs", "1"]) == Exit.PICTURE
    outside = {path for path in set(here.rglob("*")) - before if not path.is_relative_to(here / "work/out")}
    assert not outside
    lines = Path("out/manifest.jsonl").read_text("ascii").splitlines()
    outputs = [one["path"] for line in lines for one in json.loads(line)["outputs"]]
    assert len(lines) == len(names) + 1
    assert len(set(outputs)) == len(names)
    assert sorted([*outputs, "manifest.jsonl"]) == files()
    assert {"new\nline.png.txt", "caf\udce9.png.txt", "up.png.txt", "-f.png.txt"} <= set(outputs)


@pytest.mark.usefixtures("scans")
def test_what_is_listed_twice_is_read_once(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    monkeypatch.setattr(sys, "stdin", list_of(b"scans/a.png", b"scans/a.png", b"scans", end=b"\n"))
    assert run(["batch", "-", "out", "--jobs", "1"]) == Exit.ALL_READ
    assert capsys.readouterr().out.startswith("3 read")


# --- what goes wrong ---


@pytest.mark.usefixtures("scans")
def test_bad_pictures_are_told_recorded_and_the_others_read(write: Write, capsys: Capture) -> None:
    write("scans/damaged.png", "bad")
    write("scans/killer.png", "die")
    write("scans/hungry.png", "eat 500")
    assert run(["batch", "scans", "out", "--memory", "200", "--jobs", "2"]) == Exit.PICTURE
    out, err = capsys.readouterr()
    assert out.startswith("3 read, 0 skipped, 3 failed, ")
    assert sorted(err.splitlines()) == [
        "ocr: scans/damaged.png: is damaged",
        "ocr: scans/hungry.png: takes more memory than the 200 MB that --memory allows",
        "ocr: scans/killer.png: the process that reads it died, 2 times (SIGKILL)",
    ]
    found = records()
    assert [f"ocr: {found[name]['error']}" for name in ("damaged.png", "hungry.png", "killer.png")] == sorted(
        err.splitlines()
    )
    assert (found["killer.png"]["attempts"], found["killer.png"]["outputs"]) == (2, [])
    assert len(found) == 6


@pytest.mark.usefixtures("scans")
def test_an_output_whose_name_will_not_do_stops_no_other(write: Write, capsys: Capture) -> None:
    write("scans/a.jpg.txt/c.png", "below what would be a file")
    assert run(["batch", "scans", "out", "--jobs", "1"]) == Exit.OUTPUT
    assert "cannot be written" in capsys.readouterr().err
    failed = [name for name, record in records().items() if record["error"]]
    assert len(failed) == 1 and set(failed) < {"a.jpg", "c.png"}
    assert len(records()) == 4


@pytest.mark.usefixtures("scans")
def test_a_full_disk_stops_the_run(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(ocr.batch.run, "put", full)
    assert run(["batch", "scans", "out", "--jobs", "1"]) == Exit.OUTPUT
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith(".txt: cannot be written: No space left on device\n") and err.count("\n") == 1
    assert records() == {}


@pytest.mark.usefixtures("scans")
def test_what_was_written_before_a_disk_was_full_is_recorded(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    for k in range(20):
        write(f"scans/more/{k:02}.png", f"number {k}")
    written: list[str] = []

    def nearly_full(out: str, path: str, content: bytes) -> str | None:
        if len(written) == 13:
            raise OSError(errno.ENOSPC, "No space left on device")
        written.append(path)
        return put(out, path, content)

    monkeypatch.setattr(ocr.batch.run, "put", nearly_full)
    assert run(["batch", "scans", "out", "--jobs", "2"]) == Exit.OUTPUT
    recorded = [one["path"] for record in records().values() for one in record["outputs"]]
    assert sorted(recorded) == sorted(written) and len(written) == 13


def test_outcomes_that_come_together_are_committed_together(here: Path) -> None:
    tally, calls = Tally(40), []
    Path("out").mkdir()

    class Recorder:
        def append(self, outcomes: list[Outcome], settings: str) -> None:
            calls.append(len(outcomes))

    outcomes = [Outcome(str(k), outputs=(Output("text", f"{k}.txt", 1, "", b"x"),)) for k in range(40)]
    ocr.batch.run.run(iter(outcomes), Recorder(), "", "out", tally)  # type: ignore[arg-type]
    assert sum(calls) == tally.read == len(files()) == 40
    assert len(calls) < 20


@pytest.mark.usefixtures("scans")
@pytest.mark.parametrize(
    ("arguments", "code", "why"),
    [
        (["scans"], Exit.USAGE, "'scans' stands alone"),
        (["none", "out"], Exit.USAGE, "'none': no such file"),
        (["none/*.png", "out"], Exit.USAGE, "none/*.png"),
        (["-", "scans", "out"], Exit.USAGE, "- stands alone"),
        (["scans", "scans"], Exit.USAGE, "name another folder"),
        (["scans", "out", "-f", "zebra"], Exit.USAGE, "'zebra'"),
        (["scans", "out", "--jobs", "0"], Exit.USAGE, "--jobs"),
        (["scans", "out", "--whitelist", ""], Exit.USAGE, "whitelist"),
        (["scans", "scans/a.png"], Exit.OUTPUT, "is a file"),
        (["scans", "memory://out"], Exit.USAGE, "--manifest"),
        (["scans", "zebra://out", "--manifest", "m.jsonl"], Exit.USAGE, "zebra"),
    ],
)
def test_wrong_usage_says_so_and_makes_nothing(
    arguments: list[str], code: Exit, why: str, capsys: Capture
) -> None:
    before = files(".")
    assert run(["batch", *arguments]) == code
    out, err = capsys.readouterr()
    assert out == "" and why in err and err.count("\n") == 1
    assert files(".") == before and not Path("out").exists()


@pytest.mark.usefixtures("obedient")
def test_an_empty_folder_is_nothing_to_read(here: Path, capsys: Capture) -> None:
    Path("scans").mkdir()
    for options in ([], ["--resume"]):
        assert run(["batch", "scans", "out", *options]) == Exit.NOTHING
        assert capsys.readouterr() == ("", "ocr: scans: no pictures there to read\n")
    assert not Path("out").exists()


@pytest.mark.usefixtures("obedient", "here")
def test_an_empty_list_is_nothing_to_read(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    monkeypatch.setattr(sys, "stdin", list_of())
    assert run(["batch", "-", "out"]) == Exit.NOTHING
    assert capsys.readouterr() == ("", "ocr: <stdin>: no pictures there to read\n")


@pytest.mark.usefixtures("scans")
@pytest.mark.parametrize("given", ["scans", "scans/**/*.png"])
def test_pictures_where_the_outputs_go_are_not_passed_over_in_silence(given: str, capsys: Capture) -> None:
    assert run(["batch", given, "scans/deep"]) == Exit.USAGE
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1 and "scans/deep/b.png" in err
    assert files("scans/deep") == ["b.png"]


@pytest.mark.usefixtures("scans")
def test_outputs_may_lie_among_the_pictures(capsys: Capture) -> None:
    assert run(["batch", "scans", "scans/out", "--jobs", "1"]) == Exit.ALL_READ
    assert capsys.readouterr().out.startswith("3 read, ")
    Path("scans/out/later.png").write_text("a picture made of an output")
    assert run(["batch", "scans", "scans/out", "--jobs", "1", "--resume"]) == Exit.ALL_READ
    assert capsys.readouterr().out.startswith("0 read, 3 skipped, 0 failed, in 0:00:0")


@pytest.mark.usefixtures("scans")
def test_a_manifest_lies_in_the_folder_of_the_outputs_or_one_that_is_there(capsys: Capture) -> None:
    assert run(["batch", "scans", "out", "--manifest", "none/m.jsonl"]) == Exit.OUTPUT
    assert capsys.readouterr() == ("", "ocr: none/m.jsonl: cannot be written: there is no folder none\n")
    assert not Path("none").exists() and not Path("out").exists()
    assert run(["batch", "scans", "new/out", "--manifest", "new/out/m.jsonl", "--jobs", "1"]) == Exit.ALL_READ
    assert len(records("new/out/m.jsonl")) == 3


# --- going on ---


@pytest.mark.usefixtures("scans")
def test_resume_does_what_is_not_proved_done(write: Write, capsys: Capture) -> None:
    Path("scans/c.png").write_text("bad")

    def batch(*options: str) -> tuple[int, str]:
        code = run(["batch", "scans", "out", "--jobs", "1", *options])
        return code, capsys.readouterr().out.partition(" failed")[0]

    assert batch() == (Exit.PICTURE, "3 read, 0 skipped, 1")
    assert batch() == (Exit.USAGE, "")
    assert batch("--resume") == (Exit.PICTURE, "0 read, 3 skipped, 1")
    write("scans/c.png", "good")
    write("scans/a.png", "HELLO world")
    Path("out/a.jpg.txt").write_text("OTHER\n")
    Path("out/deep/b.png.txt").unlink()
    assert batch("--resume") == (Exit.ALL_READ, "4 read, 0 skipped, 0")
    assert Path("out/a.png.txt").read_text() == "HELLO world\n"
    assert Path("out/a.jpg.txt").read_text() == "other\n"
    assert batch("--resume", "-f", "json") == (Exit.ALL_READ, "4 read, 0 skipped, 0")
    assert batch("--resume", "-f", "json") == (Exit.ALL_READ, "0 read, 4 skipped, 0")
    assert batch("--resume", "-f", "json", "--lang", "none") == (Exit.ALL_READ, "4 read, 0 skipped, 0")
    lines = Path("out/manifest.jsonl").read_text().splitlines()
    assert len(lines) == 4 + 1 + 4 + 4 + 4


@pytest.mark.usefixtures("scans")
def test_overwrite_starts_anew_where_there_is_a_manifest(capsys: Capture) -> None:
    command = ["batch", "scans", "out", "--jobs", "1"]
    for options in ([], ["--overwrite"]):
        assert run([*command, *options]) == Exit.ALL_READ
        assert capsys.readouterr().out.startswith("3 read, 0 skipped")
        assert len(records()) == 3
    assert run([*command, "--overwrite", "--resume"]) == Exit.USAGE
    assert "does not go with --resume" in capsys.readouterr().err
    assert len(records()) == 3


@pytest.mark.usefixtures("scans")
def test_less_and_more_is_said_and_unsure_words_are_left_out(capsys: Capture) -> None:
    Path("scans/c.png").write_text("bad")
    command = ["batch", "scans", "out", "--jobs", "1"]
    assert run([*command, "-q", "--min-confidence", "0.7", "--drop-unsure"]) == Exit.PICTURE
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1 and "c.png" in err
    assert Path("out/a.png.txt").read_text() == ""
    again = [*command, "--resume", "-v", "--min-confidence", "0.7"]
    assert run(again) == Exit.PICTURE, "other settings: all are read again"
    out, err = capsys.readouterr()
    assert out.startswith("3 read") and "a.png: " in err and " letters, in " in err
    assert "‹" not in Path("out/a.png.txt").read_text() != ""
    assert run([*command, "--overwrite", "--drop-unsure"]) == Exit.USAGE


@pytest.mark.usefixtures("scans")
def test_outputs_may_go_to_a_store(here: Path, capsys: Capture) -> None:
    pytest.importorskip("fsspec")
    command = ["batch", f"file://{here}/scans", f"file://{here}/out", "--manifest", "m.jsonl", "--jobs", "1"]
    assert run(command) == Exit.ALL_READ
    assert files() == ["a.jpg.txt", "a.png.txt", "deep/b.png.txt"]
    assert set(records("m.jsonl")) == {"a.jpg", "a.png", "b.png"}
    capsys.readouterr()
    assert run([*command, "--resume"]) == Exit.ALL_READ
    assert capsys.readouterr().out.startswith("0 read, 3 skipped")


# --- progress ---


def test_lines_in_a_pipe_tell_rate_and_time_left(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr.batch.progress, "EVERY", 0.0)
    tally = Tally(3)
    with shown_progress(tally) as show:
        for _ in range(2):
            tally.add(Outcome("a.png"))
            show()
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("ocr: 1 of 3, ") and first.endswith(" a second")
    assert second.startswith("ocr: 2 of 3, ") and second.endswith(" a second, 0:00:00 left")


def test_the_summary_counts_what_was_read(monkeypatch: pytest.MonkeyPatch) -> None:
    tally = Tally(3, skipped=4)
    monkeypatch.setattr("time.monotonic", lambda: tally.start + 4)
    assert tally.summary() == "0 read, 4 skipped, 0 failed, in 0:00:04"
    tally.add(Outcome("a", error="a: is damaged"))
    assert tally.summary() == "0 read, 4 skipped, 1 failed, in 0:00:04"
    tally.add(Outcome("b"))
    tally.add(Outcome("c"))
    assert tally.summary() == "2 read, 4 skipped, 1 failed, 0.5 pictures read a second, in 0:00:04"


def test_a_bar_on_a_terminal_tells_rate_and_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    tally = Tally(3)
    with shown_progress(tally) as show:
        tally.add(Outcome("a.png"))
        tally.add(Outcome("b.png", error="b.png: is damaged", code=Exit.PICTURE))
        show()
    shown = terminal.getvalue()
    assert "2/3" in shown and "a second" in shown and "left" in shown and "ocr: b.png: is damaged" in shown
