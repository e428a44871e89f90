"""The routes that read pictures."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

from fastapi import APIRouter, Depends, File, Query, Request, Response, UploadFile

from ocr.child import ProcessDied
from ocr.errors import SettingError
from ocr.formats import formats
from ocr.options import ReadOptions
from ocr.web.faults import Refusal, failures
from ocr.web.parameters import StrictRoute, refuse_unread
from ocr.web.pool import RETRY_AFTER, QueueFull, TookTooLong
from ocr.web.schemas import Inspection, Prediction
from ocr.web.state import State, state_of
from ocr.web.tasks import Answer, Task
from ocr.web.uploads import too_large
from ocr.web.worker import JSON
from pipelines.sources.suffixes import KINDS

if TYPE_CHECKING:
    FormatName = str
else:
    FormatName = Literal[tuple(formats())]
PipelineName = Literal["auto", "scan", "photo", "document", "line", "word", "letter"]
_RANGE = "[1-9][0-9]{0,8}(-([1-9][0-9]{0,8})?)?"
Upload = Annotated[UploadFile, File(description=f"A {KINDS}.")]
Pipeline = Annotated[PipelineName, Query(description="What the picture shows.")]
Language = Annotated[
    str, Query(pattern="^[a-z]{2,20}$", description="Expect letters as in words of this language, or none.")
]
Whitelist = Annotated[
    str | None, Query(min_length=1, max_length=500, description="Read nothing but these characters.")
]
TopK = Annotated[int, Query(ge=1, le=100, description="Readings of each letter and word to keep.")]
Least = Annotated[float, Query(ge=0, le=1, description="Mark what is less sure.")]
Pages = Annotated[
    str | None,
    Query(
        pattern=rf"^{_RANGE}(,{_RANGE})*$",
        examples=["1", "1-"],
        description="Read only these pages of a PDF or TIFF, such as 1-3,7,10-.",
    ),
]
Region = Annotated[
    str | None,
    Query(
        pattern=r"^[0-9]{1,9},[0-9]{1,9},[1-9][0-9]{0,8},[1-9][0-9]{0,8}$",
        examples=["0,0,1,1"],
        description="Read only this part of each page: left, top, width and height in pixels. "
        "Boxes stay those of the whole page.",
    ),
]
FormatOf = Annotated[FormatName, Query(alias="format", description="Of the response.")]
QUEUE_FULL = "Too many pictures wait to be read."
ERRORS = failures(400, 408, 413, 415, 422, 500, 503, 504)


def asked(
    pipeline: Pipeline = "auto",
    language: Language = "en",
    whitelist: Whitelist = None,
    top_k: TopK = 5,
    min_confidence: Least = 0.0,
    pages: Pages = None,
    region: Region = None,
) -> Task:
    """Return a task without its kind, with the parameters of any reading. Raises `Refusal`."""
    try:
        options = ReadOptions(
            pipeline=pipeline,
            language=language,
            whitelist=whitelist,
            top_k=top_k,
            pages=pages,
            region=region,
        )
    except SettingError as error:
        raise Refusal(400, f"{error}.", "Put the parameter right.") from error
    return Task("", options=options, min_confidence=min_confidence)


Asked = Annotated[Task, Depends(asked)]
Result = TypeVar("Result")


class NobodyWaits(Exception):
    """The client has closed the connection."""


class QueuedRoute(StrictRoute):
    """A route whose requests wait in the queue; if that is full, their bodies are not read."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request."""
        answer = super().get_route_handler()

        async def answer_in_turn(request: Request) -> Response:
            if state_of(request).pool.is_full:
                raise busy(QUEUE_FULL)
            return await answer(request)

        return answer_in_turn


@contextmanager
def place(state: State) -> Iterator[None]:
    """Take a place in the queue while the context lasts. Raises `Refusal`."""
    try:
        with state.pool.place():
            yield
    except QueueFull:
        raise busy(QUEUE_FULL) from None


router = APIRouter(prefix="/api", route_class=QueuedRoute, tags=["reading"])


WRITTEN: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The reading, in the format asked for.",
        "content": {
            **{
                one.media_type.partition(";")[0]: {"schema": {"type": "string"}} for one in formats().values()
            },
            JSON: {"schema": {"$ref": "#/components/schemas/OcrJsonDocument"}},
        },
    },
    **ERRORS,
}


@router.post("/read", response_class=Response, responses=WRITTEN)
async def read(request: Request, file: Upload, asked_for: Asked, format_name: FormatOf = "json") -> Response:
    """Read the text of a picture or a PDF, every page of it."""
    task = replace(asked_for, kind="read", format=format_name)
    return _to_save(await answer_with_files(request, task, file), format_name)


