"""The routes that read pictures."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import PurePath
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, File, Form, Query, Request, Response, UploadFile
from fastapi.routing import APIRoute
from pydantic import Json

from ocr.corrected import Correction
from ocr.formats import FORMATS
from ocr.web.faults import Refusal, failures
from ocr.web.parameters import refuse_unknown, refuse_unread
from ocr.web.pool import RETRY_AFTER, NobodyWaits, ProcessDied, QueueFull, TookTooLong
from ocr.web.schemas import Inspection, Prediction, PutRight
from ocr.web.state import State, state_of
from ocr.web.tasks import Task
from ocr.web.uploads import too_large
from ocr.web.worker import JSON, MEDIA_TYPES
from pipelines.suffixes import KINDS

FormatName = Literal["text", "layout", "json", "tsv", "hocr", "alto", "page", "pdf"]
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
PutRights = Annotated[
    Json[list[PutRight]],
    Form(
        default_factory=list,
        description="Words that were put right, as JSON; 409 where it reads otherwise now.",
    ),
]
ERRORS = failures(400, 408, 413, 415, 422, 500, 503, 504)


def asked(
    pipeline: Pipeline = "auto",
    language: Language = "en",
    whitelist: Whitelist = None,
    top_k: TopK = 5,
    min_confidence: Least = 0.0,
    pages: Pages = None,
) -> Task:
    """Return a task, of no kind yet, with what may be asked of any reading."""
    return Task(
        "",
        pipeline=pipeline,
        language=language,
        whitelist=whitelist,
        top_k=top_k,
        min_confidence=min_confidence,
        pages=pages,
    )


Asked = Annotated[Task, Depends(asked)]


class QueuedRoute(APIRoute):
    """A route whose requests each take a place in the queue, before any of their body is read."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request."""
        answer = super().get_route_handler()

        async def answer_in_turn(request: Request) -> Response:
            refuse_unknown(request, self.dependant)
            try:
                with state_of(request).pool.place():
                    return await answer(request)
            except QueueFull:
                raise busy("Too many pictures wait to be read.") from None

        return answer_in_turn


router = APIRouter(prefix="/api", route_class=QueuedRoute, tags=["reading"])


@router.post(
    "/read",
    response_class=Response,
    responses={
        200: {
            "description": "What was read, in the format asked for.",
            "content": {
                **{kind.partition(";")[0]: {"schema": {"type": "string"}} for kind in MEDIA_TYPES.values()},
                JSON: {"schema": {"$ref": "#/components/schemas/OcrJsonDocument"}},
            },
        },
        **ERRORS,
        **failures(409),
    },
)
async def read(
    request: Request,
    file: Upload,
    asked_for: Asked,
    corrections: PutRights,
    format_name: Annotated[FormatName, Query(alias="format", description="Of the response.")] = "json",
) -> Response:
    """Read the text of a picture or a PDF, every page of it."""
    put_right = tuple(Correction(one.word, one.was, one.text) for one in corrections)
    task = replace(asked_for, kind="read", format=format_name, corrections=put_right)
    response = await answer_with_file(request, task, file)
    if response.status_code == 200 and format_name != "json":
        ending = FORMATS[format_name].extension
        response.headers["Content-Disposition"] = f'attachment; filename="reading{ending}"'
    return response


@router.post("/inspect", response_model=Inspection, responses=ERRORS)
async def inspect(request: Request, file: Upload, asked_for: Asked) -> Response:
    """Read a picture, and show what the reader saw at every stage."""
    return await answer_with_file(request, replace(asked_for, kind="inspect"), file)


@router.post("/predict", response_model=Prediction, responses=ERRORS)
async def predict(request: Request, file: Upload) -> Response:
    """Read a drawing, dark on white: a letter, or letters apart as a word."""
    return await answer_with_file(request, Task("predict"), file)


async def answer_with_file(request: Request, task: Task, file: UploadFile) -> Response:
    """Do a task with an uploaded file, and answer with what comes of it."""
    await refuse_unread(request, request.scope["route"].dependant)
    state = state_of(request)
    if file.size is not None and file.size > state.settings.max_bytes:
        raise too_large(state.settings.max_bytes)
    named = replace(task, model=state.model, name=PurePath(file.filename or "").name or "upload")

    def with_content() -> Task:
        file.file.seek(0)
        return replace(named, content=file.file.read())

    return await answer_to(request, state, with_content)


async def answer_to(request: Request, state: State, task: Callable[[], Task]) -> Response:
    """Have a process do a task in the time there is, and answer with what comes of it."""
    try:
        answer = await state.pool.do(task, request.state.deadline, request.is_disconnected)
    except TookTooLong as error:
        if not error.has_begun:
            raise busy("No process became free in time.") from error
        raise Refusal(
            504,
            f"Reading took longer than {state.settings.seconds:g} s.",
            "Send a smaller picture, or start the server with a higher --timeout.",
        ) from error
    except ProcessDied as error:
        raise Refusal(
            500, f"The process that read this died ({error}).", "Send another picture, and report this one."
        ) from error
    except NobodyWaits:
        return Response(status_code=499)
    return Response(answer.content, answer.status, media_type=answer.media_type)


def busy(what: str) -> Refusal:
    """Return how a request is put off."""
    return Refusal(503, what, "Try again in a moment.", {"Retry-After": str(RETRY_AFTER)})
