"""Drawn pages of few words: lists, signs, cards, screens, photographs, scattered words, and letters."""

from __future__ import annotations

import math

from tests.bench.drawn_sheet import BLACK, WHITE, Chance, Colour, Face, Sheet, widest, wrapped

BUTTONS = ("OK", "Cancel", "Apply", "Help", "Save as", "Retry")
LETTERS = "ABDEFGHKLMNPQRTabdefghkmnqrt2345678"
"""Letters and digits that stay what they are without a neighbour: no ``O`` or ``l``, no ``s`` or ``x``."""


def bullets(chance: Chance) -> Sheet:
    """Draw a list: with dashes, numbers, letters, discs or boxes before its entries."""
    size = chance.size(16, 20, 28)
    face = chance.face(chance.style(), size)
    mark = chance.rng.choice(["dash", "disc", "number", "letter", "box"])
    entries = [chance.words(2, 6).capitalize() for _ in range(chance.rng.randint(4, 8))]
    width = max(28 * size, widest(entries, face) + 5 * size)
    sheet = Sheet.blank(width, round(1.8 * size) * len(entries) + 2 * size)
    for index, text in enumerate(entries):
        top = size + round(1.8 * size) * index
        marks = {"dash": "- ", "number": f"{index + 1}. ", "letter": f"{chr(ord('a') + index)}) "}
        if mark == "disc":
            sheet.pen.ellipse((size, top + 0.55 * size, 1.3 * size, top + 0.85 * size), fill=BLACK)
        elif mark == "box":
            sheet.pen.rectangle((size, top + 0.3 * size, 1.7 * size, top + size), outline=BLACK, width=2)
        left = size if mark in marks else 2.4 * size
        sheet.write(left, top, marks.get(mark, "") + text, face)
    return sheet


