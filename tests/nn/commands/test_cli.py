import json
import subprocess
import sys
from dataclasses import replace
from io import StringIO

import numpy as np
import pytest
from PIL import Image
from rich.console import Console

from nn.classifier import Classifier
from nn.commands.cli import main
from nn.commands.progress import Bar, Lines
from nn.data.show import look_at
from nn.model import Sequential
from nn.recipe import find_recipe
from nn.training.run_folder import Epoch

RECIPE = """
input_shape = [8, 8, 1]
layers = [
    { type = "flatten" },
    { type = "dense", units = 16 },
    { type = "relu" },
    { type = "dense", units = "classes" },
]
[optimizer]
type = "adamw"
rate = 0.01
[train]
epochs = 6
batch_size = 16
"""


@pytest.fixture
def files(tmp_path, samples):
    (tmp_path / "mine.toml").write_text(RECIPE)
    np.savez(tmp_path / "data.npz", images=samples.images, labels=samples.labels, split=samples.split)
    return tmp_path


def run(*arguments):
    """The exit code of ``nn`` with these arguments."""
    with pytest.raises(SystemExit) as caught:
        main([str(argument) for argument in arguments])
    return caught.value.code or 0


def test_files_that_are_left_out_are_told_of(tmp_path, samples, capsys):
    data, out = tmp_path / "data", tmp_path / "out.npz"
    (data / "A").mkdir(parents=True)
    Image.fromarray(samples.images[0]).save(data / "A" / "1.png")
    assert run("data", "split", "--data", data, "--out", out) == 0
    assert capsys.readouterr().err == ""
    for name in ("3.txt", "2.heic", ".hidden"):
        (data / "A" / name).touch()
    assert run("data", "split", "--data", data, "--out", out) == 0
    left = f"{data}/A/2.heic, {data}/A/3.txt"
    assert capsys.readouterr().err == f"nn: left out, as not called like pictures (2): {left}\n"


def test_train_and_evaluate(files, capsys):
    recipe, data, out = files / "mine.toml", files / "data.npz", files / "run"
    assert run("train", recipe, "--data", data, "--out", out, "--epochs", 3) == 0
    lines = capsys.readouterr().out.splitlines()
    about, epochs = lines[:-4], lines[-4:-1]
    assert about[0] == "240 samples of 8x8, 4 classes: train 150, val 60, test 30"
    assert about[1] == "3 epochs, batches of 16, adamw 0.01, schedule constant"
    assert about[-1].split()[:2] == ["total", "1,108"] and about[-5].split()[0] == "flatten"
    assert [line.split()[1] for line in epochs] == ["1/3", "2/3", "3/3"]
    assert max(map(len, epochs)) <= 84 and lines[-1].startswith("best: epoch")
    assert run("train", recipe, "--data", data, "--out", out, "--resume") == 0
    assert [line.split()[1] for line in capsys.readouterr().out.splitlines()[-4:-1]] == ["4/6", "5/6", "6/6"]

    model = out / "best.safetensors"
    assert run("evaluate", model, "--data", data, "--json", "--classes") == 0
    result = json.loads(capsys.readouterr().out)
    assert result["samples"] == 30 and result["top1"] > 0.8 and result["top5"] == 1
    assert {row["text"] for row in result["classes"]} == {"", "-", "/", "|"}
    assert run("evaluate", model, "--data", data, "--split", "all", "--classes") == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].startswith("240 samples  top-1") and len(printed) == 6
    assert run("evaluate", model, "--data", data) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_the_task_of_a_recipe_is_that_of_its_model(files, samples, capsys):
    labels = np.array([{"-": "a", "|": "A", "/": "b", "": "7"}[text] for text in samples.labels.tolist()])
    np.savez(files / "letters.npz", images=samples.images, labels=labels, split=samples.split)
    recipe = RECIPE.replace("[8, 8, 1]", "[4, 4, 1]").replace("units = 16", "units = 8")
    (files / "letters.toml").write_text(f'task = "letters"\n{recipe}')
    out = files / "run"
    assert run("train", files / "letters.toml", "--data", files / "letters.npz", "--out", out) == 0
    capsys.readouterr()
    model = out / "best.safetensors"
    assert run("evaluate", model, "--data", files / "letters.npz", "--json", "--classes") == 0
    result = json.loads(capsys.readouterr().out)
    kept = (labels != "7") & (samples.split == "test")
    assert result["samples"] == kept.sum() and [row["text"] for row in result["classes"]] == ["A", "B"]
    assert run("evaluate", model, "--data", files / "letters.npz", "--task", "words") == 3
    assert "--task words: must be one of letters, merged" in capsys.readouterr().err
    assert run("evaluate", model, "--data", files / "data.npz", "--split", "all") == 3
    assert "no label belongs to the task 'letters': they are '' '-'" in capsys.readouterr().err


