"""How much of real pictures is read wrongly: character error rates, folder by folder.

    python tests/bench/bench_accuracy.py FOLDER [FOLDER ...] [--pipeline line]

A folder holds ``NAME.png`` or ``NAME.jpg`` beside ``NAME.gt.txt`` (or ``NAME.txt``), UTF-8. The error rate is
edits over reference characters, white space folded: as it is, without case, and of letters and digits alone.
"""

from __future__ import annotations

import argparse
import re
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from rapidfuzz.distance import Levenshtein

import ocr


def pairs(folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield each picture of a folder with its text."""
    for truth in sorted(folder.glob("*.txt")):
        stem = truth.name.removesuffix(".txt").removesuffix(".gt")
        for suffix in (".png", ".jpg"):
            if (picture := truth.with_name(stem + suffix)).exists():
                yield picture, " ".join(truth.read_text(encoding="utf8").split())


def letters(text: str) -> str:
    return re.sub(r"[^0-9a-z]", "", text.lower())


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--pipeline", default="auto")
    args = parser.parse_args()
    reader = ocr.Reader(pipeline=args.pipeline)
    print(f"{'folder':24} {'n':>5} {'CER%':>6} {'no case':>8} {'alnum':>6} {'seconds':>8}")
    for folder in args.folders:
        wrong, length, seconds = [0, 0, 0], [0, 0, 0], []
        for picture, truth in pairs(folder):
            start = time.perf_counter()
            reading = " ".join(reader.read(picture).text.split())
            seconds.append(time.perf_counter() - start)
            for k, view in enumerate((str, str.lower, letters)):
                wrong[k] += Levenshtein.distance(view(truth), view(reading))
                length[k] += len(view(truth))
        if not seconds:
            print(f"{folder.name:24} no pictures with their texts")
            continue
        rates = [100 * w / max(1, n) for w, n in zip(wrong, length, strict=True)]
        median = statistics.median(seconds)
        print(
            f"{folder.name:24} {len(seconds):5} {rates[0]:6.1f} {rates[1]:8.1f} {rates[2]:6.1f} {median:8.3f}"
        )


if __name__ == "__main__":
    main()
