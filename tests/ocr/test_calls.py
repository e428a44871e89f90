"""What a page costs, told without a clock: how often stages and networks are run for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import ocr
from nn.sequence import SequenceModel
from ocr.recognition.classify import Classifier
from ocr.recognition.lattice import Decoder
from ocr.recognition.params import STANDARD
from pipelines.pipeline import Pipeline
from pipelines.sources.load import load

SAMPLES = Path(__file__).parents[2] / "samples"
Count = Callable[..., dict[str, list[int]]]


@pytest.fixture
def count(monkeypatch: pytest.MonkeyPatch) -> Count:
    """Read a sample, turned by quarters; return how many glyphs, strips, words or pictures each call had."""

    def read(name: str, pipeline: str = "auto", turns: int = 0, **orientation: float) -> dict[str, list[int]]:
        reader = ocr.Reader(pipeline=pipeline)
        params = replace(STANDARD, orientation=replace(STANDARD.orientation, **orientation))  # type: ignore[arg-type]
        reader.recognizer = replace(reader.recognizer, params=params)
        [picture] = load(SAMPLES / name)
        calls: dict[str, list[int]] = {}

        def counted(owner: type, method: str, size: Callable[..., int]) -> None:
            original = getattr(owner, method)
            found = calls[owner.__name__] = []

            def call(self: object, *given: Any) -> Any:
                found.append(size(*given))
                return original(self, *given)

            monkeypatch.setattr(owner, method, call)

        counted(Classifier, "log_probabilities", len)
        counted(SequenceModel, "read", len)
        counted(Decoder, "__call__", lambda *given: len(given[3]))
        counted(Pipeline, "run", lambda _: 1)
        reader.read(np.ascontiguousarray(np.rot90(picture.pixels, turns)))
        monkeypatch.undo()
        return calls

    return read


def test_a_page_goes_through_the_stages_once_and_the_networks_in_few_batches(count: Count) -> None:
    calls = count("paragraph.png", "auto", 0)
    assert calls["Pipeline"] == [1]
    assert len(calls["Classifier"]) <= 2
    assert calls["SequenceModel"] == [6]  # the lines, once: surely upright, they are not read on their heads


def test_lines_that_are_not_a_part_of_the_sample_are_read_in_one_more_batch(count: Count) -> None:
    calls = count("two_columns.png", "auto", 0)
    assert calls["Pipeline"] == [1]
    assert len(calls["Classifier"]) <= 3
    assert calls["SequenceModel"][0] == STANDARD.orientation.lines and len(calls["SequenceModel"]) <= 3


def test_a_page_on_its_head_goes_through_the_stages_twice(count: Count) -> None:
    calls = count("paragraph.png", "auto", 2)
    assert calls["Pipeline"] == [1, 1]
    assert calls["SequenceModel"] == [6, 6, 6]  # as they are, on their heads, and all once they are turned


def test_words_that_no_pass_changes_are_decoded_once(count: Count) -> None:
    first, *again = count("paragraph.png", "auto", 0)["Decoder"]
    assert sum(again) < 0.2 * first


def test_a_letter_alone_is_seen_once_and_its_other_views_in_one_batch(count: Count) -> None:
    calls = count("letter_capital_r.png", "letter", 0)
    assert calls["Classifier"] == [1, 4] and calls["SequenceModel"] == []


UNSURE = {"runs_across": 0.0, "surely_upright": 0.0}
"""As if no page were read with confidence."""


def test_whether_a_page_lies_on_its_side_is_told_by_its_ink(count: Count) -> None:
    calls = count("paragraph.png", level_lines=1000.0, **UNSURE)  # as if no long lines of text were found
    assert calls["Pipeline"] == [1]
    assert len(calls["SequenceModel"]) == 4  # as it is and on its head, and both of it on its side


def test_a_page_with_long_lines_of_text_is_not_laid_on_its_side(count: Count) -> None:
    assert len(count("paragraph.png", **UNSURE)["SequenceModel"]) == 2  # as it is and on its head
