import csv
import json
from typing import Any

import numpy as np
import pytest

from nn.cli import main
from nn.compare import compare, names, versions_of
from nn.data import Samples, write_npz
from nn.errors import DataError, ModelError
from nn.findings import FINDINGS, findings
from nn.progress import Lines
from nn.sweep import parse_over, versions

TABLES: dict[str, Any] = {
    "input_shape": [8, 8, 1],
    "layers": [
        {"type": "flatten"},
        {"type": "dense", "units": 6},
        {"type": "relu"},
        {"type": "dense", "units": "classes"},
    ],
    "optimizer": {"type": "sgd"},
    "train": {"epochs": 2, "batch_size": 32},
}
TOML = """
input_shape = [8, 8, 1]
layers = [
    { type = "flatten" },
    { type = "dense", units = 6 },
    { type = "relu" },
    { type = "dense", units = "classes" },
]
[train]
epochs = 2
batch_size = 32
[sweep]
"layers.2.units" = [4, 8]
"layers.3.type" = ["relu", "tanh"]
"""


def run(*arguments):
    with pytest.raises(SystemExit) as caught:
        main([str(argument) for argument in arguments])
    return caught.value.code or 0


def test_a_grid_over_anything():
    optimizers = [{"type": "adam", "rate": 0.01}, {"type": "rmsprop"}]
    grid = {"layers.2.units": [4, 8], "optimizer": optimizers, "train.loss": ["squared_error"]}
    found = versions(TABLES, grid, "mine.toml")
    assert [version.name for version in found] == [
        "4 adam 0.01 squared_error",
        "4 rmsprop squared_error",
        "8 adam 0.01 squared_error",
        "8 rmsprop squared_error",
    ]
    assert [version.recipe.layers[1]["units"] for version in found] == [4, 4, 8, 8]
    assert [version.recipe.optimizer for version in found] == optimizers * 2
    assert {version.recipe.train.loss for version in found} == {"squared_error"}
    assert TABLES["layers"][1]["units"] == 6
    assert len(versions(TABLES, {}, "x")) == 1


def test_keys_that_change_together():
    found = versions(TABLES, {"layers.2.units train.batch_size": [16, 64]}, "x")
    assert [(v.name, v.recipe.layers[1]["units"], v.recipe.train.batch_size) for v in found] == [
        ("16", 16, 16),
        ("64", 64, 64),
    ]


@pytest.mark.parametrize(
    ("grid", "expected"),
    [
        ({"layers.9.units": [1]}, "layers.9.units = 1: there is no such place"),
        ({"input_shape.4": [1]}, "input_shape.4 = 1: there is no such place"),
        ({"task.name": [1]}, "task = {'name': 1}: must be a string"),
        ({"train.epochs": 3}, "[sweep]: train.epochs = 3: must be a list"),
        ({"train.epochs": []}, "must be a list"),
        ({"train.epoch": [3]}, "[train]: epoch = 3: unknown key"),
    ],
)
def test_grids_that_cannot_be(grid, expected):
    with pytest.raises(ModelError) as caught:
        versions(TABLES, grid, "mine.toml")
    assert str(caught.value).startswith("mine.toml: ") and expected in str(caught.value)


def test_grids_as_text():
    texts = ["train.batch_size=64,256", "layers.3.type=relu,tanh", 'optimizer=[{type="sgd", rate=0.5}]']
    assert parse_over([*texts, "train.ema=0.5"]) == {
        "train.batch_size": [64, 256],
        "layers.3.type": ["relu", "tanh"],
        "optimizer": [{"type": "sgd", "rate": 0.5}],
        "train.ema": [0.5],
    }
    with pytest.raises(ModelError, match="--over epochs: expected"):
        parse_over(["epochs"])


