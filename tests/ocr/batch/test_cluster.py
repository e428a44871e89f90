"""The same work on a Dask cluster: a real scheduler and two real workers, one of which is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

import ocr.batch.cluster
from ocr.batch.cluster import MOST, _Work, read_on_cluster, read_there
from ocr.batch.jobs import Job, Limits, Settings
from ocr.errors import Exit, SchedulerError
from ocr.options import ReadOptions

pytest.importorskip("distributed", reason="distributed is not installed: pip install 'letters-ocr[dask]'")

COUNT = 24
SETTINGS = Settings(ReadOptions(), ("text",), 0.0)
Write = Callable[..., Path]


@dataclass(frozen=True)
class Cluster:
    address: str
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]]
    environment: dict[str, str]


@pytest.fixture
def cluster(obedient: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Start a scheduler and two workers on this machine, of one thread each."""
    folder = tmp_path_factory.mktemp("dask")
    told = folder / "scheduler.json"
    environment = {**os.environ, "PYTHONPATH": str(obedient)}

    with ExitStack() as stack:

        def start(name: str, *options: str) -> subprocess.Popen[bytes]:
            command = [sys.executable, "-m", f"distributed.cli.dask_{name}", "--no-dashboard", *options]
            quiet = subprocess.DEVNULL
            process = subprocess.Popen(command, cwd=folder, env=environment, stdout=quiet, stderr=quiet)
            stack.callback(process.wait)
            stack.callback(process.kill)
            return process

        scheduler = ("--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(told))
        first = start("scheduler", *scheduler)
        worker = ("--scheduler-file", str(told), "--nthreads", "1", "--no-nanny", "--host", "127.0.0.1")
        workers = [start("worker", *worker, "--name", str(k)) for k in range(2)]
        end = time.monotonic() + 60
        while not told.exists() and time.monotonic() < end:
            time.sleep(0.05)
        yield Cluster(json.loads(told.read_text())["address"], first, workers, environment)


def records(path: str) -> list[dict[str, object]]:
    file = Path(path)
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def children(pid: int) -> set[int]:
    """Return the processes that a process has started and not yet seen end."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return {int(child) for task in tasks for child in (task / "children").read_text().split()}


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_worker_is_lost_and_nothing_else_and_a_frozen_scheduler_is_not_waited_for(
    cluster: Cluster, write: Write, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = {f"{k:02}.png": f"sleep 0.05{k}" for k in range(COUNT)}
    for name, text in texts.items():
        write(f"scans/{name}", text)
    write("scans/bad.png", "bad")
    write("scans/dies.png", "die")
    command = [sys.executable, "-m", "ocr", "batch", "scans", "out", "--scheduler", cluster.address]
    with subprocess.Popen(
        command, env=cluster.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        end = time.monotonic() + 60
        while len(records("out/manifest.jsonl")) < 6 and process.poll() is None and time.monotonic() < end:
            time.sleep(0.01)
        readers = [children(worker.pid) for worker in cluster.workers]
        cluster.workers[0].kill()
        out, err = process.communicate(timeout=60)
    assert all(len(pids) == 1 for pids in readers), "each worker loads the model once"
    assert process.returncode == Exit.PICTURE, err
    assert out.startswith(f"{COUNT} read, 0 skipped, 2 failed, ")
    assert "ocr: scans/bad.png: is damaged\n" in err and "ocr: scans/dies.png: the process that reads" in err
    assert {path.name: path.read_text() for path in Path("out").glob("*.txt")} == {
        f"{name}.txt": f"{text}\n" for name, text in texts.items()
    }
    inputs = [one["input"] for one in records("out/manifest.jsonl")]
    assert len(inputs) == len(set(inputs)) == COUNT + 2
    end = time.monotonic() + 5
    while any(map(is_alive, readers[0])) and time.monotonic() < end:
        time.sleep(0.02)
    assert not any(map(is_alive, readers[0]))
    check_urls(cluster, here)
    check_frozen(cluster, write, monkeypatch)


def check_urls(cluster: Cluster, here: Path) -> None:
    """Read by URL and write by URL, which the worker that is left does itself."""
    settings = Settings(ReadOptions(), ("text",), 0.0, f"file://{here}/store")
    jobs = [Job(f"file://{here}/scans/{k:02}.png", f"{k}") for k in range(3)]
    outcomes = list(read_on_cluster(jobs, settings, Limits(), cluster.address))
    assert {one.error for one in outcomes} == {None}
    assert all(output.content is None for one in outcomes for output in one.outputs)
    assert {path.name for path in (here / "store").glob("*.txt")} == {"0.txt", "1.txt", "2.txt"}


def check_frozen(cluster: Cluster, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """A scheduler that is frozen is not waited for without end."""
    import dask

    monkeypatch.setattr(ocr.batch.cluster, "LOOK", 0.2)
    jobs = [job_of(write(f"{k:02}.png", "sleep 0.5")) for k in range(60)]
    outcomes = read_on_cluster(jobs, SETTINGS, Limits(), cluster.address)
    assert next(outcomes).error is None
    monkeypatch.setattr(ocr.batch.cluster, "PATIENCE", 1.0)
    cluster.scheduler.send_signal(signal.SIGSTOP)
    start = time.monotonic()
    with pytest.raises(
        SchedulerError, match=r"the scheduler does not answer; the same with --resume goes on"
    ):
        list(outcomes)
    with (
        dask.config.set({"distributed.comm.timeouts.connect": "1s"}),
        pytest.raises(SchedulerError, match=r"no scheduler answers"),
    ):
        list(read_on_cluster(jobs, SETTINGS, Limits(), cluster.address))
    assert time.monotonic() - start < 20


def test_pictures_that_take_little_are_sent_together(write: Write) -> None:
    jobs = [job_of(write(f"{k:03}.png", "x" * 1000)) for k in range(200)]
    work = _Work(deque(jobs))
    assert [len(work.next_bundle(2)[0]) for _ in range(3)] == [1, 1, 1]
    for _ in range(50):
        work.took(0.01)
    sizes = []
    while work.is_left:
        bundle, failures = work.next_bundle(2)
        sizes.append(len(bundle))
        assert not failures and all(job.content == b"x" * 1000 for job in bundle)
    assert max(sizes) == MOST and sum(sizes) == 197 and sizes[-1] == 1


def test_what_is_not_there_is_told_and_what_killed_workers_is_sent_alone(write: Write) -> None:
    jobs = [Job("none.png", "none.png"), *(job_of(write(f"{k}.png")) for k in range(40))]
    work = _Work(deque(jobs), seconds=0.001)
    bundle, [failure] = work.next_bundle(1)
    assert failure.error == "none.png: no such file" and len(bundle) == MOST
    work.suspects.extend(jobs[1:4])
    while work.waiting:
        work.next_bundle(1)
    assert [[job.source for job in work.next_bundle(1)[0]] for _ in range(3)] == [
        [job.source] for job in jobs[1:4]
    ]
    assert not work.is_left


def job_of(path: Path) -> Job:
    return Job(str(path), path.name)


def test_a_scheduler_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    import dask

    with (
        dask.config.set({"distributed.comm.timeouts.connect": "0.2s"}),
        pytest.raises(SchedulerError, match=r"tcp://127\.0\.0\.1:9: no scheduler answers"),
    ):
        list(read_on_cluster([Job("a", "a")], SETTINGS, Limits(), "tcp://127.0.0.1:9"))


def test_a_worker_with_another_model_refuses() -> None:
    from nn.errors import ModelError

    with pytest.raises(ModelError, match=r"another model, or another version"):
        read_there([Job("a", "a", b"")], SETTINGS, Limits(), "0123456789abcdef")
