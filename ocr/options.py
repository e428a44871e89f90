"""All settings of reading in one object, checked once when it is created."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from pathlib import Path
from string import whitespace
from typing import TypeVar

from ocr.document import Box
from ocr.errors import SettingError
from ocr.languages import NONE, languages
from ocr.recognition.language import Language, load_language
from ocr.region import parse_region
from pipelines.pipeline import PRESETS, find_pipeline
from pipelines.sources.load import DPI, MAX_PIXELS
from pipelines.sources.pages import PageRanges, parse_pages

Given = TypeVar("Given")
Made = TypeVar("Made")

WHAT_IT_SHOWS = f"{', '.join(name for name in PRESETS if name != 'auto')}; auto finds out."
LANGUAGES = f"{', '.join(languages())}, or {NONE}"


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """All settings of reading. The help of command-line options is in the metadata of the fields.

    Attributes
    ----------
    model : path, optional
        Weights saved by ``nn``; the bundled ones by default.
    pipeline : str
        What the pictures show: auto, scan, photo, document, line, word or letter.
    whitelist : str, optional
        The only characters that may be read. Ink that looks like none of them is left out, so the result may
        be empty; but with the pipeline "letter" the likeliest of them is returned. Spaces in it are ignored.
        It may contain letters of the language with accents or of other shapes (ä, ß); letters that it lacks
        are read without their accents.
    top_k : int
        Number of alternatives for every letter and word.
    max_pixels : int
        Larger pictures are refused.
    language : str, path or Language
        The language of the text: ``da``, ``de``, ``en``, ``es``, ``fr``, ``it``, ``nl``, ``pl``, ``pt`` or
        ``sv``, or an ISO 639 code of three letters; or ``none``, for no language model; or a file
        ``NAME.toml`` of another language, with its ``NAME.npz`` beside it. Several that share their alphabet
        are named with ``+`` between: ``de+en``.
    dpi : int
        Pixels per inch at which the pages of a PDF are drawn.
    pages : str, optional
        The pages to read of each file, such as ``"1-3,7,10-"``; by default all, or the first frame of an
        animation such as a GIF. They keep their numbers.
    region : four ints or str, optional
        The only part of each page to read, as left, top, width and height in pixels of the picture as loaded:
        ``(120, 40, 300, 90)`` or ``"120,40,300,90"``. Boxes stay those of the whole page. A page that does
        not contain all of it is rejected.

    Raises
    ------
    ocr.errors.SettingError
        A ValueError: the pipeline or the language is unknown, the whitelist is empty, `top_k`,
        `max_pixels` or `dpi` is less than 1, or `pages` or `region` are none.

    Examples
    --------
    >>> ReadOptions(language="de", whitelist="0123456789").language
    'de'
    """

    model: str | Path | None = field(
        default=None, metadata={"help": "Your own network instead of the bundled one.", "metavar": "FILE"}
    )
    pipeline: str = field(
        default="auto", metadata={"help": f"What the picture shows: {WHAT_IT_SHOWS}", "metavar": "NAME"}
    )
    whitelist: str | None = field(
        default=None,
        metadata={
            "help": "Read nothing but these characters, e.g. 0123456789; what looks like none of them is "
            "left out.",
            "metavar": "CHARS",
        },
    )
    top_k: int = field(
        default=5, metadata={"help": "How many alternatives of each letter and word to keep.", "least": 1}
    )
    max_pixels: int = field(
        default=MAX_PIXELS, metadata={"help": "Reject pictures with more pixels than this.", "least": 1}
    )
    language: str | Path | Language = field(
        default="en",
        metadata={
            "help": f"Expect the letters and words of this language: {LANGUAGES}; its ISO 639 code of three "
            "letters will do too, or a file NAME.toml of yours. Of several: de+en.",
            "metavar": "NAME",
            "flags": ("--language", "--lang", "-l"),
        },
    )
    dpi: int = field(
        default=DPI, metadata={"help": "Pixels per inch at which the pages of a PDF are drawn.", "least": 1}
    )
    pages: str | None = field(
        default=None,
        metadata={
            "help": "Read only these pages of each file, e.g. 1-3,7,10-. [all; the first frame of an "
            "animation]",
            "metavar": "RANGES",
        },
    )
    region: tuple[int, int, int, int] | str | None = field(
        default=None,
        metadata={
            "help": "Read only this part of each page: left, top, width and height in pixels, e.g. "
            "120,40,300,90. Boxes stay those of the whole page.",
            "metavar": "X,Y,W,H",
        },
    )

    def __post_init__(self) -> None:
        for one in fields(self):
            value, least = getattr(self, one.name), one.metadata.get("least")
            if least is not None and value < least:
                raise SettingError(one.name, f"{one.name} is {value}: it must be at least {least}")
        if self.pages is not None:
            _checked("pages", parse_pages, self.pages)
        if self.region is not None:
            _checked("region", parse_region, self.region)
        _checked("pipeline", find_pipeline, self.pipeline)
        _checked("language", load_language, self.language)
        if self.allowed == frozenset():
            raise SettingError("whitelist", "the whitelist is empty; name the characters that may be read")

    @property
    def allowed(self) -> frozenset[str] | None:
        """The characters of the whitelist; None without one."""
        return None if self.whitelist is None else frozenset(self.whitelist) - frozenset(whitespace)

    @property
    def page_ranges(self) -> PageRanges | None:
        """The pages to read; None for the default pages of a file."""
        return None if self.pages is None else parse_pages(self.pages)

    @property
    def region_box(self) -> Box | None:
        """The part of each page to read; None for all of it."""
        return None if self.region is None else parse_region(self.region)


def _checked(setting: str, make: Callable[[Given], Made], value: Given) -> Made:
    """Return the parsed value of a setting; errors name the setting."""
    try:
        return make(value)
    except ValueError as error:
        raise SettingError(setting, error) from error
