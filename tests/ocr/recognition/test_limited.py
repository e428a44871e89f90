"""Pages with more on them than a page of their size holds: read as far as they can be, and said so."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import jsonschema
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from typer.testing import CliRunner

import ocr
from ocr.commands.cli import app
from ocr.document import Document, Page
from ocr.formats import json as json_format
from ocr.recognition.limited import limited
from ocr.recognition.recognizer import Recognizer
from ocr.recognition.sheet_cache import SheetCache
from pipelines import sheet as sheets
from pipelines.layout.limits import Limits
from pipelines.layout.params import STANDARD
from pipelines.sheet import Components, Sheet, TextLine
from tests.bench.bench_bounds import draw

Pixels = npt.NDArray[np.uint8]


@pytest.fixture(scope="module")
def reader() -> ocr.Reader:
    return ocr.Reader()


def dots(rows: int, columns: int) -> Pixels:
    """Return a screen of dots, each of 9 pixels and 12 from the next."""
    board = np.full((rows, columns), 245, np.uint8)
    for shift in range(9):
        inset = (1 if shift in (0, 8) else 0) + 1
        for across in range(inset, 10 - inset):
            board[4 + shift :: 14, 4 + across :: 14] = 20
    return board


def small(monkeypatch: pytest.MonkeyPatch, **limits: int) -> None:
    """Make limits those of no pixels, with others in their place."""
    floor = Limits.of(0)
    values = {name: getattr(floor, name) for name in Limits.__slots__} | limits
    monkeypatch.setattr(Limits, "of", lambda *_: Limits(**values))


def test_limits_grow_with_the_picture_from_a_floor_for_full_pages() -> None:
    floor, one, two = (Limits.of(pixels) for pixels in (0, 1_000_000, 2_000_000))
    for name in Limits.__slots__:
        assert 0 < getattr(floor, name) < getattr(one, name)
        assert getattr(two, name) - getattr(one, name) == getattr(one, name) - getattr(floor, name)
    assert min(floor.letters, floor.pieces) > 5000


def test_a_screen_of_dots_is_read_in_part_and_says_so(reader: ocr.Reader) -> None:
    page = reader.read_page(dots(700, 700))
    limits = Limits.of(700 * 700)
    assert len(page.glyphs) <= limits.doubtful
    assert any("more that may be letters" in warning for warning in page.warnings)


def test_text_is_read_whole_and_says_nothing(drawn: Callable[..., Pixels], reader: ocr.Reader) -> None:
    page = reader.read_page(drawn(["Hand made books", "47 pages each"]))
    assert page.warnings == ()
    assert "books" in page.text


def test_lines_of_text_are_kept_before_those_that_look_like_none(
    drawn: Callable[..., Pixels], reader: ocr.Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = drawn(["Seven wizards quietly", "mix jugs of vodka", "over a lazy brown fox"])
    screen = dots(120, text.shape[1])
    sheet = reader.pipeline.run(np.vstack([screen, np.full_like(screen, 255)[:40], text]))
    small(monkeypatch, doubtful=12)
    cut = reader.recognizer.seen(sheet).limited
    assert [line.cut for line in cut.lines][-3:] == [True] * 3
    assert [line.words for line in cut.lines][-3:] == [line.words for line in sheet.lines][-3:]
    assert len(cut.lines) < len(sheet.lines)
    assert sum(line.cut for line in cut.lines[:-3]) <= 1
    assert "of about" in cut.warnings[0]


def test_beyond_the_limit_the_first_letters_in_reading_order_are_read(
    drawn: Callable[..., Pixels], reader: ocr.Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = drawn(["Seven wizards quietly", "mix jugs of vodka", "over a lazy brown fox"])
    sheet = reader.pipeline.run(text)
    whole = [word for line in sheet.lines for word in line.words]
    small(monkeypatch, doubtful=4, letters=24)
    cut = reader.recognizer.seen(sheet).limited
    kept = [word for line in cut.lines for word in line.words]
    assert kept[:-1] == whole[: len(kept) - 1]
    assert kept[-1] == whole[len(kept) - 1][: len(kept[-1])]
    assert 12 <= sum(map(len, kept)) <= 24
    assert cut.warnings


def test_runs_beyond_the_limit_are_not_cut(
    drawn: Callable[..., Pixels], reader: ocr.Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = drawn(["Hand made books"])
    joined = text.copy()
    row = int(np.flatnonzero((text < 128).any(axis=1)).mean())
    columns = np.flatnonzero((text < 128).any(axis=0))
    joined[row : row + 3, columns[0] : columns[-1]] = 0
    small(monkeypatch, runs=8)
    page = reader.read_page(joined)
    assert any("as it stands" in warning for warning in page.warnings)


def test_a_sheet_warns_once() -> None:
    sheet = sheets.Sheet(np.zeros((4, 4), np.uint8), np.zeros((0, 0), np.uint8))
    assert sheet.warned("a").warned("b").warned("a").warnings == ("a", "b")


def test_a_document_names_the_pages_of_its_warnings() -> None:
    one, two = Page((), 9, 9, 1, ("too much",)), Page((), 9, 9, 2)
    assert Document((one,), "a").warnings == ("too much",)
    assert Document((one, two), "a").warnings == ("page 1: too much",)


def test_json_keeps_warnings_only_where_there_are_any() -> None:
    document = Document((Page((), 9, 9, 1, ("too much",)), Page((), 9, 9, 2)), "a")
    content = json.loads(json_format.render(document))
    jsonschema.validate(content, json_format.schema())
    assert [page.get("warnings") for page in content["pages"]] == [["too much"], None]


def test_the_command_tells_of_it_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "dots.png"
    Image.fromarray(dots(300, 300)).save(path)
    small(monkeypatch, doubtful=20)
    result = CliRunner().invoke(app, ["read", str(path)])
    assert result.exit_code == 0
    [line] = [line for line in result.stderr.splitlines() if "no letters found" not in line]
    assert line.startswith(f"ocr: {path}: it holds more that may be letters")


def test_a_page_with_more_pieces_than_are_read_is_enlarged_less_and_says_so(
    drawn: Callable[..., Pixels], reader: ocr.Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = drawn(["Seven wizards quietly", "mix jugs of vodka", "over a lazy brown fox"])
    tiny = np.asarray(
        Image.fromarray(text).resize((text.shape[1] // 4, text.shape[0] // 4), Image.Resampling.BOX)
    )
    large = reader.pipeline.run(tiny)
    assert large.warnings == ()
    small(monkeypatch, letters=15, enlarged_less=2 * tiny.size)
    less = reader.pipeline.run(tiny)
    assert less.grey.size <= 2.1 * tiny.size < large.grey.size
    assert any("enlarged less" in warning for warning in less.warnings)
    assert reader.pipeline.run(np.kron(text, np.ones((2, 2), np.uint8))).warnings == ()


@pytest.mark.parametrize("holds_text", [True, False])
def test_only_a_page_of_text_is_enlarged_more_than_its_size_affords(
    holds_text: bool, drawn: Callable[..., Pixels], reader: ocr.Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = drawn(["Seven wizards quietly", "mix jugs of vodka", "over a lazy brown fox"])
    size = text.shape[1] * 2 // 5, text.shape[0] * 2 // 5
    tiny = np.asarray(Image.fromarray(text).resize(size, Image.Resampling.BOX))
    picture = tiny if holds_text else draw("noise-2", 0.05)
    growth = replace(STANDARD.growth, enlarged=(1.7 * picture.size, 0.0))
    careful = ocr.Reader()
    careful.pipeline = replace(reader.pipeline, layout=replace(STANDARD, growth=growth))
    sizes: list[int] = []
    see = Recognizer.seen

    def seen(self: Recognizer, sheet: Sheet, effort: int | None = None) -> SheetCache:
        sizes.append(sheet.grey.size)
        return see(self, sheet, effort)

    monkeypatch.setattr(Recognizer, "seen", seen)
    found = careful.read_page(picture)
    assert (max(sizes) > 2 * picture.size) == holds_text
    if holds_text:
        assert found.text == reader.read_page(picture).text
        assert not any("enlarged less" in warning for warning in found.warnings)


def test_lines_where_the_finder_sees_text_count_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters that touch look like none by themselves."""
    small(monkeypatch, doubtful=10)
    stacks = [tuple(range(20 * k, 20 * k + 20)) for k in range(4)]
    lines = tuple(TextLine((tuple((k,) for k in line),), 20.0) for line in stacks)
    boxes = [[20 * x, 40 * y, 20 * x + 18, 40 * y + 20] for y in range(4) for x in range(20)]
    labels = np.zeros((10, 10), np.int32)
    components = Components(labels, np.array(boxes, np.int32), np.ones(80, np.int32))
    page = Sheet(labels.astype(np.uint8), labels.astype(np.uint8), components=components, lines=lines)
    rejects = np.array([False, True])

    def sample(count: int) -> npt.NDArray[np.float32]:
        return np.log(np.full((min(80, count), 2), (0.1, 0.9), np.float32))

    without = limited(page, sample, rejects)
    assert sum(len(line.stacks) for line in without.lines) == 10
    seen = limited(page, sample, rejects, lambda: np.array([False, True, False, False]))
    assert [len(line.stacks) for line in seen.lines] == [20, 20, 20, 10]
    assert [line.cut for line in seen.lines] == [False, True, False, False]
