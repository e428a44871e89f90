"""Draws PDF pages in a process of its own, so that a file that overloads or crashes PDFium ends only that.

`pipelines.sources.pdf` runs this file and speaks with it over its standard input and output, in lines of
JSON:

1. ``{"bytes": N, "memory": LIMIT, "seconds": LIMIT}``, then the file; the answer is ``{"pages": N}``.
2. ``{"page": NUMBER}``; the answer is ``{"points": [W, H], "picture": [W, H]}``,
   in points the page, and in pixels the largest picture on it.
3. ``{"pixels": [W, H]}``, to draw the page asked about last; the answer is its W * H * 3 bytes of RGB.

Instead of an answer there may be ``{"error": WHAT}``.
"""

from __future__ import annotations

import ctypes
import json
import sys
import time
from collections.abc import Iterator
from typing import Any

import pypdfium2
import pypdfium2.raw as raw

_NESTED = 8  # drawings within drawings that are looked into for pictures


def main() -> None:
    """Answer requests until standard input ends."""
    start = json.loads(sys.stdin.buffer.readline())
    _limit_memory(start["memory"])
    _limit_time(start["seconds"])
    data = sys.stdin.buffer.read(start["bytes"])
    document, page = None, None
    try:
        document = _open(data)
        _answer({"pages": len(document)})
        for line in sys.stdin.buffer:
            request = json.loads(line)
            if "pixels" in request:
                sys.stdout.buffer.write(_drawn(page, *request["pixels"]))
                sys.stdout.buffer.flush()
                continue
            _limit_time(start["seconds"])
            if page is not None:
                page.close()
            page = document[request["page"] - 1]
            largest = max(_picture_sizes(page), key=lambda size: size[0] * size[1], default=(0, 0))
            _answer({"points": page.get_size(), "picture": largest})
    except pypdfium2.PdfiumError as error:
        _answer({"error": "encrypted" if error.err_code in _LOCKED else str(error)})


_LOCKED = (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)


def _open(data: bytes) -> Any:
    document = pypdfium2.PdfDocument(data)
    document.init_forms()
    return document


def _answer(what: dict[str, Any]) -> None:
    sys.stdout.buffer.write(json.dumps(what).encode() + b"\n")
    sys.stdout.buffer.flush()


def _picture_sizes(parent: Any, depth: int = 0) -> Iterator[tuple[int, int]]:
    """Yield the width and height in pixels of the pictures that a page or a drawing on it holds."""
    count, get = (
        (raw.FPDFFormObj_CountObjects, raw.FPDFFormObj_GetObject)
        if depth
        else (raw.FPDFPage_CountObjects, raw.FPDFPage_GetObject)
    )
    for index in range(count(parent)):
        part = get(parent, index)
        kind = raw.FPDFPageObj_GetType(part)
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            width, height = ctypes.c_uint(), ctypes.c_uint()
            if raw.FPDFImageObj_GetImagePixelSize(part, width, height):
                yield width.value, height.value
        elif kind == raw.FPDF_PAGEOBJ_FORM and depth < _NESTED:
            yield from _picture_sizes(part, depth + 1)


def _drawn(page: Any, width: int, height: int) -> bytearray:
    """Return a page as RGB on white, with annotations and filled form fields."""
    pixels = bytearray(b"\xff") * (width * height * 3)
    memory = (ctypes.c_ubyte * len(pixels)).from_buffer(pixels)
    bitmap = raw.FPDFBitmap_CreateEx(width, height, raw.FPDFBitmap_BGR, memory, width * 3)
    flags = raw.FPDF_ANNOT | raw.FPDF_REVERSE_BYTE_ORDER | raw.FPDF_RENDER_LIMITEDIMAGECACHE
    raw.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, flags)
    if page.formenv:
        raw.FPDF_FFLDraw(page.formenv, bitmap, page, 0, 0, width, height, 0, flags)
    raw.FPDFBitmap_Destroy(bitmap)
    return pixels


def _limit_memory(limit: int) -> None:
    """Limit this process to this many bytes of memory, where the system can."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        limit, (_, most) = min(limit, 1 << 60), resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (limit if most < 0 else min(limit, most), most))


def _limit_time(seconds: int) -> None:
    """Limit this process to this many more seconds of processor time, where the system can."""
    if sys.platform != "win32":
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_CPU)
        limit = int(time.process_time()) + 1 + seconds
        resource.setrlimit(resource.RLIMIT_CPU, (limit if most < 0 else min(limit, most), most))


if __name__ == "__main__":
    main()
