"""Readers of labelled pictures; each gives `Samples`."""

from nn.data.idx import read_emnist
from nn.data.npz import read_npz
from nn.data.samples import Samples, join

__all__ = ["Samples", "join", "read_emnist", "read_npz"]
