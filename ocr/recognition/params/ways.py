"""Parameters of reading in other ways: which ways, spelled lines, and regions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from ocr.recognition.units import Count, Nats, Weight
from pipelines.units import Checked, Share, Unit


@dataclass(frozen=True, slots=True)
class WayParams(Checked):
    """When a picture is read in other ways, and which way is preferred (`ocr.recognition.ways`).

    Attributes
    ----------
    like_letters : float
        A picture whose reading has a likeness to letters below this is read in other ways. A higher value is
        slower.
    filled : float
        So is a line, a word or a letter in which text fills less than this share of the width.
    full : float
        A short one in which text fills less than this share is, too, if the line network reads more letters
        on it, with confidence.
    liker : float
        For a letter that stands alone, the likeness of another way must be higher by this.
    unlike_letters : float
        A reading with a likeness to letters below this is not text. A higher value reads less.
    doubtful : float
        The same for several letters on a page, or in a region, with little evidence of text. A higher value
        reads less on photographs.
    unsure : float
        Mean log-probability, in nats, above which the letters of a line or a word are evidence for a way. It
        is lower than for pages, as there certainly is text.
    more, more_each : float
        Another way is preferred if it has this much more evidence, in nats: `more`, plus `more_each` for each
        letter.
    surely, few : float, int
        A region is not read in other ways if at least `few` letters have a mean log-probability above
        `surely`, in nats.
    clearly : float
        A line or a word is not read in other ways if its letters have a mean log-probability above this, in
        nats, and look like letters. A higher value is slower.
    short : int
        A line of more letters need only look like letters, and is not read as the line network spells it. A
        higher value is slower.
    hopeless : float
        A region is not read in other ways either with at least this much evidence against text, in nats. A
        higher value is slower.
    small_part : float
        Least share of a letter's box that a part of it has which another way of reading takes for a letter.
    sized : float
        Where text is found of at least this length, in its heights, its height bounds that of letters. A
        higher value is faster, and measures drawings on pages with little text.
    heading : float
        A page with more evidence for text than this, in nats, whose letters are measured on its headings is
        read in the size of its body text, unless that has clearly less. A higher value is faster.
    """

    like_letters: Share = 0.85
    filled: Share = 0.5
    full: Share = 0.85
    liker: Share = 0.05
    unlike_letters: Share = 0.2
    doubtful: Share = 0.63
    unsure: Annotated[float, Unit(-100, 0, "nats")] = -1.0
    more: Nats = 0.3
    more_each: Nats = 0.05
    surely: Annotated[float, Unit(-100, 0, "nats")] = -0.15
    few: Count = 2
    clearly: Annotated[float, Unit(-100, 0, "nats")] = -0.05
    short: Count = 20
    hopeless: Nats = 6.0
    small_part: Share = 0.2
    sized: Annotated[float, Unit(0, 100_000, "heights")] = 15.0
    heading: Nats = 10.0


@dataclass(frozen=True, slots=True)
class OrientationParams(Checked):
    """How it is found which way up a page is (`ocr.recognition.orientation`).

    Attributes
    ----------
    lines, columns : int
        How many of the longest lines are read, and most columns of each, at a height of 32. Higher values are
        slower.
    fewest : int
        Least number of characters that must be read for a picture to be turned.
    square : float
        Fewer components than `fewest`, in a box at most this many times as long as wide, hold fewer
        characters.
    enough : int
        Number of characters, read on the rotated ink of a sheet, that is enough to decide.
    surely_enough : int
        Columns that hold about a hundred characters of text: fewer than `enough` characters on this many
        columns are enough to decide, too.
    runs_across : float
        Lines with a mean log-probability per letter above this, in nats, are horizontal.
    surely_upright : float
        Lines with a mean log-probability per letter above this, in nats, are upright; upside down, the best
        of about eighty pages of text reaches -0.3, and a list of prices -0.17.
    middle : int
        About how many components in the middle of a page are used to test whether it is sideways.
    level_lines : float
        Regions of text that are longer than this, in their heights, run level: upside-down or not, the
        picture is not sideways. On its side, they reach 6.
    unread, level_columns : float
        Where the lines that were read have less confidence than this, in nats, regions up to this many of
        their heights long may also be columns of a table on its side.
    several : int
        With fewer regions of text, a way that will probably not be read is not tried sideways.
    margin : float
        Prior for the orientation as loaded, in nats: another one must have this much more evidence.
    """

    lines: Count = 8
    columns: Count = 400
    fewest: Count = 4
    square: Annotated[float, Unit(1, 100)] = 2.0
    enough: Count = 16
    surely_enough: Count = 1600
    runs_across: Annotated[float, Unit(-100, 0, "nats")] = -0.28
    surely_upright: Annotated[float, Unit(-100, 0, "nats")] = -0.12
    middle: Count = 2500
    level_lines: Annotated[float, Unit(0, 1_000, "heights")] = 7.0
    unread: Annotated[float, Unit(-100, 0, "nats")] = -0.5
    level_columns: Annotated[float, Unit(0, 1_000, "heights")] = 14.0
    several: Count = 3
    margin: Nats = 4.0


@dataclass(frozen=True, slots=True)
class BudgetParams(Checked):
    """How much work a picture may cost before other ways and places are tried no more (`Budget`).

    Attributes
    ----------
    start, megapixel : float
        Seconds of a usual core that any picture may cost, and in addition each million of its pixels. Higher
        values are slower on pictures without text.
    letter : float
        Seconds in addition for each letter of a line that is read with confidence.
    ways : float
        Share of the budget that other ways of reading the page may use up. A lower value leaves more for
        regions beside it.
    columns : int
        Columns of a strip that a letter takes, on average.
    glyphs : int
        Touching letters are cut apart into so many candidates even where the budget is spent and the lines
        are evidence against text.
    pixel, column, glyph : float
        Cost of a pixel of a sheet, of a column that the line network reads, and of a glyph, in microseconds.
        Measured, on pages, photographs and noise, to within a third.
    """

    start: Annotated[float, Unit(0, 1e6, "s")] = 1.0
    megapixel: Annotated[float, Unit(0, 1e6, "s")] = 1.5
    letter: Annotated[float, Unit(0, 1e3, "s")] = 0.004
    ways: Share = 0.85
    columns: Count = 20
    glyphs: Count = 4000
    pixel: Annotated[float, Unit(0, 1e6, "us")] = 0.2
    column: Annotated[float, Unit(0, 1e6, "us")] = 55.0
    glyph: Annotated[float, Unit(0, 1e6, "us")] = 500.0


@dataclass(frozen=True, slots=True)
class SpelledParams(Checked):
    """How letters are located that only the line network can distinguish from their background.

    Attributes
    ----------
    rows : tuple of float
        Rows of a strip that the height of a picture of one line is scaled to, tried one after another. More
        values are slower.
    lowest : int
        A picture of fewer rows than this has no room for letters.
    region_rows : tuple of float
        The same for a region with room around it.
    reach : float
        Extent of the first and the last letter of a line from their middles, in distances between letters.
    alone : float
        The distance between letters that is assumed for a single one, in frames.
    moved : float
        A border between letters is moved to the column with the least ink, by at most this share of a
        letter's width.
    line : float
        Share of a strip's rows in which most of a letter's ink lies.
    shape_weight : float
        Weight of the shapes of such letters. A higher value trusts their ink more.
    line_weight : float
        Weight of the line network's evidence there, relative to the usual one. A higher value trusts it more
        than the language.
    height, most : int, float
        A picture is enlarged until a strip's height is `height` pixels, but at most `most` times.
    """

    rows: tuple[Annotated[float, Unit(8, 128, "rows")], ...] = (26.0, 22.0, 31.0, 38.0, 46.0)
    lowest: Count = 5
    region_rows: tuple[Annotated[float, Unit(8, 128, "rows")], ...] = (31.0, 27.0, 36.0)
    reach: Annotated[float, Unit(0, 10)] = 0.9
    alone: Annotated[float, Unit(0, 100, "frames")] = 8.0
    moved: Share = 0.3
    line: Share = 0.85
    shape_weight: Share = 0.3
    line_weight: Weight = 1.1
    height: Count = 64
    most: Annotated[float, Unit(1, 10)] = 4.0


@dataclass(frozen=True, slots=True)
class RectifiedParams(Checked):
    """How the text of a picture of one word is made level (`ocr.recognition.rectified`).

    Attributes
    ----------
    angles : tuple of float
        Angles at which text may run, in degrees, either way. More values are slower.
    step : float
        Angles beside the best of these are tried, too, at this distance, in degrees.
    longest : float
        A picture longer than this many times its shorter side is not cut out level. If it is that much wider
        than high it is a line, and if higher than wide a page, though not surely read as one.
    lowest : float
        Least height of the text at an angle, as a share of the picture's.
    around : float
        Room left around such text, as a share of its height.
    high : float
        A picture higher than this many times its width may be on its side.
    closer : int
        So many of the cuts, those read best, are looked at in other sizes. A higher value is slower.
    margin : float
        Margin added for the text finder, as a share of the picture's shorter side.
    steep : float
        Text found at a larger angle than this, in degrees, is ignored: letters one above the other.
    level, filled : float
        Text found at less than the angle `level`, in degrees, that is higher than this share of the picture
        need not be cut out.
    room : float
        Room left around text that is found, as a share of its height.
    highest : int
        Most rows of a cut, unless it is only turned. A higher value is slower.
    """

    angles: tuple[Annotated[float, Unit(0, 44, "degrees")], ...] = (12.0, 24.0, 36.0)
    step: Annotated[float, Unit(0, 44, "degrees")] = 6.0
    longest: Annotated[float, Unit(1, 1_000)] = 10.0
    lowest: Share = 0.25
    around: Share = 0.1
    high: Annotated[float, Unit(1, 100)] = 1.2
    closer: Count = 3
    margin: Share = 0.25
    steep: Annotated[float, Unit(0, 90, "degrees")] = 75.0
    level: Annotated[float, Unit(0, 90, "degrees")] = 4.0
    filled: Share = 0.8
    room: Share = 0.2
    highest: Annotated[int, Unit(64, 10_000, "rows", whole=True)] = 96


@dataclass(frozen=True, slots=True)
class RegionParams(Checked):
    """Which regions outside of the sheet are cut out and read (`ocr.recognition.regions`).

    Attributes
    ----------
    around : float
        Room left around a region, as a share of its height.
    highest : int
        Most rows of a cut-out region. A higher value is slower.
    narrow : float
        A region shorter than this many of its heights is a single letter or no text: there is too little
        evidence.
    glance : int
        Columns of a strip, from the beginning of a region, that are read first to decide whether to read the
        rest. A higher value is slower.
    against : float
        That beginning of a longer region must have evidence for text; a shorter region less evidence against
        it than this, in nats. A higher value is slower.
    looks_like : float
        Least evidence, in nats, that a region is text, for it to be read. A higher value reads less.
    pieces : int
        Most segments or dots of a region that are joined for it to be looked at again. A higher value reads
        coarser noise.
    share : float
        Most pixels of all cut-out regions, as a share of the picture's. A higher value is slower.
    smallest : int
        A picture with fewer pixels than this counts as having this many.
    first : int
        So many regions are looked at even where the budget is spent.
    certain : float
        Of those, the ones with more evidence than this, in nats, are also read.
    small : int
        A picture that is not surely read as a page is read as one line as well: reduced until its shorter
        side has this many pixels, if it has more. A higher value is slower.
    doubted : float
        A region whose letters on the sheet have a mean log-probability below minus this by the line network,
        in nats, is read by itself as well. A lower value is slower.
    surer : float
        Such a reading replaces that on the sheet if it has so much more evidence, in nats a letter.
    as_long, parted : float
        It must have at least `as_long` as many letters, as a part. Of a region whose letters are on several
        lines of the sheet it must have at least `parted`, and more evidence.
    few : int
        Such regions are read by themselves on pictures with at most so many. A higher value is slower.
    larger : float
        A region this many times as high as the letters of the sheet is read by itself as well, whatever its
        evidence. Such a reading needs no fewer letters, and evidence that is lower by less than `surer`. A
        lower value is slower.
    missed : float
        A part of a region over which no letters are read, or only words with a mean log-probability below
        minus `doubted`, is looked at by itself if it is longer than this, in heights of the region. Another
        reading of it must have at least `parted` as many letters. A lower value is slower.
    unlikely, clear : float
        A word of the sheet outside of all regions whose letters have a mean log-probability below minus
        `unlikely` by the line network, in nats, is not text, unless it has only letters and digits whose
        shapes have a probability above `clear`. A lower `unlikely` and a higher `clear` read less.
    unclear : float
        Nor is a word of one or two letters there whose shapes have a probability below this. A higher value
        reads less.
    misses, more : int
        Most regions that are read although none is text, and how many more for each that is text. A higher
        value is slower.
    """

    around: Share = 0.25
    highest: Count = 96
    narrow: Annotated[float, Unit(0, 100, "heights")] = 1.1
    glance: Count = 240
    against: Nats = 2.0
    looks_like: Nats = 1.0
    pieces: Count = 150
    small: Count = 128
    first: Count = 8
    certain: Nats = 2.0
    share: Annotated[float, Unit(0, 10)] = 0.2
    smallest: Annotated[int, Unit(1, 100_000_000, "pixels", whole=True)] = 500_000
    doubted: Nats = 1.5
    surer: Nats = 1.0
    as_long: Share = 0.5
    parted: Share = 0.8
    few: Count = 6
    larger: Annotated[float, Unit(1, 100, "letter heights")] = 3.5
    missed: Annotated[float, Unit(0.1, 100, "heights")] = 0.8
    unlikely: Nats = 2.5
    clear: Share = 0.5
    unclear: Share = 0.2
    misses: Count = 8
    more: Count = 6


@dataclass(frozen=True, slots=True)
class BlurParams(Checked):
    """Which pages are blurred, and how they are sharpened (`ocr.recognition.blurred`).

    Attributes
    ----------
    share : float
        Least blur, the standard deviation of a Gaussian, in heights of a region of text. Measured: up to 0.04
        on sharp pages; from 0.06 on letters touch. A higher value leaves more pages as they are.
    least : float
        Least blur in pixels. Sharp scans have 0.8, however low their letters are.
    long : float
        Only regions at least so many times as long as high are measured.
    regions : int
        At most so many of them, the longest.
    widened : float
        Blur that is taken away, as a multiple of what is measured: thin strokes make it seem less. A higher
        value gives sharper edges with rings around them.
    rounds : int
        Rounds of sharpening. A higher value is slower, and amplifies noise.
    """

    share: Annotated[float, Unit(0, 1, "heights")] = 0.035
    least: Annotated[float, Unit(0, 100, "pixels")] = 1.3
    long: Annotated[float, Unit(0, 1_000, "heights")] = 2.0
    regions: Count = 20
    widened: Annotated[float, Unit(0.1, 10)] = 1.1
    rounds: Count = 12


@dataclass(frozen=True, slots=True)
class ThroughParams(Checked):
    """Which text shows through from the back of a sheet (`ocr.recognition.shown_through`).

    Attributes
    ----------
    faint : float
        Only regions with a contrast below this share of that of letters are tried. A higher value tries more.
    letters : int
        Only where the sheet has at least so many letters.
    most : int
        The contrast of letters is measured on about so many.
    """

    faint: Share = 0.6
    letters: Count = 8
    most: Count = 200


@dataclass(frozen=True, slots=True)
class PictureParams(Checked):
    """What is a picture on a page of text (`ocr.recognition.pictures`).

    Attributes
    ----------
    lightness : float
        A picture is darker than this share of the lightness of the paper near it. A higher value takes
        shadows for pictures.
    around : float
        Paper is near a place up to half of this share of the page away. A higher value finds larger pictures,
        and takes shadows for pictures.
    side : int
        Least width and height of a picture. In letter heights. A higher value leaves small pictures in the
        text.
    filled : float
        Least share of the box around a picture that is darker than paper.
    most : float
        A page of which more than this share is darker than paper is one picture.
    pieces : int
        Least number of pieces of ink that are left out together: fewer join no columns. A higher value leaves
        small pictures in the text.
    long : float
        Ink in a region of text at least this many times as long as high is no part of a picture. A higher
        value leaves out more ink.
    """

    lightness: Share = 0.85
    around: Share = 0.5
    side: Count = 4
    filled: Share = 0.5
    most: Share = 0.5
    pieces: Count = 5
    long: Annotated[float, Unit(0, 1_000, "heights")] = 3.0
