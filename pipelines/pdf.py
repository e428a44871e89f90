"""PDF files, drawn page by page by PDFium, which the extra ``pdf`` brings."""

from __future__ import annotations

import ctypes
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from pipelines.errors import PictureError
from pipelines.pages import PageRanges, on_page
from pipelines.pixels import within_limit

POINTS_PER_INCH = 72
_TAIL = 4096  # bytes at the end, in which the end mark of a whole file stands
_MOST_PIXELS = 2**29  # PDFium counts the bytes of a bitmap in 31 bits
_NESTED = 8  # drawings within drawings that are looked into for pictures

_lock = threading.RLock()  # PDFium works for one thread at a time; a generator may be closed inside of it


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
        The pages to draw; what is wrong with the others is not noticed.

    Yields
    ------
    number : int
        The page, counted from 1.
    pixels : uint8 array, shape (H, W, 3)
        RGB, turned as the file says, with annotations and what is filled into forms.

    Raises
    ------
    PictureError
        PDFium is not installed; the file is encrypted, damaged, cut short or without pages; a page is too
        large, or one is wanted that is not there. The message has no name in it.
    """
    pdfium = _require_pdfium()
    if b"%%EOF" not in data[-_TAIL:]:
        raise PictureError("is a PDF that is cut short (its end mark is missing); get the whole file again")
    document = _open(pdfium, data)
    try:
        count = len(document)
        wanted.require(count)
        for number in range(1, count + 1):
            if number in wanted:
                with on_page(number):
                    pixels = _draw(pdfium, document, number, max_pixels, dpi)
                yield number, pixels
                del pixels
    finally:
        with _lock:
            document.close()


def _require_pdfium() -> ModuleType:
    try:
        import pypdfium2
    except ImportError as error:
        raise PictureError(
            "is a PDF, which needs a package that is not installed; pip install 'letters-ocr[pdf]'"
        ) from error
    logging.getLogger("pypdfium2").addHandler(logging.NullHandler())
    return cast(ModuleType, pypdfium2)


def _open(pdfium: ModuleType, data: bytes) -> Any:
    """Return PDFium's document; one that is encrypted is refused even where no password is asked for."""
    encrypted = "is encrypted; read a copy that is not, made with: qpdf --decrypt --password=... IN OUT"
    with _lock:
        try:
            document = pdfium.PdfDocument(data)
        except pdfium.PdfiumError as error:
            if error.err_code in (pdfium.raw.FPDF_ERR_PASSWORD, pdfium.raw.FPDF_ERR_SECURITY):
                raise PictureError(encrypted) from error
            raise PictureError("is a PDF that is damaged or has no pages; mend it first") from error
        if pdfium.raw.FPDF_GetSecurityHandlerRevision(document) != -1:
            document.close()
            raise PictureError(encrypted)
        with _failing_as_damaged(pdfium):
            document.init_forms()
        return document


def _draw(pdfium: ModuleType, document: Any, number: int, max_pixels: int, dpi: int) -> npt.NDArray[np.uint8]:
    with _lock, _failing_as_damaged(pdfium):
        page = document[number - 1]
        try:
            width, height = (max(1, round(side * dpi / POINTS_PER_INCH)) for side in page.get_size())
            within_limit(
                (width, height), max_pixels, f"has {{}} x {{}} pixels at {dpi} dpi", " or a lower --dpi"
            )
            for size in _picture_sizes(pdfium.raw, page):
                within_limit(size, max_pixels, "holds a picture of {} x {} pixels")
            return _rendered(pdfium.raw, page, width, height)
        finally:
            page.close()


def _rendered(raw: ModuleType, page: Any, width: int, height: int) -> npt.NDArray[np.uint8]:
    """Return a page as PDFium draws it, uint8 (height, width, 3) RGB."""
    if width * height > _MOST_PIXELS:
        raise PictureError(f"has {width} x {height} pixels, more than can be drawn; pass a lower --dpi")
    pixels = np.full((height, width, 3), 255, np.uint8)
    memory = pixels.ctypes.data_as(ctypes.c_void_p)
    bitmap = raw.FPDFBitmap_CreateEx(width, height, raw.FPDFBitmap_BGR, memory, pixels.strides[0])
    try:
        flags = raw.FPDF_ANNOT | raw.FPDF_REVERSE_BYTE_ORDER | raw.FPDF_RENDER_LIMITEDIMAGECACHE
        raw.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, flags)
        if page.formenv:
            raw.FPDF_FFLDraw(page.formenv, bitmap, page, 0, 0, width, height, 0, flags)
    finally:
        raw.FPDFBitmap_Destroy(bitmap)
    return pixels


def _picture_sizes(raw: ModuleType, parent: Any, depth: int = 0) -> Iterator[tuple[int, int]]:
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
            yield from _picture_sizes(raw, part, depth + 1)


@contextmanager
def _failing_as_damaged(pdfium: ModuleType) -> Iterator[None]:
    try:
        yield
    except pdfium.PdfiumError as error:
        raise PictureError(f"is damaged ({error})") from error
