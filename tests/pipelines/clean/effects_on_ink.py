"""Numbers by which ink is found, each changed, and what a drawn picture gives then."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.clean.binarize import binarize, binarize_evenly
from pipelines.clean.binarizers.adaptive import adaptive
from pipelines.clean.binarizers.sauvola import sauvola
from pipelines.clean.edges import background, binarize_strokes, stroke_thickness, without_stains
from pipelines.clean.evidence import bands, binarize_by_evidence, find_edges, strokes_if_stained
from pipelines.clean.grain import find_grain, smooth_grain
from pipelines.clean.impulses import without_impulses
from pipelines.clean.joined import join_pieces
from pipelines.clean.params import (
    STANDARD,
    Binarization,
    CleanParams,
    Cut,
    Evidence,
    Grain,
    Impulses,
    Joining,
    Squiggles,
    Strokes,
    Thresholds,
)
from pipelines.clean.smallest_cut import smallest_cut
from pipelines.clean.squiggles import without_squiggles
from pipelines.layout.components import find_components
from tests.pipelines.clean.drawn import Measure, Pixels, digits, heights, noisy, page, salted, wavy

RNG = np.random.default_rng


def bled_through() -> Pixels:
    """Return letters on paper through which others shine."""
    behind = cv2.GaussianBlur((page()[::-1, ::-1] < 128).astype(np.float32), (0, 0), 2)
    return noisy((page() * (1 - 0.4 * behind) * np.linspace(1, 0.5, 300)).astype(np.uint8), 2.5)


def half_grain() -> Pixels:
    pixels = np.full((240, 240), 220, np.uint8)
    pixels[:, :120] = RNG(0).integers(0, 256, (240, 120))
    return pixels


def stripes() -> Pixels:
    pixels = np.full((60, 60), 220, np.uint8)
    pixels[::3] = 20
    return pixels


def ink_of(params: CleanParams) -> float:
    return float(binarize(page(), 41, params=params).sum())


def lightness_of_salted(params: CleanParams) -> float:
    return float(without_impulses(salted(), params).mean())


def under_letters(params: CleanParams) -> float:
    """Return how much ink is left of stems with a wavy underline that they stand on."""
    ink = wavy()
    found = without_squiggles(find_components(ink), 40.0, params)
    return float((ink if found is None else found).sum())


def joined_height(params: CleanParams) -> float:
    """Return how high the pieces of a digit of bars are once these are joined, on the mean."""
    found = join_pieces(digits(), params)
    grey = digits() if found is None else found
    return float(np.mean(heights(grey)))


def pieces(params: CleanParams) -> float:
    return float(cv2.connectedComponents(binarize_evenly(page(), params).astype(np.uint8))[0])


def striped_ink(params: CleanParams) -> float:
    return float(binarize(stripes(), 31, params=params).sum())


def grain_found(params: CleanParams) -> float:
    return float(find_grain(half_grain() < 128, params).sum())


def letter_in_grain(params: CleanParams) -> float:
    """Return how dark a stroke in grain is, once that is smoothed."""
    pixels = np.full((400, 400), 200.0)
    pixels[150:250, 196:204] = 20
    loud = np.clip(pixels + RNG(0).normal(0, 40, pixels.shape), 0, 255).astype(np.uint8)
    return 255 - float(smooth_grain(loud, params)[180:220, 198:202].mean())


def grain_left(params: CleanParams) -> float:
    return float(smooth_grain(half_grain(), params).std())


def mask_of(way: Callable[[Pixels, CleanParams], npt.NDArray[np.bool_]]) -> Measure:
    """Return what measures how much ink a binarizer finds on noisy paper."""
    return lambda params: float(way(noisy(page(), 8), params).sum())


def is_read_from_strokes(params: CleanParams) -> float:
    return float(strokes_if_stained(bled_through(), binarize(bled_through(), 41), params) is not None)


def are_strokes_taken(params: CleanParams) -> float:
    found = binarize_by_evidence(noisy(page(), 8), {"mine": lambda _: page() < 128}, params)
    return float(found.name == "strokes")


def clear_edges(params: CleanParams) -> float:
    return float(find_edges(noisy(page(), 8), params).clear.sum())


def rows_tested(params: CleanParams) -> float:
    return float(len(bands(np.zeros((900, 50), np.uint8), params)))


def strokes_in(rows: slice, columns: slice) -> Measure:
    """Return what measures the strokes found on a part of the page, from a generous rough mask."""
    return lambda params: float(binarize_strokes(noisy(page(), 2), page() < 200, params)[rows, columns].sum())


FAINT, DOT = strokes_in(slice(95, 115), slice(20, 210)), strokes_in(slice(92, 108), slice(262, 278))
WHOLE = strokes_in(slice(None), slice(None))


def bled_strokes(params: CleanParams) -> float:
    return float(binarize_strokes(bled_through(), page() < 128, params).sum())


def kept_grey(params: CleanParams) -> float:
    return float((without_stains(page(), page() < 128, params) < params.strokes.paper).sum())


def darkest_paper(params: CleanParams) -> float:
    return float(background(page(), 5.0, params).min())


def thickness_among_specks(params: CleanParams) -> float:
    stroke = np.pad(np.ones((9, 60), bool), ((40, 41), (15, 15)))
    return stroke_thickness((RNG(0).random(stroke.shape) < 0.1) | stroke, params)


def cuts(size: int, params: CleanParams) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
    """Return what ink costs on some noise, and the mask of least cost."""
    noise = RNG(3).normal(0, 1, (size, size)).astype(np.float32)
    ink = 4 * np.asarray(cv2.GaussianBlur(noise, (0, 0), 2), np.float32)
    ones = np.ones_like(ink)
    return ink, smallest_cut(ink, ones, ones, ink < 0, params)


def cost(params: CleanParams) -> float:
    ink, mask = cuts(80, params)
    return float(ink[mask].sum() + (mask[:, 1:] != mask[:, :-1]).sum() + (mask[1:] != mask[:-1]).sum())


def seams(params: CleanParams) -> float:
    """Return on how many pixels a picture in tiles differs from one that is solved as a whole."""
    return float((cuts(120, params)[1] != cuts(120, STANDARD)[1]).sum())


def with_cut(cut: Cut) -> Strokes:
    return Strokes(cut=cut)


EFFECTS: list[tuple[Any, str, Measure]] = [
    (Grain(alike=3.0), "less", grain_found),
    (Grain(some=0.5), "less", grain_found),
    (Grain(smallest=100), "less", grain_found),
    (Grain(patch=0.9), "more", grain_left),
    (Grain(loud=255.0), "more", grain_left),
    (Grain(stands_out=20.0), "less", letter_in_grain),
    (Grain(blur=5.0), "less", letter_in_grain),
    (Binarization(contrast=200.0), "less", ink_of),
    (Binarization(k=0.9), "less", ink_of),
    (Binarization(hardly=0.5), "less", ink_of),
    (Binarization(spread=50.0), "more", ink_of),
    (Binarization(least=100_000), "less", ink_of),
    (Binarization(much=0.6), "more", striped_ink),
    (Binarization(least_side=100), "more", striped_ink),
    (Binarization(even_blur=6.0), "less", pieces),
    (Binarization(even_contrast=255.0), "less", pieces),
    (Thresholds(sauvola_k=0.5), "less", mask_of(sauvola)),
    (Thresholds(sauvola_spread=255.0), "less", mask_of(sauvola)),
    (Thresholds(least_window=9), "less", mask_of(sauvola)),
    (Thresholds(darker=0.3), "less", mask_of(adaptive)),
    (Evidence(trusted=0.0), "less", is_read_from_strokes),
    (Evidence(convincing=1.0), "less", is_read_from_strokes),
    (Evidence(clearly=0.0), "less", are_strokes_taken),
    (Evidence(faint=0.9), "less", clear_edges),
    (Evidence(sample=5_000), "less", rows_tested),
    (Joining(largest=1000), "less", joined_height),
    (Joining(fewest=40), "less", joined_height),
    (Joining(higher=9.0), "less", joined_height),
    (Joining(near=0.1), "less", joined_height),
    (Impulses(step=230.0), "less", lightness_of_salted),
    (Impulses(share=0.5), "less", lightness_of_salted),
    (Squiggles(amplitude=0.01), "more", under_letters),
    (Squiggles(thickness=0.01), "more", under_letters),
    (Squiggles(period=0.01), "more", under_letters),
    (Strokes(scale=1.0), "more", WHOLE),
    (Strokes(speck=9.0), "less", DOT),
    (Strokes(speck=3.0, strong=1.0), "less", DOT),
    (Strokes(speck=3.0, dot=1.0), "less", DOT),
    (Strokes(smoothness=10.0), "more", bled_strokes),
    (Strokes(rim=9), "more", kept_grey),
    (Strokes(disc=2.0, least_disc=3), "less", darkest_paper),
    (Strokes(least_area=1), "less", thickness_among_specks),
    (with_cut(Cut(rounds=2)), "more", cost),
    (with_cut(Cut(rounds=200)), "less", cost),
    (with_cut(Cut(step=0.02)), "more", cost),
    (with_cut(Cut(tile=30, margin=1)), "more", seams),
]
