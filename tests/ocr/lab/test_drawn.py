"""The letters that the package draws itself."""

from __future__ import annotations

import numpy as np

from ocr.lab.drawn import drawn
from ocr.recognition.classify import BUNDLED, load_classifier


def test_drawn_letters_are_glyphs_that_differ_and_can_be_drawn_again() -> None:
    samples = drawn("AX7", 5, seed=3)
    assert samples.images.shape == (15, 28, 28)
    assert samples.labels.tolist() == [*"AAAAAXXXXX77777"]
    assert len(np.unique(samples.images.reshape(15, -1), axis=0)) == 15
    assert (samples.images == drawn("AX7", 5, seed=3).images).all()
    assert (samples.images != drawn("AX7", 5, seed=4).images).any()
    assert (samples.images[:, 0] == 0).all()


def test_drawn_letters_look_like_letters_to_the_reader() -> None:
    samples = drawn("ABEGHKMNRSTXZ", 10)
    model = load_classifier(BUNDLED).model
    read = np.array(model.classes)[model.predict(samples.images).argmax(axis=1)]
    assert (np.char.upper(read) == samples.labels).mean() > 0.9
