"""TSV, hOCR, ALTO, PAGE XML and JSON, each held against what others made for reading them."""

from __future__ import annotations

import inspect
import io
import json
import re
import runpy
import sys
from collections.abc import Callable
from contextlib import redirect_stderr
from functools import cache
from pathlib import Path
from typing import Any
from unicodedata import category
from unittest import mock
from xml.etree import ElementTree

import jsonschema
import pytest
from htrvx.schemas import Validator
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html
from pytesseract.pytesseract import file_to_dict

from ocr.document import Document, Page
from ocr.errors import OutputError
from ocr.formats import FORMATS
from ocr.formats import json as json_format
from ocr.formats.from_json import parse
from ocr.formats.values import plain
from tests.ocr.formats.typed import typed

Read = Callable[[Path], Document]
Rows = Callable[[Document], list[list[tuple[str, tuple[int, int, int, int]]]]]
Make = Callable[..., Page]

ALTO = "{http://www.loc.gov/standards/alto/ns-v4#}"
PAGE = "{http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15}"
XHTML = "{http://www.w3.org/1999/xhtml}"
SCHEMAS = Path(inspect.getfile(Validator)).parent

any_text = st.text(st.characters(), min_size=1, max_size=6)
few = settings(max_examples=settings().max_examples // 2)


def written(name: str, document: Document) -> str:
    return str(FORMATS[name].render(document, None, 0.0))


# --- what others made ---


class Cached(etree.Resolver):
    """Finds what a schema imports from the web among the copies of htrvx."""

    def resolve(self, url: str, _: str, context: object) -> object:
        is_web = url.startswith("http://")
        return self.resolve_filename(Validator.cache_xsd_path(url) if is_web else url, context)


@cache
def schema(name: str) -> etree.XMLSchema:
    """Return an official XML Schema, ``alto4`` or ``page2019``."""
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(Cached())
    return etree.XMLSchema(etree.parse(SCHEMAS / f"{name}.xsd", parser))


def checked(name: str, text: str) -> ElementTree.Element:
    schema(name).assertValid(etree.fromstring(text.encode()))
    return ElementTree.fromstring(text)


def hocr_complaints(text: str, tmp_path: Path) -> list[str]:
    """Return what hocr-check, a script of hocr-tools, finds wrong."""
    file = tmp_path / "checked.hocr"
    file.write_text(text, encoding="utf-8")
    script, said = Path(sys.executable).with_name("hocr-check"), io.StringIO()
    with mock.patch.object(sys, "argv", ["hocr-check", str(file)]), redirect_stderr(said):
        runpy.run_path(str(script))["args"].file.close()
    lines = said.getvalue().splitlines()
    assert lines[0].startswith("ok 1 - ")
    return [line.split(" - ")[1] for line in lines if line.startswith("not ok")]


def tesseract_table(text: str) -> dict[str, list[Any]]:
    """Read TSV as pytesseract does for ``Output.DICT``."""
    return file_to_dict(text, "\t", -1)


# --- read back ---


def from_tsv(text: str) -> list[list[tuple[str, tuple[int, ...]]]]:
    table = tesseract_table(text)
    pages: list[list[tuple[str, tuple[int, ...]]]] = [[] for level in table["level"] if level == 1]
    for k, level in enumerate(table["level"]):
        if level == 5:
            left, top, width, height = (table[name][k] for name in ("left", "top", "width", "height"))
            pages[table["page_num"][k] - 1].append(
                (table["text"][k], (left, top, left + width, top + height))
            )
    return pages


def from_hocr(text: str) -> list[list[tuple[str, tuple[int, ...]]]]:
    root = ElementTree.fromstring(text)
    return [
        [
            ("".join(word.itertext()), numbers(r"bbox ([\d ]+)", word.attrib["title"]))
            for word in one.iter(f"{XHTML}span")
            if word.get("class") == "ocrx_word"
        ]
        for one in root.iter(f"{XHTML}div")
        if one.get("class") == "ocr_page"
    ]


def from_alto(text: str) -> list[list[tuple[str, tuple[int, ...]]]]:
    root = checked("alto4", text)
    return [
        [(word.attrib["CONTENT"], sides(word)) for word in one.iter(f"{ALTO}String")]
        for one in root.iter(f"{ALTO}Page")
    ]


def sides(element: ElementTree.Element) -> tuple[int, ...]:
    left, top, width, height = (int(element.attrib[name]) for name in ("HPOS", "VPOS", "WIDTH", "HEIGHT"))
    return left, top, left + width, top + height


def from_page(text: str) -> list[list[tuple[str, tuple[int, ...]]]]:
    root = checked("page2019", text)
    words = root.iter(f"{PAGE}Word")
    return [[(word.findtext(f"{PAGE}TextEquiv/{PAGE}Unicode", ""), around(word)) for word in words]]


def around(element: ElementTree.Element) -> tuple[int, ...]:
    coords = next(element.iterfind(f"{PAGE}Coords")).attrib["points"]
    points = [tuple(map(int, pair.split(","))) for pair in coords.split()]
    x, y = zip(*points, strict=True)
    return min(x), min(y), max(x), max(y)


def from_json(text: str) -> list[list[tuple[str, tuple[int, ...]]]]:
    content = json.loads(text)
    jsonschema.validate(content, json_format.schema(), jsonschema.Draft202012Validator)
    return [
        [(word["text"], tuple(word["box"])) for line in one["lines"] for word in line["words"]]
        for one in content["pages"]
    ]


def numbers(pattern: str, text: str) -> tuple[int, ...]:
    found = re.search(pattern, text)
    assert found is not None
    return tuple(map(int, found[1].split()))


BACK = {"tsv": from_tsv, "hocr": from_hocr, "alto": from_alto, "page": from_page, "json": from_json}


@pytest.mark.parametrize("name", BACK)
def test_words_and_boxes_of_a_sample_are_read_back_equal(
    name: str, sample: Path, read: Read, rows_of: Rows
) -> None:
    document = read(sample)
    assert BACK[name](written(name, document)) == rows_of(document)


@pytest.mark.parametrize("name", sorted(set(BACK) - {"page"}))
def test_every_page_of_every_document_is_there(name: str, note: Document, rows_of: Rows) -> None:
    assert BACK[name](written(name, note)) == rows_of(note)
    if name != "json":
        text = "".join(map(str, FORMATS[name].render_all([(note, None), (note, None)], 0.0)))
        assert BACK[name](text) == rows_of(note) * 2


def test_page_xml_is_a_file_a_page(note: Document, page_of: Make, rows_of: Rows) -> None:
    files = list(FORMATS["page"].files(note))
    assert [ending for ending, _ in files] == ["-1.page.xml", "-2.page.xml"]
    assert [from_page(str(text))[0] for _, text in files] == rows_of(note)
    [(ending, _)] = FORMATS["page"].files(Document((page_of("A"),), "a.png"))
    assert ending == ".page.xml"
    with pytest.raises(OutputError, match="one page a file"):
        written("page", note)


@pytest.mark.parametrize("name", BACK)
@few
@given(texts=st.lists(any_text, min_size=1, max_size=3), source=any_text)
def test_any_letters_and_names_are_held(
    name: str, texts: list[str], source: str, page_of: Make, rows_of: Rows
) -> None:
    # A word has no white space in it: pytesseract cuts it off.
    lines = ["".join("_" if category(c)[0] == "Z" else c for c in text) for text in texts]
    document = Document((page_of(*lines),), source)
    [words] = BACK[name](written(name, document))
    held = str if name == "json" else plain
    assert words == [(held(text), box) for text, box in rows_of(document)[0]]


@pytest.mark.parametrize("name", BACK)
def test_a_page_without_letters_is_a_page(name: str, page_of: Make) -> None:
    blank = Document((Page((), 640, 480),), "blank.png")
    assert BACK[name](written(name, blank)) == [[]]


# --- TSV ---


def test_tsv_has_the_columns_and_levels_of_tesseract(note: Document) -> None:
    text = written("tsv", note)
    assert text.splitlines()[0] == (
        "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
    )
    assert {line.count("\t") for line in text.splitlines()} == {11}
    table = tesseract_table(text)
    assert table["level"] == [1, 2, 3, 4, 5, 5, 4, 5, 1, 2, 3, 4, 5]
    assert table["page_num"] == [1] * 8 + [2] * 5
    assert table["word_num"] == [0, 0, 0, 0, 1, 2, 0, 1, 0, 0, 0, 0, 1]
    assert table["line_num"] == [0, 0, 0, 1, 1, 1, 2, 2, 0, 0, 0, 1, 1]
    assert [c for c, level in zip(table["conf"], table["level"], strict=True) if level == 5] == [50] * 4
    assert {c for c, level in zip(table["conf"], table["level"], strict=True) if level < 5} == {-1}
    assert (table["left"][3], table["top"][3], table["width"][3], table["height"][3]) == (0, 20, 128, 10)


def test_tsv_of_several_files_names_each_in_the_rows_of_its_pages(note: Document) -> None:
    other = Document(note.pages[:1], "folder/other\t.png")
    text = "".join(map(str, FORMATS["tsv"].render_all([(note, None), (other, None), (note, None)], 0.0)))
    table = tesseract_table(text)
    names = [name for name, level in zip(table["text"], table["level"], strict=True) if level == 1]
    assert names == [note.source] * 2 + ["folder/other\ufffd.png"] + [note.source] * 2
    alone = tesseract_table(written("tsv", note))
    assert {level for name, level in zip(alone["text"], alone["level"], strict=True) if name} == {5}


def test_tsv_is_a_table_of_numbers_to_numpy(note: Document) -> None:
    import numpy as np

    table = np.genfromtxt(io.StringIO(written("tsv", note)), delimiter="\t", names=True, usecols=range(11))
    assert table.dtype.names is not None and table.dtype.names[0] == "level" and len(table) == 13
    assert not np.isnan(table["conf"]).any()


# --- hOCR ---


def test_hocr_check_finds_nothing_wrong(sample: Path, read: Read, tmp_path: Path) -> None:
    # the upright boxes of lines that run askew do overlap
    allowed = {"mostly_nonoverlapping/line"} if sample.stem == "skewed_scan" else set()
    assert set(hocr_complaints(written("hocr", read(sample)), tmp_path)) == allowed


def test_hocr_is_the_same_to_a_reader_of_html(note: Document) -> None:
    words = html.fromstring(written("hocr", note).encode()).xpath("//*[@class='ocrx_word']")
    assert [word.text_content() for word in words] == ["HELLO", "BIG", "WORLD", "2"]
    assert [word.get("title") for word in words][1] == "bbox 100 20 128 30; x_wconf 50"
    letters = words[1].xpath("./*[@class='ocrx_cinfo']")
    assert (letters[0].text, letters[0].get("title")) == ("B", "x_bboxes 100 20 108 30; x_conf 98.77")


def test_hocr_tells_where_lines_stand(read: Read) -> None:
    samples = {path.stem: path for path in Path(__file__).parents[3].joinpath("samples").glob("*.[jp][pn]g")}
    level = re.findall(r'baseline (\S+) (\S+)"', written("hocr", read(samples["paragraph"])))
    assert len(level) == 6
    assert all(abs(float(slope)) < 0.02 and -25 < float(offset) <= 0 for slope, offset in level)
    skewed = re.findall(r"baseline (\S+) \S+", written("hocr", read(samples["skewed_scan"])))
    assert len({float(slope) > 0 for slope in skewed}) == 1
    assert all(0.03 < abs(float(slope)) < 0.2 for slope in skewed)
    assert "textangle 90" in written("hocr", read(samples["quarter_turn"]))


def test_a_name_cannot_break_a_title(page_of: Make, tmp_path: Path) -> None:
    text = written("hocr", Document((page_of("A"),), 'a"; bbox 1 2 3 4;<&>.png'))
    assert hocr_complaints(text, tmp_path) == []
    [one] = html.fromstring(text.encode()).xpath("//*[@class='ocr_page']")
    assert one.get("title").split("; ")[1:] == ["bbox 0 0 640 480", "ppageno 0"]


# --- ALTO and PAGE XML ---


def test_alto_holds_glyphs_and_what_else_they_may_be(note: Document) -> None:
    root = checked("alto4", written("alto", note))
    glyph = next(root.iter(f"{ALTO}Glyph"))
    assert (glyph.get("CONTENT"), glyph.get("GC"), sides(glyph)) == ("H", "0.9877", (0, 20, 8, 30))
    [other] = glyph.findall(f"{ALTO}Variant")
    assert (other.get("CONTENT"), other.get("VC")) == ("?", "0.0123")
    assert root.findtext(f".//{ALTO}fileName") == "note.tif"
    assert next(root.iter(f"{ALTO}TextLine")).get("BASELINE") == "0,30 128,30"


def test_page_xml_holds_glyphs_and_what_else_they_may_be(page_of: Make) -> None:
    root = checked("page2019", written("page", Document((page_of("HELLO BIG", "WORLD"),), "note.tif")))
    glyph = next(root.iter(f"{PAGE}Glyph"))
    found = [(e.get("index"), e.get("conf"), e[0].text) for e in glyph.findall(f"{PAGE}TextEquiv")]
    assert found == [("0", "0.9877", "H"), ("1", "0.0123", "?")]
    assert around(glyph) == (0, 20, 8, 30)
    assert root.findtext(f".//{PAGE}TextRegion/{PAGE}TextEquiv/{PAGE}Unicode") == "HELLO BIG\nWORLD"
    assert next(root.iter(f"{PAGE}Page")).get("imageFilename") == "note.tif"


def test_schemas_do_refuse() -> None:
    with pytest.raises(etree.DocumentInvalid):
        checked("alto4", f'<alto xmlns="{ALTO[1:-1]}"><Layout/></alto>')
    with pytest.raises(etree.DocumentInvalid):
        checked("page2019", f'<PcGts xmlns="{PAGE[1:-1]}"/>')
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"format": "ocr-json", "version": 1}, json_format.schema())


