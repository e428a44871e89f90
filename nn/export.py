"""Models for other runtimes: ONNX."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np

from nn.errors import ModelError
from nn.layers import (
    AvgPool2D,
    BatchNorm,
    Columns,
    Conv1D,
    Conv2D,
    Dense,
    DepthwiseConv1D,
    DepthwiseConv2D,
    Dropout,
    Flatten,
    GaussianNoise,
    Layer,
    LeakyRelu,
    MaxPool2D,
    Mish,
    Relu,
    Residual,
    Shape,
    Sigmoid,
    Swish,
    Tanh,
    TanhExp,
)
from nn.layers.activations import sigmoid
from nn.layers.layer import Array
from nn.layers.windows import pads
from nn.losses import OUTPUTS, softmax
from nn.model import Sequential
from nn.recipe import recipe_of
from nn.sequence import SequenceModel

OPSET = 17
IR_VERSION = 8


class Graph:
    """Nodes and constants of an ONNX graph as they come.

    Pictures in it are (N, C, H, W), sequences (N, C, T).
    """

    def __init__(self, helper: Any, from_array: Callable[..., Any]) -> None:
        self.helper, self.from_array = helper, from_array
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def add(self, kind: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        """Add a node and return the name of its output."""
        name = output or f"{kind}_{len(self.nodes)}"
        self.nodes.append(self.helper.make_node(kind, inputs, [name], **attributes))
        return name

    def constant(self, array: Array, dtype: type = np.float32) -> str:
        """Add a constant and return its name."""
        name = f"constant_{len(self.constants)}"
        self.constants.append(self.from_array(np.ascontiguousarray(array, dtype), name))
        return name


def to_onnx(model: Sequential) -> bytes:
    """Return `model` as the bytes of an ONNX file.

    Its input ``pictures`` is float32 (N, H, W, channels) in [0, 1] with ink 1; its outputs are ``logits``
    and ``probabilities`` (N, C), and its metadata hold ``classes`` as a JSON list. One that reads lines takes
    any width that is a multiple of its stride, and gives (N, frames, C).

    Raises
    ------
    ModelError
        If the package onnx is not installed.
    """
    try:
        from onnx import TensorProto, checker, helper, numpy_helper  # type: ignore[import-not-found]
    except ImportError as error:
        raise ModelError("exporting needs onnx: pip install 'letters-ocr[onnx]'") from error
    graph = Graph(helper, numpy_helper.from_array)
    x = graph.add("Transpose", "pictures", perm=[0, 3, 1, 2])
    for layer, shape in zip(model.layers, model.shapes[:-1], strict=True):
        x = NODES[type(layer)](graph, layer, x, shape)
    lines = isinstance(model, SequenceModel)
    kind, settings = ("Transpose", {"perm": [0, 2, 1]}) if lines else ("Identity", {})
    logits = graph.add(kind, x, output="logits", **settings)
    temperature = graph.constant(np.array(model.temperature))
    recipe = recipe_of(model)
    _output(graph, graph.add("Div", logits, temperature), OUTPUTS[recipe.train.loss] if recipe else softmax)
    height, width, channels = model.input_shape
    picture: list[str | int | None] = ["N", height, "W" if lines else width, channels]
    takes = [helper.make_tensor_value_info("pictures", TensorProto.FLOAT, picture)]
    gives = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", *["T"] * lines, len(model.classes)])
        for name in ("logits", "probabilities")
    ]
    whole = helper.make_graph(graph.nodes, "letters", takes, gives, graph.constants)
    made = helper.make_model(whole, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    helper.set_model_props(made, {"classes": json.dumps(model.classes, ensure_ascii=False)})
    checker.check_model(made, full_check=True)
    return bytes(made.SerializeToString())


def _output(graph: Graph, logits: str, output: Callable[[Array], Array]) -> None:
    """Add what makes probabilities of logits, one of `nn.losses.OUTPUTS`."""
    if output is softmax:
        graph.add("Softmax", logits, output="probabilities", axis=-1)
    elif output is sigmoid:
        graph.add("Sigmoid", logits, output="probabilities")
    else:
        apart = graph.add("Sigmoid", logits)
        total = graph.add("ReduceSum", apart, graph.constant(np.array([-1]), np.int64))
        graph.add("Div", apart, total, output="probabilities")


def _convolution(graph: Graph, layer: Any, x: str, shape: Shape) -> str:
    weight, group = layer.params["weight"], 1
    if isinstance(layer, DepthwiseConv2D):
        weight, group = weight[:, :, None, :], shape[2]
    rows, columns = (pads(size, layer.kernel, layer.stride, layer.padding) for size in shape[:2])
    constants = [graph.constant(weight.transpose(3, 2, 0, 1))]
    if layer.bias:
        constants.append(graph.constant(layer.params["bias"]))
    window: dict[str, Any] = {"kernel_shape": [layer.kernel] * 2, "strides": [layer.stride] * 2}
    border = [rows[0], columns[0], rows[1], columns[1]]
    return graph.add("Conv", x, *constants, group=group, pads=border, **window)


def _convolution_along(graph: Graph, layer: Any, x: str, shape: Shape) -> str:
    weight, group = layer.params["weight"], 1
    if isinstance(layer, DepthwiseConv1D):
        weight, group = weight[:, None, :], shape[1]
    constants = [graph.constant(weight.transpose(2, 1, 0))]
    if layer.bias:
        constants.append(graph.constant(layer.params["bias"]))
    stride = getattr(layer, "stride", 1)
    border = pads(shape[0], (layer.kernel - 1) * layer.dilation + 1, stride, "same")
    settings: dict[str, Any] = {"strides": [stride], "dilations": [layer.dilation], "pads": border}
    return graph.add("Conv", x, *constants, group=group, **settings)


def _residual(graph: Graph, layer: Any, x: str, shape: Shape) -> str:
    y = x
    for part, before in zip(layer.parts(), layer.shapes, strict=False):
        y = NODES[type(part)](graph, part, y, before)
    return graph.add("Add", x, y)


def _max_pool(graph: Graph, layer: Any, x: str, shape: Shape) -> str:
    window = [layer.kernel, layer.columns or layer.kernel]
    return graph.add("MaxPool", x, kernel_shape=window, strides=window)


def _average_pool(graph: Graph, layer: Any, x: str, shape: Shape) -> str:
    return graph.add("AveragePool", x, kernel_shape=[layer.kernel] * 2, strides=[layer.kernel] * 2)


def _dense(graph: Graph, layer: Any, x: str, shape: Shape) -> str:
    return graph.add("Gemm", x, *(graph.constant(array) for array in layer.params.values()))


def _batch_norm(graph: Graph, layer: Any, x: str, shape: Shape) -> str:
    named = layer.params | layer.state
    constants = [graph.constant(named[name]) for name in ("scale", "shift", "mean", "variance")]
    return graph.add("BatchNormalization", x, *constants, epsilon=layer.epsilon)


def _flatten(graph: Graph, layer: Any, x: str, shape: Shape) -> str:
    last = [0, *range(2, len(shape) + 1), 1]
    return graph.add("Flatten", graph.add("Transpose", x, perm=last) if len(shape) > 1 else x)


def _columns(graph: Graph, layer: Any, x: str, shape: Shape) -> str:
    size = graph.constant(np.array([0, shape[0] * shape[2], -1]), np.int64)
    return graph.add("Reshape", graph.add("Transpose", x, perm=[0, 2, 1, 3]), size)


def _nothing(graph: Graph, layer: Any, x: str, shape: Shape) -> str:
    return x


def _plain(kind: str) -> Callable[[Graph, Any, str, Shape], str]:
    return lambda graph, layer, x, shape: graph.add(kind, x)


NODES: dict[type[Layer], Callable[[Graph, Any, str, Shape], str]] = {
    Dense: _dense,
    Conv1D: _convolution_along,
    DepthwiseConv1D: _convolution_along,
    Conv2D: _convolution,
    DepthwiseConv2D: _convolution,
    MaxPool2D: _max_pool,
    AvgPool2D: _average_pool,
    BatchNorm: _batch_norm,
    Dropout: _nothing,
    GaussianNoise: _nothing,
    Flatten: _flatten,
    Columns: _columns,
    Residual: _residual,
    Relu: _plain("Relu"),
    LeakyRelu: lambda graph, layer, x, shape: graph.add("LeakyRelu", x, alpha=layer.slope),
    Sigmoid: _plain("Sigmoid"),
    Tanh: _plain("Tanh"),
    Swish: lambda graph, layer, x, shape: graph.add("Mul", x, graph.add("Sigmoid", x)),
    Mish: lambda graph, layer, x, shape: graph.add("Mul", x, graph.add("Tanh", graph.add("Softplus", x))),
    TanhExp: lambda graph, layer, x, shape: graph.add("Mul", x, graph.add("Tanh", graph.add("Exp", x))),
}