@router.post("/write", response_class=Response, responses=WRITTEN)
async def write(
    request: Request,
    document: Annotated[UploadFile, File(description="A reading, in the format json.")],
    file: Annotated[UploadFile | None, File(description="What was read; for pdf, which shows it.")] = None,
    format_name: FormatOf = "json",
    min_confidence: Least = 0.0,
) -> Response:
    """Write a reading, put right or not, in any format; nothing is read."""
    task = Task("write", format=format_name, min_confidence=min_confidence)
    return _to_save(await answer_with_files(request, task, file, document), format_name)


def _to_save(response: Response, format_name: str) -> Response:
    """Set the headers that make a browser save a response."""
    if response.status_code == 200 and format_name != "json":
        ending = formats()[format_name].extension
        response.headers["Content-Disposition"] = f'attachment; filename="reading{ending}"'
    return response


@router.post("/inspect", response_model=Inspection, responses=ERRORS)
async def inspect(request: Request, file: Upload, asked_for: Asked) -> Response:
    """Read a picture, and show what the reader saw at every stage."""
    return await answer_with_files(request, replace(asked_for, kind="inspect"), file)


@router.post("/predict", response_model=Prediction, responses=ERRORS)
async def predict(request: Request, file: Upload) -> Response:
    """Read a drawing, dark on white: a letter, or letters apart as a word."""
    return await answer_with_files(request, Task("predict"), file)


async def answer_with_files(
    request: Request, task: Task, file: UploadFile | None, document: UploadFile | None = None
) -> Response:
    """Do a task with an uploaded file, and return its response."""
    return await answer_to(request, state_of(request), await with_files(request, task, file, document))


async def with_files(
    request: Request, task: Task, file: UploadFile | None, document: UploadFile | None = None
) -> Callable[[], Task]:
    """Return a function that adds the uploaded file to a task. Raises `Refusal`."""
    await refuse_unread(request, request.scope["route"].dependant)
    state = state_of(request)
    for one in (file, document):
        if one is not None and one.size is not None and one.size > state.settings.max_bytes:
            raise too_large(state.settings.max_bytes)
    name = PurePath(file.filename or "").name if file is not None else ""
    named = replace(task, model=state.model, name=name or "upload")
    return lambda: replace(named, content=_content(file), document=_content(document))


def _content(file: UploadFile | None) -> bytes:
    if file is None:
        return b""
    file.file.seek(0)
    return file.file.read()


async def answer_to(request: Request, state: State, task: Callable[[], Task]) -> Response:
    """Let a process do a task while the client is connected, and return its response.

    The request takes its place in the queue after all of it has arrived, so slow uploads take none.
    """
    try:
        with place(state):
            return response_of(await unless_gone(request, answer_of(state, task)))
    except NobodyWaits:
        return Response(status_code=499)


async def answer_of(
    state: State, task: Callable[[], Task], tell: Callable[[bytes], Coroutine[Any, Any, None]] | None = None
) -> Answer:
    """Let a process do a task, with a time limit per page. Raises `Refusal`."""
    seconds = state.settings.seconds
    try:
        return await state.pool.do(task, seconds, seconds, tell)
    except TookTooLong as error:
        if not error.has_begun:
            raise busy("No process became free in time.") from error
        raise Refusal(
            504,
            f"Reading a page took longer than {seconds:g} s.",
            "Send a smaller picture, or start the server with a higher --timeout.",
        ) from error
    except ProcessDied as error:
        raise Refusal(
            500, f"The process that read this died ({error}).", "Send another picture, and report this one."
        ) from error


def response_of(answer: Answer) -> Response:
    """Return an answer as a response."""
    return Response(answer.content, answer.status, media_type=answer.media_type)


async def unless_gone(request: Request, work: Coroutine[Any, Any, Result]) -> Result:
    """Await a coroutine, and cancel it if the client disconnects. Raises `NobodyWaits`."""
    job, gone = asyncio.create_task(work), asyncio.create_task(_disconnected(request))
    try:
        await asyncio.wait({job, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not job.done():
            raise NobodyWaits
        return job.result()
    finally:
        job.cancel()
        gone.cancel()


async def _disconnected(request: Request) -> None:
    """Wait until the connection is closed by the other end."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def busy(what: str) -> Refusal:
    """Return the refusal of a request that should be sent again later."""
    return Refusal(503, what, "Try again in a moment.", {"Retry-After": str(RETRY_AFTER)})
