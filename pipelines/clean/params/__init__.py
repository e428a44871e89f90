"""The numbers of cleaning that decide a reading, in one place."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipelines.clean.params.ink import Binarization, Evidence, Grain, Impulses, Thresholds
from pipelines.clean.params.light import Colours, Contrast, Dither, Light, Luminance
from pipelines.clean.params.sheet import Dotted, Frames, Margins, Outline, Pale, Rules, Skew, Squiggles
from pipelines.clean.params.strokes import Cut, Joining, Strokes

__all__ = [
    "STANDARD",
    "Binarization",
    "CleanParams",
    "Colours",
    "Contrast",
    "Cut",
    "Dither",
    "Dotted",
    "Evidence",
    "Frames",
    "Grain",
    "Impulses",
    "Joining",
    "Light",
    "Luminance",
    "Margins",
    "Outline",
    "Pale",
    "Rules",
    "Skew",
    "Squiggles",
    "Strokes",
    "Thresholds",
]


@dataclass(frozen=True, slots=True)
class CleanParams:
    """Parameters of cleaning: margins, light, binarization, strokes and skew.

    A pipeline brings its own (`pipelines.pipeline.Pipeline.clean`), and its sheets carry them. Unless a field
    says otherwise, the values were chosen by hand on the samples and on development pictures. Each object
    refuses values that make no sense.

    Attributes
    ----------
    dither : Dither
    margins : Margins
    outline : Outline
    rules : Rules
    squiggles : Squiggles
    dotted : Dotted
    frames : Frames
    pale : Pale
    luminance : Luminance
    light : Light
    contrast : Contrast
    colours : Colours
    grain : Grain
    impulses : Impulses
    binarization : Binarization
    thresholds : Thresholds
    strokes : Strokes
    evidence : Evidence
    joining : Joining
    skew : Skew

    Examples
    --------
    >>> CleanParams(skew=Skew(largest=8.0)).skew.largest
    8.0
    >>> CleanParams(grain=Grain(patch=-0.1))
    Traceback (most recent call last):
    ValueError: Grain.patch is -0.1: it must be from 0 to 1
    """

    dither: Dither = field(default_factory=Dither)
    margins: Margins = field(default_factory=Margins)
    outline: Outline = field(default_factory=Outline)
    rules: Rules = field(default_factory=Rules)
    squiggles: Squiggles = field(default_factory=Squiggles)
    dotted: Dotted = field(default_factory=Dotted)
    frames: Frames = field(default_factory=Frames)
    pale: Pale = field(default_factory=Pale)
    luminance: Luminance = field(default_factory=Luminance)
    light: Light = field(default_factory=Light)
    contrast: Contrast = field(default_factory=Contrast)
    colours: Colours = field(default_factory=Colours)
    grain: Grain = field(default_factory=Grain)
    impulses: Impulses = field(default_factory=Impulses)
    binarization: Binarization = field(default_factory=Binarization)
    thresholds: Thresholds = field(default_factory=Thresholds)
    strokes: Strokes = field(default_factory=Strokes)
    evidence: Evidence = field(default_factory=Evidence)
    joining: Joining = field(default_factory=Joining)
    skew: Skew = field(default_factory=Skew)


STANDARD = CleanParams()
