"""Pictures of no text take no longer than their size allows; text is read whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

import ocr
from ocr.recognition import orientation, text_evidence
from ocr.recognition.budget import BEYOND, UNLIMITED, Budget
from ocr.recognition.params import BudgetParams, LetterParams
from tests.bench.bench_bounds import draw

Pixels = npt.NDArray[np.uint8]
NOTHING = BudgetParams(start=0.0, megapixel=0.0, letter=0.0)


def test_a_budget_grows_with_the_picture_and_with_what_is_read() -> None:
    params = BudgetParams(start=1.0, megapixel=2.0, letter=0.5, pixel=1.0, column=10.0, glyph=100.0)
    budget = Budget.of(500_000, params)
    assert budget.allowed == 2.0
    budget.spend(pixels=1000, columns=100, glyphs=10)
    assert budget.spent == pytest.approx(0.003)
    budget.earn(letters=3)
    assert budget.allowed == 3.5


def test_a_budget_says_that_it_was_short() -> None:
    budget = Budget(1.0, params=BudgetParams(ways=0.5))
    assert budget.affords(1.0) and budget.affords_way(0.5) and not budget.was_short
    assert not budget.affords_way(0.6) and budget.was_short
    assert UNLIMITED.affords(1e9)


def test_so_many_glyphs_as_can_be_are_classified_and_some_in_any_case() -> None:
    budget = Budget(1.0, params=BudgetParams(glyph=1000.0, glyphs=300))
    assert budget.most_glyphs() == 1000
    budget.spend(glyphs=500)
    assert budget.most_glyphs() == 500
    budget.spend(glyphs=500)
    assert budget.most_glyphs() == 300
    assert UNLIMITED.most_glyphs() == np.inf
    assert Budget(1.0, params=BudgetParams(glyph=0.0)).most_glyphs() == np.inf


def test_where_there_is_evidence_against_text_touching_letters_are_cut_apart_as_the_budget_goes(
    drawn: Callable[..., Pixels], monkeypatch: pytest.MonkeyPatch
) -> None:
    line = drawn(["Seven boats went"])
    joined = np.asarray(cv2.erode(line, np.ones((1, 9), np.uint8)), np.uint8)  # ink is dark: letters touch

    def is_short(glyphs: int) -> bool:
        reader = reader_with(replace(NOTHING, glyphs=glyphs), pipeline="line")
        seen = reader.recognizer.within(Budget(0.0, params=replace(NOTHING, glyphs=glyphs)))
        cache = seen.seen(reader.pipeline.run(joined))
        warnings = seen.read(cache, reader.pipeline).sheet.warnings
        return any("cut apart" in warning for warning in warnings)

    assert not is_short(5)
    monkeypatch.setattr(text_evidence, "LEVEL", 1.0)
    assert is_short(5) and not is_short(4000)


def test_what_the_stages_of_a_pipeline_take_is_spent(drawn: Callable[..., Pixels]) -> None:
    page, spent = drawn(["Seven boats went", "home on Monday"]), {}
    for name in ("scan", "document"):
        reader, budget = reader_with(BudgetParams(), pipeline=name), Budget(100.0)
        sheet = orientation.find_upright(reader.pipeline, page, reader.recognizer.within(budget)).sheet
        assert budget.spent >= budget.cost(pixels=reader.pipeline.effort(sheet))
        spent[name] = budget.spent
    assert spent["document"] > spent["scan"]


def test_works_are_done_while_all_of_them_can_be_and_the_first_in_any_case() -> None:
    works = [(name, 0.4) for name in "abcd"]
    budget = Budget(1.0)
    assert list(budget.affordable(works)) == ["a", "b"] and budget.was_short
    assert list(budget.affordable(works, first=3)) == ["a", "b", "c"]
    assert list(UNLIMITED.affordable(works)) == list("abcd")


@pytest.mark.parametrize("name", ["line", "word"])
def test_a_picture_of_one_line_says_what_was_left_out_too(name: str, drawn: Callable[..., Pixels]) -> None:
    small = Image.fromarray(drawn(["Seven"])).resize((40, 25), Image.Resampling.BOX)
    picture = np.asarray(small.resize((160, 100), Image.Resampling.BICUBIC))
    for budget, is_short in ((NOTHING, True), (BudgetParams(start=1e5), False)):
        reader = reader_with(budget, pipeline=name)
        assert (BEYOND in reader.read_page(picture).warnings) == is_short


@pytest.fixture
def used(monkeypatch: pytest.MonkeyPatch) -> list[Budget]:
    """The budgets of the pictures that a test reads."""
    budgets: list[Budget] = []
    make = Budget.of

    def kept(pixels: int, params: BudgetParams) -> Budget:
        budgets.append(make(pixels, params))
        return budgets[-1]

    monkeypatch.setattr(Budget, "of", kept)
    return budgets


def reader_with(budget: BudgetParams, pipeline: str = "auto") -> ocr.Reader:
    reader = ocr.Reader(pipeline=pipeline)
    reader.recognizer = replace(reader.recognizer, params=LetterParams(budget=budget))
    return reader


@pytest.mark.parametrize(("name", "megapixels"), [("overlapping-small", 0.1), ("noise-2", 0.25)])
def test_a_picture_of_no_text_stays_near_its_budget_and_says_what_was_left_out(
    name: str, megapixels: float, used: list[Budget]
) -> None:
    page = ocr.Reader().read_page(draw(name, megapixels))
    free = reader_with(BudgetParams(start=1e5))
    free.read_page(draw(name, megapixels))
    limited, unlimited = used
    assert limited.spent < 1.3 * limited.allowed
    assert limited.spent < unlimited.spent and not unlimited.was_short
    assert (BEYOND in page.warnings) == limited.was_short


def test_text_is_read_whole_without_any_budget(drawn: Callable[..., Pixels], used: list[Budget]) -> None:
    picture = drawn(["Seven wizards quietly", "mix jugs of vodka", "over a lazy brown fox"])
    assert reader_with(NOTHING).read_page(picture).text == ocr.Reader().read_page(picture).text
    without, usual = used
    assert without.left < 0 < usual.left


def test_letters_that_are_read_allow_more_work(drawn: Callable[..., Pixels], used: list[Budget]) -> None:
    picture = drawn(["Seven wizards quietly", "mix jugs of vodka"])
    reader_with(BudgetParams(letter=1.0)).read_page(picture)
    [budget] = used
    assert budget.allowed > Budget.of(picture.size, BudgetParams()).allowed + 20
