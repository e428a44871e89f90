"""Whether a text that is cut out of a picture looks like one, before ink is told from paper."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from ocr.recognition.line_reader import LineReader
from ocr.recognition.text_evidence import Evidence
from pipelines.clean.light import local_contrast, to_grey
from pipelines.layout.strips import HEIGHT
from pipelines.sheet import Grey


def glimpsed(cuts: Sequence[npt.NDArray[np.uint8]], share: float, body: int, reader: LineReader) -> Evidence:
    """Return what speaks for text on pictures of one line each, dark on light or light on dark.

    The network for lines reads the contrast of each picture as it is, in both polarities; the surer counts.

    Parameters
    ----------
    cuts : sequence of uint8 arrays, shape (H, W) or (H, W, 3)
        The line runs level through the middle.
    share : float
        How much of the height of a picture the line takes.
    body : int
        Rows of a strip that it is to take.
    reader : LineReader
    """
    strips = []
    for cut in cuts:
        grey = to_grey(cut)
        scale = body / (share * len(grey))
        strips += [_strip(local_contrast(each), scale) for each in (grey, 255 - grey)]
    read = [reader.confidence([likely]) for likely in reader.likely(strips)]
    dark, light = (Evidence.of(len(cuts), np.arange(len(cuts)), read[k::2]) for k in (0, 1))
    return dark.surer(light)


def _strip(contrast: Grey, scale: float) -> Grey:
    """Return a picture of one line with 32 rows: brought to a scale, and cut or padded above and below."""
    height, width = (max(1, round(side * scale)) for side in contrast.shape)
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    sized = np.asarray(cv2.resize(contrast, (width, height), interpolation=method), np.uint8)
    beyond = (height - HEIGHT) // 2
    if beyond >= 0:
        return sized[beyond : beyond + HEIGHT]
    return np.pad(sized, ((-beyond, HEIGHT - height + beyond), (0, 0)))
