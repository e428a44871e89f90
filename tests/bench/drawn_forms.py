"""Drawn pages of short entries: tables, receipts, forms, and combs for letters."""

from __future__ import annotations

from itertools import accumulate

from tests.bench.drawn_sheet import BLACK, Chance, Face, Sheet, widest

GREY = (60, 60, 60)
BLUE_INK = (20, 30, 120)
FIELDS = ("Name", "Address", "City", "Date of birth", "Phone", "Occupation", "Signature", "Employer")
COMBS = ("Surname", "First name", "Town", "Postcode")
TEETH = 14
"""Boxes for letters in a row of a comb."""


def table(chance: Chance, ruled: bool = True) -> Sheet:
    """Draw a table of short words and numbers, with rules or without."""
    size = chance.size(16, 20, 26, 34)
    face = chance.face(chance.style(), size)
    columns, rows = chance.rng.randint(2, 5), chance.rng.randint(3, 9)
    cells = [[_cell(chance) for _ in range(columns)] for _ in range(rows)]
    widths = [widest(column, face) + size * chance.rng.uniform(1, 2.5) for column in zip(*cells, strict=True)]
    lefts = [round(left) for left in accumulate(widths, initial=1.5 * size)]
    height = round(size * chance.rng.uniform(1.6, 2.3))
    tops = [round(1.5 * size) + row * height for row in range(rows + 1)]
    sheet = Sheet.blank(lefts[-1] + 1.5 * size, tops[-1] + 1.5 * size)
    if ruled:
        _rule(sheet, lefts, tops, chance)
    to_right = [chance.happens(0.4) for _ in range(columns)]
    for row, top in zip(cells, tops, strict=False):
        for column, text in enumerate(row):
            left = lefts[column] + 0.4 * size
            if to_right[column]:
                left = lefts[column + 1] - face.getlength(text) - 0.4 * size
            sheet.put(left, top + (height - 1.25 * size) / 2, text, face)
        sheet.tell(*row)
    return sheet


def table_without_rules(chance: Chance) -> Sheet:
    """Draw a table that only white divides."""
    return table(chance, ruled=False)


def _cell(chance: Chance) -> str:
    kinds = {
        "amount": chance.amount(),
        "number": chance.digits(chance.rng.randint(1, 5)),
        "word": chance.words(1),
        "words": chance.words(2).capitalize(),
        "name": chance.name(),
    }
    return kinds[chance.rng.choices(list(kinds), weights=(6, 4, 4, 3, 3))[0]]


def _rule(sheet: Sheet, lefts: list[int], tops: list[int], chance: Chance) -> None:
    colour = chance.dark() if chance.happens(0.6) else (150, 150, 150)
    width = chance.rng.choice([1, 1, 2, 3])
    for top in tops:
        sheet.pen.line((lefts[0], top, lefts[-1], top), fill=colour, width=width)
    for left in lefts:
        sheet.pen.line((left, tops[0], left, tops[-1]), fill=colour, width=width)


def receipt(chance: Chance) -> Sheet:
    """Draw a receipt: lines of a shop in the middle, then goods and sums with amounts at the right."""
    size = chance.size(14, 18, 22, 28)
    face = chance.face("mono" if chance.happens(0.7) else "print", size)
    shop = [
        chance.words(2).upper(),
        f"{chance.digits(3)} {chance.words(1).title()} Street",
        f"Tel: {chance.digits(3)}-{chance.digits(4)}",
    ]
    goods = [
        (f"{chance.rng.randint(1, 9)} {chance.words(1, 2).title()}", chance.amount())
        for _ in range(chance.rng.randint(5, 12))
    ]
    sums = [(text, "$" + chance.amount()) for text in ("SUBTOTAL", "TAX", "TOTAL")]
    needed = widest([*shop, *(f"{text}   {amount}" for text, amount in goods + sums)], face)
    width = max(size * chance.rng.randint(16, 22), needed)
    leading = round(1.35 * size)
    sheet = Sheet.blank(width + 2 * size, leading * (len(goods) + 8) + 2 * size)
    top = size
    for text in shop:
        sheet.write(size + (width - face.getlength(text)) / 2, top, text, face)
        top += leading
    top = _priced(sheet, goods, face, top + leading, leading)
    if chance.happens(0.5):
        sheet.put(size, top, "-" * int(width / face.getlength("-")), face)
        top += leading
    _priced(sheet, sums, face, top, leading)
    return sheet


