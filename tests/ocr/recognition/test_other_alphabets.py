"""Another alphabet than the Latin one: two files for the language, a network of one's own, and no code."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

import ocr
from nn.commands.cli import main as nn
from nn.data.npz import write_npz
from nn.data.samples import Samples
from nn.passed import Passed
from ocr.commands.cli import run
from ocr.commands.nn import letter_on, remembering
from ocr.errors import SettingError
from ocr.languages import languages
from ocr.languages.orthography import read_orthography
from ocr.recognition import language
from ocr.recognition.decode import read_words
from ocr.recognition.language import Language, load_language
from ocr.recognition.weights import load_weights
from tests.ocr.small_network import small_network
from training.fonts import FontFile
from training.glyphs import glyphs_of
from training.render import HAND, render_lines
from training.words import learn_language, save_language

DEJAVU = Path(ocr.__file__).parent / "fonts" / "DejaVuSans.ttf"
FACE = FontFile(DEJAVU, "DejaVu Sans", "print", 400, "normal", "Bitstream Vera")
CAPITALS = "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ"
WORDS = [
    "λογος",
    "αθηνα",
    "και",
    "θαλασσα",
    "οδος",
    "φως",
    "ψωμι",
    "εξω",
    "μηδεν",
    "ζωη",
    "χρονος",
    "ανθρωπος",
    "βιβλιο",
    "δεκα",
]
GREEK = """
name = "Greek"
codes = ["el", "ell", "gre"]
alphabet = "αβγδεζηθικλμνξοπρστυφχψω"
one_letter_words = "ηο"

[letters."ς"]
base = "σ"
"""
RECIPE = small_network(epoch_size=4000)


@pytest.fixture(scope="module")
def greek(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of a language made outside of the package."""
    path = tmp_path_factory.mktemp("languages") / "el.toml"
    path.write_text(GREEK, encoding="utf8")
    shares = dict.fromkeys(WORDS, 0.02)
    save_language(*learn_language(shares, read_orthography(path)), path.with_suffix(".npz"))
    return path


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a network that was trained on drawn Greek capitals."""
    folder, rng = tmp_path_factory.mktemp("network"), np.random.default_rng(0)
    lines = [CAPITALS[:12], CAPITALS[12:]]
    drawn = [
        glyphs_of(render_lines([line], FACE, 44, rng, spacing=0.4, jitter=HAND), rng, rejects=0)
        for line in lines
        for _ in range(12)
    ]
    images = np.concatenate([each.images for each in drawn])
    labels = np.concatenate([each.labels for each in drawn])
    write_npz(folder / "greek.npz", Samples(images, labels, np.full(len(labels), "", "U5")).with_split(0))
    (folder / "small.toml").write_text(RECIPE)
    data, out = str(folder / "greek.npz"), str(folder / "run")
    passed = Passed(letter_on, remembering)
    with pytest.raises(SystemExit) as caught:
        nn(["train", str(folder / "small.toml"), "--data", data, "--out", out], passed)
    assert not caught.value.code
    return folder / "run" / "best.safetensors"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "page.png"
    image = Image.new("L", (560, 190), 255)
    draw = ImageDraw.Draw(image)
    for row, line in enumerate(["ΨΩΜΙ ΚΑΙ ΦΩΣ", "ΛΟΓΟΣ ΜΗΔΕΝ"]):
        draw.text((30, 30 + 65 * row), line, fill=0, font=ImageFont.truetype(DEJAVU, 44))
    image.save(path)
    return path


def test_greek_capitals_are_read_with_a_network_and_a_language_of_ones_own(
    network: Path, greek: Path, page: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known = load_language(greek)
    assert known is not None
    assert ocr.read(page, model=network, language=known).text == "ΨΩΜΙ ΚΑΙ ΦΩΣ\nΛΟΓΟΣ ΜΗΔΕΝ"
    assert run(["read", str(page), "--model", str(network), "--lang", str(greek)]) == 0
    assert capsys.readouterr().out == "ΨΩΜΙ ΚΑΙ ΦΩΣ\nΛΟΓΟΣ ΜΗΔΕΝ\n"


@pytest.mark.parametrize(
    ("before", "open_", "after", "expected"),
    [("ΛΟ", "ΓΤ", "ΟΣ", "ΛΟΓΟΣ"), ("λό", "γτ", "ος", "λόγος"), ("ΘΑΛΑΣ", "ΣΕ", "Α", "ΘΑΛΑΣΣΑ")],
)
def test_a_language_from_outside_settles_an_open_letter(
    before: str, open_: str, after: str, expected: str, greek: Path
) -> None:
    """Also where the network names letters with accents, and a capital stands for two small ones (σ, ς)."""
    columns = [*before, open_, *after]
    classes = ("", *sorted({*"".join(columns)}))
    scores = np.full((len(columns), len(classes)), np.log(1e-6))
    for row, letters in zip(scores, columns, strict=True):
        for letter, probability in zip(letters, (0.99,) if len(letters) == 1 else (0.44, 0.55), strict=True):
            row[classes.index(letter)] = np.log(probability)
    runs = np.array([(k, k + 1) for k in range(len(columns))])

    def text(known: Language | None) -> str:
        (readings,) = read_words(runs, scores, classes, [slice(0, len(runs))], load_weights(), known)
        return "".join(classes[c] for _, c in readings[0].steps)

    assert text(load_language(greek)) == expected
    assert text(None) == before + open_[1] + after


def test_two_files_in_the_folder_of_languages_are_all_that_it_takes(
    greek: Path, network: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ocr.languages.FOLDER", greek.parent)
    language.languages_by_code.cache_clear()
    try:
        assert languages() == ["el"]
        assert load_language("el") is load_language("gre") is load_language(greek)
        with pytest.raises(SettingError, match="unknown language 'en': choose one of el, none"):
            ocr.Reader(model=network, language="en")
    finally:
        language.languages_by_code.cache_clear()


def test_a_language_file_that_is_not_there_is_said(greek: Path) -> None:
    with pytest.raises(SettingError, match=r"other\.toml: No such file"):
        ocr.Reader(language=greek.with_name("other.toml"))