def test_the_command_prints_and_saves_the_table_and_plots_the_curves(tmp_path, samples, capsys):
    pytest.importorskip("matplotlib")
    write_npz(tmp_path / "data.npz", samples)
    (tmp_path / "mine.toml").write_text(TOML)
    out = tmp_path / "out"
    common = ("sweep", tmp_path / "mine.toml", "--data", tmp_path / "data.npz", "--out", out)
    assert run(*common) == 0
    printed = capsys.readouterr().out.splitlines()
    assert [line.split()[:3] for line in printed[-4:]] == [
        ["4", "relu", "280"],
        ["4", "tanh", "280"],
        ["8", "relu", "556"],
        ["8", "tanh", "556"],
    ]
    rows = list(csv.DictReader((out / "sweep.csv").read_text().splitlines()))
    assert [row["name"] for row in rows] == ["4 relu", "4 tanh", "8 relu", "8 tanh"]
    assert all(0 <= float(row["test"]) <= 1 and row["epochs"] == "2" for row in rows)
    assert (out / "curves.png").read_bytes().startswith(b"\x89PNG")
    assert (out / "4_relu" / "best.safetensors").is_file()

    assert run(*common, "--over", "layers.2.units=4,5", "--over", "layers.3.type=relu") == 0
    printed = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in printed[-2:]] == [["4", "relu"], ["5", "relu"]]
    assert sum(line.startswith("epoch") for line in printed) == 2
    (tmp_path / "mine.toml").write_text(TOML.partition("[sweep]")[0])
    assert run(*common) == 3 and "has no table [sweep]" in capsys.readouterr().err


def test_findings_hold_or_do_not():
    known = {"perceptron_sigmoid": 0.67, "perceptron_softmax": 0.687, "one_hidden 64 relu": 0.7}
    known |= {"squared_error": 0.4, "two_wide": 0.88, "dropout": 0.9}
    known |= {"separable_cnn": 0.89}
    lines = findings(known).splitlines()
    assert len(lines) == 2
    assert lines[0].endswith("one of 26 sigmoids: 67.00, then 68.70. It holds.")
    assert lines[1].endswith(": 40.00, then 88.00 to 90.00, then 89.00. It does not hold here.")


@pytest.mark.parametrize("finding", FINDINGS)
def test_findings_are_of_rows_that_there_are(finding):
    rows = {f"{name} {version.name}".strip() for name in names() for version in versions_of(name)}
    assert {row for group in finding.groups for row in group} <= rows


def test_compare_writes_the_table_of_what_is_done(tmp_path, monkeypatch, capsys):
    rng = np.random.default_rng(0)
    labels = np.array(list("aAbBcC01Z"))[np.arange(180) % 9]
    images = rng.integers(0, 256, (180, 28, 28), np.uint8)
    samples = Samples(images, labels, np.array(["train", "train", "val", "test"])[np.arange(180) // 9 % 4])
    recipes = tmp_path / "recipes"
    recipes.mkdir()
    (recipes / "one.toml").write_text(TOML.replace("[8, 8, 1]", "[28, 28, 1]"))
    digits = TOML.partition("[sweep]")[0].replace("[8, 8, 1]", "[16, 16, 1]")
    (recipes / "two.toml").write_text('task = "digits"\n' + digits)
    monkeypatch.setattr("nn.recipe.RECIPES", recipes)
    monkeypatch.setattr("nn.compare.RECIPES", recipes)
    monkeypatch.setattr("nn.compare.ALPHABET", ("A", "B", "C", "Z"))
    np.savez(tmp_path / "letters.npz", images=images[:4], labels=np.array([1, 2, 3, 26], np.uint8))
    file, letters = tmp_path / "README.md", tmp_path / "letters.npz"

    def lines():
        text = file.read_text()
        return [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")][1:]

    compare(samples, letters, tmp_path / "out", file, ["two"], None, Lines())
    assert [(line[0], line[2], line[3]) for line in lines()] == [("two", "digits", "1,556")]
    compare(samples, letters, tmp_path / "out", file, [], 1, Lines())
    assert [line[:3] for line in lines()[:4]] == [
        ["one", f"{width} {kind}", "letters"] for width in (4, 8) for kind in ("relu", "tanh")
    ]
    assert len(lines()) == 5 and len(lines()[0][8].split("/")) == 3 and names() == ["one", "two"]
    assert json.loads((tmp_path / "out" / "two" / "run" / "line.json").read_text())["letters"] == []
    assert [line[4] for line in lines()] == ["1"] * 4 + ["2"]
    with pytest.raises(DataError, match=r"README\.md: expected \.npz"):
        compare(samples, file, tmp_path / "out", file, ["one"], None, Lines())
