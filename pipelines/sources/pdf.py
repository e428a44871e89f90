"""PDF files, drawn page by page by PDFium, which the extra ``pdf`` brings."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any, cast

import numpy as np
import numpy.typing as npt

from pipelines.errors import PictureError
from pipelines.sources.pages import PageRanges, on_page
from pipelines.sources.pixels import within_limit

POINTS_PER_INCH = 72
SECONDS = 30
"""The most processor time for one page."""
_TAIL = 4096  # bytes at the end, in which the end mark of a whole file stands
_MOST_PIXELS = 2**29  # PDFium counts the bytes of a bitmap in 31 bits
_MEMORY, _MEMORY_A_PIXEL = 1 << 30, 12  # bytes: for fonts and vectors; for a bitmap, and a picture unpacked


def pdf_pages(
    data: bytes, max_pixels: int, dpi: int, wanted: PageRanges
) -> Iterator[tuple[int, npt.NDArray[np.uint8]]]:
    """Draw the pages of a PDF file, each when it is asked for.

    Parameters
    ----------
    data : bytes
        The whole file.
    max_pixels : int
        A page that would have more at `dpi`, or that holds a picture with more, is refused before it is
        drawn.
    dpi : int
        Pixels per inch to draw at.
    wanted : PageRanges
        The pages to draw; faults of the others are not noticed.

    Yields
    ------
    number : int
        The page, counted from 1.
    pixels : uint8 array, shape (H, W, 3)
        RGB, turned as the file says, with annotations and filled form fields.

    Raises
    ------
    PictureError
        PDFium is not installed; the file needs a password, is damaged, cut short or without pages; or a page
        is too large, takes too long or too much memory, or is missing. The message does not contain the
        file's name.

    Notes ----- PDFium runs in a process of its own for each file (`pipelines.sources.pdf_draw`): files that
    overload or crash it are rare but easily made, and it is not thread-safe.
    """
    with _opened(data, max_pixels) as (drawer, count):
        wanted.require(count)
        for number in range(1, min(count, wanted.last or count) + 1):
            if number in wanted:
                with on_page(number):
                    pixels = drawer.draw(number, max_pixels, dpi)
                yield number, pixels
                del pixels


def pdf_page_count(data: bytes, max_pixels: int) -> int:
    """Return how many pages a PDF file has. Raises `PictureError` as `pdf_pages` does."""
    with _opened(data, max_pixels) as (_, count):
        return count


@contextmanager
def _opened(data: bytes, max_pixels: int) -> Iterator[tuple[_Drawer, int]]:
    """Yield the drawer of a file, and the number of its pages."""
    if find_spec("pypdfium2") is None:
        raise PictureError(
            "is a PDF, which needs a package that is not installed; pip install 'letters-ocr[pdf]'"
        )
    if b"%%EOF" not in data[-_TAIL:]:
        raise PictureError("is a PDF that is cut short (its end mark is missing); get the whole file again")
    with _Drawer.started() as drawer:
        yield drawer, drawer.open(data, max_pixels)


@dataclass(frozen=True, slots=True)
class _Drawer:
    """The process that draws pages."""

    process: subprocess.Popen[bytes]

    @classmethod
    def started(cls) -> _Drawer:
        command = [sys.executable, "-P", str(Path(__file__).with_name("pdf_draw.py"))]
        path = os.pathsep.join(entry for entry in sys.path if entry)
        pipes: dict[str, Any] = {
            "stdin": subprocess.PIPE,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.DEVNULL,
        }
        return cls(subprocess.Popen(command, env=os.environ | {"PYTHONPATH": path}, **pipes))

    def __enter__(self) -> _Drawer:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self._from.close()
        with suppress(BrokenPipeError):
            self._to.close()
        self.process.wait()

    @property
    def _to(self) -> IO[bytes]:
        return cast(IO[bytes], self.process.stdin)

    @property
    def _from(self) -> io.BufferedReader:
        return cast(io.BufferedReader, self.process.stdout)

    def open(self, data: bytes, max_pixels: int) -> int:
        """Open a file and return how many pages it has."""
        memory = _MEMORY + 2 * len(data) + _MEMORY_A_PIXEL * max_pixels
        answer = self._ask({"bytes": len(data), "memory": memory, "seconds": SECONDS}, data)
        if answer.get("error") == "encrypted":
            raise PictureError(
                "needs a password; read a copy without, made with: qpdf --decrypt --password=... IN OUT"
            )
        if "error" in answer:
            raise PictureError("is a PDF that is damaged or has no pages; mend it first")
        return int(answer["pages"])

    def draw(self, number: int, max_pixels: int, dpi: int) -> npt.NDArray[np.uint8]:
        """Return a page, uint8 (H, W, 3) RGB."""
        found = self._ask({"page": number})
        if "error" in found:
            raise PictureError(f"is damaged ({found['error']})")
        width, height = (max(1, round(side * dpi / POINTS_PER_INCH)) for side in found["points"])
        within_limit((width, height), max_pixels, f"has {{}} x {{}} pixels at {dpi} dpi", " or a lower --dpi")
        within_limit(found["picture"], max_pixels, "holds a picture of {} x {} pixels")
        if width * height > _MOST_PIXELS:
            raise PictureError(f"has {width} x {height} pixels, more than can be drawn; pass a lower --dpi")
        pixels = np.empty((height, width, 3), np.uint8)
        self._tell({"pixels": [width, height]})
        if self._from.readinto(pixels.data.cast("B")) < pixels.size:
            raise self._ended()
        return pixels

    def _ask(self, what: dict[str, Any], data: bytes = b"") -> dict[str, Any]:
        self._tell(what, data)
        answer = self._from.readline()
        if not answer.endswith(b"\n"):
            raise self._ended()
        return cast(dict[str, Any], json.loads(answer))

    def _tell(self, what: dict[str, Any], data: bytes = b"") -> None:
        try:
            self._to.write(json.dumps(what).encode() + b"\n")
            self._to.write(data)
            self._to.flush()
        except BrokenPipeError as error:
            raise self._ended() from error

    def _ended(self) -> PictureError:
        """Return the error for a process that ended before it answered."""
        code = self.process.wait()
        if code == -getattr(signal, "SIGXCPU", 0):
            return PictureError(
                f"takes longer than {SECONDS} seconds to draw; pass pictures of its pages instead"
            )
        return PictureError(
            "is damaged, or takes too much memory to draw; pass pictures of its pages instead"
        )
