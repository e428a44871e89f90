"""Text of bars and of dots, and words on photographs."""

from __future__ import annotations

import re
from dataclasses import replace
from unittest.mock import Mock

import cv2
import numpy as np
import pytest

from training import scene_strips
from training.displays import DOTS, bars, dots, number
from training.fonts import PILLOW_FONT
from training.render import render_lines
from training.scene_strips import drawn_word

FACE = replace(PILLOW_FONT, family="vt323")


def test_what_displays_show_are_numbers() -> None:
    rng = np.random.default_rng(0)
    shown = [number(rng) for _ in range(300)]
    assert all(re.fullmatch(r"-?[0-9]+([.:-][0-9]+)*", text) for text in shown)
    assert {":", ".", "-"} <= set("".join(shown)) and len(set(shown)) > 200


def test_bars_show_their_text() -> None:
    drawn = bars([PILLOW_FONT], np.random.default_rng(1))
    assert "".join(drawn.characters) == drawn.text and drawn.grey.min() < 50


def test_characters_of_dots_are_the_face_in_dots() -> None:
    for seed in range(6):
        drawn = dots([FACE], ["seven", "wizards"], np.random.default_rng(seed))
        assert drawn is not None
        count, _ = cv2.connectedComponents((drawn.grey < 128).astype(np.uint8), connectivity=4)
        [line] = drawn.lines
        pitch = line.x_height / (0.5 * DOTS["vt323"])
        assert drawn.owner.shape == drawn.grey.shape and drawn.owner.max() == len(drawn.characters)
        assert pitch > 2.5 and line.baseline < len(drawn.grey)
        inked = drawn.owner[drawn.grey < 128]
        assert count > 1 and (inked > 0).mean() > 0.9


def test_a_word_on_something_is_cut_out_whole_and_dark_on_light(monkeypatch: pytest.MonkeyPatch) -> None:
    clean = render_lines(["Wizards"], PILLOW_FONT, 40, np.random.default_rng(0))
    monkeypatch.setattr(scene_strips, "draw_clean", Mock(return_value=clean))
    monkeypatch.setattr(scene_strips, "ground", lambda _, side, __: np.full((side, side), 0.6, np.float32))
    rng = np.random.default_rng(3)
    cuts = [drawn_word(Mock(), [], rng) for _ in range(60)]
    found = [cut for cut in cuts if cut is not None]
    assert len(found) > 20 and {text for _, text in found} == {"Wizards"}
    inked = 255 - clean.grey[:, (clean.grey < 128).any(axis=0)][(clean.grey < 128).any(axis=1)]
    alike = []
    for cut, _ in found:
        room = cut.shape[0] // 6
        shown = cv2.resize(255 - cut[room : -room or None, room : -room or None], inked.shape[::-1])
        alike.append(np.corrcoef(shown.ravel(), inked.ravel())[0, 1])
    assert np.median(alike) > 0.2 and min(alike) > -0.1
