"""What a reading can be written as: one file a format, and one line here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ocr.formats import json, text

if TYPE_CHECKING:
    from ocr.document import Document
    from ocr.formats.original import Original

Scan = tuple["Document", "Original | None"]


@dataclass(frozen=True, slots=True)
class Format:
    """How documents become files.

    Attributes
    ----------
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
        for page in document.pages:
            alone = replace(document, pages=(page,))
            yield f"-{page.number}{self.extension}", self.render(alone, original, min_confidence)


def _marked(
    extension: str,
    render: Callable[[Document, float], str],
    render_all: Callable[[Iterable[Document], float], Iterator[str]],
) -> Format:
    """Return a format made of documents alone, that marks what is less sure."""
    return Format(
        extension,
        lambda document, _, least: render(document, least),
        lambda scans, least: render_all((document for document, _ in scans), least),
    )


FORMATS: dict[str, Format] = {
    "text": _marked(".txt", text.render, text.render_all),
    "json": _marked(".json", json.render, json.render_all),
}
