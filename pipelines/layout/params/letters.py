"""Parameters that separate letters from specks, rules and frames, and the size that letters are scaled to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pipelines.layout.params.units import Count, Darkness, Degrees, Divisor, Heights, Pixels, Positive
from pipelines.units import Checked, Factor, Percentile, Share, Unit


@dataclass(frozen=True, slots=True)
class Letters(Checked):
    """Which components can belong to letters, and how high ordinary letters are.

    Attributes
    ----------
    speck : float
        A component whose longer side is below this is a speck. In letter heights. A higher value leaves out
        dots and commas.
    speck_area : float
        A component of less ink than this is a speck, too. In squares of the letter height. A higher value
        leaves out thin dots.
    speck_pixels : float
        The same in pixels. A higher value leaves out dots of low letters.
    tallest, widest : float
        A component that is higher or wider is a rule, a frame or a drawing. In letter heights. A lower value
        leaves out large initials and words that are written in one stroke.
    bar_length, bar_thickness : float
        A component wider than `bar_length` and lower than `bar_thickness` is a horizontal rule. In letter
        heights. A shorter or a thicker bar leaves out long dashes.
    post_length, post_thickness : float
        A component higher than `post_length` and narrower than `post_thickness` is a vertical rule. In letter
        heights. A shorter or a thicker post leaves out brackets.
    tall : float
        A component higher than this is a letter, a lower one a mark. In heights of ordinary letters, or of
        the highest on a line. Lines are levelled and measured by their letters, and accents stand over
        letters. A higher value leaves fewer components to measure.
    edge : float
        A component lower than this at the upper or lower edge of a picture of one line belongs to another
        line and is left out. In letter heights. A higher value leaves out marks at the edge.
    sliver : float
        A component narrower than this at the left or right edge of such a picture is the border of something
        next to it. In letter heights. A higher value leaves out parts of letters that are cut off.
    wall : float
        So is a component higher than this that also touches the upper or lower edge. In letter heights. A
        lower value leaves out letters of tightly cut pictures.
    measured : float
        Components no higher than this, in pixels, do not count for the height of letters, or for what a frame
        holds. A higher value measures fewer small letters.
    heaviest : float
        A component higher than this, in pixels, counts for the height of letters as if it were this high. A
        higher value lets large letters count more.
    line_aspect : float
        A component this many times as long as thick is a stroke or rule, and does not count for the height of
        letters. A higher value counts longer dashes.
    page_share : float
        Components higher than this share of the picture, or wider than half of it, do not count for the
        height of letters where enough others are there. A higher value counts larger ones.
    enough : float
        Enough others hold more than this share of all ink. A higher value makes a page with a drawing measure
        the drawing.
    frames_tried : int
        This many of the largest components are tested for frames. A higher value is slower.
    frame_height : float
        A frame is higher than this, in pixels.
    frame_speck : float
        Components no higher than this share of a frame's height do not count as what it holds. A higher value
        takes fewer components for frames.
    framed : int
        A frame surrounds at least this many components. A higher value takes fewer for frames.
    mark : float
        A piece lower and narrower than this is a mark, and is separated from the letter that only blur joins
        it to. In letter heights. A higher value separates larger pieces of letters.
    mark_low : float
        A mark after a letter stands lower than this share of the letter's height from its top. A lower value
        separates the ends of curves.
    mark_apart : float
        It has no ink except its letter's within this share of its longer side. A lower value separates more
        pieces of broken letters.
    joint, peak : int
        A joint made by blur is at most as dark as `joint`, and both of its pieces at least as dark as `peak`,
        from 0 for paper to 255 for ink. A higher joint or a lower peak separates more marks.
    crowd : int
        A component that surrounds this many others is a frame, however low they are. A lower value takes
        rough letters for frames of specks.
    """

    speck: Heights = 0.1
    speck_area: Share = 0.006
    speck_pixels: Pixels = 3.0
    tallest: Heights = 4.5
    widest: Heights = 30.0
    bar_length: Heights = 5
    bar_thickness: Heights = 0.35
    post_length: Heights = 2.5
    post_thickness: Heights = 0.2
    tall: Share = 0.4
    edge: Heights = 0.45
    sliver: Heights = 0.06
    wall: Heights = 1.3
    measured: Pixels = 6
    heaviest: Pixels = 400
    line_aspect: Factor = 12
    page_share: Share = 0.25
    enough: Share = 0.4
    frames_tried: Count = 40
    frame_height: Pixels = 8
    frame_speck: Share = 0.04
    framed: Count = 3
    mark: Heights = 0.4
    mark_low: Share = 0.75
    mark_apart: Factor = 0.5
    joint: Darkness = 60
    peak: Darkness = 230
    crowd: Count = 20


@dataclass(frozen=True, slots=True)
class OneLetter(Checked):
    """Which components are the letter on a picture of one letter.

    Attributes
    ----------
    across, low : float
        A component that touches an edge, is wider than `across`, a share of the picture's width, and lower
        than `low`, a share of its height, is a rule.
    rule_weight : float
        Weight of a rule's ink in the choice of the main component. A higher value takes rules for letters.
    least : float
        A component with at most this share of the main one's ink is a speck. A higher value leaves out dots.
    edge : float
        A component at an edge with less than this share of the main one's ink reaches in from outside. A
        higher value leaves out parts of letters that are cut off.
    framed : float
        A component around another of at least this share of its height is a ring or a frame, not the letter.
        A lower value takes an O with a dot in it for a frame.
    """

    across: Share = 0.9
    low: Share = 0.2
    rule_weight: Share = 0.05
    least: Share = 0.03
    edge: Share = 0.35
    framed: Share = 0.3


@dataclass(frozen=True, slots=True)
class Sizes(Checked):
    """The size that letters are scaled to before they are cut out, and the deskewing of lines.

    Attributes
    ----------
    smallest, largest : float
        Letters are scaled into this range of heights, in pixels. A higher value keeps more detail and is
        slower.
    enlarged, reduced : float
        Letters below the range are scaled to `enlarged` times the smallest height, letters above it to
        `reduced` times the largest. A higher value makes them larger.
    most_factor : float
        Largest factor of enlargement. A higher value helps very low letters and is slower.
    unchanged : float
        A picture that would be resized by less than this share is left unchanged.
    soft : float
        Standard deviation of the blur of the soft way of reading, in letter heights. A higher value joins
        coarser dots, and closes small counters.
    lowest : float
        After scaling, ink lower than this, in pixels, is not letters but specks or noise. The window of
        thresholds is made for letters of at least this height. A higher value leaves out low letters.
    probe : float
        The height of letters is first measured on a picture whose longer side is no longer than this, in
        pixels. A higher value finds lower letters on large pages and is slower.
    probe_window : float
        Least side of the window of thresholds on that picture, in pixels.
    probe_windows : float
        The side is the picture's shorter side divided by this, if that is more. A higher value makes windows
        smaller: they follow shadows more closely and hollow out large letters.
    most_pixels : float
        No picture is enlarged or turned to more pixels than this. A higher value needs more memory.
    level : float
        Lines at a smaller angle than this, in degrees, count as level. A higher value turns fewer pages.
    paper : float
        Percentile of the grey levels that fills the corners of a turned page. A higher value makes them
        lighter.
    """

    smallest: Annotated[float, Unit(1, 10_000, "pixels")] = 26.0
    largest: Annotated[float, Unit(1, 10_000, "pixels")] = 56.0
    enlarged: Positive = 1.15
    reduced: Positive = 0.75
    most_factor: Positive = 4.0
    unchanged: Share = 0.05
    soft: Share = 0.05
    lowest: Pixels = 12.0
    probe: Annotated[float, Unit(1, 100_000, "pixels")] = 1600
    probe_window: Count = 15
    probe_windows: Divisor = 12
    most_pixels: Count = 24_000_000
    level: Degrees = 0.2
    paper: Percentile = 75

    def __post_init__(self) -> None:
        Checked.__post_init__(self)
        if self.smallest > self.largest:
            raise ValueError(
                f"Sizes.smallest is {self.smallest}: it must not be above largest, {self.largest}"
            )
