"""What the manifest keeps, what it survives, and what it proves."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from ocr.batch.jobs import Outcome, Output
from ocr.batch.manifest import Manifest, ManifestExists, is_done
from ocr.batch.store import digest, write_whole
from ocr.errors import OutputError

FINGERPRINT = "0123456789abcdef"


def outcome(source: str, texts: dict[str, bytes] | None = None, error: str | None = None) -> Outcome:
    """Return the outcome of a picture whose files are written."""
    outputs = []
    for path, content in (texts or {}).items():
        write_whole("out", path, content)
        outputs.append(Output(Path(path).suffix[1:], path, len(content), digest(f"out/{path}") or ""))
    return Outcome(source, digest(source), outputs=tuple(outputs), confidence=0.5, error=error)


@pytest.fixture
def picture(here: Path) -> str:
    (here / "a.png").write_text("a")
    return "a.png"


def record_of(one: Outcome) -> dict[str, object]:
    """Return an outcome as it comes back from a manifest."""
    with Manifest(Path("m.jsonl"), True) as manifest:
        manifest.append([one], FINGERPRINT)
    with Manifest(Path("m.jsonl"), True) as manifest:
        return manifest.records[one.source]


def done(record: dict[str, object] | None, *formats: str, base: str = "a.png") -> bool:
    return is_done(record, base, formats, FINGERPRINT, "out")


def test_a_record_tells_all(picture: str) -> None:
    read = outcome(picture, {"a.png.txt": b"hello"})
    record = record_of(replace(read, warnings=("more than a page holds",)))
    finished = record.pop("finished")
    assert str(finished).endswith("+00:00")
    assert record == {
        "input": "a.png",
        "sha256": "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb",
        "stamp": None,
        "settings": FINGERPRINT,
        "outputs": [
            {
                "format": "txt",
                "path": "a.png.txt",
                "bytes": 5,
                "sha256": "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
            }
        ],
        "pages": 0,
        "letters": 0,
        "confidence": 0.5,
        "warnings": ["more than a page holds"],
        "seconds": 0.0,
        "attempts": 1,
        "error": None,
    }


@pytest.mark.parametrize("name", ["a\nb.png", "caf\udce9.png", "日本.png", '"\\.png', "\x85\u2028.png"])
def test_names_of_all_kinds_come_back(name: str, here: Path) -> None:
    record_of(Outcome(name))
    assert Path("m.jsonl").read_bytes().count(b"\n") == 1
    assert json.loads(Path("m.jsonl").read_text("ascii"))["input"] == name


@pytest.mark.parametrize("torn", [b"", b"{", b'{"input": "c.png", "outp', b"\xff\xfe", b'{"input":"c"}'])
def test_what_a_power_cut_left_is_taken_off(torn: bytes, here: Path) -> None:
    path = here / "m.jsonl"
    lines = b'{"input":"a"}\nnot json\n[1]\n{"no":"input"}\n{"input":"b","k":1}\n{"input":"b","k":2}\n'
    path.write_bytes(lines + torn)
    with Manifest(path, True) as manifest:
        assert manifest.records == {"a": {"input": "a"}, "b": {"input": "b", "k": 2}}
        manifest.append([Outcome("c")], FINGERPRINT)
    whole = path.read_bytes()
    assert whole.startswith(lines) and whole[len(lines) :].count(b"\n") == 1
    assert json.loads(whole[len(lines) :])["input"] == "c"


def test_an_earlier_run_is_gone_on_with_only_if_asked_to(here: Path) -> None:
    path = here / "m.jsonl"
    Manifest(path, False).__exit__()
    with Manifest(path, False) as manifest:
        manifest.append([Outcome("a")], FINGERPRINT)
        with pytest.raises(OutputError, match=r"another run"):
            Manifest(path, True)
    before = path.read_bytes()
    with pytest.raises(ManifestExists):
        Manifest(path, False)
    assert path.read_bytes() == before


@pytest.mark.usefixtures("here")
def test_a_place_that_will_not_do_is_told(picture: str) -> None:
    with pytest.raises(OutputError, match=r"a\.png"):
        Manifest(Path(picture, "m.jsonl"), False)
    with pytest.raises(OutputError, match=r"there is no folder none"):
        Manifest(Path("none/m.jsonl"), False)
    assert not Path("none").exists()


def test_a_record_proves_a_picture_done(picture: str) -> None:
    record = record_of(outcome(picture, {"a.png.txt": b"hello", "a.png.json": b"{}"}))
    assert done(record, "txt") and done(record, "json", "txt")
    assert not done(None, "txt")
    assert not done(record, "txt", "pdf")
    assert not done(record, "txt", base="b.png")
    assert not is_done(record, "a.png", ["txt"], "another", "out")
    assert not is_done(record, "a.png", ["txt"], FINGERPRINT, "elsewhere")
    assert not done({"input": "a.png"}, "txt") and not done({**record, "outputs": None}, "txt")
    assert not done({**record, "error": "a.png: is damaged"}, "txt")


@pytest.mark.parametrize("change", ["a.png", "out/a.png.txt"])
def test_a_file_that_is_another_now_proves_nothing(change: str, picture: str) -> None:
    record = record_of(outcome(picture, {"a.png.txt": b"hello", "a.png.json": b"{}"}))
    before = Path(change).read_bytes()
    Path(change).write_bytes(bytes([before[0] ^ 1]) + before[1:])
    assert not done(record, "txt")
    assert done(record, "json") is (change != picture)
    Path(change).write_bytes(before)
    assert done(record, "txt")
    Path(change).unlink()
    assert not done(record, "txt")


def test_what_could_not_be_hashed_is_never_done(picture: str) -> None:
    one = replace(outcome(picture, {"a.png.txt": b"hello"}), sha256=None)
    Path(picture).unlink()
    assert not done(record_of(one), "txt")
