"""A process that does what the server has to do with pictures and networks, started by `ocr.web.pool`.

It is sent a `Start`, loads the network, answers None, and from then on each `Task` with its `Answer`.
"""

from __future__ import annotations

import gc
import io
import json
import os
from collections.abc import Callable
from importlib import import_module
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

from nn.errors import ModelError
from ocr.child import is_out_of_memory, memory_held_to, read_something, serve_connection
from ocr.errors import SettingError, defect
from ocr.web.tasks import Answer, Start, Task
from pipelines.errors import ForeignFile, PictureError, TooManyPixels
from pipelines.suffixes import KINDS

if TYPE_CHECKING:
    from ocr.reader import Reader

JSON = "application/json"
MEDIA_TYPES = {
    "text": "text/plain; charset=utf-8",
    "layout": "text/plain; charset=utf-8",
    "json": JSON,
    "tsv": "text/tab-separated-values; charset=utf-8",
    "hocr": "text/vnd.hocr+html; charset=utf-8",
    "alto": "application/xml; charset=utf-8",
    "page": "application/xml; charset=utf-8",
    "pdf": "application/pdf",
}
"""Of each of `ocr.formats.FORMATS`."""
LOADED = ("numpy.polynomial", "scipy.spatial", "ocr.formats", "ocr.web.drawing", "ocr.web.inspection")
"""What some readings need and others do not; it is loaded at the start, so that nobody waits for it."""


def work(connection: Connection) -> None:
    """Answer tasks until there are no more."""
    import cv2

    from ocr.reader import Reader

    cv2.setNumThreads(1)
    start: Start = connection.recv()
    for name in LOADED:
        import_module(name)
    read_something(Reader(start.model.path))
    connection.send(None)
    model = start.model
    while True:
        task: Task = connection.recv()
        if task.model != model:
            _forget_models()
            model = task.model
        with memory_held_to(start.megabytes):
            answer = answer_to(task, start.max_pixels)
        connection.send(answer)
        del task, answer
        _give_memory_back()


def answer_to(task: Task, max_pixels: int) -> Answer:
    """Do a task; what goes wrong is told in the answer."""
    try:
        return ANSWERS[task.kind](task, max_pixels)
    except PictureError as error:
        return _refusal(error)
    except ModelError as error:
        return failure(500, str(error), "Read with another network, or learn anew.")
    except SettingError as error:
        return failure(400, f"{error}.", "Put the parameter right.")
    except Exception as error:
        if is_out_of_memory(error):
            return failure(422, "Reading this picture takes more memory than there is.", "Make it smaller.")
        if os.environ.get("OCR_DEBUG"):
            raise
        return failure(500, f"Internal failure: {defect(error)}", "Please report it.")


def failure(status: int, what: str, hint: str) -> Answer:
    """Return an answer that tells what is wrong and what to do."""
    return _json({"error": {"what": what, "hint": hint}}, status)


def _refusal(error: PictureError) -> Answer:
    """Say why a picture cannot be read, and what can be done by someone who has but a page."""
    what, _, hint = str(error).replace("--pages", "pages").partition("; ")
    if isinstance(error, TooManyPixels):
        return failure(413, what, "Make the picture smaller, or start the server with a higher --max-pixels.")
    if isinstance(error, ForeignFile):
        return failure(415, what, hint or f"Send a {KINDS}.")
    return failure(422, what, hint or "Save it anew, or send another picture.")


def _json(content: Any, status: int = 200) -> Answer:
    text = json.dumps(content, ensure_ascii=False, allow_nan=False)
    return Answer(status, JSON, text.encode("utf-8", "backslashreplace"))


def _read(task: Task, max_pixels: int) -> Answer:
    from ocr.corrected import corrected
    from ocr.errors import OutputError
    from ocr.formats import FORMATS
    from ocr.formats.original import Original

    reader = _reader(task, max_pixels)
    file = _file(task)
    document = reader.read(file)
    try:
        document = corrected(document, task.corrections)
    except ValueError as error:
        return failure(409, f"It reads otherwise now: {error}.", "Read the picture again, and correct that.")
    try:
        content = FORMATS[task.format].render(
            document, Original(file, reader.load, reader.dpi), task.min_confidence
        )
    except OutputError as error:
        what, _, hint = str(error).partition("; ")
        return failure(400, what, hint or "Ask for another format.")
    data = content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content
    return Answer(200, MEDIA_TYPES[task.format], data)


def _inspect(task: Task, max_pixels: int) -> Answer:
    from ocr.web.inspection import inspection

    return _json(inspection(_reader(task, max_pixels), _file(task), task.min_confidence))


def _predict(task: Task, max_pixels: int) -> Answer:
    from ocr.web.drawing import prediction

    return _json(prediction(_file(task), task.model.path, max_pixels))


def _network(task: Task, _: int) -> Answer:
    from ocr.web.network_view import network

    return _json(network(task.model.path))


def _activations(task: Task, _: int) -> Answer:
    from ocr.web.network_view import activations

    return _json(activations(task.model.path, task.content))


ANSWERS: dict[str, Callable[[Task, int], Answer]] = {
    "read": _read,
    "inspect": _inspect,
    "predict": _predict,
    "network": _network,
    "activations": _activations,
}


def _reader(task: Task, max_pixels: int) -> Reader:
    from ocr.reader import Reader

    return Reader(
        task.model.path,
        task.pipeline,
        task.whitelist,
        task.top_k,
        max_pixels,
        task.language,
        pages=task.pages,
    )


def _file(task: Task) -> io.BytesIO:
    file = io.BytesIO(task.content)
    file.name = task.name
    return file


def _forget_models() -> None:
    """Have a network loaded afresh: there may be another in the same file."""
    from ocr.classify import load_classifier

    load_classifier.cache_clear()


def _give_memory_back() -> None:
    """Return to the system what a large picture took, which the C library would keep for the next."""
    gc.collect()
    if _TRIM is not None:
        _TRIM(0)


def _trim() -> Callable[[int], Any] | None:
    import ctypes

    return getattr(ctypes.CDLL(None), "malloc_trim", None)


_TRIM = _trim()

if __name__ == "__main__":
    serve_connection(work)
