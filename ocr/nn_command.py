"""The command ``nn``, with what that package does not know: how to find the letter on a photo."""

from __future__ import annotations

import sys
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

    from ocr.reader import Reader


def letter_on(path: Path) -> npt.NDArray[np.uint8]:
    """Return the letter on a picture as ``ocr read --pipeline letter`` sees it, uint8 (28, 28).

    Raises
    ------
    nn.errors.DataError
        It cannot be read, or there is no letter on it.
    """
    from nn.errors import DataError
    from ocr.learning.letters import glyph_on
    from pipelines.errors import PictureError

    try:
        return glyph_on(path, _reader())[0]
    except PictureError as error:
        raise DataError(str(error)) from error


@cache
def _reader() -> Reader:
    from ocr.reader import Reader

    return Reader(pipeline="letter", language="none")


def main() -> None:
    """Import the command and run it; Ctrl-C ends it tidily from the start."""
    try:
        from nn.cli import main as command

        command(glyph=letter_on)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
