"""Binarization chosen by evidence, and the measures it is scored by."""

from __future__ import annotations

import math
from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.clean.binarize import binarize
from pipelines.clean.binarizers import BINARIZERS
from pipelines.clean.edges import stroke_thickness, without_smudges, without_stains
from pipelines.clean.evidence import (
    bands,
    binarize_by_evidence,
    edge_agreement,
    find_edges,
    strokes_if_stained,
)
from pipelines.clean.light import flatten_light
from pipelines.clean.params import CleanParams
from pipelines.clean.smallest_cut import smallest_cut
from pipelines.pipeline import find_pipeline
from tests.mask_scores import drd, f_measure, pseudo_f_measure, psnr, score_mask


def written(thickness: int = 5) -> np.ndarray:
    """Return a mask of some drawn writing, bool (200, 420)."""
    canvas = np.zeros((200, 420), np.uint8)
    for row, line in enumerate(("stained page", "faint letters")):
        cv2.putText(canvas, line, (20, 80 + 80 * row), cv2.FONT_HERSHEY_SIMPLEX, 1.6, 1, thickness)
    return canvas > 0


def photographed(mask: np.ndarray, paper: np.ndarray | float = 210.0, ink: float = 0.45) -> np.ndarray:
    """Return a grey picture of a mask on paper, slightly blurred and noisy."""
    cover = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 0.8)
    noise = np.random.default_rng(0).normal(0, 2.5, mask.shape)
    return np.clip(paper * (1 - (1 - ink) * cover) + noise, 0, 255).astype(np.uint8)


def stained(shape: tuple[int, int]) -> np.ndarray:
    """Return paper with a dark stain that ends sharply, and light that fades to the right."""
    paper = np.full(shape, 220, np.float32)
    cv2.ellipse(paper, (150, 90), (110, 60), 20, 0, 360, 110, -1)
    return cv2.GaussianBlur(paper, (0, 0), 2) * np.linspace(1, 0.7, shape[1])


def bled_through(shape: tuple[int, int]) -> np.ndarray:
    """Return paper on which the writing of the other side shines through."""
    behind = cv2.GaussianBlur(np.roll(written()[:, ::-1], 30, 0).astype(np.float32), (0, 0), 2)
    return 220 * (1 - 0.2 * behind) * np.linspace(1, 0.5, shape[1])


def is_stained(grey: np.ndarray, window: int) -> bool:
    """Tell whether a page is better read from its strokes, as the pipeline does."""
    part = bands(grey)
    return strokes_if_stained(part, binarize(part, window)) is not None


@pytest.mark.parametrize("paper", [stained, bled_through])
def test_strokes_are_found_where_one_threshold_fails(paper) -> None:
    truth = written()
    grey = photographed(truth, paper(truth.shape))
    ours = f_measure(binarize_by_evidence(grey).mask, truth)
    assert ours > 90
    assert ours > f_measure(BINARIZERS["otsu"](grey), truth) + 3


@pytest.mark.parametrize("name", BINARIZERS)
def test_every_threshold_reads_a_clean_page(name: str) -> None:
    truth = written()
    assert f_measure(BINARIZERS[name](photographed(truth)), truth) > 85


@pytest.mark.parametrize("shape", [(1, 1), (3, 40), (64, 64)])
@pytest.mark.parametrize("level", [0, 128, 255])
def test_nothing_is_written_on_an_even_ground(shape: tuple[int, int], level: int) -> None:
    choice = binarize_by_evidence(np.full(shape, level, np.uint8))
    assert choice.mask.shape == shape
    assert not choice.mask.any()


def test_the_name_and_the_evidence_go_with_the_mask() -> None:
    choice = binarize_by_evidence(photographed(written(), stained((200, 420))))
    assert set(choice.evidence) == {*BINARIZERS, "strokes"}
    assert choice.name in choice.evidence
    assert all(0 <= value <= 1 for value in choice.evidence.values())


def test_a_binarizer_of_ones_own_is_tried_with_the_others() -> None:
    truth = written()
    grey = photographed(truth, stained(truth.shape))
    choice = binarize_by_evidence(
        grey, {"none": lambda grey: np.zeros(grey.shape, bool), "mine": lambda _: truth}
    )
    assert set(choice.evidence) == {"none", "mine", "strokes"}
    assert f_measure(choice.mask, truth) > 90


def test_the_truth_agrees_with_the_edges_better_than_what_is_thinner_thicker_or_noisy() -> None:
    truth = written(7)
    edges = find_edges(photographed(truth))
    square = np.ones((5, 5), np.uint8)
    specks = truth | (np.random.default_rng(1).random(truth.shape) < 0.02)
    damaged = (
        cv2.erode(truth.astype(np.uint8), square) > 0,
        cv2.dilate(truth.astype(np.uint8), square) > 0,
        specks,
    )
    best = edge_agreement(truth, edges)
    assert all(best > edge_agreement(mask, edges) + 0.05 for mask in damaged)


