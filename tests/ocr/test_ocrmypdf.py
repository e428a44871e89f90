"""The plugin in the real OCRmyPDF, on a scanned PDF made of the samples, with no other program at hand."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import numpy as np
import numpy.typing as npt
import pypdfium2
import pytest
from PIL import Image

import ocr

plugin = pytest.importorskip("ocr.ocrmypdf", reason="needs OCRmyPDF: pip install 'letters-ocr[ocrmypdf]'")
img2pdf = pytest.importorskip("img2pdf")
BadArgsError = pytest.importorskip("ocrmypdf.exceptions").BadArgsError

SAMPLES = Path(__file__).parents[2] / "samples"
PAGES = ("note.jpg", "quarter_turn.jpg", "skewed_scan.png")
DPI = 150
OPTIONS = SimpleNamespace(languages=["eng"])


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Samples as grey pictures of a known resolution."""
    folder = tmp_path_factory.mktemp("pages")
    paths = [folder / f"{Path(name).stem}.png" for name in PAGES]
    for name, path in zip(PAGES, paths, strict=True):
        with Image.open(SAMPLES / name) as image:
            image.convert("L").save(path, dpi=(DPI, DPI))
    return paths


@pytest.fixture(scope="session")
def first(pages: list[Path]) -> ocr.Document:
    """What this reader itself reads on the first page."""
    return ocr.read(pages[0])


@pytest.fixture(scope="session")
def said(pages: list[Path], first: ocr.Document) -> list[str]:
    """What this reader itself reads on the pages."""
    return [first.text, *(ocr.read(page).text for page in pages[1:])]


