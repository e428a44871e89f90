"""Keep what a benchmark measured: a file of JSON with the figures, the machine and the commit."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
LIBRARIES = ("numpy", "scipy", "opencv-python-headless", "letters-ocr")


def machine() -> dict[str, Any]:
    """Return what the figures depend on beside the code: processor, cores, load, system and versions."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
        "system": platform.platform(),
        "python": platform.python_version(),
        **{name: version(name) for name in LIBRARIES},
    }


def record(benchmark: str, figures: Mapping[str, Any]) -> Path:
    """Write ``BENCHMARK.json`` into the folder ``OCR_BENCH``, or ``bench`` in the working folder.

    Parameters
    ----------
    benchmark : str
        Its name.
    figures : mapping
        What was measured, by names that have their units.

    Returns
    -------
    Path
        What was written.
    """
    folder = Path(os.environ.get("OCR_BENCH", "bench"))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{benchmark}.json"
    told = {
        "benchmark": benchmark,
        "commit": _commit(),
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "figures": figures,
    }
    path.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    print(f"kept in {path}")
    return path


def _commit() -> str:
    """Return the commit of the code, with ``+`` if files differ from it; empty outside of a clone."""
    command = ["git", "-C", str(ROOT), "describe", "--always", "--abbrev=12", "--dirty=+", "--exclude=*"]
    return subprocess.run(command, capture_output=True, text=True).stdout.strip()


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor()
    names = [line.split(":", 1)[1].strip() for line in text.splitlines() if line.startswith("model name")]
    return names[0] if names else platform.processor()
