"""What a line as a whole says of its runs."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ocr
from nn.errors import ModelError
from nn.model import Sequential
from nn.sequence import SequenceModel
from ocr.recognition.classify import log_softmax
from ocr.recognition.line_reader import (
    LEAST,
    LEAST_STOP,
    Frames,
    LineReader,
    LineScores,
    frames_of,
    load_line_reader,
    run_evidence,
)
from pipelines.layout.segment import make_atoms
from pipelines.layout.strips import Strip, cut_strip
from pipelines.pipeline import PRESETS

Drawn = Callable[..., npt.NDArray[np.uint8]]
LAYERS: list[dict[str, Any]] = [{"type": "max_pool2d", "kernel": 32, "columns": 2}, {"type": "columns"}]
CLASSES = ("", " ", "a", "b")


def model_of(classes: tuple[str, ...] = CLASSES, height: int = 32) -> SequenceModel:
    last = {"type": "conv1d", "filters": len(classes), "kernel": 1}
    return SequenceModel([*LAYERS, last], (height, 64, 1), classes)


def likeliest(scores: npt.NDArray[np.float32], c: int) -> float:
    """The likeliest of all paths that say nothing, then class c for some frames, then nothing."""
    count = len(scores)
    return max(
        float(scores[:i, 0].sum() + scores[i:j, c].sum() + scores[j:, 0].sum())
        for i, j in itertools.combinations(range(count + 1), 2)
    )


@given(st.integers(0, 2**32 - 1), st.lists(st.integers(0, 5), min_size=1, max_size=4))
def test_evidence_is_that_of_the_likeliest_path(seed: int, lengths: list[int]) -> None:
    rng = np.random.default_rng(seed)
    borders = np.concatenate([[0], np.cumsum(lengths)])
    scores = log_softmax(rng.normal(size=(int(borders[-1]), 3)).astype(np.float32))
    runs = np.array(list(itertools.combinations(range(len(borders)), 2)), np.int64)
    frames = Frames(scores, np.zeros(len(scores), np.float32), borders)
    evidence = run_evidence(frames, runs, ("", "a", "."))
    for (first, stop), row in zip(runs, evidence, strict=True):
        part = scores[borders[first] : borders[stop]]
        silent = max(LEAST, float(part[:, 0].sum()))
        assert row[0] == pytest.approx(silent, abs=1e-4)
        for c, least in ((1, LEAST), (2, LEAST_STOP)):
            best = max(least, likeliest(part, c)) if len(part) else least
            assert row[c] == pytest.approx(best, abs=1e-4)


def test_every_atom_has_frames_of_its_own_line(drawn: Drawn) -> None:
    sheet = PRESETS["auto"].run(drawn(["one two three", "four"]))
    atoms = make_atoms(sheet)
    line_reader = LineReader(model_of(), ("", "a", "b", "c"))
    strips = [cut_strip(sheet, line) for line in sheet.lines]
    read = line_reader.likely([strip.pixels for strip in strips])
    frames = frames_of(list(map(line_reader.scores, strips, read)), atoms, reject=0, reach=1000)
    assert frames.scores.shape == (len(frames.space), 4)
    assert (frames.borders[0], frames.borders[-1]) == (0, len(frames.space))
    assert (np.diff(frames.borders) > 0).all()
    second = int(np.searchsorted(atoms.line, 1))
    widths = np.diff(frames.borders)
    assert frames.borders[second] == widths[:second].sum()
    known = np.exp(frames.scores[:, 1]) + np.exp(frames.scores[:, 2])
    assert np.exp(frames.scores[:, 3]) == pytest.approx(known, abs=1e-5)


def apart(drawn: Drawn, left: str, right: str, gap: int) -> npt.NDArray[np.uint8]:
    """Return two texts on one line, with a wide gap."""
    parts = [drawn([text], 20, 6) for text in (left, right)]
    white = np.full((len(parts[0]), gap), 255, np.uint8)
    return np.concatenate([parts[0], white, parts[1]], axis=1)


def test_frames_far_from_ink_say_nothing(drawn: Drawn) -> None:
    sheet = PRESETS["line"].run(apart(drawn, "one", "two", 400))
    atoms = make_atoms(sheet)
    line_reader = LineReader(model_of(), ("", "a", "b", "c"))
    strip = cut_strip(sheet, sheet.lines[0])
    (read,) = line_reader.likely([strip.pixels])
    scores = line_reader.scores(strip, read)
    plain, silent = (frames_of([scores], atoms, 0, reach) for reach in (1000, 16))
    changed = np.flatnonzero((plain.scores != silent.scores).any(axis=1))
    columns = scores.left + scores.pitch * changed
    ends, starts = atoms.boxes[:, 2], atoms.boxes[:, 0]
    gap = int(np.argmax(starts[1:] - ends[:-1]))
    assert changed.tolist() == [*range(changed[0], changed[-1] + 1)]
    assert abs(columns[0] - ends[gap] - 16 * scores.pitch) <= scores.pitch
    assert abs(starts[gap + 1] - columns[-1] - 16 * scores.pitch) <= 2 * scores.pitch
    assert (silent.scores[changed, 0] == 0).all() and (silent.scores[changed, 1:] == LEAST).all()
    assert (silent.borders == plain.borders).all()


def test_letters_beside_a_wide_gap_are_read(drawn: Drawn) -> None:
    """The network is a little unsure of each of hundreds of white frames; in all, surely of something."""
    picture = apart(drawn, "Invoice of the month", "No. 2231", 600)
    reader = ocr.Reader(pipeline="line")
    assert reader.read_page(picture).text == "Invoice of the month No. 2231"
    params = reader.recognizer.params
    never = replace(params, candidates=replace(params.candidates, silent=100_000))
    reader.recognizer = replace(reader.recognizer, params=never)
    assert reader.read_page(picture).text != "Invoice of the month No. 2231"


def test_characters_of_either_case_are_one_to_a_reader_that_takes_them_so() -> None:
    strips = [np.random.default_rng(0).integers(0, 256, (32, 64)).astype(np.uint8)]
    model = model_of(("", " ", "a", "A", "b"))
    plain, folded = (
        LineReader(model, classes, task)
        for classes, task in ((("", "a", "A", "b"), ""), (("", "A"), "letters"))
    )
    logits = log_softmax(model.read(strips)[0])
    strip = Strip(strips[0], 0.0, 1.0)
    every, two = (np.exp(reader.scores(strip, logits).scores) for reader in (plain, folded))
    assert two[:, 1] == pytest.approx(every[:, 1] + every[:, 2], abs=1e-5)
    assert two[:, 0] == pytest.approx(every[:, 0] + every[:, 3], abs=1e-5)


def test_a_model_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    Sequential([{"type": "flatten"}, {"type": "dense", "units": 2}], (28, 28, 1), ("a", "b")).save(path)
    with pytest.raises(ModelError, match=r"model\.safetensors"):
        load_line_reader(path, ("", "a"))
    model_of(("", "a", "b")).save(path)
    with pytest.raises(ModelError, match="blanks and spaces"):
        load_line_reader(path, ("", "a"))
    model_of().save(path)
    assert load_line_reader(path, ("", "a")).model.classes == CLASSES


def test_borders_lie_between_letters() -> None:
    path = np.array([0, 0, 1, 1, 0, 0, 0, 2, 1, 0])
    scores = log_softmax(9 * np.eye(3, dtype=np.float32)[path])
    line = LineScores(scores, np.zeros(10, np.float32), 100.0, 4.0)
    assert line.borders(0).tolist() == [100 + 4 * 5.5, 100 + 4 * 8]
