"""From a picture to a document: the stages, the network and the decoder put together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from string import whitespace
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from nn.errors import ModelError
from nn.threads import one_blas_thread
from ocr.document import Alternative, Box, Document, Glyph, Line, Page, Word
from ocr.errors import SettingError
from ocr.recognition.alone import alone_scores
from ocr.recognition.classify import BUNDLED, REJECT, Classifier, load_classifier, log_softmax
from ocr.recognition.confidence import Calibration, calibrated
from ocr.recognition.decode import Reading
from ocr.recognition.language import Language, load_language
from ocr.recognition.lattice import (
    Lattice,
    best_three,
    build_lattice,
    likeness,
    sample_glyphs,
    text_width,
    uncut_lattice,
)
from ocr.recognition.limited import limited, looks_like_none
from ocr.recognition.line_reader import BUNDLED as LINES
from ocr.recognition.line_reader import load_line_reader
from ocr.recognition.orientation import upright
from ocr.recognition.passes.accents import (
    Names,
    composed,
    grown_together,
    made_of,
    marks_over,
    names_over,
    only,
    respelled,
    spelled,
    with_marks,
)
from ocr.recognition.passes.case import recased
from ocr.recognition.passes.ink import Inks, inks_of
from ocr.recognition.passes.openers import opened
from ocr.recognition.passes.spacing import respaced
from pipelines.clean.geometry import move_boxes
from pipelines.errors import shown
from pipelines.layout.marks import lift_marks
from pipelines.layout.segment import run_boxes
from pipelines.pipeline import Pipeline, find_pipeline
from pipelines.sheet import Mark, Sheet
from pipelines.sources.load import DPI, MAX_PIXELS, Picture, load
from pipelines.sources.pages import parse_pages

Given = TypeVar("Given")
Made = TypeVar("Made")

LIKE_LETTERS = 0.85
"""A picture whose reading looks less like letters than this is tried in other ways."""
FILLED = 0.5
"""So is a line, a word or a letter whose reading finds text in less than this share of the width."""
UNLIKE_LETTERS = 0.2
"""What looks less like letters than this is no text."""
MORE = 0.05
"""Another way must find text in so much more of the width to be preferred."""
STROKES = frozenset("-_~=.,:;'^|`\"")
FEWER_WAYS = "it was not tried in all ways: it is large for a picture of one line, word or letter"
SAMPLE = 96
"""Glyphs that are looked at to tell whether a picture holds letters at all."""
SHAPE_SHARE = 0.05
"""What the shape alone says counts for so much of a glyph's probabilities, beside its word's readings."""


class Reader:
    """Reads pictures with one network and one pipeline.

    Parameters
    ----------
    model : path, optional
        Weights saved by ``nn``; the bundled ones by default.
    pipeline : str
        A preset: auto, scan, photo, document, line, word or letter.
    whitelist : str, optional
        The only characters that may be read. What looks like none of them is left out, so that there may
        be nothing; but a picture said to be one letter is the likeliest of them. Spaces in it do not count.
        It may name the letters of the language that have accents, or are of other shapes (ä, ß); those that
        it does not name are read without.
    top_k : int
        Alternatives kept for every letter and word.
    max_pixels : int
        Larger pictures are refused.
    language : str, path or Language
        Whose letters and words to expect: ``da``, ``de``, ``en``, ``es``, ``fr``, ``it``, ``nl``, ``pl``,
        ``pt`` or ``sv``; or ``none``, for every letter by itself; or a file ``NAME.toml`` of another
        language, with its ``NAME.npz`` beside it.
    dpi : int
        Pixels per inch at which the pages of a PDF are drawn.
    pages : str, optional
        The pages to read of each file, such as ``"1-3,7,10-"``; by default all, but of an animation, such as
        a GIF, the first frame.

    Raises
    ------
    nn.errors.ModelError
        The model cannot be loaded.
    ocr.errors.SettingError
        A ValueError: the pipeline or the language is unknown, the whitelist is empty or has a character
        that the model does not know, `top_k`, `max_pixels` or `dpi` is less than 1, or `pages` are none.
    """

    def __init__(
        self,
        model: str | Path | None = None,
        pipeline: str = "auto",
        whitelist: str | None = None,
        top_k: int = 5,
        max_pixels: int = MAX_PIXELS,
        language: str | Path | Language = "en",
        dpi: int = DPI,
        pages: str | None = None,
    ) -> None:
        for setting, value in (("top_k", top_k), ("max_pixels", max_pixels), ("dpi", dpi)):
            if value < 1:
                raise SettingError(setting, f"{setting} is {value}: it must be at least 1")
        self.dpi = dpi
        self.pages = _checked("pages", parse_pages, pages) if pages is not None else None
        self.pipeline: Pipeline = _checked("pipeline", find_pipeline, pipeline)
        self.classifier: Classifier = load_classifier(Path(model) if model is not None else BUNDLED)
        self.line_reader = load_line_reader(LINES, self.classifier.classes, self.classifier.task)
        self.top_k = top_k
        self.max_pixels = max_pixels
        self.language = _checked("language", load_language, language)
        self.calibration = _calibration(self.classifier)
        self._allowed = _allowed(self.classifier.classes, whitelist, self.language)
        self._accented = _accented(self.language, self._allowed)
        self._barred = _barred(self.classifier.classes, self._allowed, self.language)

    def read(self, source: Any) -> Document:
        """Read a picture or a PDF: a path, URL, bytes, binary file, PIL image, or array; every page wanted.

        Raises
        ------
        pipelines.errors.PictureError
            The source cannot be loaded.
        """
        pages, name = [], ""
        for picture in self.load(source):
            name = picture.name
            page = self.read_page(picture.pixels, picture.number)
            pages.append(replace(page, warnings=(*picture.warnings, *page.warnings)))
        return Document(tuple(pages), name)

    def load(self, source: Any) -> Iterator[Picture]:
        """Yield the pages of a source that `read` reads, as it sees them (`pipelines.sources.load`)."""
        return load(source, max_pixels=self.max_pixels, dpi=self.dpi, pages=self.pages)

    def read_page(self, pixels: npt.NDArray[np.uint8], number: int = 1) -> Page:
        """Read one picture, uint8 (H, W) or (H, W, 3) RGB."""
        height, width = pixels.shape[:2]
        return self.page_of(self.lattice(pixels), width, height, number)

    @one_blas_thread()
    def page_of(self, lattice: Lattice, width: int, height: int, number: int = 1) -> Page:
        """Decode a page, `width` x `height` pixels as loaded."""
        over = marks_over(lattice)
        boxes = self._boxes(lattice, over, width, height)
        lines = tuple(self._lines(lattice, over, boxes))
        page = Page(lines, width, height, number, lattice.sheet.warnings)
        return calibrated(page, self.calibration) if self.calibration is not None else page

    @one_blas_thread()
    def lattice(self, pixels: npt.NDArray[np.uint8]) -> Lattice:
        """Find, classify and decode everything on a picture that may be a letter."""
        sheet = self._upright(self.pipeline, pixels)
        found = self._read_sheet(sheet)
        like, turns = likeness(found, self.classifier, self._barred), self.pipeline.turns
        if turns and (like > LIKE_LETTERS or not like):
            return found
        share = self._text_share(found, pixels)
        if not turns and like > LIKE_LETTERS and share > FILLED:
            return found
        glance = self._glance(sheet) if turns else 0.0
        work = found.sheet.grey.size
        hopeless = turns and looks_like_none(sheet, self.classifier)
        for stages in () if hopeless else self.pipeline.others:
            if not turns and work > found.sheet.limits.work:
                found = replace(found, sheet=found.sheet.warned(FEWER_WAYS))
                break
            sheet = self._upright(replace(self.pipeline, stages=stages), pixels)
            if turns and self._glance(sheet) <= glance:
                continue
            work += sheet.grey.size
            other = self._read_sheet(sheet)
            other_share = self._text_share(other, pixels)
            if other_share > share + MORE:
                found, share = other, other_share
        if not self.pipeline.one_letter and likeness(found, self.classifier, self._barred) < UNLIKE_LETTERS:
            return self._read_sheet(replace(found.sheet, lines=()))
        return found

    def _boxes(
        self, lattice: Lattice, over: Mapping[int, Mark], width: int, height: int
    ) -> npt.NDArray[np.int32]:
        """Return the boxes of the runs, int32 (R, 4), in pixels of the picture as loaded."""
        boxes = with_marks(run_boxes(lattice.atoms, lattice.runs), over)
        return move_boxes(boxes, lattice.sheet.to_picture, width, height)

    def _text_share(self, lattice: Lattice, pixels: npt.NDArray[np.uint8]) -> float:
        """Return in how much of the width text is found; of a letter alone, how much it looks like one."""
        if self.pipeline.one_letter:
            return likeness(lattice, self.classifier, self._barred)
        height, width = pixels.shape[:2]
        boxes = self._boxes(lattice, marks_over(lattice), width, height)
        inside = width if self.pipeline.turns else lattice.sheet.pixels.shape[1]
        return float(text_width(lattice, self.classifier, self._barred, boxes) / inside)

    def _read_sheet(self, sheet: Sheet) -> Lattice:
        """Classify and decode a sheet whose words are found."""
        sheet = sheet if self.pipeline.one_letter else limited(sheet, self.classifier)
        whole = uncut_lattice(lift_marks(sheet) if self._accented else sheet, self.classifier)
        if self.pipeline.one_letter:
            barred = self._barred | self.classifier.rejects
            scores = log_softmax(np.where(barred, -np.inf, alone_scores(whole.glyphs, self.classifier)))
            return self._decoded(replace(whole, scores=scores))
        found = self._decoded(build_lattice(whole, self.classifier, self._barred, self.line_reader))
        if self.pipeline.words:
            spaced = respaced(found, self.classifier, self.language)
            found = spaced if spaced.readings else self._decoded(spaced, found)
        cased = recased(found, self.classifier)
        found = cased if cased.readings else self._decoded(cased)
        if self._accented is None or not self._accented.opens:
            return found
        begun = opened(found, marks_over(found), self.classifier, self._accented)
        return begun if begun.readings else self._decoded(begun)

    def _upright(self, pipeline: Pipeline, pixels: npt.NDArray[np.uint8]) -> Sheet:
        return upright(pipeline, pixels, self.line_reader, self.classifier)

    def _glance(self, sheet: Sheet) -> float:
        """Return how much some of the uncut glyphs look like letters, 0 to 1."""
        glyphs = sample_glyphs(sheet, SAMPLE)
        if not len(glyphs):
            return 0.0
        scores = self.classifier.log_probabilities(glyphs)
        return float(best_three(scores, self.classifier.rejects).sum(axis=1).mean())

    def _decoded(self, lattice: Lattice, former: Lattice | None = None) -> Lattice:
        return lattice.decoded(self.classifier.classes, self.language, former)

    def _lines(
        self, lattice: Lattice, over: Mapping[int, Mark], boxes: npt.NDArray[np.int32]
    ) -> Iterator[Line]:
        line_of = lattice.atoms.line[lattice.runs[:, 0]]
        names, inks = names_over(over), inks_of(lattice)
        lines: dict[int, list[Word]] = {}
        for part, readings in zip(lattice.words(), lattice.readings, strict=True):
            named = [names.get(run) for run in range(part.start, part.stop)]
            word = self._word(lattice, part, readings, boxes, named, inks)
            if word is not None:
                lines.setdefault(int(line_of[part.start]), []).append(word)
        return (Line(tuple(words)) for words in lines.values() if not _is_rule(words))

    def _word(
        self,
        lattice: Lattice,
        part: slice,
        readings: list[Reading],
        boxes: npt.NDArray[np.int32],
        names: list[Names | None],
        inks: Inks,
    ) -> Word | None:
        classes = self.classifier.classes
        spellings = [self._spelled(inks, part, reading, names) for reading in readings]
        texts = _texts(readings, spellings)
        steps = [(r, c) for r, c in readings[0].steps if classes[c]] if readings else []
        if not steps:
            return None
        found = _marginals(readings, len(classes))
        glyphs = grown_together(
            respelled(self._glyph(lattice, part.start + r, c, found[r], boxes), letter)
            for (r, c), letter in zip(steps, spellings[0], strict=True)
        )
        if self._allowed is not None and self._accented is not None:
            glyphs = only(glyphs, self._allowed)
            texts = [Alternative(_kept(text.text, self._allowed), text.confidence) for text in texts]
        if not glyphs:
            return None
        certainty = float(np.exp(np.mean(np.log([max(g.confidence, 1e-6) for g in glyphs]))))
        share = texts[0].confidence
        alternatives = tuple(Alternative(a.text, a.confidence * certainty) for a in texts if a.text)
        return Word(glyphs, share * certainty, alternatives[: self.top_k])

    def _spelled(self, inks: Inks, part: slice, reading: Reading, names: list[Names | None]) -> list[str]:
        """Return the characters of a reading, each with what stands over it or is one with it."""
        steps = [(run, c) for run, c in reading.steps if self.classifier.classes[c]]
        characters = [self.classifier.classes[c] for _, c in steps]
        if self._accented is None or not steps:
            return characters
        seen = inks([part.start + run for run, _ in steps], characters)
        return spelled(characters, [names[run] for run, _ in steps], self._accented, seen)

    def _glyph(
        self,
        lattice: Lattice,
        run: int,
        chosen: int,
        in_readings: npt.NDArray[np.float64],
        boxes: npt.NDArray[np.int32],
    ) -> Glyph:
        """Build a glyph: what the word's readings say it is, and for the rest of them what its shape says."""
        classes = self.classifier.classes
        shape = np.exp(lattice.scores[run])
        shape[self.classifier.rejects] = 0
        in_word = in_readings + max(0.0, 1 - in_readings.sum()) * shape
        probabilities = (1 - SHAPE_SHARE) * in_word + SHAPE_SHARE * shape
        order = np.argsort(-probabilities, kind="stable")[: self.top_k]
        order = np.concatenate([[chosen], order[order != chosen]])[: self.top_k]
        alternatives = tuple(
            Alternative(classes[c], float(probabilities[c]))
            for c in order
            if probabilities[c] > 0 or c == chosen
        )
        box = Box(*(int(v) for v in boxes[run]))
        return Glyph(classes[chosen], box, float(probabilities[chosen]), alternatives, lattice.glyphs[run])


