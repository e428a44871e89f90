"""Models for other runtimes: ONNX."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np

from nn.errors import ModelError
from nn.finder import FinderModel
from nn.layers.activations import sigmoid
from nn.layers.layer import Array
from nn.losses import output_of, softmax
from nn.model import Sequential
from nn.onnx_graph import Graph
from nn.recipe import recipe_of
from nn.sequence import SequenceModel

OPSET = 17
IR_VERSION = 8


def to_onnx(model: Sequential) -> bytes:
    """Return `model` as the bytes of an ONNX file.

    Its input ``pictures`` is float32 (N, H, W, channels) in [0, 1] with ink 1; its outputs are ``logits``
    and ``probabilities`` (N, C), and its metadata hold ``classes`` as a JSON list. One that reads lines takes
    any width that is a multiple of its stride, and gives (N, frames, C). One that finds text takes pictures
    in which light is 1, of any height and width that are multiples of `nn.finder.STEP`; its one output is
    ``maps`` (N, rows, columns, C).

    Raises
    ------
    ModelError
        If the package onnx is not installed, or a layer has no form in ONNX.
    """
    try:
        from onnx import TensorProto, checker, helper, numpy_helper  # type: ignore[import-not-found]
    except ImportError as error:
        raise ModelError("exporting needs onnx: pip install 'letters-ocr[onnx]'") from error
    graph = Graph(helper, numpy_helper.from_array)
    x = graph.add("Transpose", "pictures", perm=[0, 3, 1, 2])
    for layer, shape in zip(model.layers, model.shapes[:-1], strict=True):
        x = layer.onnx(graph, x, shape)
    height, width, channels = model.input_shape
    picture: list[str | int | None] = ["N", height, width, channels]
    axes: list[str | int | None] = ["N", len(model.classes)]
    names: tuple[str, ...] = ("logits", "probabilities")
    if isinstance(model, FinderModel):
        graph.add("Transpose", x, output="maps", perm=[0, 2, 3, 1])
        picture[1:3], axes[1:1], names = ["H", "W"], ["rows", "columns"], ("maps",)
    else:
        lines = isinstance(model, SequenceModel)
        if lines:
            picture[2], axes[1:1] = "W", ["T"]
        kind, settings = ("Transpose", {"perm": [0, 2, 1]}) if lines else ("Identity", {})
        logits = graph.add(kind, x, output="logits", **settings)
        temperature = graph.constant(np.array(model.temperature))
        recipe = recipe_of(model)
        output = output_of(recipe.train.loss) if recipe else softmax
        _output(graph, graph.add("Div", logits, temperature), output)
    takes = [helper.make_tensor_value_info("pictures", TensorProto.FLOAT, picture)]
    gives = [helper.make_tensor_value_info(name, TensorProto.FLOAT, axes) for name in names]
    whole = helper.make_graph(graph.nodes, "letters", takes, gives, graph.constants)
    made = helper.make_model(whole, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    helper.set_model_props(made, {"classes": json.dumps(model.classes, ensure_ascii=False)})
    checker.check_model(made, full_check=True)
    return bytes(made.SerializeToString())


def _output(graph: Graph, logits: str, output: Callable[[Array], Array]) -> None:
    """Add the function from logits to probabilities, one of `nn.losses.ACTIVATIONS`."""
    if output is softmax:
        graph.add("Softmax", logits, output="probabilities", axis=-1)
    elif output is sigmoid:
        graph.add("Sigmoid", logits, output="probabilities")
    else:
        apart = graph.add("Sigmoid", logits)
        total = graph.add("ReduceSum", apart, graph.constant(np.array([-1]), np.int64))
        graph.add("Div", apart, total, output="probabilities")
