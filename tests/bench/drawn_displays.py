"""Drawn rows of separate digits or letters: seven-segment displays, LED signs, meters and tiles."""

from __future__ import annotations

import cv2
import numpy as np
from PIL import Image, ImageDraw

from tests.bench.drawn_camera import laid_on, tilted
from tests.bench.drawn_lettering import as_sheet, mask_of, paint_middle, phrase, room_of
from tests.bench.drawn_sheet import Chance, Sheet
from tests.bench.drawn_textures import Pixels, texture

SEGMENTS = {
    "0": "abcdef",
    "1": "bc",
    "2": "abged",
    "3": "abgcd",
    "4": "fgbc",
    "5": "afgcd",
    "6": "afgedc",
    "7": "abc",
    "8": "abcdefg",
    "9": "abcdfg",
}
"""The strokes of each digit: ``a``, ``g`` and ``d`` from top to bottom, the others clockwise."""
LAMPS = ((255, 60, 40), (70, 255, 110), (90, 170, 255))
DOTS = ((255, 170, 40), (255, 60, 40), (90, 255, 120))
TABLES = ((90, 60, 40), (30, 90, 60), (60, 60, 90))


def seven_segments(chance: Chance) -> Sheet:
    """Draw a number, a temperature or a time on a display of lamps or of liquid crystal."""
    text = chance.rng.choice(
        [
            chance.digits(4),
            f"{chance.digits(3)}.{chance.digits(1)}",
            f"{chance.digits(2)}:{chance.digits(2)}",
            chance.digits(6),
            f"{chance.digits(2)}.{chance.digits(1)}",
        ]
    )
    mask = _leaning(chance, _segments(text, chance.size(60, 90, 130), chance.rng.uniform(0.1, 0.14)))
    if chance.happens(0.5):
        display, ink = room_of(chance, "paper", mask, 1.15, (18, 12, 12)), chance.rng.choice(LAMPS)
        paint_middle(display, 0.5 * cv2.GaussianBlur(mask, (0, 0), 6), ink)
        paint_middle(display, mask, ink)
    else:
        display = room_of(chance, "paper", mask, 1.15, (165, 175, 150))
        paint_middle(display, 0.85 * mask, (35, 40, 35))
    height, width = display.shape[:2]
    case = texture(chance, "metal", int(1.5 * width), int(1.9 * height), chance.colour(30, 200))
    return as_sheet(tilted(chance, laid_on(chance, case, display), 0.03), [text])


def _segments(text: str, size: int, thickness: float) -> Pixels:
    """Return where the lit strokes are; the thickness is in heights of digits."""
    thick = thickness * size
    picture = Image.new("L", (int(size * (0.75 * len(text) + 1)), int(1.6 * size)), 0)
    pen, left, top = ImageDraw.Draw(picture), 0.5 * size, 0.3 * size
    for letter in text:
        for box in _strokes(letter, left, top, size, thick):
            pen.rectangle(box, fill=255)
        left += (0.72 if letter in SEGMENTS else 0.28) * size
    return np.asarray(picture)[:, : int(left + 0.3 * size)].astype(np.float32) / 255


def _strokes(
    letter: str, left: float, top: float, size: float, thick: float
) -> list[tuple[float, float, float, float]]:
    right, middle, bottom = left + 0.5 * size, top + 0.5 * size, top + size
    half, gap = thick / 2, 0.18 * thick
    if letter == ".":
        left -= 0.02 * size
        return [(left, bottom - thick, left + thick, bottom)]
    if letter == ":":
        rows = [top + share * size for share in (0.35, 0.65)]
        return [(left, row - half, left + thick, row + half) for row in rows]
    begin, end = left + gap + half, right - gap - half
    boxes = {
        "a": (begin, top, end, top + thick),
        "g": (begin, middle - half, end, middle + half),
        "d": (begin, bottom - thick, end, bottom),
        "f": (left, top + gap + half, left + thick, middle - gap),
        "e": (left, middle + gap, left + thick, bottom - gap - half),
        "b": (right - thick, top + gap + half, right, middle - gap),
        "c": (right - thick, middle + gap, right, bottom - gap - half),
    }
    return [boxes[segment] for segment in SEGMENTS[letter]]


def _leaning(chance: Chance, mask: Pixels) -> Pixels:
    height, width = mask.shape
    slant = chance.rng.uniform(0, 0.12)
    matrix = np.array([[1, -slant, slant * height], [0, 1, 0]], np.float32)
    return cv2.warpAffine(mask, matrix, (width + int(slant * height), height))


def led_sign(chance: Chance) -> Sheet:
    """Draw one or two words in capitals, of round lamps in a grid."""
    text = phrase(chance, 1, 2).upper()
    lit = (mask_of([text], chance.face("print", 14), 1.1) > 0.45).astype(np.float32)
    pitch = chance.rng.randint(7, 10)
    lamp = np.zeros((pitch, pitch), np.float32)
    cv2.circle(lamp, (pitch // 2, pitch // 2), int(0.4 * pitch), 1, -1)
    height, width = lit.shape
    sign = texture(chance, "paper", width * pitch, height * pitch, (15, 15, 18))
    sign += (0.08 * 255 * np.kron(1 - lit, lamp))[..., None]
    paint_middle(sign, cv2.GaussianBlur(np.kron(lit, lamp), (0, 0), 1), chance.rng.choice(DOTS))
    return as_sheet(sign, [text])


def meter(chance: Chance) -> Sheet:
    """Draw a counter: white digits on dark wheels, which do not stand quite in line; the last may be red."""
    text = chance.digits(chance.rng.randint(5, 6))
    size = chance.size(40, 60)
    face = chance.face("print", size)
    width, height = len(text) * size + 20, int(1.6 * size)
    counter = texture(chance, "paper", width, height, (150, 150, 150))
    red = chance.happens(0.5)
    for index, digit in enumerate(text):
        wheel = Image.new("RGB", (size - 8, height - 16), (20, 20, 22))
        if red and index == len(text) - 1:
            wheel.paste((170, 30, 30), (0, 0, *wheel.size))
        box = face.getbbox(digit)
        left = (wheel.width - box[2] - box[0]) / 2
        top = (wheel.height - box[3] - box[1]) / 2 + chance.rng.randint(-2, 2)
        ImageDraw.Draw(wheel).text((left, top), digit, font=face, fill=(235, 235, 230))
        begin = 14 + index * size
        counter[8 : height - 8, begin : begin + size - 8] = np.asarray(wheel)
    case = texture(chance, "metal", int(1.6 * width), int(2.6 * height), chance.colour(120, 220))
    return as_sheet(tilted(chance, laid_on(chance, case, counter), 0.03), [text])


def tiles(chance: Chance) -> Sheet:
    """Draw a word of wooden tiles with a capital on each, as in a game."""
    text = phrase(chance, 1).upper()[:7]
    size = chance.size(40, 60)
    face, side = chance.face("print", size), int(1.5 * size)
    row = []
    for letter in text:
        tile = texture(chance, "wood", side, side, (225, 200, 150))
        cv2.rectangle(tile, (0, 0), (side - 1, side - 1), (120, 95, 60), 3)
        cv2.line(tile, (3, 3), (side - 4, 3), (245, 230, 190), 2)
        paint_middle(tile, mask_of([letter], face, 1.0), (40, 25, 15))
        row.append(tile)
    width = int(1.3 * side * len(text))
    table = texture(chance, chance.rng.choice(["wood", "cloth"]), width, 2 * side, chance.rng.choice(TABLES))
    return as_sheet(tilted(chance, laid_on(chance, table, np.concatenate(row, 1)), 0.03), [text])
