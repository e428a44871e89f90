"""The decoder's weights: read from their file, checked, and what is wrong with them said."""

from __future__ import annotations

import json
from dataclasses import fields
from inspect import getdoc
from pathlib import Path
from typing import Any

import pytest

from nn.errors import ModelError
from ocr.recognition.weights import BUNDLED, GROUPS, Weights, load_weights


def table(**changes: Any) -> dict[str, Any]:
    return {**json.loads(BUNDLED.read_text(encoding="utf8")), **changes}


def test_the_bundled_weights_are_read_once_and_written_as_they_were() -> None:
    weights = load_weights()
    assert load_weights() is weights
    assert weights.table() == table()
    assert Weights.of(weights.table()) == weights


def test_every_weight_is_documented() -> None:
    for group in (Weights, *GROUPS.values()):
        documented = getdoc(group) or ""
        for each in fields(group):
            assert f"\n{each.name} : " in documented


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"beam_width": 0}, "Weights.beam_width is 0: it must be a whole number from 1"),
        ({"beam_width": 1.5}, "beam_width is 1.5: it must be a whole number"),
        ({"line_weight": "much"}, "line_weight is much: it must be from 0 to 1,000"),
        ({"line_weight": float("nan")}, "line_weight is nan: it must be from 0 to 1,000"),
        ({"letter_bonus": -1}, "letter_bonus is -1: it must be from 0"),
        ({"prune_threshold": 0}, "prune_threshold is 0: it must be from 0.001"),
        ({"class_floor": 1}, "class_floor is 1: it must be from 1e-300 to 0.99"),
        ({"language_model_floor": 0.5}, "language_model_floor is 0.5: it must be from -1,000 to 0"),
        ({"shape_share": 1.5}, "shape_share is 1.5: it must be from 0 to 1"),
        ({"gaps": 3}, "gaps: not an object of names and values"),
        ({"gaps": {}}, "gaps: missing: apart_bonus, closed_penalty, colon_penalty"),
        ({"gaps": {"longest_word": 0}}, "gaps: GapWeights.longest_word is 0: it must be a whole number"),
        (
            {"marks": {"bulge_weight": -8.0}},
            "marks: MarkWeights.bulge_weight is -8.0: it must be from 0 to 1,000",
        ),
        (
            {"accents": {"unlisted": None}},
            "accents: AccentWeights.unlisted is None: it must be from 0 to 1,000",
        ),
        ({"width": 3}, "missing: none; unknown: width"),
        ({"kind_probabilities": {}}, "kind_probabilities: not one row each for BORDER, LOWER"),
    ],
)
def test_a_value_outside_of_its_range_is_named(changes: dict[str, Any], said: str) -> None:
    given = table(**changes)
    for name in GROUPS:
        if isinstance(given[name], dict) and given[name]:
            given[name] = {**table()[name], **given[name]}
    with pytest.raises(ValueError, match=said):
        Weights.of(given)


@pytest.mark.parametrize("row", [[1.0], [0.5] * 10, [1.0] + [0] * 9, [2.0, -1.0] + [0] * 8])
def test_kinds_have_rows_of_probabilities(row: list[float]) -> None:
    kinds = {**table()["kind_probabilities"], "DIGIT": row}
    with pytest.raises(ValueError, match=r"kind_probabilities is .*: it must be"):
        Weights.of(table(kind_probabilities=kinds))


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"none\.json: weights of the decoder: .*No such file"):
        load_weights(tmp_path / "none.json")
    path = tmp_path / "weights.json"
    for content, said in (
        ("[", "Expecting"),
        ("[]", "not an object"),
        ("{}", "missing: accents, beam_width, capitals_penalty"),
    ):
        path.write_text(content)
        load_weights.cache_clear()
        with pytest.raises(ModelError, match=rf"weights\.json: weights of the decoder: {said}"):
            load_weights(path)
    load_weights.cache_clear()
