"""``python -m ocr`` is the command ``ocr``."""

from ocr.cli import main

main()