def ocrmypdf(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the command where there is no Tesseract, no Ghostscript, nor anything else."""
    command = [sys.executable, "-m", "ocrmypdf", "--plugin", "ocr.ocrmypdf", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=os.environ | {"PATH": os.devnull})


@pytest.fixture(scope="session")
def searchable(pages: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages as a scanned PDF that has gone through OCRmyPDF; its text lies beside it."""
    folder = tmp_path_factory.mktemp("searchable")
    (folder / "in.pdf").write_bytes(img2pdf.convert(list(map(str, pages))))
    done = ocrmypdf(
        "--output-type=pdf", "--rotate-pages", "--jobs=1", "--optimize=0",
        "--sidecar", folder / "out.txt", folder / "in.pdf", folder / "out.pdf",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder / "out.pdf"


def assert_same(found: list[str], said: list[str]) -> None:
    """All letters are the same, and nearly all words: pages are drawn again, so that a gap may be another."""
    assert ["".join(text.split()) for text in found] == ["".join(text.split()) for text in said]
    for one, other in zip(found, said, strict=True):
        assert len(set(one.split()) & set(other.split())) >= 0.9 * len(set(other.split()))


def test_the_words_are_found_again_by_pdfium(searchable: Path, said: list[str]) -> None:
    found = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(searchable.read_bytes())]
    assert_same(found, said)


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext, of poppler-utils, is not installed")
def test_the_words_are_found_again_by_pdftotext(searchable: Path, said: list[str]) -> None:
    done = subprocess.run(["pdftotext", searchable, "-"], capture_output=True, text=True, check=True)
    assert_same(done.stdout.split("\f")[:-1], said)


def test_the_text_beside_it_is_what_was_read(searchable: Path, said: list[str]) -> None:
    text = searchable.with_suffix(".txt").read_text(encoding="utf-8")
    assert_same(text.split("\f"), said)


def test_a_page_on_its_side_is_turned(searchable: Path) -> None:
    sizes = [page.get_size() for page in pypdfium2.PdfDocument(searchable.read_bytes())]
    assert [width > height for width, height in sizes] == [True, True, True]


def test_words_lie_where_they_are(searchable: Path, first: ocr.Document) -> None:
    page = pypdfium2.PdfDocument(searchable.read_bytes())[0]
    text, height = page.get_textpage(), page.get_height()
    content, place, scale = text.get_text_range(), 0, DPI / 72
    for word in first.words:
        place = content.index(word.text, place) + len(word.text)
        letters = [text.get_charbox(k) for k in range(place - len(word.text), place)]
        found = (
            min(letter[0] for letter in letters) * scale,
            (height - max(letter[3] for letter in letters)) * scale,
            max(letter[2] for letter in letters) * scale,
            (height - min(letter[1] for letter in letters)) * scale,
        )
        box = word.box
        assert found == pytest.approx((box.left, box.top, box.right, box.bottom), abs=2), word.text


@pytest.fixture
def label(drawn: Callable[..., npt.NDArray[np.uint8]], tmp_path: Path) -> Path:
    """A PDF with three letters."""
    Image.fromarray(drawn(["CAB"])).save(tmp_path / "in.png", dpi=(DPI, DPI))
    (tmp_path / "in.pdf").write_bytes(img2pdf.convert(str(tmp_path / "in.png")))
    return tmp_path / "in.pdf"


def test_hocr_goes_through_ocrmypdf_too(label: Path, tmp_path: Path) -> None:
    done = ocrmypdf(
        "--output-type=pdf", "--pdf-renderer=fpdf2", "-l", "und", "--letters-whitelist=ABC",
        "--optimize=0", label, tmp_path / "out.pdf",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    page = pypdfium2.PdfDocument((tmp_path / "out.pdf").read_bytes())[0]
    letters = "".join(page.get_textpage().get_text_range().split())
    assert letters and set(letters) <= set("ABC")


def test_settings_that_will_not_do_are_refused_in_a_line(label: Path, tmp_path: Path) -> None:
    done = ocrmypdf("--letters-whitelist=1é", label, tmp_path / "out.pdf")
    assert done.returncode == 1
    assert "letters-ocr: " in done.stderr and "Traceback" not in done.stderr


# --- the plugin by itself ---


def test_its_options_are_in_the_help_and_checked() -> None:
    parser = ArgumentParser()
    plugin.add_options(parser)
    assert "letters-ocr" in parser.format_help() and "--letters-whitelist" in parser.format_help()
    asked = SimpleNamespace(languages=["eng"], pdf_renderer="auto", letters_model="none.safetensors")
    with pytest.raises(BadArgsError, match=r"^letters-ocr: none\.safetensors: no such file"):
        plugin.check_options(asked)


def test_languages_are_those_that_it_knows() -> None:
    assert {"eng", "deu", "und"} <= plugin.LettersEngine.languages(OPTIONS)
    assert "tlh" not in plugin.LettersEngine.languages(OPTIONS)


@pytest.mark.parametrize("turns", range(4))
def test_the_orientation_is_how_far_a_page_was_turned(turns: int, tmp_path: Path) -> None:
    with Image.open(SAMPLES / "paragraph.png") as image:
        upper = image.convert("L").crop((0, 0, image.width, 240))
        upper.rotate(-90 * turns, expand=True).save(tmp_path / "turned.png")
    found = plugin.LettersEngine.get_orientation(tmp_path / "turned.png", OPTIONS)
    assert found.angle == 90 * turns
    assert found.confidence > 14


def test_a_page_with_few_letters_is_not_turned(tmp_path: Path) -> None:
    Image.new("L", (200, 100), 255).save(tmp_path / "blank.png")
    assert plugin.LettersEngine.get_orientation(tmp_path / "blank.png", OPTIONS) == (0, 0.0)


@pytest.mark.parametrize("angle", [-6, 0, 4])
def test_the_skew_is_what_levels_the_page(angle: int, tmp_path: Path) -> None:
    with Image.open(SAMPLES / "paragraph.png") as image:
        turned = image.convert("L").rotate(-angle, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
        turned.save(tmp_path / "skewed.png")
    assert plugin.LettersEngine.get_deskew(tmp_path / "skewed.png", OPTIONS) == pytest.approx(angle, abs=0.5)


def test_hocr_says_the_resolution(pages: list[Path], said: list[str], tmp_path: Path) -> None:
    plugin.LettersEngine.generate_hocr(pages[0], tmp_path / "a.hocr", tmp_path / "a.txt", OPTIONS)
    root = ElementTree.parse(tmp_path / "a.hocr").getroot()
    [page] = (each for each in root.iter() if each.get("class") == "ocr_page")
    assert f"scan_res {DPI} {DPI}" in page.attrib["title"]
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == f"{said[0]}\n"


def test_the_reader_is_made_once() -> None:
    assert plugin._reader(OPTIONS) is plugin._reader(SimpleNamespace(languages=["eng"]))
    assert plugin._reader(SimpleNamespace(languages=["deu", "eng", "und"])).options.language == "de+en"
    assert plugin._reader(SimpleNamespace(languages=["und"])).options.language == "none"


def test_another_engine_may_be_asked_for() -> None:
    assert plugin.get_ocr_engine(options=SimpleNamespace(ocr_engine="tesseract")) is None
    assert str(plugin.get_ocr_engine(options=None)).startswith("letters-ocr ")
