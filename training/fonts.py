"""Typefaces for training: their list, their installation, and the characters that each can draw.

``python -m training fonts FOLDER`` installs the families named in ``fonts.toml`` with npm. Pillow's
FreeType opens their WOFF2 files as they are.
"""

import json
import subprocess
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import ImageFont
from PIL.ImageFont import FreeTypeFont

from training.text import CHARACTERS

Kind = Literal["print", "hand", "script"]

DEBIAN_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/share/texmf/fonts/opentype/public/lm"))
_SUFFIXES = {".ttf", ".otf", ".woff2"}
_TWO_CASED = "abdefghmnqr"
_ALIKE = 0.86  # correlation; by eye, over the faces of fonts.toml
_MISSING = ("\uffff", "\u0378", "\U000f1234")


@dataclass(frozen=True)
class FontFile:
    """One face of a typeface.

    Parameters
    ----------
    path : Path or None
        The file; ``None`` is the face that comes with Pillow.
    family : str
    kind : {"print", "hand", "script"}
        Set type, letters as people print them by hand, or joined handwriting.
    weight : int
        As in CSS: 400 is regular, 700 bold.
    style : {"normal", "italic"}
    licence : str
        The licence of the typeface, as an SPDX identifier where there is one.
    """

    path: Path | None
    family: str
    kind: Kind
    weight: int
    style: Literal["normal", "italic"]
    licence: str


PILLOW_FONT = FontFile(None, "Aileron", "print", 400, "normal", "CC0-1.0")


@cache
def _families() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "fonts.toml").read_text(encoding="utf-8"))


def fetch(folder: Path) -> None:
    """Install the families of ``fonts.toml`` under `folder` with npm; those not to be had are left out.

    Raises
    ------
    RuntimeError
        If npm fails or is not installed.
    """
    names = [name for kind in ("print", "hand", "script") for name in _families()[kind]]
    packages = {f"@fontsource/{name}": "*" for name in names}
    folder.mkdir(parents=True, exist_ok=True)
    manifest = {"private": True, "optionalDependencies": packages}
    (folder / "package.json").write_text(json.dumps(manifest), encoding="utf-8")
    try:
        subprocess.run(["npm", "install", "--ignore-scripts", "--no-package-lock"], cwd=folder, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise RuntimeError(f"npm could not install the fonts: {error}") from error


def load_fonts(*folders: Path) -> list[FontFile]:
    """List the faces in `folders`: regular, bold and italic of npm packages, every other font file as it is.

    Returns
    -------
    list of FontFile
        Ordered by path, the same at every call. Faces that cannot draw half of the letters are left out.
    """
    found: set[FontFile] = set()
    for folder in folders:
        if not folder.is_dir():
            raise FileNotFoundError(f"no font folder {folder}")
        packages = set((folder / "node_modules" / "@fontsource").glob("*/package.json"))
        for package in packages:
            found.update(_faces_of_package(package.parent))
        if not packages:
            paths = (path for path in folder.rglob("*") if path.suffix in _SUFFIXES)
            found.update(_lone_face(path) for path in paths if not _is_skipped(path))
    usable = (font for font in found if len(usable_characters(font) & set(CHARACTERS[10:62])) >= 26)
    return sorted(usable, key=lambda font: str(font.path))


def _faces_of_package(folder: Path) -> Iterable[FontFile]:
    name = folder.name
    families = _families()
    kind: Kind = "hand" if name in families["hand"] else "script" if name in families["script"] else "print"
    licence = json.loads((folder / "package.json").read_text(encoding="utf-8"))["license"]
    files = {path.name: path for path in (folder / "files").glob(f"{name}-latin-[1-9]00-*.woff2")}
    for style in ("normal", "italic"):
        weights = [w for w in range(100, 1000, 100) if f"{name}-latin-{w}-{style}.woff2" in files]
        chosen = {min(weights, key=lambda w: abs(w - goal)) for goal in (400, 700) if weights}
        for weight in chosen if style == "normal" else sorted(chosen)[:1]:
            path = files[f"{name}-latin-{weight}-{style}.woff2"]
            yield FontFile(path, name, kind, weight, style, licence)


def _is_skipped(path: Path) -> bool:
    return any(part in str(path) for part in _families()["debian"]["skip"])


def _lone_face(path: Path) -> FontFile:
    family, style = ImageFont.truetype(path, 20).getname()
    words = f"{style} {path.stem}".lower()
    weight = 700 if any(word in words for word in ("bold", "demi")) else 400
    slanted = any(word in words for word in ("italic", "oblique", "slant"))
    licences = [_families()["debian"]["licence"].get(part) for part in path.parts]
    licence = next((licence for licence in reversed(licences) if licence), "unknown")
    return FontFile(path, family or path.stem, "print", weight, "italic" if slanted else "normal", licence)


@lru_cache(maxsize=256)
def open_font(font: FontFile, size: int) -> FreeTypeFont:
    """Open `font` at `size` pixels to the em."""
    if font.path is not None:
        return ImageFont.truetype(font.path, size)
    default = ImageFont.load_default(size)
    if not isinstance(default, FreeTypeFont):
        raise RuntimeError("this Pillow was built without FreeType")
    return default


@cache
def usable_characters(font: FontFile) -> frozenset[str]:
    """Which of ``CHARACTERS`` the face draws, as what they are.

    Left out are characters the face has no glyph for or a blank one, and lower-case letters that are drawn
    as capitals: all of them in a face of capitals, or those that alone are so in a face of mixed forms.
    """
    opened = open_font(font, 48)
    missing = {_bitmap(opened, character).tobytes() for character in _MISSING}
    bitmaps = {character: _bitmap(opened, character) for character in CHARACTERS}
    drawn = {c for c, bitmap in bitmaps.items() if bitmap.any() and bitmap.tobytes() not in missing}
    lower = {c for c in drawn if c.islower()}
    alike = {
        c
        for c in _TWO_CASED
        if c in drawn and c.upper() in drawn and _likeness(bitmaps[c], bitmaps[c.upper()]) > _ALIKE
    }
    is_capitals = font.family in _families()["capitals"] or len(alike) > len(_TWO_CASED) // 2
    return frozenset(drawn - (lower if is_capitals else alike))


def draws(font: FontFile, character: str) -> bool:
    """Return whether the face draws a character, of ``CHARACTERS`` or another, as what it is."""
    if character in CHARACTERS:
        return character in usable_characters(font)
    opened = open_font(font, 48)
    bitmap = _bitmap(opened, character)
    return bool(bitmap.any()) and all(bitmap.tobytes() != _bitmap(opened, c).tobytes() for c in _MISSING)


def _bitmap(opened: FreeTypeFont, character: str) -> NDArray[np.uint8]:
    mask = opened.getmask(character)
    return np.array(mask, np.uint8).reshape(mask.size[::-1])


def _likeness(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> float:
    """Correlation of two glyphs brought to one size, 1 for the same form."""
    small = [cv2.resize(mask, (32, 32), interpolation=cv2.INTER_AREA) for mask in (first, second)]
    soft = [cv2.GaussianBlur(mask, (0, 0), 1.5).ravel() for mask in small]
    return float(np.asarray(np.corrcoef(soft))[0, 1])
