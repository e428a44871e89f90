"""The numbers by which colours become grey, and by which light, polarity, colours and dots are judged."""

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
        Longest side, in pixels, of the reduced picture whose colours are counted. More counts smaller
        letters' colours, and is slower.
    enough : float
        Luminance is kept where it holds more than this share of the variance of the strongest colour
        difference. More takes the colours' first principal component more often.
    colourful : float
        Least variance, in squared levels, along that component. More keeps luminance on pale pictures.
    extremes : tuple of two float
        Percentiles taken for the darkest and the lightest value, so that few outliers do not decide: here,
        and where a threshold by the Gaussian mean is sought. Closer to 0 and 100 makes contrasts weaker.
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
        Longest side, in pixels, of the reduced picture on which both are judged. More is slower.
    few : int
        A picture whose shorter side is less, in pixels, shows few letters, and is judged as such. More judges
        larger pictures so.
    ground : int
        The ground is the median in a window of the shorter side divided by this. More makes the window
        smaller, and takes large letters for ground.
    few_votes, page_votes : tuple of three float
        Weights of three signs that ink is light: dark pixels along the edges, dark pixels in all, and the
        skewness of what differs from the ground. The first are for few letters, the others for pages. More
        makes a sign count more.
    noise : int
        Side, in pixels, of the median that removes noise before the light is found. More removes coarser
        noise, and thin strokes.
    disc : int
        Ink is removed by a closing with a disc of the longer side divided by this. More makes the disc
        smaller: thick strokes are taken for shadow, and become light. Less leaves shadows dark.
    softness : float
        The light is blurred by the disc divided by this. More follows shadows more closely.
    brightest : float
        The percentile of the light that counts as the brightest. Less forgets glare.
    darkest : float
        The light is nowhere taken to be darker than this share of the brightest. More leaves deep shadows
        dark.
    paper : float
        The grey level that evenly lit paper is brought to. More makes letters lighter as well.
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
    """How much darker each place is than what is around it (`pipelines.clean.light.local_contrast`).

    Attributes
    ----------
    around : float
        Standard deviation of the blur that gives what is around a place, as a share of the shorter side of a
        picture of one line. More forgives thick strokes, and keeps more of the shadows.
    strongest : float
        The percentile of the contrast that counts as ink. More makes the rest lighter.
    least : float
        It is no less than this, in levels. More keeps noise down where there is no text.
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
        About so many pixels are clustered. Fewer miss rare colours; more are slower.
    far : float
        A cluster begins with the colour that is farther from the others than this share of all. More begins
        with rarer colours.
    rounds : int
        Rounds of Lloyd's rule. More bring the centres closer to the colours around them, and are slower.
    edges : float
        A colour is a mixture along edges if more than this share of its pixels touch both other colours. More
        keeps outlines as a colour.
    inner : float
        But only if more than this share of the pixels of the rarer one of these lies inside of it. More keeps
        the edges of thin strokes as a colour.
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
        A picture is dithered if more than this share of its pixels differ from all four beside them.
        Measured: 0.16 and more on dithered photos; 0.004 and less on scans and on photos made black and white
        by one threshold.
    blur : float
        Standard deviation, in pixels, of the blur that makes grey of dots. More makes letters harder to read,
        less leaves dots.
    """

    dots: Share = 0.05
    blur: Blur = 1.3
