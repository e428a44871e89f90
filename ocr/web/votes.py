"""Explains each letter: the score of every part of the reader for it and against its rivals.

A vote is a difference of log-probabilities, in nats, as the decoder weighs it. With a language, the votes add
up to the difference between the best reading of the word and the reading with the rival.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ocr.document import Glyph, Page
from ocr.recognition.decode import Reading
from ocr.recognition.lattice import Lattice
from ocr.recognition.placement import place_scores
from ocr.recognition.recognizer import Recognizer

RIVALS = 3
"""Number of alternatives of a letter that are compared with it."""


def votes(page: Page, lattices: Sequence[Lattice], recognizer: Recognizer) -> list[dict[str, Any] | None]:
    """Return the votes of each glyph of a page, as `ocr.web.schemas.Votes`; None where there are none.

    Parameters
    ----------
    page : Page
        The page that was built from `lattices`; its glyphs share their pictures.
    lattices : sequence of Lattice
    recognizer : Recognizer
    """
    known: dict[int, dict[str, Any]] = {}
    wanted = {_address(glyph.image): glyph for glyph in page.glyphs}
    for lattice in lattices:
        known.update(_of_lattice(lattice, recognizer, wanted))
    return [known.get(_address(glyph.image)) for glyph in page.glyphs]


def _address(image: npt.NDArray[np.uint8]) -> int:
    """Return the memory address of a picture, which identifies a glyph of a lattice."""
    return int(image.__array_interface__["data"][0])


def _of_lattice(
    lattice: Lattice, recognizer: Recognizer, wanted: dict[int, Glyph]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the votes of the wanted letters of one lattice, by the addresses of their pictures."""
    classes = recognizer.classifier.classes
    numbers = {text: number for number, text in enumerate(classes) if text}
    weights, places = recognizer.decoder.weights, _places(lattice, recognizer)
    for part, readings in zip(lattice.words, lattice.readings, strict=True):
        for place, (step, chosen) in enumerate(readings[0].steps if readings else ()):
            run = part.start + step
            glyph = wanted.get(_address(lattice.glyphs[run]))
            if glyph is None or not classes[chosen]:
                continue
            rivals = []
            for text in [one.text for one in glyph.alternatives if one.text in numbers][: RIVALS + 1]:
                if (rival := numbers[text]) == chosen:
                    continue
                shape = weights.class_weight * _gap(lattice.scores[run], chosen, rival)
                line = weights.line_weight * _gap(lattice.evidence[run], chosen, rival)
                stands = weights.class_weight * _gap(places[run], chosen, rival)
                language = None
                if recognizer.decoder.language is not None:
                    language = _language(readings, place, rival, shape + line)
                found = {"shape": shape - stands, "place": stands, "line": line, "language": language}
                if all(vote is None or np.isfinite(vote) for vote in found.values()):
                    told = {name: vote if vote is None else round(vote, 3) for name, vote in found.items()}
                    rivals.append({"text": text, **told})
            if rivals:
                yield _address(lattice.glyphs[run]), {"text": classes[chosen], "rivals": rivals}


def _gap(scores: npt.NDArray[np.floating], chosen: int, rival: int) -> float:
    return float(scores[chosen]) - float(scores[rival])


def _places(lattice: Lattice, recognizer: Recognizer) -> npt.NDArray[np.float64]:
    """Return the weighted place scores of each run, (R, C)."""
    params, found = recognizer.params, np.zeros(lattice.scores.shape)
    line = lattice.atoms.line[lattice.runs[:, 0]]
    for number, ruling in enumerate(lattice.rulings):
        if ruling is not None and (line == number).any():
            boxes = lattice.boxes[line == number]
            said = place_scores(boxes, ruling, recognizer.classifier.placement, params.placement)
            found[line == number] = params.candidates.place_weight * said
    return found


def _language(readings: Sequence[Reading], place: int, rival: int, others: float) -> float | None:
    """Return the language's part of the difference to a rival's reading; None without such a reading."""
    best = readings[0]
    steps = list(best.steps)
    steps[place] = (steps[place][0], rival)
    wanted = tuple(steps)
    return next((best.score - one.score - others for one in readings if one.steps == wanted), None)
