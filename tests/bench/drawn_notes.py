"""Drawn things with letters written by hand: boards, notes, envelopes, badges, sheets and the like."""

from __future__ import annotations

import cv2
import numpy as np
from PIL import Image

from tests.bench.drawn_camera import laid_askew, laid_on, moved, tilted
from tests.bench.drawn_lettering import (
    as_sheet,
    inscription,
    mask_of,
    paint,
    paint_middle,
    phrase,
    room,
    room_of,
)
from tests.bench.drawn_sheet import WHITE, Chance, Sheet
from tests.bench.drawn_textures import Pixels, ground, noise, texture

LETTERS = "ABDEFGHJKLMNPQRTabdefghkmnqrt234578"
"""Letters and digits that stay what they are without a neighbour."""
PENS = ((30, 40, 150), (170, 30, 40), (25, 110, 60), (30, 30, 35))
NOTES = ((250, 235, 120), (250, 180, 190), (170, 220, 250), (190, 240, 160))
TUBES = ((255, 80, 160), (80, 220, 255), (255, 200, 60))
TOWNS = ("London", "Boston", "Leeds", "Dublin")


def blackboard(chance: Chance) -> Sheet:
    """Draw a board with up to four lines in chalk, which has gaps."""
    lines = inscription(chance, 4)
    mask = mask_of(lines, chance.face("hand", chance.size(40, 60, 80)), 1.4, centred=False)
    mask *= (0.75 + 0.35 * noise(chance, mask, 1.5, 1)).clip(0, 1)
    board = room_of(chance, "concrete", mask, 1.4, chance.rng.choice([(45, 75, 60), (40, 42, 45)]))
    board += np.abs(noise(chance, board, 90, 14))[..., None]
    paint_middle(board, mask, chance.colour(215, 250))
    return as_sheet(tilted(chance, board, 0.03), lines)


def whiteboard(chance: Chance) -> Sheet:
    """Draw a board with up to four lines in the ink of a pen, and the glare of a lamp."""
    lines = inscription(chance, 4)
    mask = mask_of(lines, chance.face("hand", chance.size(40, 60, 80)), 1.4, centred=False)
    board = room_of(chance, "paper", mask, 1.4, (228, 230, 232))
    height, width = board.shape[:2]
    rows, columns = np.mgrid[:height, :width]
    far = (columns - width * chance.rng.random()) ** 2 + (rows - height * chance.rng.random()) ** 2
    board += (60 * np.exp(-far / (2 * (width / 5) ** 2)))[..., None] - 15
    paint_middle(board, 0.92 * mask, chance.rng.choice(PENS))
    return as_sheet(tilted(chance, board, 0.05), lines)


def sticky_note(chance: Chance) -> Sheet:
    """Draw a coloured square of paper that sticks askew."""
    lines = inscription(chance, 3)
    mask = mask_of(lines, chance.face("hand", chance.size(36, 50, 64)), centred=False)
    side = int(1.25 * max(mask.shape))
    note = texture(chance, "paper", side, side, chance.rng.choice(NOTES))
    paint_middle(note, mask, chance.colour(0, 60))
    wall = ground(chance, int(1.7 * side), int(1.6 * side))
    return as_sheet(laid_askew(wall, note, chance.rng.uniform(-9, 9)), lines)


def envelope(chance: Chance) -> Sheet:
    """Draw an address, and above it a postage stamp with waves of a postmark."""
    lines = [
        f"{chance.name()} {chance.name()}",
        f"{chance.rng.randint(1, 99)} {phrase(chance, 1).title()} Street",
        f"{chance.rng.choice(TOWNS)} {chance.digits(5)}",
    ]
    mask = mask_of(lines, chance.face("hand", chance.size(34, 44)), 1.35, centred=False)
    width, height = int(1.8 * mask.shape[1]) + 100, int(2.2 * mask.shape[0]) + 60
    paper = texture(chance, "paper", width, height, chance.rng.choice([(235, 220, 190), (245, 245, 245)]))
    paint(paper, mask, chance.rng.choice([(20, 20, 30), (30, 40, 120)]), 0.38 * width, 0.45 * height)
    _postage(chance, paper)
    return as_sheet(tilted(chance, laid_on(chance, _table(chance, paper, 1.2, 1.3), paper), 0.04), lines)


def _postage(chance: Chance, paper: Pixels) -> None:
    width = paper.shape[1]
    picture = chance.photograph().resize((90, 110), Image.Resampling.BICUBIC)
    paper[16:126, width - 110 : width - 20] = np.asarray(picture)
    along = np.arange(180)
    for wave in range(4):
        line = np.stack([width - 300 + along, 20 + 18 * wave + 6 * np.sin(along / 14)], 1)
        cv2.polylines(paper, [line.astype(np.int32)], False, (60, 60, 60), 2)


