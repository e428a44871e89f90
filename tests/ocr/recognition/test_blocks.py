"""Paragraphs, headings and tables by the rules, on lines drawn as arrays."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.recognition.blocks import Found, find_blocks
from ocr.recognition.params import BlockParams
from ocr.recognition.tables import LineShapes, find_tables

SIZE = 10.0
"""Height of capitals."""
Drawn = tuple[float, str, float]
"""The baseline of a line, its words, and the height of its capitals."""


def shapes(*lines: Drawn) -> LineShapes:
    """Return lines drawn as text: each character is 8 pixels wide, a space is no word, a dot leads."""
    spans = []
    for _, text, _ in lines:
        starts = [k for k, c in enumerate(text) if c != " " and text[k - 1 : k] in ("", " ")]
        spans.append([(k, k + len(text[k:].split(" ")[0])) for k in starts])
    words = tuple(8.0 * np.array(span, np.float64) for span in spans)
    return LineShapes(
        np.array([span[0, 0] for span in words]),
        np.array([span[-1, 1] for span in words]),
        np.array([base for base, _, _ in lines], np.float64),
        np.array([size for _, _, size in lines], np.float64),
        np.array([sum(c.isalnum() for c in text) for _, text, _ in lines]),
        words,
        tuple(
            np.array([not text[a:b].strip(".") for a, b in span])
            for (_, text, _), span in zip(lines, spans, strict=True)
        ),
    )


def page(text: str, pitch: float = 20.0, size: float = SIZE) -> LineShapes:
    """Return the lines of a text, one `pitch` below the other; an empty one is white."""
    rows = text.strip("\n").split("\n")
    return shapes(*((pitch * k, row, size) for k, row in enumerate(rows) if row))


def runs(found: list[Found]) -> list[tuple[int, int]]:
    return [(one.first, one.stop) for one in found]


def cells(lines: LineShapes, text: str, params: BlockParams | None = None) -> list[list[list[str]]]:
    """Return the tables as rows of cells of words."""
    rows = [row.split() for row in text.strip("\n").split("\n") if row.strip()]
    return [
        [[" ".join(rows[line][word] for line, word in cell) for cell in row] for row in table.rows]
        for table in find_tables(lines, params or BlockParams())
    ]


# --- paragraphs ---


def test_white_between_lines_parts_paragraphs() -> None:
    text = "the first of these\nlines goes on and\n\nthe second begins\nhere and ends here\n"
    assert runs(find_blocks(page(text))) == [(0, 2), (2, 4)]
    assert runs(find_blocks(page(text), BlockParams(step=2.5))) == [(0, 4)]


@pytest.mark.parametrize("pitch", [14.0, 20.0, 27.0])
def test_what_is_much_white_depends_on_the_usual_pitch(pitch: float) -> None:
    lines = [(pitch * k, "words of a line", SIZE) for k in (0, 1, 2, 3.2, 4.2, 5.9, 6.9)]
    assert runs(find_blocks(shapes(*lines))) == [(0, 5), (5, 7)]


def test_lines_far_apart_are_no_paragraph_even_if_there_are_no_others() -> None:
    assert runs(find_blocks(page("one line\nanother line\n", pitch=60.0))) == [(0, 1), (1, 2)]
    assert runs(find_blocks(page("one line\nanother line\n", pitch=35.0))) == [(0, 2)]


INDENTED = """
  When the lamp was lit again
we saw that no one had come
and went home.
  In the morning a letter lay
on the step, wet with rain,
and nobody knew its hand.
"""


def test_an_indented_line_after_a_short_one_begins_a_paragraph() -> None:
    assert runs(find_blocks(page(INDENTED))) == [(0, 3), (3, 6)]
    assert runs(find_blocks(page(INDENTED), BlockParams(indent=2.0))) == [(0, 6)]


def test_a_line_indented_after_a_full_one_goes_on() -> None:
    hanging = "1. the first point is so long\n   that it takes more lines\n2. the second one is as long\n"
    assert runs(find_blocks(page(hanging + "   as the other one\n"))) == [(0, 4)]


def test_centred_lines_are_not_indented() -> None:
    assert runs(find_blocks(page("   in all\n of our towns\nand in the fields\n    for ever\n"))) == [(0, 4)]


def test_lines_that_end_though_there_is_room_are_told() -> None:
    [one] = find_blocks(
        page("Dear Madam,\nthank you for the parcel of nuts\nthat came today.\nYours, A. Finch")
    )
    assert one.short == (0, 2)


def test_columns_side_by_side_are_blocks_of_their_own() -> None:
    left = [(20.0 * k, "the left column", SIZE) for k in range(3)]
    right = [(20.0 * k, " " * 20 + "the right column", SIZE) for k in range(3)]
    assert runs(find_blocks(shapes(*left, *right))) == [(0, 3), (3, 6)]


# --- headings ---


def test_higher_letters_make_a_heading() -> None:
    body = [(60.0 + 20 * k, "the text below it goes on", SIZE) for k in range(4)]
    lines = shapes((0.0, "A TITLE", 20.0), (30.0, "ITS PART", 15.0), *body)
    found = find_blocks(lines)
    assert [(one.first, one.stop, one.level) for one in found] == [(0, 1, 1), (1, 2, 2), (2, 6, 0)]
    assert [one.level for one in find_blocks(lines, BlockParams(higher=1.45))] == [1, 0]


def test_no_heading_is_few_letters_or_many_lines_or_all_there_is() -> None:
    body = [(100.0 + 20 * k, "the text below it goes on", SIZE) for k in range(8)]
    assert [one.level for one in find_blocks(shapes((60.0, "7", 30.0), *body))] == [0, 0]
    large = [(60.0 + 20 * k - 100, "large", 15.0) for k in range(4)]
    assert [one.level for one in find_blocks(shapes(*large, *body))] == [0, 0]
    assert [one.level for one in find_blocks(page("SALE\nTODAY"))] == [0]


# --- tables ---

BILL = """
Milk           2    1.15
Bread, rye          3.49
Eggs          12    4.25
"""


def test_an_empty_cell_is_kept() -> None:
    assert cells(page(BILL), BILL) == [
        [["Milk", "2", "1.15"], ["Bread, rye", "", "3.49"], ["Eggs", "12", "4.25"]]
    ]
    [one] = find_blocks(page(BILL))
    assert one.table is not None and runs([one]) == [(0, 3)]


def test_dots_that_lead_to_a_number_are_white() -> None:
    text = "Spring ............ 3\nA long summer .... 14\nAutumn .......... 120\n"
    [rows] = cells(page(text), text)
    assert rows == [["Spring ............", "3"], ["A long summer ....", "14"], ["Autumn ..........", "120"]]


def test_a_table_ends_before_running_text_and_takes_its_head_along() -> None:
    text = """