def _priced(sheet: Sheet, rows: list[tuple[str, str]], face: Face, top: int, leading: int) -> int:
    """Write rows of a text at the left and an amount at the right, and return where the next would be."""
    margin = face.size
    for text, amount in rows:
        sheet.put(margin, top, text, face)
        sheet.put(sheet.width - margin - face.getlength(amount), top, amount, face)
        sheet.tell(text, amount)
        top += leading
    return top


def form(chance: Chance) -> Sheet:
    """Draw printed fields that are filled in by hand: on rules, on dots, in boxes or on nothing."""
    size = chance.size(18, 22, 28)
    face = chance.face("print", size)
    hand = chance.face("hand", round(size * chance.rng.uniform(1.1, 1.6)))
    rows = [(chance.rng.choice(FIELDS) + ":", _answer(chance)) for _ in range(chance.rng.randint(4, 8))]
    height = round(size * chance.rng.uniform(2.2, 3))
    needed = max(face.getlength(asked) + hand.getlength(answer) for asked, answer in rows) + 3 * size
    sheet = Sheet.blank(max(26 * size, needed), height * len(rows) + 2 * size)
    place, thick = chance.rng.choice(["rule", "dots", "box", "nothing"]), chance.rng.choice([1, 2])
    for index, (asked, answer) in enumerate(rows):
        base = size + height * index + round(1.35 * size)
        left = size + face.getlength(asked) + 0.6 * size
        sheet.put(size, base, asked, face, anchor="ls")
        ink = chance.rng.choice([BLACK, BLUE_INK])
        sheet.put(left + 0.3 * size, base - 0.08 * size, answer, hand, ink, anchor="ls")
        _place(sheet, place, left, base, size, thick)
        sheet.tell(asked, answer)
    return sheet


def _answer(chance: Chance) -> str:
    day, month = chance.rng.randint(1, 28), chance.rng.randint(1, 12)
    answers = [
        f"{chance.name()} {chance.name()}",
        chance.digits(6),
        chance.words(2).title(),
        f"{day}.{month}.19{chance.digits(2)}",
        chance.name().upper(),
    ]
    return chance.rng.choice(answers)


def _place(sheet: Sheet, place: str, left: float, base: float, size: int, thick: int) -> None:
    """Draw where a field is filled in, from ``left`` to the margin."""
    right = sheet.width - size
    if place == "rule":
        sheet.pen.line((left, base + 3, right, base + 3), fill=GREY, width=thick)
    elif place == "dots":
        for dot in range(round(left), right, 6):
            sheet.pen.ellipse((dot, base + 2, dot + 1, base + 3), fill=GREY)
    elif place == "box":
        box = (left - 2, base - 1.5 * size, right, base + 0.5 * size)
        sheet.pen.rectangle(box, outline=GREY, width=thick)


def comb(chance: Chance) -> Sheet:
    """Draw printed fields with a box for each letter, filled in by hand."""
    size = chance.size(24, 30, 38)
    face, hand = chance.face("print", round(0.7 * size)), chance.face("hand", size)
    rows, pitch, height = chance.rng.randint(2, 4), round(1.25 * size), round(2.2 * size)
    sheet = Sheet.blank(9 * size + pitch * TEETH, height * rows + size)
    for row in range(rows):
        asked = chance.rng.choice(COMBS)
        answer = chance.digits(7) if chance.happens(1 / 3) else chance.name().upper()
        top = size // 2 + 4 + height * row
        sheet.put(size, top + 1.2 * size, asked, face, anchor="ls")
        for tooth, letter in enumerate(answer.ljust(TEETH)):
            left = 7 * size + tooth * pitch
            sheet.pen.rectangle((left, top, left + pitch, top + 1.5 * size), outline=(90, 90, 90))
            sheet.put(left + pitch / 2, top + 1.2 * size, letter, hand, anchor="ms")
        sheet.tell(asked, answer)
    return sheet
