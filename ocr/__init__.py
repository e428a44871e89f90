"""Reads hand-printed letters and plain print from photos and scans."""

from importlib import import_module
from typing import TYPE_CHECKING

from ocr import errors as errors

if TYPE_CHECKING:
    from ocr.confidence import marked
    from ocr.document import Alternative, Box, Document, Glyph, Line, Page, Word
    from ocr.reader import Reader, read
else:
    _HOMES = {"marked": "ocr.confidence", "Reader": "ocr.reader", "read": "ocr.reader"}

    def __getattr__(name):  # what takes long to import waits until it is used: Ctrl-C works before that
        if name not in __all__:
            raise AttributeError(f"module 'ocr' has no attribute '{name}'")
        return getattr(import_module(_HOMES.get(name, "ocr.document")), name)

    def __dir__():
        return sorted({*globals(), *__all__})


__all__ = ["Alternative", "Box", "Document", "Glyph", "Line", "Page", "Reader", "Word", "marked", "read"]
