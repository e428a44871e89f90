"""Strokes and bitmaps: text drawn from what people wrote."""

from pathlib import Path

import numpy as np
import pytest

from training.bitmaps import load_bitmaps, render_bitmaps
from training.composed import COMPOSED
from training.extents import EXTENTS
from training.render import STEADY
from training.strokes import load_strokes, render_strokes
from training.text import CHARACTERS

_LATEX = {"<": "\\lt", ">": "\\gt", "'": "\\prime", "{": "\\{", "}": "\\}"}
_LINES = ((0, 0), (0, 5), (1, 9), (4, 9), (5, 4)), ((2, 2), (3, 6))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with one zigzag for every character, by a writer of each split."""
    kept = sorted(EXTENTS)
    for name, writers in (("crohme2016", ("ann", "bob")), ("chars74k_hnd", (1, 2))):
        labels = [_LATEX.get(c, c) for c in kept for _ in writers]
        points = np.array([point for _ in labels for line in _LINES for point in line], np.float32)
        np.savez(
            tmp_path / f"{name}_strokes.npz",
            xy=points,
            stroke_len=np.tile([len(line) for line in _LINES], len(labels)).astype(np.int32),
            n_strokes=np.full(len(labels), len(_LINES), np.int16),
            labels=np.array(labels),
            writer=np.array([writer for _ in kept for writer in writers]),
        )
    letters = "aabbb"
    images = np.zeros((5, 28, 28), np.uint8)
    images[:, 4:24, 10:18] = 255
    np.savez(
        tmp_path / "hand.npz",
        images=images,
        labels=np.array(list(letters)),
        source=np.array(
            ["crohme2016_alnum", "chars74k_hnd", "tas62_scans", "tas62_scans", "crohme2016_alnum"]
        ),
        group=np.array(["ann", "1", "cid", "dot", "bob"]),
        split=np.array(["train", "train", "train", "train", "test"]),
        suspect=np.array([True, False, True, False, False]),
    )
    return tmp_path


def test_only_writers_of_the_train_split_are_loaded(folder: Path) -> None:
    strokes = load_strokes(folder)
    writers = {writer for written in strokes.symbols.values() for writer in written}
    assert writers == {"crohme2016_alnum/ann", "chars74k_hnd/1"}
    assert strokes.symbols["<"]["chars74k_hnd/1"][0][1].tolist() == [[2, 2], [3, 6]]


def test_every_character_can_be_drawn_with_strokes(folder: Path) -> None:
    strokes = load_strokes(folder)
    assert strokes.characters >= set(CHARACTERS)
    assert not set(COMPOSED) & set(EXTENTS)
    rendered = render_strokes([CHARACTERS], strokes, 20, np.random.default_rng(0), spacing=0.3)
    assert rendered.characters == tuple(CHARACTERS)
    assert set(np.unique(rendered.owner)) == set(range(len(CHARACTERS) + 1))


@pytest.mark.parametrize(("character", "bottom", "top"), [("x", 0, 1), ("p", -0.6, 1), ("d", 0, 1.5)])
def test_strokes_stand_where_such_characters_stand(
    folder: Path, character: str, bottom: float, top: float
) -> None:
    strokes = load_strokes(folder)
    rendered = render_strokes([character * 30], strokes, 40, np.random.default_rng(3), jitter=STEADY)
    rows = [np.nonzero(rendered.owner == k)[0] for k in range(1, 31)]
    high, low = (np.mean([edge(row) for row in rows]) for edge in (np.min, np.max))
    assert (rendered.lines[0].baseline - low) / 40 == pytest.approx(bottom, abs=0.4)
    assert (rendered.lines[0].baseline - high) / 40 == pytest.approx(top, abs=0.5)


def test_pictures_are_those_that_can_be_trusted(folder: Path) -> None:
    bitmaps = load_bitmaps(folder)
    assert {c: [len(images) for images in of] for c, of in bitmaps.images.items()} == {"a": [1, 1], "b": [1]}


def test_pictures_are_set_in_proportion(folder: Path) -> None:
    bitmaps = load_bitmaps(folder)
    rendered = render_bitmaps(["ab ba"], bitmaps, 30, np.random.default_rng(0), jitter=STEADY)
    heights = [np.ptp(np.nonzero(rendered.owner == k)[0]) + 1 for k in range(1, 5)]
    assert heights[0] == pytest.approx(30, rel=0.2)
    assert heights[1] > 1.15 * heights[0] and heights[2] > 1.15 * heights[3]


def test_the_seed_decides(folder: Path) -> None:
    strokes = load_strokes(folder)
    first, again = (render_strokes(["as one"], strokes, 20, np.random.default_rng(4)) for _ in range(2))
    assert np.array_equal(first.grey, again.grey)


def test_what_nobody_wrote_is_refused(folder: Path) -> None:
    with pytest.raises(ValueError, match="nobody wrote"):
        render_strokes(["\u4e00"], load_strokes(folder), 20, np.random.default_rng(0))
    with pytest.raises(ValueError, match="no pictures"):
        render_bitmaps(["abc"], load_bitmaps(folder), 20, np.random.default_rng(0))
