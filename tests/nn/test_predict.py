from typing import Any

import numpy as np
import pytest
from PIL import Image

from nn.cli import main
from nn.model import Sequential
from nn.predict import best, in_task, probabilities

WEIGHT = np.zeros((64, 3), np.float32)
WEIGHT[:, 1], WEIGHT[:32, 2] = 0.05, 0.1


@pytest.fixture
def model(tmp_path):
    """Says "bottom" for ink everywhere below, "top" for ink above, "a" for none."""
    layers: list[dict[str, Any]] = [{"type": "flatten"}, {"type": "dense", "units": 3, "bias": False}]
    network = Sequential(layers, (8, 8, 1), ("a", "bottom", "top"))
    network.set_weights({"1.weight": WEIGHT})
    network.save(tmp_path / "model.safetensors")
    return tmp_path / "model.safetensors"


def run(capsys, *arguments, code=0):
    with pytest.raises(SystemExit) as caught:
        main([str(argument) for argument in arguments])
    assert (caught.value.code or 0) == code
    out, err = capsys.readouterr()
    return err if code else out


def test_pictures_are_labelled(tmp_path, model, capsys):
    folder = tmp_path / "pictures"
    folder.mkdir()
    for name, rows in (("1.png", slice(0, 8)), ("2.png", slice(8, 16))):
        page = np.full((16, 16), 255, np.uint8)
        page[rows, 3:13] = 0
        Image.fromarray(page).save(folder / name)
    lines = [line.split("\t") for line in run(capsys, "predict", model, folder).splitlines()]
    assert [line[0] for line in lines] == [str(folder / "1.png"), str(folder / "2.png")]
    assert [line[1] for line in lines] == ["top", "bottom"]
    assert all(len(line) == 7 for line in lines)
    assert sum(map(float, lines[0][2::2])) == pytest.approx(1, abs=2e-4)
    one = run(capsys, "predict", model, folder / "2.png", "--top", 1)
    assert one.count("\t") == 2 and one.count("\n") == 1


def test_a_table_without_labels_becomes_what_kaggle_takes(tmp_path, model, capsys):
    rows = np.zeros((3, 8, 8), int)
    rows[1, :4], rows[2, 4:] = 255, 255
    names = ",".join(f"pixel{k}" for k in range(64))
    body = "\n".join(",".join(map(str, row)) for row in rows.reshape(3, -1))
    (tmp_path / "test.csv").write_text(f"{names}\n{body}\n")
    out = tmp_path / "out.csv"
    assert run(capsys, "predict", model, tmp_path / "test.csv", "--kaggle", out) == f"{out}: 3 labels\n"
    assert out.read_text().splitlines() == ["ImageId,Label", "1,a", "2,top", "3,bottom"]


def test_what_cannot_be_predicted(tmp_path, model, capsys):
    assert "none.png: no such file" in run(capsys, "predict", model, tmp_path / "none.png", code=4)
    (tmp_path / "empty").mkdir()
    assert "no pictures" in run(capsys, "predict", model, tmp_path / "empty", code=4)
    wide = Sequential([{"type": "flatten"}, {"type": "dense", "units": 2}], (8, 9, 1), ("a", "b"))
    wide.save(tmp_path / "wide")
    assert "expected square" in run(capsys, "predict", tmp_path / "wide", tmp_path, code=3)


def test_probabilities_are_those_of_the_loss_and_the_temperature(model):
    network = Sequential.load(model)
    logits = np.array([[2.0, 0.0, -2.0]], np.float32)
    warm = np.exp([2.0, 0.0, -2.0]) / np.exp([2.0, 0.0, -2.0]).sum()
    np.testing.assert_allclose(probabilities(network, logits)[0], warm, rtol=1e-5)
    network.settings["temperature"] = 2.0
    np.testing.assert_allclose(probabilities(network, 2 * logits)[0], warm, rtol=1e-5)
    table = {"input_shape": [8, 8, 1], "layers": [{"type": "flatten"}]}
    network.settings["training"] = {"recipe": table | {"train": {"loss": "binary_cross_entropy"}}}
    np.testing.assert_allclose(probabilities(network, 2 * logits)[0], [0.8808, 0.5, 0.1192], atol=1e-4)
    assert best(probabilities(network, logits), "abc", 2)[0][0][0] == "a"


def test_classes_that_count_as_one_are_added_up():
    rates = np.array([[0.1, 0.2, 0.3, 0.25, 0.15]], np.float32)
    folded, names = in_task(rates, ("", "7", "b", "A", "a"), "letters")
    assert names == ("A", "B") and folded.dtype == np.float32
    np.testing.assert_allclose(folded, [[0.4, 0.3]], rtol=1e-6)
    same, names = in_task(rates, ("", "7", "b", "A", "a"), "")
    assert names == ("", "7", "A", "a", "b")
    np.testing.assert_allclose(same, [[0.1, 0.2, 0.25, 0.15, 0.3]], rtol=1e-6)
