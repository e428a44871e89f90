"""From a decoded lattice to a page: lines, words and glyphs of the best readings, and their alternatives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

from ocr.document import Alternative, Box, Glyph, Grid, Line, Page, Word
from ocr.recognition.alphabet import Alphabet
from ocr.recognition.classify import Classifier
from ocr.recognition.decode import Reading
from ocr.recognition.lattice import Lattice
from ocr.recognition.passes.accents import spelled
from ocr.recognition.passes.glyphs import grown_together, only, respelled
from ocr.recognition.passes.ink import Inks, inks_of
from ocr.recognition.passes.mark_names import Names, names_over
from ocr.recognition.passes.words import words_read
from ocr.recognition.recognizer import Recognizer
from ocr.recognition.weights import Weights
from pipelines.clean.geometry import move_boxes
from pipelines.layout.grids import Grid as FoundGrid
from pipelines.sheet import Boxes, Matrix
from pipelines.sources.load import Picture

STROKES = frozenset("-_~=.,:;'^|`\"")
"""What rules and rows of specks are read as."""

AROUND = ".,;:!?()\"'-"
"""Marks around a word of small letters."""

Quarter = tuple[int, int]
LEVEL: Quarter = (1, 0)
"""The direction of the rows of a sheet that was not turned."""

WITHIN = 0.8
"""Least share of a line's box that lies within another, for the line to be part of that."""

Floats = npt.NDArray[np.float64]


def page_of(lattices: Sequence[Lattice], picture: Picture, recognizer: Recognizer, top_k: int) -> Page:
    """Return the page of a picture's best reading.

    Parameters
    ----------
    lattices : sequence of Lattice
        The lattices of the picture: first that of the sheet, then those of other texts on it.
    picture : Picture
    recognizer : Recognizer
        The recognizer that made the lattices.
    top_k : int
        Alternatives kept for every letter and word.
    """
    height, width = picture.pixels.shape[:2]
    whole, *beside = lattices
    rows = _rows_of(whole, width, height, recognizer, top_k)
    for part in beside:
        if part.row is not None:
            words = _rows_of(part, width, height, recognizer, top_k).values()
            rows[part.row] = _along([*rows.get(part.row, []), *chain.from_iterable(words)], whole)
    lines = [Line(tuple(rows[row])) for row in sorted(rows) if rows[row]]
    grids = []
    for lattice in (lattice for lattice in beside if lattice.row is None):
        more = _lines_of(lattice, width, height, recognizer, top_k)
        if lattice.sheet.grid is None:
            lines = in_order(lines, more, quarter_of(whole.sheet.to_picture))
        else:
            grids.append(cells_of(lattice.sheet.grid, width, height))
            lines = with_grid(lines, more, grids[-1])
    warnings = tuple(dict.fromkeys((*picture.warnings, *whole.sheet.warnings)))
    grids.sort(key=lambda grid: (grid.box.top, grid.box.left))
    return Page(tuple(lines), width, height, picture.number, warnings, tuple(grids))


def cells_of(grid: FoundGrid, width: int, height: int) -> Grid:
    """Return the cells of a grid as upright boxes, in pixels of a picture."""
    columns, rows = np.meshgrid(np.arange(grid.columns), np.arange(grid.rows))
    places = np.stack([columns.ravel(), rows.ravel(), columns.ravel() + 1, rows.ravel() + 1], axis=1)
    boxes = [Box(*box) for box in move_boxes(places, grid.to_picture, width, height).tolist()]
    return Grid(tuple(tuple(boxes[k : k + grid.columns]) for k in range(0, len(boxes), grid.columns)))


def with_grid(lines: list[Line], rows: list[Line], grid: Grid) -> list[Line]:
    """Put the rows of a grid among lines in reading order: before the first that begins below its first row.

    A line at the height of that row comes before it if it lies to the left of it.
    """
    first = grid.rows[0][0]
    place = _place([line.box for line in lines], (first.top + first.bottom) / 2, grid.box.right)
    return [*lines[:place], *rows, *lines[place:]]


def in_order(lines: list[Line], more: list[Line], quarter: Quarter = LEVEL) -> list[Line]:
    """Insert more lines into lines in reading order: each before the first line that begins below its middle.

    A line at the same height as another comes before it if it is to the left of it. Old lines within a new
    one are parts of its letters, and are left out. Below and left are meant on the sheet, which may be turned
    by quarters.
    """
    for new in more:
        lines = [line for line in lines if _shared(line.box, new.box) < WITHIN]
        box = _seen(new.box, quarter)
        place = _place([_seen(line.box, quarter) for line in lines], (box.top + box.bottom) / 2, box.right)
        lines = [*lines[:place], new, *lines[place:]]
    return lines


