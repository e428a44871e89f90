"""A document as data: dictionaries, JSON, files of any format, tables, and search."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np

from ocr.document import Document, Line, Page, Word
from ocr.element import Element, Text
from pipelines.errors import PictureError, reason, shown

if TYPE_CHECKING:
    from ocr.formats import Format

COLUMNS = ["page", "line", "word", "text", "confidence", "left", "top", "right", "bottom"]
"""Columns of the table of words."""
_LEVELS: tuple[type[Element], ...] = (Document, Page, Line, Word)
_LISTS = ("pages", "lines", "words")
"""The field that holds the next level, in JSON and in the tree."""
_LONGEST = 60
"""Most characters of a text in a summary."""

Made = TypeVar("Made", bound=Element)


def summary(element: Element) -> str:
    """Return a short description of an element, with the beginning of its text."""
    if isinstance(element, Document):
        text = _mentioned(element.text)
        return f"<Document {element.source!r}, {counted(len(element.pages), 'page')}: {text}>"
    if isinstance(element, Page):
        size, lines = f"{element.width} x {element.height} pixels", counted(len(element.lines), "line")
        return f"<Page {element.number}, {size}, {lines}: {_mentioned(element.text)}>"
    assert isinstance(element, Line | Word)
    return f"<{type(element).__name__} {_mentioned(element.text)}, {element.confidence:.0%} sure>"


def _mentioned(text: str) -> str:
    short = " ".join(text.split())
    return repr(short if len(short) <= _LONGEST else f"{short[: _LONGEST - 1]}…")


def counted(number: int, what: str) -> str:
    """Return a number with its noun, in the plural if needed.

    Examples
    --------
    >>> counted(1, "line"), counted(3, "word")
    ('1 line', '3 words')
    """
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def to_dict(element: Element) -> dict[str, Any]:
    """Return an element as a dictionary, as in the format ``json`` (`ocr.formats.json`)."""
    from ocr.formats.json import render

    place: Any = json.loads(render(_alone(element)))
    for name in _LISTS[: _LEVELS.index(type(element))]:
        [place] = place[name]
    return dict(place)


def to_json(element: Element) -> str:
    """Return `to_dict` as JSON on one line."""
    text = json.dumps(to_dict(element), ensure_ascii=False)
    return text.encode("utf-8", "backslashreplace").decode("utf-8")  # names of files need not be Unicode


def from_dict(kind: type[Made], table: Mapping[str, Any]) -> Made:
    """Return the element of a kind from a dictionary made by `to_dict`.

    Raises
    ------
    ocr.formats.from_json.DocumentError
        A ValueError: this is not such a dictionary. The message says where and why.
    """
    from ocr.formats.from_json import DocumentError, parse

    if not isinstance(table, Mapping):
        raise DocumentError(f"a {kind.__name__.lower()} is made from a dictionary, not from {table!r:.80}")
    place: Any = parse(json.dumps(_around(kind, dict(table))))
    for name in _LISTS[: _LEVELS.index(kind)]:
        [place] = getattr(place, name)
    return cast(Made, place)


def _around(kind: type[Element], table: dict[str, Any]) -> dict[str, Any]:
    """Return the dictionary of a document that holds only this element."""
    from ocr.formats.json import VERSION

    if kind is Word:
        table = {name: table.get(name) for name in ("text", "box", "confidence")} | {"words": [table]}
    if kind in (Word, Line):
        width, height = _corner(table.get("box"))
        text = table.get("text")
        table = {"number": 1, "width": width, "height": height, "text": text, "lines": [table]}
    if kind is Document:
        return table
    return {"format": "ocr-json", "version": VERSION, "source": "", "pages": [table]}


def _corner(box: object) -> tuple[int, int]:
    """Return the size of the smallest page around a box."""
    match box:
        case [_, _, int(right), int(bottom)]:
            return max(1, right), max(1, bottom)
    return 1, 1


def _alone(element: Element) -> Document:
    """Return a document that holds only this element."""
    if isinstance(element, Word):
        element = Line((element,))
    if isinstance(element, Line):
        element = Page((element,), element.box.right, element.box.bottom)
    if isinstance(element, Page):
        element = Document((element,), "")
    assert isinstance(element, Document)
    return element


def find(lines: Sequence[Line], text: str | re.Pattern[str]) -> tuple[Line, ...]:
    """Return each occurrence of a text in lines: see `ocr.element.Text.find`."""
    pattern = text if isinstance(text, re.Pattern) else re.compile(re.escape(text), re.IGNORECASE)
    return tuple(found for line in lines for found in _found(line, pattern))


def _found(line: Line, pattern: re.Pattern[str]) -> Iterator[Line]:
    lengths = np.array([len(word.text) + 1 for word in line.words])
    ends = lengths.cumsum()
    for match in pattern.finditer(line.text):
        if match.end() > match.start():
            first = int(np.searchsorted(ends, match.start(), side="right"))
            last = int(np.searchsorted(ends, match.end(), side="left"))
            yield Line(line.words[first : last + 1])


def word_rows(document: Document) -> list[dict[str, Any]]:
    """Return a row for each word, of `COLUMNS`; pages by their numbers, lines and words counted from 1."""
    return [
        {
            "page": page.number,
            "line": line_number,
            "word": word_number,
            "text": word.text,
            "confidence": word.confidence,
            **{side: getattr(word.box, side) for side in COLUMNS[-4:]},
        }
        for page in document.pages
        for line_number, line in enumerate(page.lines, start=1)
        for word_number, word in enumerate(line.words, start=1)
    ]


def data_frame(text: Text) -> Any:
    """Return a ``pandas.DataFrame`` of `word_rows`.

    Raises
    ------
    ImportError
        pandas is not installed.
    """
    try:
        from pandas import DataFrame
    except ImportError as error:
        raise ImportError("to_dataframe needs pandas, which is not installed: pip install pandas") from error
    return DataFrame(word_rows(_alone(text)), columns=COLUMNS)


def save(
    text: Text,
    path: str | os.PathLike[str],
    format: str | None = None,
    min_confidence: float = 0.0,
) -> None:
    """Write a document, or a page as one, to a file: see `ocr.element.Text.save`."""
    from ocr.files import whole_file

    document, chosen = _alone(text), _format_of(path, format)
    if chosen.one_page and len(document.pages) != 1:
        raise ValueError(
            f"{os.fsdecode(path)}: a file of '{chosen.name}' holds one page, and there are "
            f"{len(document.pages)}; save each of document.pages"
        )
    try:
        content = chosen.render(document, _original_of(document), min_confidence)
    except PictureError:
        raise
    except (OSError, ValueError) as error:  # a file that is gone by now, or closed
        raise PictureError(f"{shown(document.source)}: can no longer be read: {reason(error)}") from error
    with whole_file(Path(path), chosen.is_binary) as file:
        file.write(content)


def _format_of(path: str | os.PathLike[str], name: str | None) -> Format:
    from ocr.formats import formats

    found = formats()
    if name is not None:
        if name not in found:
            raise ValueError(f"'{name}' is none of {', '.join(found)}")
        return found[name]
    text = os.fsdecode(path).lower()
    fitting = [one for one in found.values() if text.endswith(one.extension)]
    if not fitting:
        endings = ", ".join(one.extension for one in found.values())
        raise ValueError(
            f"{os.fsdecode(path)}: no format ends like this; name format=..., or end in {endings}"
        )
    return max(fitting, key=lambda one: len(one.extension))


def _original_of(document: Document) -> Any:
    """Return the original of a document, if it is known."""
    from ocr.formats.original import Original

    origin = document.pages[0].origin if document.pages else None
    if origin is None or origin.source is None:
        return None
    numbers = [page.number for page in document.pages]
    return Original(origin.source, lambda _: origin.pictures(numbers), origin.dpi)
