"""Errors of settings, of writing and of a cluster, each with its exit code.

Pictures that cannot be read are `pipelines.errors.PictureError`, models `nn.errors.ModelError`.
"""

from __future__ import annotations

from typing import ClassVar

from nn.exit_codes import Exit as Exit


def defect(error: Exception) -> str:
    """Return an internal error as one line."""
    return " ".join(f"{type(error).__name__}: {error}".split())


class SettingError(ValueError):
    """A reader cannot be made with these settings.

    Attributes
    ----------
    setting : str
        The parameter of `ocr.Reader` that is wrong.
    """

    exit_code: ClassVar[Exit] = Exit.USAGE

    def __init__(self, setting: str, reason: object) -> None:
        super().__init__(str(reason))
        self.setting = setting


class OutputError(Exception):
    """A result cannot be written."""

    exit_code: ClassVar[Exit] = Exit.OUTPUT


class NothingError(Exception):
    """There is nothing to read."""

    exit_code: ClassVar[Exit] = Exit.NOTHING


class SchedulerError(Exception):
    """The scheduler of a cluster does not answer, or is lost."""

    exit_code: ClassVar[Exit] = Exit.SCHEDULER
