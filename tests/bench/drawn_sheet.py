"""What drawn pages are made of: faces, random words and colours, and a sheet that keeps its lines."""

from __future__ import annotations

import random
import string
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import skimage.data
from PIL import Image, ImageDraw, ImageFont

Colour: TypeAlias = tuple[int, int, int]
Face: TypeAlias = ImageFont.FreeTypeFont
Families: TypeAlias = list[list[Path]]

BLACK, WHITE = (0, 0, 0), (255, 255, 255)
NEEDED = string.ascii_letters + string.digits + ".,:?!-$@+)"
"""A face without one of these is left out: folders of faces also hold those of other scripts."""
ENDINGS = (".ttf", ".otf", ".woff2")
TEXT = """
the of and to in is was for on that with as it by at from his an were are which this had not but
have one be they their all also there when who more time will been some into only other two can new
first these may like then such years over made between after world under where while state people
used part name city being through most game against university known year school team work letter
window kitchen garden yellow purple bridge quick jumping boxes liquor judge
"""
WORDS = TEXT.split()
FAMILIAR = "Anna Peter Smith Jones Garcia Thomas Baker Carter Wright Young King Jack Quinn Victor Xavier Zoe"
NAMES = [*FAMILIAR.split(), "Olga", "Ivan", "Hugo", "Bob"]
SIZES = (16, 20, 26, 34, 44)
"""Heights of letters in pixels."""
PHOTOGRAPHS = ("astronaut", "coffee", "chelsea", "rocket")
"""Those of scikit-image. The first has small letters on badges: they are not in the text of a page."""


@cache
def families(folder: Path) -> Families:
    """Return the faces in a folder and all folders in it, those of one folder together.

    Parameters
    ----------
    folder : Path
        A folder of faces; most often there is a folder in it for each family.

    Returns
    -------
    list of list of Path
        Only faces that have all the letters that are drawn.
    """
    found: dict[Path, list[Path]] = defaultdict(list)
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in ENDINGS and _has_letters(path):
            found[path.parent].append(path)
    return list(found.values())


def _has_letters(path: Path) -> bool:
    try:
        face = ImageFont.truetype(str(path), 20)
    except OSError:
        return False
    absent = bytes(face.getmask("\uffff"))
    return all(bytes(face.getmask(letter)) != absent for letter in NEEDED)


@dataclass(frozen=True)
class Chance:
    """Random words, numbers, faces and colours.

    Parameters
    ----------
    rng : random.Random
        Where they come from.
    faces : mapping
        The families of ``hand``, ``print`` and ``mono``.
    """

    rng: random.Random
    faces: Mapping[str, Families]

    def happens(self, share: float) -> bool:
        """Return whether something happens that does in this share of cases."""
        return self.rng.random() < share

    def words(self, least: int, most: int | None = None) -> str:
        """Return so many words, in small letters."""
        count = self.rng.randint(least, most or least)
        return " ".join(self.rng.choice(WORDS) for _ in range(count))

    def digits(self, count: int) -> str:
        """Return so many digits."""
        return "".join(self.rng.choice(string.digits) for _ in range(count))

    def amount(self) -> str:
        """Return an amount of money with two decimals."""
        return f"{self.rng.randint(1, 999)}.{self.digits(2)}"

    def name(self) -> str:
        """Return a first name or a family name."""
        return self.rng.choice(NAMES)

    def sentences(self, least: int, most: int | None = None) -> str:
        """Return so many sentences, some with a comma."""
        count = self.rng.randint(least, most or least)
        return " ".join(self._sentence() for _ in range(count))

    def style(self, hand: float = 0.4) -> str:
        """Return ``hand`` in this share of cases, else ``print``."""
        return "hand" if self.happens(hand) else "print"

    def size(self, *sizes: int) -> int:
        """Return one of these heights of letters, or of the usual ones."""
        return self.rng.choice(sizes or SIZES)

    def face(self, style: str, size: float) -> Face:
        """Return a face of a style; every family is as likely as another."""
        path = self.rng.choice(self.rng.choice(self.faces[style]))
        return ImageFont.truetype(str(path), size)

    def colour(self, least: int, most: int) -> Colour:
        """Return a colour with red, green and blue within these bounds."""
        return self.rng.randint(least, most), self.rng.randint(least, most), self.rng.randint(least, most)

    def dark(self) -> Colour:
        """Return a dark colour."""
        return self.colour(0, 70)

    def light(self) -> Colour:
        """Return a light colour."""
        return self.colour(205, 255)

    def deep(self) -> Colour:
        """Return a colour on which white stands out."""
        return self.colour(0, 130)

    def middling(self) -> Colour:
        """Return a colour that is neither dark nor light."""
        return self.colour(120, 220)

    def photograph(self) -> Image.Image:
        """Return one of the photographs, or coloured noise, 900 by 600."""
        return _photograph(self.rng.choice([*PHOTOGRAPHS, "noise"])).copy()

    def _sentence(self) -> str:
        text = self.words(4, 11).capitalize()
        if self.happens(0.3):
            text = text.replace(" ", ", ", 1)
        return text + self.rng.choice("....?!")


