"""Degradations by scanners and cameras, in the order in which they occur.

The page is curved and seen at an angle; its ink is uneven and its paper coloured; light is uneven; a lens
blurs it; a sensor adds noise; a program thresholds or compresses it.
"""

from dataclasses import dataclass, replace
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from training.render import LineGeometry, Rendered

Image = NDArray[np.float32]


@dataclass(frozen=True)
class Conditions:
    """Strength of the degradations.

    Parameters
    ----------
    rotation, shear : float
        Standard deviations in degrees.
    perspective : float
        How far a corner may be moved, as a share of the picture's shorter side.
    wave : float
        How far a row may be bent, in x-heights.
    spread : float
        Most that ink spreads or shrinks: 1 is a whole pixel on all sides.
    fade : float
        Most that ink varies in strength over the page.
    blur : float
        Largest blur in x-heights (standard deviation).
    noise : float
        Largest standard deviation of the noise, of full white.
    light : float
        Largest loss of light at the darkest place.
    contrast : float
        Least difference between paper and ink, of full white.
    quality : int
        Lowest JPEG quality.
    coarse : float
        Probability that the picture has a lower resolution.
    bilevel, inverse, ruled, shadow : float
        Probabilities that the picture is thresholded, that the writing is light on dark, that the paper is
        ruled, that there is a shadow.
    """

    rotation: float
    shear: float
    perspective: float
    wave: float
    spread: float
    fade: float
    blur: float
    noise: float
    light: float
    contrast: float
    quality: int
    coarse: float
    bilevel: float
    inverse: float
    ruled: float
    shadow: float


CONDITIONS: dict[Literal["mild", "scan", "photo"], Conditions] = {
    "mild": Conditions(0.4, 0.5, 0, 0, 0.3, 0.1, 0.06, 0.02, 0.05, 0.6, 70, 0.1, 0.05, 0.03, 0, 0),
    "scan": Conditions(1.2, 1.5, 0, 0.15, 0.7, 0.35, 0.085, 0.06, 0.15, 0.35, 30, 0.3, 0.35, 0.03, 0.03, 0),
    "photo": Conditions(3.0, 3.0, 0.04, 0.2, 0.6, 0.3, 0.1, 0.08, 0.6, 0.3, 25, 0.35, 0, 0.12, 0.05, 0.3),
}


def degrade(rendered: Rendered, rng: np.random.Generator, kind: Literal["mild", "scan", "photo"]) -> Rendered:
    """Make a clean picture look scanned or photographed.

    Owners, and the geometry of the lines, get the same warps as the picture.

    Parameters
    ----------
    rendered : Rendered
        From `render_lines`.
    rng : numpy.random.Generator
    kind : {"mild", "scan", "photo"}

    Returns
    -------
    Rendered
        With a picture of about the same size.
    """
    conditions = CONDITIONS[kind]
    x_height = float(np.median([line.x_height for line in rendered.lines]))
    bent = _wave(rendered, conditions, x_height, rng)
    seen = warp(bent, _view(bent.grey.shape, conditions, rng))
    ink = np.asarray(1 - seen.grey.astype(np.float32) / 255, np.float32)
    page = _page(_ink(ink, conditions, x_height, rng), conditions, x_height, rng)
    lit = page * _light(page.shape, conditions, rng)
    caught = _sensor(_lens(lit, conditions, x_height, rng), seen.owner > 0, conditions, x_height, rng)
    return replace(seen, grey=_file(caught, seen.owner > 0, conditions, x_height, rng))


