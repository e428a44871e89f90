"""Parameters of binarization and of grain."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.clean.params.units import Blur, Count, Levels, Pixels, Sample
from pipelines.units import Checked, Factor, Percentile, Share


@dataclass(frozen=True, slots=True)
class Binarization(Checked):
    """Wolf's local threshold, and one threshold for few letters (`pipelines.clean.binarize`).

    Attributes
    ----------
    sample : int
        Pixels sampled to measure the grey of ink and of paper. A higher value is slower.
    gradient : float
        Least gradient, in levels, of the edges next to which they are measured. A higher value requires
        harder edges.
    steep : float
        An edge's least gradient as a share of the steepest. A higher value measures at the sharpest edges
        only.
    steepest : float
        The percentile of the gradients that counts as the steepest. A lower value is steadier where a picture
        has few sharp specks, and takes softer edges.
    least : int
        Least number of pixels next to edges; a picture with fewer has no ink.
    contrast : float
        Least difference between ink and paper, in levels; below it there is no ink. A higher value leaves out
        faint pages.
    k : float
        k of Wolf's equation: the share by which the threshold falls below the mean in flat regions. A higher
        value makes strokes thinner, and noise less.
    spread : float
        The percentile of the local standard deviations that counts as the largest. A lower value makes
        strokes thicker.
    spread_grid : tuple of two int
        About this many rows and columns of them are sampled. A higher value is slower.
    surely, hardly : float
        Positions between the level of ink (0) and of paper (1): below the first every pixel is ink, above the
        second none. A larger `surely` fills gaps between strokes; a smaller `hardly` leaves out faint
        strokes.
    much : float
        A mask with a larger share of ink than this is noise unless it is `solid`. A higher value lets denser
        noise pass as ink.
    solid : float
        Such a mask is solid if more than this share of its ink is surrounded by ink. A higher value takes
        thin strokes on a dense picture for noise.
    least_side : int
        A picture whose shorter side is less, in pixels, is too small to be called noise. A higher value lets
        noise on larger pictures pass as ink.
    even_blur : float
        Standard deviation, in pixels, of the blur before one threshold for all. A higher value joins strokes.
    even_contrast : float
        Least difference between the darkest and the lightest pixel, in levels; below it that threshold finds
        no ink. A higher value leaves out faint letters.
    """

    sample: Sample = 500_000
    gradient: Levels = 12.0
    steep: Share = 0.5
    steepest: Percentile = 99.5
    least: Count = 8
    contrast: Levels = 8.0
    k: Share = 0.5
    spread: Percentile = 99.0
    spread_grid: tuple[Count, Count] = (500, 1000)
    surely: Share = 0.3
    hardly: Share = 0.85
    much: Share = 0.2
    solid: Share = 0.05
    least_side: Pixels = 12
    even_blur: Blur = 0.8
    even_contrast: Levels = 16.0


@dataclass(frozen=True, slots=True)
class Grain(Checked):
    """Regions in which each pixel is light or dark independently (`pipelines.clean.grain`).

    Attributes
    ----------
    cell : int
        Side of a cell, in pixels. A higher value finds coarser borders.
    reach : int
        Side of the window in which grain is measured, in cells. A higher value makes the measure surer, and
        borders coarser.
    smallest : int
        Least size of a picture, in cells across and down. A higher value leaves more small ones alone.
    alike : float
        Least sum of two ratios, one for neighbours at one pixel and one for those at two pixels: how often
        they differ, relative to independent pixels. White noise has 2. Measured: 1.4 and less on letters six
        pixels high, 1.55 and more on noise that a camera or JPEG softened. A higher value lets noise pass as
        ink.
    some : float
        Least share of ink, and of paper, in grain. A higher value lets sparse specks pass.
    loud : float
        Least mean difference of neighbours, in levels, where grain would be taken for ink; and least
        difference between its dark pixels and its mean, so that faint noise of paper between letters does not
        count. A higher value leaves fainter noise unchanged.
    patch : float
        Grain on less than this share of a picture is left to the later removal of specks. A higher value
        leaves larger patches.
    probe : int
        Longest side, in pixels, of the reduced picture on which grain is searched for. A higher value finds
        finer grain.
    blur : float
        Standard deviation, in pixels, of the blur that takes grain away from letters. A higher value takes
        more of it, and thin strokes with it.
    stands_out : float
        Least distance from the mean, in standard deviations of the blurred grain, of what is no grain. A
        higher value loses pale letters; a lower one keeps noise.
    """

    cell: Pixels = 16
    reach: Count = 7
    smallest: Count = 6
    alike: Factor = 1.52
    some: Share = 0.08
    loud: Levels = 12.0
    patch: Share = 0.05
    probe: Pixels = 1600
    blur: Blur = 1.3
    stands_out: Factor = 6.0


@dataclass(frozen=True, slots=True)
class Impulses(Checked):
    """Single dark or light pixels (`pipelines.clean.impulses`).

    Attributes
    ----------
    step : float
        Least difference from all neighbours, in levels. A lower value also removes fainter ones, and detail.
    share : float
        Largest share of a picture's pixels that are left as they are: dots of small letters, dust. A higher
        value leaves more noise.
    """

    step: Levels = 60.0
    share: Share = 0.006


@dataclass(frozen=True, slots=True)
class Thresholds(Checked):
    """The thresholds that are tried for a stained page (`pipelines.clean.binarizers`).

    Attributes
    ----------
    windows : int
        The window of a local threshold is the picture's shorter side divided by this: one or two letters high
        on a page of about fifteen lines. A higher value makes it smaller, and thick strokes hollow.
    least_window, most_window : int
        Bounds of that window. A lower value makes thick strokes hollow; a higher value follows shadows less
        closely.
    sauvola_k : float
        k of Sauvola's equation: how far the threshold falls below the mean in flat regions. A higher value
        makes strokes thinner, and noise less. 0.2, as in scikit-image; the paper has 0.5.
    sauvola_spread : float
        R of the same equation, from the paper: the largest standard deviation, in levels. A higher value
        makes strokes thinner.
    darker : float
        Ink is darker than the Gaussian mean around it by this share of the picture's contrast. A higher value
        leaves out faint strokes and noise.
    k_means_starts : tuple of three float
        Percentiles of grey at which the clusters of ink, smudge and paper start. Higher ones give wider
        clusters of ink where k-means does not converge.
    k_means_rounds : int
        Most iterations of Lloyd's algorithm. A higher value is more exact and slower.
    k_means_settled : float
        Iteration ends when no centre moves by more levels than this. A higher value ends earlier.
    """

    windows: Count = 15
    least_window: Pixels = 25
    most_window: Pixels = 101
    sauvola_k: Share = 0.2
    sauvola_spread: Levels = 128.0
    darker: Share = 0.1
    k_means_starts: tuple[Percentile, Percentile, Percentile] = (1.0, 20.0, 80.0)
    k_means_rounds: Count = 50
    k_means_settled: Levels = 0.01


@dataclass(frozen=True, slots=True)
class Evidence(Checked):
    """How masks are compared with the edges of their picture (`pipelines.clean.evidence`).

    Attributes
    ----------
    blur : float
        Standard deviation, in pixels, of the blur before edge detection. A higher value misses thin strokes.
    faint : float
        Edges under this share of Otsu's threshold on the gradients are faint. A higher value counts fewer as
        edges.
    beside : int
        Largest distance, in pixels, between a contour and an edge that still agree where a page is tested for
        stains: 1 distinguishes thick strokes from thin ones, 2 does not.
    trusted : float
        A fast mask that agrees better than this is kept without further tests. A higher value searches for
        strokes on more pages, and is slower.
    convincing : float
        Strokes that agree better than this may take the place of the fast mask. A higher value keeps the fast
        mask.
    clearly : float
        A binarizer's mask is preferred only if it agrees better by this than the strokes found from it. A
        higher value prefers the strokes more often.
    sample : int
        Pixels of a large picture that are tested for stains. A higher value is slower.
    bands : int
        Number of bands of rows in that sample. A higher value tests more places, each with fewer rows.
    """

    blur: Blur = 1.0
    faint: Share = 0.5
    beside: Pixels = 2
    trusted: Share = 0.95
    convincing: Share = 0.94
    clearly: Share = 0.02
    sample: Sample = 1_000_000
    bands: Count = 4
