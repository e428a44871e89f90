"""Output of commands, with control characters escaped, whatever names and labels it quotes."""

from __future__ import annotations

import sys


def printable(message: object) -> str:
    """Return a message with an escape such as ``\\x1b`` for each character that is not printable.

    Examples
    --------
    >>> print(printable("a\\x1b[31m.png: no such file"))
    a\\x1b[31m.png: no such file
    """
    text = str(message)
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def say(message: object) -> None:
    """Print one line on standard output."""
    print(printable(message))


def tell(message: object) -> None:
    """Print one line on stderr."""
    print(f"nn: {printable(message)}", file=sys.stderr)
