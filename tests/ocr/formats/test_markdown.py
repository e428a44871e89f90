"""Markdown, as a reader of CommonMark and of GitHub's tables takes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from ocr.document import Document, Page
from ocr.formats import FORMATS
from ocr.formats.markdown import render, render_all
from tests.ocr.formats.typed import typed

PAGE = """
THE SHOP

WE SELL GOOD THINGS THAT ARE OF ANY USE AND SOME-
THING ELSE, ALSO ON SUNDAYS.

MILK .......... 1.15
RYE|BREAD ..... 3.49
EGGS .......... 4.25
"""


def html(text: str) -> str:
    return MarkdownIt("gfm-like", {"linkify": False}).render(text)


def paragraph(text: str) -> str:
    """Return the only paragraph that a Markdown text is, as plain text."""
    made = html(text)
    assert made.startswith("<p>") and made.endswith("</p>\n") and made.count("<") == 2, made
    return unescape(made[3:-5])


def test_headings_paragraphs_and_tables() -> None:
    text = render(Document((typed(PAGE, {0: 2}),), "a.png"))
    assert text == (
        "# THE SHOP\n\n"
        "WE SELL GOOD THINGS THAT ARE OF ANY USE AND SOMETHING ELSE, ALSO ON SUNDAYS.\n\n"
        "| MILK | 1.15 |\n| --- | --- |\n| RYE\\|BREAD | 3.49 |\n| EGGS | 4.25 |\n"
    )
    made = html(text)
    assert "<h1>THE SHOP</h1>" in made and made.count("<tr>") == 3 and "<td>RYE|BREAD</td>" in made


def test_empty_cells_stay() -> None:
    text = render(
        Document((typed("A1        B1        C1\nA2                  C2\nA3        B3        C3\n"),), "a")
    )
    assert text.splitlines()[2] == "| A2 |  | C2 |"
    assert html(text).count("<td") == 6


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("A WORD IS PAR-\nTED HERE, YES\n", "A WORD IS PARTED HERE, YES"),
        ("a word is par-\nted here, yes\n", "a word is parted here, yes"),
        ("The talk of Mr Jean-\nPaul went on\n", "The talk of Mr Jean-Paul went on"),
        ("the years from 2010-\n2020 were dry\n", "the years from 2010-2020 were dry"),
        ("it was late - too -\nlate for him\n", "it was late - too - late for him"),
        ("and he said: well-\n- he was late -\n", "and he said: well- - he was late -"),
    ],
)
def test_a_word_that_a_hyphen_parts_is_whole_again(text: str, joined: str) -> None:
    assert render(Document((typed(text),), "a")) == f"{joined}\n"


def test_lines_that_end_where_there_is_room_stay_lines() -> None:
    text = render(Document((typed("Mr A. Finch\n12 Long Road\nSeatown on the long coast\n"),), "a"))
    assert text == "Mr A. Finch\\\n12 Long Road\\\nSeatown on the long coast\n"
    assert html(text).count("<br") == 2


@pytest.mark.parametrize(
    "text",
    [
        *("# 4", "####### x", "- milk", "+ milk", "-", "---", "- - -", "* * *", "___", "1. one", "23) two"),
        *("> so", "===", "```", "~~~", "*a* **b**", "_a_ __b__", "a_b_c", "3*4*5", "`a`", "[a](b)", "[a]: b"),
        *(
            "![a](b)",
            "<b>a</b>",
            "<!-- a",
            "&amp; &#65;",
            "AT&T",
            "a < b > c",
            "a\\*b",
            "\\",
            "~~a~~",
            "| a | b |",
        ),
    ],
)
def test_nothing_that_was_read_is_markup(text: str) -> None:
    assert paragraph(render(Document((typed(text),), "a"))) == text


@given(st.text(st.sampled_from(" #*_-+=>[]()!`~<>&;|\\.1ab:\"'"), min_size=1, max_size=12))
def test_no_letters_are_markup(text: str) -> None:
    text = " ".join(text.split())
    if text:
        assert paragraph(render(Document((typed(text),), "a"))) == text


def test_the_end_of_a_heading_is_its_text() -> None:
    made = html(render(Document((typed("ITEM ##\n\n\nSOME MORE OF THE USUAL TEXT\n", {0: 2}),), "a")))
    assert made.startswith("<h1>ITEM ##</h1>")


def test_doubtful_letters_are_marked(page_of: Callable[..., Page]) -> None:
    assert render(Document((page_of("ab"), page_of("c")), "a.png"), 0.99) == "‹ab›\n\n‹c›\n"


def test_nothing_is_nothing_and_many_stand_under_their_names(page_of: Callable[..., Page]) -> None:
    blank = Document((Page((), 10, 10),), "blank.png")
    assert render(blank) == ""
    name = "a-->b.png"
    assert "".join(render_all([blank, replace(blank, pages=(page_of("a"),), source=name)])) == (
        "<!-- blank.png -->\n\n<!-- a--›b.png -->\n\na\n"
    )
    assert FORMATS["markdown"].extension == ".md"


def test_a_sample_has_its_heading(read: Callable[[Path], Document]) -> None:
    text = render(read(Path(__file__).parents[3] / "samples" / "two_columns.png"))
    heading, *columns = text.rstrip("\n").split("\n\n")
    assert heading == "# The Garden Gazette" and [each.split()[0] for each in columns] == ["Every", "The"]