# --- blocks ---

SHOP = """
THE SHOP

  WE SELL GOOD THINGS
AND ALSO THIS.
  ASK FOR IT WHEN YOU
COME IN ON A SUNDAY.

MILK        2    1.15
BREAD            3.49
EGGS       12    4.25
"""
CELLS = [["MILK", "2", "1.15"], ["BREAD", "", "3.49"], ["EGGS", "12", "4.25"]]


@pytest.fixture
def shop() -> Document:
    """A heading, two paragraphs in one area, and a table."""
    document = Document((typed(SHOP, {0: 2}),), "shop.png")
    assert [block.kind for block in document.blocks] == ["heading", "paragraph", "paragraph", "table"]
    return document


@pytest.mark.parametrize("name", BACK)
def test_words_in_cells_are_words_of_the_page(name: str, shop: Document, rows_of: Rows) -> None:
    assert BACK[name](written(name, shop)) == rows_of(shop)


def test_tsv_numbers_paragraphs_in_blocks_as_tesseract_does(shop: Document) -> None:
    table = tesseract_table(written("tsv", shop))
    numbers = zip(table["level"], table["block_num"], table["par_num"], table["line_num"], strict=True)
    places = [rest for level, *rest in numbers if level in (2, 3, 4)]
    assert places == [
        *([1, 0, 0], [1, 1, 0], [1, 1, 1]),
        *([2, 0, 0], [2, 1, 0], [2, 1, 1], [2, 1, 2], [2, 2, 0], [2, 2, 1], [2, 2, 2]),
        *([3, 0, 0], [3, 1, 0], [3, 1, 1], [3, 1, 2], [3, 1, 3]),
    ]


