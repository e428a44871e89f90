"""Neural networks in NumPy: layers, training, and models kept in one file."""

from typing import TYPE_CHECKING

from nn.errors import DataError, ModelError

if TYPE_CHECKING:
    from nn.model import Sequential
else:

    def __getattr__(name):  # what takes long to import waits until it is used: Ctrl-C works before that
        if name != "Sequential":
            raise AttributeError(f"module 'nn' has no attribute '{name}'")
        from nn.model import Sequential

        return Sequential


__all__ = ["DataError", "ModelError", "Sequential"]
