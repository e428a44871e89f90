"""Which pages of a file are wanted: ``1-3,7,10-``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from pipelines.errors import PictureError

_RANGE = re.compile(r"([0-9]{1,9})(?:(-)([0-9]{1,9})?)?")


@dataclass(frozen=True, slots=True)
class PageRanges:
    """Pages by their numbers, counted from 1.

    Attributes
    ----------
    ranges : tuple of (int, int or None)
        The first and the last page of each range; None where it goes on to the end.
    """

    ranges: tuple[tuple[int, int | None], ...]

    def __contains__(self, number: int) -> bool:
        return any(first <= number and (last is None or number <= last) for first, last in self.ranges)

    @property
    def last(self) -> int | None:
        """The last page that is wanted; None where there is no last one."""
        found = [last for _, last in self.ranges if last is not None]
        return max(found) if len(found) == len(self.ranges) else None

    def require(self, count: int) -> None:
        """Raise `PictureError` where a range begins after the last of `count` pages."""
        first = max(first for first, _ in self.ranges)
        if first > count:
            has = "1 page" if count == 1 else f"{count} pages"
            raise PictureError(f"has {has}, and page {first} is asked for; put --pages right")


EVERY_PAGE = PageRanges(((1, None),))


def parse_pages(text: str) -> PageRanges:
    """Parse page numbers and ranges of them, with commas between.

    Parameters
    ----------
    text : str
        Such as ``"1-3,7,10-"``. The order does not matter: pages come as they are in the file, once each.

    Raises
    ------
    ValueError
        The text is not a page range, a page is 0, or a range runs backwards.

    Examples
    --------
    >>> pages = parse_pages("1-3,7,10-")
    >>> [number for number in range(1, 13) if number in pages]
    [1, 2, 3, 7, 10, 11, 12]
    """
    return PageRanges(tuple(_parse_range(part.strip()) for part in text.split(",")))


def _parse_range(part: str) -> tuple[int, int | None]:
    match = _RANGE.fullmatch(part)
    if match is None:
        raise ValueError(f"the pages '{part}' are no number or range; write them like 1-3,7,10-")
    first = int(match[1])
    last = int(match[3]) if match[3] else None if match[2] else first
    if first < 1:
        raise ValueError(f"the pages '{part}' begin with 0; the first page is 1")
    if last is not None and last < first:
        raise ValueError(f"the pages '{part}' run backwards; write {last}-{first}")
    return first, last


@contextmanager
def on_page(number: int) -> Iterator[None]:
    """Put the number of the page, unless it is the first, before the message of a PictureError."""
    try:
        yield
    except PictureError as error:
        if number == 1:
            raise
        raise type(error)(f"page {number} {error}") from error.__cause__
