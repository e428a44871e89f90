"""A changed number of layout changes the result as its docstring says, on drawn boxes and pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from pipelines.layout.components import find_components, letter_like, surrounds
from pipelines.layout.curvature import levelled
from pipelines.layout.dirt import are_dirt
from pipelines.layout.grids import find_grids
from pipelines.layout.limits import Limits
from pipelines.layout.lines import Effort, find_blocks, lines_apart
from pipelines.layout.marks import _over, is_dot
from pipelines.layout.params import (
    STANDARD,
    Columns,
    Curves,
    Cuts,
    Dirt,
    Grids,
    Growth,
    LayoutParams,
    Letters,
    LinesApart,
    LooseMarks,
    Marks,
    OneLetter,
    Runs,
    Signs,
    Sizes,
    SmallPrint,
    Stacks,
    Strips,
    Tracking,
    Words,
)
from pipelines.layout.segment import cut_columns, find_runs, make_atoms
from pipelines.layout.signs import are_signs
from pipelines.layout.strips import cut_strip
from pipelines.layout.tracking import _merge, _nearest, follow, track
from pipelines.layout.words import find_stacks, find_words, narrower_word_gap
from pipelines.normalize import normalize
from pipelines.params import GLYPHS, GlyphFormat
from pipelines.pipeline import find_pipeline, one_letter
from pipelines.sheet import Boxes, Components, Sheet
from tests.pipelines.effects import changed
from tests.pipelines.layout.test_dirt import page as dirty_page

Measure = Callable[[LayoutParams], float]

ROUND = np.abs(np.indices((4, 4)) - 1.5).sum(axis=0) < 3


def boxes_of(*boxes: tuple[int, int, int, int]) -> Boxes:
    return np.array(boxes, np.int32).reshape(-1, 4)


def row(left: int, top: int, count: int, height: int = 20, step: int = 16, climb: int = 0) -> Boxes:
    """Return boxes of letters side by side, each `climb` lower than the one before."""
    at = np.arange(count)
    x, y = left + step * at, top + climb * at
    return np.stack([x, y, x + height // 2, y + height], axis=1).astype(np.int32)


def painted(shape: tuple[int, int], boxes: Boxes) -> npt.NDArray[np.bool_]:
    mask = np.zeros(shape, bool)
    for left, top, right, bottom in boxes.tolist():
        mask[top:bottom, left:right] = True
    return mask


def without_labels(boxes: Boxes) -> Components:
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    return Components(np.zeros((100, 400), np.int32), boxes, areas)


def kept(params: LayoutParams) -> float:
    """Count what may be letters: letters, a dot, a short rule and a large letter."""
    pieces = np.concatenate(
        [row(10, 10, 6), boxes_of((120, 26, 124, 30), (10, 60, 90, 64), (200, 10, 240, 60))]
    )
    return letter_like(find_components(painted((100, 300), pieces)), 20.0, params.letters).sum()


def framed(params: LayoutParams) -> float:
    """Count frames: one that goes round three letters."""
    mask = painted((80, 120), boxes_of((5, 5, 100, 70)))
    mask[8:67, 8:97] = False
    mask |= painted((80, 120), row(20, 30, 3))
    return surrounds(find_components(mask), params.letters).sum()


def of_one_letter(params: LayoutParams) -> float:
    """Count the components of a letter with a speck, a mark, a part at the edge, and a rule along the top."""
    pieces = boxes_of(
        (70, 70, 130, 130), (20, 60, 28, 68), (160, 60, 172, 72), (0, 90, 30, 120), (0, 0, 200, 38)
    )
    mask = painted((200, 200), pieces)
    sheet = Sheet(mask.astype(np.uint8), mask.astype(np.uint8), ink=mask, params=params)
    return len(one_letter(replace(sheet, components=find_components(mask))).lines[0].words[0][0])


def bars(height: int, params: LayoutParams, step: int = 0) -> Sheet:
    """Return a row of bars through the pipeline for lines."""
    page = np.where(
        painted((4 * height, 16 * height), row(2 * height, height, 12, height, step or height)), 0, 255
    )
    return replace(find_pipeline("line"), layout=params).run(page.astype(np.uint8))


def brought_to(height: int) -> Measure:
    return lambda params: bars(height, params).letter_height


def climbing(params: LayoutParams) -> float:
    return len(follow(row(0, 0, 30, climb=1), 20.0, params.tracking))


def pieces(params: LayoutParams) -> float:
    """Count the lines that two pieces make: one a little lower, two of its ten letters under the other's.

    One of its letters is much lower.
    """
    boxes = np.concatenate([row(0, 0, 10), row(128, 5, 9), row(272, 40, 1)])
    return len(_merge(boxes, [np.arange(10), np.arange(10, 20)], 20.0, params.tracking))


def marks_over(params: LayoutParams) -> float:
    """Count the lines of letters and of marks that are a little too high, the second far too high."""
    marks = row(11, 4, 20, 4)
    marks[1, 1::2] -= 40
    boxes = np.concatenate([row(0, 10, 21), marks])
    return len(_merge(boxes, [np.arange(21), np.arange(21, 41)], 20.0, params.tracking))


def quoted(params: LayoutParams) -> float:
    """Count the lines of one with a word in quotation marks, too high for the band of its letters."""
    marks = [(left, 0, left + 5, 12) for left in (164, 170, 252, 258)]
    letters = [row(0, 10, 10), row(180, 10, 4), row(270, 10, 10)]
    return len(track(np.concatenate([*letters, boxes_of(*marks)]), 20.0, params))


def given(mark: tuple[int, int, int, int]) -> Measure:
    """Return a measure of which letter a mark is given to, of one above and one below; -1 for none."""
    letters = boxes_of((0, 0, 10, 20), (0, 42, 10, 62))
    return lambda params: _nearest(boxes_of(mark), letters, 20.0, params.loose_marks)[0]


def lines_with_print(params: LayoutParams) -> float:
    """Count the lines of a page with a line of letters and one of small print."""
    return len(track(np.concatenate([row(0, 0, 10), row(0, 40, 8, 8, 7)]), 20.0, params))


def waviness(params: LayoutParams) -> float:
    """Return how far lines that are bows go up and down once they are levelled."""
    boxes = np.concatenate([row(0, 50 * k, 40) for k in range(4)])
    drop = np.rint(20 * (boxes[:, 0] / 320 - 1) ** 2).astype(np.int32)
    boxes[:, 1::2] += drop[:, None]
    return float(np.ptp(levelled(boxes, 20.0, params.curves)[:40, 3]))


def columns(params: LayoutParams) -> float:
    """Count the blocks of a page of two columns."""
    boxes = np.concatenate([row(left, 40 * k, 12) for left in (0, 260) for k in range(6)])
    return len(find_blocks(boxes, 20.0, Effort(100_000, params)))


def spaced_columns(params: LayoutParams) -> float:
    """Count the blocks of a page of two columns in which spaces are as wide as a letter is high."""
    lines = []
    for k in range(6):
        starts = (0, 84, 168) if k % 2 else (0, 52, 136, 220)
        counts = (4, 4, 5) if k % 2 else (2, 4, 4, 1)
        words = [row(start, 40 * k, count) for start, count in zip(starts, counts, strict=True)]
        lines += [np.concatenate(words) + np.array([left, 0] * 2, np.int32) for left in (0, 310)]
    return len(find_blocks(np.concatenate(lines), 20.0, Effort(100_000, params)))


def apart(params: LayoutParams) -> float:
    boxes = np.concatenate([row(0, 0, 10), row(0, 30, 10)])
    lines = [np.arange(10), np.arange(10, 20)]
    return len(lines_apart(boxes, lines, 20.0, 60, params.lines_apart))


def stacks(params: LayoutParams) -> float:
    """Count the stacks of two boxes of which one lies mostly over the other, and a little beside it."""
    return len(
        find_stacks(without_labels(boxes_of((0, 0, 10, 12), (4, 10, 14, 30))), np.arange(2), params.stacks)
    )


def split(*gaps: int) -> Measure:
    """Return a measure of the words of boxes 10 wide with such gaps, for letters of 100 pixels."""
    left = np.cumsum([0, *(10 + gap for gap in gaps)])
    boxes = np.stack([left, 0 * left, left + 10, 0 * left + 100], axis=1).astype(np.int32)
    return lambda params: len(find_words(boxes, 100.0, params.words))


def hidden(*wide: float) -> Measure:
    """Return a measure of the threshold between words that wide gaps hide."""
    gaps = np.array([*6 * (4.0, 4.0, 30.0), *wide]) / 100
    return lambda params: narrower_word_gap(gaps, 0.7, 0.5, 0.5, params.words)


def accents(params: LayoutParams) -> float:
    parts = without_labels(boxes_of((0, 20, 20, 50), (5, 8, 15, 14)))
    return len(_over(parts, np.arange(2), 30.0, params))


def cuts(params: LayoutParams) -> float:
    """Count the columns at which two blocks that a thin bar joins may be cut."""
    mask = painted((40, 70), boxes_of((0, 0, 30, 40), (40, 0, 70, 40), (30, 18, 40, 22)))
    return len(cut_columns(mask, 40.0, 0.0, params.cuts))


def runs(params: LayoutParams) -> float:
    return len(find_runs(make_atoms(bars(40, params, 26))))


def runs_of_pieces(params: LayoutParams) -> float:
    """Count the runs of bars that are each cut into three."""
    sheet = bars(40, params, 26)
    left, right = sheet.components.boxes[:, [0]], sheet.components.boxes[:, [2]]
    columns = np.sort((left + (right - left) * [1 / 3, 2 / 3]).astype(np.int64).ravel())
    atoms = make_atoms(sheet, np.ones(len(sheet.stacks), bool), 2.0, [columns])
    assert len(atoms.boxes) == 3 * len(sheet.stacks)
    return len(find_runs(atoms))


def strip(part: Callable[[Any], float]) -> Measure:
    def measure(params: LayoutParams) -> float:
        sheet = bars(40, params)
        return part(cut_strip(sheet, sheet.lines[0]))

    return measure


def signs(params: LayoutParams) -> float:
    """Count the signs: a hollow box before a line of letters, and a plate below it."""
    mask = painted((90, 400), np.concatenate([row(60, 20, 12), boxes_of((15, 15, 45, 45), (20, 52, 80, 84))]))
    mask[18:42, 18:42] = False
    components = find_components(mask)
    return int(are_signs(components, np.ones(len(components), bool), 20.0, params.signs).sum())


def low_box(params: LayoutParams) -> float:
    """Count the signs where a box with four corners, as high as the letters, stands before them."""
    mask = painted((90, 400), np.concatenate([row(60, 20, 12), boxes_of((25, 20, 45, 40))]))
    mask[22:38, 27:43] = False
    components = find_components(mask)
    return int(are_signs(components, np.ones(len(components), bool), 20.0, params.signs).sum())


def bullets(params: LayoutParams) -> float:
    """Count the signs where a dot stands before a line, and another column far to the left of it."""
    dots = boxes_of((160, 26, 168, 34), (5, 20, 17, 40))
    mask = painted((90, 400), np.concatenate([row(180, 20, 9), dots]))
    mask[26, 160] = False
    components = find_components(mask)
    return int(are_signs(components, np.ones(len(components), bool), 20.0, params.signs).sum())


def limit(name: str) -> Measure:
    return lambda params: getattr(Limits.of(2_000_000, params.growth), name)


def dirt(params: LayoutParams) -> float:
    """Return how many specks on a page of letters are dirt."""
    components, fits = dirty_page(400)
    return float(are_dirt(components, fits, 30.0, params.dirt).sum())


def grids(params: LayoutParams) -> float:
    """Return how many grids are found on a drawn one of 6 x 6 cells."""
    page = np.full((300, 300), 255, np.uint8)
    page[30:272:40, 30:272] = page[30:272, 30:272:40] = 0
    return len(find_grids(page, params.grids))


def combs(params: LayoutParams) -> float:
    """Return how many grids are found where there is white between the rows of one."""
    page = np.full((300, 500), 255, np.uint8)
    for top in (60, 107, 154):
        page[[top, top + 36], 40:437] = page[top : top + 37, 40:437:36] = 0
    return len(find_grids(page, params.grids))


EFFECTS: list[tuple[Any, str, Measure]] = [
    (Letters(speck=0.3), "less", kept),
    (Letters(speck_area=0.05), "less", kept),
    (Letters(tallest=2.0), "less", kept),
    (Letters(bar_length=2.0), "less", kept),
    (Letters(framed=4), "less", framed),
    (OneLetter(least=0.01), "more", of_one_letter),
    (OneLetter(edge=0.1), "more", of_one_letter),
    (OneLetter(rule_weight=1.0), "less", of_one_letter),
    (OneLetter(low=0.1), "less", of_one_letter),
    (Sizes(smallest=40.0), "more", brought_to(20)),
    (Sizes(enlarged=1.5), "more", brought_to(20)),
    (Sizes(reduced=0.6), "less", brought_to(100)),
    (Sizes(lowest=50.0), "less", lambda params: len(bars(40, params).lines)),
    (Dirt(largest=0.12), "less", dirt),
    (Dirt(fewest=2_000), "less", dirt),
    (Dirt(dense=50.0), "less", dirt),
    (Tracking(shared=0.9), "more", climbing),
    (Tracking(gain=0.05), "more", climbing),
    (Tracking(piece_crossing=0.1), "more", pieces),
    (Tracking(piece_distance=0.1), "more", pieces),
    (Tracking(piece_shared=0.9), "more", pieces),
    (Tracking(piece_tried=1000), "more", marks_over),
    (Tracking(gap_reach=0.1), "more", quoted),
    (Tracking(gap_room=0.0), "more", quoted),
    (Tracking(gap_shared=1.0), "more", quoted),
    (LooseMarks(beside=1.0), "less", given((40, 5, 44, 9))),
    (LooseMarks(below=0.1), "less", given((3, 28, 7, 32))),
    (LooseMarks(under_cost=1.0), "less", given((3, 28, 7, 32))),
    (SmallPrint(components=50), "less", lines_with_print),
    (SmallPrint(line=20), "less", lines_with_print),
    (SmallPrint(distance=3.0), "less", lines_with_print),
    (Curves(pairs=10_000), "more", waviness),
    (Curves(bent=5.0), "more", waviness),
    (Curves(length=50.0), "more", waviness),
    (Columns(components=1000), "less", columns),
    (Columns(gutter=10.0), "less", columns),
    (Columns(chance=100.0), "less", columns),
    (Columns(letters=20), "less", columns),
    (Columns(width=20.0), "less", columns),
    (Columns(apart=1.0), "less", spaced_columns),
    (Columns(loose=0.0), "less", spaced_columns),
    (Columns(letter=6.0), "less", spaced_columns),
    (Columns(spaces=9), "less", spaced_columns),
    (Columns(cell=20.0), "less", spaced_columns),
    (LinesApart(letters=11), "less", apart),
    (LinesApart(length=50.0), "less", apart),
    (LinesApart(distance=3.0), "less", apart),
    (Stacks(over=0.8), "more", stacks),
    (Stacks(apart=0.1), "more", stacks),
    (Stacks(pieces=1), "more", stacks),
    (Words(gap=1.0), "less", split(10, 60, 10)),
    (Words(alike=1.5), "less", split(10, 48, 10)),
    (Words(gaps=20), "less", split(10, 10, 42, 10, 10)),
    (Words(apart=2.0), "less", split(10, 10, 42, 10, 10)),
    (Words(few=1), "more", hidden(120.0, 120.0)),
    (Words(far=5.0), "more", hidden(120.0)),
    (Marks(tallest=0.1), "less", accents),
    (Marks(widest=0.2), "less", accents),
    (Marks(least_area=0.5), "less", accents),
    (Marks(dot_full=0.9), "less", lambda params: is_dot(ROUND, params.marks)),
    (Cuts(thin=0.01), "less", cuts),
    (Cuts(least_width=10.0), "less", cuts),
    (Cuts(least_piece=0.9), "less", cuts),
    (Runs(gap=0.0), "less", runs),
    (Runs(atoms=1), "less", runs_of_pieces),
    (Runs(widest=1.0), "less", runs),
    (Strips(body=28), "more", strip(lambda found: found.scale)),
    (Strips(tips=0.2), "more", strip(lambda found: found.scale)),
    (Strips(narrowest=5000), "more", strip(lambda found: found.pixels.shape[1])),
    (Grids(faint=200.0), "less", grids),
    (Grids(lowest=50), "less", grids),
    (Grids(least=100), "less", grids),
    (Grids(share=0.9), "less", grids),
    (Grids(apart=3.0), "more", combs),
    (Signs(least=1.55), "less", signs),
    (Signs(plate=2.0), "less", signs),
    (Signs(plate_aspect=3.0), "less", signs),
    (Signs(plate_page=0.01), "less", signs),
    (Signs(hollow=0.9), "less", signs),
    (Signs(apart=0.9), "less", signs),
    (Signs(beyond=0.3, box_apart=1.0), "less", signs),
    (Signs(box_apart=0.9), "less", low_box),
    (Signs(least_dot=0.6), "less", bullets),
    (Signs(most_dot=0.3), "less", bullets),
    (Signs(solid=1.0), "less", bullets),
    (Signs(bullet_letter=1.2), "less", bullets),
    (Signs(before=40.0), "less", bullets),
    (Signs(bullet_apart=1.5), "less", bullets),
    (Signs(raised=0.6), "less", bullets),
    (Growth(letters=(6_000, 9_000)), "more", limit("letters")),
    (Growth(pieces=(9_000, 6_000)), "more", limit("pieces")),
    (Growth(runs=(6_000, 9_000)), "more", limit("runs")),
    (Growth(enlarged=(9_000_000, 4_000_000)), "more", limit("enlarged")),
    (Growth(enlarged_less=(9_000_000, 3_000_000)), "more", limit("enlarged_less")),
]


def place_of(group: Any) -> str:
    """Return by which name `LayoutParams` has a group."""
    (name,) = (each.name for each in fields(STANDARD) if type(getattr(STANDARD, each.name)) is type(group))
    return name


@pytest.mark.parametrize(("group", "effect", "measure"), EFFECTS, ids=[changed(one[0]) for one in EFFECTS])
def test_a_changed_number_changes_the_result_as_its_docstring_says(
    group: Any, effect: str, measure: Measure
) -> None:
    before, after = measure(STANDARD), measure(replace(STANDARD, **{place_of(group): group}))
    assert after > before if effect == "more" else after < before


def test_every_group_has_three_changes() -> None:
    tried = [place_of(group) for group, _, _ in EFFECTS]
    assert all(tried.count(each.name) >= 3 for each in fields(STANDARD))


@pytest.mark.parametrize(
    ("params", "effect"),
    [(GlyphFormat(border=6), "less"), (GlyphFormat(thinnest=6.0), "more"), (GlyphFormat(blur=3.0), "less")],
    ids=["border", "thinnest", "blur"],
)
def test_a_changed_glyph_format_changes_the_ink_of_a_glyph(params: GlyphFormat, effect: str) -> None:
    mask = np.zeros((60, 60), bool)
    mask[:, 28:32] = mask[28:32] = True
    ink = np.where(mask, 255, 0).astype(np.uint8)
    usual, other = (int((normalize(ink, mask, one) > 128).sum()) for one in (GLYPHS, params))
    assert other > usual if effect == "more" else other < usual
