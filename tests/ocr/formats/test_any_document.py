"""Whatever stands wherever on a page, every format writes it, and what it writes can be read."""

from __future__ import annotations

import io
import json
from xml.etree import ElementTree

import numpy as np
import pikepdf
from hypothesis import given, settings
from hypothesis import strategies as st

from ocr.document import Alternative, Box, Document, Glyph, Line, Page, Word
from ocr.formats import FORMATS
from ocr.formats.original import Original

WIDTH, HEIGHT = 90, 60
IMAGE = np.zeros((28, 28), np.uint8)

shares = st.floats(0, 1) | st.just(float("nan"))


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    """Boxes on the page, also empty ones."""
    left, right = sorted(draw(st.tuples(st.integers(0, WIDTH), st.integers(0, WIDTH))))
    top, bottom = sorted(draw(st.tuples(st.integers(0, HEIGHT), st.integers(0, HEIGHT))))
    return Box(left, top, right, bottom)


others = st.lists(st.builds(Alternative, st.text(max_size=3), shares), max_size=3).map(tuple)
glyphs = st.builds(Glyph, st.characters(), boxes(), shares, others, st.just(IMAGE))
words = st.builds(Word, st.lists(glyphs, min_size=1, max_size=5).map(tuple), shares, others)
lines = st.builds(Line, st.lists(words, min_size=1, max_size=4).map(tuple))
documents = st.builds(
    lambda found, name: Document((Page(tuple(found), WIDTH, HEIGHT),), name),
    st.lists(lines, max_size=5),
    st.text(max_size=9),
)


def is_whole(name: str, content: str | bytes) -> bool:
    if name == "json":
        return json.loads(content)["format"] == "ocr-json"
    if name == "pdf":
        assert isinstance(content, bytes)
        with pikepdf.open(io.BytesIO(content)) as pdf:
            return pdf.check_pdf_syntax() == [] and len(pdf.pages) == 1
    if name in ("hocr", "alto", "page"):
        return ElementTree.fromstring(content) is not None
    return isinstance(content, str)


@settings(max_examples=settings().max_examples // 2)
@given(document=documents, least=shares)
def test_any_document_is_written(document: Document, least: float) -> None:
    original = Original(np.zeros((HEIGHT, WIDTH), np.uint8))
    for name, one in FORMATS.items():
        assert is_whole(name, one.render(document, original, least)), name
