"""The user's choice of network, stored with the corrections for the next start of the server."""

from __future__ import annotations

import json
from pathlib import Path

from nn.errors import ModelError
from nn.files import replacing

FILE = "chosen.json"
LEARNED = "learned.safetensors"
"""File name of the learned network in the folder of corrections."""


def remember(folder: Path, base: str, uses_learned: bool) -> None:
    """Store whether the learned network was chosen, by a server whose own network is `base`.

    Raises
    ------
    OSError
        The folder cannot be written to.
    """
    with replacing(folder / FILE) as temporary:
        temporary.write_text(json.dumps({"base": base, "uses_learned": uses_learned}), encoding="utf-8")


def was_learned_chosen(folder: Path, base: str) -> bool:
    """Return whether the learned network was chosen and exists; False for another base."""
    from nn.model import Sequential

    try:
        chosen = json.loads((folder / FILE).read_text(encoding="utf-8"))
        if chosen != {"base": base, "uses_learned": True}:
            return False
        Sequential.load(folder / LEARNED)
    except (OSError, ValueError, RecursionError, ModelError):
        return False
    return True
