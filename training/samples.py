"""Makes the sample pictures: text in openly licensed faces, with simulated scanning or photography.

``python -m training samples --fonts FOLDER --out samples`` writes every picture with its text beside it.
The same fonts give the same pictures.
"""

import tomllib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from training.fonts import FontFile
from training.render import STEADY, Jitter, render_lines, size_for_x_height

Colour = Sequence[int]
Floats = NDArray[np.float32]

_TIDY = Jitter(baseline=0.04, spacing=0.03, size=0.03, rotation=1.5, slant=1.5, drift=0.08)


@dataclass(frozen=True)
class Block:
    """Lines in one face: `left` is where the ink begins, `top` the first baseline, in pixels of the page."""

    text: str
    family: str
    x_height: float
    left: int
    top: int
    weight: int = 400
    spacing: float = 0.0
    line_height: float = 1.35
    by_hand: bool = False


@dataclass(frozen=True)
class Camera:
    """How a page is scanned or photographed.

    `turn` in degrees, `tilt` as a share of the side, `blur` in pixels, `quarters` to the left, `quality` of
    JPEG; the others from 0 to 1.
    """

    turn: float = 0.0
    tilt: float = 0.0
    light: float = 0.0
    shadow: float = 0.0
    blur: float = 0.6
    noise: float = 0.0
    quarters: int = 0
    quality: int = 85


@dataclass(frozen=True)
class Sheet:
    """A picture to make: the content of the page, and how it is scanned or photographed.

    `name` ends in ``.jpg`` for photos, in colour, and in ``.png`` for scans, in grey. With `table`, the page
    is a card with a printed border that lies on something of that colour.
    """

    name: str
    size: Sequence[int]
    blocks: tuple[Block, ...]
    camera: Camera
    paper: Colour = (250, 250, 248)
    ink: Colour = (28, 27, 30)
    table: Colour | None = None

    @property
    def text(self) -> str:
        """The text of the picture, line by line."""
        return "\n".join(block.text for block in self.blocks) + "\n"


def load_sheets() -> tuple[Sheet, ...]:
    """Read the sheets of ``samples.toml``, which lies beside this file."""
    data = tomllib.loads((Path(__file__).parent / "samples.toml").read_text(encoding="utf-8"))
    sheets = []
    for entry in data["sheet"]:
        blocks = tuple(Block(**block) for block in entry.pop("blocks"))
        sheets.append(Sheet(blocks=blocks, camera=Camera(**entry.pop("camera")), **entry))
    return tuple(sheets)


def make_samples(fonts: Sequence[FontFile], out: Path, sheets: Sequence[Sheet]) -> None:
    """Write each sheet's picture, its text beside it, and a README with the faces and their licences.

    Parameters
    ----------
    fonts : sequence of FontFile
    out : Path
        An existing folder.
    sheets : sequence of Sheet

    Raises
    ------
    ValueError
        If a family of the sheets is not among `fonts`.
    """
    for sheet in sheets:
        picture = take(draw_page(sheet, fonts), sheet)
        (out / sheet.name).parent.mkdir(exist_ok=True)
        colour = Image.fromarray(picture)
        if sheet.name.endswith(".jpg"):
            colour.save(out / sheet.name, quality=sheet.camera.quality)
        else:
            colour.convert("L").save(out / sheet.name, optimize=True)
        (out / sheet.name).with_suffix(".txt").write_text(sheet.text, encoding="utf-8")
    (out / "README.md").write_text(_readme(fonts, sheets), encoding="utf-8")


def draw_page(sheet: Sheet, fonts: Sequence[FontFile]) -> Floats:
    """Draw a sheet on its table: float32 (H, W, 3), 0 to 1."""
    rng = np.random.default_rng(zlib.crc32(sheet.name.encode()))
    columns, rows = sheet.size
    ink = np.zeros((rows, columns), np.float32)
    for block in sheet.blocks:
        _put(ink, block, _face(fonts, block), rng)
    fibres = cv2.GaussianBlur(rng.standard_normal((rows, columns)).astype(np.float32), (0, 0), 1.5)
    ground = np.array(sheet.paper, np.float32) / 255 * (1 + 0.03 * fibres[..., None])
    if sheet.table is not None:
        ground = _card(ground, sheet)
    strength = ink[..., None] * (0.97 + 0.03 * np.clip(fibres[..., None], -1, 1))
    page = ground * (1 - strength) + np.array(sheet.ink, np.float32) / 255 * strength
    return np.asarray(np.clip(page, 0, 1), np.float32)


