"""A cache of the networks' results for the glyphs and lines of a sheet: each is computed once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ocr.finding.covered import lines_found
from ocr.finding.region import TextRegion
from ocr.recognition.classify import Classifier, Floats
from ocr.recognition.limited import lengths, limited, looks_like_none, looks_like_text
from ocr.recognition.line_reader import LineReader, LineScores, Strips
from ocr.recognition.text_evidence import (
    GLANCE,
    LEVEL,
    LONGEST,
    Evidence,
    beginning,
    sampled,
    without_textless,
)
from pipelines.layout.segment import Atoms, cut_glyphs, make_atoms
from pipelines.layout.strips import Strip, cut_other_strips, cut_strip
from pipelines.normalize import SIDE
from pipelines.sheet import Mask, Sheet, TextLine

Stack = tuple[int, ...]
Glyphs = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Stacks:
    """The uncut stacks of a sheet, classified by their shape alone.

    Attributes
    ----------
    atoms : Atoms
        One for each stack.
    runs : int64 array, shape (N, 2)
    glyphs : uint8 array, shape (N, 28, 28)
    scores : float32 array, shape (N, C)
        Log-probabilities.
    """

    atoms: Atoms
    runs: Ints
    glyphs: Glyphs
    scores: Floats


class SheetCache:
    """A sheet, with the networks' results computed so far.

    The lines may change meanwhile, as when marks are lifted off: results are cached by the components of a
    stack or line.

    Parameters
    ----------
    sheet : Sheet
        With its lines found.
    classifier : Classifier
    line_reader : LineReader
    regions : callable, optional
        Returns the regions of text on the picture.
    strips : dict, optional
        Lines of the sheet that have been read before.

    Attributes
    ----------
    is_spelled : bool
        Whether the line network has located the letters.
    """

    def __init__(
        self,
        sheet: Sheet,
        classifier: Classifier,
        line_reader: LineReader,
        regions: Callable[[], Sequence[TextRegion]] | None = None,
        strips: Strips | None = None,
    ) -> None:
        self.sheet = sheet
        self.classifier = classifier
        self.line_reader = line_reader
        self.regions = regions
        self.is_spelled = False
        self._rows: dict[Stack, int] = {}
        self._glyphs: Glyphs = np.zeros((0, SIDE, SIDE), np.uint8)
        self._scores: Floats = np.zeros((0, len(classifier.classes)), np.float32)
        self._frames: Strips = dict(strips or {})
        self._again: dict[tuple[tuple[Stack, ...], ...], Sequence[tuple[Strip, Floats]]] = {}

    @cached_property
    def atoms(self) -> Atoms:
        """The stacks of the original sheet."""
        return make_atoms(self.sheet)

    @cached_property
    def looks_like_none(self) -> bool:
        """Whether the sheet holds far more candidates than the limit, and hardly any text."""
        return looks_like_none(self.sheet, self.sample, self.classifier.rejects)

    @cached_property
    def looks_like_text(self) -> bool:
        """Whether most lines look like text by the shapes of their letters, or there are few lines."""
        return looks_like_text(self.sheet, self.sample, self.classifier.rejects)

    @cached_property
    def limited(self) -> Sheet:
        """The sheet without the words that are beyond its limits."""
        found = None if self.regions is None else self._found_and_read
        return limited(self.sheet, self.sample, self.classifier.rejects, found)

    def _found_and_read(self) -> Mask:
        """Return which lines are in regions of text, if the evidence of a sample of those is for text."""
        assert self.regions is not None
        found = lines_found(self.sheet, self.regions())
        chosen = self._affordable(self.sheet, sampled(self.sheet, found))
        is_text = self._evidence_of(chosen, self.sheet.lines).total > 0
        return found if is_text else np.zeros_like(found)

    @cached_property
    def evidence(self) -> Evidence:
        """The evidence of text on the lines within the limits; of many lines, a sample is read."""
        chosen = self._affordable(self.limited, sampled(self.limited))
        return self._evidence_of(chosen, self.limited.lines)

    @cached_property
    def glance(self) -> Evidence:
        """The same from fewer lines, in much less time."""
        return self._evidence_of(_thinned(sampled(self.limited)), self.limited.lines)

    def _affordable(self, sheet: Sheet, chosen: Ints) -> Ints:
        """Return the chosen lines of a sheet, or fewer where the budget does not afford to read them all."""
        budget = self.line_reader.budget
        unread = [line for k in chosen.tolist() if (line := sheet.lines[k]).words not in self._frames]
        letters = sum(min(LONGEST, int(lengths(sheet, line)[-1])) for line in unread)
        is_enough = budget.cost(columns=budget.params.columns * letters) <= budget.left
        return chosen if is_enough else _thinned(chosen)

    def _evidence_of(self, chosen: Ints, lines: Sequence[TextLine]) -> Evidence:
        read = self.frames([beginning(self.sheet, lines[k]) for k in chosen.tolist()])
        return Evidence.of(len(lines), chosen, [self.line_reader.confidence([likely]) for _, likely in read])

    @cached_property
    def found(self) -> Mask | None:
        """Which lines within the limits are in regions of text; None where those are not known."""
        return None if self.regions is None else lines_found(self.limited, self.regions())

    @property
    def is_clearly_text(self) -> bool:
        """Whether all lines, or those in regions of text, are so clearly text that no other way is tried."""
        evidence = self.evidence
        return evidence.is_clear or (self.found is not None and evidence.within(self.found).is_clear)

    def textual(self, least: float, found: Mask | None = None) -> Sheet:
        """Return the sheet within its limits, without the lines that look like no text.

        Parameters
        ----------
        least : float
            The evidence against text, in nats, beyond which the sheet holds none.
        found : bool array, shape (L,), optional
            Which lines within the limits are known to be text by other means.
        """
        beside = None
        if found is not None:
            unread = ~found & np.isnan(self.evidence.means)
            wanted = sampled(self.limited, unread)
            chosen = self._affordable(self.limited, wanted)
            beside = self._evidence_of(chosen, self.limited.lines)
            if len(chosen) < len(wanted):  # what was not read is taken for no text
                beside = replace(beside, means=np.where(unread & np.isnan(beside.means), LEVEL, beside.means))
        return without_textless(self.limited, self.evidence, least, found, beside)

    def sample(self, count: int) -> Floats:
        """Return log-probabilities, (N, C), of up to `count` uncut stacks, evenly over the page."""
        stacks = self.sheet.stacks
        chosen = np.linspace(0, len(stacks) - 1, min(len(stacks), count)).astype(int)
        return self._classified(self.atoms, stacks, chosen)[1]

    def stacks(self, sheet: Sheet) -> Stacks:
        """Return all stacks of the sheet, whose lines may have changed."""
        atoms = self.atoms if sheet.lines is self.sheet.lines else make_atoms(sheet)
        stacks = sheet.stacks
        numbers = np.arange(len(stacks))
        glyphs, scores = self._classified(atoms, stacks, numbers)
        return Stacks(atoms, _alone(numbers), glyphs, scores)

    def lines(self, sheet: Sheet, sure: float) -> list[list[LineScores]]:
        """Return the line network's scores of each line of the sheet.

        A line whose letters have a mean log-probability below `sure`, in nats, is read again:
        from the grey picture, and a short one at another size too, while the budget affords it; not so a
        single letter, or a line that is longer than lines of text are. A line that the network has located
        keeps the strips on which it was.
        """
        found = self.frames(sheet.lines)
        strips = [
            (first, *self._again.get(line.words, ())) for line, first in zip(sheet.lines, found, strict=True)
        ]
        looks = [[self.line_reader.scores(*each) for each in of_line] for of_line in strips]
        budget = self.line_reader.budget
        unsure = (
            (k, cut_other_strips(self.sheet, line))
            for k, (line, (_, likely)) in enumerate(zip(sheet.lines, found, strict=True))
            if line.words not in self._again
            and 1 < len(line.stacks) <= LONGEST
            and self.line_reader.confidence([likely])[0] < sure
        )
        works = (
            ((k, others), budget.cost(columns=sum(strip.pixels.shape[1] for strip in others)))
            for k, others in unsure
        )
        again = [(k, strip) for k, others in budget.affordable(works) for strip in others]
        read = self.line_reader.likely([strip.pixels for _, strip in again])
        for (k, strip), likely in zip(again, read, strict=True):
            looks[k].append(self.line_reader.scores(strip, likely))
        return looks

    def frames(self, lines: Sequence[TextLine]) -> list[tuple[Strip, Floats]]:
        """Return lines of the sheet as strips, and the log-probabilities of their frames."""
        unknown = [line for line in lines if line.words not in self._frames]
        strips = [cut_strip(self.sheet, line) for line in unknown]
        read = self.line_reader.likely([strip.pixels for strip in strips])
        for line, strip, likely in zip(unknown, strips, read, strict=True):
            self._frames[line.words] = strip, likely
            mean, letters = self.line_reader.confidence([likely])
            self.line_reader.budget.earn(letters if mean > LEVEL else 0)
        return [self._frames[line.words] for line in lines]

    def spell(self, line: TextLine, strips: Sequence[tuple[Strip, Floats]]) -> None:
        """Take what the line network has read on strips, the surest first, for a line that it has located."""
        self._frames[line.words], *self._again[line.words] = strips
        self.is_spelled = True

    def with_lines(self, sheet: Sheet) -> SheetCache:
        """Return a cache for the same sheet with other lines; those that stay need not be read again."""
        return SheetCache(sheet, self.classifier, self.line_reader, self.regions, self.strips_of(sheet))

    def strips_of(self, sheet: Sheet) -> Strips:
        """Return what has been read of lines, for a sheet that may have changed; nothing of other ink."""
        is_same = sheet.components is self.sheet.components and sheet.dark is self.sheet.dark
        return dict(self._frames) if is_same and not self.is_spelled else {}

    def first_frames(self, lines: Sequence[TextLine], columns: int) -> list[tuple[Strip, Floats]]:
        """Return the same for the first columns of each strip only."""
        model = self.line_reader.model
        strips = [cut_strip(self.sheet, line) for line in lines]
        width, frames = columns + model.reach * model.stride, columns // model.stride
        read = self.line_reader.likely([strip.pixels[:, :width] for strip in strips])
        return [(strip, likely[:frames]) for strip, likely in zip(strips, read, strict=True)]

    def _classified(self, atoms: Atoms, stacks: Sequence[Stack], chosen: Ints) -> tuple[Glyphs, Floats]:
        """Return the chosen stacks as glyphs, (N, 28, 28), and their log-probabilities, (N, C)."""
        unknown = np.array([k for k in chosen.tolist() if stacks[k] not in self._rows], np.int64)
        if len(unknown):
            self.line_reader.budget.spend(glyphs=len(unknown))
            glyphs = cut_glyphs(self.sheet.dark, atoms, _alone(unknown))
            self._rows |= {stacks[k]: row for row, k in enumerate(unknown.tolist(), start=len(self._rows))}
            self._glyphs = np.concatenate([self._glyphs, glyphs])
            self._scores = np.concatenate([self._scores, self.classifier.log_probabilities(glyphs)])
        rows = np.array([self._rows[stacks[k]] for k in chosen.tolist()], np.int64)
        return self._glyphs[rows], self._scores[rows]


def _alone(numbers: Ints) -> Ints:
    """Return runs of one atom each, int64 (N, 2)."""
    return np.stack([numbers, numbers + 1], axis=1)


def _thinned(chosen: Ints) -> Ints:
    """Return one in `GLANCE` of the chosen lines, at least one if there are any."""
    return chosen[min(GLANCE // 2, max(0, len(chosen) - 1)) :: GLANCE]
