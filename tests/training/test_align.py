"""A line's ink laid against its text: the search against trying everything, and lines harvested."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from ocr.recognition.classify import load_classifier
from training.align import DROP, SKIP, align, harvest
from training.fonts import PILLOW_FONT
from training.render import render_lines

Runs = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float64]


@st.composite
def lines(draw: st.DrawFn) -> tuple[Runs, Scores, npt.NDArray[np.int64], int]:
    """Random lattices of up to four atoms, and texts of up to three letters."""
    count = draw(st.integers(1, 4))
    every = [(a, b) for a in range(count) for b in range(a + 1, count + 1)]
    runs = sorted(draw(st.lists(st.sampled_from(every), unique=True, min_size=1)))
    text = draw(st.lists(st.integers(0, 2), min_size=1, max_size=3))
    seed = draw(st.integers(0, 2**16))
    scores = -8.0 * np.random.default_rng(seed).random((len(runs), 3))
    return np.array(runs, np.int64), scores, np.array(text, np.int64), count


def best_score(runs: Runs, scores: Scores, text: npt.NDArray[np.int64], count: int) -> float:
    """Return the score of the best path by trying all of them."""

    def from_(atom: int, letter: int) -> float:
        if atom == count:
            return SKIP * (len(text) - letter)
        ways = [DROP + from_(atom + 1, letter)]
        if letter < len(text):
            ways.append(SKIP + from_(atom, letter + 1))
            for r, (start, stop) in enumerate(runs.tolist()):
                if start == atom:
                    ways.append((stop - start) * scores[r, text[letter]] + from_(stop, letter + 1))
        return max(ways)

    return from_(0, 0)


@settings(max_examples=150)
@given(lines())
def test_the_path_is_the_best_of_all(line: tuple[Runs, Scores, npt.NDArray[np.int64], int]) -> None:
    runs, scores, text, count = line
    score, steps = align(*line)
    assert score == pytest.approx(best_score(*line))
    used = sum(int(runs[r, 1] - runs[r, 0]) for r, _ in steps)
    spelt = sum((runs[r, 1] - runs[r, 0]) * scores[r, text[t]] for r, t in steps)
    assert score == pytest.approx(spelt + DROP * (count - used) + SKIP * (len(text) - len(steps)))


@given(lines())
def test_steps_go_forward_in_ink_and_text(line: tuple[Runs, Scores, npt.NDArray[np.int64], int]) -> None:
    runs, _, text, count = line
    steps = align(*line)[1]
    letters = [t for _, t in steps]
    assert letters == sorted(set(letters))
    assert all(0 <= t < len(text) for t in letters)
    borders = runs[[r for r, _ in steps]].ravel().tolist()
    assert borders == sorted(borders)
    assert all(0 <= border <= count for border in borders)


def test_a_line_with_more_ink_than_text_drops_ink_and_the_other_way_round() -> None:
    runs = np.array([[0, 1], [1, 2], [2, 3]])
    scores = np.log(np.array([[0.9, 0.1], [0.001, 0.002], [0.1, 0.9]]))
    score, steps = align(runs, scores, np.array([0, 1]), 3)
    assert steps == [(0, 0), (2, 1)]
    assert score == pytest.approx(2 * np.log(0.9) + DROP)
    score, steps = align(runs[:1], scores[:1], np.array([1, 0]), 1)
    assert steps == [(0, 1)]
    assert score == pytest.approx(np.log(0.9) + SKIP)


def test_lines_are_harvested_where_they_say_what_their_text_says(tmp_path: Path) -> None:
    said = "The quick brown fox jumps"
    drawn = render_lines([said], PILLOW_FONT, 44, np.random.default_rng(0), spacing=0.1).grey
    for name, text in (("right", said), ("wrong", "0123456789" * 2)):
        Image.fromarray(np.pad(drawn, 20, constant_values=255)).save(tmp_path / f"{name}.png")
        (tmp_path / f"{name}.gt.txt").write_text(text, encoding="utf-8")
    [found] = harvest([tmp_path], load_classifier(), np.random.default_rng(0))
    letters = "".join(found.labels)
    assert letters == said.replace(" ", "")
    assert found.images.shape == (len(found.labels), 28, 28)
    assert (found.images.reshape(len(found.images), -1).max(axis=1) > 200).all()


def test_letters_with_accents_are_aligned_and_left_out(tmp_path: Path) -> None:
    drawn = render_lines(["caves and dunes"], PILLOW_FONT, 44, np.random.default_rng(0), spacing=0.1).grey
    Image.fromarray(np.pad(drawn, 20, constant_values=255)).save(tmp_path / "line.png")
    (tmp_path / "labels.tsv").write_text("line.png\tcavés and dunes\n", encoding="utf-8")
    [found] = harvest([tmp_path], load_classifier(), np.random.default_rng(0))
    assert "".join(found.labels) == "cavsanddunes"


def test_without_case_letters_get_the_case_that_is_shown(tmp_path: Path) -> None:
    drawn = render_lines(["Rags AND bed"], PILLOW_FONT, 44, np.random.default_rng(0), spacing=0.1).grey
    Image.fromarray(np.pad(drawn, 20, constant_values=255)).save(tmp_path / "line.png")
    (tmp_path / "labels.tsv").write_text("line.png\tRAGS AND BED\n", encoding="utf-8")
    [found] = harvest([tmp_path], load_classifier(), np.random.default_rng(0), case=False)
    assert "".join(found.labels) == "RagsANDbed"
    taken = "".join(
        each
        for part in harvest([tmp_path], load_classifier(), np.random.default_rng(0))
        for each in part.labels
    )
    assert not set("agsbed") & set(taken)
