"""Read named fields of every form in a folder into one table.

python examples/forms.py scans table.csv name=60,60,350,200 date=720,60,400,200
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import ocr


def main(folder: str, table: str, *fields: str) -> None:
    """Write a row for each picture; a field is a name and a region: left, top, width, height."""
    regions = {}
    for field in fields:
        name, _, sides = field.partition("=")
        left, top, width, height = map(int, sides.split(","))
        regions[name] = (left, top, width, height)
    with open(table, "w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["file", *regions])
        readers = [ocr.Reader(region=region) for region in regions.values()]
        for path in sorted(Path(folder).iterdir()):
            rows.writerow([path.name, *(" ".join(reader.read(path).text.split()) for reader in readers)])


if __name__ == "__main__":
    main(*sys.argv[1:])
