"""Documents come back from JSON as they were written, and nothing else is taken for one."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings

from ocr.document import Document
from ocr.formats import json as json_format
from ocr.formats.from_json import MOST_PIXELS, DocumentError, parse
from tests.ocr.formats.test_any_document import documents


@settings(max_examples=settings().max_examples // 2)
@given(document=documents)
def test_any_document_comes_back_and_is_written_the_same(document: Document) -> None:
    written = json_format.render(document)
    back = parse(written)
    assert json_format.render(back) == written
    assert json_format.render(parse(written.encode("utf-8", "backslashreplace"))) == written
    assert (back.text, back.source) == (document.text, document.source)
    assert [word.box for word in back.words] == [word.box for word in document.words]


def test_samples_come_back(sample: Path, read: Callable[[Path], Document]) -> None:
    written = json_format.render(read(sample), 0.9)
    back = parse(written)
    assert json_format.render(back) == json_format.render(read(sample))
    assert all(glyph.image.shape == (28, 28) for glyph in back.glyphs)


def test_version_1_which_has_no_blocks_is_read_the_same(note: Document) -> None:
    content = json.loads(json_format.render(note))
    for page in content["pages"]:
        del page["blocks"]
    jsonschema.validate(content | {"version": 1}, json_format.schema(1), jsonschema.Draft202012Validator)
    assert json_format.render(parse(json.dumps(content | {"version": 1}))) == json_format.render(note)
    assert parse(json.dumps(content)).blocks == parse(json_format.render(note)).blocks != ()


def test_what_was_not_read_comes_back(note: Document) -> None:
    damaged = replace(note, pages=(replace(note.pages[0], warnings=("its end is missing",)),))
    assert parse(json_format.render(damaged)).warnings == ("its end is missing",)


def changed(document: Document, change: Callable[[Any], None]) -> str:
    content = json.loads(json_format.render(document))
    change(content)
    return json.dumps(content)


def first_line(content: Any) -> Any:
    return content["pages"][0]["lines"][0]


def first_block(content: Any) -> Any:
    return content["pages"][0]["blocks"][0]


def first_glyph(content: Any) -> Any:
    return first_line(content)["words"][0]["glyphs"][0]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda c: c.pop("source"), "has no 'source'"),
        (lambda c: c.update(more=1), "'more', which is unknown"),
        (lambda c: c.update(format="alto"), "not of the format ocr-json"),
        (lambda c: c.update(version=3), "version 1 to 2"),
        (lambda c: c.update(version=True), "version 1 to 2"),
        (lambda c: c["pages"][0].update(warnings=[3]), r"pages\[0\].warnings\[0\] is no text"),
        (
            lambda c: first_block(c).update(kind="poem"),
            r"blocks\[0\].kind is none of paragraph, heading, table",
        ),
        (lambda c: first_block(c).update(more=1), r"blocks\[0\] has 'more', which is unknown"),
        (
            lambda c: first_block(c).update(lines=[0]),
            r"pages\[0\].blocks do not hold each line once, in order",
        ),
        (lambda c: first_block(c).update(lines=[1, 0]), "blocks do not hold each line once, in order"),
        (lambda c: first_block(c).update(lines=[0, 2]), r"lines\[1\] is no whole number from 0 to 1"),
        (lambda c: c.update(pages={}), "pages is no list"),
        (lambda c: c["pages"].append(3), r"pages\[2\] is no object"),
        (lambda c: c["pages"][1].update(number=0), r"pages\[1\].number"),
        (lambda c: c["pages"][0].update(width=MOST_PIXELS + 1), r"pages\[0\].width"),
        (lambda c: c["pages"][0].update(height=True), r"pages\[0\].height"),
        (lambda c: c["pages"][0].update(text="HELLO"), r"pages\[0\].text is not that of its parts"),
        (lambda c: first_line(c).update(words=[]), r"lines\[0\].words is empty"),
        (lambda c: first_line(c).update(box=[0, 0, 1, 1]), r"lines\[0\].box is not that of its parts"),
        (lambda c: first_line(c).update(confidence="1"), r"lines\[0\].confidence"),
        (lambda c: first_glyph(c).update(box=[0, 20, 641, 30]), r"box is not on the page of 640 x 480"),
        (lambda c: first_glyph(c).update(box=[8, 20, 0, 30]), "box is not on the page"),
        (lambda c: first_glyph(c).update(box=[0, 20.5, 8, 30]), "box is not four whole numbers"),
        (lambda c: first_glyph(c).update(text=""), "no text of 1 to"),
        (lambda c: first_glyph(c).update(text="x" * 9999), "no text of 1 to"),
        (lambda c: first_glyph(c).update(confidence=1.01), "no number from 0 to 1"),
        (lambda c: first_glyph(c).update(doubtful=1), "neither true nor false"),
        (lambda c: first_glyph(c)["alternatives"].append({"text": "x"}), r"alternatives\[2\] has no 'confid"),
    ],
)
def test_what_is_no_document_is_refused_where_it_is_none(
    note: Document, change: Callable[[Any], None], says: str
) -> None:
    with pytest.raises(DocumentError, match=says):
        parse(changed(note, change))


@pytest.mark.parametrize(
    "text",
    ["", "[", "[" * 100_000, "NaN", b"\xff\xfe\xff", '{"confidence": Infinity}', "1" * 5000, "[]", "null"],
)
def test_what_is_no_json_object_is_refused(text: str | bytes) -> None:
    with pytest.raises(DocumentError):
        parse(text)
