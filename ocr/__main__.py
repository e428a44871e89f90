"""Entry point of the command ``ocr``; ``python -m ocr`` is the same."""

import sys

from ocr.errors import Exit
from ocr.importing import importing


def main() -> None:
    """Import the command and run it; Ctrl-C ends it cleanly from the start."""
    try:
        with importing():
            from ocr.commands.cli import main as command

        command()
    except KeyboardInterrupt:
        sys.exit(Exit.INTERRUPTED)


if __name__ == "__main__":
    main()
