"""Where the command ``nn`` begins; ``python -m nn`` is the same."""

import sys


def main() -> None:
    """Import the command and run it; Ctrl-C ends it tidily from the start."""
    try:
        from nn.cli import main as command

        command()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
