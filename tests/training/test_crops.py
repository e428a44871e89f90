"""What a network that finds text learns from: lines and their maps, drawn and real crops."""

from __future__ import annotations

import json
from pathlib import Path
from zipfile import ZipFile

import cv2
import numpy as np
import pytest

from nn.dense_loss import HEIGHT_STEPS
from nn.finder import MAPS, FinderModel
from nn.training.crops import Crops
from training import real_crops
from training.cli_finder import check_finder_command, finish_finder_command
from training.drawn_crops import SIDE, degraded, lines_of
from training.fonts import PILLOW_FONT
from training.real_crops import WordMaps, along_baseline, page_lines, rows_of, scene_crop
from training.render import render_lines
from training.scenery import HELD_OUT, clutter, ground, is_held_out, photographs
from training.text_lines import STRIDE, TextLine, targets

LEVEL = TextLine.of([[40, 60], [200, 60], [200, 90], [40, 90]])


def test_a_line_is_half_way_between_its_edges_and_is_seen_through_a_homography() -> None:
    assert LEVEL.middle.tolist() == [[40, 75], [200, 75]] and LEVEL.height == 30 and LEVEL.degrees == 0
    turn = np.radians(30)
    matrix = np.array(
        [[2 * np.cos(turn), -2 * np.sin(turn), 5], [2 * np.sin(turn), 2 * np.cos(turn), -9], [0, 0, 1]]
    )
    seen = LEVEL.seen_through(matrix)
    assert seen.height == pytest.approx(60) and seen.degrees == pytest.approx(30)
    np.testing.assert_allclose(seen.middle, LEVEL.middle @ matrix[:2, :2].T + [5, -9])
    np.testing.assert_allclose(LEVEL.band(30)[[0, 1, 2, 3]], [[40, 60], [200, 60], [200, 90], [40, 90]])


def test_the_maps_of_a_line() -> None:
    maps = targets([LEVEL], 320, 0.5)
    text, core, weight, height, degrees = np.moveaxis(maps, 2, 0)
    assert text[18, 30] == core[18, 30] == weight[18, 30] == 255 and degrees[18, 30] == 1
    assert height[18, 30] / HEIGHT_STEPS == pytest.approx(np.log2(30), abs=0.03)
    assert weight[40, 40] == 128 and text[40, 40] == height[40, 40] == degrees[40, 40] == 0
    assert abs(text.sum() / 255 * STRIDE**2 / (160 * 30) - 1) < 0.2
    assert 0.3 < core.sum() / text.sum() < 0.6
    assert not core[15, :].any() and text[16, 30] and not core[:, 10].any()


def test_lines_close_to_each_other_have_cores_apart_and_the_smallest_do_not_count() -> None:
    lines = [TextLine(LEVEL.middle + np.array([0, 12 * k]), 11.0) for k in range(6)]
    count, _ = cv2.connectedComponents(targets(lines, 320)[..., 1])
    assert count == 7
    tiny = targets([TextLine(LEVEL.middle, 5.0)], 320)
    assert not tiny[..., 0].any() and (tiny[..., 2] == 0).any() and (tiny[..., 2] == 255).any()


def test_lines_of_what_is_drawn_hold_its_ink() -> None:
    rng = np.random.default_rng(0)
    clean = render_lines(["Hxg", "...", "xo"], PILLOW_FONT, 40, rng)
    lines = lines_of(clean)
    assert len(lines) == 3
    inside = np.zeros(clean.grey.shape, np.uint8)
    for line in lines:
        cv2.fillPoly(inside, [np.round(line.band(line.height)).astype(np.int32)], 1)
    assert (clean.grey[inside == 0] > 200).all()
    assert lines[1].height > 0.9 * clean.lines[1].x_height


@pytest.mark.parametrize("seed", range(12))
def test_grounds_clutter_and_wear_keep_to_the_scale(seed: int) -> None:
    rng = np.random.default_rng(seed)
    photos = [np.asarray(rng.integers(0, 256, (150, 200)), np.uint8)]
    image = ground(photos, SIDE, rng)
    clutter(image, 5, rng)
    again = np.random.default_rng(seed)
    again.integers(0, 256, (150, 200))
    other = ground(photos, SIDE, again)
    clutter(other, 5, again)
    np.testing.assert_array_equal(image, other)
    seen = degraded(image, 20.0, rng)
    assert image.dtype == np.float32 and seen.shape == (SIDE, SIDE) and seen.dtype == np.uint8


def test_words_that_follow_each_other_closely_make_lines() -> None:
    boxes = np.array(
        [[10, 10, 50, 30], [60, 12, 90, 31], [150, 11, 200, 30], [10, 40, 60, 60], [55, 41, 57, 44]], float
    )
    found = rows_of(boxes)
    ends = sorted((line.middle[0, 0], line.middle[1, 0]) for line in found)
    assert ends[:2] == [(10, 60), (10, 90)] and (150, 200) in ends
    assert rows_of(np.zeros((0, 4))) == []


