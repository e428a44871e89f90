"""Output formats: each is one file here, with its names, and one line below."""

from __future__ import annotations

from nn.plugins import plugins
from ocr.formats import alto, csv, hocr, json, layout, markdown, page, pdf, text, tsv
from ocr.formats.format import Format, of_documents, of_pages

FORMATS: dict[str, Format] = {
    module.FORMAT.name: module.FORMAT
    for module in (text, layout, markdown, csv, json, tsv, hocr, alto, page, pdf)
}
"""The formats of this package, by their names."""


def formats() -> dict[str, Format]:
    """Return `FORMATS` and those of other packages, whose entry points ``letters_ocr.formats`` name them."""
    others = {one.name: one for one in plugins("letters_ocr.formats", Format)}
    return FORMATS | {name: one for name, one in others.items() if name not in FORMATS}


__all__ = ["FORMATS", "Format", "formats", "of_documents", "of_pages"]
