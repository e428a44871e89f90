"""Neural networks in NumPy: layers, training, and models kept in one file."""

from importlib import import_module
from typing import TYPE_CHECKING

from nn.errors import DataError, ModelError

if TYPE_CHECKING:
    from nn.model import Sequential

    __all__ = ["DataError", "ModelError", "Sequential"]
else:

    def __getattr__(name):  # what takes long to import waits until it is used: Ctrl-C works before that
        if name == "__all__":  # who asks for it wants what it names
            globals()["Sequential"] = import_module("nn.model").Sequential
            return ["DataError", "ModelError", "Sequential"]
        if name != "Sequential":
            raise AttributeError(f"module 'nn' has no attribute '{name}'")
        return import_module("nn.model").Sequential
