"""Read numbers off pictures of meters: nothing but digits, and what is unsure is said.

python examples/meters.py pictures
"""

from __future__ import annotations

import sys
from pathlib import Path

import ocr

SURE = 0.9


def main(folder: str) -> None:
    """Print the name of each picture, its digits, and whether to look at it."""
    pictures = sorted(Path(folder).iterdir())
    for path, document in ocr.read_many(pictures, whitelist="0123456789", language="none"):
        if isinstance(document, Exception):
            print(f"{path.name}\t\t{document}")
            continue
        sure = min((word.confidence for word in document.words), default=0.0)
        number = "".join(document.text.split())
        print(f"{path.name}\t{number}\t{'' if sure >= SURE else 'look at it'}")


if __name__ == "__main__":
    main(*sys.argv[1:])
