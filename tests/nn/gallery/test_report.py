import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from nn.commands.cli import main
from nn.commands.progress import Lines
from nn.data import write_npz
from nn.data.keys import learned_share, sketch
from nn.gallery.lines_report import NOBODY, read_lines
from nn.gallery.report import already_learned, report, tiles
from nn.model import Sequential
from nn.sequence import SequenceModel
from nn.training.run_folder import RunFolder
from nn.training.train import train
from tests.nn.test_sequence import RECIPE as LINES
from tests.nn.test_sequence import some_strips


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


def written(folder: RunFolder, *arguments: object, code: int = 0) -> str:
    """Return the page that the command writes for a run, or what is there of one before."""
    with pytest.raises(SystemExit) as caught:
        main(["report", str(folder.path), *map(str, arguments)])
    assert (caught.value.code or 0) == code
    return (folder.path / "report.html").read_text("utf-8") if code == 0 else ""


def test_the_page_holds_all_parts_with_the_right_numbers_and_needs_nothing_else(
    folder, samples, tmp_path, capsys
):
    write_npz(tmp_path / "data.npz", samples)
    text = written(folder, "--data", tmp_path / "data.npz")
    assert f"{folder.path / 'report.html'}\n" in capsys.readouterr().out
    page = Page(text)
    headings = " ".join(page.headings)
    parts = ("Learning", "Gradients", "first layer", "How large", "Measured", "Confusion")
    for part in (*parts, "Most confused", "batch norm", "surest"):
        assert part in headings
    assert "augmentation does" in headings and "Run run" in headings
    assert "learning rate" in headings and "Measured on what was learned" not in headings
    assert len(page.sources) == 9 and not page.links
    assert all(source.startswith("data:image/png;base64,iVBOR") for source in page.sources)
    assert [cell for cell in page.cells if cell in ("none", "-", "/", "|")] == ["none", "-", "/", "|"]
    assert f"{len(samples.part('test'))} samples: top-1" in text
    supports = [int(n) for n in re.findall(r"<td>(\d+)(?=<|$)", text)]
    assert sum(supports) == len(samples.part("test"))


def test_without_data_or_augmentation_those_parts_are_left_out(folder, samples, recipe, tmp_path):
    assert len(Page(written(folder)).sources) == 4
    plain = RunFolder(tmp_path / "plain")
    layers = ({"type": "flatten"}, {"type": "dense", "units": "classes"})
    augmented = replace(recipe, layers=layers, augment=type(recipe.augment)())
    train(replace(augmented, train=replace(recipe.train, epochs=1)), samples, plain, Lines())
    assert len(Page(report(plain, samples.part("test"))).sources) == 7
    written(plain, "--out", tmp_path / "none" / "x", code=5)


def test_the_first_layers_weights_as_pictures():
    weight = np.arange(2 * 12, dtype=np.float32).reshape(12, 2)
    assert tiles(weight, (3, 4)).shape == (2, 3, 4) and tiles(weight, (3, 4))[1, 0, 1] == 3
    assert tiles(weight, (5, 5)).shape == (2, 1, 12)
    assert tiles(np.zeros((5, 4, 3, 60)), (9, 9)).shape == (48, 5, 4)
    assert tiles(np.zeros((5, 5, 3)), (9, 9)).shape == (3, 5, 5)


def test_who_measures_on_what_was_learned_is_warned(folder, samples, tmp_path, capsys):
    model, learned = Sequential.load(folder.best), samples.part("train")
    assert already_learned(model, learned) == 1 and already_learned(model, samples.part("test")) == 0
    half = replace(learned, images=np.where(np.arange(len(learned))[:, None, None] % 2, learned.images, 7))
    assert already_learned(model, half) == pytest.approx(0.5, abs=0.01)
    assert already_learned(Sequential(model.architecture, (8, 8, 1), model.classes), learned) is None
    write_npz(tmp_path / "data.npz", samples)
    model.save(tmp_path / "mine.safetensors")
    arguments = [str(tmp_path / "mine.safetensors"), "--data", str(tmp_path / "data.npz"), "--split", "train"]
    with pytest.raises(SystemExit) as caught:
        main(["report", *arguments, "--errors", "3"])
    said = capsys.readouterr()
    assert not caught.value.code and "learned from about 100% of these very pictures" in said.err
    page = Page((tmp_path / "mine.report.html").read_text("utf-8"))
    assert [head for head in page.headings if head][:2] == [
        "Model mine.safetensors",
        "Measured on what was learned",
    ]


def test_of_many_pictures_learned_a_part_is_kept_that_tells_the_share():
    rng = np.random.default_rng(0)
    learned, other = rng.integers(0, 2**63, (2, 60_000)).astype(np.uint64)
    kept = sketch(learned)
    assert len(kept) < 44_000 and learned_share(kept, learned) == 1 and learned_share(kept, other) == 0
    mixed = np.concatenate([learned[:6000], other[:18_000]])
    assert learned_share(kept, mixed) == pytest.approx(0.25, abs=0.05)
    assert learned_share("no sketch!", learned) is None and learned_share("", learned) is None


def test_lines_are_read_beside_what_they_say():
    strips = some_strips(20)
    model = SequenceModel(LINES.architecture(4), LINES.input_shape, LINES.classes)
    read = read_lines(model, strips)
    there = read.labels != NOBODY
    characters, said = sum(map(len, read.truths)), sum(map(len, read.readings))
    assert len(read.rates) == len(read.labels) == said and there.sum() + len(read.missed) == characters
    wrong = (read.rates[there].argmax(axis=1) != read.labels[there]).sum()
    assert read.edits.sum() == wrong + (~there).sum() + len(read.missed)


def test_the_page_of_a_network_for_lines(tmp_path, capsys):
    pytest.importorskip("matplotlib", reason="matplotlib is not installed")
    model = SequenceModel(LINES.architecture(4), LINES.input_shape, LINES.classes)
    model.save(tmp_path / "lines.safetensors")
    some_strips(20).save(tmp_path / "strips.npz")
    arguments = [
        "--data",
        str(tmp_path / "strips.npz"),
        "--split",
        "val",
        "--out",
        str(tmp_path / "page.html"),
    ]
    with pytest.raises(SystemExit) as caught:
        main(["report", str(tmp_path / "lines.safetensors"), *arguments])
    assert not caught.value.code
    text = (tmp_path / "page.html").read_text("utf-8")
    assert "4 lines, 0 of them without an error" in text and "The lines with most errors" in text
