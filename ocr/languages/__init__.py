"""The languages: `NAME.toml` describes how one is written, `NAME.npz` holds its n-grams and words."""

from pathlib import Path

FOLDER = Path(__file__).parent
NONE = "none"
"""The name for no language model: letters are independent."""


def languages() -> list[str]:
    """Return the names of all languages, without ``none``."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def file_of(name: str) -> Path:
    """Return the path of a language's TOML file."""
    return FOLDER / f"{name}.toml"
