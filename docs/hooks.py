"""What the site makes as it is built: a page of reference for each module, and the pictures of the stages."""

from __future__ import annotations

import ast
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from ocr.inspect import inspect
from ocr.reader import Reader

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

ROOT = Path(__file__).parents[1]
PACKAGES = ("ocr", "pipelines", "nn")
SHOWN = ROOT / "samples" / "note.jpg"
"""The picture whose stages are shown."""
WIDEST = 1100
"""Pixels that a picture of a stage is wide at most."""


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add the pages and pictures that are made."""
    from mkdocs.structure.files import File

    listed = []
    for module in _modules():
        text = f"# {module}\n\n::: {module}\n    options:\n      show_root_heading: false\n"
        files.append(File.generated(config, f"reference/{module}.md", content=text))
        listed.append(f"- [`{module}`]({module}.md): {_first_sentence(module)}")
    index = "# Reference\n\nEvery module, with what it says of itself.\n\n" + "\n".join(listed) + "\n"
    files.append(File.generated(config, "reference/index.md", content=index))
    for picture in sorted((ROOT / "samples" / "shown").glob("*.[jp][pn]g")):
        files.append(File.generated(config, f"shown/{picture.name}", abs_src_path=str(picture)))
    for name, content in _stages().items():
        files.append(File.generated(config, f"explained/stages/{name}", content=content))
    return files


def _modules() -> list[str]:
    """Return the dotted names of all modules that anyone may import."""
    found = []
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            if parts[-1] in ("__init__", "__main__"):
                parts = parts[:-1] if parts[-1] == "__init__" and len(parts) == 2 else ()
            if parts and not any(part.startswith("_") for part in parts):
                found.append(".".join(parts))
    return found


def _first_sentence(module: str) -> str:
    path = ROOT.joinpath(*module.split("."))
    source = path.with_suffix(".py") if path.with_suffix(".py").exists() else path / "__init__.py"
    text = ast.get_docstring(ast.parse(source.read_text(encoding="utf-8"))) or ""
    return " ".join(text.split("\n\n")[0].split())


def _stages() -> dict[str, bytes]:
    """Return the pictures that `ocr inspect` writes of a sample, reduced, by their names."""
    with tempfile.TemporaryDirectory() as folder:
        made = {}
        for path in inspect(SHOWN, Path(folder), reader=Reader()):
            with Image.open(path) as picture:
                shown = picture.convert("RGB")
                shown.thumbnail((WIDEST, 10 * WIDEST))
                small = Path(folder) / f"small_{path.stem}.png"
                shown.quantize(64).save(small, optimize=True)
                made[path.name] = small.read_bytes()
        return made
