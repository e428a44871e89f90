"""What can go wrong between a source and its glyphs."""

from typing import ClassVar


class PictureError(ValueError):
    """A picture cannot be read.

    Its message is one line: the source, what is wrong with it and, where possible, what to do.

    Attributes
    ----------
    exit_code : int
        The exit code of a command that ends with this error.
    """

    exit_code: ClassVar[int] = 3


class TooManyPixels(PictureError):
    """A picture has more pixels than allowed."""


class ForeignFile(PictureError):
    """A file is not a picture, or is of an unsupported kind."""


def shown(name: object) -> str:
    """Return a name as a message shows it: on one line, printable."""
    text = str(name)
    return text if text.isprintable() else repr(text)


def reason(error: Exception) -> str:
    """Return an error's message on one line of printable characters, as it may quote a file."""
    said = "".join(c if c.isprintable() else " " for c in str(error))
    return " ".join(said.split()) or type(error).__name__
