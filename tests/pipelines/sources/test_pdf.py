"""PDF files: drawn at the size asked for, page by page, and refused with one line that says why."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import threading
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from pipelines.errors import PictureError
from pipelines.sources import pdf
from pipelines.sources.load import load
from pipelines.sources.pages import parse_pages
from tests.pdf_objects import stream, written

pytest.importorskip("pypdfium2")

LETTER = Image.new("L", (170, 220), 255)
ImageDraw.Draw(LETTER).rectangle((20, 30, 60, 90), fill=0)


def scanned(*pages: Image.Image, dpi: float = 100) -> bytes:
    """Return a PDF of full-page pictures, as scanners make them."""
    stream = io.BytesIO()
    pages[0].save(stream, "PDF", resolution=dpi, save_all=True, append_images=pages[1:])
    return stream.getvalue()


def one_page(content: bytes = b"", *others: bytes, entries: bytes = b"", catalogue: bytes = b"") -> bytes:
    """Return a PDF of one page, 72 x 36 points; `others` are objects 5 and on."""
    size = b"" if b"MediaBox" in entries else b"/MediaBox[0 0 72 36]"
    return written(
        b"<</Type/Catalog/Pages 2 0 R%s>>" % catalogue,
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/Contents 4 0 R%s%s>>" % (size, entries),
        stream(content),
        *others,
    )


def complaint(data: bytes, **options: Any) -> str:
    with pytest.raises(PictureError) as caught:
        list(load(data, **options))
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith("<bytes>: ")
    return message


# --- what is drawn ---


def test_a_scan_drawn_at_its_own_resolution_is_the_scan() -> None:
    [picture] = load(scanned(LETTER), dpi=100)
    assert picture.pixels.shape == (220, 170, 3)
    assert np.abs(picture.pixels[:, :, 1].astype(int) - np.asarray(LETTER)).mean() < 1


@pytest.mark.parametrize(("dpi", "shape"), [(300, (660, 510, 3)), (50, (110, 85, 3)), (1, (2, 2, 3))])
def test_the_size_is_as_dpi_says(dpi: int, shape: tuple[int, ...]) -> None:
    [picture] = load(scanned(LETTER), dpi=dpi)
    assert picture.pixels.shape == shape


def test_the_default_is_300_dpi() -> None:
    assert next(load(one_page())).pixels.shape == (150, 300, 3)


def test_colours_are_in_order_and_the_ground_is_white() -> None:
    [picture] = load(one_page(b"1 0 0 rg 0 0 36 36 re f"), dpi=72)
    assert picture.pixels[18, 10].tolist() == [255, 0, 0]
    assert picture.pixels[18, 60].tolist() == [255, 255, 255]
    assert picture.pixels.flags.c_contiguous


def test_a_page_is_turned_as_the_file_says() -> None:
    [picture] = load(one_page(b"0 0 36 36 re f", entries=b"/Rotate 90"), dpi=72)
    assert picture.pixels.shape == (72, 36, 3)
    assert picture.pixels[:30].max() == 0
    assert picture.pixels[40:].min() == 255


def test_what_is_filled_into_a_form_is_drawn() -> None:
    field = b"<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V(x)/F 4/Rect[0 0 36 36]/AP<</N 6 0 R>>>>"
    shown = stream(b"0 0 36 36 re f", b"/Type/XObject/Subtype/Form/BBox[0 0 36 36]")
    data = one_page(b"", field, shown, entries=b"/Annots[5 0 R]", catalogue=b"/AcroForm<</Fields[5 0 R]>>")
    [picture] = load(data, dpi=72)
    assert picture.pixels[5:30, 5:30].max() == 0


def test_pages_are_drawn_one_at_a_time_with_their_numbers() -> None:
    turned = LETTER.transpose(Image.Transpose.ROTATE_90)
    pages = load(scanned(LETTER, turned, LETTER), dpi=100)
    assert [next(pages).number, next(pages).pixels.shape] == [1, (170, 220, 3)]
    pages.close()


@pytest.mark.parametrize("before", [b"", b"\r\n\r\n", b"junk of a mail\n" * 20])
def test_a_pdf_is_told_by_its_content(before: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(before + scanned(LETTER))
    for source in (path, path.read_bytes(), io.BytesIO(path.read_bytes())):
        [picture] = load(source, dpi=100)
        assert picture.pixels.shape == (220, 170, 3)


def test_pages_drawn_from_several_threads_are_the_same() -> None:
    data = scanned(*[LETTER.rotate(angle, fillcolor=255) for angle in (0, 20, 40)])
    alone = [picture.pixels for picture in load(data)]
    found: dict[int, list[np.ndarray]] = {}

    def draw(k: int) -> None:
        found[k] = [picture.pixels for picture in load(data)]

    threads = [threading.Thread(target=draw, args=(k,)) for k in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for pages in found.values():
        np.testing.assert_array_equal(pages, alone)
    assert len(found) == 6


# --- what is refused ---


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    assert "pip install 'letters-ocr[pdf]'" in complaint(scanned(LETTER))


def encrypted(password: bytes) -> bytes:
    """Return a PDF locked as in section 7.6.3 of PDF 1.7, revision 2; an empty password opens at once."""
    padding = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
    padded = (password + padding)[:32]
    owner = rc4(hashlib.md5((b"owner" + padding)[:32]).digest()[:5], padded)
    key = hashlib.md5(padded + owner + (-4).to_bytes(4, "little", signed=True) + b"0" * 16).digest()[:5]
    names = (owner.hex().encode(), rc4(key, padding).hex().encode(), b"0".hex().encode() * 16)
    lock = b"<</Filter/Standard/V 1/R 2/P -4/O<%s>/U<%s>>>" % names[:2]
    return written(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 36]>>",
        trailer=b"/Encrypt%s/ID[<%s><%s>]" % (lock, names[2], names[2]),
    )


def rc4(key: bytes, data: bytes) -> bytes:
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def test_a_file_that_needs_a_password_is_refused() -> None:
    import pypdfium2

    document = pypdfium2.PdfDocument(encrypted(b"secret"), password="secret")
    assert len(document) == 1
    document.close()
    assert "needs a password; read a copy without" in complaint(encrypted(b"secret"))


def test_a_file_that_any_viewer_opens_is_read_though_it_is_encrypted() -> None:
    [picture] = load(encrypted(b""), dpi=72)
    assert picture.pixels.shape == (36, 72, 3)


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9, 0.995])
def test_a_file_cut_short_is_refused(share: float) -> None:
    data = scanned(LETTER, LETTER)
    assert "cut short" in complaint(data[: int(len(data) * share)])


def test_a_file_with_nothing_but_a_start_and_an_end_is_damaged() -> None:
    assert "damaged or has no pages" in complaint(b"%PDF-1.7\nnothing\n%%EOF")


def test_a_file_without_pages_says_so() -> None:
    data = written(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>")
    assert "has no pages" in complaint(data)


def test_a_page_that_is_none_is_damaged_and_named() -> None:
    data = written(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R 9 0 R]/Count 2/MediaBox[0 0 72 36]>>",
        b"<</Type/Page/Parent 2 0 R>>",
    )
    pages = load(data)
    assert next(pages).number == 1
    with pytest.raises(PictureError, match=r"^<bytes>: page 2 is damaged"):
        next(pages)


def test_the_limit_is_exact_and_a_lower_dpi_helps() -> None:
    data = one_page()
    assert next(load(data, dpi=72, max_pixels=72 * 36)).pixels.shape == (36, 72, 3)
    message = complaint(data, dpi=72, max_pixels=72 * 36 - 1)
    assert message.endswith(
        "has 72 x 36 pixels at 72 dpi, more than the limit of 2591; to read it all the same, "
        "pass --max-pixels 2592 or a lower --dpi"
    )


def test_a_huge_page_is_refused_before_it_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def ask(self: pdf._Drawer, what: dict[str, object], data: bytes = b"") -> dict[str, object]:
        asked.append(set(what))
        return real(self, what, data)

    real = pdf._Drawer._ask
    monkeypatch.setattr(pdf._Drawer, "_ask", ask)
    assert "60000 x 60000 pixels at 300 dpi" in complaint(one_page(entries=b"/MediaBox[0 0 14400 14400]"))
    assert asked == [{"bytes", "memory", "seconds"}, {"page"}]


@pytest.mark.parametrize("nested", [0, 1, 3])
def test_a_huge_picture_on_a_small_page_is_refused(nested: int) -> None:
    flat = zlib.compress(bytes(5000 * 4000 // 8), 9)
    entries = b"/Subtype/Image/Width 5000/Height 4000/BitsPerComponent 1/ColorSpace/DeviceGray"
    picture = stream(flat, entries + b"/Filter/FlateDecode")
    forms = [
        stream(b"/P Do", b"/Subtype/Form/BBox[0 0 72 72]/Resources<</XObject<</P %d 0 R>>>>" % (6 + k))
        for k in range(nested)
    ]
    data = one_page(b"/P Do", *forms, picture, entries=b"/Resources<</XObject<</P 5 0 R>>>>")
    assert next(load(data)).pixels.shape == (150, 300, 3)
    assert "holds a picture of 5000 x 4000 pixels" in complaint(data, max_pixels=10_000_000)


def test_a_page_too_large_for_pdfium_is_an_error_at_any_limit() -> None:
    data = one_page(entries=b"/MediaBox[0 0 14400 1]")
    assert "more than can be drawn; pass a lower --dpi" in complaint(data, dpi=1_000_000, max_pixels=10**18)


def nested(times: int, depth: int) -> bytes:
    """Return a page that draws a drawing so many times, which draws another so many times, and so on."""
    content = b"/F Do " * times
    forms = [
        stream(content, b"/Subtype/Form/BBox[0 0 72 72]/Resources<</XObject<</F %d 0 R>>>>" % (6 + k))
        for k in range(depth)
    ]
    last = stream(b"0 0 9 9 re f", b"/Subtype/Form/BBox[0 0 72 72]")
    return one_page(content, *forms, last, entries=b"/Resources<</XObject<</F 5 0 R>>>>")


def test_a_page_that_would_take_for_ever_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    assert next(load(nested(2, 3))).pixels.shape == (150, 300, 3)
    monkeypatch.setattr(pdf, "SECONDS", 0)
    assert "takes longer than 0 seconds" in complaint(nested(10, 12))


def test_a_page_that_would_take_all_memory_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    flat = zlib.compress(b"q " * 10_000_000, 9)
    data = written(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2/MediaBox[0 0 72 36]>>",
        b"<</Type/Page/Parent 2 0 R>>",
        b"<</Type/Page/Parent 2 0 R/Contents 5 0 R>>",
        stream(flat, b"/Filter/FlateDecode"),
    )
    monkeypatch.setattr(pdf, "_MEMORY", 300_000_000)
    pages = load(data, max_pixels=1_000_000)
    assert next(pages).number == 1
    with pytest.raises(PictureError, match="page 2 is damaged, or takes too much memory"):
        next(pages)


def test_no_process_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    started = []
    real = subprocess.Popen

    def start(*arguments: Any, **options: Any) -> object:
        started.append(real(*arguments, **options))
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", start)
    pages = load(scanned(LETTER, LETTER))
    next(pages)
    pages.close()
    list(load(scanned(LETTER)))
    assert [process.poll() is not None for process in started] == [True, True]


# --- anything at all ---


DAMAGED = one_page(
    b"q 72 0 0 36 0 0 cm /P Do Q BT /F 9 Tf (A) Tj ET",
    stream(bytes(range(48)), b"/Subtype/Image/Width 4/Height 4/BitsPerComponent 8/ColorSpace/DeviceRGB"),
    entries=b"/Resources<</XObject<</P 5 0 R>>/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>",
)


@settings(max_examples=settings().max_examples // 3)
@given(st.data())
def test_a_damaged_file_gives_pixels_or_a_picture_error(data: st.DataObject) -> None:
    content = bytearray(DAMAGED)
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(8, len(content) - 8))
        content[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    try:
        read = list(load(bytes(content), max_pixels=1_000_000, dpi=50))
    except PictureError:
        return
    assert all(picture.pixels.dtype == np.uint8 for picture in read)


@settings(max_examples=settings().max_examples // 7)
@given(st.binary(max_size=300))
def test_random_bytes_between_start_and_end_are_a_picture_error(content: bytes) -> None:
    with pytest.raises(PictureError):
        list(load(b"%PDF-1.4\n" + content + b"%%EOF"))


def test_ranges_past_what_a_file_has_are_refused_before_anything_is_drawn() -> None:
    with pytest.raises(PictureError, match="has 2 pages, and page 3 is asked for"):
        next(load(scanned(LETTER, LETTER), pages=parse_pages("1,3")))
