"""How ``ocr serve`` stands 200 requests, 16 at a time: what fails, how long each takes, what memory is left.

Run it by hand where this project is installed with the extra ``serve``, on Linux, on a machine of two cores
or more that is otherwise idle: ``python -m tests.bench.bench_serve [COUNT] [AT_ONCE]``. Every second request
is a drawing to predict, the others are the pictures of ``samples`` to read, in turn. Times are those that the
client sees, waiting included. The memory is that of the server and its processes together, each page counted
once: when it is ready, while it works, and when it has been idle for a few seconds after each of two loads.
"""

from __future__ import annotations

import http.client
import io
import os
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from tests.bench.record import record

COUNT, AT_ONCE = 200, 16
SAMPLES = Path(__file__).parents[2] / "samples"
IDLE = 3.0
Asked = tuple[str, int, float]


@contextmanager
def server() -> Iterator[tuple[int, int]]:
    """Start the server, and give its port and its process's number."""
    command = [sys.executable, "-m", "ocr", "serve", "--port", "0", "--timeout", "120"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().split()[1]
        try:
            yield int(address.rstrip("/").rpartition(":")[2]), process.pid
        finally:
            process.send_signal(signal.SIGINT)


def drawing(letter: str) -> bytes:
    """Return a PNG of a letter, dark on white, as the page sends it."""
    image = Image.new("L", (400, 400), 255)
    ImageDraw.Draw(image).text((100, 20), letter, 0, font_size=280)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def ask(port: int, path: str, content: bytes) -> Asked:
    """Send a picture, and return where to, the status of what comes back, and after how many seconds."""
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    start = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    connection.request("POST", path, head + content + b"\r\n--b--\r\n", kind)
    response = connection.getresponse()
    response.read()
    connection.close()
    return path, response.status, time.perf_counter() - start


def megabytes(pid: int) -> float:
    """Return what a process and its children hold of memory."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    rollups = [Path(f"/proc/{one}/smaps_rollup").read_text() for one in (pid, *children)]
    lines = [line for rollup in rollups for line in rollup.splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def load(port: int, pid: int, count: int, at_once: int) -> tuple[list[Asked], float, float]:
    """Send `count` requests; return what came of them, the seconds it took, and the most memory meanwhile."""
    pictures = [file.read_bytes() for file in sorted(SAMPLES.iterdir()) if file.suffix in {".jpg", ".png"}]
    drawings = [drawing(letter) for letter in "ABCDEFGHRSTUXYZ2345678"]
    tasks = [
        ("/api/predict", drawings[k // 2 % len(drawings)])
        if k % 2
        else ("/api/read", pictures[k // 2 % len(pictures)])
        for k in range(count)
    ]
    most, is_over = [0.0], threading.Event()

    def watch() -> None:
        while not is_over.wait(1.0):
            most[0] = max(most[0], megabytes(pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    start = time.perf_counter()
    with ThreadPoolExecutor(at_once) as threads:
        asked = list(threads.map(lambda task: ask(port, *task), tasks))
    seconds = time.perf_counter() - start
    is_over.set()
    watcher.join()
    return asked, seconds, most[0]


def show(asked: list[Asked], seconds: float) -> dict[str, Any]:
    """Print a row for each path, and return the figures."""
    figures: dict[str, Any] = {"requests a second": len(asked) / seconds}
    print(f"{'':<16}{'requests':>9}{'503':>6}{'failed':>8}{'p50, s':>9}{'p95, s':>9}{'most, s':>9}")
    for path in sorted({path for path, _, _ in asked}):
        statuses = Counter(status for one, status, _ in asked if one == path)
        times = sorted(took for one, status, took in asked if one == path and status == 200)
        failed = statuses.total() - statuses[200] - statuses[503]
        p50, p95 = statistics.median(times), times[min(len(times) - 1, round(0.95 * len(times)))]
        row = f"{path:<16}{statuses.total():>9}{statuses[503]:>6}{failed:>8}"
        print(f"{row}{p50:>9.2f}{p95:>9.2f}{times[-1]:>9.2f}")
        counts = {"requests": statuses.total(), "503": statuses[503], "failed": failed}
        figures[path] = counts | {"seconds, p50": p50, "seconds, p95": p95, "seconds, most": times[-1]}
    print(f"{len(asked) / seconds:.1f} requests a second")
    return figures


def main(count: int, at_once: int) -> None:
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; {count} requests, {at_once} at a time")
    figures: dict[str, Any] = {}
    with server() as (port, pid):
        ask(port, "/api/predict", drawing("A"))
        memory = [("ready", megabytes(pid))]
        for turn in ("first", "second"):
            asked, seconds, most = load(port, pid, count, at_once)
            print(f"\n{turn} load")
            figures[f"{turn} load"] = show(asked, seconds)
            time.sleep(IDLE)
            memory += [(f"at most, {turn} load", most), (f"after it, {turn} load", megabytes(pid))]
    print()
    for name, held in memory:
        print(f"memory, MB, {name:<24}{held:>8.0f}")
    record("serve", {"at a time": at_once, "megabytes": dict(memory), **figures})


if __name__ == "__main__":
    given = [int(one) for one in sys.argv[1:]]
    main(*(given + [COUNT, AT_ONCE][len(given) :]))
