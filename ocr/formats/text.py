"""Plain text: one line per line, form feeds between pages, and ‹ › around doubtful letters on request."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from ocr.formats.format import Format, of_documents
from ocr.formats.values import plain
from ocr.recognition.confidence import marked
from pipelines.errors import shown

if TYPE_CHECKING:
    from ocr.document import Document


def render(document: Document, min_confidence: float = 0.0) -> str:
    """Return the text with a newline at its end; empty for an empty document."""
    return plain(ended(marked(document, min_confidence)), kept="\n\f")


def ended(text: str) -> str:
    """Return a document's text with a newline at its end, unless its last page is empty."""
    return f"{text}\n" if text and not text.endswith("\f") else text


def render_all(
    documents: Iterable[Document],
    min_confidence: float = 0.0,
    how: Callable[[Document, float], str] = render,
) -> Iterator[str]:
    """Yield each document's text under its name, as ``head`` and ``tail`` do for several files."""
    for number, document in enumerate(documents):
        gap = "\n" if number else ""
        yield f"{gap}==> {shown(document.source)} <==\n{how(document, min_confidence)}"


FORMAT = Format("text", "Text", "text/plain; charset=utf-8", ".txt", *of_documents(render, render_all))
