"""How long the reader takes, and how much memory.

Run it by hand where this project is installed, on a machine that is otherwise idle:
``python -m tests.bench.bench_reading``. A page of 12 megapixels, as a phone takes it, is read again and
again in a process of its own, and a small sample by the command, each time from its start.
"""

from __future__ import annotations

import itertools
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from tests.bench.record import record

ROOT = Path(__file__).parents[2]
TEXT = (
    "When the clockmaker retired, he gave every child in the village a small brass key. None of them "
    "opened anything that anybody knew of, but all of them were kept, and in the evenings they were tried "
    "on cupboards, on garden gates, and once, by a girl of five, on the door of the town hall, which opened. "
)
READINGS, STARTS = 5, 7


def photo(columns: int = 4000, rows: int = 3000) -> Image.Image:
    """Return a page of 30 lines of print, photographed askew in light that falls off to one corner."""
    page = Image.new("L", (columns, rows), 235)
    draw, font = ImageDraw.Draw(page), ImageFont.load_default(64)
    words = itertools.cycle(TEXT.split())
    for line in range(30):
        text = next(words)
        while font.getlength(text) < columns - 1000:
            text += f" {next(words)}"
        draw.text((330, 200 + 86 * line), text, fill=45, font=font)
    corners = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], np.float32)
    moved = corners + np.array([[40, 90], [-60, 20], [-20, -50], [70, -30]], np.float32)
    tilted = cv2.warpPerspective(
        np.asarray(page), cv2.getPerspectiveTransform(corners, moved), (columns, rows), borderValue=120
    )
    light = np.outer(np.linspace(1, 0.7, rows), np.linspace(1, 0.8, columns))
    noise = np.random.default_rng(0).normal(0, 4, (rows, columns))
    grey = np.clip(cv2.GaussianBlur(tilted, (0, 0), 1.2) * light + noise, 0, 255)
    tint = np.array([1.0, 0.97, 0.9])
    return Image.fromarray((grey[..., None] * tint).astype(np.uint8))


def read_again_and_again(path: Path) -> None:
    """Print as JSON what one process takes to read a picture `READINGS` times."""
    import ocr

    reader, seconds = ocr.Reader(), []
    glyphs = 0
    for _ in range(READINGS):
        start = time.perf_counter()
        glyphs = len(list(reader.read(path).glyphs))
        seconds.append(time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    megabytes = peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6
    print(json.dumps({"seconds": seconds, "megabytes": megabytes, "glyphs": glyphs}))


def measured_photo(folder: Path) -> dict[str, list[float] | float]:
    """Return what `read_again_and_again` prints, of a photo, from a process that did nothing else.

    The photo too is made elsewhere: a process that is started counts the peak of the one that started it.
    """
    path = str(folder / "photo.jpg")
    again = [sys.executable, "-m", "tests.bench.bench_reading"]
    subprocess.run([*again, "make", path], check=True, cwd=ROOT)
    done = subprocess.run([*again, "read", path], stdout=subprocess.PIPE, check=True, cwd=ROOT)
    return dict(json.loads(done.stdout))


def cold_starts() -> list[float]:
    """Return the seconds that ``ocr read`` takes for a small sample, from nothing to its end."""
    command = [sys.executable, "-m", "ocr", "read", str(ROOT / "samples" / "digits.png")]
    seconds = []
    for _ in range(STARTS):
        start = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        seconds.append(time.perf_counter() - start)
    return seconds


def row(name: str, seconds: list[float]) -> str:
    """Return a line of the table."""
    return f"{name:<44}{statistics.median(seconds):>8.2f}{min(seconds):>8.2f}{max(seconds):>8.2f}"


def main() -> None:
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"{'seconds':<44}{'median':>8}{'least':>8}{'most':>8}")
    starts = cold_starts()
    print(row("ocr read samples/digits.png, whole process", starts))
    with tempfile.TemporaryDirectory() as folder:
        found = measured_photo(Path(folder))
    seconds = found["seconds"]
    assert isinstance(seconds, list)
    print(row(f"12-megapixel photo, {found['glyphs']} glyphs, running process", seconds))
    print(f"peak memory of that process: {found['megabytes']:.0f} MB")
    record("reading", {"seconds from the start": starts, "photo of 12 megapixels": found})


if __name__ == "__main__":
    if sys.argv[1:2] == ["make"]:
        photo().save(sys.argv[2], quality=90)
    elif sys.argv[1:2] == ["read"]:
        read_again_and_again(Path(sys.argv[2]))
    else:
        main()
