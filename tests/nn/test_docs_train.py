"""The lines of Python in docs/how-to/train.md run as they stand."""

import re
from pathlib import Path

from nn.data import write_npz
from nn.model import Sequential

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "train.md"


def test_the_ten_lines_train_and_read(tmp_path, monkeypatch, samples, capsys):
    [code] = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert len(code.strip().splitlines()) <= 12
    write_npz(tmp_path / "letters.npz", samples)
    monkeypatch.chdir(tmp_path)
    exec(compile(code, str(PAGE), "exec"), {})
    assert "conv2d" in capsys.readouterr().out
    assert Sequential.load("mine.safetensors").classes == ("", "-", "/", "|")
