"""Training data of line networks: strips and their texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from nn.errors import DataError
from nn.files import replacing
from nn.training.left_out import LEFT_OUT


@dataclass(frozen=True, slots=True, eq=False)
class Strips:
    """Strips of one height, with their texts.

    Attributes
    ----------
    pixels : uint8 array, shape (H, sum of widths)
        The strips side by side; ink is high.
    widths : int64 array, shape (N,)
    texts : str array, shape (N,)
    split : str array, shape (N,)
        "train" or "val".
    left_out : str array, shape (N,)
        What each text leaves out, one of `nn.training.left_out.LEFT_OUT`.
    """

    pixels: npt.NDArray[np.uint8]
    widths: npt.NDArray[np.int64]
    texts: npt.NDArray[np.str_]
    split: npt.NDArray[np.str_]
    left_out: npt.NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.widths)

    @classmethod
    def of(
        cls,
        strips: Sequence[npt.NDArray[np.uint8]],
        texts: Sequence[str],
        split: str = "train",
        left_out: str = "",
    ) -> Self:
        """Build from strips, uint8 (H, W), at least one, and their texts."""
        widths = np.array([strip.shape[1] for strip in strips], np.int64)
        pixels = np.concatenate(strips, axis=1)
        count = len(widths)
        return cls(pixels, widths, np.array(texts, np.str_), np.full(count, split), np.full(count, left_out))

    @classmethod
    def join(cls, parts: Sequence[Self]) -> Self:
        """Join several."""
        return cls(
            np.concatenate([part.pixels for part in parts], axis=1),
            np.concatenate([part.widths for part in parts]),
            np.concatenate([part.texts for part in parts]),
            np.concatenate([part.split for part in parts]),
            np.concatenate([part.left_out for part in parts]),
        )

    def part(self, split: str) -> Self:
        """Return the strips of one split."""
        chosen = self.split == split
        pixels = self.pixels[:, np.repeat(chosen, self.widths)]
        widths, texts = self.widths[chosen], self.texts[chosen]
        return type(self)(pixels, widths, texts, self.split[chosen], self.left_out[chosen])

    def apart(self) -> list[npt.NDArray[np.uint8]]:
        """Return the strips one by one, as views."""
        return np.split(self.pixels, np.cumsum(self.widths)[:-1], axis=1)

    def save(self, path: Path) -> None:
        """Write an .npz, atomically."""
        with replacing(path) as temporary, open(temporary, "wb") as file:
            np.savez(
                file,
                pixels=self.pixels,
                widths=self.widths,
                texts=self.texts,
                split=self.split,
                left_out=self.left_out,
            )

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote.

        Raises
        ------
        DataError
            If the file does not hold strips; the message names it.
        """
        try:
            with np.load(path, allow_pickle=False) as arrays:
                texts = arrays["texts"]
                left_out = arrays["left_out"] if "left_out" in arrays else np.full(len(texts), "")
                strips = cls(arrays["pixels"], arrays["widths"], texts, arrays["split"], left_out)
        except (OSError, KeyError, ValueError) as error:
            raise DataError(f"{path}: expected strips: pixels, widths, texts and split ({error})") from error
        fits = strips.pixels.ndim == 2 and strips.pixels.shape[1] == strips.widths.sum()
        if not set(strips.left_out.tolist()) <= set(LEFT_OUT):
            raise DataError(f"{path}: left_out may be {', '.join(map(repr, LEFT_OUT))}")
        if not fits or not len(strips) == len(strips.texts) == len(strips.split) == len(strips.left_out):
            raise DataError(f"{path}: the widths of its strips, or their texts, do not fit its pixels")
        return strips
