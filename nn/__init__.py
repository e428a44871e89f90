"""Neural networks in NumPy: layers, training, and models kept in one file."""

from nn.errors import DataError, ModelError
from nn.model import Sequential

__all__ = ["DataError", "ModelError", "Sequential"]
