"""The network of the text finder: at every place of a picture, is there text, how high, which way."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from nn.fold import fold
from nn.model import Sequential, unit
from nn.threads import all_cores

MAPS = ("text", "core", "height", "cos", "sin")
"""The outputs: logits of text and of the core of its lines, the binary logarithm of the height of its letters
in pixels, less `HEIGHT`, and the cosine and sine of twice its direction."""
HEIGHT = 4.0
STEP = 32
"""Pictures are padded to a multiple of this many rows and columns."""


class FinderModel(Sequential):
    """A sequence of layers from pictures of any size to maps of `MAPS` at a lower resolution.

    `input_shape` is any size that is a multiple of `STEP`; `stride` is the size of a place of the maps, in
    pixels of the picture.
    """

    axes = 3

    @property
    def stride(self) -> int:
        """Pixels of the picture for each place of the maps."""
        return self.input_shape[1] // self.shapes[-1][1]

    def maps(self, picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """Return the maps, float32 (ceil(H / stride), ceil(W / stride), C), of a picture, uint8 (H, W)."""
        if self._folded is None:
            self._folded = fold(self.layers)
        height, width = picture.shape
        margins = [(0, -side % STEP) for side in (height, width)]
        x = unit(np.pad(picture, margins, mode="edge"))[None, :, :, None]
        with all_cores():
            for layer in self._folded:
                x = layer.forward(x, None)[0]
        return np.asarray(x[0, : -(-height // self.stride), : -(-width // self.stride)], np.float32)
