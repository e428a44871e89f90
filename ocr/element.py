"""What every element of a reading can do: be written, be found in, be shown. The work is done elsewhere."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from ocr.document import Line, Word


class Element:
    """A document, a page, a line or a word."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """Return all that is known of it, but the letters' pictures, as the format ``json`` has it."""
        from ocr.document_data import to_dict

        return to_dict(self)

    def to_json(self) -> str:
        """Return `to_dict` as JSON on one line."""
        from ocr.document_data import to_json

        return to_json(self)

    @classmethod
    def from_dict(cls, table: Mapping[str, Any]) -> Self:
        """Return what `to_dict` made a dictionary of; the pictures of its letters are empty.

        Raises
        ------
        ocr.formats.from_json.DocumentError
            A ValueError that tells where, and why: this is no such dictionary.
        """
        from ocr.document_data import from_dict

        return from_dict(cls, table)

    def __repr__(self) -> str:
        from ocr.document_data import summary

        return summary(self)


class Text(Element):
    """A document or a page: what holds lines."""

    __slots__ = ()

    if TYPE_CHECKING:

        @property
        def lines(self) -> tuple[Line, ...]: ...
        @property
        def words(self) -> tuple[Word, ...]: ...

    @property
    def confidence(self) -> float | None:
        """The mean of the words' confidences; None where there are none."""
        words = self.words
        return sum(word.confidence for word in words) / len(words) if words else None

    def find(self, text: str | re.Pattern[str]) -> tuple[Line, ...]:
        """Return each place where a text stands, as a line of just the words that hold it.

        Parameters
        ----------
        text : str or pattern
            Text in any case, with one space between words; or a compiled regular expression. It is looked
            for within lines.
        """
        from ocr.document_data import find

        return find(self.lines, text)

    def save(
        self, path: str | os.PathLike[str], format: str | None = None, min_confidence: float = 0.0
    ) -> None:
        """Write it to a file, whole or not at all.

        Parameters
        ----------
        path : path
        format : str, optional
            A key of `ocr.formats.formats()`; by default the ending of the path tells.
        min_confidence : float
            What is less sure is marked, in the formats that mark.

        Raises
        ------
        ValueError
            There is no such format, none has such an ending, or a file of it holds one page only.
        ocr.errors.OutputError
            It cannot be written, or shows the picture, and that is gone.
        pipelines.errors.PictureError
            It shows the picture, and that can no longer be loaded.
        """
        from ocr.document_data import save

        save(self, path, format, min_confidence)

    def to_dataframe(self) -> Any:
        """Return a ``pandas.DataFrame`` with a row for each word.

        Its columns are page, line, word, text, confidence, left, top, right and bottom. Pages have their
        numbers; lines and words are counted from 1.

        Raises
        ------
        ImportError
            pandas is not installed.
        """
        from ocr.document_data import data_frame

        return data_frame(self)

    def _repr_html_(self) -> str:
        from ocr.document_views import html_of

        return html_of(self)
