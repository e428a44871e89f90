"""A plugin that makes this reader the engine of OCRmyPDF: ``ocrmypdf --plugin ocr.ocrmypdf IN OUT``.

It needs the extra ``ocrmypdf``. The language, ``-l``, is one of `LANGUAGES`, or several with ``+`` between;
``und`` is no language. The text layer is that of this project's own PDFs (`ocr.formats.pdf`), unless a
renderer other than ``auto`` is chosen.
"""

from __future__ import annotations

import shutil
from argparse import ArgumentParser
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from ocrmypdf import hookimpl
from ocrmypdf.builtin_plugins.tesseract_ocr import TesseractOptions
from ocrmypdf.exceptions import BadArgsError
from ocrmypdf.pluginspec import OcrEngine, OrientationConfidence

from nn.errors import ModelError
from ocr.document import Document, Page
from ocr.errors import SettingError
from ocr.formats import hocr, text
from ocr.formats.pdf import text_layer
from ocr.formats.values import software
from ocr.languages import NONE
from ocr.options import ReadOptions
from ocr.reader import Reader
from ocr.recognition.language import languages_by_code
from pipelines.pipeline import PRESETS
from pipelines.sheet import Matrix
from pipelines.sources.load import Picture, load

LANGUAGES = {code: name for code, name in languages_by_code().items() if len(code) == 3} | {"und": NONE}
"""Names of languages in OCRmyPDF, and here."""
FEW = 8
"""Least number of letters for finding the orientation."""
SUREST = 20.0
"""The orientation confidence of a page with only confident letters; OCRmyPDF turns pages from 14 on."""
_TESSERACT = "ocrmypdf.builtin_plugins.tesseract_ocr"
_lock = Lock()


@hookimpl
def initialize(plugin_manager: Any) -> None:
    """Let OCRmyPDF run without Tesseract if that is not installed."""
    if shutil.which("tesseract") is None:
        plugin_manager.set_blocked(_TESSERACT)


@hookimpl
def register_options() -> dict[str, Any]:
    """Register the options of Tesseract, which OCRmyPDF always expects."""
    return {"tesseract": TesseractOptions} if shutil.which("tesseract") is None else {}


@hookimpl
def add_options(parser: ArgumentParser) -> None:
    """Add the options of this reader."""
    group = parser.add_argument_group("letters-ocr", "How the reader of letters-ocr reads")
    group.add_argument(
        "--letters-pipeline", choices=[*PRESETS], default="auto", help="What the pages show (default: auto)."
    )
    group.add_argument("--letters-model", metavar="FILE", help="Your own network instead of the bundled one.")
    group.add_argument("--letters-whitelist", metavar="CHARS", help="Read nothing but these characters.")


@hookimpl
def check_options(options: Any) -> None:
    """Use the text layer of `generate_pdf`, which keeps words whole on sloping lines.

    Raises
    ------
    BadArgsError
        There is no such model, or the whitelist is invalid.
    """
    if options.pdf_renderer == "auto":
        options.pdf_renderer = "sandwich"
    try:
        _reader(options)
    except (ModelError, SettingError) as error:
        raise BadArgsError(f"letters-ocr: {error}") from error


@hookimpl
def get_ocr_engine(options: Any) -> OcrEngine | None:
    """Return this reader, unless another engine is chosen by name."""
    return LettersEngine() if getattr(options, "ocr_engine", "auto") == "auto" else None


class LettersEngine(OcrEngine):
    """This reader, as OCRmyPDF calls it."""

    @staticmethod
    def version() -> str:
        """Return the version of this project."""
        return software().split()[1]

    @staticmethod
    def creator_tag(options: Any) -> str:
        """Return the creator that is written into PDFs."""
        return software()

    def __str__(self) -> str:
        return software()

    @staticmethod
    def languages(options: Any) -> set[str]:
        """Return the supported languages."""
        return set(LANGUAGES)

    @staticmethod
    def get_orientation(input_file: Path, options: Any) -> OrientationConfidence:
        """Return by how many degrees, clockwise, the page is rotated from upright."""
        reader, picture = _reader(options), _picture(input_file)
        lattices = reader.lattices(picture.pixels)
        lattice = lattices[0]
        sure = [glyph.confidence for glyph in reader.page_of(lattices, picture).glyphs]
        turn = _turn(lattice.sheet.to_picture, lattice.sheet.grey.shape)
        confidence = SUREST * float(np.mean(sure)) if len(sure) >= FEW else 0.0
        return OrientationConfidence(round(turn / 90) * 90 % 360, confidence)

    @staticmethod
    def get_deskew(input_file: Path, options: Any) -> float:
        """Return the rotation, in degrees counter-clockwise, that deskews the page."""
        sheet = _reader(options).pipeline.run(_picture(input_file).pixels)
        return _turn(sheet.to_picture, sheet.grey.shape)

    @staticmethod
    def generate_hocr(input_file: Path, output_hocr: Path, output_text: Path, options: Any) -> None:
        """Read a page and write it as hOCR and as text."""
        document = _read(input_file, options)
        content = "".join(hocr.parts([document], round(_dpi(input_file))))
        output_hocr.write_text(content, encoding="utf-8")
        output_text.write_text(text.render(document), encoding="utf-8")

    @staticmethod
    def generate_pdf(input_file: Path, output_pdf: Path, output_text: Path, options: Any) -> None:
        """Read a page and write it as a PDF of invisible text, as large as the page, and as text."""
        document, dpi = _read(input_file, options), _dpi(input_file)
        [page] = document.pages
        output_pdf.write_bytes(text_layer(page, (72 * page.width / dpi, 72 * page.height / dpi)))
        output_text.write_text(text.render(document), encoding="utf-8")


def _read(file: Path, options: Any) -> Document:
    reader, picture = _reader(options), _picture(file)
    page: Page = reader.read_page(picture.pixels)
    return Document((page,), picture.name)


def _reader(options: Any) -> Reader:
    """Return the reader for some options, which is made once."""
    names = ("model", "pipeline", "whitelist")
    given = {name: getattr(options, f"letters_{name}", None) for name in names}
    settings = {name: value for name, value in given.items() if value is not None}
    asked = [LANGUAGES[each] for each in options.languages if each in LANGUAGES]
    language = "+".join(each for each in asked if each != NONE) or (NONE if asked else "en")
    with _lock:
        return _made(ReadOptions(**settings, top_k=1, language=language))


_made = cache(Reader)


def _picture(file: Path) -> Picture:
    return next(load(file, max_pixels=2**31))  # OCRmyPDF has a limit of its own


def _dpi(file: Path) -> float:
    from PIL import Image

    with Image.open(file) as image:
        return float(image.info.get("dpi", (300, 300))[0])


def _turn(to_picture: Matrix, shape: tuple[int, ...]) -> float:
    """Return by how many degrees, clockwise, the middle line of a sheet is turned in the picture."""
    middle = np.array([shape[1] / 2, shape[0] / 2])
    ends = to_picture @ [[middle[0], middle[0] + 1], [middle[1], middle[1]], [1, 1]]
    x, y = np.diff(ends[:2] / ends[2], axis=1)[:, 0]
    return float(np.degrees(np.arctan2(y, x)))