def warp(rendered: Rendered, matrix: NDArray[np.float64]) -> Rendered:
    """Apply a homography to a picture, and enlarge the canvas so that nothing is lost.

    Parameters
    ----------
    rendered : Rendered
    matrix : ndarray of float64, shape (3, 3)
        From (column, row, 1) of the picture to the same of the result, up to a shift.
    """
    rows, columns = rendered.grey.shape
    corners = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], np.float64)
    moved = _project(matrix, corners)
    low = np.floor(moved.min(axis=0))
    size = tuple(np.ceil(moved.max(axis=0) - low).astype(int).tolist())
    shifted = np.array([[1, 0, -low[0]], [0, 1, -low[1]], [0, 0, 1]]) @ matrix
    grey = cv2.warpPerspective(rendered.grey, shifted, size, flags=cv2.INTER_LINEAR, borderValue=255)
    # OpenCV warps no int32; float32 holds every owner exactly
    owner = cv2.warpPerspective(rendered.owner.astype(np.float32), shifted, size, flags=cv2.INTER_NEAREST)
    lines = tuple(_warp_line(line, shifted, columns / 2) for line in rendered.lines)
    return Rendered(
        grey.astype(np.uint8, copy=False), owner.astype(np.int32), rendered.characters, lines, rendered.text
    )


def _project(matrix: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.float64]:
    moved = np.hstack([points, np.ones((len(points), 1))]) @ matrix.T
    return np.asarray(moved[:, :2] / moved[:, 2:])


def _warp_line(line: LineGeometry, matrix: NDArray[np.float64], middle: float) -> LineGeometry:
    row = line.baseline + line.slope * middle
    points = [[middle, row], [middle + 1, row + line.slope], [middle, row - line.x_height]]
    here, right, above = _project(matrix, np.array(points))
    along, up = right - here, above - here
    slope = along[1] / along[0] if abs(along[0]) > 1e-6 else np.inf
    height = abs(along[0] * up[1] - along[1] * up[0]) / np.hypot(*along)
    cap_height = line.cap_height * height / line.x_height
    baseline = here[1] - slope * here[0]
    return replace(line, baseline=baseline, slope=slope, x_height=height, cap_height=cap_height)


