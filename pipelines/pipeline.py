"""Pipelines: each is a named, ordered list of stages from a picture to words of components."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from pipelines.blur import blur
from pipelines.clean.binarize import binarize, binarize_evenly, darkness, edge_levels
from pipelines.clean.blank import even_blank
from pipelines.clean.colours import COLOURS, colour_layers
from pipelines.clean.dither import undithered
from pipelines.clean.dotted import is_dashed, without_dotted_rules
from pipelines.clean.edges import binarize_strokes, without_stains
from pipelines.clean.evidence import bands, binarize_by_evidence, strokes_if_stained
from pipelines.clean.frames import without_frames
from pipelines.clean.geometry import can_rotate, find_skew, resize, rotate
from pipelines.clean.grain import smooth_grain
from pipelines.clean.impulses import without_impulses
from pipelines.clean.joined import join_pieces
from pipelines.clean.light import flatten_light, ink_is_light, local_contrast, to_grey
from pipelines.clean.margins import find_margins
from pipelines.clean.outline import find_outline, rectify
from pipelines.clean.pale_shapes import without_pale_shapes
from pipelines.clean.params import STANDARD as CLEAN
from pipelines.clean.params import CleanParams
from pipelines.clean.rule_tones import dark_on_rules
from pipelines.clean.rules import without_rules
from pipelines.clean.squiggles import without_squiggles
from pipelines.errors import PictureError
from pipelines.layout.components import (
    ANY_HEIGHT,
    find_components,
    frames,
    letter_height,
    letter_like,
    stroke_width,
)
from pipelines.layout.curvature import bent_skew
from pipelines.layout.dirt import are_dirt
from pipelines.layout.joined_marks import part_marks
from pipelines.layout.lines import Effort, find_lines, lines_apart
from pipelines.layout.params import STANDARD, LayoutParams
from pipelines.layout.signs import are_signs
from pipelines.layout.words import find_stacks, find_words, stack_boxes
from pipelines.median import median
from pipelines.percentile import percentile
from pipelines.sheet import PIECE, Components, Grey, Mask, Sheet, TextLine

Stage = Callable[[Sheet], Sheet]

ENLARGED_LESS = "it is enlarged less than its letters need: for its size that would take too long"
SEPARATED = 2
"""To separate strokes from stains takes as long, for each pixel, as all other stages for so many."""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Stages in the order in which they are applied to a picture.

    Attributes
    ----------
    name : str
    stages : tuple of functions from Sheet to Sheet
    turns : bool
        Whether the picture may be turned by quarters, so that the reader should find its orientation.
    one_letter : bool
        Whether all ink is one letter, which is never cut.
    words : bool
        Whether a line may hold several words.
    others : tuple of tuple of stages
        Other ways: stages to try where the result of the first ones looks little like letters.
    trial : tuple of stages
        Faster stages for finding the orientation; none where these are the stages themselves.
    layout : LayoutParams
        Parameters of layout.
    clean : CleanParams
        Parameters of cleaning.
    heights : tuple of float
        Bounds of the heights of letters, in pixels of the picture, where those are known.
    """

    name: str
    stages: tuple[Stage, ...]
    turns: bool = False
    one_letter: bool = False
    words: bool = True
    others: tuple[tuple[Stage, ...], ...] = ()
    trial: tuple[Stage, ...] = ()
    layout: LayoutParams = STANDARD
    clean: CleanParams = CLEAN
    heights: tuple[float, float] = ANY_HEIGHT

    def run(self, pixels: npt.NDArray[np.uint8]) -> Sheet:
        """Undither a picture, uint8 (H, W) or (H, W, 3) RGB, and apply all stages to it."""
        return next(self.ways(pixels))

    def effort(self, sheet: Sheet) -> int:
        """Return about how much work it was to make a sheet by the first stages, in pixels.

        Pieces of ink take time, too: textures have thousands, though none may be on a line.
        """
        separated = min(sheet.grey.size, sheet.limits.evidence) if stainless in self.stages else 0
        return sheet.grey.size + SEPARATED * separated + PIECE * len(sheet.components)

    def ways(self, pixels: npt.NDArray[np.uint8]) -> Iterator[Sheet]:
        """Apply all stages to a picture, then those of each other way; yield each result.

        Stages that several ways begin with are applied once.
        """
        plain = undithered(pixels, self.clean)
        start = Sheet(
            plain,
            np.zeros((0, 0), np.uint8),
            params=self.layout,
            clean=self.clean,
            heights=self.heights,
        )
        done: dict[tuple[Stage, ...], Sheet] = {(): start}
        ways = (self.stages, *self.others)
        for number, stages in enumerate(ways, start=1):
            known = next(k for k in range(len(stages), -1, -1) if stages[:k] in done)
            sheet = done[stages[:known]]
            for k in range(known + 1, len(stages) + 1):
                sheet = stages[k - 1](sheet)
                if any(way[:k] == stages[:k] for way in ways[number:]):
                    done[stages[:k]] = sheet
            yield sheet


