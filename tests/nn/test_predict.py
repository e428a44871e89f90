from typing import Any

import numpy as np
import pytest
from PIL import Image

from nn.commands.cli import ALONE, main
from nn.errors import DataError
from nn.model import Sequential
from nn.passed import Passed
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


def run_both(capsys, *arguments, code=0, passed=ALONE):
    with pytest.raises(SystemExit) as caught:
        main([str(argument) for argument in arguments], passed)
    assert (caught.value.code or 0) == code
    return capsys.readouterr()


def run(capsys, *arguments, code=0):
    out, err = run_both(capsys, *arguments, code=code)
    return err if code else out


def test_a_folder_goes_on_after_what_is_no_picture(tmp_path, model, capsys):
    folder = tmp_path / "pictures"
    folder.mkdir()
    (folder / "notes.txt").write_text("no picture")
    (folder / ".hidden").write_text("no picture")
    for name in ("1.png", "3.png"):
        Image.fromarray(np.full((16, 16), 255, np.uint8)).save(folder / name)
    out, err = run_both(capsys, "predict", model, folder)
    assert [line.split("\t")[0] for line in out.splitlines()] == [f"{folder}/1.png", f"{folder}/3.png"]
    assert err == f"nn: left out, as not called like pictures (1): {folder}/notes.txt\n"
    (folder / "2.png").write_bytes(b"no picture")
    out, err = run_both(capsys, "predict", model, folder, code=3)
    assert out.count("\n") == 2 and "2.png: not a readable picture" in err and err.count("\n") == 2
    (folder / "2.png").rename(tmp_path / "2.png")
    table = tmp_path / "out.csv"
    err = run(capsys, "predict", model, tmp_path / "2.png", folder, "--kaggle", table, code=3)
    assert f"{table}: not written" in err and not table.exists()
    assert run_both(capsys, "predict", model, tmp_path / "2.png", code=3).out == ""


def test_what_is_no_character_is_called_none(tmp_path, model, capsys):
    network = Sequential.load(model)
    network.classes = ("", "bottom", "top")
    network.save(model)
    Image.fromarray(np.full((16, 16), 255, np.uint8)).save(tmp_path / "1.png")
    out = run(capsys, "predict", model, tmp_path / "1.png")
    assert sorted(out.rstrip().split("\t")[1::2]) == ["bottom", "none", "top"]
    Image.fromarray(np.zeros((8, 8), np.uint8)).save(tmp_path / "2.png")
    run(capsys, "predict", model, tmp_path / "2.png", "--kaggle", tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text().splitlines()[1] == "1,none"


def test_the_letter_on_a_picture_is_found_by_what_is_passed_in(tmp_path, model, capsys):
    def glyph(path):
        if path.stem == "blank":
            raise DataError(f"{path}: no letter found")
        return np.pad(np.full((14, 28), 255, np.uint8), ((14, 0), (0, 0)))

    (tmp_path / "letter.xyz").write_bytes(b"")
    (tmp_path / "blank.xyz").write_bytes(b"")
    files = tmp_path / "blank.xyz", tmp_path / "letter.xyz"
    out, err = run_both(capsys, "predict", model, *files, code=3, passed=Passed(glyph))
    assert out.split("\t")[1] == "bottom" and out.count("\n") == 1
    assert err == f"nn: {tmp_path}/blank.xyz: no letter found\n"


def test_labels_of_tables_do_not_matter(tmp_path, model, capsys):
    images = np.zeros((3, 8, 8), np.uint8)
    images[1, :4], images[2, 4:] = 255, 255
    np.savez(tmp_path / "bare.npz", images=images)
    np.savez(tmp_path / "numbers.npz", images=images, labels=np.array([11, 12, 13]))
    np.savez(tmp_path / "keras.npz", x_train=images[:2], y_train=[1, 2], x_test=images[2:], y_test=[11])
    for name in ("bare.npz", "numbers.npz", "keras.npz"):
        lines = run(capsys, "predict", model, tmp_path / name).splitlines()
        assert [line.split("\t")[1] for line in lines] == ["a", "top", "bottom"]


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
    assert "none.png: no such file" in run(capsys, "predict", model, tmp_path / "none.png", code=3)
    (tmp_path / "empty").mkdir()
    assert "no pictures" in run(capsys, "predict", model, tmp_path / "empty", code=3)
    wide = Sequential([{"type": "flatten"}, {"type": "dense", "units": 2}], (8, 9, 1), ("a", "b"))
    wide.save(tmp_path / "wide")
    assert "expected square" in run(capsys, "predict", tmp_path / "wide", tmp_path, code=4)


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
