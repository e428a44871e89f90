"""The bundled network, and the glyphs it is given."""

from __future__ import annotations

import string
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from nn.errors import ModelError
from nn.model import Sequential
from ocr.recognition.classify import BUNDLED, REJECT, Classifier, load_classifier, log_softmax, with_reject
from pipelines.normalize import clean
from training.fonts import PILLOW_FONT
from training.glyphs import glyphs_of
from training.render import render_lines

MARKS = ".,;:!?'\"-()/&@#$%+=*"


@pytest.fixture(scope="module")
def bundled() -> Classifier:
    return load_classifier()


@given(arrays.arrays(np.float32, (3, 5), elements=st.integers(-80, 80)), st.integers(-50, 50))
def test_probabilities_sum_to_one_whatever_is_added_to_all(
    logits: npt.NDArray[np.float32], shift: int
) -> None:
    scores = log_softmax(logits)
    assert scores.dtype == np.float32
    assert np.exp(scores).sum(axis=1) == pytest.approx(np.ones(3), abs=1e-5)
    assert scores == pytest.approx(log_softmax(logits + np.float32(shift)), abs=1e-4)
    assert np.array_equal(scores.argmax(axis=1), logits.argmax(axis=1))


def test_the_bundled_network_knows_a_page_s_characters(bundled: Classifier) -> None:
    assert set(bundled.classes) >= set(string.ascii_letters + string.digits + MARKS) | {REJECT}
    assert len(set(bundled.classes)) == len(bundled.classes)
    assert bundled.rejects.tolist() == [c == "" for c in bundled.classes]
    assert BUNDLED.stat().st_size <= 8_000_000


def test_the_bundled_network_is_calibrated_and_knows_places(bundled: Classifier) -> None:
    assert 0.3 < bundled.temperature < 3
    known = {c for c, is_known in zip(bundled.classes, bundled.placement.known, strict=True) if is_known}
    assert known >= set(string.ascii_letters + string.digits + MARKS)
    assert REJECT not in known


def test_the_bundled_network_tells_printed_letters_apart(bundled: Classifier) -> None:
    text = "ABDEFGHJKLMNPQRT abdefghijkmnpqrt 23456789 ?!%&@#"
    drawn = render_lines([text], PILLOW_FONT, 48, np.random.default_rng(0), spacing=0.15)
    glyphs = glyphs_of(drawn, np.random.default_rng(0), rejects=0.1)
    letters = glyphs.labels != REJECT
    best = bundled.log_probabilities(glyphs.images[letters]).argmax(axis=1)
    right = np.array(bundled.classes)[best] == glyphs.labels[letters]
    assert len(right) > 40
    assert right.mean() > 0.9


def test_joined_letters_are_told_from_letters(bundled: Classifier) -> None:
    drawn = render_lines(["adegksABDEGKRS"], PILLOW_FONT, 48, np.random.default_rng(0), spacing=0.3)
    single = glyphs_of(drawn, np.random.default_rng(0), rejects=0.1)
    letters = single.images[single.labels != REJECT]
    small = np.stack([cv2.resize(letter, (14, 14), interpolation=cv2.INTER_AREA) for letter in letters])
    pairs = np.concatenate([small[:, :, :12], np.roll(small, 5, axis=0)[:, :, 2:]], axis=2)
    pairs = clean(np.pad(pairs, ((0, 0), (7, 7), (2, 2))))
    reject = bundled.classes.index(REJECT)
    scores = [np.exp(bundled.log_probabilities(glyphs))[:, reject] for glyphs in (letters, pairs)]
    assert np.median(scores[1]) > max(0.3, 10 * float(np.median(scores[0])))


def test_no_glyphs_are_no_work(bundled: Classifier) -> None:
    scores = bundled.log_probabilities(np.zeros((0, 28, 28), np.uint8))
    assert scores.shape == (0, len(bundled.classes))


def test_glyphs_are_classified_each_on_its_own(bundled: Classifier) -> None:
    glyphs = np.random.default_rng(0).integers(0, 256, (70, 28, 28)).astype(np.uint8)
    together = bundled.log_probabilities(glyphs)
    alone = np.concatenate([bundled.log_probabilities(glyph[None]) for glyph in glyphs])
    assert together == pytest.approx(alone, abs=1e-3)


def test_a_network_is_loaded_once(bundled: Classifier) -> None:
    assert load_classifier(BUNDLED) is load_classifier(BUNDLED)


def test_a_network_without_calibration_is_taken_at_its_word(tmp_path: Path) -> None:
    model = Sequential([{"type": "flatten"}, {"type": "dense", "units": 2}], (28, 28, 1), ("a", "b"))
    model.save(tmp_path / "plain.safetensors")
    classifier = load_classifier(tmp_path / "plain.safetensors")
    glyphs = np.random.default_rng(0).integers(0, 256, (4, 28, 28)).astype(np.uint8)
    scores = classifier.log_probabilities(glyphs)
    assert log_softmax(scores[:, :2]) == pytest.approx(log_softmax(model.predict(glyphs)), abs=1e-5)
    assert classifier.classes == ("a", "b", REJECT) and classifier.rejects.tolist() == [False, False, True]


def test_a_network_knows_where_characters_stand_though_it_does_not_say(
    tmp_path: Path, bundled: Classifier
) -> None:
    path = tmp_path / "plain.safetensors"
    model = Sequential([{"type": "flatten"}, {"type": "dense", "units": 3}], (28, 28, 1), ("A", "B", "§"))
    place, where = bundled.placement, {c: k for k, c in enumerate(bundled.classes)}
    for task, top in (("", place.top[where["A"]]), ("letters", place.top[[where["A"], where["a"]]].mean())):
        model.settings["training"] = {"task": task}
        model.save(path)
        load_classifier.cache_clear()
        found = load_classifier(path)
        assert found.task == task and found.placement.known.tolist() == [True, True, False, False]
        assert found.placement.top[0] == pytest.approx(top)
    assert found.placement.top_spread[0] > place.top_spread[where["A"]]


def test_a_glyph_is_as_likely_none_as_it_is_none_of_the_three_likeliest() -> None:
    sure, unsure = np.full(30, 0.001), np.full(30, 1 / 30)
    sure[4] = 0.971
    rates = np.exp(with_reject(np.log(np.stack([sure, unsure]).astype(np.float32))))
    assert rates.sum(axis=1) == pytest.approx([1, 1], abs=1e-5)
    assert rates[:, -1] == pytest.approx([0.027 / 1.027, 0.9 / 1.9], abs=1e-3)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\xff" * 400])
def test_a_damaged_network_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.safetensors"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"broken\.safetensors"):
        load_classifier(path)


def test_a_network_cut_short_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "short.safetensors"
    path.write_bytes(BUNDLED.read_bytes()[:-1000])
    with pytest.raises(ModelError, match=r"short\.safetensors"):
        load_classifier(path)
