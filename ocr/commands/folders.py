"""Where the user's data is kept, as each system has it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

NAME = "letters-ocr"


def data_folder() -> Path:
    """Return the folder of this program's data; it need not exist.

    It is below ``LOCALAPPDATA`` on Windows, in ``Library`` on macOS, and elsewhere below ``XDG_DATA_HOME``,
    by default ``~/.local/share``.
    """
    if base := os.environ.get("XDG_DATA_HOME" if sys.platform != "win32" else "LOCALAPPDATA"):
        return Path(base, NAME)
    own = {"win32": "AppData/Local", "darwin": "Library/Application Support"}
    return Path.home() / own.get(sys.platform, ".local/share") / NAME


def can_be_made(folder: Path) -> bool:
    """Return whether a folder may be written to, or made if it is not there."""
    there = next((path for path in (folder, *folder.parents) if path.exists()), folder)
    return there.is_dir() and os.access(there, os.W_OK | os.X_OK)
