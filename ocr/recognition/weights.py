"""The weights and limits of the decoder: data next to the models, checked when they are loaded."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from math import log
from pathlib import Path
from typing import Annotated, Any, Self

from nn.errors import ModelError
from ocr.recognition.language import Kind
from ocr.recognition.passes.weights import AccentWeights, GapWeights, MarkWeights
from ocr.recognition.units import Count, Weight
from pipelines.units import Checked, Share, Unit

Probability = Annotated[float, Unit(1e-9, 1)]
BUNDLED = Path(__file__).parents[1] / "models" / "weights.json"


@dataclass(frozen=True, slots=True)
class Weights(Checked):
    """Weights of the decoder, and the limits of its search.

    They were set by hand. `class_weight`, `line_weight`, `language_model_weight`, its floor and
    `gaps.white_weight` were then moved towards where ``python -m training fit-weights`` found fewer errors on
    lines that the line network had not learned from, as far as that held on the development pictures.

    Attributes
    ----------
    beam_width : int
        Hypotheses kept at each border between atoms, 1 or more. A wider beam is slower and misses less.
    prune_threshold : float
        Hypotheses that are less likely than the best at the same border by more than this are dropped; in
        nats, above 0. It also bounds which readings of a word are returned.
    classes_per_run : int
        Characters that a run of atoms is tried as, 1 or more.
    class_floor : float
        Characters less probable than this are not tried, except a run's two best; a probability.
    class_weight : float
        Weight of log P(class | run), relative to that of the run being a character at all; 0 or more. It is
        below 1, as the shapes of look-alikes carry little information.
    line_weight : float
        Weight of the evidence from the line network; 0 or more.
    drop_penalty : float
        Cost of dropping an atom as a speck, besides the reject class's score; in nats, 0 or more.
    kind_weight : float
        Weight of log P(kind | kind before), the bigram model of character kinds; 0 or more.
    language_model_weight : float
        Weight of the letter n-gram model; 0 or more.
    language_model_floor : float
        Floor of the n-gram model's log-probability, in nats, 0 or less. It keeps names and codes from being
        changed into words.
    letter_bonus : float
        The mean cross-entropy of a letter in running text, in nats, 0 or more. It is added to the n-gram
        model's log-probability of each letter, as long words would lose to short ones otherwise, and to the
        score of a word for each of its letters when gaps are decided.
    known_word_bonus : float
        Added for a word of the word list, for each power of ten in its frequency (Zipf scale); in nats, 0
        or more.
    kind_probabilities : tuple of tuple of float, shape (10, 10)
        P(kind | kind before), rows and columns in the order of `Kind`; each row sums to 1. Estimated by hand
        for running text, names, codes and numbers: the word lists have no capitals, digits or marks to count.
    line_case_penalty : float
        Cost of a small letter on a line in capitals, and of a letter in a row of digits; in nats, 0 or more.
    capitals_penalty : float
        Cost of a small letter on a line that is in capitals throughout, and in a word that is mostly in
        capitals on any other line in capitals; in nats, 0 or more.
    lone_capital_bonus : float
        Bonus of a capital that is a word by itself, as I is in English, in a word of one letter, of a small x
        between a number and a word, and of what units and addresses are spelled with; in nats, 0 or more.
    sentence_bonus : float
        Bonus of a capital behind the end of a sentence, and where a label begins; in nats, 0 or more.
    shape_share : float
        Weight of the shape's probabilities in a glyph's confidences, against those of the word's readings;
        from 0 to 1. A higher value makes alternatives that no reading has more probable.
    gaps : GapWeights
        Weights of evidence about gaps between words.
    marks : MarkWeights
        Weights of the shape of a mark over a letter.
    accents : AccentWeights
        Weights for combining letters and marks.
    """

    beam_width: Count
    prune_threshold: Annotated[float, Unit(1e-3, 1e12, "nats")]
    classes_per_run: Count
    class_floor: Annotated[float, Unit(1e-300, 0.99)]
    class_weight: Weight
    line_weight: Weight
    drop_penalty: Weight
    kind_weight: Weight
    language_model_weight: Weight
    language_model_floor: Annotated[float, Unit(-1_000, 0, "nats")]
    letter_bonus: Weight
    known_word_bonus: Weight
    kind_probabilities: tuple[tuple[Probability, ...], ...]
    line_case_penalty: Weight
    capitals_penalty: Weight
    lone_capital_bonus: Weight
    sentence_bonus: Weight
    shape_share: Share
    gaps: GapWeights
    marks: MarkWeights
    accents: AccentWeights

    def __post_init__(self) -> None:
        Checked.__post_init__(self)
        rows = self.kind_probabilities
        square = len(rows) == len(Kind) and all(len(row) == len(Kind) for row in rows)
        self.require("kind_probabilities", square, f"{len(Kind)} rows of {len(Kind)}")
        for kind, row in zip(Kind, rows, strict=True):
            self.require(
                "kind_probabilities", abs(sum(row) - 1) < 1e-6, f"rows that sum to 1; {kind.name} does not"
            )

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> Self:
        """Build from what `table` returns.

        Raises
        ------
        ValueError
            A value is missing, unknown or outside of its range; the message names it.
        """
        _check_names(cls, table)
        kinds = table["kind_probabilities"]
        if not isinstance(kinds, Mapping) or set(kinds) != {kind.name for kind in Kind}:
            raise ValueError(
                f"kind_probabilities: not one row each for {', '.join(kind.name for kind in Kind)}"
            )
        rows = tuple(tuple(kinds[kind.name]) for kind in Kind)
        groups = {name: _group(name, kind, table[name]) for name, kind in GROUPS.items()}
        return cls(**{**table, "kind_probabilities": rows, **groups})

    def table(self) -> dict[str, Any]:
        """Return the values for JSON, the rows of `kind_probabilities` by the name of the kind."""
        rows = zip(Kind, self.kind_probabilities, strict=True)
        return {**asdict(self), "kind_probabilities": {kind.name: list(row) for kind, row in rows}}

    def log_kinds(self) -> list[list[float]]:
        """Return log P(kind | kind before), 10 rows of 10."""
        return [[log(each) for each in row] for row in self.kind_probabilities]

    def most_gain(self) -> float:
        """Return the most that the language model adds to a hypothesis for one character, in nats."""
        return self.language_model_weight * self.letter_bonus


GROUPS = {"gaps": GapWeights, "marks": MarkWeights, "accents": AccentWeights}
"""The fields of `Weights` that have fields of their own."""


def _group(name: str, group: type[Any], table: Any) -> Any:
    """Build one of the groups; errors name it."""
    try:
        _check_names(group, table)
        return group(**table)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error


def _check_names(group: type[Any], table: Any) -> None:
    """Raise a ValueError unless a table has a value for each field of a class, and no others."""
    if not isinstance(table, Mapping):
        raise ValueError("not an object of names and values")
    names = {each.name for each in fields(group)}
    if names != set(table):
        missing, unknown = sorted(names - set(table)), sorted(set(table) - names)
        raise ValueError(f"missing: {', '.join(missing) or 'none'}; unknown: {', '.join(unknown) or 'none'}")


@lru_cache(maxsize=4)
def load_weights(path: Path = BUNDLED) -> Weights:
    """Read the weights of the decoder, the bundled ones by default.

    Raises
    ------
    nn.errors.ModelError
        The file is missing or damaged, or a value in it is outside of its range.
    """
    try:
        return Weights.of(json.loads(path.read_text(encoding="utf8")))
    except (OSError, ValueError, TypeError) as error:
        raise ModelError(f"{path}: weights of the decoder: {error}") from error
