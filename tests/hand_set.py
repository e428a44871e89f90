"""Count the numbers set by hand that decide what is read: ``python tests/hand_set.py [--list]``.

Counted are numeric literals in the code that turns pixels into text: the pipelines but for their sources, the
reader, and `ocr/recognition`. Left out are:

- parameters: fields of the documented objects in files called ``params.py`` and ``weights.py``, or in folders
  called ``params``;
- what is no threshold: 0, 1, 2 and their negatives, a half, the range of 8-bit pixels, quarter turns,
  indices, shapes, axes and the connectivity of pixels, and the values of enumerations;
- numbers as small as 1e-5, which only keep a division or a logarithm finite.
"""

from __future__ import annotations

import argparse
import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROOMS = (
    "pipelines/*.py",
    "pipelines/clean/**/*.py",
    "pipelines/layout/**/*.py",
    "ocr/reader.py",
    "ocr/recognition/**/*.py",
)
PARAMETERS = {"params.py", "weights.py", "params"}
PLAIN = {0, 1, 2, 0.5, 255, 256, 90, 180, 270, 360}
GUARD = 1e-5
"""Numbers as small as this only keep a division or a logarithm finite."""


def numbers_of(tree: ast.AST) -> Iterator[tuple[int, float]]:
    """Yield the line and the value of every number in a module that may decide what is read."""
    skipped: set[int] = set()
    for node in ast.walk(tree):
        match node:
            case (
                ast.Subscript(slice=part)
                | ast.keyword(arg="axis" | "ndim" | "maxsize" | "ord" | "connectivity", value=part)
            ):
                skipped |= {id(child) for child in ast.walk(part)}
            case ast.ClassDef(bases=[ast.Name(id="Enum" | "IntEnum" | "StrEnum")]):
                skipped |= {id(child) for child in ast.walk(node)}
            case ast.Call(func=ast.Attribute(attr="reshape" | "zeros" | "empty" | "ones" | "eye")):
                skipped |= {id(child) for child in ast.walk(node)}
            case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
                if id(node) not in skipped and value not in PLAIN and not 0 < value <= GUARD:
                    yield node.lineno, value


def counted(root: Path = ROOT) -> dict[str, list[tuple[int, float]]]:
    """Return the numbers of each file under `root` that has any, as (line, value)."""
    files = sorted({path for room in ROOMS for path in root.glob(room)})
    found = {
        str(path.relative_to(root)): list(numbers_of(ast.parse(path.read_text(encoding="utf-8"))))
        for path in files
        if path.name not in PARAMETERS and path.parent.name not in PARAMETERS
    }
    return {name: values for name, values in found.items() if values}


def main() -> None:
    """Print how many numbers each file has."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("root", nargs="?", type=Path, default=ROOT)
    parser.add_argument("--list", action="store_true", help="each number with its line")
    arguments = parser.parse_args()
    found = counted(arguments.root)
    for name, values in sorted(found.items(), key=lambda item: -len(item[1])):
        print(f"{len(values):5}  {name}")
        for line, value in values if arguments.list else ():
            print(f"         {line}: {value:g}")
    print(f"{sum(map(len, found.values())):5}  in all")


if __name__ == "__main__":
    main()
