"""Weights fitted on lines with known text: the search, what is compared, and the command on drawn lines."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from nn.errors import DataError
from ocr.recognition.weights import BUNDLED, Weights, load_weights
from training.fit_weights import FITTED, LineSet, compared, fit, fit_weights_command, value, with_value
from training.fonts import PILLOW_FONT
from training.render import render_lines


def test_a_weight_is_changed_and_nothing_else() -> None:
    start = load_weights()
    for name in FITTED:
        changed = with_value(start, name, 0.25 * value(start, name))
        assert value(changed, name) == 0.25 * value(start, name)
        assert with_value(changed, name, value(start, name)) == start


def test_the_search_finds_weights_with_fewer_errors() -> None:
    def errors_of(weights: Weights) -> list[list[int]]:
        far = abs(np.log(weights.line_weight / 1.5)) + abs(np.log(weights.gaps.word_weight / 0.3))
        return [[round(100 * far)], [round(10 * far), 5]]

    start = load_weights()
    best = fit(start, errors_of, told=lambda _: None)
    assert best.line_weight == pytest.approx(1.5, rel=0.15)
    assert best.gaps.word_weight == pytest.approx(0.3, rel=0.15)
    same = [name for name in FITTED if name not in ("line_weight", "gaps.word_weight")]
    assert all(value(best, name) == value(start, name) for name in same)


@pytest.mark.parametrize(
    ("left_out", "expected"),
    [("", "Ecole No. 5"), ("case", "ecole no. 5"), ("marks", "EcoleNo5"), ("case and marks", "ecoleno5")],
)
def test_texts_are_compared_without_what_they_leave_out(left_out: str, expected: str) -> None:
    assert compared("École  No. 5", left_out) == expected


def test_a_set_is_a_folder_and_how_to_read_it() -> None:
    assert LineSet.of("lines/a,word,fr,case") == LineSet(Path("lines/a"), "word", "fr", "case")
    assert LineSet.of("lines/a") == LineSet(Path("lines/a"))
    with pytest.raises(DataError, match="accents"):
        LineSet.of("lines/a,word,fr,accents")


def test_the_command_writes_weights_with_which_no_more_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = []
    for k, said in enumerate(("In the garden", "over the lazy dog", "home to eat and sleep")):
        drawn = render_lines([said], PILLOW_FONT, 44, np.random.default_rng(k), spacing=0.1).grey
        Image.fromarray(np.pad(drawn, 20, constant_values=255)).save(tmp_path / f"{k}.png")
        rows.append(f"{k}.png\t{said}")
    (tmp_path / "labels.tsv").write_text("\n".join(rows), encoding="utf-8")
    out = tmp_path / "weights.json"
    fit_weights_command([str(tmp_path)], out, count=3)
    told = re.search(r"fitted on: errors \S+ \(\S+ (\d+) -> (\d+)\)", capsys.readouterr().out)
    assert told is not None and int(told[2]) <= int(told[1])
    found = expected = load_weights(out)
    for name in FITTED:
        expected = with_value(expected, name, value(load_weights(), name))
    assert expected == load_weights()
    assert (found == expected) == (told[1] == told[2])
    assert json.loads(out.read_text("utf-8")).keys() == json.loads(BUNDLED.read_text("utf-8")).keys()
