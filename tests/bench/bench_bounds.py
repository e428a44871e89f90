"""Time and memory of pictures that hold no text, or too much of it, each read in a process of its own.

Run with ``python -m tests.bench.bench_bounds``; ``--pictures``, ``--sizes`` (megapixels) and ``--pipelines``
take lists, a comma between their parts. It prints for each picture the letters read, the seconds of processor
time of one reading, and the most memory that the process held. Beyond the bound is what takes more than
1.5 seconds a megapixel and one second to start, or more than 200 MB a megapixel and 500 MB.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from tests.bench.record import ROOT, record

Picture = npt.NDArray[np.uint8]
Drawing = Callable[[np.random.Generator, int, int], Picture]

SECONDS, START = 1.5, 1.0
"""Processor time a megapixel, and to start."""
MEGABYTES, FLOOR = 200, 500
SIZES = (0.2, 1.0, 2.0, 4.0)
PIPELINES = ("auto", "scan", "photo", "document", "line", "word", "letter")
PATIENCE = 8
"""A reading that takes so many times what it may is stopped."""
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
TEXT = "the quick brown fox jumps over a lazy dog while seven wizards quietly mix jugs of vodka"
WORDS = TEXT.split()


def _stamped(
    rng: np.random.Generator, rows: int, columns: int, size: int, share: float, paper: int = 255
) -> Picture:
    """Return letters thrown about, one for each ``size² / share`` pixels."""
    page = np.full((rows, columns), paper, np.uint8)
    font = ImageFont.load_default(size)
    stamps = []
    for letter in LETTERS:
        stamp = Image.new("L", (2 * size, 2 * size), 255)
        ImageDraw.Draw(stamp).text((size // 2, size // 3), letter, fill=20, font=font)
        stamps.append(np.asarray(stamp))
    for _ in range(round(share * rows * columns / size**2)):
        y, x = int(rng.integers(0, max(1, rows - 2 * size))), int(rng.integers(0, max(1, columns - 2 * size)))
        area = page[y : y + 2 * size, x : x + 2 * size]
        drawn = stamps[int(rng.integers(len(stamps)))][: area.shape[0], : area.shape[1]]
        np.minimum(area, drawn, out=area)
    return page


def _text(rng: np.random.Generator, rows: int, columns: int, size: int, pitch: float) -> Picture:
    """Return lines of words."""
    page = Image.new("L", (columns, rows), 255)
    draw, font = ImageDraw.Draw(page), ImageFont.load_default(size)
    for top in range(size, rows - 2 * size, max(1, round(pitch * size))):
        words: list[str] = []
        while font.getlength(" ".join(words)) < columns - 4 * size - 1:
            words.append(WORDS[int(rng.integers(len(WORDS)))])
        draw.text((2 * size, top), " ".join(words[:-1]), fill=0, font=font)
    return np.asarray(page)


def _grain(rng: np.random.Generator, rows: int, columns: int, sigma: float, spread: float = 60) -> Picture:
    noise = rng.normal(0, 1, (rows, columns)).astype(np.float32)
    if sigma:
        noise = np.asarray(cv2.GaussianBlur(noise, (0, 0), sigma), np.float32)
        noise /= noise.std()
    return np.clip(150 + spread * noise, 0, 255).astype(np.uint8)


def _halftone(rng: np.random.Generator, rows: int, columns: int, pitch: float, degrees: float) -> Picture:
    """Return a screen of dots that grow with the dark of a picture of clouds."""
    y, x = np.mgrid[:rows, :columns].astype(np.float32)
    angle = np.radians(degrees)
    u, v = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
    screen = (np.cos(2 * np.pi * u / pitch) + np.cos(2 * np.pi * v / pitch)) / 4 + 0.5
    clouds = cv2.resize(rng.uniform(0.1, 0.9, (6, 6)), (columns, rows), interpolation=cv2.INTER_CUBIC)
    return np.where(screen < clouds, 20, 245).astype(np.uint8)


def _dots(rng: np.random.Generator, rows: int, columns: int, pitch: int, regular: bool) -> Picture:
    mask = np.zeros((rows, columns), np.uint8)
    if regular:
        mask[pitch // 2 :: pitch, pitch // 2 :: pitch] = 1
    else:
        mask[rng.random((rows, columns)) < 1 / pitch**2] = 1
    side = max(2, pitch // 2)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    return np.where(cv2.dilate(mask, disc) > 0, 20, 245).astype(np.uint8)


def _paper(rng: np.random.Generator, rows: int, columns: int) -> Picture:
    """Return rough paper in slanting light: noise of several scales, embossed."""
    bumps = np.zeros((rows, columns), np.float32)
    for size in (0.8, 1.6, 3.2, 6.4):
        bumps += size * _grain(rng, rows, columns, size, 40).astype(np.float32)
    lit = np.asarray(cv2.Sobel(bumps, cv2.CV_32F, 1, 0)) + np.asarray(cv2.Sobel(bumps, cv2.CV_32F, 0, 1))
    return np.clip(200 + 22 * lit / lit.std(), 0, 255).astype(np.uint8)


def _wood(rng: np.random.Generator, rows: int, columns: int) -> Picture:
    noise = rng.normal(0, 1, (rows, columns)).astype(np.float32)
    fibres = np.asarray(cv2.GaussianBlur(noise, (0, 0), sigmaX=40, sigmaY=1.5), np.float32)
    return np.clip(150 + 40 * fibres / fibres.std(), 0, 255).astype(np.uint8)


def _cloth(rng: np.random.Generator, rows: int, columns: int) -> Picture:
    y, x = np.mgrid[:rows, :columns].astype(np.float32)
    weave = np.sin(2 * np.pi * x / 7) * np.sign(np.sin(2 * np.pi * y / 14)) + np.sin(2 * np.pi * y / 7)
    return np.clip(130 + 40 * weave + rng.normal(0, 15, (rows, columns)), 0, 255).astype(np.uint8)


def _board(rng: np.random.Generator, rows: int, columns: int, side: int) -> Picture:
    y, x = np.ogrid[:rows, :columns]
    return np.where((y // side + x // side) % 2, 255, 0).astype(np.uint8)


def _maze(rng: np.random.Generator, rows: int, columns: int, cell: int) -> Picture:
    page = np.full((rows, columns), 255, np.uint8)
    for y in range(0, rows, cell):
        for x, leans in zip(range(0, columns, cell), rng.random(columns // cell + 1) < 0.5, strict=False):
            start, end = ((x, y), (x + cell, y + cell)) if leans else ((x + cell, y), (x, y + cell))
            cv2.line(page, start, end, 0, max(1, cell // 5))
    return page


def _frames(rng: np.random.Generator, rows: int, columns: int) -> Picture:
    page = np.full((rows, columns), 255, np.uint8)
    for inset in range(2, min(rows, columns) // 2, 8):
        cv2.rectangle(page, (inset, inset), (columns - inset, rows - inset), 0, 2)
    return page


def _lines(rng: np.random.Generator, rows: int, columns: int) -> Picture:
    page = np.full((rows, columns), 255, np.uint8)
    for _ in range(rows * columns // 4000):
        ends = rng.integers(0, (columns, rows), (2, 2))
        cv2.line(page, ends[0].tolist(), ends[1].tolist(), 0, 1)
    return page


def _half_flat(rng: np.random.Generator, rows: int, columns: int) -> Picture:
    page = _grain(rng, rows, columns, 1.0)
    page[:, : columns // 2] = 235
    return page


DRAWINGS: dict[str, Drawing] = {
    "text": lambda r, h, w: _text(r, h, w, 22, 1.5),
    "tiny-text": lambda r, h, w: _text(r, h, w, 11, 1.4),
    "tiny-letters": lambda r, h, w: _text(r, h, w, 8, 1.2),
    "overlapping": lambda r, h, w: _stamped(r, h, w, 28, 1.5),
    "overlapping-dense": lambda r, h, w: _stamped(r, h, w, 28, 4.0),
    "overlapping-small": lambda r, h, w: _stamped(r, h, w, 14, 1.5),
    "halftone-4": lambda r, h, w: _halftone(r, h, w, 4, 45),
    "halftone-6": lambda r, h, w: _halftone(r, h, w, 6, 30),
    "halftone-10": lambda r, h, w: _halftone(r, h, w, 10, 45),
    "dots-6": lambda r, h, w: _dots(r, h, w, 6, True),
    "dots-12": lambda r, h, w: _dots(r, h, w, 12, True),
    "dots-random": lambda r, h, w: _dots(r, h, w, 8, False),
    "dots-random-16": lambda r, h, w: _dots(r, h, w, 16, False),
    "paper": _paper,
    "wood": _wood,
    "cloth": _cloth,
    "noise": lambda r, h, w: _grain(r, h, w, 0),
    "noise-1": lambda r, h, w: _grain(r, h, w, 1),
    "noise-2": lambda r, h, w: _grain(r, h, w, 2),
    "noise-4": lambda r, h, w: _grain(r, h, w, 4),
    "half-flat": _half_flat,
    "board-2": lambda r, h, w: _board(r, h, w, 2),
    "board-8": lambda r, h, w: _board(r, h, w, 8),
    "board-20": lambda r, h, w: _board(r, h, w, 20),
    "maze": lambda r, h, w: _maze(r, h, w, 10),
    "maze-30": lambda r, h, w: _maze(r, h, w, 30),
    "frames": _frames,
    "lines": _lines,
}
STRIPS = {
    "strip-noise": DRAWINGS["noise"],
    "strip-noise-2": DRAWINGS["noise-2"],
    "strip-letters": DRAWINGS["overlapping"],
    "strip-dots": DRAWINGS["dots-6"],
}


def draw(name: str, megapixels: float) -> Picture:
    """Return one of the pictures, always the same: of 4:3, or, for strips, 30 pixels high.

    A strip's name may end in ``-down`` for one that is 30 pixels wide.
    """
    rng = np.random.default_rng(7)
    if name.startswith("strip"):
        across = STRIPS[name.removesuffix("-down")](rng, 30, round(megapixels * 1e6 / 30))
        return np.ascontiguousarray(across.T) if name.endswith("-down") else across
    rows = round((megapixels * 1e6 * 3 / 4) ** 0.5)
    return DRAWINGS[name](rng, rows, round(megapixels * 1e6 / rows))


def measure(name: str, megapixels: float, pipeline: str) -> dict[str, float]:
    """Return what this process takes to read a picture."""
    import ocr

    reader = ocr.Reader(pipeline=pipeline)
    page = draw(name, megapixels)
    started, clock = time.process_time(), time.perf_counter()
    most = round(PATIENCE * (SECONDS * megapixels + START) + 10 + started)
    resource.setrlimit(resource.RLIMIT_CPU, (most, most))
    found = reader.read(page)
    return {
        "letters": len(found.glyphs),
        "seconds": time.process_time() - started,
        "wall": time.perf_counter() - clock,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "warnings": len(getattr(found.pages[0], "warnings", ())),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    strips = [*STRIPS, *(f"{name}-down" for name in STRIPS)]
    parser.add_argument("--pictures", default=",".join([*DRAWINGS, *strips]))
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--pipelines", default=",".join(PIPELINES))
    chosen = parser.parse_args()
    print("| picture | MP | pipeline | letters | warned | s a MP | MB | beyond |", flush=True)
    print("|---|---:|---|---:|---:|---:|---:|---|", flush=True)
    beyond, rows = 0, []
    for name in chosen.pictures.split(","):
        for size in map(float, chosen.sizes.split(",")):
            for pipeline in chosen.pipelines.split(","):
                command = [
                    sys.executable,
                    "-m",
                    "tests.bench.bench_bounds",
                    "--one",
                    name,
                    str(size),
                    pipeline,
                ]
                done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT)
                try:
                    told = json.loads(done.stdout)
                except ValueError:
                    told = {"letters": -1, "seconds": 999, "megabytes": 0, "warnings": 0}
                slow = told["seconds"] > SECONDS * size + START
                large = told["megabytes"] > MEGABYTES * size + FLOOR
                beyond += slow or large
                rows.append({"picture": name, "megapixels": size, "pipeline": pipeline, **told})
                print(
                    f"| {name} | {size} | {pipeline} | {told['letters']} | {told['warnings']} "
                    f"| {told['seconds'] / size:.2f} | {told['megabytes']:.0f} "
                    f"| {'time ' * slow}{'memory' * large} |",
                    flush=True,
                )
    print(f"\n{beyond} beyond the bound")
    record("bounds", {"pictures": rows, "beyond the bound": beyond})


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(sys.argv[2], float(sys.argv[3]), sys.argv[4])))
    else:
        main()
