import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from nn.commands.cli import main
from nn.commands.progress import Lines
from nn.data import write_npz
from nn.gallery.report import report, tiles
from nn.training.run_folder import RunFolder
from nn.training.train import train


class Page(HTMLParser):
    """Keeps the headings, the cells and the sources of images of a page."""

    def __init__(self, text):
        super().__init__()
        self.headings, self.cells, self.sources, self.links, self.inside = [], [], [], [], ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.inside = tag
        self.sources += [value for name, value in attributes if name == "src"]
        self.links += [value for name, value in attributes if name == "href"]

    def handle_data(self, data):
        if self.inside in ("h1", "h2"):
            self.headings.append(data.strip())
        if self.inside == "td":
            self.cells.append(data.strip())


@pytest.fixture
def folder(tmp_path, recipe, samples):
    pytest.importorskip("matplotlib", reason="matplotlib is not installed")
    folder = RunFolder(tmp_path / "run")
    train(replace(recipe, train=replace(recipe.train, epochs=2)), samples, folder, Lines())
    return folder


def test_the_page_holds_all_parts_with_the_right_numbers_and_needs_nothing_else(folder, samples):
    text = report(folder, samples.part("test"))
    page = Page(text)
    headings = " ".join(page.headings)
    for part in ("Learning", "Gradients", "first layer", "How large", "Measured", "Confusion", "surest"):
        assert part in headings
    assert "augmentation does" in headings and "Run run" in headings
    assert len(page.sources) == 8 and not page.links
    assert all(source.startswith("data:image/png;base64,iVBOR") for source in page.sources)
    assert [cell for cell in page.cells if cell in ("none", "-", "/", "|")] == ["none", "-", "/", "|"]
    assert f"{len(samples.part('test'))} samples: top-1" in text
    supports = [int(n) for n in re.findall(r"<td>(\d+)(?=<|$)", text)]
    assert sum(supports) == len(samples.part("test"))


def test_without_data_or_augmentation_those_parts_are_left_out(folder, samples, recipe, tmp_path):
    assert len(Page(report(folder, None)).sources) == 4
    plain = RunFolder(tmp_path / "plain")
    layers = ({"type": "flatten"}, {"type": "dense", "units": "classes"})
    augmented = replace(recipe, layers=layers, augment=type(recipe.augment)())
    train(replace(augmented, train=replace(recipe.train, epochs=1)), samples, plain, Lines())
    assert len(Page(report(plain, samples.part("test"))).sources) == 7


def test_the_command(folder, samples, tmp_path, capsys):
    write_npz(tmp_path / "data.npz", samples)
    nowhere, data = str(tmp_path / "none" / "x"), str(tmp_path / "data.npz")
    for arguments, code in (([], 0), (["--data", data], 0), (["--out", nowhere], 5)):
        with pytest.raises(SystemExit) as caught:
            main(["report", str(folder.path), *arguments])
        assert (caught.value.code or 0) == code
    assert f"{folder.path / 'report.html'}\n" in capsys.readouterr().out
    assert "Confusion" in (folder.path / "report.html").read_text("utf-8")


def test_the_first_layers_weights_as_pictures():
    weight = np.arange(2 * 12, dtype=np.float32).reshape(12, 2)
    assert tiles(weight, (3, 4)).shape == (2, 3, 4) and tiles(weight, (3, 4))[1, 0, 1] == 3
    assert tiles(weight, (5, 5)).shape == (2, 1, 12)
    assert tiles(np.zeros((5, 4, 3, 60)), (9, 9)).shape == (48, 5, 4)
    assert tiles(np.zeros((5, 5, 3)), (9, 9)).shape == (3, 5, 5)
