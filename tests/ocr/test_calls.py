"""What a page costs, told without a clock: how often stages and networks are run for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import ocr
from nn.sequence import SequenceModel
from ocr.recognition import orientation
from ocr.recognition.classify import Classifier
from ocr.recognition.lattice import Decoder
from ocr.recognition.orientation import LINES
from pipelines.pipeline import Pipeline
from pipelines.sources.load import load

SAMPLES = Path(__file__).parents[2] / "samples"
Count = Callable[[str, str, int], dict[str, list[int]]]


@pytest.fixture
def count(monkeypatch: pytest.MonkeyPatch) -> Count:
    """Read a sample, turned by quarters; return how many glyphs, strips, words or pictures each call had."""

    def read(name: str, pipeline: str = "auto", turns: int = 0) -> dict[str, list[int]]:
        reader = ocr.Reader(pipeline=pipeline)
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
    assert calls["SequenceModel"][0] == LINES and len(calls["SequenceModel"]) <= 3


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


def test_whether_a_page_lies_on_its_side_is_told_by_its_ink(
    count: Count, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orientation, "RUNS_ACROSS", 0.0)  # as if no page were read surely
    monkeypatch.setattr(orientation, "SURELY_UPRIGHT", 0.0)
    monkeypatch.setattr(orientation, "LEVEL_LINES", 1e9)  # and as if no long lines of text were found
    calls = count("paragraph.png", "auto", 0)
    assert calls["Pipeline"] == [1]
    assert len(calls["SequenceModel"]) == 4  # as it is and on its head, and both of it on its side


def test_a_page_with_long_lines_of_text_is_not_laid_on_its_side(
    count: Count, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orientation, "RUNS_ACROSS", 0.0)  # as if no page were read surely
    monkeypatch.setattr(orientation, "SURELY_UPRIGHT", 0.0)
    assert len(count("paragraph.png", "auto", 0)["SequenceModel"]) == 2  # as it is and on its head
