"""The exit codes of the commands ``ocr`` and ``nn``: one table for both.

An exception that a user can correct has the code as its attribute ``exit_code``, and a message of one line
that names the object and the cause. The help of the commands is made from this table.
"""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """The meaning of an exit code.

    Attributes
    ----------
    meaning : str
        In a few words.
    """

    meaning: str

    def __new__(cls, code: int, meaning: str) -> Exit:
        one = int.__new__(cls, code)
        one._value_ = code
        one.meaning = meaning
        return one

    ALL_READ = 0, "all is done, even if there were no letters on a picture"
    INTERNAL = 1, "something failed inside: please report it (`OCR_DEBUG=1` shows the details)"
    USAGE = 2, "the command line is wrong"
    PICTURE = 3, "at least one picture, or a file of samples, cannot be read (the other pictures were)"
    MODEL = 4, "the model or the recipe cannot be loaded"
    OUTPUT = 5, "the output cannot be written (what was there before is left alone)"
    NOTHING = 6, "`ocr batch` was given nothing to read"
    SCHEDULER = 7, "the scheduler of a cluster does not answer, or is lost"
    INTERRUPTED = 130, "stopped with Ctrl-C"
    PIPE_CLOSED = 141, "whoever read the output, such as `head`, wanted no more of it"


def listed(*codes: Exit) -> str:
    """Return a table of exit codes, all of them by default, as the last line of a command's help."""
    said = "; ".join(f"{code.value} {code.meaning.replace('`', '')}" for code in codes or Exit)
    return f"Exit codes: {said}."
