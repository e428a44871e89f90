"""A process that learns from corrections, started by `ocr.web.learner`.

It receives a `Lesson`, and sends `Progress` until it is done.
"""

from __future__ import annotations

import os
from base64 import b64encode
from dataclasses import asdict
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ocr.child import serve_connection
from ocr.errors import defect
from ocr.web.learner import Lesson, Progress

if TYPE_CHECKING:
    from ocr.learning.learn import Change


def work(connection: Connection) -> None:
    """Learn from a lesson, and report progress."""
    from nn.errors import DataError, ModelError
    from ocr.learning.corrections import Corrections
    from ocr.learning.learn import learn

    lesson: Lesson = connection.recv()

    def tell(share: float, message: str) -> None:
        connection.send(Progress("running", min(1.0, max(0.0, float(share))), message))

    left_out: list[str] = []
    try:
        images, labels = Corrections(lesson.folder).load(lambda error: left_out.append(str(error)))
        learned = learn(images, labels, base=lesson.base, out=lesson.out, progress=tell)
        changes = [_shown(change, images[change.place].tobytes()) for change in learned.changes]
        told = asdict(learned) | {"left_out": left_out, "changes": changes}
        connection.send(Progress("done", 1.0, "", _plain(told)))
    except (DataError, ModelError, ValueError, OSError) as error:
        said = "; left out: ".join([str(error), *left_out[:1]])
        connection.send(Progress("failed", message=" ".join(said.split())))
    except Exception as error:
        if os.environ.get("OCR_DEBUG"):
            raise
        connection.send(Progress("failed", message=f"Internal failure, please report it: {defect(error)}"))


def _shown(change: Change, glyph: bytes) -> dict[str, str]:
    """Return a change with the picture of the letter, as `ocr.web.schemas.Change`."""
    readings = {"label": change.label, "before": change.before, "after": change.after}
    return {**readings, "glyph": b64encode(glyph).decode()}


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, Path) else value for name, value in values.items()}


if __name__ == "__main__":
    serve_connection(work)