@settings(max_examples=settings().max_examples // 4)
@given(st.integers(0, 10_000))
def test_a_cut_costs_no_more_than_either_guess(seed: int) -> None:
    rng = np.random.default_rng(seed)
    noise = rng.normal(0, 1, (40, 50)).astype(np.float32)
    ink = 4 * np.asarray(cv2.GaussianBlur(noise, (0, 0), 2), np.float32)
    right, down = (rng.random((40, 50)) < 0.8).astype(np.float32), np.ones((40, 50), np.float32)

    def cost(mask: np.ndarray) -> float:
        across = right[:, :-1][mask[:, 1:] != mask[:, :-1]].sum()
        return float(ink[mask].sum() + across + down[:-1][mask[1:] != mask[:-1]].sum())

    found = smallest_cut(ink, right, down, ink < 0)
    assert cost(found) <= min(cost(ink < 0), 0.0) + 1e-3


def test_tiles_leave_no_seams() -> None:
    truth = np.zeros((300, 700), bool)
    truth[100:140, 20:680] = truth[20:290, 330:350] = True
    ink = np.where(truth, -0.3, 0.3).astype(np.float32)
    ones = np.ones_like(ink)
    assert (smallest_cut(ink, ones, ones, np.zeros_like(truth)) == truth).mean() > 0.999


def test_smudges_and_specks_go_and_letters_stay() -> None:
    truth = written()
    even = np.where(truth, 80, 230).astype(np.uint8)
    even[5:30, 5:60] = 210
    mask = truth.copy()
    mask[5:30, 5:60] = mask[190, 400] = True
    assert np.array_equal(without_smudges(mask, even, 4), truth)


@pytest.mark.parametrize(("tone", "dot", "stays"), [(80, 0.4, True), (165, 0.4, False), (80, 0.9, False)])
def test_a_dark_speck_is_the_dot_of_bold_letters(tone: int, dot: float, stays: bool) -> None:
    mask = written()
    even = np.where(mask, 80, 230).astype(np.uint8)
    mask[190:195, 400:405] = True
    even[190:195, 400:405] = tone
    params = replace(CleanParams(), strokes=replace(CleanParams().strokes, dot=dot))
    assert bool(without_smudges(mask, even, 36, params)[192, 402]) == stays


@pytest.mark.parametrize("thickness", [3, 7, 11])
def test_thickness_of_drawn_lines(thickness: int) -> None:
    mask = np.zeros((80, 200), bool)
    mask[30 : 30 + thickness, 10:190] = True
    assert stroke_thickness(mask) == pytest.approx(thickness, abs=1.5)


def test_a_perfect_mask() -> None:
    scores = score_mask(written(), written())
    assert (scores.f_measure, scores.drd) == (100, 0)
    assert scores.pseudo_f_measure == pytest.approx(100)
    assert math.isinf(scores.psnr)


def test_measures_of_a_known_difference() -> None:
    truth = np.zeros((32, 32), bool)
    truth[8:16, 8:16] = True
    mask = truth.copy()
    mask[24, 24] = True
    assert f_measure(mask, truth) == pytest.approx(200 * 64 / (64 + 65))
    assert psnr(mask, truth) == pytest.approx(10 * math.log10(1024))
    truth[8, 7] = mask[8, 7] = truth[0, 31] = mask[0, 31] = True
    assert drd(mask, truth) == pytest.approx(1 / 2)


def test_a_neighbour_of_true_ink_distorts_less_than_a_speck_apart() -> None:
    truth = written()
    beside, apart = truth.copy(), truth.copy()
    rim = np.flatnonzero(cv2.dilate(truth.astype(np.uint8), np.ones((3, 3), np.uint8)) > truth)
    beside.ravel()[rim[len(rim) // 2]] = True
    apart[2, 2] = True
    assert 0 < drd(beside, truth) < drd(apart, truth)


def test_the_pseudo_measure_forgives_contours_and_not_breaks() -> None:
    truth = written(9)
    core = cv2.erode(truth.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    broken = truth.copy()
    broken[:, ::6] = False
    assert pseudo_f_measure(core, truth) > f_measure(core, truth) + 5
    assert pseudo_f_measure(broken, truth) < pseudo_f_measure(core, truth)


def test_masks_of_different_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match="shape"):
        score_mask(np.zeros((2, 3), bool), np.zeros((3, 2), bool))


def test_a_page_is_called_stained_only_where_it_is() -> None:
    truth = written()
    assert is_stained(photographed(truth, bled_through(truth.shape)), 60)
    assert is_stained(flatten_light(photographed(truth, stained(truth.shape))), 60)
    assert not is_stained(photographed(truth), 60)
    assert not is_stained(np.asarray(cv2.GaussianBlur(photographed(truth), (0, 0), 1.2), np.uint8), 60)
    assert not is_stained(np.full((50, 60), 200, np.uint8), 60)
    noise = np.random.default_rng(0).integers(0, 256, (200, 300)).astype(np.uint8)
    assert not is_stained(np.asarray(cv2.GaussianBlur(noise, (0, 0), 1.5), np.uint8), 60)


def test_stains_become_paper_and_strokes_stay() -> None:
    truth = written()
    clean = without_stains(photographed(truth, stained(truth.shape)), truth)
    far = cv2.dilate(truth.astype(np.uint8), np.ones((9, 9), np.uint8)) == 0
    assert np.all(clean[far] == clean[far][0])
    assert np.median(clean[truth]) < clean[far][0] - 60


def test_a_stained_page_is_cleaned_in_the_pipeline_of_pages() -> None:
    truth = written()
    grey = photographed(truth, stained(truth.shape))
    colours = np.repeat(grey[..., None], 3, axis=2)
    sheet = find_pipeline("auto").run(colours)
    plain = find_pipeline("line").run(colours)
    assert len(sheet.components) < len(plain.components)
    assert len(sheet.lines) == 2