def badge(chance: Chance) -> Sheet:
    """Draw a badge: white print on colour that says here is a name, and below it the name by hand."""
    name = f"{chance.name()} {chance.name()}" if chance.happens(0.5) else chance.name()
    head = "HELLO my name is"
    mask = mask_of([name], chance.face("hand", chance.size(60, 80)), 1.1)
    above = mask_of([head], chance.face("print", 34), 1.1)
    width, bar = int(1.2 * max(mask.shape[1], above.shape[1])), above.shape[0] + 16
    card = texture(chance, "paper", width, bar + int(1.5 * mask.shape[0]), (250, 250, 250))
    colour = chance.rng.choice([(200, 30, 40), (30, 60, 170)])
    card[:bar] = card[-10:] = colour
    paint(card, above, WHITE, (width - above.shape[1]) / 2, 8)
    paint(card, mask, (20, 20, 30), (width - mask.shape[1]) / 2, bar + 0.25 * mask.shape[0])
    cloth = texture(chance, "cloth", int(1.4 * width), int(1.5 * card.shape[0]), chance.colour(40, 200))
    return as_sheet(tilted(chance, laid_on(chance, cloth, card), 0.04), [head, name])


def shirt(chance: Chance) -> Sheet:
    """Draw one or two lines on cloth that has folds."""
    lines = inscription(chance, 2)
    mask = mask_of(lines, chance.face(chance.style(0.5), chance.size(60, 90)))
    dark = chance.happens(0.5)
    cloth = room_of(chance, "cloth", mask, 1.5, chance.colour(20, 90) if dark else chance.colour(170, 235))
    paint_middle(cloth, 0.95 * mask, chance.colour(210, 255) if dark else chance.colour(0, 90))
    folded = moved(cloth, noise(chance, cloth, 120, 7), noise(chance, cloth, 120, 7))
    return as_sheet(folded * (1 + noise(chance, cloth, 100, 0.08))[..., None], lines)


def neon(chance: Chance) -> Sheet:
    """Draw glowing letters at a dark wall of bricks."""
    lines = inscription(chance, 2)
    mask = mask_of(lines, chance.face("hand", chance.size(70, 100)))
    wall = 0.5 * room_of(chance, "brick", mask, 1.5, (40, 30, 32))
    red, green, blue = chance.rng.choice(TUBES)
    paint_middle(wall, 0.9 * cv2.GaussianBlur(mask, (0, 0), 14), (red, green, blue))
    paint_middle(wall, mask, (min(255, red + 90), min(255, green + 90), min(255, blue + 90)))
    return as_sheet(wall, lines)


def letter(chance: Chance) -> Sheet:
    """Draw a single letter or digit on paper, often with a shadow."""
    text = chance.rng.choice(LETTERS)
    mask = mask_of([text], chance.face(chance.style(0.7), chance.size(80, 160, 260)))
    width, height = room(mask, chance.rng.uniform(1.2, 3))
    paper = texture(chance, "paper", width, height, chance.colour(190, 250))
    if chance.happens(0.5):
        paper *= np.linspace(1, 0.65, width, dtype=np.float32)[:, None]
    right, down = (chance.rng.randint(-side // 10, side // 10) for side in (width, height))
    paint_middle(paper, mask, chance.colour(0, 120), right, down)
    return as_sheet(tilted(chance, paper, 0.03), [text])


def written_sheet(chance: Chance) -> Sheet:
    """Draw a sheet with lines written by hand, often on rules, which lies on a table in a shadow."""
    lines = [phrase(chance, 3, 5).capitalize() for _ in range(chance.rng.randint(3, 6))]
    size = chance.size(34, 44, 54)
    mask = mask_of(lines, chance.face("hand", size), 1.5, centred=False)
    width, height = int(1.25 * mask.shape[1]), int(1.3 * mask.shape[0])
    paper = texture(chance, "paper", width, height, (238, 236, 228))
    if chance.happens(0.5):
        for top in range(20, height, int(0.75 * size)):
            cv2.line(paper, (0, top), (width, top), (160, 180, 215), 2)
    paint_middle(paper, mask, chance.rng.choice([(25, 25, 30), (30, 40, 130)]))
    seen = tilted(chance, laid_on(chance, _table(chance, paper, 1.15, 1.15), paper), 0.05)
    seen *= np.linspace(0.55, 1, seen.shape[1], dtype=np.float32)[:, None]
    return as_sheet(seen, lines)


def _table(chance: Chance, thing: Pixels, wider: float, taller: float) -> Pixels:
    return ground(chance, int(wider * thing.shape[1]), int(taller * thing.shape[0]))
