"""The numbers that tell plates, and rings and boxes to tick, from letters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pipelines.layout.params.units import Count, Heights
from pipelines.units import Checked, Share, Unit


@dataclass(frozen=True, slots=True)
class Signs(Checked):
    """Which ink of the size of letters is none (`pipelines.layout.signs`).

    Attributes
    ----------
    least : float
        Plates, rings and boxes are at least so high and wide. In letter heights. Less takes bullets for such.
    most : int
        So many components are looked at. More is slower.
    plate : float
        A plate is at least so high. In letter heights. Less takes thick dashes for plates.
    plate_aspect : float
        And so many times as wide as high. More takes fewer for plates.
    plate_ink : float
        Its ink fills at least this share of its box. Less takes frames for plates.
    plate_page : float
        And is at most this share of the picture: beyond it, the paper is dark.
    straight : float
        Along each of its four sides there is ink over at least this share. More takes fewer for plates.
    oblong : float
        A ring or a box is no more than so many times as wide as high, or as high as wide.
    hollow : float
        Its inside is at least this share of its box. More takes fewer for rings.
    room : float
        The letters that it stands before begin within so many times its size.
    letter : float
        They are higher than this share of its size. More takes fewer components for letters.
    apart : float
        They begin no nearer than this share of its size. Less takes a large O that begins a word for a ring.
    beyond : float
        It reaches above and below them by this share of its size. Less takes the O of a row of capitals for a
        ring.
    box_apart : float
        A box with four corners need not, if the letters begin no nearer than this share of its size.
    least_dot, most_dot : float
        A bullet is so large, at least and at most. In letter heights.
    solid : float
        Its ink fills at least this share of its box.
    bullet_letter : float
        The letters behind it are higher than this. In letter heights.
    beside : float
        They reach within this of its height, above or below. In letter heights. Less takes dots of i for it.
    before : float
        None of them is before it, within this. In letter heights. Less takes dots between words for bullets.
    bullet_apart : float
        They begin no nearer than this. In letter heights. Less takes pieces of letters for bullets.
    raised : float
        It is above their lower end by this share of their height. Less takes a full stop for a bullet.
    """

    least: Heights = 0.7
    most: Count = 400
    plate: Heights = 1.25
    plate_aspect: Annotated[float, Unit(0, 100)] = 0.8
    plate_ink: Share = 0.5
    plate_page: Share = 0.4
    straight: Share = 0.85
    oblong: Annotated[float, Unit(1, 10)] = 1.2
    hollow: Share = 0.35
    room: Annotated[float, Unit(0, 100)] = 4.0
    letter: Share = 0.3
    apart: Share = 0.15
    beyond: Share = 0.04
    box_apart: Share = 0.3
    least_dot: Heights = 0.15
    most_dot: Heights = 0.8
    solid: Share = 0.72
    bullet_letter: Heights = 0.4
    beside: Heights = 0.5
    before: Heights = 4.0
    bullet_apart: Heights = 0.35
    raised: Share = 0.25
