"""The languages there are: `NAME.toml` says how one is written, `NAME.npz` holds its n-grams and words."""

from pathlib import Path

FOLDER = Path(__file__).parent
NONE = "none"
"""The name for no language: every letter stands for itself."""


def languages() -> list[str]:
    """Return the names of the languages there are, without ``none``."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def file_of(name: str) -> Path:
    """Return the file that says how a language of that name is written."""
    return FOLDER / f"{name}.toml"
