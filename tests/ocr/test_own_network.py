"""A network of one's own, trained on files in the layouts in which letters are published, reads."""

from __future__ import annotations

import gzip
import io
import json
import shutil
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from scipy.io import savemat

from nn.commands.cli import main as nn
from nn.data.emnist import LABELS
from nn.data.read import read
from nn.model import Sequential
from nn.passed import Passed
from nn.recipe import task_of
from ocr.commands.cli import run
from ocr.commands.nn import letter_on, remembering
from ocr.web.network_view import activations, network
from ocr.web.tasks import Model, Task
from ocr.web.worker import answer_to
from pipelines.pipeline import PRESETS
from tests.ocr.small_network import small_network
from training.fonts import PILLOW_FONT
from training.glyphs import glyphs_of
from training.render import HAND, render_lines

Drawn = Callable[..., npt.NDArray[np.uint8]]
Images = npt.NDArray[np.uint8]
CHARACTERS = "".join(LABELS["byclass"].values())
RECIPE = small_network(epoch_size=8000)


@pytest.fixture(scope="module")
def glyphs() -> tuple[Images, npt.NDArray[np.str_]]:
    """Return characters in one typeface, each drawn a little differently six times."""
    rng = np.random.default_rng(0)
    lines = [CHARACTERS[start : start + 16] for start in range(0, len(CHARACTERS), 16)]
    parts = [
        glyphs_of(render_lines([line], PILLOW_FONT, 44, rng, spacing=0.4, jitter=HAND), rng, rejects=0)
        for line in lines
        for _ in range(6)
    ]
    return np.concatenate([part.images for part in parts]), np.concatenate([part.labels for part in parts])


@dataclass(frozen=True)
class Files:
    """Writes labelled glyphs into a folder in one of the official layouts."""

    folder: Path
    images: Images
    numbers: npt.NDArray[np.uint8]

    def idx(self, name: str, *, transposed: bool, test: str = "test") -> Path:
        """As NIST and MNIST publish them, the last third as the test part."""
        first = 2 * len(self.images) // 3
        images = self.images.transpose(0, 2, 1) if transposed else self.images
        for part, chosen in (("train", slice(first)), (test, slice(first, None))):
            _write(self.folder / f"{name}{part}-images-idx3-ubyte.gz", images[chosen])
            _write(self.folder / f"{name}{part}-labels-idx1-ubyte.gz", self.numbers[chosen])
        return self.folder / name.rstrip("-")

    def mat(self, name: str, mapping: dict[int, str]) -> Path:
        """As EMNIST's MATLAB files."""
        columns = self.images.transpose(0, 2, 1).reshape(len(self.images), 784)
        part = {"images": columns, "labels": self.numbers[:, None]}
        rows = np.array([[label, *map(ord, characters)] for label, characters in mapping.items()], np.uint8)
        savemat(self.folder / name, {"dataset": {"train": part, "test": part, "mapping": rows}})
        return self.folder / name

    def csv(self, name: str, header: str = "", *, transposed: bool) -> Path:
        """As Kaggle has them."""
        images = self.images.transpose(0, 2, 1) if transposed else self.images
        rows = np.column_stack([self.numbers, images.reshape(len(images), 784)])
        np.savetxt(self.folder / name, rows, "%d", ",", header=header, comments="")
        return self.folder / name

    def keras(self) -> Path:
        """As Keras' ``mnist.npz``."""
        arrays: dict[str, Any] = {"x_train": self.images, "y_train": self.numbers, "x_test": self.images[:9]}
        np.savez(self.folder / "mnist.npz", **arrays, y_test=self.numbers[:9])
        return self.folder / "mnist.npz"


