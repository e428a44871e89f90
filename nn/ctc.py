"""Connectionist temporal classification: the probability of a text, over all ways to align it.

References
----------
A. Graves et al., "Connectionist temporal classification", ICML 2006, section 4.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from nn.losses import log_softmax

Floats = npt.NDArray[np.floating]
Ints = npt.NDArray[np.int64]

BLANK = 0
"""The class of frames without a new label."""
NOTHING = -1
"""Padding of rows of labels."""
_NEVER = -1e30


def ctc_loss(logits: Floats, lengths: Ints, labels: Ints) -> tuple[Floats, Floats]:
    """Return the negative log-probability of each text, and its gradient by the logits.

    Parameters
    ----------
    logits : float array, shape (N, T, C)
        Class 0 is the blank.
    lengths : int64 array, shape (N,)
        Number of frames of each sequence; later frames are ignored.
    labels : int64 array, shape (N, L)
        Classes from 1; rows are padded with -1.

    Returns
    -------
    losses : float array, shape (N,)
        About 1e30 where there are too few frames for the text.
    gradient : float array, shape (N, T, C)
        Zero where there are too few frames for the text.

    Notes ----- Between labels, and at both ends, there is a blank that may be skipped unless it separates two
    equal labels: S = 2 L + 1 states. With alpha[t, s] the log-probability of all beginnings that end in state
    s at frame t (equations 6 and 7), and beta the same from the end (9 and 10; here with the frame's own
    probability), the gradient is ``softmax - sum_{s: z_s = c} exp(alpha + beta - y - log p)`` (15 and 16).
    """
    logp = log_softmax(logits)
    n, frames, classes = logits.shape
    states = np.zeros((n, 2 * labels.shape[1] + 1), np.int64)
    states[:, 1::2] = np.maximum(labels, 0)
    counts = (labels != NOTHING).sum(axis=1)
    ends = 2 * counts + 1
    emitted = np.take_along_axis(logp, states[:, None], axis=2).transpose(1, 0, 2).copy()
    skips = np.zeros(states.shape, bool)
    skips[:, 2:] = (states[:, 2:] != BLANK) & (states[:, 2:] != states[:, :-2])
    forward = _alphas(emitted, skips)
    time = np.arange(frames)[:, None]
    back_time = np.where(time < lengths, lengths - 1 - time, time)
    place = np.arange(states.shape[1])
    back_state = np.where(place < ends[:, None], ends[:, None] - 1 - place, place)
    rows = np.arange(n)
    turned_skips = np.zeros_like(skips)
    turned = states[rows[:, None], back_state]
    turned_skips[:, 2:] = (turned[:, 2:] != BLANK) & (turned[:, 2:] != turned[:, :-2])
    backward = _alphas(emitted[back_time[..., None], rows[:, None], back_state], turned_skips)
    backward = backward[back_time[..., None], rows[:, None], back_state]
    last = forward[lengths - 1, rows]
    final = np.logaddexp(
        last[rows, ends - 1], np.where(counts > 0, last[rows, np.maximum(ends - 2, 0)], _NEVER)
    )
    occupied = np.exp(np.minimum(forward + backward - emitted - final[:, None], 0))
    occupied *= (place < ends[:, None]) & (time < lengths)[..., None]
    one_hot = (states[..., None] == np.arange(classes)).astype(logits.dtype)
    gradient = np.exp(logp) - occupied.transpose(1, 0, 2).astype(logits.dtype) @ one_hot
    fits = frames_for(labels) <= lengths
    gradient *= ((time < lengths) & fits).T[..., None]
    return np.where(fits, -final, -final.dtype.type(_NEVER)), gradient


def frames_for(labels: Ints) -> Ints:
    """Return the least frames for each row of `labels` (N, L): one per label, and a blank between equal
    ones."""
    there = labels != NOTHING
    return np.asarray(there.sum(axis=1) + (there[:, 1:] & (labels[:, 1:] == labels[:, :-1])).sum(axis=1))


def greedy(logits: Floats, lengths: Ints) -> list[list[int]]:
    """Return the labels of the likeliest class of each frame, repeats and blanks left out."""
    best = logits.argmax(axis=2)
    kept = best != BLANK
    kept[:, 1:] &= best[:, 1:] != best[:, :-1]
    kept &= np.arange(best.shape[1]) < lengths[:, None]
    return [row[keep].tolist() for row, keep in zip(best, kept, strict=True)]


def _alphas(emitted: Floats, skips: npt.NDArray[np.bool_]) -> Floats:
    """Return the forward variables, (T, N, S), from log-probabilities (T, N, S) of the states' labels."""
    alphas = np.empty_like(emitted)
    jump = np.where(skips, 0, _NEVER).astype(emitted.dtype)
    frame = np.full((emitted.shape[1], emitted.shape[2] + 2), _NEVER, emitted.dtype)
    frame[:, 2:4] = emitted[0, :, :2]
    alphas[0] = frame[:, 2:]
    for t in range(1, len(emitted)):
        here, one_back, two_back = frame[:, 2:], frame[:, 1:-1], frame[:, :-2] + jump
        most = np.maximum(np.maximum(here, one_back), two_back)
        total = np.exp(here - most)
        total += np.exp(one_back - most)
        total += np.exp(two_back - most)
        np.log(total, out=total)
        total += most
        total += emitted[t]
        alphas[t] = total
        frame[:, 2:] = total
    return alphas
