"""Training data of the text finder: crops of pictures with their targets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from nn.errors import DataError
from nn.files import replacing
from nn.finder import MAPS


@dataclass(frozen=True, slots=True, eq=False)
class Crops:
    """Crops of one size.

    Attributes
    ----------
    pictures : uint8 array, shape (N, H, W)
        Grey; light is high.
    targets : uint8 array, shape (N, H / stride, W / stride, 5)
        Targets of the maps, from `nn.dense_loss.targets_of`.
    split : str array, shape (N,)
        "train" or "val".
    """

    pictures: npt.NDArray[np.uint8]
    targets: npt.NDArray[np.uint8]
    split: npt.NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.pictures)

    @property
    def stride(self) -> int:
        """Size of a place of the targets, in pixels of the picture."""
        return int(self.pictures.shape[2] // self.targets.shape[2])

    @classmethod
    def join(cls, parts: Sequence[Self]) -> Self:
        """Join several."""
        if len({part.pictures.shape[1:] + part.targets.shape[1:] for part in parts}) > 1:
            raise DataError("crops of several files are of different sizes")
        return cls(
            np.concatenate([part.pictures for part in parts]),
            np.concatenate([part.targets for part in parts]),
            np.concatenate([part.split for part in parts]),
        )

    def save(self, path: Path) -> None:
        """Write an .npz, atomically."""
        with replacing(path) as temporary, open(temporary, "wb") as file:
            np.savez(file, pictures=self.pictures, targets=self.targets, split=self.split)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote.

        Raises
        ------
        DataError
            If the file does not hold crops; the message names it.
        """
        try:
            with np.load(path, allow_pickle=False) as arrays:
                crops = cls(arrays["pictures"], arrays["targets"], arrays["split"])
        except (OSError, KeyError, ValueError) as error:
            raise DataError(f"{path}: expected crops: pictures, targets and split ({error})") from error
        shape, maps = crops.pictures.shape, crops.targets.shape
        fits = len(shape) == 3 and len(maps) == 4 and maps[3] == len(MAPS) and all(maps)
        fits = fits and crops.pictures.dtype == crops.targets.dtype == np.uint8
        if not fits or shape != (maps[0], maps[1] * crops.stride, maps[2] * crops.stride):
            raise DataError(f"{path}: pictures {shape} and targets {maps} do not fit each other")
        if len(crops.split) != len(crops):
            raise DataError(f"{path}: {len(crops.split)} splits for {len(crops)} crops")
        return crops
