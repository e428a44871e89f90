"""Make searchable PDFs of a folder of scans, and find words in all of them.

python examples/archive.py scans archive "garden gazette"
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import ocr


def main(folder: str, archive: str, *wanted: str) -> None:
    """Save a PDF and a JSON for each scan, and print where each text that is wanted stands."""
    target = Path(archive)
    target.mkdir(exist_ok=True)
    reader = ocr.Reader()
    for path in sorted(Path(folder).iterdir()):
        kept = target / f"{path.stem}.json"
        if not kept.exists():  # what was read once is not read again
            document = reader.read(path)
            document.save(target / f"{path.stem}.pdf")
            document.save(kept)
        document = ocr.Document.from_dict(json.loads(kept.read_text("utf-8")))
        for text in wanted:
            for place in document.find(text):
                print(f"{path.name}: {place.text} at {place.box.left}, {place.box.top}")


if __name__ == "__main__":
    main(*sys.argv[1:])
