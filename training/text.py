"""Texts to draw for training: running text, contents of forms and receipts, and random characters."""

from collections.abc import Callable, Sequence

import numpy as np

from training.records import record

CHARACTERS = (
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.,;:!?'\"-()/&@#$%+=*_[]{}<>~^|\\€£°"
)
_LETTERS, _CAPITALS, _DIGITS, _MARKS = CHARACTERS[10:62], CHARACTERS[10:36], CHARACTERS[:10], CHARACTERS[62:]
_MONTHS = (
    "January",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "October",
    "Jan",
    "Feb",
    "Sep",
    "Nov",
)


def load_words(count: int = 30_000) -> list[str]:
    """List the commonest English words made of letters and apostrophes, the commonest first.

    Needs the package ``wordfreq``, which only training uses.
    """
    from wordfreq import top_n_list

    words = top_n_list("en", count)
    return [word for word in words if set(word) <= set(_LETTERS + "'") and len(word) < 15]


def random_line(words: Sequence[str], length: int, rng: np.random.Generator) -> str:
    """Make up a line of some kind.

    Parameters
    ----------
    words : sequence of str
        Words, the commonest first, as `load_words` gives them.
    length : int
        Most characters of the line.
    rng : numpy.random.Generator

    Returns
    -------
    str
        Not empty, without blanks at its ends, of ``CHARACTERS`` and single blanks.
    """
    makers: tuple[tuple[float, Callable[[], str]], ...] = (
        (0.28, lambda: sentence(words, length, rng)),
        (0.1, lambda: mixture(words, length, rng)),
        (0.34, lambda: records(words, length, rng)),
        (0.16, lambda: random_characters(length, rng)),
        (0.12, lambda: apart(length, rng)),
    )
    shares = np.array([share for share, _ in makers])
    line = makers[int(rng.choice(len(makers), p=shares))][1]()
    return line[:length].strip()


def random_lines(words: Sequence[str], count: int, length: int, rng: np.random.Generator) -> list[str]:
    """Make up `count` lines, as `random_line` does."""
    return [random_line(words, length, rng) for _ in range(count)]


def fit(line: str, usable: frozenset[str]) -> str:
    """Leave of a line what can be drawn: letters in the other case if need be, else nothing.

    Returns
    -------
    str
        Of blanks and `usable` characters; may be empty.
    """
    drawn = (next((c for c in (each, each.upper(), each.lower()) if c in usable), "") for each in line)
    kept = "".join(each if each == " " else shown for each, shown in zip(line, drawn, strict=True))
    return " ".join(kept.split())


def sentence(words: Sequence[str], length: int, rng: np.random.Generator) -> str:
    """Running text: words of one case or another, with the marks that go with them."""
    style = rng.choice(["lower", "title", "capitals", "plain"], p=[0.35, 0.2, 0.25, 0.2])
    chosen: list[str] = []
    while sum(map(len, chosen)) + len(chosen) < length:
        chosen.append(_cased(_word(words, rng), str(style), not chosen or chosen[-1][-1] in ".?!", rng))
        if style != "plain" and rng.random() < 0.3:
            chosen[-1] = _marked(chosen[-1], rng)
    return _cut(chosen, length)


def mixture(words: Sequence[str], length: int, rng: np.random.Generator) -> str:
    """What forms, labels and receipts hold: prices, dates, codes, telephone numbers, addresses."""
    makers = (_price, _date, _time, _code, _telephone, _amount)
    chosen: list[str] = []
    while sum(map(len, chosen)) + len(chosen) < length:
        if rng.random() < 0.1:
            chosen.append(_address(words, rng))
        elif rng.random() < 0.4:
            chosen.append(_word(words, rng).upper() if rng.random() < 0.5 else _word(words, rng).title())
        else:
            chosen.append(makers[rng.integers(len(makers))](rng))
    return _cut(chosen, length)


def records(words: Sequence[str], length: int, rng: np.random.Generator) -> str:
    """Names, addresses, dates, amounts, plates, numbers and mail addresses as people write them."""
    chosen = [record(words, rng)]
    while sum(map(len, chosen)) + len(chosen) < length and rng.random() < 0.6:
        chosen.append(record(words, rng))
    return _cut(chosen, length)


def random_characters(length: int, rng: np.random.Generator) -> str:
    """Groups of characters in which every one of ``CHARACTERS`` is about as frequent as its like."""
    kinds = (_LETTERS, _CAPITALS, _DIGITS, _MARKS, _LETTERS + _DIGITS, CHARACTERS)
    groups: list[str] = []
    while sum(map(len, groups)) + len(groups) < length:
        kind = kinds[rng.integers(len(kinds))]
        groups.append(_some(kind, int(rng.integers(1, 9)), rng))
    return _cut(groups, length)


