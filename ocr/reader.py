"""From a picture to a document: the stages, the network and the decoder put together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ocr.classify import BUNDLED, REJECT, Classifier, load_classifier, log_softmax
from ocr.decode import Reading, read_word
from ocr.document import Alternative, Box, Document, Glyph, Line, Page, Word
from ocr.placement import Ruling, fit_ruling, place_scores
from pipelines.geometry import move_boxes, quarter_turn
from pipelines.load import MAX_PIXELS, load
from pipelines.pipeline import Pipeline, find_pipeline, sheet_stroke
from pipelines.segment import Atoms, cut_glyphs, darkness, find_runs, make_atoms, run_boxes
from pipelines.sheet import Sheet

SURE = 0.9
"""A stack read with at least this probability is neither cut nor joined."""
PARTS = frozenset("'`,|-")
"""Characters that may be a part of another even when they are surely read."""
PLACE_WEIGHT = 0.5
LIKE_LETTERS = 0.85
"""A reading less sure than this, of few letters, is tried in other ways."""
TURN_SAMPLE = 80
TURN_MARGIN = 0.35

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Lattice:
    """All that a page may read as.

    Attributes
    ----------
    sheet : Sheet
    atoms : Atoms
    runs : int64 array, shape (R, 2)
        Runs of atoms, sorted.
    glyphs : uint8 array, shape (R, 28, 28)
    scores : float32 array, shape (R, C)
        Log-probabilities, shape and place together.
    """

    sheet: Sheet
    atoms: Atoms
    runs: npt.NDArray[np.int64]
    glyphs: npt.NDArray[np.uint8]
    scores: Floats


class Reader:
    """Reads pictures with one network and one pipeline.

    Parameters
    ----------
    model : path, optional
        Weights saved by ``nn``; the bundled ones by default.
    pipeline : str
        A preset: auto, scan, photo, line, word or letter.
    whitelist : str, optional
        The only characters that may be read.
    top_k : int
        Alternatives kept for every letter and word.
    max_pixels : int
        Larger pictures are refused.

    Raises
    ------
    nn.errors.ModelError
        The model cannot be loaded.
    pipelines.errors.PictureError
        The pipeline is unknown.
    ValueError
        The whitelist has nothing the model knows, or `top_k` is less than 1.
    """

    def __init__(
        self,
        model: str | Path | None = None,
        pipeline: str = "auto",
        whitelist: str | None = None,
        top_k: int = 5,
        max_pixels: int = MAX_PIXELS,
    ) -> None:
        if top_k < 1:
            raise ValueError(f"top_k is {top_k}: at least 1 alternative must be kept")
        self.pipeline: Pipeline = find_pipeline(pipeline)
        self.classifier: Classifier = load_classifier(Path(model) if model is not None else BUNDLED)
        self.top_k = top_k
        self.max_pixels = max_pixels
        self._barred = _barred(self.classifier.classes, whitelist)
        self._parts = np.array([c in PARTS for c in self.classifier.classes])
        self._reject = self.classifier.classes.index(REJECT) if REJECT in self.classifier.classes else None

    def read(self, source: Any) -> Document:
        """Read a picture: a path, bytes, a binary file, a PIL image, or an array; every page of it.

        Raises
        ------
        pipelines.errors.PictureError
            The source cannot be loaded.
        """
        pages, name = [], ""
        for picture in load(source, max_pixels=self.max_pixels):
            name = picture.name
            pages.append(self.read_page(picture.pixels, picture.number))
        return Document(tuple(pages), name)

    def read_page(self, pixels: npt.NDArray[np.uint8], number: int = 1) -> Page:
        """Read one picture, uint8 (H, W) or (H, W, 3) RGB."""
        height, width = pixels.shape[:2]
        return self.page_of(self.lattice(pixels), width, height, number)

    def page_of(self, lattice: Lattice, width: int, height: int, number: int = 1) -> Page:
        """Decode a page, `width` x `height` pixels as loaded."""
        boxes = move_boxes(run_boxes(lattice.atoms, lattice.runs), lattice.sheet.to_picture, width, height)
        return Page(tuple(self._lines(lattice, boxes)), width, height, number)

    def lattice(self, pixels: npt.NDArray[np.uint8]) -> Lattice:
        """Find and classify everything on a picture that may be a letter."""
        found = self._lattice(self.pipeline, pixels, self.pipeline.turns)
        best = self._likeness(found)
        for stages in self.pipeline.others:
            if best > LIKE_LETTERS:
                break
            other = self._lattice(replace(self.pipeline, stages=stages), pixels, False)
            likeness = self._likeness(other)
            if likeness > best + 0.05:
                found, best = other, likeness
        return found

    def _likeness(self, lattice: Lattice) -> float:
        """Return how much the best reading looks like letters, 0 to 1: by the areas of its glyphs, the
        probability that each is one of three characters. Ink that is dropped looks like none.
        """
        likely = np.exp(self._letters_only(lattice.scores))
        likely = np.sort(likely, axis=1)[:, -3:].sum(axis=1)
        boxes = run_boxes(lattice.atoms, lattice.runs)
        areas = ((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])).astype(float)
        total = gained = 0.0
        for part in self._words_of(lattice):
            readings = read_word(lattice.runs[part], lattice.scores[part], self.classifier.classes)
            for run, c in readings[0].steps if readings else ():
                total += areas[part.start + run]
                gained += areas[part.start + run] * likely[part.start + run] * (c != self._reject)
        return gained / total if total else 0.0

    def _words_of(self, lattice: Lattice) -> list[slice]:
        """Return which runs belong to each word of the sheet."""
        word = lattice.atoms.word[lattice.runs[:, 0]]
        count = sum(len(line.words) for line in lattice.sheet.lines)
        borders = np.searchsorted(word, np.arange(count + 1)).tolist()
        return [slice(start, stop) for start, stop in pairwise(borders)]

    def _letters_only(self, scores: Floats) -> Floats:
        """Bar the reject class, and what the whitelist leaves out."""
        letters = self._bound(scores)
        if self._reject is not None:
            letters = letters.copy()
            letters[:, self._reject] = -np.inf
        return letters

    def _lattice(self, pipeline: Pipeline, pixels: npt.NDArray[np.uint8], may_be_turned: bool) -> Lattice:
        sheet = pipeline.run(pixels)
        dark = darkness(sheet.grey)
        whole = make_atoms(sheet)
        runs = find_runs(whole, np.ones(len(whole.boxes), bool))
        glyphs = cut_glyphs(dark, whole, runs)
        shapes = self.classifier.log_probabilities(glyphs)
        if may_be_turned and (turns := self._turns(glyphs, shapes)):
            turned, back = quarter_turn(pixels, turns)
            found = self._lattice(pipeline, turned, may_be_turned=False)
            return replace(found, sheet=replace(found.sheet, to_picture=back @ found.sheet.to_picture))
        if self.pipeline.one_letter:
            return Lattice(sheet, whole, runs, glyphs, self._bound(shapes))
        rulings = self._rulings(whole, shapes)
        scores = self._placed(whole.boxes, whole.line, shapes, rulings)
        settled = self._settled(scores, whole)
        if settled.all():
            return Lattice(sheet, whole, runs, glyphs, self._bound(scores))
        atoms = make_atoms(sheet, ~settled, sheet_stroke(sheet))
        alone = settled[atoms.stack]
        runs = find_runs(atoms, alone & ~self._part_of_one(scores)[atoms.stack])
        known = (runs[:, 1] - runs[:, 0] == 1) & alone[runs[:, 0]]
        all_glyphs = np.empty((len(runs), *glyphs.shape[1:]), np.uint8)
        all_shapes = np.empty((len(runs), shapes.shape[1]), np.float32)
        all_glyphs[known] = glyphs[atoms.stack[runs[known, 0]]]
        all_shapes[known] = shapes[atoms.stack[runs[known, 0]]]
        all_glyphs[~known] = cut_glyphs(dark, atoms, runs[~known])
        all_shapes[~known] = self.classifier.log_probabilities(all_glyphs[~known])
        scores = self._placed(run_boxes(atoms, runs), atoms.line[runs[:, 0]], all_shapes, rulings)
        return Lattice(sheet, atoms, runs, all_glyphs, self._bound(scores))

    def _turns(self, glyphs: npt.NDArray[np.uint8], shapes: Floats) -> int:
        """Return by how many quarters, counter-clockwise, the picture must be turned to stand upright.

        The glyphs themselves are turned and classified: upright, they look most like letters.
        """
        if len(glyphs) < 8:
            return 0
        chosen = np.linspace(0, len(glyphs) - 1, min(len(glyphs), TURN_SAMPLE)).astype(int)
        batch = np.concatenate([np.rot90(glyphs[chosen], k, axes=(1, 2)) for k in range(1, 4)])
        scores = np.concatenate([shapes[chosen], self.classifier.log_probabilities(batch)])
        letters = np.array([c.isalnum() for c in self.classifier.classes])
        best = scores[:, letters].max(axis=1).reshape(4, -1).clip(min=-6).mean(axis=1)
        turn = int(np.argmax(best))
        return turn if best[turn] > best[0] + TURN_MARGIN else 0

    def _rulings(self, atoms: Atoms, shapes: Floats) -> list[Ruling | None]:
        """Fit each line's baseline and x-height."""
        probabilities = np.exp(shapes)
        parts = np.split(np.arange(len(atoms.line)), np.flatnonzero(np.diff(atoms.line)) + 1)
        return [
            fit_ruling(
                atoms.boxes[part], probabilities[part], self.classifier.placement, atoms.height[part[0]]
            )
            for part in parts
            if len(part)
        ]

    def _placed(
        self,
        boxes: npt.NDArray[np.int32],
        line: npt.NDArray[np.int64],
        shapes: Floats,
        rulings: list[Ruling | None],
    ) -> Floats:
        """Weigh shapes by place: log-probabilities (N, C)."""
        scores = shapes.copy()
        starts = np.searchsorted(line, np.arange(len(rulings) + 1))
        for ruling, start, stop in zip(rulings, starts, starts[1:], strict=False):
            if ruling is not None:
                places = place_scores(boxes[start:stop], ruling, self.classifier.placement)
                scores[start:stop] += PLACE_WEIGHT * places
        return log_softmax(scores)

    def _settled(self, scores: Floats, atoms: Atoms) -> npt.NDArray[np.bool_]:
        letters = self._letters_only(scores)
        best = np.sort(letters, axis=1)[:, -3:]
        close = np.log(np.exp(best).sum(axis=1))
        widths = atoms.boxes[:, 2] - atoms.boxes[:, 0]
        return np.asarray(
            (close > np.log(SURE)) & (best[:, -1] > np.log(0.5)) & (widths < 2.2 * atoms.height)
        )

    def _part_of_one(self, scores: Floats) -> npt.NDArray[np.bool_]:
        return np.asarray(self._parts[scores.argmax(axis=1)])

    def _bound(self, scores: Floats) -> Floats:
        """Bar what the whitelist leaves out."""
        if self._barred is None:
            return scores
        bound = scores.copy()
        bound[:, self._barred] = -np.inf
        return bound

    def _lines(self, lattice: Lattice, boxes: npt.NDArray[np.int32]) -> Iterator[Line]:
        parts = iter(self._words_of(lattice))
        for line in lattice.sheet.lines:
            found = (self._word(lattice, next(parts), boxes) for _ in line.words)
            words = [word for word in found if word is not None]
            if words:
                yield Line(tuple(words))

    def _word(self, lattice: Lattice, part: slice, boxes: npt.NDArray[np.int32]) -> Word | None:
        classes = self.classifier.classes
        scores = lattice.scores[part]
        readings = read_word(lattice.runs[part], scores, classes, may_drop=not self.pipeline.one_letter)
        texts = _texts(readings, classes)
        best = readings[0] if readings else None
        steps = [(r, c) for r, c in best.steps if classes[c]] if best else []
        if not steps:
            return None
        glyphs = tuple(self._glyph(lattice, part.start + r, c, boxes) for r, c in steps)
        certainty = float(np.exp(np.mean(np.log([max(g.confidence, 1e-6) for g in glyphs]))))
        share = texts[0].confidence
        alternatives = tuple(Alternative(a.text, a.confidence * certainty) for a in texts if a.text)
        return Word(glyphs, share * certainty, alternatives[: self.top_k])

    def _glyph(self, lattice: Lattice, run: int, chosen: int, boxes: npt.NDArray[np.int32]) -> Glyph:
        classes = self.classifier.classes
        probabilities = np.exp(lattice.scores[run])
        if self._reject is not None:
            probabilities[self._reject] = 0
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
) -> Document:
    """Read the text of a picture.

    Parameters
    ----------
    source : path, bytes, binary file, PIL image, or array
        Arrays are grey (H, W), RGB (H, W, 3) or RGBA (H, W, 4).
    pipeline : str
        ``auto``, ``scan``, ``photo``, ``line``, ``word`` or ``letter``.
    model : path, optional
        Weights saved by ``nn``; the bundled ones by default.
    whitelist : str, optional
        The only characters that may be read.
    top_k : int
        Alternatives kept for every letter and word.
    max_pixels : int
        Larger pictures are refused.

    Returns
    -------
    Document

    Raises
    ------
    pipelines.errors.PictureError
        The source cannot be loaded, or the pipeline is unknown.
    nn.errors.ModelError
        The model cannot be loaded.

    Examples
    --------
    >>> import numpy as np, ocr
    >>> ocr.read(np.full((40, 60), 255, np.uint8)).text
    ''
    """
    return Reader(model, pipeline, whitelist, top_k, max_pixels).read(source)


def _barred(classes: tuple[str, ...], whitelist: str | None) -> npt.NDArray[np.bool_] | None:
    if whitelist is None:
        return None
    allowed = set(whitelist) - set(" ")
    if not allowed & set(classes):
        raise ValueError(f"the whitelist '{whitelist}' has no character that the model knows")
    return np.array([c not in allowed and c != REJECT for c in classes])


def _texts(readings: list[Reading], classes: tuple[str, ...]) -> list[Alternative]:
    """Merge readings of the same text; shares of their summed probability, the best first."""
    if not readings:
        return []
    weights = np.exp(np.array([reading.score for reading in readings]) - readings[0].score)
    totals: dict[str, float] = {}
    for reading, weight in zip(readings, weights / weights.sum(), strict=True):
        text = "".join(classes[c] for _, c in reading.steps)
        totals[text] = totals.get(text, 0.0) + float(weight)
    first = "".join(classes[c] for _, c in readings[0].steps)
    order = sorted(totals, key=lambda text: (text != first, -totals[text]))
    return [Alternative(text, totals[text]) for text in order]
