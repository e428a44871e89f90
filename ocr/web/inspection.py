"""A reading with all that was seen on the way: for the page, which shows it beside the picture."""

from __future__ import annotations

import io
import json
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from ocr.document import Document, Page
from ocr.formats import json as ocr_json
from ocr.reader import Reader
from ocr.recognition.lattice import Lattice
from ocr.web.votes import votes

LONGEST = 2000
"""Pixels that the longer side of a picture has at most that is shown."""
Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Inspected:
    """A page as it was read from the file `source`, and what is `shown` beside it."""

    page: Page
    source: str
    shown: dict[str, Any]


def inspected(
    reader: Reader, source: Any, before: Callable[[dict[str, Any]], object] | None = None
) -> Iterator[Inspected]:
    """Read the pages of a picture, and show what the reader saw of each.

    Parameters
    ----------
    reader : Reader
    source : path or binary file
    before : callable, optional
        Called with each page's picture, before it is read.

    Raises
    ------
    pipelines.errors.PictureError
    """
    for picture in reader.load(source):
        height, width = picture.pixels.shape[:2]
        scale = min(1.0, LONGEST / max(width, height))
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        image = _picture(picture.pixels, size)
        if before is not None:
            seen = {"number": picture.number, "width": width, "height": height}
            before({**seen, "picture": image, "scale": scale})
        lattices = reader.lattices(picture.pixels)
        lattice, page = lattices[0], reader.page_of(lattices, picture)
        glyphs = b"".join(glyph.image.tobytes() for glyph in page.glyphs)
        found = _stages(lattice, reader.recognizer.classifier.rejects, size, scale)
        shown = {
            "number": page.number,
            "picture": image,
            "scale": scale,
            "stages": [{"name": stage, "image": image} for stage, image in found],
            "glyphs": b64encode(glyphs).decode(),
            "votes": votes(page, lattices, reader.recognizer),
        }
        yield Inspected(page, picture.name, shown)


def together(found: Sequence[Inspected], min_confidence: float = 0.0) -> dict[str, Any]:
    """Return pages of one file, one or more, as `ocr.web.schemas.Inspection`."""
    document = Document(tuple(one.page for one in found), found[0].source)
    content = json.loads(ocr_json.render(document, min_confidence))
    return {"document": content, "pages": [one.shown for one in found]}


def _picture(pixels: Pixels, size: tuple[int, int]) -> str:
    image = Image.fromarray(pixels)
    return data_url(image if image.size == size else image.resize(size, Image.Resampling.BOX), "JPEG")


def _stages(
    lattice: Lattice, rejects: npt.NDArray[np.bool_], size: tuple[int, int], scale: float
) -> Iterator[tuple[str, str]]:
    """Yield the even light, the ink, and the ink of letters in colours, where they are on the picture."""
    sheet = lattice.sheet
    if not sheet.grey.size:
        return
    matrix = np.diag([scale, scale, 1.0]) @ sheet.to_picture
    yield "light", data_url(Image.fromarray(_laid(sheet.grey, matrix, size, 255)), "JPEG")
    ink = np.where(sheet.ink, 0, 255).astype(np.uint8)
    binary = _laid(ink, matrix, size, 255) >= 128
    yield "binary", data_url(Image.fromarray(binary), "PNG")
    yield "segments", data_url(_segments(lattice, rejects, matrix, size), "PNG")


def _laid(values: Pixels, matrix: npt.NDArray[np.float64], size: tuple[int, int], ground: int) -> Pixels:
    """Lay a working picture on the frame of the one that is shown; what it did not cover is `ground`."""
    return np.asarray(
        cv2.warpPerspective(values, matrix, size, flags=cv2.INTER_AREA, borderValue=(ground,) * 4), np.uint8
    )


def _segments(
    lattice: Lattice,
    rejects: npt.NDArray[np.bool_],
    matrix: npt.NDArray[np.float64],
    size: tuple[int, int],
) -> Image.Image:
    """Colour the ink of each letter that was read, neighbours differently; all else is transparent."""
    owner = np.zeros(len(lattice.atoms.boxes) + 1, np.uint8)
    steps = lattice.chosen
    for number, run in enumerate(steps[~rejects[steps[:, 1]], 0]):
        first, stop = lattice.runs[run]
        owner[first + 1 : stop + 1] = 1 + number % len(COLOURS)
    coloured = owner[lattice.atoms.index]
    placed = cv2.warpPerspective(coloured, matrix, size, flags=cv2.INTER_NEAREST)
    image = Image.fromarray(np.asarray(placed, np.uint8), "P")
    image.putpalette([0, 0, 0, *(value for colour in COLOURS for value in colour)])
    image.info["transparency"] = 0
    return image


COLOURS = ((0, 114, 178), (213, 94, 0), (0, 158, 115), (204, 121, 167))
"""Of Okabe and Ito, told apart by colour-blind people too."""


def data_url(image: Image.Image, kind: str) -> str:
    """Return a picture as a ``data:`` URL, JPEG or PNG."""
    file = io.BytesIO()
    image.save(file, kind, quality=85)
    return f"data:image/{kind.lower()};base64,{b64encode(file.getvalue()).decode()}"
