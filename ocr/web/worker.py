"""A process that does the server's tasks with pictures and networks, started by `ocr.web.pool`.

It receives a `Start`, loads the network, and answers None. Then it answers each `Task` with its `Answer`.
After each page it sends a `Part`, and waits whether to continue, so that a task can be followed and
cancelled.
"""

from __future__ import annotations

import gc
import io
import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from importlib import import_module
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

from nn.errors import ModelError
from ocr.child import LOADED_LATE, is_out_of_memory, memory_held_to, read_something, serve_connection
from ocr.errors import OutputError, SettingError, defect
from ocr.web.tasks import Answer, Part, Start, Task
from pipelines.errors import ForeignFile, PictureError, TooManyPixels
from pipelines.sources.suffixes import KINDS

if TYPE_CHECKING:
    from ocr.document import Document
    from ocr.reader import Reader

Tell = Callable[[bytes], None]
JSON = "application/json"
LINES = "application/x-ndjson"
LOADED = (*LOADED_LATE, "numpy.polynomial", "ocr.formats", "ocr.web.drawing", "ocr.web.inspection")
"""Modules that only some readings need; they are imported at the start, so that nobody waits for them."""

SMALL = 32_000
"""After a file of fewer bytes, such as a drawing, memory is kept: the next one is read the sooner."""


class GivenUp(Exception):
    """The rest of a task is cancelled."""


def work(connection: Connection) -> None:
    """Answer tasks until there are no more."""
    import cv2

    from ocr.reader import Reader

    cv2.setNumThreads(1)
    start: Start = connection.recv()
    for name in LOADED:
        import_module(name)
    gc.freeze()  # else each task would end with a look at every object of these modules
    read_something(Reader(model=start.model.path))
    connection.send(None)

    def tell(content: bytes) -> None:
        connection.send(Part(content))
        if not connection.recv():
            raise GivenUp

    model = start.model
    while True:
        task: Task = connection.recv()
        if task.model != model:
            _forget_models()
            model = task.model
        with suppress(GivenUp):
            with memory_held_to(start.megabytes):
                answer = answer_to(task, start.max_pixels, tell)
            connection.send(answer)
            del answer
        is_small = len(task.content) < SMALL
        del task
        if not is_small:
            _give_memory_back()


def answer_to(task: Task, max_pixels: int, tell: Tell) -> Answer:
    """Do a task; errors are part of the answer.

    Parameters
    ----------
    task : Task
    max_pixels : int
        Larger pages are refused.
    tell : function
        Called after each page, with a part of the response; raises `GivenUp`.
    """
    try:
        return ANSWERS[task.kind](task, max_pixels, tell)
    except GivenUp:
        raise
    except PictureError as error:
        return _refusal(error)
    except ModelError as error:
        return failure(500, str(error), "Read with another network, or learn anew.")
    except SettingError as error:
        return failure(400, f"{error}.", "Put the parameter right.")
    except OutputError as error:
        what, _, hint = str(error).partition("; ")
        return failure(400, what, hint or "Ask for another format.")
    except Exception as error:
        if is_out_of_memory(error):
            return failure(422, "Reading this picture takes more memory than there is.", "Make it smaller.")
        if os.environ.get("OCR_DEBUG"):
            raise
        return failure(500, f"Internal failure: {defect(error)}", "Please report it.")


def failure(status: int, what: str, hint: str) -> Answer:
    """Return an error answer: what is wrong, and what to do."""
    return _json({"error": {"what": what, "hint": hint}}, status)


def _refusal(error: PictureError) -> Answer:
    """Return the answer for a picture that cannot be read, with advice for users of the page."""
    what, _, hint = str(error).replace("--pages", "pages").replace("--region", "region").partition("; ")
    if isinstance(error, TooManyPixels):
        return failure(413, what, "Make the picture smaller, or start the server with a higher --max-pixels.")
    if isinstance(error, ForeignFile):
        return failure(415, what, hint or f"Send a {KINDS}.")
    return failure(422, what, hint or "Save it anew, or send another picture.")


def _json(content: Any, status: int = 200) -> Answer:
    text = json.dumps(content, ensure_ascii=False, allow_nan=False)
    return Answer(status, JSON, text.encode("utf-8", "backslashreplace"))


