"""The layers, each in a file of its own; `LAYERS` gives them the names that recipes use."""

from nn.layers.activations import LeakyRelu, Mish, Relu, Sigmoid, Swish, Tanh, TanhExp
from nn.layers.avg_pool2d import AvgPool2D
from nn.layers.batch_norm import BatchNorm
from nn.layers.columns import Columns
from nn.layers.conv1d import Conv1D
from nn.layers.conv2d import Conv2D
from nn.layers.dense import Dense
from nn.layers.depthwise_conv1d import DepthwiseConv1D
from nn.layers.depthwise_conv2d import DepthwiseConv2D
from nn.layers.dropout import Dropout
from nn.layers.flatten import Flatten
from nn.layers.gaussian_noise import GaussianNoise
from nn.layers.layer import Array, Backprop, Gradients, Layer, Shape
from nn.layers.max_pool2d import MaxPool2D
from nn.layers.residual import Residual

LAYERS: dict[str, type[Layer]] = {
    "dense": Dense,
    "conv1d": Conv1D,
    "conv2d": Conv2D,
    "depthwise_conv1d": DepthwiseConv1D,
    "depthwise_conv2d": DepthwiseConv2D,
    "max_pool2d": MaxPool2D,
    "avg_pool2d": AvgPool2D,
    "batch_norm": BatchNorm,
    "dropout": Dropout,
    "gaussian_noise": GaussianNoise,
    "flatten": Flatten,
    "columns": Columns,
    "residual": Residual,
    "relu": Relu,
    "leaky_relu": LeakyRelu,
    "sigmoid": Sigmoid,
    "tanh": Tanh,
    "swish": Swish,
    "mish": Mish,
    "tanh_exp": TanhExp,
}

__all__ = [
    "LAYERS",
    "Array",
    "AvgPool2D",
    "Backprop",
    "BatchNorm",
    "Columns",
    "Conv1D",
    "Conv2D",
    "Dense",
    "DepthwiseConv1D",
    "DepthwiseConv2D",
    "Dropout",
    "Flatten",
    "GaussianNoise",
    "Gradients",
    "Layer",
    "LeakyRelu",
    "MaxPool2D",
    "Mish",
    "Relu",
    "Residual",
    "Shape",
    "Sigmoid",
    "Swish",
    "Tanh",
    "TanhExp",
]