def _put(ink: Floats, block: Block, font: FontFile, rng: np.random.Generator) -> None:
    rendered = render_lines(
        block.text.split("\n"),
        font,
        size_for_x_height(font, block.x_height),
        rng,
        spacing=block.spacing,
        line_height=block.line_height,
        jitter=_TIDY if block.by_hand else STEADY,
    )
    rows, columns = (np.flatnonzero(rendered.owner.any(axis=axis)) for axis in (1, 0))
    drawn = rendered.grey[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    top = round(block.top + rows[0] - rendered.lines[0].baseline)
    window = ink[top : top + drawn.shape[0], block.left : block.left + drawn.shape[1]]
    if window.shape != drawn.shape:
        raise ValueError(f"{block.text!r} does not fit on its page")
    np.maximum(window, 1 - drawn.astype(np.float32) / 255, out=window)


def _face(fonts: Sequence[FontFile], block: Block) -> FontFile:
    faces = [font for font in fonts if font.family == block.family and font.style == "normal"]
    if not faces:
        raise ValueError(f"{block.family} is not among the fonts")
    return min(faces, key=lambda font: abs(font.weight - block.weight))


def _card(ground: Floats, sheet: Sheet) -> Floats:
    """A card with a border, on a ground of another colour."""
    columns, rows = sheet.size
    edge = round(0.09 * min(sheet.size))
    on_table = np.array(sheet.table, np.float32) / 255 * (ground / ground.mean(axis=(0, 1)))
    card = on_table.astype(np.float32)
    inside = np.s_[edge : rows - edge, edge : columns - edge]
    card[inside] = ground[inside]
    ink = (np.array(sheet.ink) / 255).tolist()
    border = edge + 16
    cv2.rectangle(card, (border, border), (columns - border, rows - border), ink, 3, cv2.LINE_AA)
    return np.asarray(card, np.float32)


def take(page: Floats, sheet: Sheet) -> NDArray[np.uint8]:
    """Scan or photograph a page: uint8 (H, W, 3)."""
    camera = sheet.camera
    rng = np.random.default_rng(zlib.crc32(sheet.name.encode()) + 1)
    rows, columns = page.shape[:2]
    middle = (columns / 2, rows / 2)
    turned = np.vstack([cv2.getRotationMatrix2D(middle, -camera.turn, _shrink(camera.turn, page)), [0, 0, 1]])
    corners = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], np.float32)
    moved = corners + camera.tilt * min(rows, columns) * rng.uniform(-1, 1, (4, 2)).astype(np.float32)
    view = np.asarray(cv2.getPerspectiveTransform(corners, moved), np.float64) @ turned
    rim = cv2.BORDER_REPLICATE if sheet.name.endswith(".jpg") else cv2.BORDER_CONSTANT
    seen = cv2.warpPerspective(
        page, view, (columns, rows), flags=cv2.INTER_CUBIC, borderMode=rim, borderValue=(1.0, 1.0, 1.0)
    )
    lit = np.asarray(seen, np.float32) * _light(camera, rows, columns, rng)[..., None]
    soft = np.asarray(cv2.GaussianBlur(lit, (0, 0), camera.blur), np.float32)
    if not sheet.name.endswith(".jpg"):
        soft = (soft - 0.06) / 0.86  # a scanner's white point: paper comes out as plain white
    soft += camera.noise * rng.standard_normal(soft.shape).astype(np.float32) * (0.4 + soft)
    picture = np.rint(255 * np.clip(soft, 0, 1)).astype(np.uint8)
    return np.ascontiguousarray(np.rot90(picture, camera.quarters))


def _shrink(turn: float, page: Floats) -> float:
    """The scale at which a page turned by some degrees still fits its own frame, nearly."""
    rows, columns = page.shape[:2]
    sine = abs(np.sin(np.radians(turn)))
    return float(1 / (np.cos(np.radians(turn)) + 0.7 * sine * max(rows / columns, columns / rows)))


def _light(camera: Camera, rows: int, columns: int, rng: np.random.Generator) -> Floats:
    down, across = np.mgrid[-1 : 1 : rows * 1j, -1 : 1 : columns * 1j]
    angle = rng.uniform(0, 6.28)
    light = 1 - camera.light * 0.6 * (1 + (np.cos(angle) * across + np.sin(angle) * down) / 1.42) / 2
    light *= 1 - camera.light * 0.4 * (across**2 + down**2) / 2
    edge = 0.5 * across + 0.8 * down - 0.35 + 0.1 * np.sin(4 * across)
    light *= 1 - camera.shadow / (1 + np.exp(-edge / 0.06))
    return np.asarray(light, np.float32)


def _readme(fonts: Sequence[FontFile], sheets: Sequence[Sheet]) -> str:
    lines = [
        "# Sample pictures",
        "",
        "Made in software by `python -m training samples` from openly licensed typefaces; what each",
        "picture says is in the `.txt` of the same name, a line for each line of the picture.",
        "",
        "| picture | typefaces (licence) |",
        "|---|---|",
    ]
    for sheet in sheets:
        faces = {block.family: _face(fonts, block) for block in sheet.blocks}
        named = ", ".join(f"{name} ({face.licence})" for name, face in faces.items())
        lines.append(f"| `{sheet.name}` | {named} |")
    return "\n".join(lines) + "\n"
