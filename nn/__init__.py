"""Neural networks in NumPy: layers, training, and models kept in one file.

>>> import nn
>>> network = nn.Sequential([nn.Conv2D(32, 3), nn.ReLU(), nn.MaxPool2D(), nn.Flatten(), nn.Dense(10)])
>>> network.parameters
63050
"""

from importlib import import_module
from typing import TYPE_CHECKING

from nn.errors import DataError as DataError
from nn.errors import ModelError as ModelError

if TYPE_CHECKING:
    from nn.classifier import Classifier as Classifier
    from nn.layers import *  # noqa: F403
    from nn.losses import Loss as Loss
    from nn.model import Sequential as Sequential
    from nn.optim.optimizers import Optimizer as Optimizer
    from nn.training.hooks import Hook as Hook
else:
    _HOMES = {"Classifier": "nn.classifier", "Hook": "nn.training.hooks", "Sequential": "nn.model"}
    _HOMES |= {"Loss": "nn.losses", "Optimizer": "nn.optim.optimizers"}

    def _layers():
        """Return the public layers of `nn.layers` by their class names."""
        layers = import_module("nn.layers")
        return {"Layer": layers.Layer} | {layer.__name__: layer for layer in layers.LAYERS.values()}

    def __getattr__(name):  # slow imports wait until they are needed, so that Ctrl-C works before that
        if name in _HOMES:
            return getattr(import_module(_HOMES[name]), name)
        if name == "__all__":  # a star import: everything is loaded
            named = _layers() | {each: getattr(import_module(home), each) for each, home in _HOMES.items()}
            globals().update(named)
            return ["DataError", "ModelError", *named]
        if name[0].isupper() and name in (layers := _layers()):
            return layers[name]
        raise AttributeError(f"module 'nn' has no attribute '{name}'")

    def __dir__():
        return sorted({*globals(), *_HOMES, *_layers()})