@cache
def _photograph(name: str) -> Image.Image:
    if name == "noise":
        pixels = np.random.default_rng(1).integers(0, 256, (40, 60, 3), dtype=np.uint8)
    else:
        pixels = getattr(skimage.data, name)()
    return Image.fromarray(pixels).resize((900, 600), Image.Resampling.BICUBIC)


@dataclass
class Sheet:
    """A picture that is drawn on, and the text on it.

    Parameters
    ----------
    picture : PIL.Image.Image
        What was drawn so far.
    lines : list of str
        The lines of text on it, in the order in which they are read.
    """

    picture: Image.Image
    lines: list[str] = field(default_factory=list)

    @classmethod
    def blank(cls, width: float, height: float, colour: Colour = WHITE) -> Sheet:
        """Return a sheet of one colour without text."""
        return cls(Image.new("RGB", (round(width), round(height)), colour))

    @property
    def width(self) -> int:
        """Its width in pixels."""
        return self.picture.width

    @property
    def height(self) -> int:
        """Its height in pixels."""
        return self.picture.height

    @property
    def pen(self) -> ImageDraw.ImageDraw:
        """What draws on it."""
        return ImageDraw.Draw(self.picture)

    def put(
        self, left: float, top: float, text: str, face: Face, ink: Colour = BLACK, **options: Any
    ) -> None:
        """Draw a part of a line; ``tell`` tells of the line."""
        self.pen.text((left, top), text, fill=ink, font=face, **options)

    def tell(self, *parts: str) -> None:
        """Tell of a line that has these parts, from left to right."""
        self.lines.append(" ".join(parts))

    def write(self, left: float, top: float, text: str, face: Face, ink: Colour = BLACK) -> None:
        """Draw a whole line, and tell of it."""
        self.put(left, top, text, face, ink)
        self.tell(text)

    def write_all(
        self,
        left: float,
        top: float,
        texts: Sequence[str],
        face: Face,
        leading: float,
        ink: Colour = BLACK,
    ) -> float:
        """Write lines below each other, and return where the next one would be."""
        for text in texts:
            self.write(left, top, text, face, ink)
            top += leading
        return top

    def paste(self, other: Sheet, left: int, top: int) -> None:
        """Lay another sheet on this one, with its lines."""
        self.picture.paste(other.picture, (left, top))
        self.lines += other.lines


def wrapped(text: str, face: Face, width: float) -> list[str]:
    """Return the lines of a text that is broken at this width."""
    lines: list[str] = []
    for word in text.split():
        if lines and face.getlength(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def widest(texts: Sequence[str], face: Face) -> float:
    """Return the width of the widest of these texts."""
    return max(face.getlength(text) for text in texts)