def sign(chance: Chance) -> Sheet:
    """Draw a sign: a few large words in the middle, often in a frame."""
    paper, ink = _paper_and_ink(chance)
    size = chance.size(40, 70, 120)
    face = chance.face(chance.style(), size)
    lines = [chance.words(1, 2) for _ in range(chance.rng.randint(1, 3))]
    lines = [line.upper() if chance.happens(0.5) else line.title() for line in lines]
    sheet = Sheet.blank(widest(lines, face) + 2 * size, 1.5 * size * (len(lines) + 1), paper)
    if chance.happens(0.6):
        edge = 0.2 * size
        frame = (edge, edge, sheet.width - edge, sheet.height - edge)
        sheet.pen.rectangle(frame, outline=ink, width=max(2, size // 20))
    for index, line in enumerate(lines):
        left = (sheet.width - face.getlength(line)) / 2
        sheet.write(left, size * (0.7 + 1.5 * index), line, face, ink)
    return sheet


def _paper_and_ink(chance: Chance) -> tuple[Colour, Colour]:
    light, dark = chance.light(), chance.dark()
    return (light, dark) if chance.happens(0.5) else (dark, light)


def card(chance: Chance) -> Sheet:
    """Draw a visiting card: a name, and below it a trade, an address, a telephone, mail and a site."""
    size = chance.size(20, 26, 34)
    face, large = chance.face("print", size), chance.face("print", round(1.6 * size))
    first, last = chance.name(), chance.name()
    lines = [
        chance.words(2).title(),
        f"{chance.digits(2)} {chance.words(1).title()} Road",
        f"+{chance.digits(2)} {chance.digits(3)} {chance.digits(6)}",
        f"{first.lower()}@{chance.words(1)}.com",
        f"www.{chance.words(1)}.org",
    ]
    name = f"{first} {last}"
    width = max(24 * size, large.getlength(name) + 4 * size, widest(lines, face) + 4 * size)
    sheet = Sheet.blank(width, 14 * size, chance.light())
    sheet.write(2 * size, 2 * size, name, large, chance.dark())
    sheet.write_all(2 * size, 5 * size, lines, face, round(1.5 * size), chance.dark())
    return sheet


def screen(chance: Chance) -> Sheet:
    """Draw a window of a program: a title on a bar, a text, and buttons."""
    size, dark = chance.size(13, 15, 17), chance.happens(0.4)
    face = chance.face("print", size)
    paper, ink = ((32, 33, 36), (232, 234, 237)) if dark else ((243, 243, 243), (32, 33, 36))
    sheet = Sheet.blank(44 * size, 22 * size, paper)
    sheet.pen.rectangle((0, 0, sheet.width, 2 * size), fill=(0, 90, 200))
    sheet.write(size, 0.4 * size, chance.words(3).title(), face, WHITE)
    lines = wrapped(chance.sentences(3), face, 40 * size)[:6]
    top = sheet.write_all(2 * size, 3 * size, lines, face, round(1.5 * size), ink)
    _buttons(sheet, chance, 20 * size, top + size, face, dark)
    return sheet


def _buttons(sheet: Sheet, chance: Chance, left: float, top: float, face: Face, dark: bool) -> None:
    """Draw a row of three buttons, as programs have them."""
    labels = chance.rng.sample(BUTTONS, 3)
    size = face.size
    fill, ink = ((60, 64, 67), WHITE) if dark else ((225, 225, 225), (32, 33, 36))
    for label in labels:
        right = left + face.getlength(label) + 2 * size
        box = (left, top, right, top + 2 * size)
        sheet.pen.rounded_rectangle(box, 0.3 * size, fill=fill, outline=(120, 120, 120))
        sheet.put(left + size, top + 0.35 * size, label, face, ink)
        left = right + size
    sheet.tell(*labels)


def photograph(chance: Chance) -> Sheet:
    """Draw a few large words with an outline on a photograph."""
    sheet = Sheet(chance.photograph())
    top = chance.rng.randint(40, 250)
    for _ in range(chance.rng.randint(1, 3)):
        size = chance.size(36, 54, 80)
        face = chance.face("print", size)
        text = chance.words(1, 2).title() if chance.happens(0.5) else chance.words(1).upper()
        text = wrapped(text, face, 840)[0]
        ink, outline = (WHITE, BLACK) if chance.happens(0.6) else (BLACK, WHITE)
        left = chance.rng.randint(20, max(21, int(860 - face.getlength(text))))
        sheet.put(left, top, text, face, ink, stroke_width=max(2, size // 16), stroke_fill=outline)
        sheet.tell(text)
        top += round(1.6 * size)
    return sheet


def sparse(chance: Chance) -> Sheet:
    """Draw a few words of many sizes and faces, anywhere on the page, to be read from top to bottom."""
    sheet, ink = Sheet.blank(1000, 700, chance.light()), chance.dark()
    taken: list[tuple[float, float, float, float]] = []
    written: list[tuple[float, str]] = []
    for _ in range(chance.rng.randint(4, 9)):
        size = chance.size(18, 26, 40, 64)
        face = chance.face(chance.style(), size)
        text = chance.rng.choice(
            [chance.words(1), chance.words(2).title(), chance.digits(4), chance.name().upper()]
        )
        width = math.ceil(face.getlength(text))
        for _ in range(40):
            left, top = chance.rng.randint(20, max(21, 970 - width)), chance.rng.randint(20, 600)
            box = (left - size, top - 0.7 * size, left + width + size, top + 2 * size)
            if left + width < 980 and not any(_meet(box, other) for other in taken):
                taken.append(box)
                sheet.put(left, top, text, face, ink)
                written.append((top + size / 2, text))
                break
    sheet.lines = [text for _, text in sorted(written)]
    return sheet


def _meet(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def letters(chance: Chance) -> Sheet:
    """Draw a row of a few large letters or digits, far from each other."""
    size = chance.size(60, 100, 160)
    face = chance.face(chance.style(), size)
    row = [chance.rng.choice(LETTERS) for _ in range(chance.rng.randint(2, 5))]
    sheet = Sheet.blank(size * (1.8 * len(row) + 1), 2.2 * size)
    for index, letter in enumerate(row):
        sheet.put(size * (0.7 + 1.8 * index), 0.4 * size, letter, face)
    sheet.tell(*row)
    return sheet
