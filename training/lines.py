"""Training data of the line network: drawn and real lines, cut to strips by the pipeline."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from nn.errors import DataError
from nn.training.strips import Strips
from pipelines.clean.light import ink_is_light, to_grey
from pipelines.errors import PictureError
from pipelines.layout.marks import lift_marks
from pipelines.layout.strips import cut_other_strips, cut_strip, whole_strip
from pipelines.pipeline import PRESETS
from pipelines.sources.load import load
from training.dataset import KINDS, draw, drawn_in_parts, sources

WIDEST = 1400
"""Most columns of a strip."""
HELD_OUT = 0.015
"""Share of the drawn lines that are held out for validation."""
LOOKS = (22.0, 32.0)
"""Rows of a strip that a whole picture's height is scaled to."""
SHORT, LONG = (1, 14), (8, 60)
"""Least number of characters and exclusive bound, of short lines and of long ones."""
SHORT_SHARE = 0.3
_PLAIN = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "“": '"',
        "”": '"',
        "«": '"',
        "»": '"',
        "–": "-",
        "—": "-",
        "œ": "oe",
        "Œ": "OE",
        "æ": "ae",
    }
)


def strips_of(grey: npt.NDArray[np.uint8], preset: str, accents: bool = False) -> list[npt.NDArray[np.uint8]]:
    """Take a picture of one line through the pipeline: its ink as a strip, and its contrast.

    There are none if no line is found, or if it is too long. Marks over letters are lifted off if there may
    be `accents`, as in the reader.
    """
    sheet = PRESETS[preset].run(grey)
    sheet = lift_marks(sheet) if accents else sheet
    if len(sheet.lines) != 1:
        return []
    [line] = sheet.lines
    both = cut_strip(sheet, line), cut_other_strips(sheet, line)[-1]
    return [strip.pixels for strip in both if strip.pixels.shape[1] <= WIDEST]


def look_of(pixels: npt.NDArray[np.uint8], rng: np.random.Generator) -> npt.NDArray[np.uint8]:
    """Return the contrast of a picture of one line as a strip, as the reader looks at it, in some size."""
    grey = to_grey(pixels)
    return whole_strip(255 - grey if ink_is_light(grey) else grey, float(rng.uniform(*LOOKS)))


def of_width(
    strips: Iterable[npt.NDArray[np.uint8]], text: str, pitch: tuple[int, int]
) -> list[npt.NDArray[np.uint8]]:
    """Return the strips whose columns per character of a text lie within bounds: others do not show it."""
    low, high = (limit * len(text) for limit in pitch)
    return [strip for strip in strips if low <= strip.shape[1] <= high]


def with_texts(found: Iterable[tuple[Sequence[npt.NDArray[np.uint8]], str]]) -> Strips:
    """Join strips, several of each text."""
    strips: list[npt.NDArray[np.uint8]] = []
    texts: list[str] = []
    for some, text in found:
        strips += some
        texts += [text] * len(some)
    return Strips.of(strips, texts)


def drawn_lines(task: tuple[int, int], kinds: Mapping[str, float] = KINDS) -> Strips:
    """Draw the lines of one task, (seed, number), with means of drawing of these frequencies."""
    seed, count = task
    rng = np.random.default_rng(seed)
    lengths = (SHORT if rng.random() < SHORT_SHARE else LONG for _ in range(count))
    pictures = (draw(sources(), rng, length, kinds) for length in lengths)
    return with_texts((strips_of(each.grey, "line"), each.text) for each in pictures if each is not None)


def build(
    fonts: Sequence[Path],
    glyphs: Path,
    pictures: int,
    progress: Any,
    *,
    seed: int = 0,
    jobs: int = 2,
    part: Callable[[tuple[int, int]], Strips] = drawn_lines,
) -> Strips:
    """Draw `pictures` lines or words, degrade them, and cut them to strips; the first few are for validation.

    Parameters
    ----------
    fonts : sequence of Path
        Folders of typefaces.
    glyphs : Path
        The folder of ``hand.npz`` and of the recorded strokes.
    pictures : int
    progress : callable
        Called with the number of pictures done.
    seed : int
    jobs : int
        Processes.
    part : callable
        Draws the strips of one task: (seed, number).
    """
    drawn = drawn_in_parts(part, fonts, glyphs, pictures, progress, seed, jobs)
    held = max(1, round(HELD_OUT * len(drawn)))
    first = [replace(one, split=np.full(len(one), "val")) for one in drawn[:held]]
    return Strips.join([*first, *drawn[held:]])


def real(folders: Sequence[Path], left_out: str = "", preset: str = "line", accents: bool = False) -> Strips:
    """Cut the lines and words of all `folders` to strips; every twelfth form or page is for validation.

    With fewer than twelve pages, by their names, it is every twelfth line.

    Parameters
    ----------
    folders : sequence of Path
    left_out : str
        What the texts leave out, one of `nn.training.left_out.LEFT_OUT`.
    preset : str
        The pipeline that finds the line, a key of `pipelines.pipeline.PRESETS`.
    accents : bool
        Whether letters may have accents, which are lifted off as in the reader.

    Raises
    ------
    DataError
        If there is no usable line.
    """
    found = list(real_lines(folders, preset, accents))
    if not found:
        raise DataError(f"{', '.join(map(str, folders))}: no picture beside a text")
    strips = Strips.of([strip for _, strip, _ in found], [text for _, _, text in found], left_out=left_out)
    names = [_form(name) for name, _, _ in found]
    if len(set(names)) < 12:
        names = [name for name, _, _ in found]
    forms = sorted(set(names))
    held = np.array([forms.index(name) % 12 == 0 for name in names])
    return replace(strips, split=np.where(held, "val", "train"))


def _form(name: str) -> str:
    """Return the page's part of a line's name, such as AA-078 of AA-078_2_03."""
    if "_" in name:
        return re.sub(r"(_\d+)+$", "", name)
    return name.rsplit("-", 2)[0]


def real_lines(
    folders: Sequence[Path], preset: str = "line", accents: bool = False
) -> Iterator[tuple[str, npt.NDArray[np.uint8], str]]:
    """Yield (name, strip, text) of all strips of every picture in folders of real lines or words.

    Words also give a strip of the whole picture's contrast. A folder holds ``NAME.png`` with ``NAME.gt.txt``,
    or a table ``labels.tsv`` of files, or of names of PNGs, and texts. Accents are taken off the texts.
    """
    rng = np.random.default_rng(0)
    for folder in folders:
        for path, written in labelled(folder):
            text = plain_text(written)
            try:
                [picture] = load(path)
            except PictureError:
                continue
            if not text:
                continue
            strips = strips_of(picture.pixels, preset, accents)
            if not PRESETS[preset].words:
                strips.append(look_of(picture.pixels, rng))
            for strip in strips:
                yield path.stem, strip, text


def plain_text(text: str) -> str:
    """Return a text in the network's characters: without accents, and with plain quotes."""
    apart = unicodedata.normalize("NFD", text.translate(_PLAIN))
    return " ".join("".join(c for c in apart if not unicodedata.combining(c)).split())


def labelled(folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield the pictures of a folder of real lines or words, each with its text as it is in the folder."""
    table = folder / "labels.tsv"
    if table.is_file():
        for row in table.read_text("utf-8").splitlines():
            name, _, text = row.partition("\t")
            path = folder / name
            yield path if path.is_file() else path.with_suffix(".png"), text
    for path in sorted(folder.glob("*.gt.txt")):
        yield path.with_name(path.name.replace(".gt.txt", ".png")), path.read_text("utf-8")
