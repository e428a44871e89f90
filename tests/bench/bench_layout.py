"""Lines found on whole pages, and their order, against pages with known lines.

Run with ``python -m tests.bench.bench_layout PAGES``, or with the folder in ``OCR_DATA``: there lie
``docbank.zip``, ``publaynet.zip`` and ``sroie.zip``, each with pairs of ``NAME.webp`` and ``NAME.json``.
``--sets`` and ``--part`` choose some of them.

A line is found if its box and that of a line of the page, each taken once, have an intersection over union
of at least one half. Two figures are printed: the F1 of the lines, and Kendall's tau of the order of those
found.
What the pages say of lines differs:

- receipts (``sroie``) have boxes of text, joined to rows here, from top to bottom;
- articles (``docbank``) have boxes of words, joined to lines here. Formulas and what is in figures have no
  lines that one could agree on: lines found there are not judged;
- articles (``publaynet``) have outlines of regions. Their lines are the rows of ink in regions of text. Lines
  found outside of those are not judged.

The words and regions of articles are not listed in the order in which they are read. That is taken from the
boxes by the rules of Breuel: a line comes before another that overlaps it in width and is lower, and before
one that is wholly to the right of it unless a line between the two in height overlaps both in width.

References
----------
T. M. Breuel, "High performance document layout analysis", Symposium on Document Image Understanding
Technology, 2003.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy.sparse.csgraph import connected_components
from scipy.stats import kendalltau

from tests.bench.record import record

Boxes = npt.NDArray[np.float64]
Picture = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int32]

OVERLAP = 0.5
"""Least intersection over union of a line that is found."""
ROW, GAP = 0.6, 2.5
"""Boxes are in one row if they share this much of the lower one's height; and the widest gap between words of
a line, in heights."""
SPACE, NEAR, CROSSED = 0.3, 2.5, 2
"""A gap of more than this share of the widest one may be a gutter; it is none if so many words cross it,
within so many of the widest gaps above and below."""
MATH = re.compile(r"CM(MI|SY|EX|BSY|MIB)|MS[AB]M|Math|Symbol")
"""Fonts of mathematics."""
HIGH = 1.8
"""Boxes of words this many times as high as usual are those of large signs of formulas."""
DARK, PAPER = 64, 95
"""Ink is darker than the paper by this much; and the percentile of the grey levels that is paper."""


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """The lines of a page in reading order, float64 (N, 4), and where found lines are judged.

    Attributes
    ----------
    lines : float64 array, shape (N, 4)
        Left, top, right and bottom.
    unjudged : float64 array, shape (M, 4)
        A line found that covers more of these than of `lines` is not judged.
    judged_beside : bool
        Whether lines found elsewhere are judged.
    """

    lines: Boxes
    unjudged: Boxes = field(default_factory=lambda: np.zeros((0, 4)))
    judged_beside: bool = True


def shared(boxes: Boxes, others: Boxes) -> Boxes:
    """Return the area that each box shares with each other one, float64 (N, M)."""
    sides = np.minimum(boxes[:, None, 2:], others[:, 2:]) - np.maximum(boxes[:, None, :2], others[:, :2])
    return np.asarray(np.maximum(sides, 0).prod(axis=2))


def areas(boxes: Boxes) -> npt.NDArray[np.float64]:
    """Return the area of each box."""
    return np.asarray((boxes[:, 2:] - boxes[:, :2]).prod(axis=1))


def judge(found: Boxes, truth: Truth) -> tuple[float, float]:
    """Return the F1 of found lines, and Kendall's tau of their order; that is NaN for fewer than three."""
    covered = shared(found, truth.lines)
    beside = shared(found, truth.unjudged).sum(axis=1)
    kept = covered.sum(axis=1) >= beside
    if not truth.judged_beside:
        kept &= covered.sum(axis=1) > OVERLAP * areas(found)
    found, covered = found[kept], covered[kept]
    ratio = covered / (areas(found)[:, None] + areas(truth.lines) - covered)
    pairs: list[tuple[int, int]] = []
    for place in np.argsort(-ratio, axis=None, kind="stable").tolist():
        one, other = divmod(place, len(truth.lines))
        if ratio[one, other] < OVERLAP:
            break
        if all(one != a and other != b for a, b in pairs):
            pairs.append((one, other))
    score = 2 * len(pairs) / max(1, len(found) + len(truth.lines))
    order = kendalltau(*zip(*pairs, strict=True)).statistic if len(pairs) > 2 else float("nan")
    return score, float(order)


