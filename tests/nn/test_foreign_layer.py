"""A layer that another package brings along, used as our own are."""

import sys

import numpy as np
import pytest

from nn.commands.cli import main
from nn.export import to_onnx
from nn.model import Sequential
from nn.plugins import plugins
from nn.predict import probabilities
from tests.foreign import install

LAYER = '''
from dataclasses import dataclass

import numpy as np

from nn.layers import Layer


@dataclass
class Gain(Layer):
    """``y = gain x``, one gain for all."""

    name = "gain"
    start: float = 1.0

    def build(self, shape, rng):
        self.params = {"gain": np.full(1, self.start, np.float32)}
        return shape

    def forward(self, x, training):
        gain = self.params["gain"]
        return x * gain, lambda dy: (dy * gain, {"gain": np.array([(dy * x).sum()], dy.dtype)})

    def onnx(self, graph, x, shape):
        return graph.add("Mul", x, graph.constant(self.params["gain"]))
'''
NO_NODE = """
from nn.layers import Layer


class Same(Layer):
    name = "same"

    def forward(self, x, training):
        return x, lambda dy: (dy, {})
"""
RECIPE = """
input_shape = [8, 8, 1]
layers = [
    {{ type = "flatten" }},
    {{ type = "{layer}" }},
    {{ type = "dense", units = "classes" }},
]
[train]
epochs = 1
"""


@pytest.fixture
def site(tmp_path, monkeypatch):
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    plugins.cache_clear()
    yield folder
    plugins.cache_clear()
    sys.modules.pop("foreign_layer", None)


def train(folder, samples, layer):
    (folder / "mine.toml").write_text(RECIPE.format(layer=layer))
    np.savez(folder / "data.npz", images=samples.images, labels=samples.labels, split=samples.split)
    arguments = ["train", folder / "mine.toml", "--data", folder / "data.npz", "--out", folder / "run"]
    with pytest.raises(SystemExit) as caught:
        main([str(argument) for argument in arguments])
    return caught.value.code or 0


def test_a_layer_of_another_package_is_trained_saved_loaded_and_exported(site, tmp_path, samples):
    install(site, "letters_ocr.layers", "foreign_layer", "Gain", LAYER)
    assert train(tmp_path, samples, "gain") == 0
    model = Sequential.load(tmp_path / "run" / "best.safetensors")
    assert model.layers[1].name == "gain" and model.params["1.gain"] != 1
    pytest.importorskip("onnx", reason="onnx is not installed")
    runtime = pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
    running = runtime.InferenceSession(to_onnx(model), providers=["CPUExecutionProvider"])
    pictures = np.random.default_rng(0).random((3, 8, 8, 1), np.float32)
    [rates] = running.run(["probabilities"], {"pictures": pictures})
    np.testing.assert_allclose(rates, probabilities(model, model.predict(pictures)), atol=1e-5)


def test_a_layer_without_onnx_nodes_is_named_when_exporting(site, tmp_path, samples, capsys):
    pytest.importorskip("onnx", reason="onnx is not installed")
    install(site, "letters_ocr.layers", "foreign_layer", "Same", NO_NODE)
    assert train(tmp_path, samples, "same") == 0
    capsys.readouterr()
    with pytest.raises(SystemExit) as caught:
        main(["export", str(tmp_path / "run" / "best.safetensors"), "--onnx", str(tmp_path / "out.onnx")])
    said = capsys.readouterr().err
    assert caught.value.code == 4 and said.count("\n") == 1
    assert "a layer same cannot be exported" in said and not (tmp_path / "out.onnx").exists()


def test_a_package_that_cannot_be_imported_is_told_of_and_left_out(site, tmp_path, samples, capsys):
    install(site, "letters_ocr.layers", "foreign_layer", "Gain", "import no_such_module\n")
    with pytest.warns(UserWarning, match="foreign_layer:Gain .* No module named 'no_such_module'"):
        assert train(tmp_path, samples, "gain") == 4
    assert "type = 'gain': must be one of" in capsys.readouterr().err
