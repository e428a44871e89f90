"""The command ``nn`` with two functions of `ocr`: reading photos of letters, and a memory for learning on."""

from __future__ import annotations

import sys
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from nn.exit_codes import Exit

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from nn.data.samples import Samples
    from nn.model import Sequential
    from ocr.reader import Reader


def letter_on(path: Path) -> npt.NDArray[np.uint8]:
    """Return the letter on a picture as ``ocr read --pipeline letter`` sees it, uint8 (28, 28).

    Raises
    ------
    nn.errors.DataError
        It cannot be read, or shows no letter.
    """
    from nn.errors import DataError
    from ocr.learning.letters import glyph_on
    from pipelines.errors import PictureError

    try:
        return glyph_on(path, _reader())[0]
    except PictureError as error:
        raise DataError(str(error)) from error


def remembering(model: Sequential, samples: Samples) -> None:
    """Give a trained model a memory of its samples for ``ocr learn``, if its last layer can be retrained."""
    from nn.errors import DataError, ModelError
    from ocr.learning.remember import remember

    with suppress(DataError, ModelError):
        remember(model, samples)


@cache
def _reader() -> Reader:
    from ocr.reader import Reader

    return Reader(pipeline="letter", language="none")


def main() -> None:
    """Import the command and run it; Ctrl-C ends it cleanly from the start."""
    try:
        from nn.commands.cli import main as command
        from nn.passed import Passed

        models = Path(__file__).parents[1] / "models"
        command(passed=Passed(letter_on, remembering, models))
    except KeyboardInterrupt:
        sys.exit(Exit.INTERRUPTED)


if __name__ == "__main__":
    main()