def read(
    source: Any,
    *,
    pipeline: str = "auto",
    model: str | Path | None = None,
    whitelist: str | None = None,
    top_k: int = 5,
    max_pixels: int = MAX_PIXELS,
    language: str | Path | Language = "en",
    dpi: int = DPI,
    pages: str | None = None,
) -> Document:
    """Read the text of a picture or a PDF.

    Parameters
    ----------
    source : path, URL, bytes, binary file, PIL image, or array
        Arrays are grey (H, W), RGB (H, W, 3) or RGBA (H, W, 4). Text with ``scheme://`` in front is a URL.
    pipeline : str
        ``auto``, ``scan``, ``photo``, ``document``, ``line``, ``word`` or ``letter``.
    model : path, optional
        Weights saved by ``nn``; the bundled ones by default.
    whitelist : str, optional
        The only characters that may be read; what looks like none of them is left out.
    top_k : int
        Alternatives kept for every letter and word.
    max_pixels : int
        Larger pictures are refused.
    language : str, path or Language
        Whose letters and words to expect: ``da``, ``de``, ``en``, ``es``, ``fr``, ``it``, ``nl``, ``pl``,
        ``pt`` or ``sv``; or ``none``, for every letter by itself; or a file ``NAME.toml`` of another
        language, with its ``NAME.npz`` beside it.
    dpi : int
        Pixels per inch at which the pages of a PDF are drawn.
    pages : str, optional
        The pages to read, such as ``"1-3,7,10-"``; by default all, but of an animation, such as a GIF, the
        first frame. They keep their numbers.

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
        Another argument will not do; it is a ValueError.

    Examples
    --------
    >>> import numpy as np, ocr
    >>> ocr.read(np.full((40, 60), 255, np.uint8)).text
    ''
    """
    return Reader(model, pipeline, whitelist, top_k, max_pixels, language, dpi, pages).read(source)


