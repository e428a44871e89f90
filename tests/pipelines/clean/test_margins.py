"""Bars, frames and margins are left out; paper, rules and letters that touch the edge are not."""

from __future__ import annotations

import io
from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

import ocr
from pipelines.clean.margins import find_margins

Pixels = npt.NDArray[np.uint8]
Drawn = Callable[..., Pixels]

WIDTHS = [
    (6, 6, 6, 6),
    (1, 1, 1, 1),
    (40, 40, 0, 0),
    (0, 0, 30, 30),
    (3, 0, 0, 0),
    (0, 25, 0, 0),
    (0, 0, 9, 0),
]


def padded(pixels: Pixels, widths: tuple[int, ...], colour: float | tuple[int, ...]) -> Pixels:
    top, bottom, left, right = widths
    return np.asarray(cv2.copyMakeBorder(pixels, top, bottom, left, right, cv2.BORDER_CONSTANT, value=colour))


def on_paper(grey: Pixels, paper: tuple[int, int, int]) -> Pixels:
    return (grey[..., None] / 255 * np.array(paper)).astype(np.uint8)


def saved(pixels: Pixels, quality: int) -> Pixels:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=quality)
    return np.asarray(Image.open(file))


@pytest.mark.parametrize("widths", WIDTHS)
@pytest.mark.parametrize("colour", [0, 90, 150])
def test_a_margin_of_any_width_and_colour_is_found(
    drawn: Drawn, widths: tuple[int, ...], colour: int
) -> None:
    page = drawn(["Seven boats went", "out on Monday"])
    assert find_margins(padded(page, widths, colour)) == widths


@pytest.mark.parametrize("widths", WIDTHS)
def test_white_around_tinted_paper_is_a_margin(drawn: Drawn, widths: tuple[int, ...]) -> None:
    page = on_paper(drawn(["Seven boats went"]), (243, 226, 178))
    assert find_margins(padded(page, widths, (255, 255, 255))) == widths


def test_margins_may_be_nested_and_noisy(drawn: Drawn) -> None:
    page = padded(padded(drawn(["Seven boats"]) // 2 + 80, (50, 50, 0, 0), 0), (8, 8, 8, 8), 255)
    assert find_margins(page) == (58, 58, 8, 8)
    found = find_margins(saved(page, 80))
    assert np.abs(np.subtract(found, (58, 58, 8, 8))).max() <= 2
    noise = np.random.default_rng(0).normal(0, 2, page.shape)
    assert find_margins(np.clip(page + noise, 0, 255).astype(np.uint8)) == (58, 58, 8, 8)


def test_paper_is_no_margin(drawn: Drawn) -> None:
    page = drawn(["Seven boats", "went out"])
    assert not any(find_margins(page))
    assert not any(find_margins(255 - page))
    assert not any(find_margins(np.full((80, 90, 3), 200, np.uint8)))


def test_a_line_ruled_on_paper_ends_no_margin(drawn: Drawn) -> None:
    page = drawn(["Seven boats"]).copy()
    page[[90, 91]] = 120
    page[88:93, 100:103] = 0
    assert not any(find_margins(page))


LETTERS = {
    "T": "#####\n..#..\n..#..\n..#..",
    "L": "#....\n#....\n#....\n#####",
    "E": "#####\n#....\n####.\n#....\n#####",
    "H": "#...#\n#...#\n#####\n#...#\n#...#",
    "O": "#####\n#...#\n#...#\n#####",
    "8": "#####\n#...#\n#####\n#...#\n#####",
    "U": "#...#\n#...#\n#...#\n#####",
    "I": "#",
    "IL": "#.#....\n#.#....\n#.#....\n#.#####",
    "in": "#......\n........\n#.###.\n#.#.#.\n#.#.#.",
}


@pytest.mark.parametrize("ground", [(0, 0, 0, 0), (30, 30, 30, 30), (4, 4, 4, 4), (30, 0, 30, 0)])
@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_at_the_edge_is_whole(name: str, ground: tuple[int, ...]) -> None:
    rows = LETTERS[name].replace(".......", "......").split("\n")
    width = max(map(len, rows))
    small = np.array([[c == "#" for c in row.ljust(width, ".")] for row in rows])
    letter = np.where(np.kron(small, np.ones((14, 14), bool)), 20, 240).astype(np.uint8)
    page = padded(letter, ground, 240)
    top, bottom, left, right = find_margins(page)
    rest = page[top : len(page) - bottom, left : page.shape[1] - right]
    assert (rest < 128).sum() == (page < 128).sum()


def test_the_ground_of_a_letter_is_kept_and_its_frame_is_not(drawn: Drawn) -> None:
    letter = drawn(["I"], size=90, margin=30)
    assert find_margins(padded(letter, (12, 12, 12, 12), 0)) == (12, 12, 12, 12)


@pytest.mark.parametrize(
    ("pipeline", "lines"),
    [
        ("auto", ["Seven boats went", "home on Monday"]),
        ("line", ["Seven boats"]),
        ("word", ["boats"]),
        ("letter", ["R"]),
    ],
)
@pytest.mark.parametrize(("widths", "colour"), [((60, 60, 0, 0), 0), ((4, 4, 4, 4), 255), ((0, 0, 0, 20), 0)])
def test_text_and_boxes_are_those_without_the_margin(
    drawn_once: Drawn, pipeline: str, lines: list[str], widths: tuple[int, ...], colour: int
) -> None:
    page = on_paper(drawn_once(lines, size=48), (240, 222, 170))
    plain = ocr.read(page, pipeline=pipeline)
    framed = ocr.read(padded(page, widths, (colour,) * 3), pipeline=pipeline)
    assert plain.text == framed.text == "\n".join(lines)
    for one, other in zip(plain.words, framed.words, strict=True):
        assert other.box.left == one.box.left + widths[2]
        assert other.box.top == one.box.top + widths[0]
        assert other.box.width == one.box.width


@pytest.mark.parametrize("bars", [(50, 50, 0, 0), (0, 0, 40, 40)])
@pytest.mark.parametrize("noise", [0, 2])
def test_a_frame_of_the_papers_colour_round_two_bars_is_a_margin(
    drawn: Drawn, bars: tuple[int, ...], noise: int
) -> None:
    page = padded(padded(drawn(["Seven boats", "went out"]), bars, 0), (8, 8, 8, 8), 255)
    grains = np.random.default_rng(0).normal(0, noise, page.shape)
    found = find_margins(np.clip(page + grains, 0, 255).astype(np.uint8))
    assert found == tuple(bar + 8 for bar in bars)


@pytest.mark.parametrize("name", ["H", "N", "Z"])
def test_paper_round_a_letter_of_two_bars_is_no_frame(name: str) -> None:
    letter = np.full((100, 100), 240, np.uint8)
    letter[:, :16] = letter[:, -16:] = 20
    if name == "H":
        letter[47:53] = 20
    else:
        cv2.line(letter, (8, 0), (92, 99), (20,), 8)
    page = padded(letter.T[::-1] if name == "Z" else letter, (30, 30, 30, 30), 240)
    assert not any(find_margins(page))