def test_a_model_of_more_classes_is_measured_on_a_task(files, samples, capsys):
    labels = np.array([{"-": "a", "|": "A", "/": "b", "": "7"}[text] for text in samples.labels.tolist()])
    np.savez(files / "all.npz", images=samples.images, labels=labels, split=samples.split)
    assert run("train", files / "mine.toml", "--data", files / "all.npz", "--out", files / "run") == 0
    results = []
    for task in ([], ["--task", "letters"]):
        capsys.readouterr()
        model = files / "run" / "best.safetensors"
        assert run("evaluate", model, "--data", files / "all.npz", "--json", "--classes", *task) == 0
        results.append(json.loads(capsys.readouterr().out))
    assert [[row["text"] for row in result["classes"]] for result in results] == [list("7Aab"), list("AB")]
    assert results[1]["samples"] < results[0]["samples"] and results[1]["top2"] == 1


def test_letters_as_numbers_are_measured_without_case_and_whole(files, samples, capsys):
    numbers = {"-": 1, "|": 1, "/": 2, "": 2}
    labels = np.array([{"-": "a", "|": "A", "/": "b", "": "B"}[text] for text in samples.labels.tolist()])
    np.savez(files / "all.npz", images=samples.images, labels=labels, split=samples.split)
    np.savez(
        files / "emnist-letters.npz",
        images=samples.images,
        labels=np.array([numbers[text] for text in samples.labels.tolist()], np.uint8),
    )
    assert run("train", files / "mine.toml", "--data", files / "all.npz", "--out", files / "run") == 0
    model, results = files / "run" / "best.safetensors", []
    for options in (["all.npz", "--split", "all", "--task", "letters"], ["emnist-letters.npz"]):
        capsys.readouterr()
        assert run("evaluate", model, "--json", "--data", files / options[0], *options[1:]) == 0
        results.append(json.loads(capsys.readouterr().out))
    assert results[0] == results[1] and results[0]["samples"] == 240 and results[0]["top1"] > 0.8


def test_a_network_keeps_what_its_data_tell_apart(files, samples, capsys):
    numbers = np.array([{"-": 1, "|": 2, "/": 3, "": 4}[text] for text in samples.labels.tolist()], np.uint8)
    np.savez(files / "emnist-letters.npz", images=samples.images, labels=numbers, split=samples.split)
    either = np.array([*"?aBcD"])[numbers]
    np.savez(files / "either.npz", images=samples.images, labels=either, split=samples.split)
    data, out, model = files / "emnist-letters.npz", files / "run", files / "run" / "best.safetensors"
    assert run("train", files / "mine.toml", "--data", data, "--out", out) == 0
    assert run("data", "split", "--data", data, "--out", files / "split.npz") == 0
    for name in ("emnist-letters.npz", "either.npz", "split.npz"):
        capsys.readouterr()
        assert run("evaluate", model, "--json", "--split", "all", "--data", files / name) == 0
        assert json.loads(capsys.readouterr().out)["top1"] > 0.9
    assert 0.1 < Sequential.load(model).settings["temperature"] < 10


