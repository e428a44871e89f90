"""From a sheet with lines to its lattice: the networks, the decoder and the passes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from ocr.finding.region import TextRegion
from ocr.recognition.alone import alone_scores
from ocr.recognition.alphabet import Alphabet
from ocr.recognition.budget import Budget
from ocr.recognition.build import build_lattice, letter_lattice
from ocr.recognition.classify import Classifier, log_softmax
from ocr.recognition.lattice import Decoder, Lattice
from ocr.recognition.line_reader import LineReader, LineScores
from ocr.recognition.marks_apart import marks_apart
from ocr.recognition.params import STANDARD, LetterParams
from ocr.recognition.passes.addresses import addressed
from ocr.recognition.passes.amounts import separated
from ocr.recognition.passes.case import alone_capital, recased, sentences, sizes, times
from ocr.recognition.passes.examples import by_example
from ocr.recognition.passes.measures import measured
from ocr.recognition.passes.openers import opened
from ocr.recognition.passes.spacing import respaced
from ocr.recognition.passes.unread import without_unread
from ocr.recognition.sheet_cache import SheetCache, Stacks
from ocr.recognition.text_evidence import NO_CROP, NO_PAGE
from pipelines.layout.marks import lift_marks
from pipelines.pipeline import Pipeline
from pipelines.sheet import Sheet

Pass = Callable[[Lattice], Lattice]
"""Revises a decoded page; only the words that it changes are decoded again."""


@dataclass(frozen=True, slots=True, eq=False)
class Recognizer:
    """The networks, the decoder, and the allowed characters.

    Attributes
    ----------
    classifier : Classifier
    line_reader : LineReader
    alphabet : Alphabet
    decoder : Decoder
    params : LetterParams
        Parameters of recognition.
    regions : callable, optional
        Returns the regions of text that the finder has found on the picture that is read.
    """

    classifier: Classifier
    line_reader: LineReader
    alphabet: Alphabet
    decoder: Decoder
    params: LetterParams = STANDARD
    regions: Callable[[], Sequence[TextRegion]] | None = None

    def within(self, budget: Budget) -> Recognizer:
        """Return the same for one picture, with its budget."""
        return replace(self, line_reader=self.line_reader.within(budget))

    @property
    def budget(self) -> Budget:
        """The work that may be spent on the picture that is read."""
        return self.line_reader.budget

    @property
    def may_hold_text(self) -> bool:
        """Whether the text finder has found text on the picture, or was not asked."""
        return self.regions is None or len(self.regions()) > 0

    def seen(self, sheet: Sheet, effort: int | None = None) -> SheetCache:
        """Return a cache for a new sheet, whose making took `effort`, in pixels; by default its own."""
        self.budget.spend(pixels=sheet.grey.size if effort is None else effort)
        return SheetCache(sheet, self.classifier, self.line_reader, self.regions)

    def seen_again(self, lattice: Lattice) -> SheetCache:
        """Return a cache for the sheet of a lattice, whose lines need not be read again."""
        return SheetCache(lattice.sheet, self.classifier, self.line_reader, self.regions, lattice.strips)

    def read(self, seen: SheetCache, pipeline: Pipeline) -> Lattice:
        """Classify and decode all candidates on a sheet, and apply the passes."""
        sheet = seen.sheet if pipeline.one_letter else self._textual(seen, pipeline)
        if self.alphabet.accented is not None:
            sheet = lift_marks(sheet)
        if pipeline.one_letter:
            return self.read_alone(sheet, seen.stacks(sheet))
        decoder = self.spelling_decoder if seen.is_spelled else self.decoder
        looks = seen.lines(sheet, self.params.candidates.surely_read)
        sheet = marks_apart(sheet, looks, self.classifier.classes, self.params.candidates)
        most = np.inf if seen.evidence.total > 0 else self.budget.most_glyphs()
        lattice = self._lattice(sheet, seen.stacks(sheet), looks, decoder, _is_cut_out(sheet, pipeline), most)
        lattice = replace(lattice, strips=seen.strips_of(lattice.sheet))
        return self.revised(lattice, pipeline, decoder)

    def read_alone(self, sheet: Sheet, stacks: Stacks) -> Lattice:
        """Classify the stacks of a sheet, each as a letter that stands alone."""
        barred = self.alphabet.barred | self.classifier.rejects
        scores = alone_scores(stacks.glyphs, stacks.scores, self.classifier, self.params.views)
        scores = np.where(barred, -np.inf, scores)
        return letter_lattice(sheet, stacks, log_softmax(scores), self.decoder)

    def revised(self, lattice: Lattice, pipeline: Pipeline, decoder: Decoder) -> Lattice:
        """Apply the passes to a lattice that has been decoded."""
        for judge in self._passes(lattice.sheet, pipeline, decoder):
            lattice = judge(lattice)
        return lattice

    @property
    def spelling_decoder(self) -> Decoder:
        """The decoder for lines whose letters the line network has located."""
        params, weights = self.params.spelled, self.decoder.weights
        line_weight = params.line_weight * weights.line_weight
        return replace(
            self.decoder,
            weights=replace(weights, line_weight=line_weight),
            shape_weight=params.shape_weight,
        )

    def _textual(self, seen: SheetCache, pipeline: Pipeline) -> Sheet:
        if not pipeline.turns:
            return seen.textual(NO_CROP)
        return seen.textual(NO_PAGE, seen.found)

    def nothing(self, lattice: Lattice) -> Lattice:
        """Return an empty lattice of the same sheet."""
        sheet = replace(lattice.sheet, lines=(), marks=())
        seen = self.seen(sheet)
        return self._lattice(sheet, seen.stacks(sheet), [], self.decoder)

    def _lattice(
        self,
        sheet: Sheet,
        stacks: Stacks,
        looks: Sequence[Sequence[LineScores]],
        decoder: Decoder,
        loose_ends: bool = False,
        most: float = np.inf,
    ) -> Lattice:
        barred = self.alphabet.barred
        return build_lattice(
            sheet, stacks, looks, self.classifier, barred, decoder, self.params, loose_ends, most
        )

    def _passes(self, sheet: Sheet, pipeline: Pipeline, decoder: Decoder) -> list[Pass]:
        params = self.params
        passes: list[Pass] = [partial(recased, decoder=decoder, params=params.lines)]
        if pipeline.words:
            judge = partial(respaced, decoder=decoder, classifier=self.classifier, params=params)
            passes = [judge, partial(by_example, decoder=decoder, params=params.examples), *passes]
            passes += [partial(judge, decoder=decoder) for judge in (alone_capital, sentences, times)]
            passes.append(partial(sizes, decoder=decoder, params=params.lines))
            passes += [partial(judge, decoder=decoder) for judge in (separated, measured, addressed)]
        accented = self.alphabet.accented
        if accented is not None and accented.opens:
            judge = partial(opened, decoder=decoder, classifier=self.classifier, language=accented)
            passes.append(partial(judge, params=params.ink))
        if _is_cut_out(sheet, pipeline):
            passes.insert(0, partial(without_unread, decoder=decoder, params=params.unread))
        return passes


def _is_cut_out(sheet: Sheet, pipeline: Pipeline) -> bool:
    """Return whether a picture is a line cut out of a larger one, so that anything may reach into it."""
    return not pipeline.turns or len(sheet.lines) == 1
