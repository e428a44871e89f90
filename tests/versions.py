"""The tests with the lowest and newest versions of what is needed, on the oldest and newest Python at hand.

``python tests/versions.py`` before a release: four fresh environments, made by uv (extra ``dev``), one after
another, and the whole suite in each; in the end a line for each, with the tests that failed. It exits with
1 where anything failed. ``--only lowest --python 3.11`` takes one of them, and what follows ``--`` goes to
pytest. Pythons are looked for on the path and among those of pyenv. Lowest are the versions that
``pyproject.toml`` allows; where there is no wheel of one for a Python, the lowest that has one.

What these need in turn is the newest there is, as in an environment that is brought up to date in part. An
old library then uses what a newer one calls deprecated: with the lowest versions, that is no failure. Whether
we do so is seen with the newest.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import tomllib
from itertools import product
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).parents[1]
BUILT = [
    *("aiohttp", "greenlet", "lxml", "matplotlib", "numpy", "onnx", "onnxruntime", "opencv-python-headless"),
    *("pikepdf", "pillow", "pillow-heif", "playwright", "rapidfuzz", "safetensors", "scikit-image", "scipy"),
    "simplejpeg",
]
"""What takes a compiler and long to build, or needs what does."""
RESOLUTIONS = {"lowest": "lowest-direct", "newest": "highest"}
OLD = [f"-Wdefault::{kind}" for kind in ("DeprecationWarning", "PendingDeprecationWarning")]
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


def run(uv: str, python: str, versions: str, arguments: list[str]) -> str:
    """Install into a fresh environment and run the tests there; return what failed, empty where nothing."""
    with tempfile.TemporaryDirectory() as folder:
        there, results = f"{folder}/env/bin/python", Path(folder, "results.xml")
        install = [uv, "pip", "install", "-q", "--python", there, "-e", f"{ROOT}[test]"]
        install += ["--resolution", RESOLUTIONS[versions], *(f"--only-binary={name}" for name in BUILT)]
        for command in ([uv, "venv", "-q", "--python", python, f"{folder}/env"], install):
            if subprocess.run(command, cwd=ROOT).returncode:
                return "could not be installed"
        test = [there, "-m", "pytest", f"--junitxml={results}", *(OLD if versions == "lowest" else ())]
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        code = subprocess.run([*test, *arguments], cwd=ROOT, env=kept).returncode
        return "" if code == 0 else failed(results) or f"pytest ended with {code}"


def failed(results: Path) -> str:
    """Return how many tests failed, and a line for each."""
    if not results.exists():
        return ""
    cases = ElementTree.parse(results).iter("testcase")
    names = [
        f"\n    {case.get('classname')}::{case.get('name')}"
        for case in cases
        if {child.tag for child in case} & {"failure", "error"}
    ]
    return f"{len(names)} failed{''.join(names)}" if names else ""


def main() -> int:
    """Run what is asked for, and sum up; return 1 where anything failed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", choices=RESOLUTIONS, help="the lowest or the newest versions alone")
    parser.add_argument("--python", metavar="3.N", help="one Python alone")
    parser.add_argument("pytest", nargs="*", help="arguments of pytest, after --")
    asked = parser.parse_args()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in the background, and tests send it
    found = {f"{major}.{minor}": path for (major, minor), path in pythons().items()}
    print(f"Pythons at hand: {', '.join(found) or 'none'}", flush=True)
    if not found or (asked.python and asked.python not in found):
        return 1
    uv = shutil.which("uv", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    if uv is None:
        parser.error("uv is missing: pip install '.[dev]'")
    ends = dict.fromkeys([next(iter(found)), next(reversed(found))])
    chosen = [asked.python] if asked.python else [*ends]
    ended = {}
    for version, versions in product(chosen, [asked.only] if asked.only else RESOLUTIONS):
        print(f"== Python {version}, {versions} versions ==", flush=True)
        ended[version, versions] = run(uv, found[version], versions, asked.pytest)
    for (version, versions), what in ended.items():
        print(f"Python {version}, {versions} versions: {what or 'passed'}")
    return int(any(ended.values()))


if __name__ == "__main__":
    sys.exit(main())