def _write(path: Path, array: npt.NDArray[np.uint8]) -> None:
    head = b"\0\0\x08" + bytes([array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    path.write_bytes(gzip.compress(head + array.tobytes(), 1))


NAMES = "label," + ",".join(f"pixel{k}" for k in range(784))
LAYOUTS: dict[str, tuple[str, Callable[[Files], Path]]] = {
    "byclass": ("byclass", lambda files: files.idx("emnist-byclass-", transposed=True)),
    "bymerge": ("bymerge", lambda files: files.idx("emnist-bymerge-", transposed=True)),
    "balanced, csv": ("balanced", lambda files: files.csv("emnist-balanced-train.csv", transposed=True)),
    "letters": ("letters", lambda files: files.idx("emnist-letters-", transposed=True)),
    "letters, mat": ("letters", lambda files: files.mat("x.mat", LABELS["letters"])),
    "digits, mat": ("digits", lambda files: files.mat("x.mat", LABELS["digits"])),
    "digits of Kaggle": ("digits", lambda files: files.csv("train.csv", NAMES, transposed=False)),
    "mnist of EMNIST": ("mnist", lambda files: files.idx("emnist-mnist-", transposed=True)),
    "MNIST": ("mnist", lambda files: files.idx("", transposed=False, test="t10k")),
    "Keras": ("mnist", Files.keras),
}
SHOWN = {
    "byclass": ("Ham 47", "Ham 47"),
    "bymerge": ("Bad 32", "Bad 32"),
    "balanced, csv": ("Bad 32", "Bad 32"),
    "letters": ("Hand", "HAND"),
    "MNIST": ("2748", "2748"),
}
"""What is drawn, and read, by a network trained on each set of labels, from one of its layouts."""


def files_of(folder: Path, glyphs: tuple[Images, npt.NDArray[np.str_]], mapping: dict[int, str]) -> Files:
    """Take the glyphs that a mapping has labels for, in another order."""
    label_of = {character: label for label, characters in mapping.items() for character in characters}
    images, texts = glyphs
    order = np.random.default_rng(1).permutation(len(images))
    chosen = [k for k in order.tolist() if str(texts[k]) in label_of]
    numbers = np.array([label_of[str(texts[k])] for k in chosen], np.uint8)
    return Files(folder, images[chosen], numbers)


def trained(folder: Path, data: Path, *options: str) -> Path:
    """Train the small network as the README does."""
    (folder / "small.toml").write_text(RECIPE)
    arguments = ["train", str(folder / "small.toml"), "--data", str(data), "--out", str(folder / "run")]
    arguments += options
    with pytest.raises(SystemExit) as caught:
        nn(arguments, Passed(letter_on, remembering))
    assert not caught.value.code
    return folder / "run" / "best.safetensors"


@pytest.mark.parametrize("layout", sorted(LAYOUTS.keys() - SHOWN.keys()))
def test_files_in_every_official_layout_are_trained_on(
    layout: str, glyphs: tuple[Images, npt.NDArray[np.str_]], tmp_path: Path
) -> None:
    trained_on(layout, glyphs, tmp_path, "--epochs", "1")


def trained_on(layout: str, glyphs: tuple[Images, npt.NDArray[np.str_]], folder: Path, *options: str) -> Path:
    """Hold that a layout is read as what it holds and trained on; return the network."""
    name, write = LAYOUTS[layout]
    files = files_of(folder, glyphs, LABELS[name])
    data = write(files)
    samples = read([data])
    number_of = {image.tobytes(): int(n) for image, n in zip(files.images, files.numbers, strict=True)}
    found = {image.tobytes(): str(label) for image, label in zip(samples.images, samples.labels, strict=True)}
    assert found.keys() == number_of.keys()
    assert all(label in LABELS[name][number_of[image]] for image, label in found.items())
    model = trained(folder, data, *options)
    assert task_of(Sequential.load(model)) == samples.task
    return model


@pytest.mark.parametrize("layout", SHOWN)
def test_a_network_of_every_set_of_labels_reads(
    layout: str,
    glyphs: tuple[Images, npt.NDArray[np.str_]],
    drawn: Drawn,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    shown, expected = SHOWN[layout]
    model = trained_on(layout, glyphs, tmp_path)
    Image.fromarray(drawn([shown])).save(tmp_path / "text.png")
    Image.fromarray(drawn([shown[0]])).save(tmp_path / "letter.png")
    capsys.readouterr()
    for pipeline in PRESETS if layout == "byclass" else ("auto", "letter"):
        picture = tmp_path / ("letter.png" if pipeline == "letter" else "text.png")
        assert run(["read", str(picture), "--model", str(model), "--pipeline", pipeline]) == 0
        out, err = capsys.readouterr()
        wanted = expected[0] if pipeline == "letter" else expected
        assert (out.replace(" ", "") if pipeline == "word" else out).strip() == (
            wanted.replace(" ", "") if pipeline == "word" else wanted
        ), pipeline
        assert not err


@pytest.fixture(scope="module")
def capitals(glyphs: tuple[Images, npt.NDArray[np.str_]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a network of capitals alone, named so by a mapping file."""
    folder = tmp_path_factory.mktemp("capitals")
    mapping = dict(enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    files = files_of(folder, glyphs, mapping)
    (folder / "handwritten-mapping.txt").write_text(
        "".join(f"{label} {ord(character)}\n" for label, character in mapping.items())
    )
    return trained(folder, files.csv("handwritten.csv", transposed=False))


@pytest.fixture
def page(drawn: Drawn, tmp_path: Path) -> Path:
    Image.fromarray(drawn(["WORD", "LAMP"])).save(tmp_path / "page.png")
    return tmp_path / "page.png"


def test_such_a_network_is_good_for_every_command(
    capitals: Path, page: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with_it = ["--model", str(capitals)]
    assert run(["inspect", str(page), "-o", str(tmp_path / "stages"), *with_it]) == 0
    assert len(list((tmp_path / "stages").iterdir())) == 5
    assert run(["batch", str(page), str(tmp_path / "out"), "--jobs", "1", *with_it]) == 0
    (text,) = (tmp_path / "out").glob("*.txt")
    assert text.read_text().split() == ["WORD", "LAMP"]
    (tmp_path / "truth").mkdir()
    shutil.copy(page, tmp_path / "truth")
    (tmp_path / "truth" / "page.gt.txt").write_text("WORD\nLAMP\n")
    capsys.readouterr()
    assert run(["eval", str(tmp_path / "truth"), "--json", str(tmp_path / "report.json"), *with_it]) == 0
    report = json.loads((tmp_path / "report.json").read_text())
    assert '"cer": 0.0, "edits": 0, "length": 9' in json.dumps(report)
    assert run(["read", str(page), "--whitelist", "a", *with_it]) == 2
    assert "does not know these characters: a" in capsys.readouterr().err
    assert run(["read", str(page), "--whitelist", "AWORD", *with_it]) == 0
    assert capsys.readouterr().out.split()[0] == "WORD"


@pytest.mark.parametrize("language", ["es", "de", "none"])
def test_such_a_network_reads_in_every_language(
    capitals: Path, page: Path, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["read", str(page), "--model", str(capitals), "--lang", language]) == 0
    assert capsys.readouterr().out.split() == ["WORD", "LAMP"]


def test_such_a_network_learns_on(
    capitals: Path, drawn: Drawn, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("Q", "R", "a", "none"):
        (tmp_path / "letters" / name).mkdir(parents=True)
        shown = name if len(name) == 1 else "+"
        Image.fromarray(drawn([shown], size=60)).save(tmp_path / "letters" / name / "1.png")
    out = tmp_path / "mine.safetensors"
    assert run(["learn", str(tmp_path / "letters"), "--model", str(capitals), "--out", str(out)]) == 0
    said, complaints = capsys.readouterr()
    assert "letters     2, of 2 characters" in said
    assert "the network has no such characters: none a" in complaints
    picture = tmp_path / "letters" / "Q" / "1.png"
    assert run(["read", str(picture), "--model", str(out), "--pipeline", "letter"]) == 0
    assert capsys.readouterr().out == "Q\n"


def test_such_a_network_serves(capitals: Path, page: Path, drawn: Drawn) -> None:
    picture = io.BytesIO()
    Image.fromarray(drawn(["R"])).save(picture, "PNG")
    model = Model(str(capitals))

    def answer(kind: str, content: bytes) -> dict[str, Any]:
        told = answer_to(Task(kind, model, content, name="picture"), 10**7, lambda _: None)
        assert told.status == 200, told.content
        found: dict[str, Any] = json.loads(told.content)
        return found

    assert answer("predict", picture.getvalue())["text"] == "R"
    assert answer("read", page.read_bytes())["pages"]
    assert answer("inspect", page.read_bytes())["pages"][0]["stages"]
    assert len(network(str(capitals))["classes"]) == 26
    assert activations(str(capitals), bytes(784))["layers"][-1]["shape"] == [1, 1, 26]
