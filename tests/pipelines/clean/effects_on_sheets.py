"""Numbers of sheets, light and colours, each changed, and what a drawn picture gives then."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from pipelines.clean.colours import COLOURS, _centres, colour_layers
from pipelines.clean.dither import undithered
from pipelines.clean.dotted import without_dotted_rules
from pipelines.clean.frames import without_frames
from pipelines.clean.geometry import find_skew
from pipelines.clean.light import flatten_light, ink_is_light, local_contrast, to_grey
from pipelines.clean.margins import find_margins
from pipelines.clean.outline import find_outline
from pipelines.clean.pale_shapes import without_pale_shapes
from pipelines.clean.params import (
    CleanParams,
    Colours,
    Contrast,
    Dither,
    Dotted,
    Frames,
    Light,
    Luminance,
    Margins,
    Outline,
    Pale,
    Rules,
    Skew,
)
from pipelines.clean.rule_tones import dark_on_rules
from pipelines.clean.rules import without_rules
from pipelines.layout.components import find_components
from tests.pipelines.clean.drawn import Measure, Pixels, button, noisy, over_ring, page, with_dotted_rule

RNG = np.random.default_rng


def framed(step: int = 0) -> Pixels:
    """Return a page with a bar at its top and one at its bottom, 20 pixels each, of two levels in turn."""
    frame = np.full((140, 160), 60, np.uint8)
    frame[:, ::2] -= np.uint8(step)
    frame[:, 1::2] += np.uint8(step)
    frame[20:120] = 235
    frame[50:90:8, 40:120] = 0
    return frame


def with_tongue() -> Pixels:
    """Return the same with a piece of the upper bar that reaches into the page."""
    pixels = framed()
    pixels[20:60, 50:54] = 60
    return pixels


def bars() -> Pixels:
    """Return three upright bars, the first at an edge, the last as high as the picture."""
    pixels = np.full((60, 160), 250, np.uint8)
    pixels[:, :8] = pixels[5:55, 40:48] = pixels[:, 80:90] = 0
    return pixels


def patch() -> Pixels:
    """Return a plain dark patch on a light ground, in a frame."""
    return np.pad(np.pad(np.zeros((40, 40), np.uint8), 30, constant_values=250), 10)


def askew() -> Pixels:
    """Return a light sheet at an angle on a dark ground."""
    scene = np.full((450, 600), 70, np.uint8)
    cv2.fillPoly(scene, [np.array([[90, 70], [520, 105], [490, 390], [60, 345]])], 225)
    return noisy(scene, 4)


def red_on_green() -> Pixels:
    pixels = np.full((60, 90, 3), (20, 118, 20), np.uint8)
    pixels[20:40, 30:60] = (200, 40, 40)
    return pixels


def three_colours() -> Pixels:
    """Return green with a white patch, and a red one on a fiftieth of the picture."""
    pixels = np.full((50, 50, 3), (90, 140, 60), np.uint8)
    pixels[5:30, 5:30] = (250, 250, 245)
    pixels[40:45, 35:45] = (200, 60, 70)
    return noisy(pixels, 2)


def shadowed() -> Pixels:
    return (page() * np.linspace(1, 0.1, 300)).astype(np.uint8)


def shade() -> Pixels:
    """Return paper of which the right half lies in a shadow that begins at once."""
    return np.repeat(np.where(np.arange(320) < 160, 220, 120).astype(np.uint8)[None], 320, axis=0)


def block() -> Pixels:
    pixels = np.full((320, 320), 220, np.uint8)
    pixels[120:160, 120:160] = 60
    return pixels


def checks() -> Pixels:
    return (np.indices((20, 20)).sum(axis=0) % 2 * 255).astype(np.uint8)


def depths(pixels: Pixels) -> Measure:
    """Return what measures how far margins reach in, in all."""
    return lambda params: float(sum(find_margins(pixels, params)))


def sheet_area(params: CleanParams) -> float:
    corners = find_outline(askew(), params)
    return 0.0 if corners is None else float(cv2.contourArea(corners))


def contrast(params: CleanParams) -> float:
    """Return the levels between red letters and most of their green ground, of which a part is vivid."""
    pixels = red_on_green()
    pixels[:2, :10] = (0, 255, 0)
    grey = to_grey(pixels, params).astype(int)
    return float(abs(grey[30, 45] - grey[10, 10]))


def red_alone(params: CleanParams) -> float:
    """Return how well some layer shows what is red and nothing else."""
    red = np.zeros((50, 50), bool)
    red[40:45, 35:45] = True
    return max(
        float(((colour_layers(three_colours(), params)[k] < 128) == red).mean()) for k in range(COLOURS)
    )


def layer_contrasts(params: CleanParams) -> float:
    return float(sum(np.ptp(colour_layers(three_colours(), params)[k].astype(int)) for k in range(COLOURS)))


def edge_ink(params: CleanParams) -> float:
    """Return how much ink of its own a blend of black and white, one pixel wide, has between them."""
    pixels = np.repeat(np.repeat(np.array([[0, 128, 255]], np.uint8), [20, 1, 20], axis=1), 40, axis=0)
    return float(sum((colour_layers(pixels, params)[k] < 128).any(axis=0).sum() for k in range(COLOURS)))


def inertia(params: CleanParams) -> float:
    """Return the mean squared distance of many colours from the centres of their clusters."""
    data = RNG(0).normal(size=(500, 3)).cumsum(axis=0)
    centres = _centres(data, params.colours)
    return float((np.linalg.norm(data[:, None] - centres, axis=2).min(axis=1) ** 2).mean())


def skew(params: CleanParams) -> float:
    """Return the angle of forty letters on four lines that rise to the right by 9 degrees."""
    x = np.tile(np.arange(10) * 30, 4)
    y = np.repeat(np.arange(4) * 60 + 200, 10) - np.tan(np.radians(9)) * (x + 7)
    return find_skew(np.stack([x, y - 20, x + 14, y], axis=1).round().astype(np.int32), 20.0, params)


def rule_left(*stroke: int, thick: int = 2) -> Measure:
    """Measure the ink of a stroke that is left among letters 30 pixels high."""
    canvas = np.zeros((200, 400), np.uint8)
    cv2.line(canvas, stroke[:2], stroke[2:], 1, thick)
    return lambda params: float(without_rules(canvas > 0, 30.0, params).sum())


def kept_on_rule(params: CleanParams) -> float:
    """Measure what stays of dark bars on a pale rule that is removed; one bar is paler than the others."""
    grey = np.full((100, 400), 255, np.uint8)
    grey[50:54] = 150
    for left in range(20, 380, 30):
        grey[30:70, left : left + 5] = 120 if left == 20 else 20
    ink = grey < 200
    plain = ink.copy()
    plain[50:54] = False
    return float(dark_on_rules(grey, ink, plain, params).sum())


def unframed(params: CleanParams) -> float:
    """Measure the ink that is left of a word in an outline with round corners and a small gap."""
    ink = button(8)
    ink[:22, 96:104] = False
    found = without_frames(find_components(ink), 20.0, params)
    return float((ink if found is None else found).sum())


def stamped(params: CleanParams) -> float:
    """Measure the ink that is left of letters over a pale ring."""
    grey = over_ring()
    ink = grey < 200
    found = without_pale_shapes(grey, find_components(ink), 20.0, params)
    return float((ink if found is None else found).sum())


def left_of(step: int = 10, uneven: int = 0, beside: bool = False) -> Measure:
    """Measure the ink that is left of a page with a dotted rule."""

    def measure(params: CleanParams) -> float:
        ink = with_dotted_rule(step, uneven, beside)
        found = without_dotted_rules(find_components(ink), 40.0, params)
        return float((ink if found is None else found).sum())

    return measure


EFFECTS: list[tuple[Any, str, Measure]] = [
    (Pale(high=20.0), "more", stamped),
    (Pale(most=1), "more", stamped),
    (Pale(letter=2.0), "more", stamped),
    (Pale(letters=100), "more", stamped),
    (Pale(tone=99.0), "more", stamped),
    (Pale(paler=0.9), "more", stamped),
    (Pale(over=0.9), "more", stamped),
    (Frames(high=4.0), "more", unframed),
    (Frames(wide=20.0), "more", unframed),
    (Frames(ink=0.05), "more", unframed),
    (Frames(letter=1.5), "more", unframed),
    (Frames(letters=5), "more", unframed),
    (Frames(border=0.0), "more", unframed),
    (Frames(straight=1.0), "more", unframed),
    (Dotted(highest=0.05), "more", left_of()),
    (Dotted(widest=0.05), "more", left_of()),
    (Dotted(fewest=60), "more", left_of()),
    (Dotted(most=20), "more", left_of()),
    (Dotted(gap=0.2), "more", left_of()),
    (Dotted(alone=0.5), "less", left_of(beside=True)),
    (Dotted(uneven=0.5), "less", left_of(uneven=3)),
    (Dotted(regular=0.0), "less", left_of(uneven=3)),
    (Dither(dots=1.0), "more", lambda params: float(np.ptp(undithered(checks(), params)[5:15, 5:15]))),
    (Dither(blur=0.5), "more", lambda params: float(np.ptp(undithered(checks(), params)[5:15, 5:15]))),
    (Margins(noisy=11.0), "less", depths(framed(12))),
    (Margins(noise=0.0), "less", depths(framed(12))),
    (Margins(clear=0.9), "more", depths(with_tongue())),
    (Margins(nested=1), "less", depths(np.pad(framed(), ((12, 12), (0, 0)), constant_values=200))),
    (Margins(least=101), "less", depths(framed())),
    (Margins(something=100_000), "less", depths(framed())),
    (Margins(solid=0.01), "less", depths(patch())),
    (Margins(widest_stroke=0.05), "more", depths(bars())),
    (Margins(thinnest_stroke=0.2), "more", depths(bars())),
    (Rules(length=10.0), "more", rule_left(20, 50, 220, 50)),
    (Rules(thickness=0.5), "less", rule_left(20, 50, 380, 50, thick=10)),
    (Rules(piece=20.0), "more", rule_left(20, 50, 380, 50)),
    (Rules(paler=0.9), "less", kept_on_rule),
    (Rules(tone=100.0), "less", kept_on_rule),
    (Outline(apart=150.0), "less", sheet_area),
    (Outline(most=0.3), "less", sheet_area),
    (Outline(straight=1.0), "less", sheet_area),
    (Outline(askew=0.5), "less", sheet_area),
    (Outline(change=150.0), "less", sheet_area),
    (Outline(beside=0.0), "less", sheet_area),
    (Outline(inset=5.0), "less", sheet_area),
    (Luminance(enough=0.0), "less", contrast),
    (Luminance(colourful=60_000.0), "less", contrast),
    (Luminance(extremes=(0.0, 100.0)), "less", contrast),
    (Light(paper=200.0), "less", lambda params: float(np.median(flatten_light(page(), params)))),
    (Light(darkest=0.6), "less", lambda params: float(flatten_light(shadowed(), params)[5:30, 280:].mean())),
    (Light(disc=4), "less", lambda params: float(flatten_light(block(), params)[140, 140])),
    (Light(softness=10.0), "less", lambda params: float(flatten_light(shade(), params)[:, 150:170].std())),
    (Contrast(around=0.02), "less", lambda params: float(local_contrast(block(), params)[140, 140])),
    (Contrast(strongest=50.0), "more", lambda params: float(local_contrast(shadowed(), params).mean())),
    (Contrast(least=200.0), "less", lambda params: float(local_contrast(page(), params).max())),
    (Light(few_votes=(0.0, 0.0, 0.0)), "less", lambda params: float(ink_is_light(255 - page(), params))),
    (Colours(far=1.0), "more", red_alone),
    (Colours(sample=1), "less", layer_contrasts),
    (Colours(rounds=1), "more", inertia),
    (Colours(edges=1.0), "more", edge_ink),
    (Skew(largest=5.0), "less", skew),
    (Skew(letters=100), "less", skew),
    (Skew(gain=50.0), "less", skew),
    (Skew(bins=20.0), "more", skew),
]
