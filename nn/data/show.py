"""Describes a set of samples before training: duplicates, leaks and suspicious labels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nn.data.keys import keys
from nn.data.samples import SPLITS, Samples

REFERENCES, NEAREST, AGREE = 8000, 10, 9
"""Most samples that each one is compared with; number of nearest neighbours; how many must agree."""
SIDE = 14


@dataclass(frozen=True, slots=True, eq=False)
class Findings:
    """The result of `look_at`.

    Attributes
    ----------
    duplicates : ndarray of int64
        Indices of samples with the same picture as an earlier one, and the same label.
    contradictions : ndarray of int64
        Indices of samples whose picture also occurs with another label.
    leaks : int
        Test or validation pictures that are also in the training data.
    suspicious : ndarray of int64
        Indices of samples that look like another class, the clearest first.
    looks_like : list of str
        The class that each of `suspicious` looks like.
    """

    duplicates: npt.NDArray[np.int64]
    contradictions: npt.NDArray[np.int64]
    leaks: int
    suspicious: npt.NDArray[np.int64]
    looks_like: list[str]


def about(samples: Samples) -> str:
    """Return one line: how many samples, of which size, of how many classes, in which splits."""
    height, width = samples.images.shape[1:]
    counts = {name: int((samples.split == name).sum()) for name in SPLITS}
    parts = ", ".join(f"{name} {count:,}" for name, count in counts.items() if count)
    whole = f"{len(samples):,} samples of {height}x{width}, {len(samples.classes())} classes"
    return f"{whole}: {parts}" if parts else f"{whole}, no splits"


def look_at(samples: Samples) -> Findings:
    """Return duplicates, contradictions, leaks and suspicious labels among samples."""
    codes = np.unique(samples.labels, return_inverse=True)[1].ravel()
    _, first, same = np.unique(keys(samples.images), return_index=True, return_inverse=True)
    same = same.ravel()
    again = first[same] != np.arange(len(samples))
    low, high = np.full(len(first), len(codes)), np.full(len(first), -1)
    np.minimum.at(low, same, codes)
    np.maximum.at(high, same, codes)
    split_up = (low != high)[same]
    learned = np.zeros(len(first), bool)
    learned[same[samples.split == "train"]] = True
    leaks = int((learned[same] & np.isin(samples.split, ("val", "test"))).sum())
    suspicious, looks_like = _suspicious(samples, codes)
    return Findings(
        np.flatnonzero(again & ~split_up), np.flatnonzero(split_up), leaks, suspicious, looks_like
    )


def _suspicious(samples: Samples, codes: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], list[str]]:
    """Return the samples whose nearest neighbours nearly all share another label, and none has theirs.

    References
    ----------
    Wilson, "Asymptotic properties of nearest neighbor rules using edited data", 1972.
    """
    names, count = samples.classes(), len(samples)
    if count <= 2 * NEAREST or len(names) < 2:
        return np.zeros(0, np.int64), []
    features = _features(samples.images)
    chosen = np.sort(np.random.default_rng(0).permutation(count)[:REFERENCES])
    references = features[chosen]
    found: list[tuple[float, int, int]] = []
    for start in range(0, count, 1000):
        rows = slice(start, min(start + 1000, count))
        likeness = features[rows] @ references.T
        mine = np.searchsorted(chosen, np.arange(rows.start, rows.stop)).clip(max=len(chosen) - 1)
        itself = np.flatnonzero(chosen[mine] == np.arange(rows.start, rows.stop))
        likeness[itself, mine[itself]] = -np.inf
        nearest = np.argpartition(-likeness, NEAREST, axis=1)[:, :NEAREST]
        votes = np.zeros((len(likeness), len(names)), np.int64)
        np.add.at(votes, (np.arange(len(likeness))[:, None], codes[chosen[nearest]]), 1)
        own, most = votes[np.arange(len(votes)), codes[rows]], votes.argmax(axis=1)
        odd = np.flatnonzero((own == 0) & (votes.max(axis=1) >= AGREE))
        mean = np.take_along_axis(likeness, nearest, axis=1).mean(axis=1)
        found += [(-float(mean[k]), start + int(k), int(most[k])) for k in odd]
    found.sort()
    return np.array([place for _, place, _ in found], np.int64), [names[like] for _, _, like in found]


def _features(images: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Return pictures as short vectors of length 1, blurred by taking means of pixels."""
    step = max(1, min(images.shape[1:]) // SIDE)
    height, width = images.shape[1] // step, images.shape[2] // step
    cut = images[:, : height * step, : width * step].reshape(len(images), height, step, width, step)
    flat = cut.mean(axis=(2, 4), dtype=np.float32).reshape(len(images), -1)
    flat /= np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-6)
    return np.asarray(flat, np.float32)


def as_text(image: npt.NDArray[np.uint8]) -> list[str]:
    """Return a picture as lines of text, two rows of about 14 pixels in each line."""
    step = max(1, -(-max(image.shape) // SIDE))
    height, width = image.shape[0] // step // 2 * 2, image.shape[1] // step
    dark = image[: height * step, : width * step].reshape(height, step, width, step).mean(axis=(1, 3)) > 80
    return [
        "".join(" ▀▄█"[up + 2 * down] for up, down in zip(*pair, strict=True))
        for pair in zip(dark[::2].astype(int).tolist(), dark[1::2].astype(int).tolist(), strict=True)
    ]
