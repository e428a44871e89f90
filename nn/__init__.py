"""Neural networks in NumPy: layers, training, and models kept in one file.

>>> import nn
>>> network = nn.Sequential([nn.Conv2D(32, 3), nn.ReLU(), nn.MaxPool2D(), nn.Flatten(), nn.Dense(10)])
>>> network.parameters
63050
"""

from importlib import import_module
from typing import TYPE_CHECKING

from nn.errors import DataError, ModelError

if TYPE_CHECKING:
    from nn.classifier import Classifier
    from nn.layers import (
        AvgPool2D,
        BatchNorm,
        Columns,
        Concat,
        Conv1D,
        Conv2D,
        Dense,
        DepthwiseConv1D,
        DepthwiseConv2D,
        Dropout,
        Flatten,
        GaussianNoise,
        GlobalAvgPool2D,
        Layer,
        LeakyReLU,
        MaxPool2D,
        Mish,
        ReLU,
        Residual,
        Sigmoid,
        Swish,
        Tanh,
        TanhExp,
        Upsample2D,
    )
    from nn.model import Sequential

    __all__ = [
        "AvgPool2D",
        "BatchNorm",
        "Classifier",
        "Columns",
        "Concat",
        "Conv1D",
        "Conv2D",
        "DataError",
        "Dense",
        "DepthwiseConv1D",
        "DepthwiseConv2D",
        "Dropout",
        "Flatten",
        "GaussianNoise",
        "GlobalAvgPool2D",
        "Layer",
        "LeakyReLU",
        "MaxPool2D",
        "Mish",
        "ModelError",
        "ReLU",
        "Residual",
        "Sequential",
        "Sigmoid",
        "Swish",
        "Tanh",
        "TanhExp",
        "Upsample2D",
    ]
else:
    _LAYERS = (
        "AvgPool2D BatchNorm Columns Concat Conv1D Conv2D Dense DepthwiseConv1D DepthwiseConv2D Dropout "
        "Flatten GaussianNoise GlobalAvgPool2D Layer LeakyReLU MaxPool2D Mish ReLU Residual Sigmoid Swish "
        "Tanh TanhExp Upsample2D"
    )
    _HOMES = {"Classifier": "nn.classifier", "Sequential": "nn.model"}
    _HOMES |= dict.fromkeys(_LAYERS.split(), "nn.layers")

    def __getattr__(name):  # what takes long to import waits until it is used: Ctrl-C works before that
        if name == "__all__":  # who asks for it wants what it names
            globals().update({each: getattr(import_module(home), each) for each, home in _HOMES.items()})
            return ["DataError", "ModelError", *_HOMES]
        if name not in _HOMES:
            raise AttributeError(f"module 'nn' has no attribute '{name}'")
        return getattr(import_module(_HOMES[name]), name)

    def __dir__():
        return sorted({*globals(), *_HOMES})
