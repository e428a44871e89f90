"""Spoiled files and odd pictures, one after another, for as long as is wanted.

    python -m tests.fuzz.run --minutes 10 --out fuzz.json

They are tried by a process of its own, which is started again after a crash, and is ended after `SECONDS` at
work on one input, which is a hang, or beyond `MEMORY` bytes, which is a crash. Where atheris is installed
(``pip install atheris``) it chooses, by what code they reach, every second half minute's files. The figures
are in FILE, and the inputs at fault beside it, in FILE.inputs.
"""

from __future__ import annotations

import argparse
import ctypes
import hashlib
import json
import multiprocessing
import os
import random
import resource
import signal
import sys
import time
import traceback
from dataclasses import dataclass
from importlib.util import find_spec
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path

SECONDS, WAIT = 20, 300
MEMORY = 6 << 30
ROUND = 30.0
READ_SHARE, SCENE_SHARE = 0.02, 0.02
COUNTS = ("inputs", "refused", "pages", "scenes", "read")


@dataclass(frozen=True, slots=True)
class Shared:
    """What the worker tells of itself while it lives."""

    counts: dict[str, Synchronized]
    slowest: Synchronized
    peak: Synchronized
    folder: Path

    @property
    def current(self) -> Path:
        """The file that holds the input being tried."""
        return self.folder / "current"


def main() -> int:
    """Run for the minutes asked for; 1 where anything crashed or hung."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--out", type=Path, default=Path("fuzz.json"))
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    folder = options.out.with_name(options.out.name + ".inputs")
    folder.mkdir(parents=True, exist_ok=True)
    context = multiprocessing.get_context("spawn")
    shared = Shared(
        {name: context.Value(ctypes.c_int64, 0) for name in COUNTS},
        context.Value(ctypes.c_double, 0.0),
        context.Value(ctypes.c_int64, 0),
        folder,
    )
    faults: list[dict[str, str]] = []
    end, round_number = time.monotonic() + 60 * options.minutes, 0
    while time.monotonic() < end:
        seconds = min(ROUND, end - time.monotonic())
        is_guided = bool(round_number % 2) and find_spec("atheris") is not None
        arguments = (f"{options.seed}:{round_number}", seconds, is_guided, shared)
        worker = context.Process(target=work, args=arguments)
        worker.start()
        worker.join()
        if worker.exitcode:
            faults.append(_kept(shared, worker.exitcode))
            print(f"{faults[-1]['what']}: {faults[-1]['input']}", file=sys.stderr)
        round_number += 1
        _write(options.out, options.seed, round_number, shared, faults)
    shared.current.unlink(missing_ok=True)
    print(options.out.read_text())
    return 1 if faults else 0


def _kept(shared: Shared, code: int) -> dict[str, str]:
    """Keep the input at which the worker ended; return what there is to say of it."""
    data = shared.current.read_bytes() if shared.current.exists() else b""
    name = hashlib.sha256(data).hexdigest()[:16]
    (shared.folder / name).write_bytes(data)
    note = shared.folder / "note"
    why = note.read_text() if note.exists() else ""
    note.unlink(missing_ok=True)
    is_hang = code in (-signal.SIGPROF, -signal.SIGALRM)
    return {"what": "hang" if is_hang else "crash", "code": str(code), "input": name, "why": why}


def _write(out: Path, seed: int, rounds: int, shared: Shared, faults: list[dict[str, str]]) -> None:
    figures = {
        "seed": seed,
        "rounds": rounds,
        **{name: value.value for name, value in shared.counts.items()},
        "crashes": sum(fault["what"] == "crash" for fault in faults),
        "hangs": sum(fault["what"] == "hang" for fault in faults),
        "slowest_seconds": round(shared.slowest.value, 2),
        "peak_megabytes": shared.peak.value >> 20,
        "guided": find_spec("atheris") is not None,
        "faults": faults,
    }
    out.write_text(json.dumps(figures, indent=2) + "\n")


def work(seed: str, seconds: float, is_guided: bool, shared: Shared) -> None:
    """Try inputs until the time is up; a process of its own."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # what libtiff and libFuzzer have to say
    rng, end = random.Random(seed), time.monotonic() + seconds
    try:
        if is_guided:
            _work_guided(seed, seconds, shared)
        while time.monotonic() < end:
            _try_next(rng, shared)
    except Exception as error:
        _note(error, shared)
        raise


