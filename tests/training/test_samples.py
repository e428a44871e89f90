from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from training.fonts import PILLOW_FONT
from training.samples import Block, Camera, Sheet, load_sheets, make_samples

SAMPLES = Path(__file__).parents[2] / "samples"
BLOCK = Block("Two\nlines", "Aileron", 20, 40, 60)


def test_the_samples_are_those_of_the_sheets() -> None:
    sheets = load_sheets()
    files = (path.relative_to(SAMPLES) for path in SAMPLES.rglob("*") if path.suffix in {".png", ".jpg"})
    pictures = {path.as_posix() for path in files if path.parts[0] != "shown"}
    assert pictures == {sheet.name for sheet in sheets}
    for sheet in sheets:
        assert (SAMPLES / sheet.name).with_suffix(".txt").read_text(encoding="utf-8") == sheet.text
        with Image.open(SAMPLES / sheet.name) as picture:
            assert sorted(picture.size) == sorted(sheet.size)
    assert sum(path.stat().st_size for path in SAMPLES.iterdir()) < 2_500_000


@pytest.mark.parametrize("name", ["a.png", "b.jpg"])
def test_making_a_sheet_twice_makes_the_same_picture(tmp_path: Path, name: str) -> None:
    sheet = Sheet(name, (260, 160), (BLOCK,), Camera(3, 0.02, 0.3, 0.2, noise=0.02), table=(90, 70, 50))
    pictures = []
    for folder in (tmp_path / "once", tmp_path / "again"):
        folder.mkdir()
        make_samples([PILLOW_FONT], folder, [sheet])
        pictures.append(np.asarray(Image.open(folder / name)))
        assert (folder / name).with_suffix(".txt").read_text() == "Two\nlines\n"
        assert f"| `{name}` | Aileron (CC0-1.0) |" in (folder / "README.md").read_text()
    assert np.array_equal(pictures[0], pictures[1])
    assert pictures[0].ndim == (3 if name.endswith("jpg") else 2)
    assert np.ptp(pictures[0]) > 100


@pytest.mark.parametrize(
    ("block", "message"),
    [(replace(BLOCK, left=250), "does not fit"), (replace(BLOCK, family="absent"), "absent")],
)
def test_a_sheet_that_cannot_be_made_is_refused(tmp_path: Path, block: Block, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make_samples([PILLOW_FONT], tmp_path, [Sheet("a.png", (260, 160), (block,), Camera())])
