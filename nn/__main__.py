"""``python -m nn``: the command ``nn``, in which ``predict`` takes the whole picture for the letter."""

import sys

from nn.exit_codes import Exit


def main() -> None:
    """Import the command and run it; Ctrl-C ends it cleanly from the start."""
    try:
        from nn.commands.cli import main as command

        command()
    except KeyboardInterrupt:
        sys.exit(Exit.INTERRUPTED)


if __name__ == "__main__":
    main()
