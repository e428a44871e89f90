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
DRAWN, SAMPLES = "tests/ocr/recognition/test_drawn.py", "tests/test_samples.py"


@dataclass(frozen=True)
class Mutant:
    """A piece of a file, what it becomes, and the tests that should notice.

    `old` is the name of a constant or of a value in a JSON file, and `new` what it becomes; or else both
    are text of the file.
    """

    file: str
    old: str
    new: str
    tests: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.file}: {self.old} -> {self.new}"

    def of(self, source: str) -> str | None:
        """Return the source of the file, broken; None where there is no such thing in it."""
        if self.file.endswith(".json"):
            found = re.subn(rf'"{self.old}": [^,]+', f'"{self.old}": {self.new}', source)
            return found[0] if found[1] == 1 else None
        if re.fullmatch(r"[A-Z_]+(, [A-Z_]+)*", self.old):
            found = re.subn(rf"^{self.old} = .*$", f"{self.old} = {self.new}", source, flags=re.MULTILINE)
            return found[0] if found[1] == 1 else None
        return source.replace(self.old, self.new) if source.count(self.old) == 1 else None


def recognition(name: str, old: str, new: str, *tests: str) -> Mutant:
    """Break what is in ``ocr/recognition``, where its own tests, drawn pictures and samples tell of it."""
    own = [f"tests/ocr/recognition/{test}.py" for test in tests]
    return Mutant(f"ocr/recognition/{name}.py", old, new, (*own, DRAWN, SAMPLES))


def weight(name: str, new: str, test: str = "test_outweighs") -> Mutant:
    """Give a weight of the decoder another value."""
    return Mutant("ocr/models/weights.json", name, new, (f"tests/ocr/recognition/{test}.py", DRAWN, SAMPLES))


def pipelines(name: str, old: str, new: str, *tests: str) -> Mutant:
    own = [f"tests/pipelines/{test}.py" for test in tests]
    return Mutant(f"pipelines/{name}.py", old, new, (*own, DRAWN, SAMPLES))


MUTANTS = (
    weight("kind_weight", "0.0"),
    weight("language_model_weight", "0.0"),
    weight("known_word_bonus", "0.0"),
    weight("class_weight", "0.0"),
    weight("line_weight", "0.0"),
    weight("drop_penalty", "0.0"),
    weight("language_model_floor", "-50.0"),
    recognition("params/letters", "settled: Share = 0.98", "settled: Share = 0.3"),
    recognition("params/letters", "place_weight: Weight = 0.5", "place_weight: Weight = 0.0"),
    recognition("params/letters", "] = 0.13", "] = 1.0", "test_placement"),
    weight("line_case_penalty", "0.0", "passes/test_case"),
    weight("capitals_penalty", "0.0", "passes/test_case"),
    recognition(
        "passes/case", "capitals > params.capitals *", "capitals < params.capitals *", "passes/test_case"
    ),
    recognition("passes/params", "usual: XHeights = 0.6", "usual: XHeights = 1.2", "passes/test_spacing"),
    recognition("passes/examples", "LEAST) + counts)", "LEAST))", "passes/test_examples"),
    weight("word_weight", "0.0", "passes/test_gaps"),
    weight("spelling_weight", "0.0", "passes/test_accents"),
    recognition("orientation", "across.over > least", "across.over < least", "test_orientation"),
    recognition("alone", "mean - np.log(classifier.frequencies)", "mean", "test_alone"),
    recognition("confidence", "LIMIT", "0.1", "test_confidence"),
    pipelines("clean/light", "return vote > 0", "return vote < 0", "test_stages"),
    pipelines("layout/params/words", "atoms: Count = 6", "atoms: Count = 1", "test_glyphs"),
    pipelines("layout/segment", "(gap < params", "(gap > params", "test_glyphs"),
    pipelines("layout/words", "gaps > word_gap(", "gaps < word_gap(", "test_stages"),
    pipelines("layout/params/words", "tallest: Share = 0.62", "tallest: Share = 0.05", "layout/test_marks"),
    pipelines("params", "thinnest: Pixels = 2.0", "thinnest: Pixels = 0.0", "test_glyphs"),
    pipelines("layout/params/letters", "= 56.0", "= 26.0", "test_stages"),
)


def tried(mutant: Mutant, there: Path) -> tuple[str, float]:
    """Return the first test that fails where a thing is broken, if any, and how many seconds that took."""
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