what we sold this week is in this table of goods
Item  Number  Each
Milk     2    1.15
a very long description
Bread    1    3.49
Eggs    12    4.25
and what we could not sell was given away to all
"""
    lines = page(text)
    assert runs(find_blocks(lines)) == [(0, 1), (1, 6), (6, 7)]
    [rows] = cells(lines, text)
    assert rows[0] == ["Item", "Number", "Each"]
    assert rows[2] == ["a very long description", "", ""]


def test_lines_side_by_side_are_one_row() -> None:
    parts = [
        (20.0 * k + off, text, SIZE)
        for k in range(3)
        for off, text in ((0.0, "name"), (3.0, " " * 20 + "12.50"))
    ]
    [table] = find_tables(shapes(*parts), BlockParams())
    assert table.rows == (
        (((0, 0),), ((1, 0),)),
        (((2, 0),), ((3, 0),)),
        (((4, 0),), ((5, 0),)),
    )


def test_too_few_or_too_narrow_gaps_make_no_table() -> None:
    two = "name      1\nother     2\n"
    assert cells(page(two), two) == []
    assert cells(page(two), two, BlockParams(gaps=2)) == [[["name", "1"], ["other", "2"]]]
    prose = "some of the  words here\nare a bit    apart now\nby chance    as it is\n"
    assert cells(page(prose), prose, BlockParams(clear=6.0)) == []
    one = "a        b        c        d\n"
    assert cells(page(one), one) == []


def test_rows_too_far_apart_are_no_table() -> None:
    assert cells(page(BILL, pitch=60), BILL) == []
    assert len(cells(page(BILL, pitch=60), BILL, BlockParams(row_pitch=7.0))) == 1


# --- whatever there is ---


@st.composite
def any_lines(draw: st.DrawFn) -> LineShapes:
    """Lines of words anywhere, also over each other and without width."""
    number = st.floats(0, 300, width=16)
    drawn = draw(
        st.lists(
            st.tuples(
                st.lists(
                    st.tuples(number, st.floats(0, 60, width=16), st.booleans()), min_size=1, max_size=4
                ),
                st.floats(0, 400, width=16),
                st.floats(1, 40, width=16),
            ),
            max_size=9,
        )
    )
    words = tuple(np.array([(left, left + wide) for left, wide, _ in row]) for row, _, _ in drawn)
    return LineShapes(
        np.array([span[:, 0].min() for span in words]),
        np.array([span[:, 1].max() for span in words]),
        np.array([base for _, base, _ in drawn]),
        np.array([size for _, _, size in drawn]),
        np.array([3 * len(row) for row, _, _ in drawn], np.int64),
        words,
        tuple(np.array([leads for _, _, leads in row]) for row, _, _ in drawn),
    )


@given(any_lines())
def test_each_line_is_in_one_block_and_each_word_of_a_table_in_one_cell(lines: LineShapes) -> None:
    found = find_blocks(lines)
    assert [k for one in found for k in range(one.first, one.stop)] == [*range(len(lines.left))]
    for one in found:
        assert set(one.short) < {*range(one.first, one.stop)}
        if one.table is not None:
            words = [word for row in one.table.rows for cell in row for word in cell]
            assert words == [(k, n) for k in range(one.first, one.stop) for n in range(len(lines.words[k]))]
            assert {len(row) for row in one.table.rows} == {len(one.table.columns)}


# --- the numbers ---


@pytest.mark.parametrize(
    ("field", "value"), [("usual", 101), ("step", 0.5), ("gaps", 0), ("margin", 2), ("widest_gap", 0.5)]
)
def test_a_value_that_makes_no_sense_is_named(field: str, value: Any) -> None:
    with pytest.raises(ValueError, match=rf"^BlockParams\.{field} is {value}: it must be "):
        BlockParams(**{field: value})


def test_every_number_is_documented() -> None:
    documented = BlockParams.__doc__ or ""
    for each in fields(BlockParams):
        assert (
            f"{each.name} : " in documented
            or f"{each.name}, " in documented
            or f", {each.name}" in documented
        )
