"""The pictures of the stages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageFont

import ocr
from ocr.inspect import FONT, NO_CHARACTER, draw_boxes, drawable, glyph_table, inspect
from ocr.options import LANGUAGES
from ocr.recognition.alphabet import composed
from ocr.recognition.classify import REJECT, load_classifier
from ocr.recognition.language import load_language
from pipelines.errors import PictureError
from tests.ocr.formats.typed import typed

Pixels = npt.NDArray[np.uint8]
STAGES = ["1_light.png", "2_binary.png", "3_components.png", "4_lines_and_words.png", "5_glyphs.png"]


@pytest.fixture(scope="module")
def reader() -> ocr.Reader:
    return ocr.Reader(pipeline="line")


@pytest.fixture
def note(drawn: Callable[..., Pixels]) -> Pixels:
    return drawn(["Two words"])


def pixels(path: Path) -> Pixels:
    with Image.open(path) as image:
        return np.asarray(image)


def test_every_stage_is_drawn(note: Pixels, reader: ocr.Reader, tmp_path: Path) -> None:
    written = inspect(note, tmp_path / "new" / "folder", reader=reader)
    assert [path.name for path in written] == STAGES
    assert sorted((tmp_path / "new" / "folder").iterdir()) == written
    light, binary, components, boxes, table = (pixels(path) for path in written)
    assert light.shape == binary.shape == components.shape[:2]
    assert set(np.unique(binary)) == {0, 255}
    assert 0.02 < (binary == 0).mean() < 0.5
    assert light[binary == 0].mean() < 100 < 200 < light[binary == 255].mean()
    assert boxes.shape == (*note.shape, 3)
    assert table.shape[2] == 3


def test_components_have_colours_of_their_own(note: Pixels, reader: ocr.Reader, tmp_path: Path) -> None:
    components, binary = (pixels(inspect(note, tmp_path, reader=reader)[k]) for k in (2, 1))
    assert (components[binary == 255] == 255).all()
    assert len(np.unique(components[binary == 0], axis=0)) >= 6


def test_boxes_are_drawn_round_words_and_on_nothing_else(note: Pixels, reader: ocr.Reader) -> None:
    page = reader.read(note).pages[0]
    marked = draw_boxes(note, page)
    changed = (marked != note[..., None]).any(axis=2)
    assert changed.any()
    box = page.lines[0].box
    outside = changed.copy()
    outside[max(0, box.top - 8) : box.bottom + 9, max(0, box.left - 8) : box.right + 9] = False
    assert not outside.any()
    for word in page.words:
        box = word.box
        assert changed[box.top : box.bottom, box.left - 3 : box.left + 1].any(axis=1).all()


def test_headings_and_tables_have_their_kind_over_them() -> None:
    page = typed("THE SHOP\n\nMILK       2    1.15\nRYE             3.49\nEGGS      12    4.25\n", {0: 2})
    heading, table = page.blocks
    blank = np.full((page.height, page.width), 255, np.uint8)
    changed = (draw_boxes(blank, page) != 255).any(axis=2)
    for block in (heading, table):
        over = changed[max(0, block.box.top - 20) : block.box.top - 8, block.box.left : block.box.left + 30]
        assert over.any()
    empty = table.rows[1][1].box
    assert changed[empty.top : empty.bottom, empty.left].all()


def test_every_glyph_is_shown_with_its_best_readings(note: Pixels, reader: ocr.Reader) -> None:
    glyphs = tuple(reader.read(note).glyphs)
    one, all_ = glyph_table(glyphs[:1]), glyph_table(glyphs)
    assert one.shape == all_.shape
    assert (all_ < 128).sum() > 4 * (one < 128).sum()
    assert glyph_table(glyphs * 3).shape[0] > all_.shape[0]


def test_every_character_that_can_be_read_is_drawn_as_itself() -> None:
    font = ImageFont.truetype(FONT, 40)
    languages = [load_language(name) for name in LANGUAGES.replace(", or", ",").split(", ")]
    letters = {c for language in languages if language for c in composed(language)}
    letters |= {*load_classifier().classes} - {REJECT}
    assert letters > {*"öß£€łœĄ"}
    assert all(drawable(letter, font) == letter for letter in letters)
    drawn = {letter: (bytes(font.getmask(letter)), font.getbbox(letter)) for letter in letters}
    assert bytes(font.getmask(NO_CHARACTER)) not in {mask for mask, _ in drawn.values()}
    assert len({*drawn.values()}) == len(letters)
    assert drawable("a\u6f22", font) == "61 6F22"


def test_a_picture_without_letters_is_drawn_too(reader: ocr.Reader, tmp_path: Path) -> None:
    written = inspect(np.full((40, 60), 200, np.uint8), tmp_path, reader=reader)
    assert [path.name for path in written] == STAGES
    assert pixels(written[3]).shape == (40, 60, 3)


def test_every_page_is_drawn(note: Pixels, reader: ocr.Reader, tmp_path: Path) -> None:
    page = Image.fromarray(note)
    page.save(tmp_path / "pages.tif", save_all=True, append_images=[page])
    written = inspect(tmp_path / "pages.tif", tmp_path / "out", reader=reader)
    assert [path.name for path in written] == STAGES + [f"page2_{name}" for name in STAGES]


def test_no_folder_is_made_for_what_cannot_be_read(reader: ocr.Reader, tmp_path: Path) -> None:
    (tmp_path / "note.png").write_text("text")
    with pytest.raises(PictureError, match=r"note\.png"):
        inspect(tmp_path / "note.png", tmp_path / "out", reader=reader)
    assert not (tmp_path / "out").exists()
