"""Reads hand-printed letters and plain print from photos and scans."""

from importlib import import_module
from typing import TYPE_CHECKING

from ocr import errors as errors

if TYPE_CHECKING:
    from ocr import formats as formats
    from ocr.document import Alternative, Block, Box, Cell, Document, Glyph, Line, Page, Word
    from ocr.many import read_many
    from ocr.options import ReadOptions
    from ocr.reader import Reader, read
    from ocr.recognition.confidence import marked

    __version__: str

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
        "read_many",
    ]
else:
    _HOMES = dict.fromkeys(
        ["Alternative", "Block", "Box", "Cell", "Document", "Glyph", "Line", "Page", "Word"], "ocr.document"
    )
    _HOMES |= dict.fromkeys(["Reader", "read"], "ocr.reader")
    _HOMES |= {"ReadOptions": "ocr.options", "marked": "ocr.recognition.confidence"}
    _HOMES |= {"read_many": "ocr.many"}

    def __getattr__(name):  # slow imports wait until they are needed, so that Ctrl-C works before
        if name == "__all__":  # a star import: everything is loaded
            globals().update({each: getattr(import_module(home), each) for each, home in _HOMES.items()})
            return sorted(_HOMES)
        if name == "formats":
            return import_module("ocr.formats")
        if name == "__version__":
            return import_module("importlib.metadata").version("letters-ocr")
        if name not in _HOMES:
            raise AttributeError(f"module 'ocr' has no attribute '{name}'")
        return getattr(import_module(_HOMES[name]), name)

    def __dir__():
        return sorted({*globals(), *_HOMES, "__version__", "formats"})
