"""Drawn lines cut into glyphs by the pipeline, and each glyph named by whose ink it is."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from training.fonts import PILLOW_FONT
from training.glyphs import LabelledGlyphs, glyphs_of, hand_written, renormalized
from training.render import Rendered, render_lines

LINE = "Pack my box, with 5 dozen jugs!"


def line(text: str, spacing: float = 0.1, size: int = 44) -> Rendered:
    return render_lines([text], PILLOW_FONT, size, np.random.default_rng(1), spacing=spacing)


def test_letters_apart_are_named_in_order_and_nothing_is_rejected_but_pieces() -> None:
    found = glyphs_of(line(LINE), np.random.default_rng(0))
    assert "".join(found.labels) == LINE.replace(" ", "")
    without = glyphs_of(line(LINE), np.random.default_rng(0), rejects=0)
    assert "" not in without.labels


def test_rejects_are_pieces_of_letters_and_letters_that_touch() -> None:
    found = glyphs_of(line("mmmm wwww mwmw", spacing=-0.15), np.random.default_rng(0), rejects=1.0)
    assert "" in found.labels
    assert {"m", "w", ""} >= set(found.labels)
    few = glyphs_of(line("mmmm wwww mwmw", spacing=-0.15), np.random.default_rng(0), rejects=0.2)
    assert 0 < (few.labels == "").sum() < (found.labels == "").sum()


@pytest.mark.parametrize("text", ["i", "j", ":", "=", "%", '"'])
def test_parts_that_belong_together_are_one_glyph(text: str) -> None:
    alone = glyphs_of(line(f"n{text}n", spacing=0.3), np.random.default_rng(0), rejects=0)
    assert alone.labels.tolist() == ["n", text, "n"]


def test_glyphs_are_in_the_format_that_the_network_takes() -> None:
    found = glyphs_of(line(LINE), np.random.default_rng(0))
    assert found.images.dtype == np.uint8
    assert found.images.shape[1:] == (28, 28)
    assert found.images[:, [0, 1, -2, -1]].max() < 128
    inked = (found.images > 127).sum(axis=(1, 2))
    assert inked[found.labels == "i"].max() < inked[found.labels == "m"].min()


def test_an_empty_picture_has_no_glyphs() -> None:
    blank = Rendered(np.full((50, 200), 255, np.uint8), np.zeros((50, 200), np.int32), (), (), "")
    found = glyphs_of(blank, np.random.default_rng(0))
    assert (len(found.images), len(found.labels)) == (0, 0)


def test_a_picture_turned_and_shrunk_on_the_way_keeps_its_names() -> None:
    """Light on dark, and so large that the pipeline reduces it: the owners go the same way as the ink."""
    drawn = line("Reading", size=200)
    dark = Rendered(255 - drawn.grey, drawn.owner, drawn.characters, drawn.lines, drawn.text)
    found = glyphs_of(dark, np.random.default_rng(0), rejects=0)
    assert "".join(found.labels) == "Reading"


def test_characters_of_another_collection_come_to_our_own_format() -> None:
    ours = glyphs_of(line("RAGS", size=60), np.random.default_rng(0), rejects=0).images
    small = np.zeros_like(ours)
    for image, own in zip(small, ours, strict=True):
        image[3:19, 9:25] = cv2.resize(own, (16, 16), interpolation=cv2.INTER_AREA)
    again = renormalized(small)
    assert again.shape == ours.shape
    for image in again:
        rows, columns = np.nonzero(image > 60)
        assert 20 <= max(np.ptp(rows), np.ptp(columns)) + 1 <= 26
        assert abs(rows.min() + rows.max() - 27) <= 3
        assert abs(columns.min() + columns.max() - 27) <= 3


def test_what_holds_no_character_is_left_as_it_is() -> None:
    faint = np.full((2, 28, 28), 0, np.uint8)
    faint[1, 10:12, 10:12] = 9
    assert np.array_equal(renormalized(faint)[0], faint[0])
    assert renormalized(faint).shape == faint.shape


def test_doubtful_characters_are_left_out_but_for_those_of_strokes(tmp_path: Path) -> None:
    sources = np.array(["tas62_scans", "tas62_scans", "strokes", "tas62_scans"])
    np.savez(
        tmp_path / "hand.npz",
        images=np.arange(4, dtype=np.uint8)[:, None, None].repeat(28, axis=1).repeat(28, axis=2),
        labels=np.array(list("abcd")),
        source=sources,
        split=np.array(["train", "train", "train", "val"]),
        suspect=np.array([0, 1, 1, 0]),
    )
    assert hand_written(tmp_path / "hand.npz", "train").labels.tolist() == ["a", "c"]
    assert hand_written(tmp_path / "hand.npz", "val").images[:, 0, 0].tolist() == [3]


def test_parts_are_joined_in_order() -> None:
    images = np.zeros((2, 28, 28), np.uint8)
    one, other = LabelledGlyphs(images, np.array(["a", ""])), LabelledGlyphs(images[:1] + 1, np.array(["€"]))
    both = LabelledGlyphs.join([one, other])
    assert both.labels.tolist() == ["a", "", "€"]
    assert both.images.max(axis=(1, 2)).tolist() == [0, 0, 1]
