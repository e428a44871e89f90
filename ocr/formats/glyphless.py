"""A font for invisible text: all characters have the same width, and the height of their word.

PDF viewers use the font's size and baseline to group words into lines, and the outlines of glyphs to locate
letters. So all words of a line have one size and one baseline, and the glyph of each letter has an outline, a
stroke without width, from the bottom of its word to the top.

References
----------
OpenType specification 1.9: ``glyf``, ``head``, ``hhea``, ``hmtx``, ``loca``, ``maxp``.
ISO 32000-1:2008: 9.7.4 (CIDFonts), 9.10.3 (ToUnicode).
"""

from __future__ import annotations

from itertools import accumulate
from struct import pack
from typing import Any

UNITS = 1024
"""Width of a character, as a share of the font size."""
WIDTH = UNITS // 2
LEVELS = 64
"""Steps in the height of a line, to which the bottom and top of a word are rounded."""
_MOST_CODES = 65535
_AT_ONCE = 100  # most characters in one part of the character table

_HEAD = """/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CMapName /Adobe-Identity-UCS def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange
"""
_TAIL = "endcmap CMapName currentdict /CMap defineresource pop end end\n"

Extent = tuple[int, int]


class Glyphless:
    """The font of one PDF. It collects which characters, with which extents, are in use."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, Extent], int] = {}
        self._glyphs: dict[Extent, int] = {}

    def codes(self, text: str, extent: Extent) -> str:
        """Return the hexadecimal codes that show a text from one level to another.

        A line extends from 0 to `LEVELS`; words that reach beyond it have other levels.
        """
        if len(self._codes) + len(text) > _MOST_CODES // 2:
            extent = (0, LEVELS)  # so that there are codes for any characters
        self._glyphs.setdefault(extent, len(self._glyphs) + 1)
        numbers = (self._codes.setdefault((each, extent), len(self._codes) + 1) for each in text)
        return "".join(f"{number:04X}" for number in numbers)

    def complete(self, pdf: Any, font: Any) -> None:
        """Fill in a PDF dictionary as this font."""
        from pikepdf import Array, Dictionary, Name, String

        name, program = Name.Glyphless, _program([*self._glyphs])
        places = [0, *(self._glyphs[extent] for _, extent in self._codes)]
        descriptor = Dictionary(
            Type=Name.FontDescriptor,
            FontName=name,
            FontFile2=pdf.make_stream(program, Length1=len(program)),
            FontBBox=Array([0, 0, 500, 1000]),
            Ascent=1000,
            CapHeight=1000,
            Descent=0,
            ItalicAngle=0,
            StemV=80,
            Flags=5,
        )
        character_font = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=name,
            CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0),
            CIDToGIDMap=pdf.make_stream(pack(f">{len(places)}H", *places)),
            DW=500,
            FontDescriptor=pdf.make_indirect(descriptor),
        )
        font.Type, font.Subtype, font.BaseFont = Name.Font, Name.Type0, name
        font.Encoding = Name("/Identity-H")
        font.DescendantFonts = Array([pdf.make_indirect(character_font)])
        font.ToUnicode = pdf.make_stream(self._table().encode("ascii"))

    def _table(self) -> str:
        """Return the ToUnicode table: the characters that codes stand for."""
        rows = [f"<{n:04X}> <{each.encode('utf-16-be').hex()}>" for (each, _), n in self._codes.items()]
        parts = [rows[start : start + _AT_ONCE] for start in range(0, len(rows), _AT_ONCE)]
        tables = (f"{len(part)} beginbfchar\n{chr(10).join(part)}\nendbfchar\n" for part in parts)
        return _HEAD + "".join(tables) + _TAIL


def _program(extents: list[Extent]) -> bytes:
    """Return a TrueType font: an empty glyph, then one of each extent."""
    glyphs = [b"", *map(_glyph, extents)]
    count = len(glyphs)
    ends = [0, *accumulate(map(len, glyphs))]
    box = (0, 0, WIDTH, UNITS)
    tables = {
        b"glyf": b"".join(glyphs),
        b"head": pack(">4I2H2q4h2H3h", 0x10000, 0x10000, 0, 0x5F0F3CF5, 3, UNITS, 0, 0, *box, 0, 8, 2, 1, 0),
        b"hhea": pack(">I3hH11hH", 0x10000, UNITS, 0, 0, WIDTH, 0, 0, WIDTH, 1, *[0] * 7, 1),
        b"hmtx": pack(">Hh", WIDTH, 0) + bytes(2 * (count - 1)),
        b"loca": pack(f">{len(ends)}I", *ends),
        b"maxp": pack(">I14H", 0x10000, count, 2, 1, 0, 0, 1, *[0] * 8),
    }
    place, directory, body = 12 + 16 * len(tables), b"", b""
    for tag, table in tables.items():
        padded = table + bytes(-len(table) % 4)
        words = memoryview(padded).cast("B")
        total = sum(int.from_bytes(words[k : k + 4]) for k in range(0, len(padded), 4)) & 0xFFFFFFFF
        directory += pack(">4s3I", tag, total, place + len(body), len(table))
        body += padded
    return pack(">I4H", 0x10000, len(tables), 64, 2, 32) + directory + body


def _glyph(extent: Extent) -> bytes:
    """Return a stroke from the lower left corner to the upper right."""
    low, high = (UNITS * level // LEVELS for level in extent)
    box = (1, 0, low, WIDTH, high)
    points = (0, WIDTH, low, high - low)  # x and y, each less the one before
    return pack(">5h2H2B4h", *box, 1, 0, 1, 1, *points)
