"""What the command's exit code says, and the errors of writing.

Errors that a user can put right are `PictureError`, `ModelError`, `OutputError`, `NothingError` and
`SchedulerError`; each one's message is a single line that names the thing and the cause.
"""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """The exit codes of the command ``ocr``."""

    ALL_READ = 0
    """Every picture was read, though there may have been no letters on it."""
    INTERNAL = 1
    """Something failed that should not: a defect, worth a report."""
    USAGE = 2
    """The command line is wrong; nothing was read."""
    PICTURE = 3
    """At least one picture could not be read; the others were."""
    MODEL = 4
    """The model cannot be loaded; nothing was read."""
    OUTPUT = 5
    """The result cannot be written."""
    NOTHING = 6
    """There is nothing to read: what was named to ``ocr batch`` holds no picture."""
    SCHEDULER = 7
    """The scheduler of a cluster does not answer, or is lost; what was recorded until then holds."""
    INTERRUPTED = 130
    """Stopped with Ctrl-C."""
    PIPE_CLOSED = 141
    """Whoever read the output, such as ``head``, wanted no more of it."""


def defect(error: Exception) -> str:
    """Return what a failure that should not be says, on one line."""
    return " ".join(f"{type(error).__name__}: {error}".split())


class SettingError(ValueError):
    """A reader cannot be made as it was asked for.

    Attributes
    ----------
    setting : str
        The parameter of `ocr.Reader` that is to blame.
    """

    def __init__(self, setting: str, reason: object) -> None:
        super().__init__(str(reason))
        self.setting = setting


class OutputError(Exception):
    """A result cannot be written."""


class NothingError(Exception):
    """There is nothing to read."""


class SchedulerError(Exception):
    """The scheduler of a cluster does not answer, or is lost."""
