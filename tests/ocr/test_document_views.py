"""What can be done with a reading: data and back, files, pictures, HTML, tables, and finding texts in it."""

from __future__ import annotations

import json
import pickle
import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

import ocr
from ocr.document import Alternative, Box, Document, Glyph, Line, Page, Word
from ocr.errors import OutputError
from ocr.formats import FORMATS
from ocr.origin import Origin, pixels_of
from pipelines.errors import PictureError

Pixels = npt.NDArray[np.uint8]
NO_IMAGE = np.zeros((28, 28), np.uint8)


def word(text: str, left: int, top: int, confidence: float = 0.75) -> Word:
    """Return a word whose letters are boxes of 8 x 12 pixels side by side."""
    glyphs = tuple(
        Glyph(
            c,
            Box(left + 8 * k, top, left + 8 * k + 8, top + 12),
            0.5,
            (Alternative(c, 0.5),),
            NO_IMAGE,
        )
        for k, c in enumerate(text)
    )
    return Word(glyphs, confidence, (Alternative(text, confidence), Alternative("<o>", 0.1)))


CAT = Line((word("Your", 4, 10), word("cat", 50, 10, 0.25), word("sat", 90, 10)))
MAT = Line((word("on", 4, 30), word("mats", 50, 30)))
PAGE = Page((CAT, MAT), 130, 50)
DOCUMENT = Document((PAGE, Page((), 20, 10, 2)), "a <b>.tif")


def white(width: int, height: int) -> Pixels:
    return np.full((height, width, 3), 255, np.uint8)


@pytest.mark.parametrize("element", [DOCUMENT, PAGE, CAT, CAT.words[1]])
def test_what_is_made_from_its_dictionary_is_the_same(element: Any) -> None:
    table = element.to_dict()
    assert table == json.loads(element.to_json())
    assert type(element).from_dict(table) == element
    if not isinstance(element, Document):
        assert table["text"] == element.text


def test_a_dictionary_is_what_the_format_json_writes() -> None:
    assert DOCUMENT.to_dict() == json.loads(str(FORMATS["json"].render(DOCUMENT, None, 0.0)))
    odd = Document((), "caf\udce9.png")
    odd.to_json().encode()
    assert Document.from_dict(json.loads(odd.to_json())) == odd


@pytest.mark.parametrize("kind", [Document, Page, Line, Word])
@pytest.mark.parametrize("table", [{}, {"text": "a"}, {"box": [1, 2, 3]}, [], None])
def test_what_is_no_dictionary_of_an_element_is_refused(kind: Any, table: Any) -> None:
    with pytest.raises(ValueError, match=r"has no|made from a dictionary|is no"):
        kind.from_dict(table)


def test_a_reading_is_told_of_in_a_line() -> None:
    assert repr(DOCUMENT) == "<Document 'a <b>.tif', 2 pages: 'Your cat sat on mats'>"
    assert repr(PAGE) == "<Page 1, 130 x 50 pixels, 2 lines: 'Your cat sat on mats'>"
    assert repr(MAT) == "<Line 'on mats', 75% sure>"
    assert repr(CAT.words[1]) == "<Word 'cat', 25% sure>"
    assert len(repr(Document((Page((CAT,) * 90, 130, 50),), "a"))) < 120


def test_a_page_is_as_sure_as_its_words() -> None:
    assert DOCUMENT.confidence == PAGE.confidence == pytest.approx(0.65)
    assert Document((), "a").confidence is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("CAT", ["cat"]),
        ("cat s", ["cat sat"]),
        ("at", ["cat", "sat", "mats"]),
        ("your cat sat", ["Your cat sat"]),
        ("r c", ["Your cat"]),
        ("sat on", []),
        ("s.t", []),
        (re.compile("s.t"), ["sat"]),
        ("", []),
    ],
)
def test_words_are_found_that_hold_a_text(text: Any, found: list[str]) -> None:
    assert [line.text for line in DOCUMENT.find(text)] == found


def test_what_is_found_has_its_box() -> None:
    [found] = PAGE.find("cat sat")
    assert found.box == Box(50, 10, 114, 22) and PAGE.find("mats")[0].box == Box(50, 30, 82, 42)


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in ("pdf", "page")])
def test_the_ending_tells_the_format(name: str, tmp_path: Path) -> None:
    chosen = FORMATS[name]
    path = tmp_path / f"a{chosen.extension.upper()}"
    DOCUMENT.save(path)
    assert path.read_bytes().decode() == chosen.render(DOCUMENT, None, 0.0)
    DOCUMENT.save(tmp_path / "a", format=name)
    assert (tmp_path / "a").read_text(encoding="utf-8") == path.read_text(encoding="utf-8")


def test_a_page_is_saved_as_a_document_of_one(tmp_path: Path) -> None:
    PAGE.save(str(tmp_path / "a.page.xml"))
    assert "PcGts" in (tmp_path / "a.page.xml").read_text()
    PAGE.save(tmp_path / "a.txt", min_confidence=0.6)
    assert "‹Your›" in (tmp_path / "a.txt").read_text()


