"""The tests with the lowest and newest versions of what is needed, on the oldest and newest Python at hand.

``python tests/versions.py`` before a release: four fresh environments, made by uv (extra ``dev``), one after
another, and the whole suite in each. ``--only lowest --python 3.11`` takes one of them, and what follows
``--`` goes to pytest. Pythons are looked for on the path and among those of pyenv. Lowest are the versions
that ``pyproject.toml`` allows; where there is no wheel of one for a Python, the lowest that has one.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from itertools import product
from pathlib import Path

ROOT = Path(__file__).parents[1]
BUILT = ("numpy", "scipy", "opencv-python-headless", "scikit-image", "pillow", "safetensors", "matplotlib")
"""What takes a compiler and long to build."""
VERSIONS = {"lowest": "lowest-direct", "newest": "highest"}
OLDEST = tuple(
    map(
        int,
        re.findall(
            r"\d+", tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
        ),
    )
)


def pythons() -> dict[tuple[int, int], str]:
    """Return the Pythons at hand that this project allows, by their versions, the oldest first."""
    pyenv = sorted(Path.home().glob(".pyenv/versions/3.*/bin/python"))
    named = [path for minor in range(11, 30) if (path := shutil.which(f"python3.{minor}"))]
    found: dict[tuple[int, int], str] = {}
    for path in map(str, [*named, *pyenv]):
        told = subprocess.run(
            [path, "-c", "import sys; print(*sys.version_info[:2])"], capture_output=True, text=True
        )
        if told.returncode == 0:
            major, minor = map(int, told.stdout.split())
            found.setdefault((major, minor), path)
    return {version: found[version] for version in sorted(found) if version >= OLDEST}


def run(python: str, resolution: str, arguments: list[str]) -> int:
    """Install into a fresh environment and run the tests there; return the exit code."""
    uv = shutil.which("uv") or str(Path(sys.executable).with_name("uv"))
    wheels = [option for name in BUILT for option in ("--only-binary", name)]
    with tempfile.TemporaryDirectory() as folder:
        there = f"{folder}/env/bin/python"
        commands = (
            [uv, "venv", "-q", "--python", python, f"{folder}/env"],
            [
                uv,
                "pip",
                "install",
                "-q",
                "--python",
                there,
                "--resolution",
                resolution,
                *wheels,
                "-e",
                f"{ROOT}[test]",
            ],
            [there, "-m", "pytest", *arguments],
        )
        return next(
            (code for command in commands if (code := subprocess.run(command, cwd=ROOT).returncode)), 0
        )


def main() -> int:
    """Run what is asked for, and sum up; return 1 where anything failed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", choices=VERSIONS, help="the lowest or the newest versions alone")
    parser.add_argument("--python", metavar="3.N", help="one Python alone")
    parser.add_argument("pytest", nargs="*", help="arguments of pytest, after --")
    asked = parser.parse_args()
    found = {f"{major}.{minor}": path for (major, minor), path in pythons().items()}
    print(f"Pythons at hand: {', '.join(found) or 'none'}", flush=True)
    if not found or (asked.python and asked.python not in found):
        return 1
    ends = dict.fromkeys([next(iter(found)), next(reversed(found))])
    chosen = [asked.python] if asked.python else [*ends]
    codes = {}
    for version, versions in product(chosen, [asked.only] if asked.only else VERSIONS):
        print(f"== Python {version}, {versions} versions ==", flush=True)
        codes[version, versions] = run(found[version], VERSIONS[versions], asked.pytest)
    for (version, versions), code in codes.items():
        print(f"Python {version}, {versions} versions: {'passed' if code == 0 else f'failed ({code})'}")
    return int(any(codes.values()))


if __name__ == "__main__":
    sys.exit(main())