def _is_rule(words: list[Word]) -> bool:
    """Tell whether what reads as strokes and dots only is a ruled line, or a row of specks."""
    text = "".join(word.text for word in words)
    return len(text) >= 4 and set(text) <= STROKES


def _marginals(readings: list[Reading], count: int) -> dict[int, npt.NDArray[np.float64]]:
    """Return for each run of the best reading how probable the word's readings make each class, (C,)."""
    weights = _weights(readings)
    marginals = {run: np.zeros(count) for run, _ in readings[0].steps}
    for reading, weight in zip(readings, weights, strict=True):
        for run, c in reading.steps:
            if run in marginals:
                marginals[run][c] += weight
    return marginals


def _weights(readings: list[Reading]) -> npt.NDArray[np.float64]:
    weights = np.exp(np.array([reading.score for reading in readings]) - readings[0].score)
    return np.asarray(weights / weights.sum())


def _calibration(classifier: Classifier) -> Calibration | None:
    """Return how the confidences of a model are put right; None where it does not say."""
    table = classifier.model.settings.get("confidence")
    try:
        return Calibration.of(table) if table is not None else None
    except (AttributeError, TypeError, ValueError, OverflowError) as error:
        where = classifier.model.file
        raise ModelError(f"{where}: its table of confidences is damaged: {error}") from error


