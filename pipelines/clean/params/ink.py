"""The numbers by which ink is told from paper, and grain from both."""

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
        Pixels by which the grey of ink and of paper is judged. More is slower.
    gradient : float
        Least gradient, in levels, of an edge beside which they are judged. More asks for harder edges.
    steep : float
        An edge's gradient as a share of the steepest. More judges by the sharpest edges only.
    steepest : float
        The percentile of the gradients that counts as the steepest. Less is steadier where a picture has few
        sharp specks, and takes softer edges.
    least : int
        Ink and paper are judged by at least so many pixels; a picture with fewer beside edges has no ink.
    contrast : float
        Levels between ink and paper, under which there is no ink. More leaves out faint pages.
    k : float
        Of Wolf's equation: the share by which a threshold falls below the mean where all is flat. More makes
        strokes thinner, and noise less.
    spread : float
        The percentile of the local standard deviations that counts as the largest. Less makes strokes
        thicker.
    spread_grid : tuple of two int
        About so many rows and columns of them are looked at. More is slower.
    surely, hardly : float
        Shares of the way from ink to paper: up to the first all is ink, beyond the second none. A larger
        first one fills what is between strokes; a smaller second one leaves out faint strokes.
    much : float
        A mask with a larger share of ink than this must hold together, or is noise. More lets fuller noise
        pass as ink.
    solid : float
        Such a mask holds together if more than this share of its ink has ink all around it. More takes thin
        strokes on a full picture for noise.
    least_side : int
        A picture whose shorter side is less, in pixels, is too small to be called noise. More lets noise on
        larger pictures pass as ink.
    even_blur : float
        Standard deviation, in pixels, of the blur before one threshold for all. More joins strokes.
    even_contrast : float
        Levels between the darkest and the lightest pixel, under which that threshold finds no ink. More
        leaves out faint letters.
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
    """Parts in which each pixel is light or dark by itself (`pipelines.clean.grain`).

    Attributes
    ----------
    cell : int
        Side of a cell, in pixels. More finds coarser borders.
    reach : int
        Cells, across and down, that are judged together. More makes the judgement surer, and borders coarser.
    smallest : int
        A picture must have so many cells across and down to be judged. More leaves more small ones alone.
    alike : float
        Neighbours at one pixel and at two differ so much as often as any two pixels do; plain noise has 2.
        Measured: 1.4 and less on letters six pixels high, 1.55 and more on noise that a camera or JPEG
        softened. More lets noise pass as ink.
    some : float
        The least share of ink, and of paper, that grain holds. More lets sparse specks pass.
    loud : float
        Levels, on average, by which neighbours differ where grain would be taken for ink; and by which its
        dark pixels are darker than its mean, lest the faint noise of paper between letters counts. More
        leaves fainter noise as it is.
    patch : float
        Grain on less than this share of a picture is left to what tells specks from letters. More leaves
        larger patches.
    probe : int
        Longest side, in pixels, of the reduced picture on which grain is looked for. More finds finer grain.
    """

    cell: Pixels = 16
    reach: Count = 7
    smallest: Count = 6
    alike: Factor = 1.52
    some: Share = 0.08
    loud: Levels = 12.0
    patch: Share = 0.05
    probe: Pixels = 1600


@dataclass(frozen=True, slots=True)
class Thresholds(Checked):
    """The thresholds that are tried for a stained page (`pipelines.clean.binarizers`).

    Attributes
    ----------
    windows : int
        The neighbourhood of a local threshold is the shorter side divided by this: about a letter or two
        where a page shows some fifteen lines. More makes it smaller, and thick strokes hollow.
    least_window, most_window : int
        The neighbourhood's bounds. Less makes thick strokes hollow; more follows shadows less closely.
    sauvola_k : float
        Of Sauvola's equation: how far a threshold falls below the mean where all is flat. More makes strokes
        thinner, and noise less. 0.2, as in scikit-image; the paper has 0.5.
    sauvola_spread : float
        Of the same, and from the paper: the largest standard deviation, in levels. More makes strokes
        thinner.
    darker : float
        Ink is darker than the Gaussian mean around it by this share of the picture's contrast. More leaves
        out faint strokes and noise.
    k_means_starts : tuple of three float
        Percentiles of grey with which the clusters of ink, smudge and paper begin. Higher ones give wider
        clusters of ink where k-means does not settle.
    k_means_rounds : int
        Most rounds of Lloyd's rule. More come closer to the best clusters, and are slower.
    k_means_settled : float
        It ends when no centre moves by more levels than this. More ends earlier.
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
    """How masks are weighed against the edges of their picture (`pipelines.clean.evidence`).

    Attributes
    ----------
    blur : float
        Standard deviation, in pixels, of the blur before edges are found. More forgets thin strokes.
    faint : float
        Edges under this share of Otsu's threshold on the gradients are faint. More counts fewer as edges.
    beside : int
        How far, in pixels, a contour may lie from an edge and still agree with it where a page is tested for
        stains: 1 tells thick strokes from thin ones, 2 does not.
    trusted : float
        A fast mask that agrees this well needs no other. More looks for strokes on more pages, and is slower.
    convincing : float
        Strokes that agree better than this may take the place of the fast mask. More keeps the fast mask.
    clearly : float
        A threshold's mask is taken only if it agrees so much better than the strokes found from it. More
        takes the strokes more often.
    sample : int
        Pixels of a large picture that are tested for stains. More is slower.
    bands : int
        In so many bands of rows. More looks at more places, each of them lower.
    """

    blur: Blur = 1.0
    faint: Share = 0.5
    beside: Pixels = 2
    trusted: Share = 0.95
    convincing: Share = 0.94
    clearly: Share = 0.02
    sample: Sample = 1_000_000
    bands: Count = 4
