"""From a picture to a document: load, set upright, recognise, build the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from nn.memory import keep_freed_memory
from nn.threads import one_blas_thread
from ocr.document import Document, Page
from ocr.finding.text_finder import find_text
from ocr.options import ReadOptions
from ocr.origin import Origin
from ocr.recognition.alphabet import Alphabet
from ocr.recognition.blurred import read_sharpest
from ocr.recognition.budget import BEYOND, Budget
from ocr.recognition.classify import BUNDLED, load_classifier
from ocr.recognition.confidence import calibrated, load_calibration
from ocr.recognition.grids import read_grids
from ocr.recognition.language import load_language
from ocr.recognition.lattice import Decoder, Lattice
from ocr.recognition.line_reader import BUNDLED as LINES
from ocr.recognition.line_reader import load_line_reader
from ocr.recognition.one_letter import read_as_letter
from ocr.recognition.one_line import read_as_line
from ocr.recognition.page import page_of
from ocr.recognition.recognizer import Recognizer
from ocr.recognition.regions import read_beside
from ocr.recognition.ways import read_best
from ocr.recognition.weights import load_weights
from ocr.region import with_region, within_region
from pipelines.pipeline import find_pipeline
from pipelines.sources.load import Picture, load

KEPT = 2**28
"""Bytes of freed memory that the process keeps for the next picture."""
SMALL = 40
"""A picture of at most this many pixels a side is one sheet: it has no room for grids or other regions."""


class Reader:
    """Reads pictures with one network and one pipeline.

    Parameters
    ----------
    options : ReadOptions, optional
    **settings
        Fields of `ocr.ReadOptions`; they override those of `options`.

    Raises
    ------
    nn.errors.ModelError
        The model cannot be loaded.
    ocr.errors.SettingError
        A ValueError: a setting is invalid, or the whitelist has a character that the model does not know.
    """

    def __init__(self, options: ReadOptions | None = None, **settings: Any) -> None:
        if not isinstance(options, ReadOptions | None):
            raise TypeError(f"{options!r} is no ReadOptions; name each setting, such as model=...")
        self.options = options = replace(options or ReadOptions(), **settings)
        keep_freed_memory(KEPT)
        self.pipeline = find_pipeline(options.pipeline)
        classifier = load_classifier(Path(options.model or BUNDLED))
        language = load_language(options.language)
        self.recognizer = Recognizer(
            classifier,
            load_line_reader(LINES, classifier.classes, classifier.task),
            Alphabet.of(classifier.classes, options.allowed, language),
            Decoder(classifier.classes, language, load_weights()),
        )
        self.calibration = load_calibration(classifier.model)

    def read(self, source: Any, progress: Callable[[int], object] | None = None) -> Document:
        """Read the wanted pages of a picture or a PDF.

        Parameters
        ----------
        source : path, URL, bytes, binary file, PIL image, or array
        progress : callable, optional
            Called with the number of each page before it is read.

        Raises
        ------
        pipelines.errors.PictureError
            The source cannot be loaded.
        """
        pages, name = [], ""
        origin = Origin(source, self.options.max_pixels, self.options.dpi)
        for picture in self.load(source):
            if progress is not None:
                progress(picture.number)
            page = self.page_of(self.lattices(picture.pixels), picture)
            pages.append(replace(page, origin=origin))
            name = picture.name
        return Document(tuple(pages), name)

    def load(self, source: Any) -> Iterator[Picture]:
        """Yield the wanted pages of a source, as loaded (`pipelines.sources.load`)."""
        options = self.options
        found = load(source, max_pixels=options.max_pixels, dpi=options.dpi, pages=options.page_ranges)
        return found if options.region_box is None else with_region(found, options.region_box)

    def read_page(self, pixels: npt.NDArray[np.uint8], number: int = 1) -> Page:
        """Read one picture, uint8 (H, W) or (H, W, 3) RGB."""
        return self.page_of(self.lattices(pixels), Picture(pixels, "", number))

    @one_blas_thread()
    def lattice(self, pixels: npt.NDArray[np.uint8]) -> Lattice:
        """Turn a picture upright, and find, classify and decode all candidates on it."""
        return self.lattices(pixels)[0]

    @one_blas_thread()
    @within_region
    def lattices(self, pixels: npt.NDArray[np.uint8]) -> tuple[Lattice, ...]:
        """Read a picture as one sheet, and the grids and texts beside that, each by itself."""
        height, width = pixels.shape[:2]
        budget = Budget.of(height * width, self.recognizer.params.budget)
        whole, *others = self._lattices(pixels, self.recognizer.within(budget))
        if budget.was_short:
            whole = replace(whole, sheet=whole.sheet.warned(BEYOND))
        return (whole, *others)

    def _lattices(self, pixels: npt.NDArray[np.uint8], recognizer: Recognizer) -> tuple[Lattice, ...]:
        if not self.pipeline.turns or max(pixels.shape[:2]) <= SMALL:
            whole = read_best(self.pipeline, pixels, recognizer)
            return tuple(read_as_letter([whole], pixels, recognizer)) if self.pipeline.turns else (whole,)
        grids, pixels = read_grids(pixels, recognizer)
        with ThreadPoolExecutor(1) as beside:
            found = beside.submit(find_text, pixels)
            seeing = replace(recognizer, regions=found.result)
            whole = read_best(self.pipeline, pixels, seeing)
        whole, pixels, regions = read_sharpest(self.pipeline, whole, pixels, found.result(), recognizer)
        page = read_beside(whole, pixels, regions, recognizer)
        lattices = read_as_line(page, pixels, recognizer)
        return (*lattices, *grids) if grids else tuple(read_as_letter(lattices, pixels, recognizer))

    @one_blas_thread()
    def page_of(self, lattices: Sequence[Lattice], picture: Picture) -> Page:
        """Build the page of a picture from its lattices."""
        page = page_of(lattices, picture, self.recognizer, self.options.top_k)
        return calibrated(page, self.calibration) if self.calibration is not None else page


def read(source: Any, **settings: Any) -> Document:
    """Read the text of a picture or a PDF.

    Parameters
    ----------
    source : path, URL, bytes, binary file, PIL image, or array
        Arrays are grey (H, W), RGB (H, W, 3) or RGBA (H, W, 4). Text with ``scheme://`` in front is a URL.
    **settings
        Fields of `ocr.ReadOptions`, such as ``language="de"``.

    Returns
    -------
    Document

    Raises
    ------
    pipelines.errors.PictureError
        The source cannot be loaded.
    nn.errors.ModelError
        The model cannot be loaded.
    ocr.errors.SettingError
        A setting is invalid; this is a ValueError.

    Examples
    --------
    >>> import numpy as np, ocr
    >>> ocr.read(np.full((40, 60), 255, np.uint8)).text
    ''
    """
    return Reader(**settings).read(source)
