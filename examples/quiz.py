"""Grade hand-printed answers, one character each, by their key; what is unsure is left to the teacher.

python examples/quiz.py MBR4EX sheets
"""

from __future__ import annotations

import sys
from pathlib import Path

import ocr

SURE = 0.8


def main(key: str, folder: str) -> None:
    """Print how many answers of each sheet are right, and which are to be looked at."""
    for path, document in ocr.read_many(sorted(Path(folder).iterdir())):
        if isinstance(document, Exception):
            print(f"{path.name}: {document}")
            continue
        answers = [glyph for word in document.words for glyph in word.glyphs]
        if len(answers) != len(key):
            print(f"{path.name}: {len(answers)} answers instead of {len(key)}, look at it")
            continue
        right = sum(
            glyph.text.casefold() == wanted.casefold() for glyph, wanted in zip(answers, key, strict=True)
        )
        unsure = [str(number) for number, glyph in enumerate(answers, 1) if glyph.confidence < SURE]
        print(f"{path.name}: {right} of {len(key)}" + (f", look at {', '.join(unsure)}" if unsure else ""))


if __name__ == "__main__":
    main(*sys.argv[1:])
