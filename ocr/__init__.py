"""Reads hand-printed letters and plain print from photos and scans."""

from importlib import import_module
from typing import TYPE_CHECKING

from ocr import errors as errors

if TYPE_CHECKING:
    from ocr.document import Alternative, Block, Box, Cell, Document, Glyph, Line, Page, Word
    from ocr.options import ReadOptions
    from ocr.reader import Reader, read
    from ocr.recognition.confidence import marked

    __all__ = [
        "Alternative",
        "Block",
        "Box",
        "Cell",
        "Document",
        "Glyph",
        "Line",
        "Page",
        "ReadOptions",
        "Reader",
        "Word",
        "marked",
        "read",
    ]
else:
    _HOMES = dict.fromkeys(
        ["Alternative", "Block", "Box", "Cell", "Document", "Glyph", "Line", "Page", "Word"], "ocr.document"
    )
    _HOMES |= dict.fromkeys(["Reader", "read"], "ocr.reader")
    _HOMES |= {"ReadOptions": "ocr.options", "marked": "ocr.recognition.confidence"}

    def __getattr__(name):  # what takes long to import waits until it is used: Ctrl-C works before that
        if name == "__all__":  # who asks for it wants what it names
            globals().update({each: getattr(import_module(home), each) for each, home in _HOMES.items()})
            return sorted(_HOMES)
        if name not in _HOMES:
            raise AttributeError(f"module 'ocr' has no attribute '{name}'")
        return getattr(import_module(_HOMES[name]), name)

    def __dir__():
        return sorted({*globals(), *_HOMES})
