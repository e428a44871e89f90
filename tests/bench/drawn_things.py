"""Drawn things with letters that are printed, carved or painted on them, and the names of all things."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from tests.bench.drawn_camera import laid_on, rotated, rounded, tilted
from tests.bench.drawn_displays import led_sign, meter, seven_segments, tiles
from tests.bench.drawn_lettering import (
    as_sheet,
    capitals,
    cased,
    inscription,
    mask_of,
    paint,
    paint_middle,
    phrase,
    room,
    room_of,
)
from tests.bench.drawn_notes import (
    badge,
    blackboard,
    envelope,
    letter,
    neon,
    shirt,
    sticky_note,
    whiteboard,
    written_sheet,
)
from tests.bench.drawn_sheet import Chance, Sheet
from tests.bench.drawn_textures import Pixels, ground, noise, texture

METALS = ((165, 165, 168), (180, 150, 80), (110, 112, 118))
STENCILS = ((25, 25, 25), (150, 25, 25), (30, 50, 110))
STAMPS = ((190, 30, 40), (40, 50, 160), (30, 30, 40))
TAGS = ((250, 225, 50), (250, 250, 250), (230, 50, 40))


def sign(chance: Chance) -> Sheet:
    """Draw a sign at a wall, light or dark, often in a frame."""
    lines, light = inscription(chance, 3), chance.happens(0.5)
    mask = mask_of(lines, chance.face("print", chance.size(50, 70, 100)))
    paper = chance.colour(200, 255) if light else chance.colour(0, 120)
    board = room_of(chance, "paper", mask, 1.2, paper)
    height, width = board.shape[:2]
    paint_middle(board, mask, chance.colour(0, 80) if light else chance.colour(215, 255))
    if chance.happens(0.5):
        edge = chance.colour(0, 80) if light else (240, 240, 240)
        cv2.rectangle(board, (8, 8), (width - 8, height - 8), edge, 4)
    wall = ground(chance, int(1.5 * width), int(1.7 * height))
    return as_sheet(tilted(chance, laid_on(chance, wall, board), 0.06), lines)


def number_plate(chance: Chance) -> Sheet:
    """Draw the plate of a car: letters and digits in two groups."""
    text = chance.rng.choice(
        [
            f"{capitals(chance, 2)}{chance.digits(2)} {capitals(chance, 3)}",
            f"{capitals(chance, 3)} {chance.digits(4)}",
            f"{chance.digits(4)} {capitals(chance, 3)}",
            f"{capitals(chance, 1)}{chance.digits(3)} {capitals(chance, 2)}",
        ]
    )
    style = "mono" if chance.happens(0.4) else "print"
    mask = mask_of([text], chance.face(style, chance.size(50, 70)), 1.0)
    width, height = int(1.1 * mask.shape[1]), int(1.05 * mask.shape[0])
    plate = texture(chance, "paper", width, height, chance.rng.choice([(245, 245, 240), (250, 215, 60)]))
    paint_middle(plate, mask, (25, 25, 30))
    cv2.rectangle(plate, (3, 3), (width - 4, height - 4), (30, 30, 30), 3)
    car = texture(chance, "metal", int(1.6 * width), 3 * height, chance.colour(20, 200))
    return as_sheet(tilted(chance, laid_on(chance, car, plate), 0.05), [text])


def house_number(chance: Chance) -> Sheet:
    """Draw up to three digits, and seldom a letter, that throw a shadow on a wall."""
    text = chance.digits(chance.rng.randint(1, 3))
    if chance.happens(0.15):
        text += chance.rng.choice("abc")
    mask = mask_of([text], chance.face("print", chance.size(80, 120, 160)))
    wall = ground(chance, *room(mask, 2))
    paint_middle(wall, 0.6 * cv2.GaussianBlur(mask, (0, 0), 3), (10, 10, 10), 5, 5)
    paint_middle(wall, mask, chance.colour(220, 255) if wall.mean() < 120 else chance.colour(0, 50))
    return as_sheet(tilted(chance, wall, 0.05), [text])


def engraved(chance: Chance) -> Sheet:
    """Draw letters that are cut into metal: light on one side, dark on the other."""
    lines = inscription(chance, 2)
    mask = mask_of(lines, chance.face("print", chance.size(50, 70, 100)))
    plate = room_of(chance, "metal", mask, 1.5, chance.rng.choice(METALS))
    depth = cv2.GaussianBlur(mask, (0, 0), 1.5)
    slope = sum(np.roll(depth, 2, axis) - np.roll(depth, -2, axis) for axis in (0, 1))
    top, left = ((plate.shape[axis] - mask.shape[axis]) // 2 for axis in (0, 1))
    part = plate[top : top + mask.shape[0], left : left + mask.shape[1]]
    part += (70 * slope - 35 * depth)[..., None]
    return as_sheet(plate, lines)


def stencil(chance: Chance) -> Sheet:
    """Draw capitals on planks, in paint that has gaps."""
    lines = [line.upper() for line in inscription(chance, 3)]
    mask = mask_of(lines, chance.face("print", chance.size(50, 70, 90)))
    mask *= (0.9 + 0.4 * noise(chance, mask, 3, 1)).clip(0, 1)
    planks = room_of(chance, "wood", mask, 1.4, (190, 150, 100))
    height, width = planks.shape[:2]
    for top in range(0, height, height // 3):
        cv2.line(planks, (0, top), (width, top), (90, 65, 40), 3)
    paint_middle(planks, 0.9 * mask, chance.rng.choice(STENCILS))
    return as_sheet(tilted(chance, planks, 0.04), lines)


def bottle(chance: Chance) -> Sheet:
    """Draw the label around a bottle."""
    lines = inscription(chance, 3)
    mask = mask_of(lines, chance.face("print", chance.size(36, 50, 60)))
    width, height = int(1.3 * mask.shape[1]), int(1.5 * mask.shape[0])
    label = texture(chance, "paper", width, height, chance.colour(200, 255))
    paint_middle(label, mask, chance.colour(0, 110))
    shelf = ground(chance, int(1.6 * width), int(1.6 * height))
    return as_sheet(laid_on(chance, shelf, rounded(label)), lines)


def book_spines(chance: Chance) -> Sheet:
    """Draw two to four books with titles that run down: the head is tilted, and reads from right to left."""
    length = chance.rng.randint(520, 640)
    books = [_spine(chance, length) for _ in range(chance.rng.randint(2, 4))]
    shelf = np.rot90(np.concatenate([spine for spine, _ in books], 0), -1)
    wall = ground(chance, shelf.shape[1] + 160, length + 60)
    return as_sheet(laid_on(chance, wall, shelf), [title for _, title in books])


def _spine(chance: Chance, length: int) -> tuple[Pixels, str]:
    """Return a spine that lies, and its title."""
    title, face = cased(chance, phrase(chance, 2, 3)), chance.face("print", chance.size(30, 38, 48))
    if mask_of([title], face, 1.0).shape[1] > length - 40:
        title = title.split()[0]
    mask = mask_of([title], face, 1.0)
    colour = chance.colour(10, 110) if chance.happens(0.6) else chance.colour(190, 240)
    spine = texture(chance, "paper", length, int(1.5 * mask.shape[0]), colour)
    paint_middle(spine, mask, (240, 235, 220) if spine.mean() < 128 else (30, 25, 25))
    cv2.line(spine, (0, 0), (length, 0), (20, 20, 20), 2)
    return spine, title


def price_tag(chance: Chance) -> Sheet:
    """Draw a large price below one or two small words."""
    price, goods = f"${chance.rng.randint(1, 99)}.{chance.digits(2)}", cased(chance, phrase(chance, 1, 2))
    below = mask_of([price], chance.face("print", chance.size(80, 110)), 1.1)
    above = mask_of([goods], chance.face("print", chance.size(28, 36)), 1.1)
    width = int(1.2 * max(below.shape[1], above.shape[1]))
    height = int(1.15 * (below.shape[0] + above.shape[0]))
    tag = texture(chance, "paper", width, height, chance.rng.choice(TAGS))
    ink = (250, 250, 250) if tag[..., 1].mean() < 100 else (20, 20, 20)
    paint(tag, above, ink, (width - above.shape[1]) / 2, 8)
    paint(tag, below, ink, (width - below.shape[1]) / 2, height - below.shape[0] - 6)
    shelf = ground(chance, int(1.4 * width), int(1.5 * height))
    return as_sheet(tilted(chance, laid_on(chance, shelf, tag), 0.05), [goods, price])


def rubber_stamp(chance: Chance) -> Sheet:
    """Draw capitals in a frame, stamped askew, in ink that has gaps."""
    lines = [line.upper() for line in inscription(chance, 2)]
    mask = np.pad(mask_of(lines, chance.face("print", chance.size(50, 70))), 20)
    height, width = mask.shape
    cv2.rectangle(mask, (6, 6), (width - 6, height - 6), 1, 5)
    mask *= (0.75 + 0.5 * noise(chance, mask, 4, 1)).clip(0, 1)
    paper = room_of(chance, "paper", mask, 1.4, (240, 236, 225))
    paint_middle(paper, 0.85 * mask, chance.rng.choice(STAMPS))
    return as_sheet(rotated(paper, chance.rng.uniform(-12, 12)), lines)


def ticket(chance: Chance) -> Sheet:
    """Draw a ticket: what, where, when, a number, and a bar code."""
    rng = chance.rng
    day = f"{rng.randint(1, 28):02d}/{rng.randint(1, 12):02d}/20{rng.randint(20, 30)}"
    lines = [
        f"{cased(chance, phrase(chance, 1))} {cased(chance, phrase(chance, 1))}",
        f"ROW {capitals(chance, 1)} SEAT {rng.randint(1, 60)}",
        f"{day} {rng.randint(10, 23)}:{rng.choice(['00', '30', '15'])}",
        f"No. {chance.digits(6)}",
    ]
    mask = mask_of(lines, chance.face("print", chance.size(26, 32)), 1.5, centred=False)
    width, height = mask.shape[1] + 180, int(1.2 * mask.shape[0]) + 30
    paper = texture(chance, "paper", width, height, rng.choice([(245, 240, 225), (225, 235, 245)]))
    paint(paper, mask, (30, 30, 35), 10, 15)
    left = width - 120
    while left < width - 20:
        thick = rng.randint(2, 6)
        paper[20 : height - 20, left : left + thick] = 20
        left += thick + rng.randint(2, 6)
    return as_sheet(tilted(chance, paper, 0.02), lines)


KINDS: dict[str, Callable[[Chance], Sheet]] = {
    "blackboard": blackboard,
    "whiteboard": whiteboard,
    "sticky-note": sticky_note,
    "sign": sign,
    "number-plate": number_plate,
    "house-number": house_number,
    "seven-segments": seven_segments,
    "led-sign": led_sign,
    "meter": meter,
    "tiles": tiles,
    "engraved": engraved,
    "stencil": stencil,
    "bottle": bottle,
    "shirt": shirt,
    "neon": neon,
    "book-spines": book_spines,
    "price-tag": price_tag,
    "rubber-stamp": rubber_stamp,
    "badge": badge,
    "envelope": envelope,
    "letter": letter,
    "written-sheet": written_sheet,
    "ticket": ticket,
}
