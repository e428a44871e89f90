"""A reading with its intermediate results, for the page, which shows them next to the picture."""

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
"""Longest side of a picture that is shown, in pixels."""
Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Inspected:
    """A page that was read from the file `source`, and what is `shown` next to it."""

    page: Page
    source: str
    shown: dict[str, Any]


def inspected(
    reader: Reader, source: Any, before: Callable[[dict[str, Any]], object] | None = None
) -> Iterator[Inspected]:
    """Read the pages of a picture, with intermediate results of each.

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
    """Return the pages of one file as `ocr.web.schemas.Inspection`."""
    document = Document(tuple(one.page for one in found), found[0].source)
    content = json.loads(ocr_json.render(document, min_confidence))
    return {"document": content, "pages": [one.shown for one in found]}


def _picture(pixels: Pixels, size: tuple[int, int]) -> str:
    image = Image.fromarray(pixels)
    return data_url(image if image.size == size else image.resize(size, Image.Resampling.BOX), "JPEG")


def _stages(
    lattice: Lattice, rejects: npt.NDArray[np.bool_], size: tuple[int, int], scale: float
) -> Iterator[tuple[str, str]]:
    """Yield the even light, the ink, and the ink of letters in colours, aligned with the picture."""
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
    """Map a working picture to the frame of the shown one; the rest is `ground`."""
    return np.asarray(
        cv2.warpPerspective(values, matrix, size, flags=cv2.INTER_AREA, borderValue=(ground,) * 4), np.uint8
    )


def _segments(
    lattice: Lattice,
    rejects: npt.NDArray[np.bool_],
    matrix: npt.NDArray[np.float64],
    size: tuple[int, int],
) -> Image.Image:
    """Colour the ink of each letter, neighbours differently; the rest is transparent."""
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
"""Colours of Okabe and Ito, which colour-blind people can distinguish."""


def data_url(image: Image.Image, kind: str) -> str:
    """Return a picture as a ``data:`` URL, JPEG or PNG."""
    file = io.BytesIO()
    image.save(file, kind, quality=85)
    return f"data:image/{kind.lower()};base64,{b64encode(file.getvalue()).decode()}"
