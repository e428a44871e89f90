"""Settings of a server."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from pathlib import Path

from nn.threads import cores

HOST, SECONDS, MAX_BYTES, MAX_PIXELS = "127.0.0.1", 30.0, 20_000_000, 50_000_000
"""Defaults of a server; the command takes its defaults from here."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of a server.

    Attributes
    ----------
    host : str
        The address it is bound to.
    token : str, optional
        The token of requests. Without one, only requests to loopback names are answered.
    model : Path, optional
        The network to read with; the bundled one by default.
    corrections : Path, optional
        The folder for corrections; without it none are stored.
    data : tuple of Path
        Data sets to train on in the laboratory.
    jobs : int
        Processes that read.
    waiting : int
        Requests that may wait for one of them.
    seconds : float
        Time limit for receiving a request, for a process to become free, and for reading each page.
    max_bytes, max_pixels : int
        Larger uploads and pages are refused.
    megabytes : int
        Memory for a reading, in addition to the reader's own.

    Raises
    ------
    ValueError
        Other machines can reach `host`, and there is no token.
    """

    host: str = HOST
    token: str | None = None
    model: Path | None = None
    corrections: Path | None = None
    data: tuple[Path, ...] = ()
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
    """Return whether an address, or the name ``localhost``, is a loopback address."""
    if host.rstrip(".").lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
