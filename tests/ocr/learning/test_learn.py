"""A copy of the bundled network learns the letters of a writer made up here, and keeps the others."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

import ocr
from nn.errors import DataError, ModelError
from nn.model import Sequential
from ocr.learning.learn import Learned, learn
from ocr.learning.views import confusion
from ocr.recognition.classify import BUNDLED, load_classifier
from tests.ocr.learning.writer import LETTERS, knowing, written

TAUGHT = (LETTERS * 2)[:20]


def right(model: Path, images: np.ndarray, texts: str) -> float:
    classifier = load_classifier(model)
    read = classifier.log_probabilities(images).argmax(axis=1)
    return float(np.mean([classifier.classes[k] == text for k, text in zip(read, texts, strict=True)]))


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> Learned:
    """What comes of twenty letters of a writer whose letters lie on their backs."""
    out = tmp_path_factory.mktemp("learned") / "mine.safetensors"
    return learn(written(TAUGHT, 40, 0, seed=1), list(TAUGHT), base=BUNDLED, out=out)


@pytest.fixture(scope="module")
def more(learned: Learned, tmp_path_factory: pytest.TempPathFactory) -> Learned:
    """What comes of two letters more: too few to hold any back."""
    out = tmp_path_factory.mktemp("more") / "again.safetensors"
    return learn(written("kk", 0, 0, 4), ["k", "k"], base=learned.model, out=out)


def test_twenty_letters_of_a_writer_help_with_the_rest_of_them(learned: Learned) -> None:
    texts = LETTERS * 10
    others = written(texts, 40, 0, seed=2)
    assert right(learned.model, others, texts) > right(BUNDLED, others, texts) + 0.05
    assert learned.samples == 20
    assert learned.before is not None and learned.after is not None


@pytest.mark.parametrize(("turn", "slant"), [(0, 0), (0, 0.4), (-10, 0)])
def test_other_hands_are_read_as_before(learned: Learned, turn: float, slant: float) -> None:
    texts = "ABCDEFGHIJKLMNPQRTUYabdefghijkmnpqrt2345679&?@%" * 3
    images = written(texts, turn, slant, seed=3)
    assert right(learned.model, images, texts) >= right(BUNDLED, images, texts) - 0.03
    assert 0.9 < learned.kept <= 1


def test_all_but_the_last_layer_and_all_that_is_known_of_characters_stay(learned: Learned) -> None:
    base, mine = Sequential.load(BUNDLED), Sequential.load(learned.model)
    changed = {name for name in base.weights if not np.array_equal(base.weights[name], mine.weights[name])}
    last = str(len(base.layers) - 1)
    assert changed == {f"{last}.weight", f"{last}.bias"}
    measured = {"learned", "confusion"}
    assert {k: v for k, v in mine.settings.items() if k not in measured} == {
        k: v for k, v in base.settings.items() if k not in measured
    }
    assert mine.classes == base.classes


def test_a_learned_model_reads_and_learns_on(learned: Learned, more: Learned) -> None:
    assert "CAT" in ocr.read(Path(__file__).parents[3] / "samples/note.jpg", model=learned.model).text
    assert (more.samples, more.before, more.after) == (2, None, None)


def test_what_a_learned_model_mixes_up_is_measured_on_letters_held_back_or_not_told(
    learned: Learned, more: Learned
) -> None:
    model = Sequential.load(learned.model)
    mixed = confusion(model)
    assert mixed is not None
    stood = Counter({mixed.classes[true]: 0 for true, _, _ in mixed.counts})
    for true, _, count in mixed.counts:
        stood[mixed.classes[true]] += count
    assert stood == Counter(TAUGHT)
    right = sum(count for true, read, count in mixed.counts if true == read)
    assert right / len(TAUGHT) == pytest.approx(learned.after)
    assert confusion(Sequential.load(more.model)) is None


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return knowing("EFGkx", tmp_path / "small.safetensors")


def test_the_same_letters_teach_the_same(small: Path, tmp_path: Path) -> None:
    images = written("EE", 60, 0, seed=5)
    weights = []
    for name in ("one", "two"):
        made = learn(images, ["E", "E"], base=small, out=tmp_path / f"{name}.safetensors")
        weights.append(Sequential.load(made.model).weights)
    assert all(np.array_equal(weights[0][name], weights[1][name]) for name in weights[0])


def test_characters_without_a_class_are_left_out_and_told(small: Path, tmp_path: Path) -> None:
    images = written("EEF", 0, 0, seed=6)
    made = learn(images, ["E", "ж", "é"], base=small, out=tmp_path / "mine.safetensors")
    assert (made.samples, made.unknown) == (1, ("é", "ж"))


def test_progress_only_grows(small: Path, tmp_path: Path) -> None:
    told: list[float] = []
    learn(
        written("EFEFEFEF", 0, 0, seed=7),
        list("EFEFEFEF"),
        base=small,
        out=tmp_path / "mine.safetensors",
        progress=lambda done, what: told.append(done),
    )
    assert told == sorted(told)
    assert (told[0], told[-1]) == (0, 1)


def without_memory(folder: Path, **settings: object) -> Path:
    model = Sequential.load(BUNDLED)
    del model.settings["memory"]
    model.settings |= settings
    model.save(folder / "other.safetensors")
    return folder / "other.safetensors"


@pytest.mark.parametrize(
    "table", [5, {"means": ""}, {"classes": 1, "features": 2, "means": "AA", "spread": ""}]
)
def test_a_damaged_memory_is_told_of(tmp_path: Path, table: object) -> None:
    base = without_memory(tmp_path, memory=table)
    with pytest.raises(ModelError, match="memory is damaged"):
        learn(written("E", 0, 0, 0), ["E"], base=base, out=tmp_path / "mine.safetensors")


def test_what_cannot_be_learned_leaves_no_file(tmp_path: Path) -> None:
    images, out = written("E", 0, 0, seed=8), tmp_path / "mine.safetensors"
    with pytest.raises(DataError, match="no letters"):
        learn(images[:0], [], base=BUNDLED, out=out)
    with pytest.raises(DataError, match="no é"):
        learn(images, ["é"], base=BUNDLED, out=out)
    with pytest.raises(DataError, match="more than"):
        learn(np.repeat(images, 20_001, axis=0), ["E"] * 20_001, base=BUNDLED, out=out)
    with pytest.raises(ValueError, match="expected uint8"):
        learn(images[:, 1:], ["E"], base=BUNDLED, out=out)
    with pytest.raises(ModelError, match="no such file"):
        learn(images, ["E"], base=tmp_path / "none.safetensors", out=out)
    with pytest.raises(ModelError, match="remembers nothing"):
        learn(images, ["E"], base=without_memory(tmp_path), out=out)
    assert not out.exists()
    base = without_memory(tmp_path)
    with pytest.raises(DataError, match="name another file"):
        learn(images, ["E"], base=base, out=base)
