"""The definition of a format: its names, and how documents are written in it."""

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
    """A format of output files.

    Attributes
    ----------
    name : str
        Its name on the command line and in the API.
    title : str
        Its name on the page.
    media_type : str
        Media type of a response.
    extension : str
        Ending of file names, with its dot.
    render : function of a Document, its Original and a confidence
        Returns the whole file for one document. Formats with marks mark letters of lower confidence.
    render_all : function of an iterable of Documents with their Originals, and a confidence
        Yields the parts of one file for several documents.
    is_binary : bool
        Whether these are bytes instead of text.
    shows_picture : bool
        Whether the Original is needed; it may be None for other formats.
    one_page : bool
        Whether a file can hold only one page.
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

        There is one file, ending in `extension`. If a file can hold only one page and there are several, they
        end in ``-1.page.xml``, ``-2.page.xml`` and so on.
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
    """Return the two render functions of a `Format` that needs no Original and marks letters."""
    return (
        lambda document, _, least: render(document, least),
        lambda scans, least: render_all((document for document, _ in scans), least),
    )


def of_pages(parts: Callable[[Iterable[Document]], Iterator[str]]) -> tuple[Render, RenderAll]:
    """Return the two render functions of a `Format` that joins all pages and marks nothing."""
    return (
        lambda document, _, __: "".join(parts([document])),
        lambda scans, _: parts(document for document, _ in scans),
    )