def inside(sheet: Sheet) -> Sheet:
    """Crop margins: bars and frames that are not the paper."""
    top, bottom, left, right = find_margins(sheet.pixels, sheet.clean)
    if not (top or bottom or left or right):
        return sheet
    height, width = sheet.pixels.shape[:2]
    back = np.array([[1.0, 0, left], [0, 1, top], [0, 0, 1]])
    inner = np.ascontiguousarray(sheet.pixels[top : height - bottom, left : width - right])
    return replace(sheet, pixels=inner, to_picture=sheet.to_picture @ back)


def flat(sheet: Sheet) -> Sheet:
    """Rectify a sheet of paper that is seen at an angle, and crop the ground around it."""
    corners = find_outline(sheet.pixels, sheet.clean)
    if corners is None:
        return sheet
    pixels, back = rectify(sheet.pixels, corners)
    return replace(sheet, pixels=pixels, to_picture=sheet.to_picture @ back)


def trimmed(sheet: Sheet) -> Sheet:
    """Give the blank paper around the content a width that depends on the content's size alone.

    So light, size and thresholds, which depend on shares of the picture, do not depend on the margin.
    """
    pixels, back = even_blank(sheet.pixels, sheet.clean)
    return replace(sheet, pixels=pixels, to_picture=sheet.to_picture @ back)


def grey(sheet: Sheet) -> Sheet:
    """Convert colours to grey, with dark ink."""
    plain = without_impulses(to_grey(sheet.pixels, sheet.clean), sheet.clean)
    values = smooth_grain(plain, sheet.clean)
    return replace(sheet, grey=255 - values if ink_is_light(values, sheet.clean) else values)


def contrast(sheet: Sheet) -> Sheet:
    """Replace the grey by the local contrast: how much darker each place is than its surroundings."""
    return replace(sheet, grey=255 - local_contrast(sheet.grey, sheet.clean))


def colours(sheet: Sheet) -> Sheet:
    """Cluster the picture's colours."""
    return replace(sheet, colours=colour_layers(sheet.pixels, sheet.clean))


def colour(index: int) -> Stage:
    """Return a stage that takes one colour cluster for ink, and the others for paper."""

    def stage(sheet: Sheet) -> Sheet:
        return replace(sheet, grey=sheet.colours[index], colours=())

    return stage


def joined(sheet: Sheet) -> Sheet:
    """Join the segments and the dots that letters are set together of; without any, there is no ink."""
    values = join_pieces(sheet.grey, sheet.clean)
    return replace(sheet, grey=np.full_like(sheet.grey, 255) if values is None else values)


def soft(sheet: Sheet) -> Sheet:
    """Blur the picture in proportion to its letters, so that dots which touch each other become strokes."""
    return replace(sheet, grey=blur(sheet.grey, max(0.1, sheet.params.sizes.soft * sheet.letter_height)))


def light(sheet: Sheet) -> Sheet:
    """Even out the light on the paper, and smooth the noise that this amplifies."""
    return replace(sheet, grey=smooth_grain(flatten_light(sheet.grey, sheet.clean), sheet.clean))


def inverse(sheet: Sheet) -> Sheet:
    """Swap ink and paper."""
    return replace(sheet, grey=255 - sheet.grey)