def _allowed(
    classes: tuple[str, ...], whitelist: str | None, language: Language | None
) -> frozenset[str] | None:
    """Return the characters that may be read: those of the model, and what a language makes of them."""
    if whitelist is None:
        return None
    allowed = frozenset(whitelist) - frozenset(whitespace)
    if not allowed:
        raise SettingError("whitelist", "the whitelist is empty; name the characters that may be read")
    readable = (
        {c for c in composed(language) if set(made_of(c, language)) & set(classes)} if language else set()
    )
    unknown = "".join(sorted(allowed - set(classes) - readable))
    if unknown:
        raise SettingError("whitelist", f"the model does not know these characters of it: {shown(unknown)}")
    return allowed


def _accented(language: Language | None, allowed: frozenset[str] | None) -> Language | None:
    """Return the language with those of its letters that may be read, None where there are none."""
    if language is None or allowed is None:
        return language if language is not None and language.letters else None
    return language.limited(allowed) if allowed & composed(language) else None


def _kept(text: str, allowed: frozenset[str]) -> str:
    return "".join(character for character in text if character in allowed)


def _barred(
    classes: tuple[str, ...], allowed: frozenset[str] | None, language: Language | None
) -> npt.NDArray[np.bool_]:
    if allowed is None:
        return np.zeros(len(classes), bool)
    needed = allowed.union(*(made_of(c, language) for c in allowed)) if language else allowed
    return np.array([c not in needed and c != REJECT for c in classes])


def _checked(setting: str, make: Callable[[Given], Made], value: Given) -> Made:
    """Return what is made of the value of a setting; what is wrong with that is said of the setting."""
    try:
        return make(value)
    except ValueError as error:
        raise SettingError(setting, error) from error


def _texts(readings: list[Reading], spellings: list[list[str]]) -> list[Alternative]:
    """Merge readings of the same text; shares of their summed probability, the best first."""
    if not readings:
        return []
    totals: dict[str, float] = {}
    texts = ["".join(spelling) for spelling in spellings]
    for text, weight in zip(texts, _weights(readings), strict=True):
        totals[text] = totals.get(text, 0.0) + float(weight)
    order = sorted(totals, key=lambda text: (text != texts[0], -totals[text]))
    return [Alternative(text, totals[text]) for text in order]
