"""Readers of labelled pictures; each returns `Samples`."""

from nn.data.idx import read_emnist
from nn.data.npz import read_npz, write_npz
from nn.data.read import read
from nn.data.samples import Samples, join

__all__ = ["Samples", "join", "read", "read_emnist", "read_npz", "write_npz"]