def _view(shape: tuple[int, ...], conditions: Conditions, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return the homography of a page that is rotated, sheared and seen at an angle."""
    rows, columns = shape
    turn, lean = np.radians(rng.normal(size=2) * (conditions.rotation, conditions.shear)).clip(-0.26, 0.26)
    linear = np.array([[np.cos(turn), -np.sin(turn) + lean, 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1]])
    if not conditions.perspective:
        return linear
    corners = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], np.float32)
    reach = conditions.perspective * min(max(min(shape), 0.2 * max(shape)), 3 * min(shape))
    moved = (corners + rng.uniform(-reach, reach, (4, 2))).astype(np.float32)
    return linear @ np.asarray(cv2.getPerspectiveTransform(corners, moved), np.float64)


def _wave(rendered: Rendered, conditions: Conditions, x_height: float, rng: np.random.Generator) -> Rendered:
    """Bend the rows of a page a little, as on paper that does not lie flat."""
    height = conditions.wave * x_height * rng.uniform(-1, 1)
    if abs(height) < 0.5:
        return rendered
    rows, columns = rendered.grey.shape
    across = np.arange(columns, dtype=np.float32)
    period = rng.uniform(0.7, 2.5) * max(columns, 20 * x_height)
    bend = (height * np.sin(across / period * 6.28 + rng.uniform(0, 6.28))).astype(np.float32)
    at_columns, at_rows = np.meshgrid(across, np.arange(rows, dtype=np.float32))
    at_rows += bend
    grey = cv2.remap(rendered.grey, at_columns, at_rows, cv2.INTER_LINEAR, borderValue=255)
    owner = cv2.remap(rendered.owner.astype(np.float32), at_columns, at_rows, cv2.INTER_NEAREST)
    return replace(rendered, grey=grey.astype(np.uint8, copy=False), owner=owner.astype(np.int32))


def _ink(ink: Image, conditions: Conditions, x_height: float, rng: np.random.Generator) -> Image:
    """Ink that has spread or shrunk, of uneven strength; 1 is full ink."""
    amount = conditions.spread * rng.uniform(-1, 1) * min(1.0, x_height / 14)
    thick = 2 * ink.sum() / max(1.0, float(np.abs(np.diff(ink, axis=1)).sum()))
    cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    if amount > 0:
        ink = (1 - amount) * ink + amount * cv2.dilate(ink, cross)
    elif thick > 2.5:
        ink = (1 + amount) * ink - amount * cv2.erode(ink, cross)
    fade = conditions.fade * rng.uniform(0, 1)
    strength = 1 - fade * cloud(ink.shape, rng.uniform(0.3, 8) * x_height, rng)
    if rng.random() < 0.3:
        strength *= 1 - 0.8 * fade * cloud(ink.shape, rng.uniform(0.6, 1.5), rng)
    return ink * strength


def cloud(shape: tuple[int, ...], size: float, rng: np.random.Generator) -> Image:
    """Noise between 0 and 1 whose spots are about `size` pixels wide."""
    rows, columns = (max(2, int(np.ceil(side / size)) + 1) for side in shape)
    spots = rng.random((rows, columns), np.float32)
    cloud = cv2.resize(spots, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC)
    return np.clip(cloud, 0, 1)


def _page(ink: Image, conditions: Conditions, x_height: float, rng: np.random.Generator) -> Image:
    """Light that ink and paper throw back, 0 to 1."""
    paper = rng.uniform(max(0.55, conditions.contrast + 0.1), 1)
    dark = rng.uniform(0, paper - conditions.contrast) * rng.uniform(0.2, 1)
    grain = rng.uniform(0, 0.5) * conditions.noise
    ground = np.full(ink.shape, paper, np.float32)
    ground *= 1 - 2 * grain * cloud(ink.shape, rng.uniform(1, 4), rng)
    ground *= 1 - 0.1 * rng.uniform(0, conditions.fade) * cloud(ink.shape, 10 * x_height, rng)
    if rng.random() < conditions.ruled:
        ground = _rule(ground, x_height, rng)
    if rng.random() < 0.5 * conditions.fade:
        ground *= 1 - rng.uniform(0.03, 0.12) * cv2.GaussianBlur(ink[:, ::-1], (0, 0), 0.15 * x_height)
    page = ground * (1 - ink) + dark * ink
    if rng.random() < conditions.inverse:
        page = dark + paper - np.minimum(page, paper)
    return page


def _rule(ground: Image, x_height: float, rng: np.random.Generator) -> Image:
    """Paper with faint ruled lines, and at times upright ones as well."""
    step, shade = rng.uniform(2.2, 4) * x_height, 1 - rng.uniform(0.1, 0.3)
    wide = max(1, round(rng.uniform(0.02, 0.08) * x_height))
    ruled = ground.copy()
    start = rng.uniform(0, step)
    rows = np.arange(start, ground.shape[0], step).astype(int)
    for offset in range(wide):
        ruled[np.minimum(rows + offset, ground.shape[0] - 1)] *= shade
        if wide == 1 and rng.random() < 0.3:
            columns = np.arange(start, ground.shape[1], step).astype(int)
            ruled[:, columns] *= shade
    return ruled


def _light(shape: tuple[int, ...], conditions: Conditions, rng: np.random.Generator) -> Image:
    """How much light falls where: a slope, a darker rim, the edge of a shadow."""
    down, across = np.meshgrid(
        np.linspace(-1, 1, shape[0], dtype=np.float32),
        np.linspace(-1, 1, shape[1], dtype=np.float32),
        indexing="ij",
    )
    angle = rng.uniform(0, 6.28)
    along = np.cos(angle) * across + np.sin(angle) * down
    light = 1 - conditions.light * rng.uniform(0, 0.5) * (along / 1.42 + 1) / 2
    light *= 1 - conditions.light * rng.uniform(0, 0.4) * (across**2 + down**2) / 2
    if rng.random() < conditions.shadow:
        edge = rng.normal(0, 0.5) + 0.15 * np.sin(rng.uniform(0, 6) + 3 * (across - down))
        far = np.cos(angle + 1) * across + np.sin(angle + 1) * down
        light *= 1 - conditions.light * rng.uniform(0.2, 0.8) / (
            1 + np.exp((far - edge) / rng.uniform(0.02, 0.3))
        )
    return np.asarray(light, np.float32)


def _lens(image: Image, conditions: Conditions, x_height: float, rng: np.random.Generator) -> Image:
    """Out of focus, moved while exposed, or merely soft."""
    sigma = conditions.blur * x_height * rng.uniform(0, 1) ** 1.5
    sigma = min(sigma, 0.2 + 0.07 * x_height)
    if sigma < 0.3:
        return image
    way = rng.integers(4)
    if way < 2:
        return np.asarray(cv2.GaussianBlur(image, (0, 0), sigma), np.float32)
    if way == 2:
        reach = int(np.ceil(2 * sigma))
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    else:
        kernel = _streak(2.5 * sigma, rng.uniform(0, 3.14))
    kernel = kernel / np.float32(kernel.sum())
    return np.asarray(cv2.filter2D(image, -1, kernel, borderType=cv2.BORDER_REPLICATE), np.float32)


def _streak(length: float, angle: float) -> Image:
    reach = int(np.ceil(length / 2)) + 1
    kernel = np.zeros((2 * reach + 1, 2 * reach + 1), np.float32)
    step = np.array([np.cos(angle), np.sin(angle)]) * length / 2
    start, end = (np.rint(16 * (reach + sign * step)).astype(int).tolist() for sign in (-1, 1))
    cv2.line(kernel, start, end, 1.0, 1, cv2.LINE_8, 4)
    return kernel


def _sensor(
    image: Image, inked: NDArray[np.bool_], conditions: Conditions, x_height: float, rng: np.random.Generator
) -> Image:
    """Fewer pixels, noise, and a level of its own for black and white."""
    level = conditions.noise * rng.uniform(0, 1) ** 2 * min(1.0, 0.1 + 2 * _contrast(image, inked))
    shape = image.shape[::-1]
    if rng.random() < conditions.coarse and x_height > 11:
        share = max(rng.uniform(0.35, 0.9), 9 / x_height)
        small = cv2.resize(image, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
        small = _noisy(np.asarray(small, np.float32), level, rng)
        image = np.asarray(cv2.resize(small, shape, interpolation=int(rng.integers(1, 3))), np.float32)
    else:
        image = _noisy(image, level, rng)
    gamma = np.exp(rng.normal(0, 0.15))
    return np.asarray(np.clip(image, 0, 1) ** gamma, np.float32)


def _contrast(image: Image, inked: NDArray[np.bool_]) -> float:
    return abs(float(np.median(image[inked]) - np.median(image[~inked])))


def _noisy(image: Image, level: float, rng: np.random.Generator) -> Image:
    noise = rng.standard_normal(image.shape, np.float32) * np.float32(level)
    image = image + (noise * np.sqrt(np.maximum(image, 0)) if rng.random() < 0.5 else noise)
    if rng.random() < 0.15:
        flaw = rng.random(image.shape, np.float32)
        share = rng.uniform(0, 0.15) * level
        image = np.where(flaw < share / 2, 0, np.where(flaw > 1 - share / 2, 1, image))
    return np.asarray(image, np.float32)


def _file(
    image: Image, inked: NDArray[np.bool_], conditions: Conditions, x_height: float, rng: np.random.Generator
) -> NDArray[np.uint8]:
    """Eight bits: thresholded, compressed, or both."""
    if rng.random() < conditions.bilevel:
        ink, paper = np.median(image[inked]), np.median(image[~inked])
        image = np.asarray(image > ink + rng.uniform(0.4, 0.7) * (paper - ink), np.float32)
    grey = np.rint(255 * image).astype(np.uint8)
    if rng.random() < 0.7:
        quality = int(rng.uniform(max(conditions.quality, 55 if x_height < 12 else 0), 96))
        compressed = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        decoded = cv2.imdecode(compressed, cv2.IMREAD_GRAYSCALE)
        grey = np.asarray(decoded, np.uint8)
    return grey