def rows_of(boxes: Boxes, gaps: npt.NDArray[np.float64], tables: Mask | None = None) -> Rows:
    """Return which boxes are in one row: at one height, with gaps of at most so many pixels.

    Parameters
    ----------
    boxes : float64 array, shape (N, 4)
    gaps : float64 array, shape (N,)
    tables : bool array, shape (N,), optional
        Boxes in tables: they are joined to each other over any gap, and to no others. Of the others, a gap
        wider than a space is a gutter if hardly any box near it lies across it.

    Returns
    -------
    int array, shape (N,)
        The number of each box's row.
    """
    left, top, right, bottom = boxes.T
    low = np.minimum((bottom - top)[:, None], bottom - top)
    common = np.minimum(bottom[:, None], bottom) - np.maximum(top[:, None], top)
    apart = np.maximum(left[:, None], left) - np.minimum(right[:, None], right)
    level, most = common > ROW * low, np.maximum(gaps[:, None], gaps)
    near = apart <= most
    if tables is not None:
        for one, other in np.argwhere(np.triu(level & near & (apart > SPACE * most), 1)).tolist():
            start, end = min(right[one], right[other]), max(left[one], left[other])
            between = level[one] & level[other] & (left < end) & (right > start)
            middle, reach = (start + end) / 2, NEAR * most[one, other]
            crossed = (left < middle) & (right > middle) & (np.abs(top - top[one]) < reach)
            near[one, other] = near[other, one] = crossed.sum() >= CROSSED and not between.any()
        near = np.where(tables[:, None] & tables, True, near & ~(tables[:, None] ^ tables))
    return np.asarray(connected_components(level & near, directed=False)[1])


def around(boxes: Boxes, row: Rows) -> Boxes:
    """Return the box around the boxes of each row."""
    rows = [boxes[row == k] for k in range(row.max(initial=-1) + 1)]
    return np.array([[*row[:, :2].min(axis=0), *row[:, 2:].max(axis=0)] for row in rows]).reshape(-1, 4)


def in_order(lines: Boxes, others: Boxes | None = None) -> Boxes:
    """Return lines in reading order, by the rules of Breuel.

    Parameters
    ----------
    lines : float64 array, shape (N, 4)
    others : float64 array, shape (M, 4), optional
        What else lies between lines.
    """
    every = lines if others is None else np.concatenate([lines, others])
    left, top, right, bottom = every.T
    middle = (top + bottom) / 2
    across = np.minimum(right[:, None], right) > np.maximum(left[:, None], left)
    before = across & (middle[:, None] < middle)
    for a, b in np.argwhere(right[:, None] <= left).tolist():
        low, high = sorted((middle[a], middle[b]))
        before[a, b] = not (across[a] & across[b] & (middle > low) & (middle < high)).any()
    order, rest = list[int](), np.argsort(middle, kind="stable").tolist()
    while rest:
        waits = before[np.ix_(rest, rest)].sum(axis=0)
        order.append(rest.pop(int(np.argmin(waits))))
    return every[[k for k in order if k < len(lines)]]


def receipt(page: dict[str, Any], picture: Picture) -> Truth:
    """Return the rows of a receipt."""
    quads = np.array([line["quad"] for line in page["lines"]], float)
    boxes = np.concatenate([quads.min(axis=1), quads.max(axis=1)], axis=1)
    rows = around(boxes, rows_of(boxes, np.full(len(boxes), np.inf)))
    return Truth(rows[np.argsort(rows[:, 1] + rows[:, 3], kind="stable")])


def words(page: dict[str, Any], picture: Picture) -> Truth:
    """Return the lines of an article with boxes of words, without those that are mostly mathematics.

    The boxes are those of the fonts, which signs of formulas leave: lines have the height of their other
    words.
    """
    tokens = [token for token in page["tokens"] if token["text"] != "##LTLine##"]
    boxes = np.array([token["box"] for token in tokens], float).reshape(-1, 4)
    label = np.array([token["label"] for token in tokens])
    math = np.array([bool(MATH.search(token["font"] or "")) for token in tokens])
    heights = boxes[:, 3] - boxes[:, 1]
    drawn = (label == "figure") | np.char.startswith([token["text"] for token in tokens], "##")
    usual = heights < HIGH * np.median(heights)
    text = ~drawn & usual & (label != "equation") & (areas(boxes) > 0)
    within, signs = boxes[text], math[text]
    row = rows_of(within, GAP * heights[text], label[text] == "table")
    lines = around(within, row)
    wide = [np.bincount(row, weights * (within[:, 2] - within[:, 0])) for weights in (signs, ~signs)]
    formula = wide[0] > wide[1]
    for k in np.flatnonzero(~formula):
        own = within[(row == k) & ~signs]
        lines[k, 1], lines[k, 3] = own[:, 1].min(), own[:, 3].max()
    unjudged = np.concatenate([boxes[drawn | ((label == "equation") & usual)], lines[formula]])
    between = around(unjudged, rows_of(unjudged, np.full(len(unjudged), GAP * np.median(heights))))
    return Truth(in_order(lines[~formula], between), unjudged)


