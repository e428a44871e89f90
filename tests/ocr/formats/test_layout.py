"""Text with its layout kept, on made pages and on the samples."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.document import Box, Document, Glyph, Line, Page
from ocr.formats import FORMATS
from ocr.formats.layout import render
from ocr.formats.upright import quarter_turns, turned, upright

Make = Callable[..., Page]


def moved(line: Line, right: int, down: int) -> Line:
    def shifted(glyph: Glyph) -> Glyph:
        box = glyph.box
        return replace(glyph, box=Box(box.left + right, box.top + down, box.right + right, box.bottom + down))

    words = (replace(word, glyphs=tuple(map(shifted, word.glyphs))) for word in line.words)
    return replace(line, words=tuple(words))


def test_words_stand_in_their_columns(page_of: Make) -> None:
    table = Document((page_of("ab 1", "c 22", "def"),), "table.png")
    assert render(table) == "ab         1\nc          22\ndef\n"


def test_lines_side_by_side_are_one(page_of: Make) -> None:
    left = page_of("one", "two").lines
    right = tuple(moved(line, 100, 3) for line in page_of("three", "four").lines)
    both = Document((Page((*left, *right), 640, 480),), "columns.png")
    assert render(both) == "one        three\ntwo        four\n"


def test_white_between_lines_is_blank_lines(page_of: Make) -> None:
    lines = page_of("a", "b", "c").lines
    apart = Document((Page((*lines, moved(lines[2], 0, 60), moved(lines[2], 20, 80)), 640, 480),), "a.png")
    assert render(apart) == "a\nb\nc\n\n\nc\n  c\n"


def test_doubtful_letters_are_marked(page_of: Make) -> None:
    assert render(Document((page_of("ab"), page_of("c")), "a.png"), 0.99) == "‹ab›\n\f‹c›\n"


def test_nothing_is_nothing_and_many_stand_under_their_names() -> None:
    blank = Document((Page((), 10, 10),), "blank.png")
    assert render(blank) == ""
    assert list(FORMATS["layout"].render_all([(blank, None)] * 2, 0.0)) == [
        "==> blank.png <==\n",
        "\n==> blank.png <==\n",
    ]


def test_columns_of_a_page_stay_beside_each_other(read: Callable[[Path], Document]) -> None:
    text = render(read(Path(__file__).parents[3] / "samples" / "two_columns.png"))
    heading, blank, *rows = text.rstrip("\n").split("\n")
    assert heading.strip() == "The Garden Gazette" and heading.startswith("   ") and not blank
    assert len(rows) == 9
    assert len({len(row) - len(row.split("   ")[-1].lstrip()) for row in rows}) == 1


@pytest.mark.parametrize("turns", range(4))
def test_a_page_on_its_side_is_turned_back(turns: int, page_of: Make) -> None:
    page = page_of("HELLO BIG", "WORLD")
    lying = upright(page, turns)
    assert quarter_turns(lying) == -turns % 4
    back = upright(lying, quarter_turns(lying))
    assert [word.box for word in back.words] == [word.box for word in page.words]
    assert (back.width, back.height) == (page.width, page.height)
    assert render(Document((lying,), "a")) == render(Document((page,), "a"))


@given(st.tuples(*[st.integers(0, 50)] * 4), st.integers(0, 3), st.integers(0, 3))
def test_quarter_turns_add_up(numbers: tuple[int, int, int, int], one: int, other: int) -> None:
    left, top, width, height = numbers
    box = Box(left, top, left + width, top + height)
    size = (120, 110) if one % 2 == 0 else (110, 120)
    assert turned(turned(box, 120, 110, one), *size, other) == turned(box, 120, 110, one + other)
