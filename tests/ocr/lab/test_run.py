"""A run that is watched: pausing changes nothing, another rate does, and every step can be looked at."""

from __future__ import annotations

from base64 import b64decode
from pathlib import Path

import numpy as np
import pytest

from nn.data.npz import read_npz
from nn.losses import softmax
from nn.model import Sequential
from ocr.lab.plan import Plan, recipe_for, recipes
from ocr.lab.run import Run
from ocr.lab.sets import OWN, data_sets
from ocr.learning.corrections import Corrections

PLAN = Plan("drawn digits", "small_cnn", 0.003, epochs=2, batch_size=32, samples=150)


def started(folder: Path, plan: Plan = PLAN) -> Run:
    return Run(plan, data_sets()[plan.data], folder)


def paused(run: Run) -> Run:
    run.pause()
    assert run.wait() == "paused"
    return run


def same(one: Run, other: Run) -> bool:
    mine, theirs = one.weights(), other.weights()
    return mine.keys() == theirs.keys() and all((mine[name] == theirs[name]).all() for name in mine)


@pytest.fixture(scope="module")
def straight(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run that went through without a pause."""
    run = started(tmp_path_factory.mktemp("straight"))
    assert run.wait() == "done"
    return run


def test_a_run_that_was_paused_ends_as_one_that_was_not(straight: Run, tmp_path: Path) -> None:
    run = paused(started(tmp_path))
    first = run.now()["step"]
    assert 0 < first < straight.now()["steps"]
    run.go_on()
    paused(run)
    assert run.now()["step"] > first
    run.go_on(PLAN.rate)
    assert run.wait() == "done"
    assert same(run, straight)
    assert run.now()["history"] == straight.now()["history"]
    assert run.now()["losses"] == straight.now()["losses"]


def test_another_rate_holds_from_the_next_step_on(straight: Run, tmp_path: Path) -> None:
    run = paused(started(tmp_path))
    run.go_on(0.0001)
    assert run.wait() == "done"
    assert run.now()["rate"] == 0.0001
    assert run.now()["history"][-1]["rate"] == 0.0001
    assert not same(run, straight)


def test_a_run_that_goes_on_after_its_end_is_one_longer_run(straight: Run, tmp_path: Path) -> None:
    run = started(tmp_path, Plan(PLAN.data, PLAN.recipe, PLAN.rate, 1, PLAN.batch_size, PLAN.samples))
    assert run.wait() == "done"
    run.go_on(epochs=1)
    assert run.wait() == "done"
    assert same(run, straight)
    assert run.now()["history"] == straight.now()["history"]


def test_it_tells_what_it_learns_from_and_how_it_goes(straight: Run) -> None:
    now = straight.now()
    assert now["classes"] == list("0123456789")
    assert now["learned"] + now["held_out"] == pytest.approx(PLAN.samples, abs=10)
    steps = now["learned"] // PLAN.batch_size
    assert (now["step"], now["steps"]) == (2 * steps, 2 * steps)
    assert [point[0] for point in now["losses"]] == list(range(1, 2 * steps + 1))
    assert [epoch["step"] for epoch in now["history"]] == [steps, 2 * steps]
    assert now["saved"] == list(range(2 * steps + 1))
    assert now["losses"][-1][1] < now["losses"][0][1]


def test_a_step_shows_its_filters_weights_and_mix_ups(straight: Run) -> None:
    first, last = (straight.look(step) for step in (0, straight.now()["steps"]))
    assert first is not None and last is not None
    filters = last["filters"]
    assert (filters["count"], filters["height"], filters["width"]) == (8, 5, 5)
    assert np.abs(np.frombuffer(b64decode(filters["values"]), np.int8)).max() == 127
    assert filters["values"] != first["filters"]["values"]
    assert [one["name"] for one in last["weights"]] == ["conv2d 1", "conv2d 2", "dense 1", "dense 2"]
    assert sum(last["weights"][0]["counts"]) == 8 * 25
    confusion = last["confusion"]
    assert sum(count for *_, count in confusion["counts"]) == confusion["count"] > 0
    right = sum(count for true, read, count in confusion["counts"] if true == read)
    assert confusion["accuracy"] == pytest.approx(right / confusion["count"], abs=1e-6)
    assert straight.look(10**6) is None


def test_every_layer_answers_a_glyph_as_the_network_does(straight: Run) -> None:
    glyph = np.zeros((28, 28), np.uint8)
    glyph[4:24, 13:16] = 255
    last = straight.now()["steps"]
    answers = straight.answers(last, glyph)
    assert answers is not None
    names = [layer["name"] for layer in answers["layers"]]
    assert names[:3] == ["conv2d 1", "relu 1", "max_pool2d 1"] and "flatten 1" not in names
    assert answers["layers"][0]["shape"] == [28, 28, 8]
    model = recipe_for(PLAN).network(Sequential, list("0123456789"))
    model.set_weights(straight.weights())
    expected = softmax(model.predict(glyph[None]))[0]
    best = answers["top"][0]
    assert best["text"] == str(expected.argmax())
    assert best["confidence"] == pytest.approx(expected.max(), abs=1e-4)
    course = straight.course(glyph)
    assert [one["step"] for one in course] == straight.now()["saved"]
    assert course[-1]["text"] == best["text"]
    assert course[-1]["confidence"] == pytest.approx(best["confidence"], abs=1e-4)
    assert straight.answers(10**6, glyph) is None


def test_a_rate_that_is_too_high_is_told_in_one_line(tmp_path: Path) -> None:
    run = started(tmp_path, Plan("drawn capitals", "three_hidden", 10.0, 40, 26, 52))
    assert run.wait() == "failed"
    assert "rate" in run.now()["message"] and "\n" not in run.now()["message"]


def test_sets_are_drawn_corrected_and_files(tmp_path: Path) -> None:
    folder = tmp_path / "letters"
    files = [tmp_path / "a" / "hand.npz", tmp_path / "b" / "hand.npz"]
    assert OWN not in data_sets(folder)
    glyphs = np.zeros((30, 28, 28), np.uint8)
    glyphs[:15, 4:24, 12:15], glyphs[15:, 12:15, 4:24] = 255, 255
    Corrections(folder).add(glyphs, ["l"] * 15 + ["-"] * 15, "a note")
    sets = data_sets(folder, files)
    assert list(sets)[3:] == [OWN, "hand.npz", str(files[1])]
    plan = Plan(OWN, "small_cnn", 0.003, 1, 8, 4000)
    run = Run(plan, sets[OWN], tmp_path / "run")
    assert run.wait() == "done"
    assert run.now()["classes"] == ["-", "l"]
    run = Run(plan, sets["hand.npz"], tmp_path / "other")
    assert run.wait() == "failed"
    assert "hand.npz" in run.now()["message"]


def test_too_little_to_learn_from_is_told(tmp_path: Path) -> None:
    file = tmp_path / "few.npz"
    glyphs = np.zeros((4, 28, 28), np.uint8)
    np.savez(file, images=glyphs, labels=np.array(list("abab")), split=np.full(4, ""), allow_pickle=False)
    assert len(read_npz(file)) == 4
    run = Run(Plan("few.npz", "small_cnn", 0.003, 1, 8), data_sets(None, [file])["few.npz"], tmp_path / "run")
    assert run.wait() == "failed"
    assert run.now()["message"].startswith("few.npz: 4 samples of 2 characters")


def test_recipes_on_offer_learn_glyphs_from_nothing() -> None:
    found = recipes()
    assert next(iter(found)) == "small_cnn"
    assert {"mlp", "reader", "perceptron_softmax"} <= found.keys()
    assert not {"reader_tune", "scans"} & found.keys()