@pytest.mark.parametrize(
    ("arguments", "code", "expected"),
    [
        (["train", "none", "--data", "data.npz", "--out", "run"], 4, "none: no such recipe"),
        (["train", "mine.toml", "--data", "none.npz", "--out", "run"], 3, "none.npz: no such file"),
        (["train", "mine.toml", "--data", "data.npz", "--out", "mine.toml"], 5, "mine.toml"),
        (["train", "mine.toml", "--data", "data.npz", "--out", "run", "--resume"], 4, "run.json"),
        (["train", "reader", "--data", "data.npz", "--out", "run"], 3, "(8, 8)"),
        (["evaluate", "none.safetensors", "--data", "data.npz"], 4, "none.safetensors: no such file"),
        (["evaluate", "mine.toml", "--data", "data.npz"], 4, "mine.toml: damaged"),
    ],
)
def test_errors_are_one_line_and_a_code(files, monkeypatch, capsys, arguments, code, expected):
    monkeypatch.chdir(files)
    assert run(*arguments) == code
    out, error = capsys.readouterr()
    assert expected in error and error.startswith("nn: ") and error.count("\n") == 1 and not out


def test_data_that_do_not_fit_the_model(files, capsys):
    run("train", files / "mine.toml", "--data", files / "data.npz", "--out", files / "run", "--epochs", 1)
    np.savez(files / "large.npz", images=np.zeros((2, 9, 9), np.uint8), labels=np.array(["-", "/"]))
    np.savez(files / "foreign.npz", images=np.zeros((2, 8, 8), np.uint8), labels=np.array(["-", "Q"]))
    for name, expected in (("large.npz", "(9, 9)"), ("foreign.npz", "'Q'")):
        capsys.readouterr()
        model = files / "run" / "best.safetensors"
        assert run("evaluate", model, "--data", files / name, "--split", "all") == 3
        assert expected in capsys.readouterr().err
        assert run("evaluate", model, "--data", files / name, "--split", "val") == 3
        assert "no samples with split 'val'" in capsys.readouterr().err


def test_ctrl_c_keeps_what_is_done(files, monkeypatch, capsys):
    arguments = ["train", files / "mine.toml", "--data", files / "data.npz", "--out", files / "run"]
    done = iter([1, 2])

    def interrupt(*_):
        if next(done) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(Lines, "epoch", interrupt)
    assert run(*arguments) == 130
    assert capsys.readouterr().err == f"nn: interrupted; go on with --resume ({files / 'run'})\n"
    monkeypatch.undo()
    assert run(*arguments, "--resume") == 0
    assert (
        next(line for line in capsys.readouterr().out.splitlines() if line[:6] == "epoch ")[:9] == "epoch 3/6"
    )

    monkeypatch.setattr(Lines, "step", interrupt)
    done = iter([2])
    assert run(*arguments[:-1], files / "other") == 130
    assert "no epoch was done" in capsys.readouterr().err


def test_the_bar_draws_on_a_terminal_only_what_the_lines_print(capsys):
    epoch = Epoch(3, 0.5, 0.75, 0.25, 0.875, 0.01, 12.0, 1500.0, best=True)
    screen = StringIO()
    with Bar(Console(file=screen, force_terminal=True, width=200)) as bar:
        bar.begin(500)
        bar.step(3, 2, 9, 0.61, 0.7)
        bar.epoch(epoch)
        [task] = bar.bar.tasks
    with Lines() as lines:
        lines.begin(500)
        lines.step(3, 2, 9, 0.61, 0.7)
        lines.epoch(epoch)
    printed = capsys.readouterr().out
    expected = "epoch   3/500  loss 0.5000 acc 75.00%  val_loss 0.2500 val_acc 87.50%  12.0 s  best\n"
    assert printed == expected and len(printed) <= 84
    assert printed.strip() in screen.getvalue()
    assert "epoch 3/500  2/9  loss 0.6100 acc 70.00%" in screen.getvalue()
    assert (task.completed, task.total) == (20, 4500)


def test_wrong_usage(capsys):
    assert run("train") == 2
    assert run("evaluate", "model", "--nonsense") == 2


def test_python_m_nn():
    done = subprocess.run([sys.executable, "-m", "nn", "--help"], capture_output=True, text=True, check=True)
    assert "train" in done.stdout and "evaluate" in done.stdout


