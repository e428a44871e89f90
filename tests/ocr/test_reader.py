"""Whole readings: what goes in, what may come out, and where it is said to stand."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest
import skimage.data
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from threadpoolctl import threadpool_info, threadpool_limits  # type: ignore[import-untyped]

import ocr
from nn.errors import ModelError
from ocr.document import Document, Glyph, Word
from ocr.errors import SettingError
from pipelines.clean.geometry import rotate
from pipelines.errors import PictureError
from pipelines.pipeline import PRESETS
from training.text import CHARACTERS

Pixels = npt.NDArray[np.uint8]
Drawn = Callable[..., Pixels]
Edits = Callable[[str, str], int]

TEXT = ["Hand made books", "47 pages each", "and 26 drawings"]
NOISE = np.random.default_rng(0).integers(0, 256, (90, 140)).astype(np.uint8)


@pytest.fixture(scope="module")
def note(drawn_once: Drawn) -> Pixels:
    return drawn_once(TEXT)


@pytest.fixture(scope="module")
def reader() -> ocr.Reader:
    return ocr.Reader()


@pytest.fixture(scope="module")
def reading(note: Pixels, reader: ocr.Reader) -> Document:
    """What the note is read as."""
    return reader.read(note)


@pytest.fixture(scope="module")
def upright(drawn_once: Drawn, reader: ocr.Reader) -> tuple[Pixels, Document]:
    """A longer text, and what it is read as."""
    picture = drawn_once(
        ["PLEASE COME TO THE GARDEN", "before the rain begins and", "bring a basket for apples"]
    )
    return picture, reader.read(picture)


def facts(document: Document) -> list[object]:
    """Return all that is known of a reading but where its picture came from."""
    return [
        (glyph.text, glyph.box, glyph.confidence, glyph.alternatives, glyph.image.tobytes())
        for glyph in document.glyphs
    ] + [(word.text, word.confidence, word.alternatives) for word in document.words]


def test_print_is_read(reading: Document, edits: Edits) -> None:
    text = reading.text
    assert edits(text, "\n".join(TEXT)) <= 2
    assert text.count("\n") == 2


def test_letters_of_one_shape_are_told_by_their_size(drawn: Drawn, reader: ocr.Reader) -> None:
    text = reader.read(drawn(["Corn soup for Zoe, Wax for Vic"])).text
    assert [c.isupper() for c in text] == [c.isupper() for c in "Corn soup for Zoe, Wax for Vic"]


def test_what_a_picture_comes_in_makes_no_difference(
    note: Pixels, reader: ocr.Reader, reading: Document, tmp_path: Path
) -> None:
    path, stream = tmp_path / "note.png", io.BytesIO()
    image = Image.fromarray(note)
    image.save(path)
    image.save(stream, "png")
    sources = [path, str(path), stream.getvalue(), stream, image, image.convert("RGB"), np.dstack([note] * 3)]
    expected = facts(reading)
    assert len(expected) > 30
    for source in sources:
        assert facts(reader.read(source)) == expected
    assert reader.read(path).source == str(path)


def test_a_reading_depends_on_nothing_read_before(note: Pixels, reader: ocr.Reader) -> None:
    others = [NOISE, np.full((40, 60), 255, np.uint8), np.ascontiguousarray(255 - note)]
    expected = facts(ocr.Reader().read(note))
    for other in others:
        reader.read(other)
        assert facts(reader.read(note)) == expected


def test_many_threads_may_read_at_once(note: Pixels, reader: ocr.Reader) -> None:
    pictures = [note, np.ascontiguousarray(note[:100]), 255 - note, NOISE]
    expected = [facts(reader.read(picture)) for picture in pictures]
    with ThreadPoolExecutor(4) as pool:
        assert [facts(document) for document in pool.map(reader.read, pictures * 2)] == expected * 2


@pytest.mark.parametrize("threads", [1, 3])
def test_a_reading_is_the_same_for_any_number_of_threads_and_leaves_it(
    note: Pixels, reader: ocr.Reader, reading: Document, threads: int
) -> None:
    expected = facts(reading)
    with threadpool_limits(threads, user_api="blas"):
        before = threadpool_info()
        with ThreadPoolExecutor(3) as pool:
            assert [facts(document) for document in pool.map(reader.read, [note] * 3)] == [expected] * 3
        assert facts(reader.read(note)) == expected
        assert threadpool_info() == before


@settings(max_examples=settings().max_examples // 3)
@given(st.text(CHARACTERS, min_size=1, max_size=5), st.sampled_from(list(PRESETS)))
def test_nothing_but_the_whitelist_is_read(drawn_once: Drawn, whitelist: str, pipeline: str) -> None:
    reader = ocr.Reader(whitelist=whitelist, pipeline=pipeline)
    for picture in (drawn_once(["Hand 47"]), np.ascontiguousarray(NOISE[:48, :64])):
        document = reader.read(picture)
        assert set(document.text) <= {*whitelist, " ", "\n"}
        parts: tuple[Word | Glyph, ...] = (*document.words, *document.glyphs)
        for part in parts:
            assert set("".join(other.text for other in part.alternatives)) <= set(whitelist)


def test_a_whitelist_of_the_right_letters_keeps_what_is_right(drawn: Drawn) -> None:
    digits = ocr.read(drawn(["10582 0913"]), pipeline="line", whitelist="0123456789")
    assert digits.text == "10582 0913"


@pytest.mark.parametrize(("whitelist", "left"), [("2", "2 22"), ("27", "27 22"), ("k", "")])
def test_what_looks_like_nothing_on_the_whitelist_is_left_out(
    drawn: Drawn, whitelist: str, left: str
) -> None:
    assert ocr.read(drawn(["27 BOW", "GE H22"]), whitelist=whitelist).text.split() == left.split()


@pytest.mark.parametrize("top_k", [1, 3, 5, 200])
def test_as_many_alternatives_as_asked_for_the_best_first(note: Pixels, top_k: int) -> None:
    document = ocr.read(note, top_k=top_k)
    for glyph in document.glyphs:
        assert glyph.alternatives[0].text == glyph.text
        assert glyph.alternatives[0].confidence == glyph.confidence
        rest = [other.confidence for other in glyph.alternatives[1:]]
        assert rest == sorted(rest, reverse=True)
        assert sum(rest) + glyph.confidence < 1 + 1e-5
        assert len({other.text for other in glyph.alternatives}) == len(glyph.alternatives) <= top_k
    assert max(len(glyph.alternatives) for glyph in document.glyphs) >= min(top_k, 40)
    for word in document.words:
        assert word.alternatives[0].text == word.text
        shares = [other.confidence for other in word.alternatives]
        assert 0 < shares[0] == word.confidence <= 1
        assert shares[1:] == sorted(shares[1:], reverse=True)
        assert len({other.text for other in word.alternatives}) == len(shares) <= top_k


def test_boxes_hold_the_ink_of_their_letters(note: Pixels, reading: Document) -> None:
    ink = note < 128
    held = np.zeros_like(ink)
    for glyph in reading.glyphs:
        box = glyph.box
        part = ink[box.top : box.bottom, box.left : box.right]
        held[box.top : box.bottom, box.left : box.right] = True
        assert all(edge.any() for edge in (part[:3], part[-3:], part[:, :3], part[:, -3:]))
    assert not (ink & ~held).any()


@pytest.mark.parametrize("degrees", [-7.0, 3.0, 7.0])
def test_boxes_are_those_of_the_picture_however_askew(
    note: Pixels, reader: ocr.Reader, reading: Document, degrees: float
) -> None:
    askew, back = rotate(note, degrees)
    turned = reader.read(askew)
    assert turned.text == reading.text
    for one, other in zip(reading.glyphs, turned.glyphs, strict=True):
        x, y, _ = back @ [*middle(other.box), 1.0]
        assert np.hypot(*np.subtract((x, y), middle(one.box))) < 5
    for glyph in turned.glyphs:
        assert 0 <= glyph.box.left < glyph.box.right <= askew.shape[1]
        assert 0 <= glyph.box.top < glyph.box.bottom <= askew.shape[0]


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_boxes_are_those_of_the_picture_on_its_side_or_its_head(
    upright: tuple[Pixels, Document], reader: ocr.Reader, quarters: int
) -> None:
    picture, expected = upright
    turned = np.ascontiguousarray(np.rot90(picture, quarters))
    document = reader.read(turned)
    assert document.text == expected.text
    page = document.pages[0]
    assert (page.height, page.width) == turned.shape
    rows, columns = picture.shape
    for one, other in zip(expected.glyphs, document.glyphs, strict=True):
        x, y = middle(one.box)
        where = {1: (y, columns - x), 2: (columns - x, rows - y), 3: (rows - y, x)}[quarters]
        assert middle(other.box) == pytest.approx(where, abs=2)
        size = (one.box.width, one.box.height) if quarters == 2 else (one.box.height, one.box.width)
        assert (other.box.width, other.box.height) == pytest.approx(size, abs=3)


def middle(box: ocr.Box) -> tuple[float, float]:
    return (box.left + box.right) / 2, (box.top + box.bottom) / 2


@settings(max_examples=settings().max_examples // 2)
@given(character=st.sampled_from(CHARACTERS), size=st.integers(24, 160), dark=st.booleans())
def test_one_letter_is_always_one_glyph(drawn_once: Drawn, character: str, size: int, dark: bool) -> None:
    picture = drawn_once([character], size)
    [glyph] = ocr.read(255 - picture if dark else picture, pipeline="letter").glyphs
    assert len(glyph.alternatives) == 5
    assert glyph.box.width <= picture.shape[1]


@pytest.mark.parametrize("pipeline", PRESETS)
def test_a_picture_of_nothing_reads_as_nothing(pipeline: str) -> None:
    reader = ocr.Reader(pipeline=pipeline)
    for shape, grey in (((1, 1), 0), ((1, 400), 128), ((60, 80), 0), ((60, 80), 255), ((60, 80, 3), 128)):
        document = reader.read(np.full(shape, grey, np.uint8))
        assert document.text == "", (shape, grey)
        [page] = document.pages
        assert (page.height, page.width) == shape[:2]
        assert page.lines == ()


def test_noise_is_read_without_harm(reader: ocr.Reader) -> None:
    for glyph in reader.read(NOISE).glyphs:
        assert 0 <= glyph.box.left < glyph.box.right <= NOISE.shape[1]


@pytest.mark.parametrize(
    ("options", "error", "why"),
    [
        ({"pipeline": "zebra"}, SettingError, "zebra.*auto"),
        ({"language": "zz"}, SettingError, "zz.*en"),
        ({"pages": "3-1"}, SettingError, "backwards"),
        ({"top_k": 0}, SettingError, "top_k"),
        ({"dpi": 0}, SettingError, "dpi"),
        ({"max_pixels": 0}, SettingError, "max_pixels"),
        ({"whitelist": " "}, ValueError, "whitelist"),
        ({"whitelist": "A\u0416"}, ValueError, ": \u0416"),
        ({"model": __file__}, ModelError, "test_reader.py"),
        ({"model": "none.safetensors"}, ModelError, "none.safetensors"),
        ({"max_pixels": 10}, PictureError, "10"),
    ],
)
def test_settings_that_will_not_do_are_refused(
    options: dict[str, object], error: type[Exception], why: str
) -> None:
    with pytest.raises(error, match=why):
        ocr.read(NOISE, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "array",
    [
        np.full((20, 20), np.nan),
        np.full((20, 20), 7.0),
        np.zeros((20, 20, 2), np.uint8),
        np.zeros((2, 20, 20, 3), np.uint8),
        np.zeros(20, np.uint8),
        np.zeros((0, 20), np.uint8),
        np.zeros((20, 20), complex),
    ],
    ids=["nan", "above 1", "two channels", "four axes", "one axis", "empty", "complex"],
)
def test_arrays_that_are_no_picture_are_refused(array: npt.NDArray[np.generic], reader: ocr.Reader) -> None:
    with pytest.raises(PictureError, match="<array>"):
        reader.read(array)


PAGE = """Region-based segmentation
Let us first determine markers of the coins and the
background. These markers are pixels that we can label
unambiguously as either object or background. Here,
the markers are found at the two extreme parts of the
histogram of grey values:"""


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail where anything would be fetched: the pictures ship with scikit-image."""

    def refuse(*_: object) -> None:
        raise AssertionError("tried to reach the network")

    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("socket.getaddrinfo", refuse)


