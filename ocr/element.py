"""Methods that all elements of a document share: export, search and display, implemented elsewhere."""

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
        """Return all data except the pictures of letters, as in the format ``json``."""
        from ocr.document_data import to_dict

        return to_dict(self)

    def to_json(self) -> str:
        """Return `to_dict` as JSON on one line."""
        from ocr.document_data import to_json

        return to_json(self)

    @classmethod
    def from_dict(cls, table: Mapping[str, Any]) -> Self:
        """Return the element from a dictionary made by `to_dict`; the pictures of its letters are empty.

        Raises
        ------
        ocr.formats.from_json.DocumentError
            A ValueError: this is not such a dictionary. The message says where and why.
        """
        from ocr.document_data import from_dict

        return from_dict(cls, table)

    def __repr__(self) -> str:
        from ocr.document_data import summary

        return summary(self)


class Text(Element):
    """A document or a page: an element with lines."""

    __slots__ = ()

    if TYPE_CHECKING:

        @property
        def lines(self) -> tuple[Line, ...]: ...
        @property
        def words(self) -> tuple[Word, ...]: ...

    @property
    def confidence(self) -> float | None:
        """Mean confidence of the words; None if there are none."""
        words = self.words
        return sum(word.confidence for word in words) / len(words) if words else None

    def find(self, text: str | re.Pattern[str]) -> tuple[Line, ...]:
        """Return each occurrence of a text, as a line of just the words that contain it.

        Parameters
        ----------
        text : str or pattern
            Text, case-insensitive, with one space between words; or a compiled regular expression. The search
            is within lines.
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
            A key of `ocr.formats.formats()`; by default it follows from the path's ending.
        min_confidence : float
            Letters and words with a lower confidence are marked, in formats that can.

        Raises
        ------
        ValueError
            The format or the ending is unknown, or a file of this format holds only one page.
        ocr.errors.OutputError
            It cannot be written, or the format shows the picture, which is no longer available.
        pipelines.errors.PictureError
            The format shows the picture, which can no longer be loaded.
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
