"""How well clean drawn lines of many kinds are read, in all faces of a folder, with no pipeline named.

Run by hand: ``python -m tests.bench.bench_drawn --fonts /usr/share/fonts --lines 700 --seed 1``. What is
wrong on clean print is a bug, not a hard picture. A table shows the share of characters that are wrong for
each kind of text, beside Tesseract's if it is installed; below it are the worst readings. To choose anything
by them, draw with one seed, and judge it with another.
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from rapidfuzz.distance import Levenshtein

import ocr
from tests.bench.record import record

SIZES, GAPS = (14, 18, 24, 32, 48), (3, 8, 20)
"""Heights of letters in pixels; widths of the white between the parts of a row, in these heights."""
TEXT = """
the of and to in is was for on that with as it by at from his an were are which this had not but
have one be they their all also there when who more time will been some into only other two can new
first these may like then such years over made between after world under where while state people
used part name city
"""
WORDS = TEXT.split()
NAMES = ("Anna", "Peter", "Smith", "Jones", "Garcia", "Thomas", "Baker", "Carter", "Wright", "Young", "King")
KEYS = ("Total", "Date", "Subtotal", "Name", "Tel", "Order", "Qty", "Account")
CAPITALS = "ABCDEFGHJKLMNPRSTUVWXYZ"
SHOWN = 40
"""Wrong readings are listed up to so many."""

Drawn = Callable[[random.Random], tuple[str, ...]]


def _words(rng: random.Random, count: int) -> str:
    return " ".join(rng.choice(WORDS) for _ in range(count))


def _digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))


def _amount(rng: random.Random) -> str:
    return f"{rng.randint(1, 9999)}.{_digits(rng, 2)}"


KINDS: dict[str, Drawn] = {
    "sentence": lambda rng: (_words(rng, 6).capitalize() + ".",),
    "capitals": lambda rng: (_words(rng, 5).upper(),),
    "title": lambda rng: (_words(rng, 4).title(),),
    "row": lambda rng: (_words(rng, 2).capitalize(), _amount(rng)),
    "key and value": lambda rng: (rng.choice(KEYS) + ":", rng.choice([_amount(rng), _digits(rng, 6)])),
    "date": lambda rng: (
        f"{rng.randint(1, 28)}/{rng.randint(1, 12)}/20{_digits(rng, 2)} 1{_digits(rng, 1)}:45",
    ),
    "code": lambda rng: ("".join(rng.choices(CAPITALS, k=3)) + "-" + _digits(rng, 4),),
    "serial": lambda rng: ("".join(rng.choices(CAPITALS + "0123456789", k=10)),),
    "mail": lambda rng: (f"{rng.choice(NAMES)}.{rng.choice(NAMES)}@{rng.choice(WORDS)}.com".lower(),),
    "phone": lambda rng: (f"+{_digits(rng, 2)} ({_digits(rng, 3)}) {_digits(rng, 3)}-{_digits(rng, 4)}",),
    "brackets": lambda rng: (f"{_words(rng, 2)} ({_words(rng, 2)}), {_words(rng, 2)}; {_words(rng, 1)}!",),
    "quotation": lambda rng: (f'"{_words(rng, 4)}," said {rng.choice(NAMES)}.',),
    "per cent": lambda rng: (f"{rng.randint(1, 99)}% {rng.choice(['off', 'tax'])} = {_amount(rng)}",),
    "web": lambda rng: (f"www.{_words(rng, 2).replace(' ', '')}.org/{rng.choice(WORDS)}",),
    "two amounts": lambda rng: (f"${_amount(rng)} / €{_amount(rng)}",),
    "number sign": lambda rng: (f"#{_digits(rng, 3)} & {rng.choice(WORDS)}",),
}


def draw(parts: tuple[str, ...], font: ImageFont.FreeTypeFont, size: int, gap: int) -> Image.Image:
    """Draw the parts of a row beside each other, black on white, with a margin of the size of the letters."""
    widths = [int(font.getlength(part)) for part in parts]
    width = sum(widths) + gap * (len(parts) - 1) + 2 * size
    picture = Image.new("L", (width, round(3.6 * size)), 255)
    left = size
    for part, advance in zip(parts, widths, strict=True):
        ImageDraw.Draw(picture).text((left, size), part, fill=0, font=font)
        left += advance + gap
    return picture


def by_tesseract(picture: Image.Image, layout: int = 7) -> str:
    """Read a picture with Tesseract, by its page segmentation mode: 7 for one line, 3 to find the blocks."""
    with tempfile.NamedTemporaryFile(suffix=".png") as file:
        picture.save(file.name)
        command = ["tesseract", file.name, "-", "--psm", str(layout)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--fonts", type=Path, required=True)
    parser.add_argument("--lines", type=int, default=700)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    rng, reader = random.Random(chosen.seed), ocr.Reader()
    faces = sorted(path for path in chosen.fonts.rglob("*") if path.suffix in (".ttf", ".otf"))
    readers = {"ours": lambda picture: reader.read(np.asarray(picture)).text}
    if shutil.which("tesseract"):
        readers["tesseract"] = by_tesseract
    wrong: dict[str, dict[str, int]] = {name: defaultdict(int) for name in readers}
    length: dict[str, int] = defaultdict(int)
    worst = []
    for _ in range(chosen.lines):
        kind, face, size = rng.choice(list(KINDS)), rng.choice(faces), rng.choice(SIZES)
        parts = KINDS[kind](rng)
        picture = draw(parts, ImageFont.truetype(str(face), size), size, size * rng.choice(GAPS))
        meant = " ".join(parts)
        length[kind] += len(meant)
        for name, read in readers.items():
            found = " ".join(read(picture).split())
            edits = Levenshtein.distance(meant, found)
            wrong[name][kind] += edits
            if name == "ours" and edits:
                worst.append((edits, kind, face.name, size, meant, found))
    print(f"| kind | {' | '.join(readers)} |")
    print("|---|" + "---:|" * len(readers))
    for kind in sorted(length, key=lambda kind: -wrong["ours"][kind] / length[kind]):
        rates = " | ".join(f"{100 * wrong[name][kind] / length[kind]:.2f}" for name in readers)
        print(f"| {kind} | {rates} |")
    total = {name: round(100 * sum(wrong[name].values()) / sum(length.values()), 2) for name in readers}
    print(f"| all | {' | '.join(map(str, total.values()))} |")
    for row in sorted(worst, key=lambda row: -row[0])[:SHOWN]:
        print(*row, sep="  ")
    record("drawn", {"lines": chosen.lines, "seed": chosen.seed, "characters wrong, %": total})


if __name__ == "__main__":
    main()
