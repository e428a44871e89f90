"""Packages of somebody else, as installed beside this one: a module and the entry point that names it."""

from __future__ import annotations

from pathlib import Path


def install(folder: Path, group: str, module: str, name: str, source: str) -> None:
    """Put a module into a folder of ``sys.path``, and what ``pip`` would note of its entry point."""
    (folder / f"{module}.py").write_text(source, encoding="utf-8")
    info = folder / f"{module}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[{group}]\n{module} = {module}:{name}\n")
