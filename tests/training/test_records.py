"""What people write on forms, labels and receipts."""

import re

import numpy as np

from training.records import filled, record
from training.text import CHARACTERS

WORDS = ["the", "lantern", "don't", "of", "pumpkin", "quiz"]


def test_records_are_made_of_the_characters_and_hold_what_forms_hold() -> None:
    rng = np.random.default_rng(0)
    made = [record(WORDS, rng) for _ in range(6000)]
    assert set("".join(made)) <= set(CHARACTERS + " ")
    for kind in (
        r"\d/\d+/\d",
        r"\d ?%",
        r"@\w+\.",
        r"www\.",
        r"[A-Z]{2,3}[- ]?\d{3,4}",
        r"\$\d",
        r"\d\.\d\d$",
        r"^[A-Z]+ [A-Z]+$",
    ):
        assert sum(bool(re.search(kind, text)) for text in made) > 15, kind


def test_patterns_are_filled() -> None:
    assert re.fullmatch(r"[A-Z]\d-[A-Z0-9]!", filled("A9-*!", np.random.default_rng(0)))
