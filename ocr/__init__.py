"""Reads hand-printed letters and plain print from photos and scans."""

from ocr.confidence import marked
from ocr.document import Alternative, Box, Document, Glyph, Line, Page, Word
from ocr.reader import Reader, read

__all__ = ["Alternative", "Box", "Document", "Glyph", "Line", "Page", "Reader", "Word", "marked", "read"]
