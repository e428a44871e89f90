import json
from pathlib import Path

import numpy as np
import pytest
from PIL import ImageFont

from training import fonts
from training.fonts import PILLOW_FONT, fetch, load_fonts, usable_characters
from training.text import CHARACTERS


@pytest.fixture
def face(tmp_path: Path) -> Path:
    """Pillow's own face as a file."""
    path = tmp_path / "face.ttf"
    font = ImageFont.load_default(20)
    assert isinstance(font, ImageFont.FreeTypeFont)
    path.write_bytes(font.font_bytes)
    return path


def test_a_common_face_draws_all_but_what_it_has_no_glyph_for() -> None:
    usable = usable_characters(PILLOW_FONT)
    assert set(CHARACTERS[:62]) <= usable
    assert usable <= set(CHARACTERS)


def test_characters_without_a_glyph_are_not_usable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "CHARACTERS", "A\u4e00\u0e01 ")
    assert usable_characters.__wrapped__(PILLOW_FONT) == {"A"}


@pytest.mark.parametrize("all_letters", [True, False])
def test_lower_case_drawn_as_capitals_is_not_usable(
    monkeypatch: pytest.MonkeyPatch, all_letters: bool
) -> None:
    drawn = fonts._bitmap

    def capitals(opened: ImageFont.FreeTypeFont, character: str) -> np.ndarray:
        return drawn(opened, character.upper() if all_letters or character in "ae" else character)

    monkeypatch.setattr(fonts, "_bitmap", capitals)
    missing = set(CHARACTERS[36:62]) - usable_characters.__wrapped__(PILLOW_FONT)
    assert missing == (set(CHARACTERS[36:62]) if all_letters else {"a", "e"})


def test_lone_files_are_loaded_with_what_their_names_say(face: Path) -> None:
    face.rename(face.with_name("Some-BoldItalic.ttf"))
    (face.parent / "notes.txt").write_text("no font")
    (font,) = load_fonts(face.parent)
    assert (font.kind, font.weight, font.style, font.licence) == ("print", 700, "italic", "unknown")


def test_of_a_package_regular_bold_and_italic_are_loaded(tmp_path: Path, face: Path) -> None:
    package = tmp_path / "fonts" / "node_modules" / "@fontsource" / "patrick-hand"
    (package / "files").mkdir(parents=True)
    (package / "package.json").write_text(json.dumps({"license": "OFL-1.1"}))
    for name in ("300-normal", "400-normal", "600-normal", "800-normal", "300-italic", "700-italic"):
        (package / "files" / f"patrick-hand-latin-{name}.woff2").write_bytes(face.read_bytes())
    (package / "files" / "patrick-hand-greek-400-normal.woff2").write_bytes(b"not looked at")
    found = load_fonts(tmp_path / "fonts")
    assert {(font.weight, font.style) for font in found} == {
        (400, "normal"),
        (600, "normal"),
        (300, "italic"),
    }
    assert {(font.kind, font.licence, font.family) for font in found} == {("hand", "OFL-1.1", "patrick-hand")}
    assert found == load_fonts(tmp_path / "fonts")


def test_a_missing_folder_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        load_fonts(tmp_path / "nowhere")


def test_without_npm_fetching_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RuntimeError, match="npm"):
        fetch(tmp_path / "fonts")
    wanted = json.loads((tmp_path / "fonts" / "package.json").read_text())["optionalDependencies"]
    assert "@fontsource/patrick-hand" in wanted
    assert len(wanted) > 350


def test_no_family_is_listed_twice() -> None:
    families = fonts._families()
    names = [name for kind in ("print", "hand", "script") for name in families[kind]]
    assert len(names) == len(set(names))
    assert set(families["capitals"]) <= set(names)
