"""What a format is: its names, and how documents are written in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ocr.document import Document
    from ocr.formats.original import Original

Scan = tuple["Document", "Original | None"]


@dataclass(frozen=True, slots=True)
class Format:
    """How documents become files.

    Attributes
    ----------
    name : str
        What it is called on the command line and in the API.
    title : str
        What it is called on the page.
    media_type : str
        Of a response that is such a file.
    extension : str
        What a file's name ends in, with its dot.
    render : function of a Document, its Original and a confidence
        Returns the whole of a file for one document. Where there is something to mark, what is less sure is.
    render_all : function of an iterable of Documents with their Originals, and a confidence
        Yields the parts of one file for many.
    is_binary : bool
        Whether these are bytes, and not text.
    shows_picture : bool
        Whether the Original is needed; it may be None for the others.
    one_page : bool
        Whether a file can hold one page only.
    """

    name: str
    title: str
    media_type: str
    extension: str
    render: Callable[[Document, Original | None, float], str | bytes]
    render_all: Callable[[Iterable[Scan], float], Iterator[str | bytes]]
    is_binary: bool = False
    shows_picture: bool = False
    one_page: bool = False

    def files(
        self, document: Document, original: Original | None = None, min_confidence: float = 0.0
    ) -> Iterator[tuple[str, str | bytes]]:
        """Yield the ending of the name, and the content, of each file for one document.

        It is one, called after `extension`, but where a file can hold one page only and there are several:
        then they are ``-1.page.xml``, ``-2.page.xml`` and so on.
        """
        if not self.one_page or len(document.pages) == 1:
            yield self.extension, self.render(document, original, min_confidence)
            return
        for one in document.pages:
            alone = replace(document, pages=(one,))
            yield f"-{one.number}{self.extension}", self.render(alone, original, min_confidence)


Render = Callable[["Document", "Original | None", float], str]
RenderAll = Callable[[Iterable[Scan], float], Iterator[str]]


def of_documents(
    render: Callable[[Document, float], str],
    render_all: Callable[[Iterable[Document], float], Iterator[str]],
) -> tuple[Render, RenderAll]:
    """Return what renders documents in a `Format` that needs no Original and marks what is less sure."""
    return (
        lambda document, _, least: render(document, least),
        lambda scans, least: render_all((document for document, _ in scans), least),
    )


def of_pages(parts: Callable[[Iterable[Document]], Iterator[str]]) -> tuple[Render, RenderAll]:
    """Return what renders documents in a `Format` that joins all their pages and marks nothing."""
    return (
        lambda document, _, __: "".join(parts([document])),
        lambda scans, _: parts(document for document, _ in scans),
    )
