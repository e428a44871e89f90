"""What a reading can be written as: one file a format, and one line here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocr.formats import json, text

if TYPE_CHECKING:
    from ocr.document import Document


@dataclass(frozen=True, slots=True)
class Format:
    """How documents become text.

    Attributes
    ----------
    render : function of a Document and a confidence
        Returns the whole of a file for one document, letters of less confidence marked.
    render_all : function of an iterable of Documents and a confidence
        Yields the parts of one file for many, each as soon as its document is there.
    """

    render: Callable[[Document, float], str]
    render_all: Callable[[Iterable[Document], float], Iterator[str]]


FORMATS: dict[str, Format] = {
    "text": Format(text.render, text.render_all),
    "json": Format(json.render, json.render_all),
}
