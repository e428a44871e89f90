import csv
from typing import Any

import numpy as np
import pytest

from nn.commands.cli import main
from nn.commands.progress import Lines
from nn.data import Samples, write_npz
from nn.errors import DataError, ModelError
from nn.gallery.compare import HEAD, compare, names, versions_of
from nn.recipe import find_recipe, read_tables
from nn.table import put_row, read_rows, write_rows
from nn.training.sweep import parse_over, versions

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
    assert run(*common) == 4 and "has no table [sweep]" in capsys.readouterr().err


def test_each_version_has_its_own_reported_figure():
    reported = {"8": "91.5"}
    found = versions(TABLES | {"reported": reported}, {"layers.2.units": [4, 8]}, "mine.toml")
    assert [version.recipe.reported for version in found] == ["", "91.5"]
    assert versions(TABLES | {"reported": "90"}, {}, "mine.toml")[0].recipe.reported == "90"


@pytest.mark.parametrize("name", names())
def test_figures_are_reported_of_versions_that_there_are(name):
    reported = read_tables(find_recipe(name)).get("reported", "")
    if isinstance(reported, dict):
        assert reported.keys() <= {version.name for version in versions_of(name)}


def test_a_table_stands_within_a_file(tmp_path):
    file, head = tmp_path / "notes.md", ("recipe", "version", "test")
    rows = put_row(put_row(put_row([], ("b", "2", "")), ("a", "", "1.00")), ("b", "1 | x", "3"))
    assert [row[:2] for row in rows] == [("a", ""), ("b", "2"), ("b", "1 | x")]
    write_rows(file, head, rows)
    assert read_rows(file, head) == rows
    file.write_text(f"# Mine\n\n{file.read_text()}\nAnd more.\n")
    write_rows(file, head, put_row(rows, ("b", "2", "4")))
    text = file.read_text()
    assert (
        text.startswith("# Mine\n\n<!--") and text.endswith("-->\n\nAnd more.\n") and "| b | 2 | 4 |" in text
    )
    assert read_rows(file, head)[1] == ("b", "2", "4") and not read_rows(tmp_path / "none.md", head)
    with pytest.raises(FileExistsError, match="has other columns than recipe, version"):
        read_rows(file, head[:2])
    file.write_text("# Mine\n")
    with pytest.raises(FileExistsError, match=r"notes\.md: is there already, and has no place for the table"):
        read_rows(file, head)
    assert file.read_text() == "# Mine\n"


def test_compare_writes_the_table_of_what_is_done(tmp_path, monkeypatch, capsys):
    rng = np.random.default_rng(0)
    labels = np.array(list("aAbBcC01Z"))[np.arange(180) % 9]
    images = rng.integers(0, 256, (180, 28, 28), np.uint8)
    samples = Samples(images, labels, np.array(["train", "train", "val", "test"])[np.arange(180) // 9 % 4])
    recipes = tmp_path / "recipes"
    recipes.mkdir()
    (recipes / "one.toml").write_text(TOML.replace("[8, 8, 1]", "[28, 28, 1]"))
    digits = TOML.partition("[sweep]")[0].replace("[8, 8, 1]", "[16, 16, 1]")
    (recipes / "two.toml").write_text('task = "digits"\nreported = "97.5"\n' + digits)
    monkeypatch.setattr("nn.recipe.RECIPES", recipes)
    monkeypatch.setattr("nn.gallery.compare.RECIPES", recipes)
    monkeypatch.setattr("nn.gallery.compare.ALPHABET", ("A", "B", "C", "Z"))
    np.savez(tmp_path / "emnist-letters.npz", images=images[:4], labels=np.array([1, 2, 3, 26], np.uint8))
    file, letters = tmp_path / "table.md", tmp_path / "emnist-letters.npz"

    def lines():
        return read_rows(file, HEAD)

    compare(samples, letters, tmp_path / "out", file, ["two"], None, None, Lines())
    assert [(line[0], line[2], line[3]) for line in lines()] == [("two", "digits", "1,556")]
    assert lines()[0][10] == "97.5"
    compare(samples, letters, tmp_path / "out", file, [], 1, None, Lines())
    assert [line[:3] for line in lines()[:4]] == [
        ("one", f"{width} {kind}", "letters") for width in (4, 8) for kind in ("relu", "tanh")
    ]
    assert len(lines()) == 5 and len(lines()[0][8].split("/")) == 3 and names() == ["one", "two"]
    assert lines()[4][8] == "" and [line[4] for line in lines()] == ["1"] * 4 + ["2"]
    mine = tmp_path / "mine.toml"
    mine.write_text((recipes / "two.toml").read_text().replace("units = 6", "units = 7"))
    compare(samples, None, tmp_path / "out", file, [str(mine)], None, 40, Lines())
    assert [line[0] for line in lines()] == ["mine", *["one"] * 4, "two"] and lines()[0][4] == "2 of 40"
    kept = file.read_text()
    assert {line[0] for line in kept.splitlines()} == {"|", "<"}
    with pytest.raises(ModelError, match="two of the recipes have the same name"):
        compare(samples, None, tmp_path / "out", file, ["two", "two"], None, None, Lines())
    with pytest.raises(DataError, match=r"table\.md: expected \.npz"):
        compare(samples, file, tmp_path / "out", file, ["one"], None, None, Lines())
    (tmp_path / "other.md").write_text("# Mine\n")
    with pytest.raises(FileExistsError):
        compare(samples, None, tmp_path / "new", tmp_path / "other.md", ["two"], None, None, Lines())
    assert file.read_text() == kept and not (tmp_path / "new").exists()
