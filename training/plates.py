"""Number plates of cars, drawn and cut out as a detector of plates would cut them.

The number is what is read. Frames, screws, seals, stars, stickers, and the small text above and below it are
drawn as well, and the network learns to read nothing there.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from nn.training.strips import Strips
from training.dataset import Sources, sources
from training.drawn_crops import SIDE, degraded
from training.fonts import FontFile, usable_characters
from training.lines import look_of, of_width, strips_of, with_texts
from training.render import Rendered, render_lines
from training.scenery import Image, ground, photographs, turned

PATTERNS = {
    **dict.fromkeys(("LLL-DDDD", "LLL DDDD", "LLLDDDD", "LLLDLDD"), 3.0),
    **dict.fromkeys(("LL-DDDLL", "DLD DDDD", "LL DDDDD", "LLL DDD", "DDD LLL", "DLLLDDD"), 3.0),
    **dict.fromkeys(("LDDDDDD", "LD DLD", "LLD LDL", "LLLDDLD", "LL DD LLL", "LL DD DDD", "L DDDDD"), 1.5),
    **dict.fromkeys(("DDDDD", "LLDDDD", "LDDDLL", "L LL DDDD", "DDD LLLL", "DDDDLL", "LL-DDD-LL"), 1.0),
}
"""Arrangements of letters (L) and digits (D), with their weights."""
MIXED = 0.15
"""Share of numbers in which letters and digits follow no arrangement."""
CAP = 56
"""Height of capitals as drawn, in pixels."""
CAPS = (9.0, 40.0)
"""Least and largest height of capitals in the picture."""
WIDTHS = (0.46, 0.72)
"""Width of a character with its space, as a share of its height."""
PITCH = (5, 40)
"""Least and most columns of a strip per character: other strips do not show the number."""


def drawn_plates(pages: Path, task: tuple[int, int]) -> Strips:
    """Draw the plates of one task, (seed, number of plates), on the photographs of a folder."""
    seed, count = task
    rng = np.random.default_rng(seed)
    photos = photographs(pages, False)
    faces = [face for face in sources().fonts["print"] if _is_plain(face)]
    found: list[tuple[list[npt.NDArray[np.uint8]], str]] = []
    while len(found) < count:
        picture, text = drawn_plate(sources(), faces, photos, rng)
        strips = [*strips_of(picture, "word"), look_of(picture, rng)]
        found.append((of_width(strips, text, PITCH), text))
    return with_texts(found)


def _is_plain(face: FontFile) -> bool:
    return face.style == "normal" and set("0123456789ABCXYZ-") <= usable_characters(face)


def number(rng: np.random.Generator) -> str:
    """Make up the number of a plate, with blanks or hyphens between its groups."""
    shares = np.array(list(PATTERNS.values()))
    pattern = str(rng.choice(list(PATTERNS), p=shares / shares.sum()))
    mixed = rng.random() < MIXED
    letters, digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"
    kinds = {"L": letters + digits if mixed else letters, "D": letters + digits if mixed else digits}
    return "".join(kinds[c][rng.integers(len(kinds[c]))] if c in kinds else c for c in pattern)


def drawn_plate(
    sources: Sources, faces: list[FontFile], photos: list[npt.NDArray[np.uint8]], rng: np.random.Generator
) -> tuple[npt.NDArray[np.uint8], str]:
    """Return a cut-out plate, grey, uint8 (H, W), and its number without blanks and marks."""
    text = number(rng)
    plate = _plate(text, sources, faces, rng)
    rows, columns = plate.shape
    cap = float(np.exp(rng.uniform(*np.log(CAPS))))
    scale = min(cap / CAP, 0.9 * SIDE / columns, 0.9 * SIDE / rows)
    corners = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], np.float32)
    seen = corners - (columns / 2, rows / 2)
    seen += rng.normal(0, 0.03 * rows, (4, 2))
    turn, lean = np.radians(rng.normal(0, (3, 4)))
    linear = np.array([[np.cos(turn), -np.sin(turn) + lean], [np.sin(turn), np.cos(turn)]])
    seen = np.asarray(scale * seen @ linear.T + SIDE / 2, np.float32)
    matrix = cv2.getPerspectiveTransform(corners, seen)
    soft = cv2.GaussianBlur(plate, (0, 0), max(0.35 / scale, 0.1))
    image = ground(photos, SIDE, rng)
    cover = cv2.warpPerspective(np.ones_like(plate), matrix, (SIDE, SIDE))
    image = image * (1 - cover) + cover * cv2.warpPerspective(
        soft, matrix, (SIDE, SIDE), borderMode=cv2.BORDER_REPLICATE
    )
    grey = degraded(np.asarray(image, np.float32), cap, rng)
    low, high = seen.min(axis=0), seen.max(axis=0)
    around = rng.normal(0.04, 0.07, 4) * scale * rows
    left, top = (max(0, round(float(edge))) for edge in low - around[:2])
    right, bottom = (min(SIDE, round(float(edge))) for edge in high + around[2:])
    return grey[top:bottom, left:right], "".join(c for c in text if c.isalnum())


def _plate(text: str, sources: Sources, faces: list[FontFile], rng: np.random.Generator) -> Image:
    """Draw a plate as seen from the front: 0 (dark) to 1, ``(H, W)``."""
    face = faces[int(rng.integers(len(faces)))]
    parts = [_ink(part, face, CAP, rng) for part in text.replace("-", " - ").split() if part != "-"]
    marks = ["-" if c == "-" else " " for c in text if not c.isalnum()]
    pitch = rng.uniform(*WIDTHS) * CAP
    lengths = [len(part) for part in text.replace("-", " ").split()]
    parts = [
        np.asarray(cv2.resize(part, (max(8, round(pitch * length)), CAP), interpolation=cv2.INTER_AREA))
        for part, length in zip(parts, lengths, strict=True)
    ]
    gap = round(CAP * rng.uniform(0.3, 0.9))
    above, below = (round(CAP * rng.choice([rng.uniform(0.12, 0.3), rng.uniform(0.3, 0.75)])) for _ in "ab")
    before, after = (round(CAP * rng.choice([rng.uniform(0.1, 0.3), rng.uniform(0.3, 1.0)])) for _ in "ab")
    width = before + sum(part.shape[1] for part in parts) + gap * len(marks) + after
    ink = np.zeros((above + CAP + below, width), np.float32)
    pen = before
    for k, part in enumerate(parts):
        ink[above : above + CAP, pen : pen + part.shape[1]] = part
        pen += part.shape[1]
        if k < len(marks):
            _between(ink, pen + gap / 2, above + CAP / 2, gap, marks[k], rng)
            pen += gap
    for top, room in ((0, above), (above + CAP, below)):
        if room > 0.3 * CAP and rng.random() < 0.75:
            _small_text(ink, top, room, sources, faces, rng)
    dark, light = np.sort(rng.uniform(0, 1, 2))
    light = min(1.0, max(light, dark + 0.25))
    dark = max(0.0, min(dark, light - 0.25))
    back, front = (light, dark) if rng.random() < 0.85 else (dark, light)
    plain = np.full(ink.shape, back, np.float32)
    if rng.random() < 0.3:  # a picture behind the number
        slope = np.linspace(-1, 1, len(ink), dtype=np.float32)[:, None]
        plain += np.float32(rng.uniform(-0.2, 0.2) * (light - dark)) * slope
    plate = np.asarray(plain * (1 - ink) + np.float32(front) * ink, np.float32)
    if rng.random() < 0.35:
        plate = _with_band(plate, back, rng)
    return _framed(plate, (above, below), front, sources, faces, rng)


def _ink(text: str, face: FontFile, height: int, rng: np.random.Generator) -> Image:
    """Return the ink of a text, cropped to it, 0 to 1 and as high as asked."""
    drawn: Rendered = render_lines([text], face, 90, rng, spacing=float(rng.uniform(0.05, 0.3)))
    ink = 1 - drawn.grey.astype(np.float32) / np.float32(255)
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    ink = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    size = (max(4, round(ink.shape[1] * height / ink.shape[0])), height)
    return np.asarray(cv2.resize(ink, size, interpolation=cv2.INTER_AREA), np.float32)


def _between(ink: Image, column: float, row: float, gap: float, mark: str, rng: np.random.Generator) -> None:
    """Draw what stands between two groups, in place: a hyphen, a dot, seals, an emblem, or nothing."""
    middle = (round(column), round(row))
    size = max(2, round(gap * rng.uniform(0.12, 0.3)))
    kind = 0 if mark == "-" and rng.random() < 0.5 else int(rng.integers(1, 6))
    if kind == 0:
        thick = max(2, round(0.1 * CAP * rng.uniform(0.6, 1.3)))
        cv2.line(ink, (middle[0] - size, middle[1]), (middle[0] + size, middle[1]), 1.0, thick)
    elif kind == 1:
        cv2.circle(ink, middle, max(2, size // 2), 1.0, -1, cv2.LINE_AA)
    elif kind == 2:
        tone, thick = float(rng.uniform(0.2, 0.8)), -1 if rng.random() < 0.5 else 2
        for way in (-1, 1):
            place = (middle[0], middle[1] + round(way * 0.25 * CAP))
            cv2.circle(ink, place, size, tone, thick, cv2.LINE_AA)
    elif kind == 3:
        points = rng.normal(0, 0.5, (int(rng.integers(5, 12)), 2)) * (gap / 2, CAP * rng.uniform(0.2, 0.6))
        shape = np.rint(points + middle).astype(np.int32)
        cv2.fillPoly(ink, [shape], float(rng.uniform(0.15, 0.8)))
    elif kind == 4:
        reach = round(CAP * rng.uniform(0.15, 0.35))
        low, high = (middle[0] - size, middle[1] - reach), (middle[0] + size, middle[1] + reach)
        cv2.rectangle(ink, low, high, float(rng.uniform(0.1, 0.6)), -1)


def _small_text(
    ink: Image, top: int, room: int, sources: Sources, faces: list[FontFile], rng: np.random.Generator
) -> None:
    """Draw the name of a place or a dealer above or below the number, in place."""
    face = faces[int(rng.integers(len(faces)))]
    count = int(rng.integers(1, 4))
    words = [sources.words[int(len(sources.words) * rng.random() ** 2)] for _ in range(count)]
    text = " ".join(word.upper() if rng.random() < 0.7 else word.title() for word in words)
    text = text.replace("'", "")
    if rng.random() < 0.15:
        text = "".join(str(digit) for digit in rng.integers(0, 10, 7))
    text = "".join(c for c in text if c == " " or c in usable_characters(face)).strip()
    if not text:
        return
    height = max(6, round(room * rng.uniform(0.35, 0.7)))
    small = _ink(text, face, height, rng)
    if small.shape[1] > 0.95 * ink.shape[1]:
        small = np.asarray(cv2.resize(small, (round(0.9 * ink.shape[1]), height)), np.float32)
    row = top + (room - height) // 2
    column = round((ink.shape[1] - small.shape[1]) * float(np.clip(rng.normal(0.5, 0.2), 0, 1)))
    part = ink[row : row + height, column : column + small.shape[1]]
    np.maximum(part, np.float32(rng.uniform(0.3, 1)) * small, out=part)


def _with_band(plate: Image, back: float, rng: np.random.Generator) -> Image:
    """Put a band with an emblem and a country's letters on the left of a plate."""
    rows = len(plate)
    width = round(rows * rng.uniform(0.2, 0.4))
    tone = float(rng.uniform(0, 0.5)) if rng.random() < 0.75 else back
    band = np.full((rows, width), tone, np.float32)
    value = 1.0 if tone < 0.5 else 0.15
    thick = int(rng.choice([-1, 1, 2, 3]))
    middle, size = (width // 2, round(rows * rng.uniform(0.25, 0.45))), max(3, round(0.28 * width))
    if rng.random() < 0.5:
        cv2.circle(band, middle, size, value, thick, cv2.LINE_AA)
    else:
        box = np.array([[-1, -1], [1, -1], [1, 0.5], [0, 1.4], [-1, 0.5]]) * size + middle
        cv2.polylines(band, [np.rint(box).astype(np.int32)], True, value, max(1, abs(thick)), cv2.LINE_AA)
    letters = "".join(chr(65 + int(k)) for k in rng.integers(0, 26, int(rng.integers(1, 4))))
    place = (max(0, round(width * 0.5 - 6 * len(letters))), round(rows * 0.85))
    mask = np.zeros(band.shape, np.uint8)
    cv2.putText(mask, letters, place, cv2.FONT_HERSHEY_SIMPLEX, 0.5, 255, 2, cv2.LINE_AA)
    band += (mask / np.float32(255)) * (np.float32(value) - band)
    return np.concatenate([band, plate], axis=1)


def _framed(
    plate: Image,
    rooms: tuple[int, int],
    front: float,
    sources: Sources,
    faces: list[FontFile],
    rng: np.random.Generator,
) -> Image:
    """Add the embossed border, screws, stickers above and below the number, and a dealer's frame."""
    rows, columns = plate.shape
    if rng.random() < 0.5:
        inset = round(CAP * rng.uniform(0.01, 0.1))
        box = (inset, inset), (columns - 1 - inset, rows - 1 - inset)
        cv2.rectangle(plate, *box, front, max(1, round(CAP * rng.uniform(0.02, 0.08))))
    for _ in range(int(rng.integers(0, 5))):
        place = (round(columns * rng.uniform(0.08, 0.92)), round(rows * rng.choice([0.08, 0.92])))
        cv2.circle(plate, place, max(2, round(CAP * rng.uniform(0.03, 0.09))), rng.random(), -1)
    for _ in range(int(rng.integers(0, 3))):
        side, left = int(rng.integers(2)), round(columns * rng.choice([0.02, 0.85]))
        high = round(0.85 * rooms[side])
        top = round(0.1 * rooms[side]) if side == 0 else rows - round(0.95 * rooms[side])
        cv2.rectangle(plate, (left, top), (left + round(0.12 * columns), top + high), rng.random(), -1)
    border = [round(CAP * share) for share in np.abs(rng.normal(0, (0.25, 0.25, 0.12, 0.12)))]
    tone = float(rng.uniform(0, 0.35) if rng.random() < 0.7 else rng.uniform(0.35, 1))
    framed = np.pad(plate, (border[:2], border[2:]), constant_values=tone)
    for top, room in ((0, border[0]), (border[0] + rows, border[1])):
        if room > 0.25 * CAP and rng.random() < 0.6:
            ink = np.zeros_like(framed)
            _small_text(ink, top, room, sources, faces, rng)
            framed += ink * (np.float32(1 if tone < 0.5 else 0) - framed)
    if rng.random() < 0.25:  # a shadow or a reflection
        shade = turned(np.ones_like(framed), float(rng.uniform(-60, 60)))
        framed = framed * (1 - np.float32(rng.uniform(0.1, 0.4)) * (1 - shade))
    return np.asarray(np.clip(framed, 0, 1), np.float32)