def test_hocr_has_areas_of_paragraphs(shop: Document, tmp_path: Path) -> None:
    text = written("hocr", shop)
    assert hocr_complaints(text, tmp_path) == []
    areas = html.fromstring(text.encode()).xpath("//*[@class='ocr_carea']")
    assert [len(area.xpath(".//*[@class='ocr_par']")) for area in areas] == [1, 2, 1]
    assert [len(area.xpath(".//*[@class='ocr_line']")) for area in areas] == [1, 4, 3]
    assert len(
        {element.get("id") for element in html.fromstring(text.encode()).xpath("//*[@id]")}
    ) == text.count(" id=")


def test_a_table_of_alto_is_a_block_of_rows_of_cells(shop: Document) -> None:
    root = checked("alto4", written("alto", shop))
    space = next(root.iter(f"{ALTO}PrintSpace"))
    assert [block.tag.removeprefix(ALTO) for block in space] == [*["TextBlock"] * 3, "ComposedBlock"]
    table = space[-1]
    assert table.get("TYPE") == "table" and {row.get("TYPE") for row in table} == {"row"}
    cells = [[[word.get("CONTENT") for word in cell.iter(f"{ALTO}String")] for cell in row] for row in table]
    assert [[" ".join(map(str, cell)) for cell in row] for row in cells] == CELLS
    empty, under = table[1][1], table[2][1]
    assert sides(empty)[0] <= sides(under)[0] < sides(under)[2] <= sides(empty)[2]


