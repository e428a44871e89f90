"""Strips without text."""

from __future__ import annotations

from zipfile import ZipFile

import cv2
import numpy as np

from nn.sequence import SequenceModel
from nn.training.sequence_train import to_validate, validated
from training.empty_strips import LIKE_TEXT, empty_strips
from training.scenery import HELD_OUT

CLASSES = ("", "A", "B")
LAYERS = ({"type": "columns"}, {"type": "conv1d", "filters": 3, "kernel": 1})


class Fixed(SequenceModel):
    """Reads the same on each strip that is darker than half: `says`, as surely as `gap` makes it."""

    says, gap = 1, 1.0

    def read(self, strips):
        logits = [np.zeros((strip.shape[1] // 2, len(CLASSES)), np.float32) for strip in strips]
        for strip, frames in zip(strips, logits, strict=True):
            frames[:, 0] = 20
            if strip.mean() > 8:
                frames[2 : 2 + 2 * self.says : 2, 1] = 20 + self.gap
        return logits


def _photos(tmp_path):
    rng = np.random.default_rng(0)
    with ZipFile(tmp_path / "photos.zip", "w") as file:
        for name in range(HELD_OUT + 1):
            grain = cv2.resize(rng.integers(0, 256, (60, 80), np.uint8), (400, 330))
            file.writestr(f"{name:02}.webp", cv2.imencode(".webp", grain)[1].tobytes())
    return tmp_path


def test_strips_that_a_network_reads_something_on_are_kept_without_a_text(tmp_path):
    model = Fixed(LAYERS, (32, 32, 1), CLASSES)
    found = empty_strips(_photos(tmp_path), model, 40)
    assert len(found) == 40 and set(found.texts) == {""} and set(found.split) == {"train", "val"}
    assert np.mean([strip.mean() > 8 for strip in found.apart()]) > 0.7


def test_what_is_surely_read_may_be_lettering_and_is_left_out(tmp_path):
    model = Fixed(LAYERS, (32, 32, 1), CLASSES)
    model.says, model.gap = 6, 9.0
    assert np.exp(-model.gap) < -LIKE_TEXT
    found = empty_strips(_photos(tmp_path), model, 8)
    assert all(strip.mean() <= 8 or strip.shape[1] < 28 for strip in found.apart())


def test_letters_read_where_there_is_no_text_are_errors(tmp_path):
    model = Fixed(LAYERS, (32, 32, 1), CLASSES)
    found = empty_strips(_photos(tmp_path), model, 20)
    pictures, texts, kinds, places = to_validate(found, CLASSES)
    assert len(places) and not any(len(texts[place]) for place in places)
    assert validated(model, pictures, texts, kinds, places)[1] < 1
