"""What can go wrong between a source and its glyphs."""

from typing import ClassVar


class PictureError(ValueError):
    """A picture cannot be read.

    Its message is one line: the source, what is wrong with it and, where there is something, what to do.

    Attributes
    ----------
    exit_code : int
        Of a command that ends with it.
    """

    exit_code: ClassVar[int] = 3


class TooManyPixels(PictureError):
    """A picture is larger than it may be."""


class ForeignFile(PictureError):
    """A file is no picture, or of a kind that is not read here."""


def shown(name: object) -> str:
    """Return a name as a message may show it: on one line, whatever it holds."""
    text = str(name)
    return text if text.isprintable() else repr(text)


def reason(error: Exception) -> str:
    """Return what an error says, on one line, of printable characters though it may quote a file."""
    said = "".join(c if c.isprintable() else " " for c in str(error))
    return " ".join(said.split()) or type(error).__name__