def test_a_table_of_page_xml_is_a_region_of_cells(shop: Document) -> None:
    root = checked("page2019", written("page", shop))
    page = next(root.iter(f"{PAGE}Page"))
    order, *regions = page
    assert [region.get("type", "table") for region in regions] == [
        "heading",
        "paragraph",
        "paragraph",
        "table",
    ]
    assert [ref.get("regionRef") for ref in order[0]] == [region.get("id") for region in regions]
    table = regions[-1]
    assert (table.get("rows"), table.get("columns")) == ("3", "3")
    found = {
        (role.get("rowIndex"), role.get("columnIndex")): cell.findtext(f"{PAGE}TextEquiv/{PAGE}Unicode")
        for cell in table.iter(f"{PAGE}TextRegion")
        for role in cell.iter(f"{PAGE}TableCellRole")
    }
    assert found == {(str(r), str(c)): text for r, row in enumerate(CELLS) for c, text in enumerate(row)}


def test_json_says_which_lines_and_words_are_in_which_block(shop: Document) -> None:
    text = written("json", shop)
    assert from_json(text) and json_format.render(parse(text)) == text
    [page] = json.loads(text)["pages"]
    assert [(block["kind"], block["lines"]) for block in page["blocks"]] == [
        *(("heading", [0]), ("paragraph", [1, 2]), ("paragraph", [3, 4]), ("table", [5, 6, 7])),
    ]
    assert [block.get("level") for block in page["blocks"]] == [1, None, None, None]
    rows = page["blocks"][-1]["rows"]
    assert [[cell["text"] for cell in row] for row in rows] == CELLS
    words = [
        [[page["lines"][k]["words"][n]["text"] for k, n in cell["words"]] for cell in row] for row in rows
    ]
    assert [[" ".join(cell) for cell in row] for row in words] == CELLS


def test_layout_keeps_the_rows_of_a_table(shop: Document) -> None:
    rows = [line.split() for line in written("layout", shop).splitlines()]
    assert rows[-3:] == [[cell for cell in row if cell] for row in CELLS]


def test_columns_and_headings_are_blocks(read: Read) -> None:
    path = Path(__file__).parents[3] / "samples" / "two_columns.png"
    root = checked("page2019", written("page", read(path)))
    regions = [*root.iter(f"{PAGE}TextRegion")]
    texts = [region.findall(f"{PAGE}TextEquiv/{PAGE}Unicode")[-1].text or "" for region in regions]
    assert [text.split()[0] for text in texts] == ["The", "Every", "The"]
    assert [len(text.split("\n")) for text in texts] == [1, 9, 9]
    assert [region.get("type") for region in regions] == ["heading", "paragraph", "paragraph"]


def test_white_between_lines_parts_blocks(page_of: Make) -> None:
    lines = page_of("ONE", "TWO", "", "FAR").lines
    table = tesseract_table(written("tsv", Document((Page((*lines[:2], lines[3]), 640, 480),), "a")))
    assert [b for b, level in zip(table["block_num"], table["level"], strict=True) if level == 4] == [1, 1, 2]