def scale(sheet: Sheet) -> Sheet:
    """Scale the letters into the range of heights in which they are cut out."""
    sizes = sheet.params.sizes
    longest = max(sheet.grey.shape)
    reduction = min(1.0, sizes.probe / longest)
    probe = resize(sheet.grey, reduction)[0] if reduction < 1 else sheet.grey
    window = max(sizes.probe_window, int(min(probe.shape) // sizes.probe_windows))
    mask = binarize(probe, window, params=sheet.clean)
    components, limits = find_components(mask), sheet.limits
    seen = _letter_height(sheet, components, reduction)
    if seen == 0:
        return sheet
    height, found = seen / reduction, np.count_nonzero(letter_like(components, seen, sheet.params.letters))
    return _scaled(sheet, height, limits.enlarged if found <= limits.letters else limits.enlarged_less)


def _scaled(sheet: Sheet, height: float, limit: int) -> Sheet:
    """Scale letters of a height, in working pixels, into the range of heights, within a limit of pixels."""
    factor, most = _factor(sheet, height), _most_enlarged(sheet, limit)
    resized = _resized(sheet, height, min(factor, most))
    return resized.warned(ENLARGED_LESS) if factor > most else resized


def _letter_height(sheet: Sheet, components: Components, reduction: float = 1.0) -> float:
    """Return the height of letters among components of the working picture, which may have been reduced."""
    least, most = (height * reduction / sheet.pixel for height in sheet.heights)
    return letter_height(components, sheet.params.letters, (least, most))


def _most_enlarged(sheet: Sheet, limit: int) -> float:
    """Return the factor that enlarges a picture to a limit of pixels, at least 1."""
    height, width = sheet.pixels.shape[:2]
    return float(max(1.0, (limit / (height * width)) ** 0.5))


def enlarged_less(sheet: Sheet) -> LayoutParams:
    """Return the sheet's layout parameters, with enlargement bounded by its limit for other ways."""
    sizes = sheet.params.sizes
    most = min(sizes.most_factor, _most_enlarged(sheet, sheet.limits.enlarged_less))
    return replace(sheet.params, sizes=replace(sizes, most_factor=most))


def enlarged_fully(layout: LayoutParams) -> LayoutParams:
    """Return layout parameters by which a page is enlarged as its letters need."""
    most = (layout.sizes.most_pixels, 0.0)
    return replace(layout, growth=replace(layout.growth, enlarged=most))


def _factor(sheet: Sheet, height: float) -> float:
    """Return the factor that scales letters of a height, in working pixels, into the range of heights."""
    sizes = sheet.params.sizes
    if height > sizes.largest:
        return sizes.largest * sizes.reduced / height
    factor = max(1.0, min(sizes.most_factor, sizes.enlarged * sizes.smallest / height))
    return min(factor, (sizes.most_pixels / sheet.grey.size) ** 0.5) if factor > 1 else factor


def _resized(sheet: Sheet, height: float, factor: float) -> Sheet:
    if abs(factor - 1) < sheet.params.sizes.unchanged:
        return replace(sheet, letter_height=height)
    values, back = resize(sheet.grey, factor)
    return replace(sheet, grey=values, to_picture=sheet.to_picture @ back, letter_height=height * factor)


def ink(sheet: Sheet) -> Sheet:
    """Binarize, unless an earlier stage has, and remove rules."""
    return _with_components(_with_ink(sheet))


def _with_ink(sheet: Sheet) -> Sheet:
    if sheet.ink.size:
        return sheet
    levels = edge_levels(sheet.grey, sheet.clean)
    mask = binarize(sheet.grey, _window(sheet), levels, sheet.clean)
    return replace(sheet, ink=mask, dark=darkness(sheet.grey, levels))


def stainless(sheet: Sheet) -> Sheet:
    """Turn stains, smudges and show-through into plain paper.

    On a picture that has been enlarged much, strokes are detected at about its original size.
    """
    small, _ = _for_evidence(sheet)
    found = binarize_by_evidence(small, params=sheet.clean).mask
    return replace(sheet, grey=without_stains(sheet.grey, found, sheet.clean))


def _for_evidence(sheet: Sheet) -> tuple[Grey, float]:
    """Return the working picture, no larger than the limit for stroke detection, and its scale."""
    reduction = (sheet.limits.evidence / sheet.grey.size) ** 0.5
    return (resize(sheet.grey, reduction)[0], reduction) if reduction < 1 else (sheet.grey, 1.0)


def stainless_if_stained(sheet: Sheet) -> Sheet:
    """Turn stains into plain paper, if there is evidence of them. Faster than `stainless`.

    Evidence is searched for on a million pixels at most, in bands of rows.
    """
    window, part = _window(sheet), bands(sheet.grey, sheet.clean)
    levels = edge_levels(part, sheet.clean)
    first = binarize(part, window, levels, sheet.clean)
    strokes = strokes_if_stained(part, first, sheet.clean)
    if part is not sheet.grey:
        if strokes is None:
            return sheet
        small, reduction = _for_evidence(sheet)
        rough = binarize(small, round(window * reduction), params=sheet.clean)
        strokes = binarize_strokes(small, rough, sheet.clean)
    if strokes is None:
        return replace(sheet, ink=first, dark=darkness(sheet.grey, levels))
    return replace(sheet, grey=without_stains(sheet.grey, strokes, sheet.clean))


def _window(sheet: Sheet) -> int:
    return round(2 * max(sheet.letter_height, sheet.params.sizes.lowest))


def _with_components(sheet: Sheet, found: Components | None = None) -> Sheet:
    """Remove rules and underlines of all kinds from the ink; find its components unless they are known."""
    sizes, letters = sheet.params.sizes, sheet.params.letters
    found = found if found is not None else find_components(sheet.ink)
    plain_ink = without_pale_shapes(sheet.grey, found, max(sheet.letter_height, sizes.lowest), sheet.clean)
    if plain_ink is not None:
        sheet = _with_less_ink(sheet, plain_ink)
        found = find_components(plain_ink)
    unframed = without_frames(found, max(sheet.letter_height, sizes.lowest), sheet.clean)
    if unframed is not None:
        sheet, found = _with_less_ink(sheet, unframed), None
    plain = _without_rules(sheet)
    if plain is not sheet.ink:
        sheet, found = _with_less_ink(sheet, plain), None
    components = found if found is not None else find_components(sheet.ink)
    height = _letter_height(sheet, components)
    for without in (without_squiggles, without_dotted_rules):
        plain_ink = without(components, height, sheet.clean)
        if plain_ink is not None:
            sheet, components = _with_less_ink(sheet, plain_ink), find_components(plain_ink)
    components = part_marks(components, sheet.dark, height, letters)
    return replace(sheet, components=components, letter_height=height)


def _without_rules(sheet: Sheet) -> Mask:
    """Return the ink without rules; of rules paler than letters, what is as dark as these stays."""
    height = max(sheet.letter_height, sheet.params.sizes.lowest)
    plain = without_rules(sheet.ink, height, sheet.clean)
    if plain is sheet.ink:
        return plain
    dark = dark_on_rules(sheet.grey, sheet.ink, plain, sheet.clean)
    return without_rules(plain | dark, height, sheet.clean) if dark.any() else plain


def _with_less_ink(sheet: Sheet, ink: Mask) -> Sheet:
    """Return a sheet with a part of its ink, and nothing dark where the rest was."""
    return replace(sheet, ink=ink, dark=np.multiply(sheet.dark, ~(sheet.ink & ~ink)))


def even_ink(sheet: Sheet) -> Sheet:
    """Binarize with one threshold, and scale the letters."""
    mask = binarize_evenly(sheet.grey, sheet.clean)
    height = _letter_height(sheet, find_components(mask))
    if height == 0:
        return sheet
    sheet = _scaled(sheet, height, sheet.limits.enlarged_less)
    dark = darkness(sheet.grey, edge_levels(sheet.grey, sheet.clean))
    return _with_components(replace(sheet, ink=binarize_evenly(sheet.grey, sheet.clean), dark=dark))


def upright_ink(sheet: Sheet) -> Sheet:
    """Deskew the picture, binarize it, and remove rules.

    Skew is measured on the ink with its rules; of lines that are curved, it is their mean slope.
    """
    sheet = _with_ink(sheet)
    sizes, letters = sheet.params.sizes, sheet.params.letters
    components = find_components(sheet.ink)
    height = _letter_height(sheet, components)
    fits = letter_like(components, height, letters) & (components.heights > letters.tall * height)
    boxes = components.boxes[fits]
    angle = bent_skew(boxes, height, sheet.params.curves)
    if angle is None:
        angle = find_skew(boxes, height, sheet.clean)
    if abs(angle) < sizes.level:
        return _with_components(sheet, components)
    if not can_rotate(sheet.grey, -angle, sizes.most_pixels):
        said = "the picture is too long and narrow to be turned so that its lines run level"
        return _with_components(sheet, components).warned(said)
    paper = int(percentile(sheet.grey[::8, ::8], sizes.paper))
    turned, back = rotate(sheet.grey, -angle, paper=paper)
    to_picture = sheet.to_picture @ back
    bare = replace(sheet, grey=turned, to_picture=to_picture, letter_height=height, ink=sheet.ink[:0])
    return ink(bare)


def page(sheet: Sheet, among: npt.NDArray[np.int64] | None = None) -> Sheet:
    """Find the lines and words of a page, in reading order; of some of its components where these are given.

    Parameters
    ----------
    sheet : Sheet
        With its components found.
    among : int64 array, shape (N,), optional
        The components that are letters; by default, those that are like letters.
    """
    if sheet.letter_height < sheet.params.sizes.lowest:
        return sheet
    sheet, letters = _limited(sheet, _letters(sheet) if among is None else among)
    boxes = sheet.components.boxes[letters]
    effort = Effort(sheet.limits.effort, sheet.params)
    found = find_lines(boxes, sheet.letter_height, effort, sheet.params) if len(letters) else []
    if effort.left < 0:
        sheet = sheet.warned("columns were sought on a part of the page only: it has too many gaps")
    lines = [letters[line] for line in found]
    lines = [
        line for line in lines if not is_dashed(sheet.components, line, sheet.letter_height, sheet.clean)
    ]
    return replace(sheet, lines=tuple(_text_line(sheet, line, True) for line in lines))


def _letters(sheet: Sheet) -> npt.NDArray[np.int64]:
    """Return which components of a page may be letters."""
    fits = letter_like(sheet.components, sheet.letter_height, sheet.params.letters)
    fits &= ~are_signs(sheet.components, fits, sheet.letter_height, sheet.params.signs)
    fits &= ~are_dirt(sheet.components, fits, sheet.letter_height, sheet.params.dirt)
    return np.flatnonzero(fits)


def one_line(sheet: Sheet) -> Sheet:
    """Take all ink as one line of words, unless there are several whole lines."""
    sheet, members = _limited(sheet, _members(sheet))
    if not len(members):
        return sheet
    boxes = sheet.components.boxes[members]
    height, params = sheet.letter_height, sheet.params
    found = find_lines(boxes, height, params=params)
    whole = lines_apart(boxes, found, height, len(sheet.ink), params.lines_apart)
    lines = [members[line] for line in whole]
    return replace(sheet, lines=tuple(_text_line(sheet, line, True) for line in lines or [members]))


def one_word(sheet: Sheet) -> Sheet:
    """Take all ink as one word."""
    sheet, members = _limited(sheet, _members(sheet))
    return replace(sheet, lines=(_text_line(sheet, members, False),)) if len(members) else sheet


def one_letter(sheet: Sheet) -> Sheet:
    """Take all ink as one letter, without specks, ink that reaches in from the edges, and a ring or frame."""
    components, params = sheet.components, sheet.params.one_letter
    if not len(components):
        return sheet
    framing = frames(components, params.framed, sheet.params.letters)
    page_height, page_width = sheet.ink.shape
    left, top, right, bottom = components.boxes.T
    at_edge = (left <= 1) | (top <= 1) | (right >= page_width - 1) | (bottom >= page_height - 1)
    across = ((right - left) > params.across * page_width) & ((bottom - top) < params.low * page_height)
    central = 1 - np.hypot((left + right) / page_width - 1, (top + bottom) / page_height - 1) / 2
    weight = np.where(at_edge & across, params.rule_weight, 1) * ~framing
    largest = int(np.argmax(components.areas * central * weight))
    share = components.areas / components.areas[largest]
    keep = (share > params.least) & ~(at_edge & (share < params.edge)) & ~framing
    keep[largest] = True
    stack = tuple(np.flatnonzero(keep).tolist())
    height = float(bottom[keep].max() - top[keep].min())
    return replace(sheet, lines=(TextLine(((stack,),), height),))


def _members(sheet: Sheet) -> npt.NDArray[np.int64]:
    """Return which components may be letters of a line, word or letter, from left to right."""
    components, letters = sheet.components, sheet.params.letters
    if sheet.letter_height < sheet.params.sizes.lowest:
        return np.zeros(0, np.int64)
    fits = letter_like(components, sheet.letter_height, letters)
    at_edge = (components.boxes[:, 1] <= 1) | (components.boxes[:, 3] >= len(sheet.ink) - 1)
    fits &= ~(at_edge & (components.heights < letters.edge * sheet.letter_height))
    left, _, right, _ = components.boxes.T
    beside = (left < 1) | (right >= sheet.ink.shape[1])
    slivers = right - left < letters.sliver * sheet.letter_height
    walls = at_edge & (components.heights > letters.wall * sheet.letter_height)
    fits &= ~(beside & (slivers | walls))
    members = np.flatnonzero(fits)
    return members[np.argsort(components.boxes[members, 0], kind="stable")]


def _limited(sheet: Sheet, members: npt.NDArray[np.int64]) -> tuple[Sheet, npt.NDArray[np.int64]]:
    """Return at most as many components as the limit: those closest to the usual height of letters."""
    most = sheet.limits.pieces
    if len(members) <= most:
        return sheet, members
    unlike = np.abs(np.log(sheet.components.heights[members] / sheet.letter_height))
    kept = np.sort(np.argsort(unlike, kind="stable")[:most])
    warning = f"of {len(members):,} pieces of ink that may be letters, {most:,} are looked at"
    return sheet.warned(warning), members[kept]


def _text_line(sheet: Sheet, members: npt.NDArray[np.int64], spaces: bool) -> TextLine:
    components: Components = sheet.components
    heights = components.heights[members]
    tall = heights[heights > sheet.params.letters.tall * np.max(heights)]
    height = median(tall)
    stacks = find_stacks(components, members, sheet.params.stacks)
    if not spaces:
        return TextLine((tuple(stacks),), height)
    words = find_words(stack_boxes(components.boxes, stacks), height, sheet.params.words)
    return TextLine(tuple(tuple(stacks[k] for k in word) for word in words), height)


def sheet_stroke(sheet: Sheet) -> float:
    """Return the width of strokes on the sheet, in working pixels."""
    return stroke_width(sheet.components)


_INSIDE: tuple[Stage, ...] = (inside, trimmed)
_GREY: tuple[Stage, ...] = (*_INSIDE, grey)
_LAST: tuple[Stage, ...] = (upright_ink, page)


def _one(last: Stage) -> tuple[tuple[Stage, ...], ...]:
    """Return the ways for a line, word or letter: thresholds, both polarities, contrast, colours."""
    return (
        (*_INSIDE, grey, light, scale, ink, last),
        (*_INSIDE, grey, even_ink, last),
        (*_INSIDE, grey, inverse, even_ink, last),
        (*_INSIDE, grey, inverse, light, scale, ink, last),
        (*_INSIDE, grey, joined, even_ink, last),
        (*_INSIDE, grey, light, scale, soft, ink, last),
        (*_INSIDE, grey, contrast, even_ink, last),
        (*_INSIDE, grey, inverse, contrast, even_ink, last),
        *((*_INSIDE, colours, colour(index), even_ink, last) for index in range(COLOURS)),
    )


_LINE, _WORD, _LETTER = _one(one_line), _one(one_word), _one(one_letter)
_PAGE: tuple[Stage, ...] = (inside, flat, trimmed, grey, light, scale, stainless_if_stained, *_LAST)
_OTHERS: tuple[tuple[Stage, ...], ...] = (
    (inside, flat, trimmed, grey, inverse, light, scale, *_LAST),
    (*_GREY, joined, even_ink, page),
    (*_GREY, light, scale, soft, *_LAST),
)

PRESETS: dict[str, Pipeline] = {
    "auto": Pipeline("auto", _PAGE, turns=True, others=_OTHERS),
    "scan": Pipeline("scan", (*_GREY, scale, stainless_if_stained, *_LAST), turns=True),
    "photo": Pipeline("photo", _PAGE, turns=True, others=_OTHERS),
    "document": Pipeline(
        "document",
        (*_GREY, light, scale, stainless, *_LAST),
        turns=True,
        trial=(*_GREY, light, scale, stainless_if_stained, *_LAST),
    ),
    "line": Pipeline("line", _LINE[0], others=_LINE[1:]),
    "word": Pipeline("word", _WORD[0], words=False, others=_WORD[1:]),
    "letter": Pipeline("letter", _LETTER[0], one_letter=True, words=False, others=_LETTER[1:]),
}


def find_pipeline(name: str) -> Pipeline:
    """Return the preset of a name.

    Raises
    ------
    PictureError
        There is no preset of this name; the message lists them.
    """
    if name not in PRESETS:
        raise PictureError(f"unknown pipeline '{name}': choose one of {', '.join(PRESETS)}")
    return PRESETS[name]
