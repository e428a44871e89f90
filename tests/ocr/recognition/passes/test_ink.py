"""Marks that are one with their letters, drawn by hand on printed words, are read as the ink has it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageDraw, ImageFont

import ocr
from ocr.recognition.params import LetterParams
from ocr.recognition.passes.params import InkParams, Threshold

SIZE, BASE = 64, 90
FONT = ImageFont.load_default(SIZE)
X_HEIGHT = -FONT.getbbox("x", anchor="ls")[1]
CAPITAL = -FONT.getbbox("H", anchor="ls")[1]
Pen = Callable[[ImageDraw.ImageDraw, float, float], None]


def word(text: str, place: int | None = None, pen: Pen | None = None, tight: float = 0) -> Image.Image:
    """Print a word and draw with `pen` on the letter at `place`, between its left and its right.

    What follows that letter is moved to it by `tight` of its width.
    """
    image = Image.new("L", (int(FONT.getlength(text)) + 80, 150), 255)
    draw = ImageDraw.Draw(image)
    x = 40.0
    for k, character in enumerate(text):
        draw.text((x, BASE), character, fill=0, font=FONT, anchor="ls")
        width = FONT.getlength(character)
        if k == place and pen is not None:
            pen(draw, x, x + width)
        x += width * (1 - tight) if k == place else width
    return image


def tail(draw: ImageDraw.ImageDraw, left: float, right: float) -> None:
    middle = (left + right) / 2
    draw.line([(middle, BASE - 3), (middle - 4, BASE + 10), (middle + 6, BASE + 16)], fill=0, width=6)


def bar(draw: ImageDraw.ImageDraw, left: float, right: float) -> None:
    draw.line([(left - 5, BASE - 17), (right + 5, BASE - 31)], fill=0, width=6)


def slash(draw: ImageDraw.ImageDraw, left: float, right: float) -> None:
    draw.line([(left + 4, BASE), (right - 4, BASE - X_HEIGHT)], fill=0, width=5)


def ring(height: float) -> Pen:
    def pen(draw: ImageDraw.ImageDraw, left: float, right: float) -> None:
        middle, top = (left + right) / 2, BASE - height
        draw.ellipse([middle - 9, top - 24, middle + 9, top + 2], outline=0, width=5)

    return pen


def read(image: Image.Image, language: str) -> str:
    return ocr.read(image, pipeline="line", language=language).text


@pytest.mark.parametrize(
    ("printed", "place", "pen", "language", "marked"),
    [
        ("maja", 3, tail, "pl", "mają"),
        ("bede", 3, tail, "pl", "bedę"),
        ("Francois", 4, tail, "fr", "François"),
        ("slowo", 1, bar, "pl", "słowo"),
        ("hore", 1, slash, "da", "høre"),
        ("ga", 1, ring(X_HEIGHT), "sv", "gå"),
        ("MAL", 1, ring(CAPITAL), "sv", "MÅL"),
    ],
)
def test_the_ink_tells_a_mark_that_is_one_with_its_letter(
    printed: str, place: int, pen: Pen, language: str, marked: str
) -> None:
    drawn = word(printed, place, pen)
    assert read(drawn, language)[place] == marked[place]
    assert read(word(printed), language)[place] == printed[place]
    assert read(drawn, "en").isascii()


@pytest.mark.parametrize(("printed", "place", "language", "grown"), [("boeuf", 1, "fr", "bœuf")])
def test_letters_that_touch_are_one(printed: str, place: int, language: str, grown: str) -> None:
    document = ocr.read(word(printed, place, tight=0.22), pipeline="line", language=language)
    assert document.text == grown and len(document.glyphs) == len(grown)
    one, other = document.glyphs[place], document.glyphs[place + 1]
    assert one.box.width > 1.2 * other.box.width
    assert read(word(printed), language) == printed


def test_the_params_of_ink_are_asked() -> None:
    reader = ocr.Reader(pipeline="line", language="pl")
    assert reader.read(word("maja", 3, tail)).text == "mają"
    params = LetterParams(ink=InkParams(tail=Threshold(2.0, 0.05)))
    reader.recognizer = replace(reader.recognizer, params=params)
    assert reader.read(word("maja", 3, tail)).text == "maja"


def test_where_the_ink_says_nothing_the_words_do() -> None:
    assert read(word("groBe"), "de") == "große"
    assert read(word("grob"), "de") == "grob"


@pytest.mark.parametrize(("mark", "opener"), [("?", "¿"), ("!", "¡")])
def test_a_mark_on_its_head_opens_a_sentence(mark: str, opener: str) -> None:
    image = word("  Hola amigo" + mark)
    turned = Image.new("L", (40, 60), 255)
    ImageDraw.Draw(turned).text((20, 55), mark, fill=0, font=FONT, anchor="ms")
    pixels = np.asarray(turned.rotate(180))
    canvas: npt.NDArray[np.uint8] = np.array(image)
    top = BASE - X_HEIGHT - int(np.flatnonzero((pixels < 128).any(axis=1))[0])
    end = int(np.flatnonzero((pixels < 128).any(axis=0))[-1])
    left = int(np.flatnonzero((canvas < 128).any(axis=0))[0]) - 17 - end
    part = canvas[top : top + 60, left : left + 40]
    np.minimum(part, pixels, out=part)
    picture = Image.fromarray(canvas)
    assert read(picture, "es") == f"{opener}Hola amigo{mark}"
    assert read(word("isla"), "es") == "isla"
    assert read(picture, "en").isascii()


def test_a_whitelist_may_name_letters_of_the_language() -> None:
    drawn = word("maja", 3, tail)
    document = ocr.read(drawn, pipeline="line", language="pl", whitelist="mają")
    assert document.text == "mają"
    named = {each.text for glyph in document.glyphs for each in glyph.alternatives}
    assert named <= set("mają")
    assert ocr.read(drawn, pipeline="line", language="pl", whitelist="maj").text == "maja"
    assert ocr.read(drawn, pipeline="line", language="pl", whitelist="mją").text == "mją"
    with pytest.raises(ValueError, match="ą"):
        ocr.Reader(language="de", whitelist="mają")
