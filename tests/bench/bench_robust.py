"""How much of a reading changes with what should change nothing: saving, size, light, margins and bars.

Run by hand: ``python -m tests.bench.bench_robust``, or with parts of the names of changes, such as ``margin``
or ``scale``, to try only these. Every sample and some drawn pages are read as they are and after every
change. A table shows for each change the share of texts that are the same, and of those that lose more than a
fifth (edits beside the length of the plain reading); below it are all the texts that differ, the worst first.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont
from rapidfuzz.distance import Levenshtein

import ocr
from tests.bench.record import record

Pixels = npt.NDArray[np.uint8]
Change = Callable[[Pixels], Pixels]

SAMPLES = Path(__file__).parents[2] / "samples"
SHOWN = 60
"""Texts that differ are listed up to so many."""
LOSS = 0.2
SIDES = {"all": (1, 1, 1, 1), "above": (1, 0, 0, 0), "left": (0, 0, 1, 0)}
"""Which sides get a margin: top, bottom, left, right."""
BARS = {
    "above and below": (1, 1, 0, 0),
    "left and right": (0, 0, 1, 1),
    "below": (0, 1, 0, 0),
    "right": (0, 0, 0, 1),
}
PAGE = (
    "The lighthouse keeper counted",
    "seven boats on Monday, and by",
    "Friday only three came home.",
    "He wrote their names in chalk:",
    "MARIGOLD  KESTREL  OLD JOHN",
)
FORM = ("NAME    J. PETERSEN", "STREET  14 MILL LANE", "TOWN    WEXFORD", "AMOUNT  372.50")


@dataclass(frozen=True)
class Case:
    """A picture, uint8 (H, W, 3), and the pipeline that reads it."""

    name: str
    pixels: Pixels
    pipeline: str = "auto"
    language: str = "en"


def cases() -> Iterator[Case]:
    """Yield the samples, and pages drawn with the typeface that Pillow brings."""
    for path in sorted(SAMPLES.rglob("*.*")):
        if path.suffix in (".png", ".jpg") and path.with_suffix(".txt").is_file():
            letter = "letter" if path.stem.startswith("letter_") else "auto"
            language = path.stem if path.parent.name == "languages" else "en"
            yield Case(path.stem, np.asarray(Image.open(path).convert("RGB")), letter, language)
    yield Case("drawn page", drawn(PAGE, 34))
    yield Case("drawn small", drawn(PAGE + FORM, 15, margin=12))
    yield Case("drawn on tint", drawn(FORM, 44, paper=(243, 226, 178), ink=(60, 40, 30)))
    yield Case("drawn on blue", drawn(PAGE, 40, paper=(28, 58, 120), ink=(250, 245, 235)))
    yield Case("drawn line", drawn(PAGE[:1], 48, margin=14), "line")
    yield Case("drawn word", drawn(("Wexford",), 60, margin=10, paper=(225, 225, 220)), "word")
    yield Case("drawn letter", drawn(("B",), 120, margin=24), "letter")


def drawn(
    lines: tuple[str, ...],
    size: int,
    margin: int = 40,
    paper: tuple[int, int, int] = (255, 255, 255),
    ink: tuple[int, int, int] = (0, 0, 0),
) -> Pixels:
    """Return lines of text with a little of a camera's noise, uint8 (H, W, 3)."""
    font = ImageFont.load_default(size)
    width = max(int(font.getlength(line)) for line in lines) + 2 * margin
    image = Image.new("RGB", (width, round(2 * margin + 1.5 * size * len(lines))), paper)
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        draw.text((margin, margin + 1.5 * size * number), line, fill=ink, font=font)
    noise = np.random.default_rng(size).normal(0, 2, (*np.asarray(image).shape[:2], 1))
    return np.clip(np.asarray(image) + noise, 0, 255).astype(np.uint8)


