"""Page ranges: what they hold, and what is wrong with those that are none."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from pipelines.errors import PictureError
from pipelines.sources.files import page_count
from pipelines.sources.load import load
from pipelines.sources.pages import EVERY_PAGE, parse_pages


def paged(kind: str, count: int) -> bytes:
    """Return a file whose pages are 10 wider each than the one before."""
    first, *rest = [Image.new("L", (10 * number, 8), 30 * number) for number in range(1, count + 1)]
    stream = io.BytesIO()
    first.save(stream, kind, save_all=True, append_images=rest, resolution=72)
    return stream.getvalue()


def numbers(data: bytes, pages: str) -> list[int]:
    return [picture.number for picture in load(data, pages=parse_pages(pages))]


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("1", [1]),
        ("1-3,7,10-", [1, 2, 3, 7, 10, 11, 12]),
        (" 2 , 4-4 ", [2, 4]),
        ("11-,3,1-2", [1, 2, 3, 11, 12]),
        ("1-5,2-3", [1, 2, 3, 4, 5]),
    ],
)
def test_ranges_hold_their_pages(text: str, held: list[int]) -> None:
    pages = parse_pages(text)
    assert [number for number in range(13) if number in pages] == held


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no number or range"),
        ("1,,2", "no number or range"),
        ("-3", "no number or range"),
        ("1-2-3", "no number or range"),
        ("two", "no number or range"),
        ("1.5", "no number or range"),
        ("٣", "no number or range"),
        ("9" * 5000, "no number or range"),
        ("0", "the first page is 1"),
        ("0-2", "the first page is 1"),
        ("5-3", "backwards; write 3-5"),
    ],
)
def test_what_is_no_range_says_why(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_pages(text)


@given(st.text())
def test_any_text_is_ranges_or_a_value_error(text: str) -> None:
    try:
        pages = parse_pages(text)
    except ValueError:
        return
    assert pages.last is None or (pages.last in pages and pages.last + 1 not in pages)


@given(st.integers(1, 10**9))
def test_every_page_is_every_page(number: int) -> None:
    assert number in EVERY_PAGE


@pytest.mark.parametrize("kind", ["TIFF", "GIF", "PDF"])
def test_only_the_pages_asked_for_come_and_keep_their_numbers(kind: str) -> None:
    data = paged(kind, 5)
    assert numbers(data, "1-") == [1, 2, 3, 4, 5]
    assert numbers(data, "2-3,5") == [2, 3, 5]
    assert numbers(data, "4-99") == [4, 5]
    if kind == "TIFF":
        assert [picture.pixels.shape[1] for picture in load(data, pages=parse_pages("2,4"))] == [20, 40]


@pytest.mark.parametrize("kind", ["TIFF", "GIF", "PDF", "PNG"])
def test_a_page_that_is_not_there_is_an_error(kind: str) -> None:
    count = 1 if kind == "PNG" else 3
    has = "1 page" if kind == "PNG" else "3 pages"
    with pytest.raises(PictureError, match=rf"^<bytes>: has {has}, and page 7 is asked for"):
        numbers(paged(kind, count), "1,7-")


@pytest.mark.parametrize("kind", ["TIFF", "GIF", "PDF", "PNG"])
def test_as_many_pages_are_counted_as_come(kind: str) -> None:
    data = paged(kind, 5 if kind != "PNG" else 1)
    for pages in ("1-", "1", *(("2-3,5-", "4") if kind != "PNG" else ())):
        count = page_count(io.BytesIO(data), 10**6, parse_pages(pages))
        assert count == len(numbers(data, pages))
    with pytest.raises(PictureError, match="page 9 is asked for"):
        page_count(io.BytesIO(data), 10**6, parse_pages("9"))
    if kind == "PDF":
        with pytest.raises(PictureError, match="cut short"):
            page_count(io.BytesIO(data[:60]), 10**6)


def test_pictures_and_arrays_are_page_1() -> None:
    image = Image.new("L", (5, 5))
    for source in (image, np.asarray(image)):
        assert len(list(load(source, pages=parse_pages("1")))) == 1
        with pytest.raises(PictureError, match="has 1 page, and page 2"):
            list(load(source, pages=parse_pages("2")))


def test_damage_behind_the_last_page_asked_for_is_not_noticed() -> None:
    data = paged("TIFF", 3)
    cut = data[: data.rindex(bytes([90]) * 240) + 3]
    assert numbers(cut, "1-2") == [1, 2]
    with pytest.raises(PictureError, match="page 3 is damaged or cut short"):
        numbers(cut, "3")
