"""Markdown: headings, paragraphs and tables, as CommonMark with the tables of GitHub.

A paragraph's lines are joined by spaces, except at intended line breaks, as in an address. Words hyphenated
at a line's end are joined. The first row of a table is its head. Characters that Markdown would take for
markup are escaped with a backslash. Doubtful letters are marked with ‹ › on request. Each of several
documents follows a comment with its name.

References
----------
J. MacFarlane: CommonMark Spec, version 0.31.2. GitHub Flavored Markdown Spec, version 0.29: 4.10 (tables).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from ocr.document import Line, without_leader
from ocr.formats.format import Format, of_documents
from ocr.formats.values import plain
from ocr.recognition.confidence import marked_word

if TYPE_CHECKING:
    from ocr.document import Block, Cell, Document

Spelled = Callable[[Line], str]

MOST_LEVELS = 6
HYPHENS = frozenset("-\u2010\u00ad")
_MARKUP = re.compile(
    r"[\\`*\[~]"  # code, emphasis, links
    r"|(?<![^\W_])_|_(?![^\W_])"  # emphasis, but not inside of a word
    r"|<(?=[A-Za-z/!?])|&(?=#|\w+;)"  # HTML and its characters
)
_AT_START = re.compile(
    r"^(\d{1,9}(?=[.)](?:\s|$))|(?=[+-](?:\s|$)))"  # lists
    r"|^(?=>|#{1,6}(?:\s|$)|-[-\s]*$)"  # quotations, headings, rules
)


def render(document: Document, min_confidence: float = 0.0) -> str:
    """Return the blocks of all pages with blank lines between; empty for an empty document."""

    def spelled(line: Line) -> str:
        text = plain(" ".join(marked_word(word, min_confidence) for word in line.words))
        return _MARKUP.sub(r"\\\g<0>", text)

    parts = [part for block in document.blocks if (part := _block(block, spelled))]
    return "\n\n".join(parts) + "\n" if parts else ""


def render_all(documents: Iterable[Document], min_confidence: float = 0.0) -> Iterator[str]:
    """Yield each document after a comment with its name."""
    for number, document in enumerate(documents):
        name, text = plain(document.source).replace(">", "\u203a"), render(document, min_confidence)
        yield ("\n" if number else "") + f"<!-- {name} -->\n" + (f"\n{text}" if text else "")


def _block(block: Block, spelled: Spelled) -> str:
    if block.rows:
        head, *rows = ([_cell(cell, spelled) for cell in row] for row in block.rows)
        return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows))
    text = _joined(block, spelled).strip()
    if block.level:
        return "#" * min(block.level, MOST_LEVELS) + " " + re.sub("(?=#+$)", r"\\", text, count=1)
    return _AT_START.sub(r"\1\\", text)


def _cell(cell: Cell, spelled: Spelled) -> str:
    text = spelled(Line(cell.words)) if cell.words else ""
    return without_leader(text).replace("|", r"\|")


def _joined(block: Block, spelled: Spelled) -> str:
    """Return the lines of a block as one, except at intended line breaks."""
    parts = []
    for place, (line, following) in enumerate(pairwise(block.lines)):
        written, between = _before(line, following)
        is_broken = place in block.ended and not block.level
        parts += [spelled(line), "\\\n"] if is_broken else [spelled(written), between]
    return "".join([*parts, spelled(block.lines[-1])])


def _before(line: Line, following: Line) -> tuple[Line, str]:
    """Return a line as it is written before another, and the separator between them.

    Small letters on both sides of a hyphen are joined to one word, and so are capitals; otherwise the hyphen
    stays.
    """
    *others, last = line.words
    letter, after = last.text[-2:-1], following.text[:1]
    if len(last.glyphs) < 2 or last.glyphs[-1].text not in HYPHENS or not (letter + after[:1]).isalnum():
        return line, " "
    if (letter.islower() and after.islower()) or (letter.isupper() and after.isupper()):
        return Line((*others, replace(last, glyphs=last.glyphs[:-1]))), ""
    return line, ""


FORMAT = Format(
    "markdown", "Markdown", "text/markdown; charset=utf-8", ".md", *of_documents(render, render_all)
)
