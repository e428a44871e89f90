"""The ONNX graph that layers add their nodes to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt


class Graph:
    """Nodes and constants of an ONNX graph, in the order in which they are added.

    Pictures in it are (N, C, H, W), sequences (N, C, T).

    Parameters
    ----------
    helper : module
        ``onnx.helper``.
    from_array : function
        ``onnx.numpy_helper.from_array``.
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

    def constant(self, array: npt.NDArray[Any], dtype: type = np.float32) -> str:
        """Add a constant and return its name."""
        name = f"constant_{len(self.constants)}"
        self.constants.append(self.from_array(np.ascontiguousarray(array, dtype), name))
        return name
