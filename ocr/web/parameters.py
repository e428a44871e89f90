"""Rejects unknown and repeated parameters instead of ignoring them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Coroutine, Iterable, Iterator
from typing import Any

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from ocr.web.faults import Refusal


class StrictRoute(APIRoute):
    """A route that rejects unknown query parameters."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler of requests."""
        answer = super().get_route_handler()

        async def answer_strictly(request: Request) -> Response:
            refuse_unknown(request, self.dependant)
            return await answer(request)

        return answer_strictly


def refuse_unknown(request: Request, dependant: Dependant) -> None:
    """Raise `Refusal` if a request's URL has parameters that a route does not take."""
    known = [field.alias for one in _parts(dependant) for field in one.query_params]
    _refuse("query", request.query_params.keys(), known)


async def refuse_unread(request: Request, dependant: Dependant) -> None:
    """Raise `Refusal` if a form has fields that a route does not take, or one of them twice."""
    form = await request.form()
    known = [field.alias for one in _parts(dependant) for field in one.body_params]
    _refuse("body", form.keys(), known)
    counts = Counter(name for name, _ in form.multi_items())
    for name, count in counts.items():
        if count > 1:
            raise Refusal(400, f"body.{name}: sent {count} times.", "Send one at a time.")


def _parts(dependant: Dependant) -> Iterator[Dependant]:
    """Yield the parameters of a route and of its dependencies."""
    yield dependant
    for part in dependant.dependencies:
        yield from _parts(part)


def _refuse(where: str, sent: Iterable[str], known: list[str]) -> None:
    for name in sent:
        if name not in known:
            hint = f"There are: {', '.join(known)}." if known else "There are none here."
            raise Refusal(400, f"{where}.{name[:100]}: there is no such parameter.", hint)
