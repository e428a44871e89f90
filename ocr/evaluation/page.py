"""The report as one self-contained HTML page: a table, diagrams, and the worst pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from ocr.document import Document
from ocr.evaluation.alignment import Change, changes
from ocr.evaluation.calibration import error_by_chance
from ocr.evaluation.diagram import reliability_diagram
from ocr.evaluation.evaluate import OURS, Result, SetResult, add_up
from ocr.evaluation.overlay import overlays
from ocr.evaluation.table import HEADS, LEGEND, calibration_error, cells, rows_of
from ocr.evaluation.tally import Sureness, aligned_letters
from ocr.evaluation.views import VIEWS, folded
from pipelines.errors import PictureError

STYLE = """:root{color-scheme:light dark}
body{font:15px/1.5 system-ui,sans-serif;max-width:1150px;margin:2em auto;padding:0 1em}
table{border-collapse:collapse}td,th{padding:.15em .7em;text-align:right}th{border-bottom:1px solid #888}
td:nth-child(-n+2),th:nth-child(-n+2){text-align:left}.wide{overflow-x:auto}
section{border-top:1px solid #888;margin-top:1.5em;padding-top:.5em}
figure{display:inline-block;margin:0 2em 1em 0;max-width:20em;vertical-align:top}figcaption{font-size:.9em}
svg text{font-size:11px;fill:currentColor}.frame{fill:none;stroke:#888}.bar{fill:#2a6fb0}
.diagonal{stroke:currentColor;stroke-dasharray:4 3}.picture{max-width:100%;height:auto}
.picture rect{fill:transparent;vector-effect:non-scaling-stroke}.right{stroke:#2a6fb0;stroke-width:1}
.wrong{stroke:#c22;stroke-width:2.5;stroke-dasharray:5 3}
pre{white-space:pre-wrap;margin:.2em 0;font:14px/1.5 ui-monospace,monospace}
dt{font-weight:600}dd{margin:0 0 .5em}del{background:#c222}ins{background:#2a6fb033}
.letters{font-family:ui-monospace,monospace}
.letters span{display:inline-block;text-align:center;margin:0 .25em .25em 0}
.letters small{display:block;font-size:.7em}.letters .wrong{border:2px dashed #c22;padding:0 .2em}"""

BLANK = "␣"
"""Stands for a missing or extra space."""
HOW_TO_READ = (
    "Thick dashed boxes are round letters that were read wrongly. In the texts, what should be there is "
    "struck out and what was read instead is underlined."
)


def render_page(sets: Sequence[SetResult], max_pixels: int) -> Iterator[str]:
    """Yield the parts of the page.

    Parameters
    ----------
    sets : sequence of SetResult
    max_pixels : int
        Larger pictures are not shown.
    """
    yield (
        '<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>How well it reads</title>'
        '<meta name="viewport" content="width=device-width">'
        f"<style>{STYLE}</style>\n<h1>How well it reads</h1>\n"
    )
    yield _measures(sets)
    yield _confidence(sets)
    if any(one.worst for one in sets):
        yield f"<h2>The worst pictures</h2>\n<p>{HOW_TO_READ}</p>\n"
    for one in sets:
        for result in one.worst:
            yield _picture(one.name, result, max_pixels)
    yield "</html>\n"


def _measures(sets: Sequence[SetResult]) -> str:
    rows = [
        [name, reader, *cells(pictures, tallies, seconds)]
        for name, reader, pictures, tallies, seconds in rows_of(sets)
    ]
    return f"{_table(['set', 'reader', *HEADS], rows)}<p>{escape(LEGEND)}</p>\n"


def _confidence(sets: Sequence[SetResult]) -> str:
    ours = {"overall": add_up(one.tallies for one in sets)[OURS]}
    if len(sets) > 1:
        ours = {one.name: one.tallies[OURS] for one in sets} | ours
    overall = ours["overall"]["exact"]
    shown = {"letters": overall.of_letters, "words": overall.of_words}
    diagrams = "".join(reliability_diagram(said, kind) for kind, said in shown.items() if len(said.sure))
    if not diagrams:
        return ""
    rows = [
        [name, f"{kind}, {view.title}", *_sureness(said)]
        for name, tallies in ours.items()
        for key, view in VIEWS.items()
        for kind, said in (("letters", tallies[key].of_letters), ("words", tallies[key].of_words))
        if len(said.sure)
    ]
    heads = ["set", "of", "count", "mean confidence %", "right %", "ECE %", "by chance %"]
    return (
        f"<h2>Whether confidences mean what they say</h2>\n{diagrams}"
        f"<details><summary>By set and view</summary>{_table(heads, rows)}</details>\n"
    )


def _sureness(said: Sureness) -> list[str]:
    shares = (said.sure.mean(), said.right.mean(), calibration_error(said) or 0.0, error_by_chance(said))
    return [str(len(said.sure)), *(f"{100 * share:.1f}" for share in shares)]


def _picture(set_name: str, result: Result, max_pixels: int) -> str:
    sample, document = result.sample, result.document
    reference = folded(sample.reference)
    tally = result.tallies[OURS]["exact"]
    letters = aligned_letters(reference, document, VIEWS["exact"]) if document is not None else []
    wrong = {id(letter.glyph) for letter in letters if not letter.is_right}
    try:
        pictures = "<br>".join(overlays(sample.picture, document, wrong, max_pixels))
    except PictureError as error:
        pictures = f"<p>{escape(str(error))}</p>"
    terms = [("reference", f"<pre>{escape(reference)}</pre>")]
    for reader, text in result.readings.items():
        cer = result.tallies[reader]["exact"].cer
        terms.append((f"{reader}, {cer:.0%} wrong", _difference(changes(reference, folded(text)))))
    if document is not None and document.text:
        terms.append(("confidence of the letters, in percent", _letters(document, wrong)))
    listed = "".join(f"<dt>{escape(term)}</dt><dd>{content}</dd>" for term, content in terms)
    wrongly = f"{tally.cer:.0%}, {tally.edits} of {tally.length} characters wrong"
    head = f"{set_name}, {sample.picture.name}: {wrongly}"
    return f"<section><h3>{escape(head)}</h3>\n{pictures}\n<dl>{listed}</dl></section>\n"


def _difference(parts: Sequence[Change]) -> str:
    """Show a reading against its reference: the expected text struck out, the reading underlined."""
    shown, told = [], []
    for part in parts:
        if part.is_right:
            shown.append(escape(part.reading))
            continue
        expected, read = (text.replace(" ", BLANK) for text in (part.reference, part.reading))
        shown.append(f"<del>{escape(expected)}</del>" if expected else "")
        shown.append(f"<ins>{escape(read)}</ins>" if read else "")
        told.append(_told(expected, read))
    words = "; ".join(told) or "nothing wrong"
    return f"<pre>{''.join(shown)}</pre>{escape(words)}"


def _told(expected: str, read: str) -> str:
    if not read:
        return f"“{expected}” missing"
    return f"“{expected}” read as “{read}”" if expected else f"“{read}” added"


def _letters(document: Document, wrong: set[int]) -> str:
    words = (
        "".join(
            f"<span{' class=wrong title=wrong' if id(glyph) in wrong else ''}>{escape(glyph.text)}"
            f"<small>{100 * glyph.confidence:.0f}</small></span>"
            for glyph in word.glyphs
        )
        for word in document.words
    )
    return f'<div class="letters">{" &nbsp; ".join(words)}</div>'


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    top = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>\n" for row in rows)
    return f'<div class="wide"><table><tr>{top}</tr>\n{body}</table></div>\n'
