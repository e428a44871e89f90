"""Whether the tests notice what is broken: constants and comparisons that decide readings, each broken once.

``python tests/mutants.py`` copies the project to a folder of its own, breaks one thing there, runs the tests
that should notice with ``-x``, and puts it right again. It lists which were caught and by what test, and
exits with 1 where more than two were not, or where something is no longer there to be broken. Words after
the command choose those of whose place and name they are a part: ``python tests/mutants.py decode SLACK``.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
COPIED = ("nn", "ocr", "pipelines", "samples", "tests", "training", "pyproject.toml")
MOST_MISSED = 2
RECOGNITION, PASSES = "tests/ocr/recognition", "tests/ocr/recognition/passes"
SAMPLES = "tests/test_samples.py"


@dataclass(frozen=True)
class Mutant:
    """A piece of a file, what it becomes, and the tests that should notice.

    `old` is the name of a constant, given the value `new`; or else text of the file, in whose place it is put.
    """

    file: str
    old: str
    new: str
    tests: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.file}: {self.old} -> {self.new}"

    def of(self, source: str) -> str | None:
        """Return the source of the file, broken; None where there is no such thing in it."""
        if re.fullmatch(r"[A-Z_]+", self.old):
            found = re.subn(rf"^{self.old} = .*$", f"{self.old} = {self.new}", source, flags=re.MULTILINE)
            return found[0] if found[1] == 1 else None
        return source.replace(self.old, self.new) if source.count(self.old) == 1 else None


def decoder(old: str, new: str) -> Mutant:
    return Mutant("ocr/recognition/decode.py", old, new, (f"{RECOGNITION}/test_weights.py", SAMPLES))


MUTANTS = (
    decoder("CONTEXT", "0.0"),
    decoder("PRIOR", "0.0"),
    decoder("COMMON", "0.0"),
    decoder("CHOICE", "0.0"),
    decoder("LINE", "0.0"),
    decoder("DROP", "0.0"),
    decoder("SELDOM", "-50.0"),
)


def tried(mutant: Mutant, there: Path) -> tuple[str, float]:
    """Return the first test that fails once a thing is broken, empty where none does, and the seconds it took."""
    path, begun = there / mutant.file, time.monotonic()
    source = path.read_text(encoding="utf-8")
    broken = mutant.of(source)
    if broken is None:
        raise LookupError(str(mutant))
    path.write_text(broken, encoding="utf-8")
    try:
        done = pytest_in(there, mutant.tests)
    finally:
        path.write_text(source, encoding="utf-8")
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{mutant}\n{done.stdout[-2000:]}")
    failed = re.search(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE)
    return failed[1] if failed else "", time.monotonic() - begun


def pytest_in(there: Path, tests: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-n", "0", "-x", "-p", "no:cacheprovider", "-rfE", *tests]
    environment = {**os.environ, "PYTHONPATH": str(there), "PYTHONDONTWRITEBYTECODE": "1", "CI": "true"}
    return subprocess.run(command, cwd=there, env=environment, capture_output=True, text=True)


def main() -> int:
    """Break what is asked for, and sum up; return 1 where too little was caught."""
    chosen = [m for m in MUTANTS if not sys.argv[1:] or any(word in str(m) for word in sys.argv[1:])]
    caught, lost = 0, []
    with tempfile.TemporaryDirectory() as folder:
        there = Path(folder)
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, there / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, there / name)
        for mutant in chosen:
            try:
                noticed, seconds = tried(mutant, there)
            except LookupError:
                lost.append(mutant)
                continue
            caught += bool(noticed)
            print(f"{'caught' if noticed else 'MISSED'} {seconds:4.0f} s  {mutant}  {noticed}", flush=True)
    for mutant in lost:
        print(f"no longer there: {mutant}")
    print(f"{caught} of {len(chosen)} caught")
    return int(bool(lost) or len(chosen) - caught > MOST_MISSED)


if __name__ == "__main__":
    sys.exit(main())