def quarter_of(to_picture: Matrix) -> Quarter:
    """Return in which direction of the picture, by quarters, the rows of a sheet run: a step in x and y.

    Examples
    --------
    >>> quarter_of(np.eye(3)), quarter_of(np.array([[0.1, -2.0, 90], [2.0, 0.1, 0], [0, 0, 1]]))
    ((1, 0), (0, 1))
    """
    x, y = to_picture[:2, 0].tolist()
    return (0, 1 if y > 0 else -1) if abs(y) > abs(x) else (1 if x > 0 else -1, 0)


def _seen(box: Box, quarter: Quarter) -> Box:
    """Return a box in the directions of a sheet; where it begins does not matter."""
    x, y = quarter
    across = sorted((box.left * x + box.top * y, box.right * x + box.bottom * y))
    down = sorted((box.top * x - box.left * y, box.bottom * x - box.right * y))
    return Box(across[0], down[0], across[1], down[1])


def _place(boxes: list[Box], middle: float, right: int) -> int:
    """Return the index of the first box that begins below `middle`, or is at its height beyond `right`."""
    for k, box in enumerate(boxes):
        if box.top >= middle or (box.bottom > middle and box.left >= right):
            return k
    return len(boxes)


def _shared(box: Box, other: Box) -> float:
    """Return the share of a box that lies within another."""
    width = min(box.right, other.right) - max(box.left, other.left)
    height = min(box.bottom, other.bottom) - max(box.top, other.top)
    return max(0, width) * max(0, height) / max(1, box.width * box.height)


def _along(words: list[Word], whole: Lattice) -> list[Word]:
    """Order words of one line along the lines of the sheet."""
    to_sheet = np.linalg.inv(whole.sheet.to_picture)

    def place(word: Word) -> float:
        box = word.box
        x, _, w = to_sheet @ np.array([(box.left + box.right) / 2, (box.top + box.bottom) / 2, 1.0])
        return float(x / w)

    return sorted(words, key=place)


def _lines_of(lattice: Lattice, width: int, height: int, recognizer: Recognizer, top_k: int) -> list[Line]:
    """Return the lines of a lattice in reading order."""
    rows = _rows_of(lattice, width, height, recognizer, top_k)
    return [Line(tuple(words)) for words in rows.values()]


def _rows_of(
    lattice: Lattice, width: int, height: int, recognizer: Recognizer, top_k: int
) -> dict[int, list[Word]]:
    """Return the words of each line of a sheet, by its number, in reading order."""
    boxes = move_boxes(lattice.marked_boxes, lattice.sheet.to_picture, width, height)
    weights, params = recognizer.decoder.weights, recognizer.params
    names = names_over(lattice.marks, weights.marks, params.marks)
    words = _Words(
        lattice,
        boxes,
        names,
        inks_of(lattice, params.ink),
        recognizer.classifier,
        recognizer.alphabet,
        weights,
        params.lines.rule,
        top_k,
    )
    return words.rows()