def regions(page: dict[str, Any], picture: Picture) -> Truth:
    """Return the lines of an article with outlines of regions: rows of ink within them."""
    grey = np.asarray(Image.fromarray(picture).convert("L"))
    lines = list[list[float]]()
    for region in page["regions"]:
        if region["type"] in ("text", "title", "list"):
            left, top, width, height = region["box"]
            x, y = max(0, round(left)), max(0, round(top))
            lines += _rows(grey[y : round(top + height), x : round(left + width)], x, y)
    return Truth(in_order(np.array(lines).reshape(-1, 4)), judged_beside=False)


def _rows(grey: Picture, x: int, y: int) -> list[list[float]]:
    """Return the boxes of the rows of ink on a part of a picture that begins at (x, y)."""
    dark = np.percentile(grey, PAPER) - grey.astype(np.float64) if grey.size else np.zeros(grey.shape)
    ink = np.maximum(dark - DARK / 4, 0).sum(axis=1)
    busy = ink > ROW / 4 * np.median(ink[ink > 0]) if (ink > 0).any() else ink > 0
    edges = np.flatnonzero(np.diff(busy, prepend=False, append=False)).reshape(-1, 2)
    usual = np.median(edges[:, 1] - edges[:, 0]) if len(edges) else 0
    rows = []
    for start, stop in edges[edges[:, 1] - edges[:, 0] > ROW * usual].tolist():
        columns = np.flatnonzero((dark[start:stop] > DARK).any(axis=0))
        if len(columns):
            rows.append([float(v) for v in (x + columns[0], y + start, x + columns[-1] + 1, y + stop)])
    return rows


TRUTHS: dict[str, Callable[[dict[str, Any], Picture], Truth]] = {
    "docbank": words,
    "publaynet": regions,
    "sroie": receipt,
}


def pages(path: Path, part: tuple[int, ...] = (0, 1, 2)) -> Iterator[tuple[str, Picture, dict[str, Any]]]:
    """Yield name, picture and contents of the pages in a zip whose number, modulo 3, is in `part`."""
    with zipfile.ZipFile(path) as held:
        names = sorted(name[:-5] for name in held.namelist() if name.endswith(".json"))
        for number, name in enumerate(names):
            if number % 3 in part:
                picture = Image.open(io.BytesIO(held.read(f"{name}.webp"))).convert("RGB")
                yield name, np.asarray(picture), json.loads(held.read(f"{name}.json"))


def main() -> None:
    import ocr

    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("pages", type=Path, nargs="?", default=os.environ.get("OCR_DATA"))
    parser.add_argument("--sets", default=",".join(TRUTHS))
    parser.add_argument("--part", default="0,1,2", help="which thirds of the pages")
    chosen = parser.parse_args()
    if chosen.pages is None:
        parser.error("name the folder of the pages, or set OCR_DATA")
    reader, figures = ocr.Reader(), dict[str, Any]()
    part = tuple(int(third) for third in chosen.part.split(","))
    print("| set | pages | F1 of lines | tau of their order | s of CPU a page |\n|---|---:|---:|---:|---:|")
    for name in chosen.sets.split(","):
        scores, seconds = list[tuple[float, float]](), 0.0
        for _, picture, page in pages(Path(chosen.pages) / f"{name}.zip", part):
            started = time.process_time()
            lines = [line.box for line in reader.read_page(picture).lines]
            seconds += time.process_time() - started
            found = np.array([[box.left, box.top, box.right, box.bottom] for box in lines], float)
            scores.append(judge(found.reshape(-1, 4), TRUTHS[name](page, picture)))
        f1, tau = np.mean([f1 for f1, _ in scores]), np.nanmean([tau for _, tau in scores])
        each = seconds / max(1, len(scores))
        print(f"| {name} | {len(scores)} | {f1:.3f} | {tau:.3f} | {each:.1f} |", flush=True)
        figures[name] = {"pages": len(scores), "F1": f1, "tau": tau, "seconds of CPU a page": each}
    record("layout", figures)


if __name__ == "__main__":
    main()
