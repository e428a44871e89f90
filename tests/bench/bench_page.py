"""Time and memory of pages of 1,250, 2,500 and 5,000 glyphs, each read in a process of its own.

Run with ``python -m tests.bench.bench_page``. The pages are lines of ``samples/paragraph.png``, repeated. It
prints for each page the glyphs read, the seconds (the better of two readings), the milliseconds a glyph, and
the most memory that the process held; the last column is the time a glyph beside that of the smallest page.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time

import cv2
import numpy as np

from tests.bench.record import ROOT, record

PARAGRAPH = ROOT / "samples/paragraph.png"
GLYPHS = (1250, 2500, 5000)


def measure(glyphs: int) -> tuple[int, float, float]:
    """Return how many glyphs are read on a page of about so many, the seconds and the megabytes."""
    import ocr

    block = cv2.imread(str(PARAGRAPH), cv2.IMREAD_GRAYSCALE)
    assert block is not None
    there = len(ocr.read(block).glyphs)
    times = max(1, round(glyphs / there))
    columns = max(1, round((times * block.shape[0] / block.shape[1]) ** 0.5))
    rows = -(-times // columns)
    tiles = [block if k < times else np.full_like(block, 255) for k in range(rows * columns)]
    page = np.vstack([np.hstack(tiles[row * columns : (row + 1) * columns]) for row in range(rows)])
    reader, seconds = ocr.Reader(), float("inf")
    for _ in range(2):
        started = time.perf_counter()
        found = len(reader.read(page).glyphs)
        seconds = min(seconds, time.perf_counter() - started)
    return found, seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    print("| glyphs | seconds | ms a glyph | MB | beside the first |\n|---:|---:|---:|---:|---:|")
    first, rows = 0.0, []
    for glyphs in GLYPHS:
        command = [sys.executable, "-m", "tests.bench.bench_page", str(glyphs)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=ROOT)
        found, seconds, megabytes = json.loads(done.stdout)
        each = 1000 * seconds / found
        first = first or each
        print(f"| {found} | {seconds:.2f} | {each:.2f} | {megabytes:.0f} | {each / first:.2f} |", flush=True)
        rows.append({"glyphs": found, "seconds": seconds, "megabytes": megabytes})
    record("page", {"pages": rows})


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure(int(sys.argv[1]))))
    else:
        main()
