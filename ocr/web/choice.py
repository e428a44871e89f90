"""Which network was chosen to read with: kept beside the corrections, for when the server is started anew."""

from __future__ import annotations

import json
from pathlib import Path

from nn.errors import ModelError
from nn.files import replacing

FILE = "chosen.json"
LEARNED = "learned.safetensors"
"""What the network is called, in the folder of the corrections, that has learned from them."""


def remember(folder: Path, base: str, uses_learned: bool) -> None:
    """Keep whether the learned network was chosen, by a server whose own network is `base`.

    Raises
    ------
    OSError
        The folder cannot be written to.
    """
    with replacing(folder / FILE) as temporary:
        temporary.write_text(json.dumps({"base": base, "uses_learned": uses_learned}), encoding="utf-8")


def was_learned_chosen(folder: Path, base: str) -> bool:
    """Tell whether the learned network was chosen, and can be read with; not where another base is named."""
    from nn.model import Sequential

    try:
        chosen = json.loads((folder / FILE).read_text(encoding="utf-8"))
        if chosen != {"base": base, "uses_learned": True}:
            return False
        Sequential.load(folder / LEARNED)
    except (OSError, ValueError, RecursionError, ModelError):
        return False
    return True