def test_recipes_are_listed_printed_and_copied(tmp_path, capsys):
    assert run("recipes") == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.split()[0] == "mlp" and "small" in line for line in lines)
    assert any(line.startswith("strips/lines ") for line in lines) and max(map(len, lines)) < 130
    assert run("recipes", "mlp") == 0
    text = find_recipe("mlp").read_text("utf-8")
    assert capsys.readouterr().out == text
    assert run("recipes", "mlp", "--copy", tmp_path / "mine.toml") == 0
    assert (tmp_path / "mine.toml").read_text("utf-8") == text
    assert run("recipes", "mlp", "--copy", tmp_path / "mine.toml") == 5
    assert "is there already" in capsys.readouterr().err
    assert run("recipes", "nonsense") == 4


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("train.epoch=3", "threads; did you mean epochs?"),
        ("optimizer.type=adamm", "[optimizer]: type = 'adamm': must be one of"),
        ("layers.9.units=3", "mine.toml: --set: layers.9.units = 3: there is no such place"),
        ("train.epochs=many", "epochs = 'many': must be a whole number"),
        ("epochs", "--set epochs: expected KEY=VALUE"),
    ],
)
def test_settings_that_cannot_be_are_told(files, capsys, change, message):
    data, out = files / "data.npz", files / "run"
    assert run("train", files / "mine.toml", "--data", data, "--out", out, "--set", change) == 4
    said = capsys.readouterr().err
    assert message in said and said.count("\n") == 1 and not out.exists()


def test_a_setting_of_the_recipe_is_changed(files, capsys):
    changes = ["--set", "layers.2.units=5", "--set", "train.epochs=1", "--set", "optimizer.type=sgd"]
    changes += ["--set", "optimizer.rate=0.5"]
    out = files / "run"
    assert run("train", files / "mine.toml", "--data", files / "data.npz", "--out", out, *changes) == 0
    recipe = json.loads((out / "run.json").read_text())["recipe"]
    assert recipe["layers"][1]["units"] == 5 and recipe["optimizer"] == {"type": "sgd", "rate": 0.5}


def test_data_are_shown_before_anything_is_learned(files, samples, capsys):
    images, labels = samples.images.copy(), samples.labels.copy()
    images[1], labels[1] = images[0], labels[0]
    images[3], labels[2], labels[3] = images[2], "-", "/"
    np.savez(files / "odd.npz", images=images, labels=labels, split=samples.split)
    assert run("data", "show", files / "odd.npz", "--out", files / "page.html") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "240 samples of 8x8, 4 classes: train 150, val 60, test 30"
    assert lines[1].split()[:2] == ["none", str((labels == "").sum())] and "█" in "".join(lines)
    assert "twice there: 1" in lines and "the same picture with different labels: 2" in lines
    assert lines[-1] == str(files / "page.html")
    page = (files / "page.html").read_text("utf-8")
    assert page.count("<img") >= 6 and "looks like" not in page.split("Suspicious")[0]


def test_a_wrong_label_is_found(samples):
    labels = samples.labels.copy()
    place = int(np.flatnonzero(labels == "-")[3])
    labels[place] = "|"
    found = look_at(replace(samples, labels=labels))
    assert found.suspicious.tolist()[:1] == [place] and found.looks_like[0] == "-"


def test_views_are_averaged_by_predict_and_evaluate(files, samples, capsys):
    run("train", files / "mine.toml", "--data", files / "data.npz", "--out", files / "run", "--epochs", 2)
    model = files / "run" / "best.safetensors"
    rates = Classifier.load(model).set_params(views=3).predict_proba(samples.images)
    capsys.readouterr()
    assert run("predict", model, files / "data.npz", "--views", 3, "--top", 1) == 0
    said = [float(line.split("\t")[2]) for line in capsys.readouterr().out.splitlines()]
    np.testing.assert_allclose(said, rates.max(axis=1), atol=1e-4)
    command = ["evaluate", model, "--data", files / "data.npz", "--split", "all", "--json", "--views"]
    assert run(*command, 3) == 0
    found = json.loads(capsys.readouterr().out)["top1"]
    assert found == np.mean(np.array(Sequential.load(model).classes)[rates.argmax(axis=1)] == samples.labels)
    assert run(*command, 65) == 2