@pytest.mark.parametrize(
    ("name", "format", "error", "why"),
    [
        ("a.docx", None, ValueError, r"a\.docx: no format ends like this.*\.txt"),
        ("a.txt", "docx", ValueError, "'docx' is none of text"),
        ("a.page.xml", None, ValueError, "holds one page, and there are 2"),
        ("a.pdf", None, OutputError, "picture"),
        ("none/a.txt", None, OutputError, "there is no folder"),
    ],
)
def test_what_cannot_be_saved_is_told_and_leaves_nothing(
    name: str, format: str | None, error: type[Exception], why: str, tmp_path: Path
) -> None:
    with pytest.raises(error, match=why):
        DOCUMENT.save(tmp_path / name, format)
    assert list(tmp_path.iterdir()) == []


def test_boxes_are_drawn_over_white_with_the_words_in_them() -> None:
    image = PAGE.draw()
    assert image.size == (130, 50)
    inside = np.asarray(image)[12:20, 52:72].min(axis=-1)
    assert (inside < 100).any() and np.asarray(image)[-1, 60:].min() == 255
    assert [one.size for one in DOCUMENT.draw()] == [(130, 50), (20, 10)]


def test_boxes_are_drawn_over_the_picture_that_was_read_while_it_is_there(tmp_path: Path) -> None:
    grey = np.full((50, 130), 90, np.uint8)
    path = tmp_path / "a.png"
    Image.fromarray(grey).save(path)
    for source in (grey, path, str(path), path.read_bytes(), Image.fromarray(grey)):
        page = Page((CAT,), 130, 50, origin=Origin(source))
        assert np.asarray(page.draw())[-1, -1].tolist() == [90] * 3
    page = Page((CAT,), 130, 50, origin=Origin(path))
    assert np.asarray(page.draw(white(130, 50)))[-1, -1].tolist() == [255] * 3
    Image.fromarray(grey[:40]).save(path)
    assert np.asarray(page.draw())[-1, -1].tolist() == [255] * 3, "it is another picture now"
    path.unlink()
    assert pixels_of(page) is None


def test_only_paths_go_along_to_another_process(tmp_path: Path) -> None:
    with open(tmp_path / "a.png", "wb") as file:
        for source, kept in ((file, None), (b"abc", None), (NO_IMAGE, None), ("a.png", "a.png")):
            page = pickle.loads(pickle.dumps(Page((CAT,), 130, 50, origin=Origin(source, 7, 8))))
            assert page.origin == Origin(kept, 7, 8)


def test_what_was_read_can_be_saved_as_a_searchable_pdf(drawn: Callable[..., Pixels], tmp_path: Path) -> None:
    pages = [Image.fromarray(drawn([text])) for text in ("ONE", "TWO")]
    pages[0].save(tmp_path / "two.tif", save_all=True, append_images=pages[1:])
    document = ocr.read(tmp_path / "two.tif", language="none")
    assert document.text == "ONE\n\fTWO"
    document.save(tmp_path / "two.pdf")
    document.pages[1].save(tmp_path / "second.pdf")
    assert [len(ocr.read(tmp_path / name, dpi=20).pages) for name in ("two.pdf", "second.pdf")] == [2, 1]
    assert document.draw()[1].size == pages[1].size
    (tmp_path / "two.tif").unlink()
    with pytest.raises(PictureError, match=r"two\.tif: can no longer be read: .*No such file"):
        document.save(tmp_path / "two.pdf")


def test_a_notebook_shows_the_picture_with_what_was_read_and_nothing_from_elsewhere() -> None:
    picture = Page((CAT,), 130, 50, origin=Origin(white(130, 50)))
    html = picture._repr_html_()
    assert "data:image/png;base64," in html and html.count("<rect") == 3
    assert "<title>cat 25% (or &lt;o&gt;)</title>" in html and "Your cat sat</pre>" in html
    html = DOCUMENT._repr_html_()
    assert "<b>a &lt;b&gt;.tif</b>, 2 pages" in html and html.count("<svg") == 2
    assert "data:" not in html and ">mats</text>" in html
    assert "and 5 pages more" in Document((PAGE,) * 25, "a")._repr_html_()


def test_a_table_has_a_row_for_each_word(monkeypatch: pytest.MonkeyPatch) -> None:
    fake: Any = ModuleType("pandas")
    fake.DataFrame = lambda rows, columns: (rows, columns)
    monkeypatch.setitem(sys.modules, "pandas", fake)
    rows, columns = DOCUMENT.to_dataframe()
    assert [row["text"] for row in rows] == ["Your", "cat", "sat", "on", "mats"]
    assert list(rows[4].values()) == [1, 2, 2, "mats", 0.75, 50, 30, 82, 42]
    assert columns == list(rows[0]) and PAGE.to_dataframe() == (rows, columns)
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match="pip install pandas"):
        PAGE.to_dataframe()
