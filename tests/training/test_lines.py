"""Real lines and words, cut to strips."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from nn.commands.cli import main as nn
from nn.sequence import SequenceModel
from nn.training.strips import Strips
from training.__main__ import app as training
from training.__main__ import main
from training.lines import plain_text, real, real_lines

Drawn = Callable[..., npt.NDArray[np.uint8]]


def test_folders_of_lines_and_of_words(tmp_path: Path, drawn: Drawn) -> None:
    for folder, name, text in (("lines", "a", "one line"), ("words", "b", "word"), ("words", "c", "two")):
        (tmp_path / folder).mkdir(exist_ok=True)
        Image.fromarray(drawn([text])).save(tmp_path / folder / f"{name}.png")
    (tmp_path / "lines" / "a.gt.txt").write_text(" one  line\n", "utf-8")
    (tmp_path / "lines" / "broken.gt.txt").write_text("no picture", "utf-8")
    (tmp_path / "lines" / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / "words" / "labels.tsv").write_text("b\tword\nc\ttwo\n", "utf-8")
    found = list(real_lines([tmp_path / "lines", tmp_path / "words"]))
    assert [(name, text) for name, _, text in found[::2]] == [("a", "one line"), ("b", "word"), ("c", "two")]
    assert [(name, text) for name, _, text in found[::2]] == [(name, text) for name, _, text in found[1::2]]
    assert all(strip.shape[0] == 32 and strip.max() > 200 for _, strip, _ in found)
    assert [a.shape == b.shape and (a != b).any() for (_, a, _), (_, b, _) in pairwise(found)][::2] == [
        True
    ] * 3


def test_the_commands_that_make_strips_and_train_on_them(
    tmp_path: Path, drawn: Drawn, capsys: pytest.CaptureFixture[str]
) -> None:
    def said(main: Callable[[list[str]], object], *arguments: str) -> str:
        """Return what a command prints, whose process would end with 0."""
        capsys.readouterr()
        with pytest.raises(SystemExit) as caught:
            main(list(arguments))
        told = capsys.readouterr()
        assert not caught.value.code, told.err
        return told.out

    for k in range(24):
        Image.fromarray(drawn([f"page {k}"])).save(tmp_path / f"F{k // 2:02}_{k % 2}.png")
        (tmp_path / f"F{k // 2:02}_{k % 2}.gt.txt").write_text(f"page {k}", "utf-8")
    said(training, "real-strips", "--lines", str(tmp_path), "--out", str(tmp_path / "strips.npz"))
    strips = Strips.load(tmp_path / "strips.npz")
    assert len(strips) == 48 and sorted(strips.texts[strips.split == "val"]) == [
        f"page {k}" for k in (0, 0, 1, 1)
    ]
    out = tmp_path / "run"
    recipe = tmp_path / "small.toml"
    recipe.write_text(
        """input_shape = [32, 64, 1]
classes = ["", " ", "a", "e", "g", "p", "0", "1", "2"]
layers = [
    { type = "max_pool2d", kernel = 8, columns = 2 },
    { type = "columns" },
    { type = "conv1d", filters = "classes", kernel = 5 },
]
[train]
epochs = 1
batch_size = 8
""",
        "utf-8",
    )
    data = ("--data", str(tmp_path / "strips.npz"))
    trained = said(nn, "train-strips", str(recipe), *data, "--out", str(out))
    assert trained.strip().endswith("best.safetensors")
    checked = said(training, "check-lines", str(out / "best.safetensors"), *data)
    assert checked.startswith("strips ") and "% " in checked
    said(training, "finish-lines", str(out / "best.safetensors"), "--out", str(tmp_path / "half"))
    assert SequenceModel.load(tmp_path / "half").classes[2] == "a"


def test_real_strips_say_what_their_texts_leave_out(
    tmp_path: Path, drawn: Drawn, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for k, text in enumerate(["Écu", "«été»"]):
        Image.fromarray(drawn([plain_text(text)])).save(tmp_path / f"word_{k}.png")
        (tmp_path / f"word_{k}.gt.txt").write_text(text, "utf-8")
    strips = real([tmp_path], "case", "word", accents=True)
    assert strips.texts.tolist() == ["Ecu"] * 3 + ['"ete"'] * 3 and set(strips.left_out) == {"case"}
    assert strips.split.tolist() == ["val"] * 3 + ["train"] * 3
    wrong = ["real-strips", "--lines", str(tmp_path), "--out", "x.npz"]
    command = [sys.executable, "-m", "training", *wrong, "--left-out", "all"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode != 0 and "--left-out 'all': must be one of" in done.stderr
    assert "Traceback" not in done.stderr
    monkeypatch.setattr("sys.argv", ["training", *wrong, "--preset", "sideways"])
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code and "--preset 'sideways': must be one of" in capsys.readouterr().err
