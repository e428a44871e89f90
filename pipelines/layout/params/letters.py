"""The numbers that tell letters from specks, rules and frames, and the size that letters are brought to."""

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
        A component that is smaller than this, the longer way, is a speck. In letter heights. More leaves out
        dots and commas.
    speck_area : float
        Or one of less ink than this, in squares of the letter height. More leaves out thin dots.
    speck_pixels : float
        Or one of less ink than this, in pixels. More leaves out dots of low letters.
    tallest, widest : float
        A component that is higher or wider is a rule, a frame or a drawing. In letter heights. Less leaves
        out large initials and words that are written in one stroke.
    bar_length, bar_thickness : float
        A component that is wider than the one and lower than the other is a level rule. In letter heights.
        A shorter or a thicker bar leaves out long dashes.
    post_length, post_thickness : float
        A component that is higher than the one and narrower than the other is an upright rule. In letter
        heights. A shorter or a thicker post leaves out brackets.
    tall : float
        A component higher than this is a letter, one that is lower a mark. In heights of ordinary letters, or
        of the highest on a line. Lines are levelled and measured by their letters, and accents stand over
        letters. More leaves fewer components to measure.
    edge : float
        At the upper and the lower edge of a picture of one line, a lower component is cut off from another
        line and left out. In letter heights. More leaves out marks at the edge.
    sliver : float
        What touches the left or right edge of such a picture and is narrower than this is the border of what
        is beside it. In letter heights. More leaves out parts of letters that are cut off.
    wall : float
        So is what touches an edge above or below it as well, and is higher than this. In letter heights. Less
        leaves out letters of tightly cut pictures.
    measured : float
        Components no higher than this, in pixels, are too low to tell the height of letters, or to be within
        a frame. More measures fewer small letters.
    heaviest : float
        A component that is higher, in pixels, counts for the height of letters as if it were this high. More
        lets large letters count more.
    line_aspect : float
        A component so many times as long as thick is a line, and does not count for the height of letters.
        More counts longer dashes.
    page_share : float
        Components at least this share of the picture's height, or half of its width, do not count for the
        height of letters where enough else is there. More counts larger ones.
    enough : float
        Enough else is more than this share of all ink. More makes a page with a drawing measure the drawing.
    frames_tried : int
        The largest components, so many, may be frames. More is slower.
    frame_height : float
        A frame is higher than this, in pixels.
    frame_speck : float
        Components no higher than this share of a frame's height do not tell that it is one. More takes fewer
        components for frames.
    framed : int
        A frame goes round so many components. More takes fewer for frames.
    mark : float
        What is lower and narrower than this is a mark, and is parted from the letter that only blur joins it
        to. In letter heights. More parts larger pieces of letters.
    mark_low : float
        A mark behind a letter stands lower than this share of the letter's height from its top. Less parts
        the ends of curves.
    mark_apart : float
        It has no other ink than its letter within this share of its longer side. Less parts more pieces of
        broken letters.
    joint, peak : int
        Blur is no darker than the first where it joins two pieces that are both as dark as the second, from
        0 for paper to 255 for ink. A higher joint or a lower peak parts more.
    crowd : int
        Or round so many, however low they are beside it. Less takes rough letters for frames of specks.
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
        What touches an edge, is wider than the one, a share of the picture's width, and lower than the other,
        a share of its height, is a rule.
    rule_weight : float
        By this factor the ink of a rule counts less in the choice of the main component. More takes rules for
        letters.
    least : float
        A component of no more ink than this share of the main one's is a speck. More leaves out dots.
    edge : float
        A component at an edge, of less ink than this share of the main one's, reaches in from outside. More
        leaves out parts of letters that are cut off.
    framed : float
        A component around another that is at least this share as high is a ring or a frame, not the letter.
        Less takes an O with a dot in it for a frame.
    """

    across: Share = 0.9
    low: Share = 0.2
    rule_weight: Share = 0.05
    least: Share = 0.03
    edge: Share = 0.35
    framed: Share = 0.3


@dataclass(frozen=True, slots=True)
class Sizes(Checked):
    """The size that letters are brought to before they are cut out, and how level lines are made.

    Attributes
    ----------
    smallest, largest : float
        Letters are brought into this range of heights, in pixels. More keeps more detail and is slower.
    enlarged, reduced : float
        Low letters are brought to `enlarged` times the smallest height, high ones to `reduced` times the
        largest. More makes them larger.
    most_factor : float
        A picture is enlarged by this factor at most. More helps very low letters and is slower.
    unchanged : float
        A picture that would be resized by a smaller share than this stays as it is.
    lowest : float
        Ink lower than this, in pixels, where letters have been brought to size, is no letters but specks or
        noise. The window for thresholds is made for letters at least so high. More leaves out low letters.
    probe : float
        The height of letters is first measured on a picture whose longer side is no longer than this, in
        pixels. More finds lower letters on large pages and is slower.
    probe_window : float
        Side of the window for thresholds on that picture, at least, in pixels.
    probe_windows : float
        And its shorter side divided by this, if that is more. More makes windows smaller: they follow shadows
        more closely and hollow out large letters.
    most_pixels : float
        No picture is enlarged or turned to more pixels than this. More needs more memory.
    level : float
        Lines at a smaller angle than this, in degrees, are level. More turns fewer pages.
    paper : float
        Percentile of the grey levels that fills the corners of a turned page. More makes them lighter.
    """

    smallest: Annotated[float, Unit(1, 10_000, "pixels")] = 26.0
    largest: Annotated[float, Unit(1, 10_000, "pixels")] = 56.0
    enlarged: Positive = 1.15
    reduced: Positive = 0.75
    most_factor: Positive = 4.0
    unchanged: Share = 0.05
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