def changes() -> Iterator[tuple[str, Change]]:
    """Yield what is done to pictures, with its name."""
    for kind, quality in (("JPEG", 95), ("JPEG", 85), ("JPEG", 70), ("WEBP", 90), ("WEBP", 75)):
        yield f"saved as {kind} {quality}", partial(saved, kind=kind, quality=quality)
    for factor in (0.95, 0.98, 1.02, 1.05):
        yield f"scale {factor}", partial(scaled, factor=factor)
    for name, gain, offset in (
        ("brighter", 1.0, 20),
        ("darker", 1.0, -20),
        ("more contrast", 1.15, -19),
        ("less contrast", 0.8, 25),
    ):
        yield f"light: {name}", partial(relit, gain=gain, offset=offset)
    for colour in ("white", "black", "paper"):
        for side, on in SIDES.items():
            for width in (1, 3, 5, 10, 20, 50):
                widths = tuple(width * one for one in on)
                yield f"margin {colour} {side} {width}", partial(margined, widths=widths, colour=colour)
    for side, on in BARS.items():
        yield f"bars black {side}", partial(barred, on=on, colour="black")
    yield "bars white above and below", partial(barred, on=BARS["above and below"], colour="white")
    yield "bars grey, saved as JPEG 85", lambda p: saved(barred(p, (1, 1, 0, 0), "grey"), "JPEG", 85)
    yield "bars black, framed in white", lambda p: margined(barred(p, (1, 1, 0, 0)), (8,) * 4, "white")


def saved(pixels: Pixels, kind: str, quality: int) -> Pixels:
    """Return the picture as it is after saving it."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind, quality=quality)
    return np.asarray(Image.open(file).convert("RGB"))


def scaled(pixels: Pixels, factor: float) -> Pixels:
    """Return the picture at another size."""
    size = tuple(round(factor * side) for side in pixels.shape[1::-1])
    return np.asarray(Image.fromarray(pixels).resize((size[0], size[1]), Image.Resampling.BICUBIC))


def relit(pixels: Pixels, gain: float, offset: float) -> Pixels:
    """Return the picture with other levels."""
    return np.clip(pixels * gain + offset, 0, 255).astype(np.uint8)


def margined(pixels: Pixels, widths: tuple[int, ...], colour: str = "black") -> Pixels:
    """Return the picture with margins: top, bottom, left, right, in pixels."""
    paper = np.median(pixels.reshape(-1, 3), axis=0).tolist()
    value = {"white": (255,) * 3, "black": (0,) * 3, "grey": (110,) * 3, "paper": paper}[colour]
    top, bottom, left, right = widths
    return np.asarray(cv2.copyMakeBorder(pixels, top, bottom, left, right, cv2.BORDER_CONSTANT, value=value))


def barred(pixels: Pixels, on: tuple[int, ...], colour: str = "black") -> Pixels:
    """Return the picture with bars of a fifth of its height or width."""
    height, width = pixels.shape[:2]
    sides = (height // 5, height // 5, width // 5, width // 5)
    return margined(pixels, tuple(side * one for side, one in zip(sides, on, strict=True)), colour)


def compare(case: Case, wanted: list[str]) -> list[tuple[str, str, float, str, str]]:
    """Return for each change its name, the case's, the loss, and both texts."""
    reader = ocr.Reader(pipeline=case.pipeline, language=case.language)
    plain = reader.read(case.pixels).text
    found = []
    for name, change in changes():
        if any(part in name for part in wanted or [""]):
            text = reader.read(change(case.pixels)).text
            loss = Levenshtein.distance(plain, text) / max(1, len(plain))
            found.append((name, case.name, loss, plain, text))
    return found


def main() -> None:
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        found = [row for rows in pool.map(partial(compare, wanted=sys.argv[1:]), cases()) for row in rows]
    print(f"{'change':<36}{'texts':>6}{'same':>7}{'lost':>6}")
    names = dict.fromkeys(row[0] for row in found)
    shares = {name: show(name, [row[2] for row in found if row[0] == name]) for name in names}
    shares["all"] = show("all", [row[2] for row in found])
    record("robust", {"texts, share the same, share that lose a fifth": shares})
    differ = sorted((row for row in found if row[2]), key=lambda row: -row[2])
    for name, case, loss, plain, text in differ[:SHOWN]:
        print(f"{loss:5.2f}  {case}, {name}\n       {plain!r}\n       {text!r}")


def show(name: str, losses: list[float]) -> tuple[int, float, float]:
    """Print a row of the table, and return its figures."""
    same = float(np.mean([not loss for loss in losses]))
    lost = float(np.mean([loss > LOSS for loss in losses]))
    print(f"{name:<36}{len(losses):>6}{same:>7.1%}{lost:>6.1%}")
    return len(losses), same, lost


if __name__ == "__main__":
    main()