def _read(task: Task, max_pixels: int, tell: Tell) -> Answer:
    reader, file = _reader(task, max_pixels), _file(task)
    return _written(reader.read(file, progress=lambda _: tell(b"")), task, reader, file)


def _write(task: Task, max_pixels: int, _: Tell) -> Answer:
    from ocr.formats.from_json import DocumentError, parse

    try:
        document = parse(task.document)
    except DocumentError as error:
        return failure(400, f"document: {error}.", "Send a reading as /api/read gives it in the format json.")
    numbers = ",".join(str(page.number) for page in document.pages)
    options = replace(task.options, pages=numbers or None)
    reader = _reader(replace(task, options=options), max_pixels)
    return _written(document, task, reader, _file(task) if task.content else None)


def _written(document: Document, task: Task, reader: Reader, file: io.BytesIO | None) -> Answer:
    from ocr.formats import formats
    from ocr.formats.original import Original

    original = Original(file, reader.load, reader.options.dpi) if file is not None else None
    chosen = formats()[task.format]
    content = chosen.render(document, original, task.min_confidence)
    data = content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content
    return Answer(200, chosen.media_type, data)


def _inspect(task: Task, max_pixels: int, tell: Tell) -> Answer:
    from ocr.web.inspection import inspected, together

    found = []
    for page in inspected(_reader(task, max_pixels), _file(task)):
        found.append(page)
        tell(b"")
    return _json(together(found, task.min_confidence))


def _pages(task: Task, max_pixels: int, tell: Tell) -> Answer:
    from ocr.web.inspection import inspected, together
    from pipelines.sources.files import page_count
    from pipelines.sources.load import naming

    reader = _reader(task, max_pixels)
    with naming(task.name):
        count = page_count(_file(task), max_pixels, reader.options.page_ranges)
    tell(_line({"count": count}))
    sends_pictures = task.kind == "pages_after_pictures"

    def before(shown: dict[str, Any]) -> None:
        if sends_pictures:
            tell(_line({"picture": shown}))

    for page in inspected(reader, _file(task), before):
        tell(_line(together([page], task.min_confidence)))
    return Answer(200, LINES, b"")


def _line(content: Any) -> bytes:
    return _json(content).content + b"\n"


def _predict(task: Task, max_pixels: int, _: Tell) -> Answer:
    from ocr.web.drawing import prediction

    return _json(prediction(_file(task), task.model.path, max_pixels))


def _network(task: Task, _: int, __: Tell) -> Answer:
    from ocr.web.network_view import network

    return _json(network(task.model.path))


def _activations(task: Task, _: int, __: Tell) -> Answer:
    from ocr.web.network_view import activations

    return _json(activations(task.model.path, task.content))


def _occlusion(task: Task, _: int, __: Tell) -> Answer:
    from ocr.web.network_view import occlusion

    try:
        return _json(occlusion(task.model.path, task.content, *task.compared))
    except ValueError as error:
        return failure(422, f"{error}.".capitalize(), "GET /api/network tells which classes there are.")


ANSWERS: dict[str, Callable[[Task, int, Tell], Answer]] = {
    "read": _read,
    "write": _write,
    "inspect": _inspect,
    "pages": _pages,
    "pages_after_pictures": _pages,
    "predict": _predict,
    "network": _network,
    "activations": _activations,
    "occlusion": _occlusion,
}


def _reader(task: Task, max_pixels: int) -> Reader:
    from ocr.reader import Reader

    return Reader(task.options, model=task.model.path, max_pixels=max_pixels)


def _file(task: Task) -> io.BytesIO:
    file = io.BytesIO(task.content)
    file.name = task.name
    return file


def _forget_models() -> None:
    """Reload networks: there may be another one in the same file."""
    from ocr.recognition.classify import load_classifier

    load_classifier.cache_clear()


def _give_memory_back() -> None:
    """Return the memory of a large picture to the system, which the C library would keep."""
    gc.collect()
    if _TRIM is not None:
        _TRIM(0)


def _trim() -> Callable[[int], Any] | None:
    import ctypes

    return getattr(ctypes.CDLL(None), "malloc_trim", None)


_TRIM = _trim()

if __name__ == "__main__":
    serve_connection(work)
