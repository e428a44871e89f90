"""Choice among the masks of several binarizers by how well they agree with the picture's edges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.clean.binarizers import Binarizer, binarizers_with
from pipelines.clean.edges import binarize_strokes
from pipelines.clean.params import STANDARD, CleanParams
from pipelines.sheet import Grey, Mask

_SQUARE = np.ones((3, 3), np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """A mask and why it was chosen.

    Attributes
    ----------
    mask : bool array, shape (H, W)
        Ink = True.
    name : str
        A threshold's, or "strokes": what `pipelines.clean.edges.binarize_strokes` makes of the best
        of them.
    evidence : dict of str to float
        The agreement of each candidate with the edges of the picture, 0 to 1.
    """

    mask: Mask
    name: str
    evidence: dict[str, float]


def binarize_by_evidence(
    grey: Grey, binarizers: Mapping[str, Binarizer] | None = None, params: CleanParams = STANDARD
) -> Choice:
    """Return the ink of a page that may be stained, faint or bled through, and how it was found.

    The binarizer is chosen whose mask agrees best with the edges of the picture. Strokes are then searched
    for from that mask, and are returned unless they agree clearly less. This takes about half a second per
    megapixel; `pipelines.clean.binarize.binarize` is for pages that are clean and must be read fast.

    Parameters
    ----------
    grey : uint8 array, shape (H, W)
        Ink dark; need not be evenly lit.
    binarizers : mapping of str to function, optional
        The binarizers to try, by their names; all of `pipelines.clean.binarizers` by default.
    params : CleanParams
        Parameters of the binarizers, of strokes and of evidence.
    """
    binarizers = binarizers_with(params) if binarizers is None else binarizers
    masks = {name: threshold(grey) for name, threshold in binarizers.items()}
    edges = find_edges(grey, params)
    evidence = {name: edge_agreement(mask, edges) for name, mask in masks.items()}
    best = max(masks, key=lambda name: evidence[name])
    strokes = binarize_strokes(grey, masks[best], params)
    evidence["strokes"] = edge_agreement(strokes, edges)
    if evidence["strokes"] >= evidence[best] - params.evidence.clearly:
        return Choice(strokes, "strokes", evidence)
    return Choice(masks[best], best, evidence)


def strokes_if_stained(grey: Grey, first: Mask, params: CleanParams = STANDARD) -> Mask | None:
    """Return the strokes of a page if they are a better mask than the fast one, else None.

    They are where the fast mask agrees badly with the picture's edges and the strokes agree well. On clean
    pages both agree well, on photos of scenes neither does.

    Parameters
    ----------
    grey : uint8 array, shape (H, W)
        Ink dark, evenly lit.
    first : bool array, shape (H, W)
        From `pipelines.clean.binarize.binarize`.
    params : CleanParams
        Parameters of evidence and of strokes.
    """
    numbers, edges = params.evidence, find_edges(grey, params)
    fast = edge_agreement(first, edges, numbers.beside)
    if fast >= numbers.trusted or not first.any():
        return None
    strokes = binarize_strokes(grey, first, params)
    agreement = edge_agreement(strokes, edges, numbers.beside)
    return strokes if agreement > max(fast, numbers.convincing) else None


def bands(grey: Grey, params: CleanParams = STANDARD) -> Grey:
    """Return evenly spaced bands of rows of a large picture, stacked."""
    most, count = params.evidence.sample, params.evidence.bands
    if grey.size <= most:
        return grey
    rows = max(1, most // (count * grey.shape[1]))
    tops = np.linspace(0, len(grey) - rows, count + 2).astype(int)[1:-1]
    return np.concatenate([grey[top : top + rows] for top in tops])


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """Edges of a picture.

    Attributes
    ----------
    strength : float32 array, shape (H, W)
        The squared gradient along the ridges of the gradient, 0 elsewhere.
    clear : bool array, shape (H, W)
        The ridges that are not faint.
    """

    strength: npt.NDArray[np.float32]
    clear: Mask


def find_edges(grey: Grey, params: CleanParams = STANDARD) -> Edges:
    """Return the edges of a picture, uint8 (H, W).

    Edges below a share of Otsu's threshold on the ridge gradients are faint.
    """
    smooth = cv2.GaussianBlur(grey.astype(np.float32), (0, 0), params.evidence.blur)
    x, y = cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
    ridge = cv2.Canny(np.rint(x).astype(np.int16), np.rint(y).astype(np.int16), 1, 2, L2gradient=True) > 0
    strength, clear = np.zeros(grey.shape, np.float32), np.zeros(grey.shape, bool)
    if ridge.any():
        slope = np.asarray(cv2.magnitude(x[ridge], y[ridge]), np.float32).ravel()
        levels = np.minimum(slope, 255).astype(np.uint8).reshape(-1, 1)
        otsu_level, _ = cv2.threshold(levels, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
        strength[ridge], clear[ridge] = slope * slope, slope > otsu_level * params.evidence.faint
    return Edges(strength, clear)


def edge_agreement(mask: Mask, edges: Edges, reach: int = 1) -> float:
    """Return how well the contours of a mask agree with the edges of its picture, 0 to 1.

    The harmonic mean of precision and recall. Precision is the share of the contour that lies next to an
    edge: low for noise and for the rims of stains and windows. Recall is the share of the edges, weighted by
    squared gradient, that lies next to the contour: missing strokes lower it, missing faint edges of
    show-through hardly do.

    Parameters
    ----------
    mask : bool array, shape (H, W)
    edges : Edges
    reach : int
        The distance in pixels that counts as next to: 1 distinguishes thick from thin, 2 does not.
    """
    ink = mask.astype(np.uint8)
    rim = mask & (cv2.erode(ink, _SQUARE) == 0)
    contour = cv2.morphologyEx(ink, cv2.MORPH_GRADIENT, _square(reach)) > 0
    beside = cv2.dilate(edges.clear.astype(np.uint8), _square(reach)) > 0
    total = float(edges.strength.sum())
    if not rim.any() or total == 0:
        return 0.0
    real = np.count_nonzero(rim & beside) / np.count_nonzero(rim)
    found = float(edges.strength[contour].sum()) / total
    return float(2 * real * found / max(real + found, 1e-9))


def _square(reach: int) -> npt.NDArray[np.uint8]:
    return np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
