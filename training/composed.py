"""Signs that were not recorded from any writer, composed of recorded ones and polylines."""

from dataclasses import dataclass

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Part:
    """A character or a polyline, put into a box.

    Parameters
    ----------
    shape : str or tuple of pairs of float
        A recorded character, or the points of a stroke: x and y from 0 to 1, y upwards.
    box : tuple of float
        Left, bottom, width and height in x-heights, the bottom counted upwards from the baseline.
    """

    shape: str | tuple[tuple[float, float], ...]
    box: Box


def _strokes(box: Box, *strokes: Box) -> tuple[Part, ...]:
    """Straight strokes, each from (x, y) to (x, y) of the unit square, all put into one box."""
    left, bottom, width, height = box
    parts = []
    for x0, y0, x1, y1 in strokes:
        low = (min(x0, x1), min(y0, y1))
        reach = (abs(x1 - x0), abs(y1 - y0))
        points = ((float(x0 > x1), float(y0 > y1)), (float(x0 <= x1), float(y0 <= y1)))
        place = (left + low[0] * width, bottom + low[1] * height, reach[0] * width, reach[1] * height)
        parts.append(Part(points, place))
    return tuple(parts)


_QUESTION = ((0, 0.75), (0.1, 0.93), (0.45, 1), (0.85, 0.9), (1, 0.65), (0.8, 0.4), (0.5, 0.25), (0.48, 0))
_AMPERSAND = (
    *((1, 0), (0.6, 0.35), (0.15, 0.8), (0.3, 1), (0.55, 0.95), (0.6, 0.75)),
    *((0.1, 0.35), (0, 0.15), (0.25, 0), (0.6, 0.08), (0.95, 0.45)),
)
_AT = (
    *((0.72, 0.25), (0.95, 0.25), (1, 0.6), (0.75, 0.95), (0.35, 1)),
    *((0.05, 0.7), (0, 0.35), (0.2, 0.05), (0.5, 0), (0.9, 0.1)),
)
_POUND = ((1, 0.8), (0.85, 0.97), (0.55, 1), (0.35, 0.8), (0.38, 0.4), (0.3, 0.1), (0, 0))
_TILDE = ((0, 0), (0.15, 0.75), (0.35, 0.9), (0.6, 0.2), (0.85, 0.1), (1, 1))

COMPOSED: dict[str, tuple[Part, ...]] = {
    ":": (Part(".", (0, 0, 0.08, 0.08)), Part(".", (0, 0.75, 0.08, 0.08))),
    ";": (Part(",", (0, -0.3, 0.12, 0.45)), Part(".", (0.06, 0.75, 0.08, 0.08))),
    '"': (Part("'", (0, 1.1, 0.08, 0.45)), Part("'", (0.35, 1.1, 0.08, 0.45))),
    "_": (Part("-", (0, -0.2, 1.0, 0.05)),),
    "\\": _strokes((0, -0.15, 0.7, 1.6), (0, 1, 1, 0)),
    "^": (Part(((0, 0), (0.5, 1), (1, 0)), (0, 0.9, 0.6, 0.6)),),
    "~": (Part(_TILDE, (0, 0.4, 0.9, 0.3)),),
    "*": _strokes((0, 0.8, 0.65, 0.7), (0.5, 0, 0.5, 1), (0, 0.2, 1, 0.8), (0, 0.8, 1, 0.2)),
    "#": _strokes((0, 0, 1.1, 1.4), (0.2, 0, 0.4, 1), (0.6, 0, 0.8, 1), (0, 0.65, 1, 0.7), (0, 0.3, 1, 0.35)),
    "%": (Part("o", (0, 0.9, 0.5, 0.55)), Part("/", (0.25, 0, 0.75, 1.5)), Part("o", (0.75, 0, 0.5, 0.55))),
    "$": (Part("S", (0, 0.05, 0.85, 1.35)), *_strokes((0.4, -0.2, 0.15, 1.85), (0, 0, 1, 1))),
    "€": (
        Part("C", (0.1, 0, 0.9, 1.45)),
        Part("-", (-0.05, 0.6, 0.7, 0.05)),
        Part("-", (-0.05, 0.88, 0.7, 0.05)),
    ),
    "£": (
        Part(_POUND, (0, 0, 0.9, 1.5)),
        Part("-", (0.05, 0.7, 0.6, 0.05)),
        Part("-", (0.0, 0.0, 0.95, 0.05)),
    ),
    "°": (Part("o", (0, 1.0, 0.4, 0.45)),),
    "?": (Part(_QUESTION, (0, 0.4, 0.75, 1.1)), Part(".", (0.36, 0.0, 0.08, 0.08))),
    "&": (Part(_AMPERSAND, (0, 0, 1.1, 1.5)),),
    "@": (Part("a", (0.4, 0.2, 0.5, 0.6)), Part(_AT, (0, -0.2, 1.4, 1.5))),
}
