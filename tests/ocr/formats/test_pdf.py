"""Searchable PDF, as PDFium and pdfminer read it: the same words, their boxes, and the picture itself."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pdfminer.high_level import extract_text
from PIL import Image

from ocr.document import Box, Document, Line, Page, Word
from ocr.errors import OutputError
from ocr.formats import FORMATS
from ocr.formats.glyphless import LEVELS
from ocr.formats.original import Original
from ocr.formats.pdf import render, render_all, text_layer
from ocr.formats.upright import quarter_turns, upright
from ocr.formats.values import plain
from pipelines.errors import PictureError
from pipelines.sources.load import load

NOTE = Path(__file__).parents[3] / "samples" / "note.jpg"
Read = Callable[[Path], Document]
Make = Callable[..., Page]


def pdf_of(document: Document, source: Any, **told: Any) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(render(document, Original(source, **told)))


def text_of(page: pypdfium2.PdfPage) -> str:
    return page.get_textpage().get_text_range().replace("\r\n", "\n")


def boxes_of(page: pypdfium2.PdfPage, words: Iterable[Word], size: tuple[int, int]) -> Iterator[list[float]]:
    """Yield the box of each word as left, top, right, bottom in pixels of a picture of that size."""
    text, place = page.get_textpage(), 0
    content = text.get_text_range()
    points = page.get_size()
    x, y = size[0] / points[0], size[1] / points[1]
    for word in words:
        place = content.index(word.text, place) + len(word.text)
        letters = [text.get_charbox(k) for k in range(place - len(word.text), place)]
        left, low, right, high = (
            side(letter[k] for letter in letters) for k, side in enumerate((min, min, max, max))
        )
        yield [left * x, size[1] - high * y, right * x, size[1] - low * y]


def test_words_and_boxes_of_a_sample_are_found_by_pdfium(sample: Path, read: Read) -> None:
    document = read(sample)
    [page] = document.pages
    [shown] = pdf_of(document, sample)
    assert text_of(shown).split() == document.text.split()
    if sample.stem != "skewed_scan":  # whose lines, which slope by 8 degrees, are joined
        assert text_of(shown) == document.text
    turns = quarter_turns(page)
    rows = [line for line in upright(page, turns).lines for _ in line.words]
    for word, row, box in zip(
        page.words, rows, boxes_of(shown, page.words, (page.width, page.height)), strict=True
    ):
        # PDFium adds a 64th to how far a letter rises above its baseline
        near = 1 + row.box.height / LEVELS
        sides = (word.box.left, word.box.top, word.box.right, word.box.bottom)
        assert box == pytest.approx(sides, abs=near), word.text


def test_pdfminer_finds_the_words_of_a_sample(sample: Path, read: Read) -> None:
    document = read(sample)
    found = extract_text(io.BytesIO(render(document, Original(sample))))
    if sample.stem == "quarter_turn":  # text that runs upwards is found letter by letter
        assert sorted("".join(found.split())) == sorted("".join(document.text.split()))
    else:
        assert sorted(found.split()) == sorted(document.text.split())


def test_the_file_is_sound(sample: Path, read: Read) -> None:
    with pikepdf.open(io.BytesIO(render(read(sample), Original(sample)))) as pdf:
        assert pdf.check_pdf_syntax() == []


def test_a_jpeg_is_kept_byte_for_byte(read: Read) -> None:
    path = Path(__file__).parents[3] / "samples" / "note.jpg"
    for source in (path, path.read_bytes(), io.BytesIO(path.read_bytes())):
        with pikepdf.open(io.BytesIO(render(read(path), Original(source)))) as pdf:
            assert pdf.pages[0].Resources.XObject.Im.read_raw_bytes() == path.read_bytes()


# --- pictures ---


def blank(*sizes: tuple[int, int]) -> Document:
    return Document(tuple(Page((), *size, number) for number, size in enumerate(sizes, 1)), "blank")


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def gradient(mode: str) -> Image.Image:
    """A picture, 80 x 48, in which every quarter is another."""
    pixels = np.zeros((48, 80, 3), np.uint8)
    pixels[:24, :40], pixels[:24, 40:], pixels[24:, :40] = (250, 40, 10), (20, 200, 250), (120, 120, 0)
    return Image.fromarray(pixels).convert(mode)


def picture_in(data: bytes, page: int = 0) -> Image.Image:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        image = pdf.pages[page].Resources.XObject.Im
        assert isinstance(image, pikepdf.Stream)
        return pikepdf.PdfImage(image).as_pil_image()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "BMP", "GIF"])
@pytest.mark.parametrize("mode", ["RGB", "L", "1"])
def test_the_picture_is_the_one_that_was_loaded(kind: str, mode: str) -> None:
    data = saved(gradient(mode), kind)
    [picture] = load(data)
    shown = picture_in(render(blank((80, 48)), Original(data)))
    assert shown.mode == ("L" if (kind, mode) == ("JPEG", "1") else mode)
    as_loaded = np.asarray(Image.fromarray(picture.pixels).convert("RGB"))
    assert (np.asarray(shown.convert("RGB")) == as_loaded).all()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_jpeg_turned_by_exif_comes_out_upright(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = saved(gradient("RGB"), "JPEG", exif=exif, quality=95, subsampling=0, dpi=(100, 200))
    [picture] = load(data)
    height, width = picture.pixels.shape[:2]
    [page] = pdf_of(blank((width, height)), data)
    dpi = (200, 100) if orientation > 4 else (100, 200)
    assert page.get_size() == pytest.approx((72 * width / dpi[0], 72 * height / dpi[1]), abs=0.01)
    drawn = page.render(scale=8).to_pil().resize((width, height), Image.Resampling.BOX)
    assert np.abs(np.asarray(drawn, int) - picture.pixels)[4:-4, 4:-4].mean() < 3
    with pikepdf.open(io.BytesIO(render(blank((width, height)), Original(data)))) as pdf:
        assert pdf.pages[0].Resources.XObject.Im.read_raw_bytes() == data


@pytest.mark.parametrize(
    ("dpi", "size"), [(None, (19.2, 11.52)), ((200, 200), (28.8, 17.28)), ((100, 50), (57.6, 69.12))]
)
def test_a_page_is_as_large_as_the_resolution_says(
    dpi: tuple[int, int] | None, size: tuple[float, float]
) -> None:
    for kind in ("JPEG", "PNG", "TIFF"):
        options = {} if dpi is None else {"dpi": dpi}
        [page] = pdf_of(blank((80, 48)), saved(gradient("L"), kind, **options))
        assert page.get_size() == pytest.approx(size, abs=0.03)


@pytest.mark.parametrize(
    ("entries", "size"),
    [({0x0112: 1}, (19.2, 11.52)), ({0x0112: 1, 0x011A: 150.0, 0x011B: 150.0, 0x0128: 2}, (38.4, 23.04))],
)
def test_exif_that_says_no_resolution_says_none(entries: dict[int, Any], size: tuple[float, float]) -> None:
    exif = Image.Exif()
    exif.update(entries)
    [page] = pdf_of(blank((80, 48)), saved(gradient("L"), "JPEG", exif=exif))
    assert page.get_size() == pytest.approx(size, abs=0.03)


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_exif_does_not_hide_the_resolution_of_other_files(kind: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 1
    [page] = pdf_of(blank((80, 48)), saved(gradient("L"), kind, exif=exif, dpi=(200, 200)))
    assert page.get_size()[0] == pytest.approx(28.8, abs=0.03)


def test_a_resolution_that_cannot_be_is_none() -> None:
    data = saved(gradient("L"), "TIFF", dpi=(0.01, 0.01))
    [page] = pdf_of(blank((80, 48)), data)
    assert page.get_size() == pytest.approx((19.2, 11.52), abs=0.01)


@pytest.mark.parametrize("size", [(1, 1), (5, 5), (1, 4000), (4000, 1), (70_000, 2)])
def test_pages_are_no_smaller_and_no_larger_than_a_pdf_may_have(size: tuple[int, int]) -> None:
    [page] = pdf_of(blank(size), np.full(size[::-1], 200, np.uint8))
    assert min(page.get_size()) >= 3 and max(page.get_size()) <= 14400


def test_black_and_white_takes_a_bit_a_pixel() -> None:
    noise = np.random.default_rng(0).integers(0, 2, (400, 400)).astype(bool)
    data = render(blank((400, 400)), Original(noise))
    assert 400 * 400 / 8 < len(data) < 400 * 400 / 8 + 6000


# --- pages and text ---


def test_pages_of_all_documents_are_there(page_of: Make) -> None:
    frames = [Image.new("L", (640, 480), shade) for shade in (10, 200)]
    data = saved(frames[0], "TIFF", save_all=True, append_images=frames[1:])
    two = Document((page_of("HELLO"), page_of("BIG WORLD", number=2)), "two.tif")
    one = Document((page_of("END"),), "one.png")
    [content] = render_all([(two, Original(data)), (one, Original(np.zeros((480, 640), np.uint8)))])
    pages = list(pypdfium2.PdfDocument(content))
    assert [text_of(page) for page in pages] == ["HELLO", "BIG WORLD", "END"]
    assert [picture_in(content, k).convert("L").getpixel((0, 0)) for k in range(3)] == [10, 200, 0]


@given(st.lists(st.text(st.characters(), min_size=1, max_size=8), min_size=1, max_size=3))
def test_any_text_is_there(page_of: Make, texts: list[str]) -> None:
    """By the table of characters itself: readers of PDF drop some characters, and order others anew."""
    page = page_of(*(text.replace(" ", "_") for text in texts))
    with pikepdf.open(io.BytesIO(text_layer(page, (640, 480)))) as pdf:
        assert pdf.check_pdf_syntax() == []
        font = pdf.pages[0].Resources.Font["/f-0-0"]
        table = font.ToUnicode.read_bytes().decode("ascii").split("beginbfchar\n", 1)[1]
        rows = [row.strip("<>").split("> <") for row in table.split("\n") if row.startswith("<")]
        characters = {code: bytes.fromhex(each).decode("utf-16-be") for code, each in rows}
        shown = [
            str(characters[bytes(each.operands[0]).hex().upper()[k : k + 4]])
            for each in pikepdf.parse_content_stream(pdf.pages[0])
            if str(each.operator) == "Tj"
            for k in range(0, 2 * len(bytes(each.operands[0])), 4)
        ]
    assert "".join(shown).replace(" ", "") == "".join(plain(word.text) for word in page.words)


@pytest.mark.parametrize("text", ["naïve", "Größe", "Ω≈3√x", "日本語", "𝔸𝒷𝟛", "<&>\"'", "a;b%c)d(e\\"])
def test_unicode_is_found_by_pdfium_and_pdfminer(text: str, page_of: Make) -> None:
    data = text_layer(page_of(text), (640, 480))
    [page] = pypdfium2.PdfDocument(data)
    assert text_of(page) == text
    assert extract_text(io.BytesIO(data)).strip() == text


@pytest.mark.parametrize("turns", range(4))
def test_text_of_any_direction_lies_in_its_place(turns: int, page_of: Make) -> None:
    lying = upright(page_of("HELLO BIG", "WORLD"), turns)
    [page] = pypdfium2.PdfDocument(text_layer(lying, (lying.width, lying.height)))
    # PDFium reads a line that stands on its head from its other end
    assert text_of(page) == ("BIG HELLO\nWORLD" if turns == 2 else "HELLO BIG\nWORLD")
    for word in lying.words:
        [box] = boxes_of(page, iter([word]), (lying.width, lying.height))
        assert box == pytest.approx((word.box.left, word.box.top, word.box.right, word.box.bottom), abs=0.5)


@pytest.mark.parametrize("turns", [1, 3])
def test_lines_that_wobble_are_lines_on_a_page_that_lies(turns: int, read: Read) -> None:
    [page] = read(NOTE).pages
    lying = upright(page, turns)
    [shown] = pypdfium2.PdfDocument(text_layer(lying, (lying.width, lying.height)))
    assert text_of(shown) == page.text


def test_words_of_any_height_are_one_line(page_of: Make) -> None:
    """A dash, a comma and a tall word stand apart in height, but on one line."""
    [line] = page_of("- , WORD ' go").lines
    heights = [(24, 26), (28, 32), (10, 30), (10, 14), (18, 36)]
    words = tuple(
        Word(
            tuple(
                type(glyph)(
                    glyph.text, Box(glyph.box.left, top, glyph.box.right, bottom), 1.0, (), glyph.image
                )
                for glyph in word.glyphs
            ),
            1.0,
            (),
        )
        for word, (top, bottom) in zip(line.words, heights, strict=True)
    )
    page = Page((Line(words),), 640, 480)
    data = text_layer(page, (640, 480))
    [shown] = pypdfium2.PdfDocument(data)
    assert text_of(shown) == "- , WORD ' go"
    assert extract_text(io.BytesIO(data)).split() == ["-", ",", "WORD", "'", "go"]
    for word, box in zip(words, boxes_of(shown, iter(words), (640, 480)), strict=True):
        assert box == pytest.approx((word.box.left, word.box.top, word.box.right, word.box.bottom), abs=1)


# --- over the pages of a PDF ---


def scanned(rotate: int = 0, pages: int = 1) -> bytes:
    """Return a PDF of a picture, 1100 x 700, on cropped pages that are turned when they are shown."""
    pdf = pikepdf.new()
    for _ in range(pages):
        with pikepdf.open(io.BytesIO(render(blank((1100, 700)), Original(NOTE)))) as one:
            page = pdf.copy_foreign(one.pages[0].obj)
        left, low, right, high = map(float, page.MediaBox)
        page.MediaBox = [left - 30, low - 50, right + 10, high + 20]
        page.CropBox = [left, low, right, high]
        page.Rotate = rotate
        pdf.pages.append(pikepdf.Page(page))
    file = io.BytesIO()
    pdf.save(file)
    return file.getvalue()


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_the_page_of_a_pdf_stays_and_has_text_in_place(rotate: int, page_of: Make) -> None:
    data = scanned(rotate)
    [picture] = load(data, dpi=150)
    height, width = picture.pixels.shape[:2]
    lying = upright(Page(page_of("HELLO BIG", "WORLD").lines, 550, 350), -rotate // 90)
    assert (lying.width, lying.height) == (width, height)
    content = render(
        Document((lying,), "a"), Original(data, load=lambda source: load(source, dpi=150), dpi=150)
    )
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert pdf.check_pdf_syntax() == []
        [page] = pdf.pages
        assert page.Rotate == rotate
        assert page.Resources.XObject.Im.read_raw_bytes() == NOTE.read_bytes()
    [shown] = pypdfium2.PdfDocument(content)
    before = pypdfium2.PdfDocument(data)[0].render(scale=2).to_numpy()
    assert (shown.render(scale=2).to_numpy() == before).all()
    assert sorted(text_of(shown).split()) == ["BIG", "HELLO", "WORLD"]
    shown.set_rotation(0)
    standing = page_of("HELLO BIG", "WORLD")
    for word in standing.words:
        [box] = boxes_of(shown, iter([word]), (550, 350))
        assert box == pytest.approx((word.box.left, word.box.top, word.box.right, word.box.bottom), abs=0.5)


def test_pages_may_share_their_resources(page_of: Make) -> None:
    with pikepdf.open(io.BytesIO(scanned(pages=3))) as pdf:
        shared = pdf.make_indirect(pdf.pages[0].Resources)
        for page in pdf.pages:
            page.Resources = shared
            page.MediaBox = page.CropBox = [page.MediaBox[k] for k in (2, 3, 0, 1)]
        file = io.BytesIO()
        pdf.save(file)
    data = file.getvalue()
    sizes = [(picture.pixels.shape[1], picture.pixels.shape[0]) for picture in load(data)]
    words = ("ONE", "TWO", "THREE")
    read = tuple(
        Page(page_of(word).lines, *size, number)
        for number, (word, size) in enumerate(zip(words, sizes, strict=True), 1)
    )
    content = render(Document(read, "a"), Original(data))
    assert [text_of(page) for page in pypdfium2.PdfDocument(content)] == list(words)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert {len(page.Resources.Font) for page in pdf.pages} == {2}  # the one that was there, and ours


def test_text_is_laid_over_text_and_over_the_pages_that_were_read(page_of: Make) -> None:
    data = scanned(pages=3)
    once = render(
        Document((Page(page_of("ONE").lines, 1100, 700, 1), Page(page_of("THREE").lines, 1100, 700, 3)), "a"),
        Original(data),
    )
    assert [text_of(page) for page in pypdfium2.PdfDocument(once)] == ["ONE", "THREE"]
    twice = render(Document((Page(page_of("_", "TWO").lines[1:], 1100, 700, 2),), "a"), Original(once))
    [page] = pypdfium2.PdfDocument(twice)
    assert text_of(page).split() == ["THREE", "TWO"]


# --- what goes wrong ---


def test_a_picture_that_has_changed_is_told_of(page_of: Make) -> None:
    for source in (
        np.zeros((480, 641), np.uint8),
        saved(gradient("L"), "PNG"),
        scanned(),
    ):
        with pytest.raises(PictureError, match="no longer what was read"):
            render(Document((page_of("A"),), "a.png"), Original(source))
    with pytest.raises(PictureError, match="no longer what was read"):
        render(Document((page_of("A"),) * 2, "a.png"), Original(np.zeros((480, 640), np.uint8)))


def test_no_picture_and_no_package_are_told_of(page_of: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    document = Document((page_of("A"),), "a.png")
    with pytest.raises(OutputError, match="there is none"):
        FORMATS["pdf"].render(document, None, 0.0)
    monkeypatch.setattr("ocr.formats.pdf.find_spec", lambda _: None)
    with pytest.raises(OutputError, match=r"letters-ocr\[pdf\]"):
        render(document, None)