@pytest.mark.usefixtures("no_network")
def test_a_photo_of_a_printed_page_is_read(edits: Edits) -> None:
    """Small print, bent, in uneven light; below it a line of code, and one that the edge cuts."""
    lines = ocr.read(skimage.data.page()).text.split("\n")
    assert edits("\n".join(lines[:6]), PAGE) <= 0.08 * len(PAGE)
    assert any("np" in line and "like" in line for line in lines[6:])


SIGNS = (
    [[(20, 0), (0, 0), (12, 15), (0, 30), (20, 30)]],
    [[(0, 2), (24, 2)], [(6, 2), (4, 30)], [(18, 2), (20, 30)]],
    [[(0, 0), (24, 0), (12, 30), (0, 0)]],
    [[(0, 18), (4, 16), (10, 30), (16, 0), (26, 0)]],
    [[(0, 0), (20, 10), (0, 20)], [(0, 28), (20, 28)]],
    [[(20, 0), (6, 4), (0, 15), (6, 26), (20, 30)], [(0, 15), (18, 15)]],
    [[(0, 0), (11, 30), (22, 0)], [(5, 13), (17, 13)]],
    [[(18, 2), (12, 0), (8, 6), (8, 26), (4, 31), (0, 28)]],
)
"""Strokes of a pen: the signs of a sum, pi, nabla, a root, at least, element of, for all and an integral."""


@pytest.mark.parametrize("lean", [0.0, 0.4, 0.8])
def test_signs_that_no_letter_looks_like_are_found_where_they_are(lean: float, reader: ocr.Reader) -> None:
    """Two rows of signs by hand, upright and seen from aside, on paper in uneven light."""
    signs = []
    for top, (k, strokes) in itertools.product((30, 90), enumerate(SIGNS)):
        sign = np.zeros((150, 420), np.uint8)
        for stroke in strokes:
            places = [(40 + 44 * k + x + lean * (30 - y), top + y) for x, y in stroke]
            cv2.polylines(sign, [np.rint(places).astype(np.int32)], False, 1, 3)
        signs.append(sign > 0)
    ink = np.any(signs, axis=0)
    paper = np.linspace(110, 200, 420) + np.random.default_rng(0).normal(0, 3, ink.shape)
    covered = np.zeros_like(ink)
    for glyph in reader.read((paper * np.where(ink, 0.4, 1)).astype(np.uint8)).glyphs:
        box = glyph.box
        part = slice(box.top, box.bottom), slice(box.left, box.right)
        assert ink[part].mean() > 0.05
        covered[part] = True
    assert covered.mean() < 0.5
    assert min(covered[sign].mean() for sign in signs) > 0.9
