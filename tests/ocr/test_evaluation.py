"""What is counted of readings, against counts made by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.document import Alternative, Box, Document, Glyph, Line, Page, Word
from ocr.evaluation.alignment import Change, changes, edits, partners
from ocr.evaluation.calibration import error_by_chance, reliability_of
from ocr.evaluation.evaluate import add_up, evaluate
from ocr.evaluation.folders import Sample, find_sets, other_readings
from ocr.evaluation.tally import (
    NONE,
    Sureness,
    Tally,
    aligned_letters,
    right_words,
    tally_document,
    tally_text,
)
from ocr.evaluation.views import VIEWS, folded

IMAGE = np.zeros((28, 28), np.uint8)
EXACT, NO_CASE, ALNUM = VIEWS.values()
TEXTS = st.text(st.sampled_from("aAbB1 .-"), max_size=12)


def document(text: str, confidence: float = 0.9, others: str = "") -> Document:
    """A reading whose letters have `others` for alternatives."""
    words = []
    for part in text.split():
        glyphs = tuple(
            Glyph(
                c, Box(0, 0, 5, 5), confidence, tuple(Alternative(o, confidence) for o in c + others), IMAGE
            )
            for c in part
        )
        words.append(Word(glyphs, confidence, (Alternative(part, confidence),)))
    return Document((Page((Line(tuple(words)),) if words else (), 100, 50),), "made")


# --- alignment ---


@given(TEXTS, TEXTS)
def test_edits_are_those_of_the_definition(one: str, other: str) -> None:
    table = np.zeros((len(one) + 1, len(other) + 1), int)
    table[:, 0], table[0] = range(len(one) + 1), range(len(other) + 1)
    for i, a in enumerate(one, start=1):
        for j, b in enumerate(other, start=1):
            table[i, j] = min(table[i - 1, j] + 1, table[i, j - 1] + 1, table[i - 1, j - 1] + (a != b))
    assert edits(one, other) == table[-1, -1]


@given(TEXTS, TEXTS)
def test_an_alignment_costs_as_much_as_the_edits(reference: str, reading: str) -> None:
    places = partners(reference, reading)
    there = places[places >= 0]
    assert (np.diff(there) > 0).all()
    wrong = sum(reference[p] != c for c, p in zip(reading, places, strict=True) if p >= 0)
    cost = wrong + (len(reading) - len(there)) + (len(reference) - len(there))
    assert cost == edits(reference, reading)


@given(TEXTS, TEXTS)
def test_changes_make_up_both_texts(reference: str, reading: str) -> None:
    parts = changes(reference, reading)
    assert "".join(part.reference for part in parts) == reference
    assert "".join(part.reading for part in parts) == reading
    assert all(a.is_right != b.is_right for a, b in pairwise(parts))


def test_changes_are_whole_stretches() -> None:
    assert changes("form", "fornn") == [Change("for", "for"), Change("m", "nn")]


# --- views ---


def test_texts_are_folded_alike() -> None:
    assert folded(" “Cafe\u0301”\n— it`s\tﬁne ") == '"Café" - it\'s fine'
    assert [view.fold(folded("Go-Kart 2É")) for view in VIEWS.values()] == [
        "Go-Kart 2É",
        "go-kart 2é",
        "gokart2",
    ]


# --- counting ---


def test_rates_are_edits_over_the_reference() -> None:
    exact, no_case, alnum = (tally_text("It is, I\nthink", "it is I thank", view) for view in VIEWS.values())
    assert (exact.edits, exact.length, exact.word_edits, exact.words) == (3, 14, 3, 4)
    assert (no_case.edits, no_case.length, no_case.word_edits, no_case.words) == (2, 14, 2, 4)
    assert (alnum.edits, alnum.length, alnum.word_edits, alnum.words) == (1, 10, 1, 4)
    assert (exact.cer, exact.wer) == (3 / 14, 3 / 4)
    assert exact.top(1) is None


@pytest.mark.parametrize(
    ("reference", "reading", "rates"),
    [("", "abc", (3, 3)), ("abc", "", (1, 1)), ("", "", (0, 0)), ("...", "-", (1, 0))],
)
def test_a_rate_without_a_reference_is_the_number_of_edits(
    reference: str, reading: str, rates: tuple[float, float]
) -> None:
    tallies = [tally_document(reference, document(reading), view) for view in (EXACT, ALNUM)]
    assert tuple(tally.cer for tally in tallies) == rates


@given(TEXTS, TEXTS)
def test_a_document_has_the_rates_of_its_text(reference: str, reading: str) -> None:
    made = document(reading)
    for view in VIEWS.values():
        one, other = tally_document(reference, made, view), tally_text(reference, made.text, view)
        assert (one.edits, one.length, one.word_edits, one.words) == (
            other.edits,
            other.length,
            other.word_edits,
            other.words,
        )
        assert len(one.of_letters.sure) == len(view.fold(reading).replace(" ", ""))
        assert one.of_letters.right.sum() <= one.length


def test_letters_are_right_where_they_stand_for_the_same() -> None:
    letters = aligned_letters("to be", document("t0 be!"), EXACT)
    assert [(one.character, one.expected) for one in letters] == [
        *zip("t0be!", ["t", "o", "b", "e", ""], strict=True)
    ]
    tally = tally_document("to be", document("t0 be!"), EXACT)
    assert tally.of_letters.right.tolist() == [True, False, True, True, False]


def test_the_rank_is_the_place_among_the_alternatives() -> None:
    assert tally_document("o", document("0", others="Oo"), EXACT).ranks.tolist() == [2]
    assert tally_document("o", document("0", others="Oo"), NO_CASE).ranks.tolist() == [1]
    assert tally_document("x", document("0", others="Oo"), EXACT).ranks.tolist() == [NONE]
    assert tally_document("0", document("0", others="Oo"), EXACT).ranks.tolist() == [0]
    assert tally_document("", document("0"), EXACT).ranks.tolist() == []
    tally = tally_document("oox0", document("0000", others="Oo"), EXACT)
    assert [tally.top(k) for k in (1, 2, 3)] == [0.25, 0.25, 0.75]


def test_a_letter_in_place_of_a_blank_has_no_rank() -> None:
    tally = tally_document("a b", document("axb"), EXACT)
    assert tally.ranks.tolist() == [0, 0]
    assert tally.of_letters.right.tolist() == [True, False, True]


def test_words_are_right_where_they_equal_the_one_they_stand_for() -> None:
    read = document("the cat sat an the mat")
    found = right_words("The cat sat on mat.", read, EXACT)
    assert [(word.text, is_right) for word, is_right in found] == [
        ("the", False),
        ("cat", True),
        ("sat", True),
        ("an", False),
        ("the", False),
        ("mat", False),
    ]
    assert [is_right for _, is_right in right_words("The cat sat on mat.", read, ALNUM)].count(True) == 4
    assert right_words("a", document("-"), ALNUM) == []


def test_tallies_add_up() -> None:
    parts = [tally_document("abc", document("abd"), EXACT), tally_document("x y", document("x"), EXACT)]
    total = Tally.join(parts)
    assert (total.edits, total.length, total.word_edits, total.words) == (3, 6, 2, 3)
    assert total.of_letters.right.tolist() == [True, True, False, True]
    assert Tally.join([]).cer == 0


# --- calibration ---


def test_the_calibration_error_is_the_distance_of_said_and_right() -> None:
    said = Sureness(
        np.array([0.9, 0.9, 0.9, 0.9, 0.3, 0.3]), np.array([True, True, True, False, False, True])
    )
    assert reliability_of(said).error == pytest.approx((4 * 0.15 + 2 * 0.2) / 6)


def test_the_error_by_chance_is_that_of_honest_confidences() -> None:
    rng = np.random.default_rng(0)
    sure = rng.uniform(0.2, 1, 120)
    errors = [reliability_of(Sureness(sure, rng.random(120) < sure)).error for _ in range(300)]
    assert error_by_chance(Sureness(sure, sure > 0)) == pytest.approx(np.mean(errors), rel=0.08)
    assert error_by_chance(Sureness(np.zeros(0), np.zeros(0, bool))) == 0


# --- folders ---


def write(folder: Path, texts: dict[str, str | bytes]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def test_sets_are_a_folder_and_those_in_it(tmp_path: Path) -> None:
    write(tmp_path / "top", {"a.png": "", "a.gt.txt": "A", "b.jpg": "", "b.txt": "no truth"})
    write(
        tmp_path / "top" / "two", {"c.tif": "", "c.gt.txt": b"\xef\xbb\xbfC\n", "d.png": "", "d.png.gt": ""}
    )
    write(tmp_path / "top" / "none", {"e.png": ""})
    told: list[str] = []
    found = {one.name: one.samples for one in find_sets(tmp_path / "top", told.append)}
    assert found == {
        "top": (Sample("a", tmp_path / "top" / "a.png", "A"),),
        "two": (Sample("c", tmp_path / "top" / "two" / "c.tif", "C\n"),),
    }
    assert told == []


def test_texts_that_will_not_do_are_told_of(tmp_path: Path) -> None:
    write(tmp_path, {"a.gt.txt": "A", "b.gt.txt": b"\xff\xfe", "b.png": "", "c.gt.txt": "C", "c.png": ""})
    told: list[str] = []
    [found] = find_sets(tmp_path, told.append)
    assert [sample.name for sample in found.samples] == ["c"]
    assert told == [
        f"{tmp_path / 'a.gt.txt'}: no picture of that name beside it",
        f"{tmp_path / 'b.gt.txt'}: is no UTF-8",
    ]


def test_other_readings_lie_by_set_or_together(tmp_path: Path) -> None:
    write(tmp_path / "set", {f"{name}{end}": name for name in "abcd" for end in (".png", ".gt.txt")})
    [samples] = find_sets(tmp_path / "set", pytest.fail)
    other = write(tmp_path / "other", {"a.txt": "far", "b.txt": "B", "d.gt.txt": b"\xff"})
    write(other / "set", {"a.gt.txt": "near"})
    told: list[str] = []
    assert other_readings(other, samples, told.append) == {"a": "near", "b": "B", "c": "", "d": ""}
    assert told == [
        f"{other}: no text for set/c; counted as nothing read",
        f"{other / 'd.gt.txt'}: is no UTF-8; counted as nothing read",
    ]


# --- whole sets ---


def samples_of(*references: str) -> list[Sample]:
    return [Sample(str(k), Path(f"{k}.png"), text) for k, text in enumerate(references)]


def reading(texts: dict[str, str | None]) -> Callable[[Path], Document | None]:
    def read(path: Path) -> Document | None:
        text = texts[path.stem]
        return document(text) if text is not None else None

    return read


def test_a_set_keeps_its_worst_and_sums_all() -> None:
    read = reading({"0": "good", "1": "bad", "2": None, "3": "goad"})
    others = {"peer": {"0": "good", "1": "good", "2": "", "3": "good"}}
    found = evaluate("set", samples_of("good", "good", "good", "good"), "line", read, others, 2)
    assert [result.sample.name for result in found.worst] == ["2", "1"]
    assert [result.document is None for result in found.worst] == [True, False]
    assert all(result.document is None for result in found.results)
    assert (found.tallies["ocr"]["exact"].edits, found.tallies["peer"]["exact"].edits) == (8, 4)
    assert found.seconds >= 0
    both = add_up([found.tallies, replace(found, results=found.results[:2]).tallies])
    assert both["ocr"]["exact"].edits == 11


def test_a_text_without_end_is_told_of_and_the_others_are_measured(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / f"{name}.png").touch()
    (tmp_path / "a.gt.txt").write_text("A")
    (tmp_path / "b.gt.txt").symlink_to("/dev/zero")
    with open(tmp_path / "c.gt.txt", "wb") as endless:
        endless.truncate(10**11)
    told: list[str] = []
    [found] = find_sets(tmp_path, told.append)
    assert [sample.name for sample in found.samples] == ["a"]
    assert [said.rpartition(": ")[2] for said in told] == [
        "is no file",
        "has more than 1000000 characters, which no picture has",
    ]
