"""What people write on forms, labels and receipts: names, addresses, dates, amounts, plates, numbers, mail."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

_CAPITALS, _DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"
_STREETS = ("Street", "St.", "Road", "Rd", "Avenue", "Ave.", "Lane", "Drive", "Square", "Court", "Blvd")
_MONTHS = "January February March April May June July August September October November December".split()
_UNITS = ("kg", "g", "mg", "ml", "l", "cm", "mm", "m", "km", "h", "min", "pcs", "kW", "V", "Hz", "GB")
_DOMAINS = ("com", "org", "net", "co.uk", "de", "fr", "edu", "io", "gov", "info")
_SITES = ("gmail", "yahoo", "hotmail", "mail", "office", "outlook", "web")
_FIELDS = (
    "Name", "Date", "No.", "Tel", "Fax", "Total", "Subtotal", "Tax", "Cash", "Change", "Ref", "Invoice", "Order",
    "Serial No.", "Model", "Lot", "Exp", "Qty", "Price", "Amount", "Page", "Room", "Class", "Grade", "Age", "Signed",
)  # fmt: skip
_PLATES = ("LL DD LLL", "LLL-DDDD", "LLL DDDD", "LL-DDD-LL", "D LLL DDD", "L DDD LL", "LL DDDD", "LLLDDDD", "DDDD LLL")
_SERIALS = ("LLDDDDDD", "DDDDDDDDDDDDD", "DDDD-DDDD-DDDD", "LD-DDDDD", "L DDDDDDDD", "DDDDD/DD", "XXXXXXXX", "XXX-XXXX-XX",
            "LLL.DDD.DDD", "DDD DDD DDD", "L/DDD/DDDD", "XXXXXXXXXXXXXXXXX", "#DDDDD", "DD LL DDDD")  # fmt: skip
_PHONES = ("DDD DDDD", "DDD-DDD-DDDD", "(DDD) DDD-DDDD", "+DD DDD DDDDDD", "DD DD DD DD DD", "0DDDD/DDDDDD",
           "+DD-DD-DDDDDDD", "DDDD DDDDDD", "DD.DD.DD.DD.DD")  # fmt: skip


def record(words: Sequence[str], rng: np.random.Generator) -> str:
    """Make up one such thing; `words` are words, the commonest first."""
    makers = (_name, _name, _address, _place, _date, _amount, _share, _plate, _serial, _phone, _mail, _field, _item)
    return str(makers[rng.integers(len(makers))](words, rng))


def filled(pattern: str, rng: np.random.Generator) -> str:
    """Return a pattern with any digit for D, any capital for L, either for X."""
    kinds = {"D": _DIGITS, "L": _CAPITALS, "X": _CAPITALS + _DIGITS}
    return "".join(kinds[c][rng.integers(len(kinds[c]))] if c in kinds else c for c in pattern)


def _of(choices: Sequence[str], rng: np.random.Generator) -> str:
    return choices[rng.integers(len(choices))]


def _called(words: Sequence[str], rng: np.random.Generator) -> str:
    """Return something that might be a name: often a word, or letters that follow each other in two words."""
    first, second = (words[int(len(words) * rng.random())].replace("'", "") or "Lee" for _ in range(2))
    made = first if rng.random() < 0.5 else first[: max(2, len(first) // 2)] + second[len(second) // 2 :]
    return made.title()


def _name(words: Sequence[str], rng: np.random.Generator) -> str:
    first, last, other = (_called(words, rng) for _ in range(3))
    forms = (first, f"{first} {last}", f"{last} {first}", f"{last}, {first}", f"{first[0]}. {last}", f"{first}-{other} {last}",
             f"Mr. {last}", f"Mrs {first} {last}", f"Dr. {first[0]}. {last}", f"{first} {other[0]}. {last}")  # fmt: skip
    name = _of(forms, rng)
    return name.upper() if rng.random() < 0.6 else name


def _address(words: Sequence[str], rng: np.random.Generator) -> str:
    number = f"{rng.integers(1, 400)}{_of(('', '', '', 'A', 'B', '/2', '-4', ' bis'), rng)}"
    road = _called(words, rng)
    forms = (f"{number} {road} {_of(_STREETS, rng)}", f"{road} {number}", f"{number}, {road} {_of(_STREETS, rng)}",
             f"P.O. Box {rng.integers(1, 9999)}", f"No. {number} Jalan {road} {rng.integers(1, 30)}/{rng.integers(1, 60)}",
             f"Apt. {rng.integers(1, 99)}, {number} {road} {_of(_STREETS, rng)}", f"{number} rue de {road}")  # fmt: skip
    address = _of(forms, rng)
    return address.upper() if rng.random() < 0.4 else address


def _place(words: Sequence[str], rng: np.random.Generator) -> str:
    town = _called(words, rng)
    forms = (f"{filled('DDDDD', rng)} {town}", f"{town} {filled('LLD DLL', rng)}", f"{town}, {filled('LL DDDDD', rng)}",
             f"{town} {filled('DDDD', rng)}", f"{town} ({_called(words, rng)})")  # fmt: skip
    place = _of(forms, rng)
    return place.upper() if rng.random() < 0.5 else place


def _date(words: Sequence[str], rng: np.random.Generator) -> str:
    year, month, day = int(rng.integers(1900, 2040)), int(rng.integers(1, 13)), int(rng.integers(1, 32))
    name = _MONTHS[month - 1]
    forms = (f"{day}/{month}/{year % 100:02}", f"{day:02}/{month:02}/{year}", f"{day}.{month}.{year}", f"{day:02}.{month:02}.{year % 100:02}",
             f"{day:02}-{month:02}-{year}", f"{month}/{day}/{year}", f"{day} {name} {year}", f"{name} {day}, {year}", f"{day}-{name[:3]}-{year % 100:02}",
             f"{year}/{month:02}/{day:02}", f"{name[:3].upper()} {year}", f"{month:02}/{year % 100:02}", f"{day:02} {month:02} {year}",
             f"{day:02}/{month:02}/{year} {rng.integers(24):02}:{rng.integers(60):02}:{rng.integers(60):02}",
             f"{day}th {name}", f"{year}-{year % 100 + 1:02}", f"{day}/{month}")  # fmt: skip
    return _of(forms, rng)


def _number(rng: np.random.Generator) -> str:
    whole, cents = int(10 ** rng.uniform(0, 5)), int(rng.integers(100))
    forms = (f"{whole}.{cents:02}", f"{whole},{cents:02}", f"{whole:,}.{cents:02}", f"{whole:,}", f"{whole}", f"{whole / 10:.1f}")
    return _of(forms, rng)


def _amount(words: Sequence[str], rng: np.random.Generator) -> str:
    number = _number(rng)
    forms = (f"${number}", f"{number} €", f"£{number}", f"€ {number}", f"RM {number}", f"RM{number}", f"{number} USD", f"{number}-", f"-{number}",
             f"{number} {_of(_UNITS, rng)}", f"{number}{_of(_UNITS, rng)}", f"+{number}", f"= {number}", f"({number})", number, number)  # fmt: skip
    return _of(forms, rng)


def _share(words: Sequence[str], rng: np.random.Generator) -> str:
    a, b = int(rng.integers(1, 30)), int(rng.integers(2, 101))
    forms = (f"{a}/{b}", f"{b}%", f"{b} %", f"{a}.{b % 10}%", f"{a} x {b}", f"{a}:{b}", f"{a} + {b} = {a + b}", f"{a}-{b}", f"c/o {_called(words, rng)}",
             f"and/or", f"{a}/{b}/{a}", f"{_number(rng)}/{_of(_UNITS, rng)}", f"{a}°C", f"{a}% of {b}", f"#{a}", f"* {a}", f"{a})", f"({a}/{b})")  # fmt: skip
    return _of(forms, rng)


def _plate(words: Sequence[str], rng: np.random.Generator) -> str:
    return filled(_of(_PLATES, rng), rng)


def _serial(words: Sequence[str], rng: np.random.Generator) -> str:
    return filled(_of(_SERIALS, rng), rng)


def _phone(words: Sequence[str], rng: np.random.Generator) -> str:
    return _of(("", "", "Tel: ", "TEL ", "Tel. ", "Ph: "), rng) + filled(_of(_PHONES, rng), rng)


def _mail(words: Sequence[str], rng: np.random.Generator) -> str:
    one, two = (_called(words, rng).lower() for _ in range(2))
    end, site, year = _of(_DOMAINS, rng), _of(_SITES, rng), int(rng.integers(1950, 2030))
    forms = (f"{one}@{two}.{end}", f"{one}.{two}@{site}.{end}", f"{one}_{year}@{site}.{end}", f"{one[0]}{two}@{site}.{end}", f"www.{one}.{end}",
             f"www.{one}-{two}.{end}", f"https://{one}.{end}/{two}", f"http://www.{one}.{end}", f"{one}.{end}", f"@{one}_{two}", f"#{one}{two}")  # fmt: skip
    mail = _of(forms, rng)
    return mail.upper() if rng.random() < 0.1 else mail


def _field(words: Sequence[str], rng: np.random.Generator) -> str:
    name = _of(_FIELDS, rng)
    name = name.upper() if rng.random() < 0.4 else name
    makers = (_name, _date, _amount, _serial, _phone, _plate)
    return f"{name}{_of((': ', ':', ' ', ' : ', ' = ', '. '), rng)}{makers[rng.integers(len(makers))](words, rng)}"


def _item(words: Sequence[str], rng: np.random.Generator) -> str:
    name, count, price = f"{_called(words, rng)} {_called(words, rng)}", int(rng.integers(1, 20)), _number(rng)
    forms = (f"{count} {name} {price}", f"{name} {price}", f"{count} x {price}", f"{name} {count}{_of(_UNITS, rng)}", f"{count}. {name}",
             f"{count} @ {price}", f"- {name}", f"{name} - {price}", f"{filled('DDDDDD', rng)} {name}", f"{name} {price} S")  # fmt: skip
    item = _of(forms, rng)
    return item.upper() if rng.random() < 0.6 else item
