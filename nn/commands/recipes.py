"""The bundled recipes: list, print or copy them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nn.commands.console import say
from nn.files import replacing
from nn.recipe import RECIPES, find_recipe


def recipes_command(
    name: Annotated[str | None, typer.Argument(help="The recipe to print.")] = None,
    copy: Annotated[Path | None, typer.Option(help="Write it to this file instead, to be changed.")] = None,
) -> None:
    """List the recipes, or print one."""
    if name is None:
        if copy is not None:
            raise typer.BadParameter("say which recipe to copy", param_hint="--copy")
        names = [path.relative_to(RECIPES).with_suffix("").as_posix() for path in RECIPES.rglob("*.toml")]
        width = max(map(len, names))
        for each in sorted(names):
            say(f"{each:<{width}}  {_first_line(RECIPES / f'{each}.toml')}")
        return
    text = find_recipe(name).read_text("utf-8")
    if copy is None:
        for line in text.splitlines():
            say(line)
        return
    if copy.exists():
        raise FileExistsError(f"{copy}: is there already; choose another name")
    with replacing(copy) as temporary:
        temporary.write_text(text, "utf-8")
    say(copy)


def _first_line(path: Path) -> str:
    """Return the first line of a recipe's description."""
    words = []
    for line in path.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            break
        words.append(line.lstrip("# "))
    sentence = " ".join(words)
    return sentence if len(sentence) <= 100 else f"{sentence[:97].rsplit(' ', 1)[0]} ..."