def test_a_line_follows_its_baseline_however_its_outline_is_sampled() -> None:
    base = [[0, 50], [100, 60], [200, 50]]
    across = np.arange(0, 201, 2)
    upper = np.stack([across, np.interp(across, [0, 100, 200], [30, 40, 30])], axis=1)
    line = along_baseline(np.concatenate([[[200, 54], [100, 64], [0, 54]], upper]), base)
    assert line.height == pytest.approx(24, abs=2)
    np.testing.assert_allclose(line.middle, [[0, 42], [100, 52], [200, 42]], atol=1.5)


def test_lines_are_told_in_three_ways() -> None:
    quad = [[0, 0], [10, 0], [10, 5], [0, 5]]
    assert page_lines({"lines": [{"quad": quad, "text": "a"}]})[0].height == 5
    [line] = page_lines({"lines": [{"poly": [*quad, quad[0]], "baseline": [[0, 5], [10, 5]], "text": "a"}]})
    assert line.height == pytest.approx(5, abs=0.5)
    word = {"box": [0, 0, 10, 5], "text": "a", "label": "other"}
    assert len(page_lines({"words": [word, word | {"text": " "}]})) == 1


def test_words_of_a_mask_have_a_middle_a_height_and_a_direction() -> None:
    mask = np.zeros((160, 200), np.uint8)
    box = cv2.boxPoints(((100, 80), (90, 20), 25))
    cv2.fillPoly(mask, [np.round(box).astype(np.int32)], 1)
    cv2.circle(mask, (30, 130), 12, 1, -1)
    words = WordMaps.of(mask > 0)
    assert words.half[80, 100] == pytest.approx(10, abs=1.5) and words.known[80, 100]
    assert np.degrees(np.arctan2(words.sine[80, 100], words.cosine[80, 100])) == pytest.approx(50, abs=4)
    assert words.text[130, 30] and words.core[130, 30] and not words.known[130, 30]
    assert words.text.sum() > mask.sum() and not (words.near & words.text).any()
    nothing = WordMaps.of(np.zeros((20, 20), bool))
    assert not nothing.text.any() and not nothing.near.any()
    crop, maps = scene_crop(np.full((320, 400), 90, np.uint8), words, 0.2, np.random.default_rng(0))
    assert crop.shape == (SIDE, SIDE) and maps[..., 0].any() and (maps[..., 2] == 0).any()
    assert set(np.unique(maps[..., 0])) == {0, 255} and not maps[..., 1][maps[..., 0] == 0].any()


def test_every_twelfth_file_is_held_out_and_crops_are_cut_from_all_sets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"{k:02}.webp" for k in range(2 * HELD_OUT)]
    assert [name for name, held in zip(names, is_held_out(names), strict=True) if held] == [
        names[0],
        names[12],
    ]
    picture = np.full((400, 300), 180, np.uint8)
    cv2.putText(picture, "TEXT", (50, 200), cv2.FONT_HERSHEY_SIMPLEX, 2, 0, 4)
    content = cv2.imencode(".webp", picture)[1].tobytes()
    mask = cv2.imencode(".png", np.zeros((200, 150), np.uint8))[1].tobytes()
    told = json.dumps(
        {"size": [300, 400], "lines": [{"quad": [[50, 150], [190, 150], [190, 204], [50, 204]]}]}
    )
    monkeypatch.setattr(real_crops, "SETS", {"scenes": (1, 0.0), "photos": (1, 1.0), "sroie": (2, 0.5)})
    for name in ("scenes", "photos", "sroie"):
        with ZipFile(tmp_path / f"{name}.zip", "w") as file:
            for k in range(2):
                file.writestr(f"{k}.webp", content)
                file.writestr(f"{k}.mask.png", mask)
                file.writestr(f"{k}.json", told)
    counts: list[int] = []
    crops = real_crops.real_crops(tmp_path, 1, np.random.default_rng(0), counts.append)
    assert isinstance(crops, Crops) and len(crops) == counts[-1] == 8 and crops.stride == STRIDE
    assert (crops.split == "val").sum() == 4 and crops.targets[-1, ..., 0].any()
    assert not crops.targets[2:4, ..., 0].any() and (crops.targets[2:4, ..., 2] == 255).all()
    assert len(photographs(tmp_path, True)) == len(photographs(tmp_path, False)) == 1


def test_the_commands_that_measure_and_finish_a_network(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = FinderModel([{"type": "conv2d", "filters": 5, "kernel": 5, "stride": 4}], (64, 64, 1), MAPS)
    for name in ("weight", "bias"):
        model.layers[0].params[name][...] = 0
    model.layers[0].params["bias"][:] = [4, -4, 1, 1, 0]
    model.save(tmp_path / "model.safetensors")
    maps = targets([LEVEL], 320)[None]
    Crops(np.zeros((1, 320, 320), np.uint8), maps, np.array(["val"])).save(tmp_path / "crops.npz")
    check_finder_command(tmp_path / "model.safetensors", [tmp_path / "crops.npz"])
    share = 100 * (maps[..., 0] > 0).mean()
    said = capsys.readouterr().out.split()
    assert said[:3] == ["crops", "100.0", "%"] and said[6] == f"{share:.1f}"
    finish_finder_command(tmp_path / "model.safetensors", tmp_path / "half.safetensors")
    assert FinderModel.load(tmp_path / "half.safetensors").layers[0].params["bias"][0] == 4
