"""Processes that die, hang, or want too much, and what becomes of their pictures."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest

from ocr.batch.crew import Crew, WorkerError
from ocr.batch.jobs import Job, Limits, Outcome, Settings
from ocr.errors import Exit
from ocr.options import ReadOptions

pytestmark = pytest.mark.usefixtures("obedient")
Write = Callable[[str, str], Path]
SETTINGS = Settings(ReadOptions(), ("text",), 0.0)


def job(path: Path) -> Job:
    return Job(str(path), path.name)


def by_name(outcomes: list[Outcome]) -> dict[str, Outcome]:
    return {Path(one.source).stem: one for one in outcomes}


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_each_picture_has_one_outcome_whatever_it_does(write: Write, here: Path) -> None:
    says = {
        "good": "hello world",
        "blank": " ",
        "dies": "die",
        "dies_once": f"die-once {here}/mark",
        "eats": "eat 400",
        "fails": "fail",
        "damaged": "bad",
        "modest": "eat 100",
    }
    jobs = [job(write(f"{name}.png", text)) for name, text in says.items()]
    with Crew(SETTINGS, Limits(megabytes=200), 2) as crew:
        outcomes = list(crew.read([*jobs, Job("none.png", "none.png"), Job("b.png", "b.png", b"by bytes")]))
    assert len(outcomes) == len(jobs) + 2
    found = by_name(outcomes)
    assert {name: one.attempts for name, one in found.items() if one.attempts > 1} == {
        "dies": 2,
        "dies_once": 2,
    }
    [output] = found["good"].outputs
    assert (output.format, output.path, output.content) == ("text", "good.png.txt", b"hello world\n")
    assert (found["good"].letters, found["good"].pages, found["good"].error) == (10, 1, None)
    assert found["good"].confidence == pytest.approx(0.6)
    assert (found["blank"].confidence, found["blank"].error) == (None, None)
    assert found["b"].outputs[0].content == b"by bytes\n"
    reasons = {name: (one.error or "").partition(": ")[2] for name, one in found.items() if one.error}
    assert reasons == {
        "dies": "the process that reads it died, 2 times (SIGKILL)",
        "eats": "takes more memory than the 200 MB that --memory allows",
        "fails": "internal failure, please report it: IndexError: unlucky",
        "damaged": "is damaged",
        "none": "no such file",
    }
    assert {found[name].code for name in reasons} == {Exit.PICTURE, Exit.INTERNAL}
    assert found["fails"].code == Exit.INTERNAL
    assert found["damaged"].sha256 is not None


@pytest.mark.parametrize(("order", "attempts"), [("die", 2), ("hang", 1), ("fail", 1)])
def test_what_a_process_had_still_to_read_is_read_by_another(write: Write, order: str, attempts: int) -> None:
    count = 14
    jobs = [job(write(f"{k:02}.png", order if k % 8 == 3 else f"it is {k}")) for k in range(count)]
    with Crew(SETTINGS, Limits(seconds=1.0), 2) as crew:
        outcomes = list(crew.read(jobs))
    assert sorted(one.source for one in outcomes) == [one.source for one in jobs]
    assert {(one.error is None, one.attempts) for one in outcomes} == {(True, 1), (False, attempts)}
    assert [Path(one.source).name for one in sorted(outcomes, key=lambda one: one.source) if one.error] == [
        f"{k:02}.png" for k in range(3, count, 8)
    ]


def test_processes_may_be_started_before_there_is_anything_to_read(write: Write) -> None:
    with Crew(SETTINGS, Limits(), 3) as crew:
        crew.start(2)
        started = [worker.process.pid for worker in crew._workers]
        assert len(started) == 2
        [outcome] = crew.read([job(write("a.png", "x"))])
        assert outcome.error is None
        assert [worker.process.pid for worker in crew._workers] == started
    settings = Settings(ReadOptions(model="none"), ("text",), 0.0)
    with Crew(settings, Limits(), 2) as crew:
        crew.start(9)
        for worker in crew._workers:
            worker.process.wait(20)
        with pytest.raises(WorkerError, match=r"exit code 1"):
            list(crew.read([job(write("a.png", "x"))]))


def test_what_takes_too_long_is_given_up_and_the_next_is_read(write: Write) -> None:
    jobs = [job(write(f"{k}.png", "hang")) for k in range(2)]
    with Crew(SETTINGS, Limits(seconds=0.5), 1) as crew:
        found = [(one.source, one.error, one.attempts, one.code) for one in crew.read(jobs)]
    assert found == [(one.source, f"{one.source}: takes longer than 0.5 s", 1, Exit.PICTURE) for one in jobs]


def test_time_is_limited_by_the_file_all_its_pages_together(write: Write) -> None:
    pages = {"many": "pages " + "0.3 " * 100, "few": "pages 0.1 0.1", "stuck": "pages 0.1 0.1 1000"}
    jobs = [job(write(f"{name}.pdf", text)) for name, text in [*pages.items(), ("next", "hang")]]
    with Crew(SETTINGS, Limits(seconds=1.5), 1) as crew:
        found = by_name(list(crew.read(jobs)))
    reasons = {name: (one.error or "").partition(": ")[2] for name, one in found.items()}
    assert re.fullmatch(r"takes longer than 1\.5 s; it had come to page \d", reasons.pop("many"))
    assert reasons == {
        "few": "",
        "stuck": "takes longer than 1.5 s; it had come to page 3",
        "next": "takes longer than 1.5 s",
    }


def test_it_is_known_which_page_of_a_file_with_many_is_read(write: Write) -> None:
    with Crew(SETTINGS, Limits(), 1) as crew:
        outcomes = crew.read([job(write("many.pdf", "pages 0 0 0 0 2")), job(write("next.png", "x"))])
        assert crew.where() == ""
        seen: list[str] = []
        watcher = Thread(target=lambda: seen.extend(_watched(crew)))
        watcher.start()
        next(outcomes)
        watcher.join()
        assert seen == ["many.pdf: page 5"]
        list(outcomes)
        assert crew.where() == ""


def _watched(crew: Crew) -> Iterator[str]:
    """Yield what is said of page 5, as soon as it is."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if "page 5" in (said := crew.where()):
            yield said
            return
        time.sleep(0.01)


