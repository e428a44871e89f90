"""What a server is told when it is started."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from pathlib import Path

from nn.threads import cores

HOST, SECONDS, MAX_BYTES, MAX_PIXELS = "127.0.0.1", 30.0, 20_000_000, 50_000_000
"""What a server does unless told otherwise; the command takes its defaults from here."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All that a server does not decide by itself.

    Attributes
    ----------
    host : str
        The address it is bound to.
    token : str, optional
        What requests must bring. Without it, only requests to this machine's own names are answered.
    model : Path, optional
        The network to read with; the bundled one by default.
    corrections : Path, optional
        The folder that corrected letters are kept in; without it none are.
    jobs : int
        Processes that read.
    waiting : int
        Requests that may wait for one of them.
    seconds : float
        In which a request must be there, a process become free for it, and each page be read.
    max_bytes, max_pixels : int
        Larger uploads and pages are refused.
    megabytes : int
        Memory that a reading may take beyond what the reader itself holds.

    Raises
    ------
    ValueError
        Other machines can reach `host`, and there is no token.
    """

    host: str = HOST
    token: str | None = None
    model: Path | None = None
    corrections: Path | None = None
    jobs: int = cores()
    waiting: int = 32
    seconds: float = SECONDS
    max_bytes: int = MAX_BYTES
    max_pixels: int = MAX_PIXELS
    megabytes: int = 3000

    def __post_init__(self) -> None:
        if self.token is None and not is_loopback(self.host):
            raise ValueError(f"{self.host} can be reached by other machines: a token is needed")


def is_loopback(host: str) -> bool:
    """Tell whether an address, or the name ``localhost``, is this machine's own for itself."""
    if host.rstrip(".").lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
