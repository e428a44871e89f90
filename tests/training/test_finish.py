"""Calibration, and the file that the reader is shipped with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn.calibrate import fit_temperature
from nn.model import Sequential
from ocr.recognition.classify import load_classifier
from training.finish import finish

PLACES = {"a": (0.0, 1.0, 0.1, 0.2, 0.05, 0.06)}


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_the_temperature_that_labels_were_drawn_at_is_found(temperature: float) -> None:
    rng = np.random.default_rng(0)
    logits = (4 * rng.standard_normal((20_000, 5))).astype(np.float32)
    drawn = logits / temperature + rng.gumbel(size=logits.shape)
    assert fit_temperature(logits, drawn.argmax(axis=1)) == pytest.approx(temperature, rel=0.05)


def test_a_finished_model_is_loaded_with_its_calibration_and_places(tmp_path: Path) -> None:
    layers: list[dict[str, Any]] = [{"type": "flatten"}, {"type": "dense", "units": 3}]
    model = Sequential(layers, (28, 28, 1), ("", "a", "b"), {"recipe": "small"})
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (300, 28, 28)).astype(np.uint8)
    labels = rng.integers(0, 3, 300)
    before = model.predict(images)
    learned = np.array(["", "a", "a", "a", "b", "."])
    temperature = finish(model, images, labels, learned, PLACES, tmp_path / "reader.safetensors")
    classifier = load_classifier(tmp_path / "reader.safetensors")
    assert classifier.classes == ("", "a", "b")
    assert classifier.temperature == pytest.approx(temperature, abs=1e-4)
    assert classifier.frequencies.tolist() == [1.0, 1.5, 0.5]
    assert classifier.placement.known.tolist() == [False, True, False]
    assert classifier.placement.top_spread[1] == 0.2
    assert classifier.model.settings["recipe"] == "small"
    assert classifier.model.predict(images) == pytest.approx(before, abs=0.02)
    assert (tmp_path / "reader.safetensors").stat().st_size < 2 * 3 * 784 + 3000
