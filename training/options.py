"""Options that several of the commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

FontFolders = Annotated[
    list[Path], typer.Option("--fonts", metavar="FOLDER", help="Of typefaces; may be given again.")
]
GlyphFolder = Annotated[
    Path, typer.Option("--data", metavar="FOLDER", help="Of hand.npz and the recorded strokes.")
]
Pictures = Annotated[int, typer.Option("--pictures", min=1, help="How many lines to draw.")]
Seed = Annotated[int, typer.Option("--seed", help="Another one draws other lines.")]
Jobs = Annotated[int, typer.Option("--jobs", min=1, help="Processes.")]
Out = Annotated[Path, typer.Option("--out", metavar="FILE", help="What to write.")]