def test_processes_are_kept_and_ended(write: Write) -> None:
    jobs = [job(write(f"{k}.png", "x")) for k in range(6)]
    with Crew(SETTINGS, Limits(), 1, idle=0.5) as crew:
        assert len(list(crew.read(jobs[:5]))) == 5
        [worker] = crew._workers
        worker.process.wait(10)
        [outcome] = crew.read(jobs[5:])
        assert outcome.error is None
        [other] = crew._workers
        assert is_alive(other.process.pid) and other.process.pid != worker.process.pid
    assert not is_alive(other.process.pid)


def test_processes_that_cannot_start_are_told_of_and_not_started_for_ever(write: Write) -> None:
    settings = Settings(ReadOptions(model="none"), ("text",), 0.0)
    with Crew(settings, Limits(), 2) as crew, pytest.raises(WorkerError, match=r"exit code 1"):
        list(crew.read([job(write("a.png", "x"))]))


def test_processes_end_with_the_one_that_started_them(write: Write, obedient: Path) -> None:
    script = write(
        "start.py",
        "from ocr.batch.crew import Crew\n"
        "from ocr.batch.jobs import Job, Limits, Settings\n"
        "from ocr.options import ReadOptions\n"
        "crew = Crew(Settings(ReadOptions(), ('text',), 0.0), Limits(), 2)\n"
        "outcomes = crew.read([Job('a', 'a', b'x'), Job('b', 'b', b'hang')])\n"
        "next(outcomes)\n"
        "print(*(worker.process.pid for worker in crew._workers), flush=True)\n"
        "next(outcomes)\n",
    )
    command = [sys.executable, str(script)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(obedient)}
    ) as process:
        assert process.stdout is not None
        pids = [int(pid) for pid in process.stdout.readline().split()]
        assert len(pids) == 2 and all(map(is_alive, pids))
        process.kill()
    end = time.monotonic() + 5
    while any(map(is_alive, pids)) and time.monotonic() < end:
        time.sleep(0.02)
    assert not any(map(is_alive, pids))


def test_a_process_has_one_thread_for_matrix_products(write: Write) -> None:
    with Crew(SETTINGS, Limits(), 1) as crew:
        list(crew.read([job(write("a.png", "x"))]))
        [worker] = crew._workers
        environment = Path(f"/proc/{worker.process.pid}/environ").read_bytes().split(b"\0")
    assert {b"OPENBLAS_NUM_THREADS=1", b"OMP_NUM_THREADS=1", b"MKL_NUM_THREADS=1"} <= set(environment)