def _note(error: BaseException, shared: Shared) -> None:
    text = "".join(traceback.format_exception(error))
    (shared.folder / "note").write_text(text, errors="backslashreplace")


def _try_next(rng: random.Random, shared: Shared) -> None:
    from tests.fuzz.scenes import scene
    from tests.fuzz.seeds import KINDS
    from tests.fuzz.spoil import spoiled
    from tests.fuzz.target import try_pixels

    if rng.random() < SCENE_SHARE:
        pixels, pipeline = scene(rng), rng.choice(("auto", "scan", "photo", "line", "word", "letter"))
        noted = f"{pixels.shape} {pipeline}\n".encode() + pixels.tobytes()
        with Timed(noted, shared):
            try_pixels(pixels, pipeline)
        _add(shared, "scenes")
    else:
        kind = rng.choices((*KINDS, "noise"), (4, 4, 4, 2, 3, 3, 2, 0.5, 1))[0]
        try_one(spoiled(kind, rng), shared, rng.random() < READ_SHARE)


def _work_guided(seed: str, seconds: float, shared: Shared) -> None:
    import atheris

    with atheris.instrument_imports(include=["pipelines", "PIL", "pillow_heif"]):
        import pipelines.sources.load  # noqa: F401
    from tests.fuzz.seeds import KINDS, seeds
    from tests.fuzz.spoil import spoiled

    corpus = shared.folder / "corpus"
    corpus.mkdir(exist_ok=True)
    for number, data in enumerate(data for kind in KINDS if kind != "pdf" for data in seeds(kind)):
        (corpus / f"seed{number}").write_bytes(data)

    def change(data: bytes, most: int, number: int) -> bytes:
        rng = random.Random(number)
        if rng.random() < 0.3:
            return spoiled(rng.choice(KINDS[:-1]), rng)[:most]
        return bytes(atheris.Mutate(data, most))

    chosen = random.Random(seed).getrandbits(31)
    flags = [f"-max_total_time={max(1, int(seconds))}", f"-seed={chosen}", "-max_len=8192", "-verbosity=0"]
    flags += ["-rss_limit_mb=0", f"-timeout={WAIT}", str(corpus)]
    atheris.Setup([sys.argv[0], *flags], lambda data: try_one(data, shared), custom_mutator=change)
    atheris.Fuzz()


def try_one(data: bytes, shared: Shared, is_read: bool = False) -> None:
    """Try a file and count it."""
    from tests.fuzz.target import try_file

    with Timed(data, shared):
        pages = try_file(data, is_read)
    _add(shared, "pages", pages)
    _add(shared, "refused", not pages)
    _add(shared, "read", is_read)


class Timed:
    """While in here, an input is on disk and the clocks run that end the process; a fault ends it too."""

    def __init__(self, data: bytes, shared: Shared) -> None:
        self.data, self.shared = data, shared

    def __enter__(self) -> None:
        self.shared.current.write_bytes(self.data)
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        signal.setitimer(signal.ITIMER_REAL, WAIT)
        self.start = time.process_time()

    def __exit__(self, kind: object, error: BaseException | None, _: object) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        _add(self.shared, "inputs")
        used = time.process_time() - self.start
        self.shared.slowest.value = max(self.shared.slowest.value, used)
        of_children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        peak = max(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, of_children) * 1024
        self.shared.peak.value = max(self.shared.peak.value, peak)
        if error is not None:
            _note(error, self.shared)


def _add(shared: Shared, name: str, count: int = 1) -> None:
    shared.counts[name].value += count


if __name__ == "__main__":
    sys.exit(main())