@dataclass(frozen=True, slots=True, eq=False)
class _Words:
    """The data from which words of a page are built.

    Attributes
    ----------
    lattice : Lattice
    boxes : int32 array, shape (R, 4)
        Boxes of the runs, in pixels of the picture as loaded.
    names : dict of int to Names
        Log-likelihoods of the names of marks over runs.
    inks : function
        Measures the ink of letters that may be joined to a mark.
    classifier, alphabet, weights
        As in the recognizer.
    rule : int
        Least number of strokes or dots, without anything else, of a line that is a rule.
    top_k : int
        Alternatives kept for every letter and word.
    """

    lattice: Lattice
    boxes: Boxes
    names: dict[int, Names]
    inks: Inks
    classifier: Classifier
    alphabet: Alphabet
    weights: Weights
    rule: int
    top_k: int

    def rows(self) -> dict[int, list[Word]]:
        """Return the words of each line, by its number, in reading order, without rules."""
        line_of = self.lattice.atoms.line[self.lattice.runs[:, 0]]
        lines: dict[int, list[Word]] = {}
        in_text = self._in_text()
        for part, readings, is_in_text in zip(
            self.lattice.words, self.lattice.readings, in_text, strict=True
        ):
            word = self._word(part, readings, is_in_text)
            if word is not None:
                lines.setdefault(int(line_of[part.start]), []).append(word)
        return {line: words for line, words in lines.items() if not _is_rule(words, self.rule)}

    def _in_text(self) -> list[bool]:
        """Return which words stand beside words of small letters, on the same line, and beside no others.

        It is told only where the language has words that this decides.
        """
        language = self.alphabet.accented
        if language is None or not language.orthography.accented_words:
            return [False] * len(self.lattice.words)
        texts, line_of = words_read(self.lattice, self.classifier.classes)
        lines = [-1, *line_of.tolist(), -1]
        plain = [text.strip(AROUND) for text in texts]
        is_small = [len(text) > 1 and text.isalpha() and text.islower() for text in plain]
        found = []
        for k in range(len(texts)):
            beside = [j for j in (k - 1, k + 1) if lines[j + 1] == lines[k + 1]]
            found.append(bool(beside) and all(is_small[j] for j in beside))
        return found

    def _word(self, part: slice, readings: list[Reading], in_text: bool) -> Word | None:
        classes, alphabet = self.classifier.classes, self.alphabet
        spellings = [self._spelled(part, reading, in_text) for reading in readings]
        texts = _texts(readings, spellings)
        steps = [(r, c) for r, c in readings[0].steps if classes[c]] if readings else []
        if not steps:
            return None
        found = _marginals(readings, len(classes))
        glyphs = grown_together(
            respelled(self._glyph(part.start + r, c, found[r]), letter)
            for (r, c), letter in zip(steps, spellings[0], strict=True)
        )
        if alphabet.allowed is not None and alphabet.accented is not None:
            glyphs = only(glyphs, alphabet.allowed)
            texts = [Alternative(alphabet.kept(text.text), text.confidence) for text in texts]
        if not glyphs:
            return None
        certainty = float(np.exp(np.mean(np.log([max(g.confidence, 1e-6) for g in glyphs]))))
        share = texts[0].confidence
        alternatives = tuple(Alternative(a.text, a.confidence * certainty) for a in texts if a.text)
        return Word(glyphs, share * certainty, alternatives[: self.top_k])

    def _spelled(self, part: slice, reading: Reading, in_text: bool) -> list[str]:
        """Return the characters of a reading, each with the mark over it or joined to it."""
        steps = [(part.start + run, c) for run, c in reading.steps if self.classifier.classes[c]]
        characters = [self.classifier.classes[c] for _, c in steps]
        if self.alphabet.accented is None or not steps:
            return characters
        seen = self.inks([run for run, _ in steps], characters)
        names = [self.names.get(run) for run, _ in steps]
        return spelled(characters, names, self.alphabet.accented, self.weights, seen, in_text)

    def _glyph(self, run: int, chosen: int, in_readings: Floats) -> Glyph:
        """Build a glyph from the word's readings, and, for classes that no reading has, from its shape."""
        classes = self.classifier.classes
        shape = np.exp(self.lattice.scores[run])
        shape[self.classifier.rejects] = 0
        in_word = in_readings + max(0.0, 1 - in_readings.sum()) * shape
        share = self.weights.shape_share
        probabilities = (1 - share) * in_word + share * shape
        best = np.argsort(-probabilities, kind="stable")[: self.top_k].tolist()
        order = [chosen, *(c for c in best if c != chosen)][: self.top_k]
        alternatives = tuple(
            Alternative(classes[c], likely)
            for c, likely in zip(order, probabilities[order].tolist(), strict=True)
            if likely > 0 or c == chosen
        )
        box = Box(*self.boxes[run].tolist())
        return Glyph(
            classes[chosen], box, float(probabilities[chosen]), alternatives, self.lattice.glyphs[run]
        )


def _is_rule(words: list[Word], least: int) -> bool:
    """Return whether a line of strokes and dots only is a rule or a row of specks."""
    text = "".join(word.text for word in words)
    return len(text) >= least and set(text) <= STROKES


def _marginals(readings: list[Reading], count: int) -> dict[int, Floats]:
    """Return the marginal probabilities of the classes, (C,), of each run of the best reading."""
    weights = _weights(readings)
    marginals = {run: np.zeros(count) for run, _ in readings[0].steps}
    for reading, weight in zip(readings, weights, strict=True):
        for run, c in reading.steps:
            if run in marginals:
                marginals[run][c] += weight
    return marginals


def _weights(readings: list[Reading]) -> Floats:
    weights = np.exp(np.array([reading.score for reading in readings]) - readings[0].score)
    return np.asarray(weights / weights.sum())


def _texts(readings: list[Reading], spellings: list[list[str]]) -> list[Alternative]:
    """Merge readings with the same text; probabilities are normalised, the best first."""
    if not readings:
        return []
    totals: dict[str, float] = {}
    texts = ["".join(spelling) for spelling in spellings]
    for text, weight in zip(texts, _weights(readings), strict=True):
        totals[text] = totals.get(text, 0.0) + float(weight)
    order = sorted(totals, key=lambda text: (text != texts[0], -totals[text]))
    return [Alternative(text, totals[text]) for text in order]
