"""Parameters of grey conversion, light, polarity, colours and dithering."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.clean.params.units import Blur, Count, Divisor, Levels, OddPixels, Pixels, Sample, Variance
from pipelines.units import Checked, Factor, Percentile, Share


@dataclass(frozen=True, slots=True)
class Luminance(Checked):
    """From colours to grey (`pipelines.clean.light.to_grey`).

    Attributes
    ----------
    weights : tuple of three float
        Of red, green and blue in luminance; those of ITU-R BT.601.
    sample : int
        Longest side, in pixels, of the reduced picture whose colours are measured. A higher value sees the
        colours of smaller letters, and is slower.
    enough : float
        Luminance is kept where its variance is more than this share of that of the first principal component.
        A higher value uses the principal component more often.
    colourful : float
        Least variance, in squared levels, along that component. A higher value keeps luminance on pale
        pictures.
    extremes : tuple of two float
        Percentiles that count as the darkest and the lightest value, so that outliers do not decide; also
        used by the adaptive threshold. Values closer to 0 and 100 make contrasts weaker.
    """

    weights: tuple[Share, Share, Share] = (0.299, 0.587, 0.114)
    sample: Pixels = 128
    enough: Share = 0.3
    colourful: Variance = 25.0
    extremes: tuple[Percentile, Percentile] = (0.5, 99.5)


@dataclass(frozen=True, slots=True)
class Light(Checked):
    """Polarity and even light (`pipelines.clean.light.ink_is_light` and `flatten_light`).

    Attributes
    ----------
    side : int
        Longest side, in pixels, of the reduced picture on which both are measured. A higher value is slower.
    few : int
        A picture with a shorter side below this, in pixels, counts as one of few letters. A higher value
        includes larger pictures.
    ground : int
        The ground is the median in a window whose size is the shorter side divided by this. A higher value
        makes the window smaller, and takes large letters for ground.
    few_votes, page_votes : tuple of three float
        Weights of three signs of light ink: dark pixels along the edges, dark pixels in all, and the skewness
        of the difference from the ground. `few_votes` is for pictures of few letters, `page_votes` for pages.
        A higher value makes a sign count more.
    noise : int
        Side, in pixels, of the median that removes noise before the light is found. A higher value removes
        coarser noise, and thin strokes.
    disc : int
        Ink is removed by a closing with a disc whose diameter is the longer side divided by this. A higher
        value makes the disc smaller: thick strokes are taken for shadow, and become light. A lower value
        leaves shadows dark.
    softness : float
        The light is blurred with a standard deviation of the disc's diameter divided by this. A higher value
        follows shadows more closely.
    brightest : float
        The percentile of the light that counts as the brightest. A lower value ignores glare.
    darkest : float
        Least light, as a share of the brightest. A higher value leaves deep shadows dark.
    paper : float
        The grey level that evenly lit paper is brought to. A higher value makes letters lighter as well.
    """

    side: Pixels = 320
    few: Pixels = 200
    ground: Count = 4
    few_votes: tuple[Factor, Factor, Factor] = (1.5, 1.0, 0.6)
    page_votes: tuple[Factor, Factor, Factor] = (0.2, 0.6, 1.0)
    noise: OddPixels = 3
    disc: Count = 16
    softness: Divisor = 3.0
    brightest: Percentile = 95.0
    darkest: Share = 0.2
    paper: Levels = 250.0


@dataclass(frozen=True, slots=True)
class Contrast(Checked):
    """How much darker each place is than its surroundings (`pipelines.clean.light.local_contrast`).

    Attributes
    ----------
    around : float
        Standard deviation of the blur that gives the surroundings, as a share of the shorter side of a
        picture of one line. A higher value keeps thick strokes solid, and keeps more of the shadows.
    strongest : float
        The percentile of the contrast that counts as full ink. A higher value makes the rest lighter.
    least : float
        Least contrast of full ink, in levels. A higher value suppresses noise where there is no text.
    """

    around: Share = 0.4
    strongest: Percentile = 97.0
    least: Levels = 8.0


@dataclass(frozen=True, slots=True)
class Colours(Checked):
    """Clusters of colours (`pipelines.clean.colours`).

    Attributes
    ----------
    sample : int
        About this many pixels are clustered. Fewer miss rare colours; more are slower.
    far : float
        A cluster starts at the colour whose distance from the other centres is at this percentile, as a
        share. A higher value starts at rarer colours.
    rounds : int
        Iterations of Lloyd's algorithm. A higher value is more exact and slower.
    edges : float
        A colour is a mixture along edges if more than this share of its pixels touch both other colours. A
        higher value keeps outlines as a colour.
    inner : float
        This holds only if more than this share of the rarer of the two other colours lies away from its
        edges. A higher value keeps the edges of thin strokes as a colour.
    """

    sample: Sample = 2_000
    far: Share = 0.98
    rounds: Count = 12
    edges: Share = 0.5
    inner: Share = 0.5


@dataclass(frozen=True, slots=True)
class Dither(Checked):
    """Pictures in black and white with grey made of dots (`pipelines.clean.dither`).

    Attributes
    ----------
    dots : float
        A picture is dithered if more than this share of its pixels differ from all four neighbours. Measured:
        0.16 and more on dithered photos; 0.004 and less on scans and on photos made black and white by one
        threshold.
    blur : float
        Standard deviation, in pixels, of the blur that turns dots into grey. A higher value makes letters
        harder to read, less leaves dots.
    """

    dots: Share = 0.05
    blur: Blur = 1.3
