"""The layers, each in a file of its own, with its name, its formulas and its ONNX nodes."""

from nn.layers.activations import LeakyReLU, Mish, ReLU, Sigmoid, Swish, Tanh, TanhExp
from nn.layers.avg_pool2d import AvgPool2D
from nn.layers.batch_norm import BatchNorm
from nn.layers.columns import Columns
from nn.layers.concat import Concat
from nn.layers.conv1d import Conv1D
from nn.layers.conv2d import Conv2D
from nn.layers.dense import Dense
from nn.layers.depthwise_conv1d import DepthwiseConv1D
from nn.layers.depthwise_conv2d import DepthwiseConv2D
from nn.layers.dropout import Dropout
from nn.layers.flatten import Flatten
from nn.layers.gaussian_noise import GaussianNoise
from nn.layers.global_avg_pool2d import GlobalAvgPool2D
from nn.layers.layer import Array, Backprop, Gradients, Layer, Shape
from nn.layers.max_pool2d import MaxPool2D
from nn.layers.residual import Residual
from nn.layers.upsample2d import Upsample2D
from nn.plugins import kept, plugins

LAYERS: dict[str, type[Layer]] = {
    layer.name: layer
    for layer in (
        Dense,
        Conv1D,
        Conv2D,
        DepthwiseConv1D,
        DepthwiseConv2D,
        MaxPool2D,
        AvgPool2D,
        GlobalAvgPool2D,
        Upsample2D,
        BatchNorm,
        Dropout,
        GaussianNoise,
        Flatten,
        Columns,
        Residual,
        Concat,
        ReLU,
        LeakyReLU,
        Sigmoid,
        Tanh,
        Swish,
        Mish,
        TanhExp,
    )
}
"""The layers of this package, by their names in recipes; a program may add its own."""


def layer_types() -> dict[str, type[Layer]]:
    """Return `LAYERS` and those of others: of packages (``letters_ocr.layers``), and kept by ``nn check``."""
    others = (*plugins("letters_ocr.layers", Layer), *kept(Layer))
    return {**{layer.name: layer for layer in others}, **LAYERS}


__all__ = [
    "LAYERS",
    "Array",
    "AvgPool2D",
    "Backprop",
    "BatchNorm",
    "Columns",
    "Concat",
    "Conv1D",
    "Conv2D",
    "Dense",
    "DepthwiseConv1D",
    "DepthwiseConv2D",
    "Dropout",
    "Flatten",
    "GaussianNoise",
    "GlobalAvgPool2D",
    "Gradients",
    "Layer",
    "LeakyReLU",
    "MaxPool2D",
    "Mish",
    "ReLU",
    "Residual",
    "Shape",
    "Sigmoid",
    "Swish",
    "Tanh",
    "TanhExp",
    "Upsample2D",
    "layer_types",
]