def apart(length: int, rng: np.random.Generator) -> str:
    """Letters or digits one by one, or in short groups: at random, or as the alphabet and the numbers run."""
    row = (_CAPITALS, _CAPITALS.lower(), _DIGITS, _LETTERS + _DIGITS)[rng.integers(4)]
    most = int(rng.choice([1, 1, 3, 4]))
    count = max(1, length // (1 + most))
    if most == 1 and rng.random() < 0.4:
        start = int(rng.integers(len(row)))
        return " ".join(row[start : start + count])
    return " ".join(_some(row, int(rng.integers(1, most + 1)), rng) for _ in range(count))


def _cut(words: list[str], length: int) -> str:
    """Return as many of the words as fit, or the start of the first."""
    line = words[0]
    for word in words[1:]:
        if len(line) + 1 + len(word) > length:
            break
        line += " " + word
    return line[:length]


def _word(words: Sequence[str], rng: np.random.Generator) -> str:
    """A word; common ones come up more often, though less so than in real text."""
    return words[int(len(words) * rng.random() ** 2)]


def _some(characters: str, count: int, rng: np.random.Generator) -> str:
    return "".join(characters[i] for i in rng.integers(len(characters), size=count))


def _cased(word: str, style: str, starts: bool, rng: np.random.Generator) -> str:
    if style == "capitals":
        return word.upper()
    if style == "title" or (style == "lower" and (starts or rng.random() < 0.08)):
        return word[:1].upper() + word[1:]
    return word


def _marked(word: str, rng: np.random.Generator) -> str:
    around = ("{}.", "{},", "{}?", "{}!", "{};", "{}:", '"{}"', "({})", "{} -", "{} &", "'{}'", "[{}]", "{}/")
    shares = np.array([8, 8, 3, 3, 2, 3, 3, 3, 2, 2, 1, 1, 1], float)
    return str(rng.choice(around, p=shares / shares.sum())).format(word)


def _price(rng: np.random.Generator) -> str:
    number = f"{rng.integers(1000)}.{rng.integers(100):02}"
    if rng.random() < 0.2:
        number = f"{rng.integers(1, 100)},{rng.integers(1000):03}"
    return str(rng.choice(["{}", "${}", "€{}", "£{}", "{} €", "-{}", "{}%", "{}*"])).format(number)


def _date(rng: np.random.Generator) -> str:
    year, month, day = rng.integers(1950, 2031), rng.integers(1, 13), rng.integers(1, 32)
    forms = (
        f"{year}-{month:02}-{day:02}",
        f"{day:02}/{month:02}/{year}",
        f"{day}.{month}.{year % 100:02}",
        f"{_MONTHS[rng.integers(len(_MONTHS))]} {day}, {year}",
    )
    return forms[rng.integers(len(forms))]


def _time(rng: np.random.Generator) -> str:
    end = ("", " AM", "pm", f":{rng.integers(60):02}")[rng.integers(4)]
    return f"{rng.integers(24)}:{rng.integers(60):02}{end}"


def _code(rng: np.random.Generator) -> str:
    mark = "-/._#"[rng.integers(5)]
    parts = [_some((_CAPITALS, _DIGITS, _CAPITALS + _DIGITS)[rng.integers(3)], 4, rng) for _ in range(2)]
    return mark.join(part[: rng.integers(1, 5)] for part in parts)


def _telephone(rng: np.random.Generator) -> str:
    form = ("({}) {}-{}", "+{} {} {}", "{}-{}-{}", "{}.{}.{}")[rng.integers(4)]
    return form.format(_some(_DIGITS, 3, rng), _some(_DIGITS, 3, rng), _some(_DIGITS, 4, rng))


def _amount(rng: np.random.Generator) -> str:
    number = rng.integers(1, 500)
    return (f"{number} kg", f"{number}°C", f"x{number}", f"#{number}", f"{number}+", f"={number}")[
        rng.integers(6)
    ]


def _address(words: Sequence[str], rng: np.random.Generator) -> str:
    first, second = (_word(words, rng).replace("'", "") for _ in range(2))
    form = ("{}@{}.com", "www.{}-{}.org", "{}_{}@mail.net", "http://{}.io/{}")[rng.integers(4)]
    return form.format(first, second)
