"""The layers, each in a file of its own, with its name, its formulas and its ONNX nodes.

A layer is added by importing it here: the imports are the only list of them.
"""

from nn.layers.activations import LeakyReLU as LeakyReLU
from nn.layers.activations import Mish as Mish
from nn.layers.activations import ReLU as ReLU
from nn.layers.activations import Sigmoid as Sigmoid
from nn.layers.activations import Swish as Swish
from nn.layers.activations import Tanh as Tanh
from nn.layers.activations import TanhExp as TanhExp
from nn.layers.avg_pool2d import AvgPool2D as AvgPool2D
from nn.layers.batch_norm import BatchNorm as BatchNorm
from nn.layers.columns import Columns as Columns
from nn.layers.concat import Concat as Concat
from nn.layers.conv1d import Conv1D as Conv1D
from nn.layers.conv2d import Conv2D as Conv2D
from nn.layers.dense import Dense as Dense
from nn.layers.depthwise_conv1d import DepthwiseConv1D as DepthwiseConv1D
from nn.layers.depthwise_conv2d import DepthwiseConv2D as DepthwiseConv2D
from nn.layers.dropout import Dropout as Dropout
from nn.layers.flatten import Flatten as Flatten
from nn.layers.gaussian_noise import GaussianNoise as GaussianNoise
from nn.layers.global_avg_pool2d import GlobalAvgPool2D as GlobalAvgPool2D
from nn.layers.layer import Array as Array
from nn.layers.layer import Backprop as Backprop
from nn.layers.layer import Gradients as Gradients
from nn.layers.layer import Layer as Layer
from nn.layers.layer import Shape as Shape
from nn.layers.max_pool2d import MaxPool2D as MaxPool2D
from nn.layers.residual import Residual as Residual
from nn.layers.upsample2d import Upsample2D as Upsample2D
from nn.plugins import kept, plugins

LAYERS: dict[str, type[Layer]] = {
    one.name: one
    for one in tuple(vars().values())
    if isinstance(one, type) and issubclass(one, Layer) and one is not Layer
}
"""The layers of this package, by their names in recipes; a program may add its own."""


def layer_types() -> dict[str, type[Layer]]:
    """Return `LAYERS` and those of others: of packages (``letters_ocr.layers``), and kept by ``nn check``."""
    others = (*plugins("letters_ocr.layers", Layer), *kept(Layer))
    return {**{layer.name: layer for layer in others}, **LAYERS}
