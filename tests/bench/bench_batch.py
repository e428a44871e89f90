"""How many small pictures a second ``ocr batch`` reads: by processes, beside Tesseract, on a Dask cluster.

Run it by hand where this project is installed, on a machine of two cores or more that is otherwise idle:
``python -m tests.bench.bench_batch [COUNT] [ROUNDS]``. The pictures, of a few letters each, are made here,
and all are read by each in turn, again and again. Times are those of whole commands, from their start to
their end. Tesseract, where it is installed, is started by xargs for each picture, two at a time.
"""

from __future__ import annotations

import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from tests.bench.record import record

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
COUNT, ROUNDS = 1000, 3


def make_pictures(folder: Path, count: int) -> dict[str, str]:
    """Write pictures of 200 x 60 pixels, and return what is on each, by its name."""
    chosen, noise = random.Random(0), np.random.default_rng(0)
    font = ImageFont.load_default(34)
    texts = {f"{k:05}.png": "".join(chosen.choices(LETTERS, k=chosen.randint(3, 6))) for k in range(count)}
    for name, text in texts.items():
        picture = Image.new("L", (200, 60), 230)
        ImageDraw.Draw(picture).text((chosen.randint(8, 30), chosen.randint(4, 14)), text, 40, font)
        grey = np.asarray(
            picture.rotate(chosen.uniform(-2, 2), fillcolor=230).filter(ImageFilter.GaussianBlur(0.6))
        )
        noisy = np.clip(grey + noise.normal(0, 6, grey.shape), 0, 255)
        Image.fromarray(noisy.astype(np.uint8)).save(folder / name)
    return texts


def batch(folder: Path, out: Path, *options: str) -> None:
    """Read all with this project."""
    command = [sys.executable, "-m", "ocr", "batch", str(folder), str(out), *options]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def tesseract(folder: Path, out: Path) -> None:
    """Read all with Tesseract, in two processes of one thread each."""
    out.mkdir()
    command = f"ls | xargs -P 2 -I @ tesseract @ {out}/@"
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    subprocess.run(command, shell=True, check=True, cwd=folder, env=environment, stderr=subprocess.DEVNULL)


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[str]:
    """Start a Dask scheduler and workers of one thread each, and give the scheduler's address."""
    told = folder / f"scheduler{workers}.json"
    processes = []

    def start(name: str, *options: str) -> None:
        command = [sys.executable, "-m", f"distributed.cli.dask_{name}", "--no-dashboard", *options]
        quiet = subprocess.DEVNULL
        processes.append(subprocess.Popen(command, cwd=folder, stdout=quiet, stderr=quiet))

    try:
        start("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(told))
        for _ in range(workers):
            start("worker", "--scheduler-file", str(told), "--nthreads", "1", "--no-nanny")
        import distributed

        while not told.exists():
            time.sleep(0.1)
        with distributed.Client(scheduler_file=str(told)) as client:
            client.wait_for_workers(workers)
            address = str(client.scheduler.address)
        yield address
    finally:
        for process in processes:
            process.kill()
            process.wait()


def right(out: Path, texts: dict[str, str]) -> float:
    """Return how many of the pictures were read without a fault, in percent."""
    hits = [(out / f"{name}.txt").read_text().split() == [text] for name, text in texts.items()]
    return 100 * sum(hits) / len(hits)


def main(count: int, rounds: int) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        pictures = root / "pictures"
        pictures.mkdir()
        texts = make_pictures(pictures, count)
        readers: dict[str, Callable[[Path], None]] = {
            "ocr batch --jobs 1": lambda out: batch(pictures, out, "--jobs", "1"),
            "ocr batch --jobs 2": lambda out: batch(pictures, out, "--jobs", "2"),
        }
        if shutil.which("tesseract"):
            readers["tesseract, xargs -P 2"] = lambda out: tesseract(pictures, out)
        print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {count} pictures, {rounds} rounds")
        print(f"{'pictures a second':<28}{'median':>8}{'least':>8}{'most':>8}{'right, %':>10}")
        found = compare(readers, root, texts, rounds)
        for workers in (1, 2):
            with cluster(root, workers) as address:

                def read(out: Path, at: str = address) -> None:
                    batch(pictures, out, "--scheduler", at)

                found |= compare({f"Dask cluster, workers: {workers}": read}, root, texts, rounds)
        record("batch", {"pictures": count, "pictures a second": found})


def compare(
    readers: dict[str, Callable[[Path], None]], root: Path, texts: dict[str, str], rounds: int
) -> dict[str, list[float]]:
    """Print a row for each reader, and return their pictures a second in each round; they take turns."""
    rates: dict[str, list[float]] = {name: [] for name in readers}
    shares = {}
    for _ in range(rounds):
        for name, read in readers.items():
            out = root / "out"
            start = time.perf_counter()
            read(out)
            rates[name].append(len(texts) / (time.perf_counter() - start))
            shares[name] = right(out, texts)
            shutil.rmtree(out)
    for name, found in rates.items():
        row = f"{name:<28}{statistics.median(found):>8.1f}{min(found):>8.1f}{max(found):>8.1f}"
        print(f"{row}{shares[name]:>10.1f}", flush=True)
    return rates


if __name__ == "__main__":
    given = [int(one) for one in sys.argv[1:]]
    main(*(given + [COUNT, ROUNDS][len(given) :]))
