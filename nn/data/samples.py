"""Labelled pictures in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import numpy.typing as npt

from nn.errors import DataError

SPLITS = ("train", "val", "test")
MIXED = (
    "a capital stands for the small letter too in some of the data, and for itself in others; "
    'a recipe with task = "letters" takes both as one in all'
)


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Labelled pictures, with splits and groups.

    Attributes
    ----------
    images : ndarray of uint8, shape (N, H, W)
        Ink is high.
    labels : ndarray of str, shape (N,)
        The character; the empty string is "not a character".
    split : ndarray of str, shape (N,)
        ``"train"``, ``"val"`` or ``"test"``; the empty string where the file did not say.
    groups : ndarray of str, shape (N,), or None
        Group of each sample, such as its writer or page; None if the file did not say.
    task : str
        What the labels distinguish, a key of `nn.data.tasks.TASKS`: "letters" if a capital stands for the
        small letter too, "merged" if some do; the empty string if each character stands for itself.
    notes : tuple of str
        Assumptions that were made, for the user.

    Raises
    ------
    DataError
        If the type, shape, length or values of an attribute are wrong; the message names it.
    """

    images: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.str_]
    split: npt.NDArray[np.str_]
    groups: npt.NDArray[np.str_] | None = None
    task: str = ""
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_pictures(self.images)
        for name, texts in (("labels", self.labels), ("split", self.split), ("groups", self.groups)):
            if name != "groups" or texts is not None:
                check_texts(name, texts, len(self.images))
        unknown = self.split[~np.isin(self.split, [*SPLITS, ""])]
        if len(unknown):
            raise DataError(f"split holds {str(unknown[0])!r}; expected {', '.join(SPLITS)}")

    def __len__(self) -> int:
        return len(self.images)

    def part(self, split: str) -> Self:
        """Return the samples of one split."""
        chosen = self.split == split
        if chosen.all():
            return self
        return self.take(chosen)

    def take(self, chosen: npt.NDArray[np.bool_]) -> Self:
        """Return the samples where `chosen` (N,) is true."""
        groups = None if self.groups is None else self.groups[chosen]
        images, labels, split = self.images[chosen], self.labels[chosen], self.split[chosen]
        return replace(self, images=images, labels=labels, split=split, groups=groups)

    def with_split(self, seed: int, held_out: float = 0.05) -> Self:
        """Return the samples with a split for each.

        Of samples without one, the fraction `held_out`, drawn by `seed`, becomes "val", and the rest "train".
        If there is still no "val", that fraction of "train" becomes it.
        """
        split = self.split.astype("U5")
        rng = np.random.default_rng(seed)
        for name in ("", "train"):
            among = np.flatnonzero(split == name)
            if name == "" or not (split == "val").any():
                split[among] = np.where(rng.random(len(among)) < held_out, "val", "train")
        return replace(self, split=split)

    def classes(self) -> tuple[str, ...]:
        """Return the distinct labels, sorted."""
        return tuple(np.unique(self.labels).tolist())

    def indices(
        self, classes: Sequence[str], places: npt.NDArray[np.int64] | slice = slice(None)
    ) -> npt.NDArray[np.int64]:
        """Return the place in `classes` of each label, or of the labels at `places`.

        Raises
        ------
        DataError
            If a label is not among them.
        """
        names, inverse = np.unique(self.labels[places], return_inverse=True)
        foreign = sorted(set(names.tolist()) - set(classes))
        if foreign:
            raise DataError(f"labels {' '.join(map(repr, foreign[:10]))} are not among the model's classes")
        place = {name: index for index, name in enumerate(classes)}
        return np.array([place[name] for name in names.tolist()], np.int64)[inverse]

    def fingerprint(self) -> str:
        """Return the SHA-256 of all pictures, labels and splits."""
        digest = hashlib.sha256(np.ascontiguousarray(self.images).data)
        for texts in (self.labels, self.split):
            digest.update("\0".join(texts.tolist()).encode())
        return digest.hexdigest()


def check_pictures(images: object) -> None:
    """Raise DataError saying what is wrong with `images` unless they are uint8 (N, H, W)."""
    if not isinstance(images, np.ndarray):
        raise DataError(f"images are a {type(images).__name__}; expected a uint8 array (N, H, W)")
    if images.ndim != 3 or 0 in images.shape[1:]:
        raise DataError(f"images are {images.dtype} {images.shape}; expected uint8 (N, H, W)")
    if images.dtype == np.uint8:
        return
    if images.dtype.kind not in "biuf" or not images.size:
        raise DataError(f"images are {images.dtype}; expected uint8, from 0 to 255")
    if not np.isfinite(images).all():
        raise DataError(f"images are {images.dtype} and hold NaN or infinity; expected uint8, from 0 to 255")
    low, high = images.min(), images.max()
    raise DataError(f"images are {images.dtype}, from {low:g} to {high:g}; expected uint8, from 0 to 255")


def check_texts(name: str, texts: object, count: int) -> None:
    """Raise DataError, beginning with `name`, unless `texts` are an array of str (N,), N being `count`."""
    if not isinstance(texts, np.ndarray) or texts.dtype.kind != "U":
        kind = texts.dtype if isinstance(texts, np.ndarray) else f"a {type(texts).__name__}"
        raise DataError(f"{name} are {kind}; expected an array of str, one for each picture")
    if texts.shape != (count,):
        raise DataError(f"{name} are {texts.shape} for {count} pictures; expected one for each")


def join(parts: Sequence[Samples]) -> Samples:
    """Return all of `parts` one after another; DataError if their pictures differ in size.

    Groups are kept if every part has them, the task if it is the same in all; it is noted if a letter then
    stands for either case in some parts and for itself in others.
    """
    sizes = {part.images.shape[1:] for part in parts}
    if len(sizes) > 1:
        raise DataError(f"the files hold pictures of different sizes: {sorted(sizes)}")
    if len(parts) == 1:
        return parts[0]
    groups = [part.groups for part in parts if part.groups is not None]
    notes = tuple(note for part in parts for note in part.notes)
    folded = {part.task for part in parts if any(map(str.isalpha, part.classes()))}
    if len(folded) > 1:
        notes += (MIXED,)
    return Samples(
        np.concatenate([part.images for part in parts]),
        np.concatenate([part.labels for part in parts]),
        np.concatenate([part.split for part in parts]),
        np.concatenate(groups) if len(groups) == len(parts) else None,
        parts[0].task if len({part.task for part in parts}) == 1 else "",
        notes,
    )
