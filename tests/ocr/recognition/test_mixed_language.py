"""Several languages at once: the words and letters of all, and each read as well as by itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

import ocr
from ocr.errors import SettingError
from ocr.inspect import FONT
from ocr.recognition.language import Language, load_language
from ocr.recognition.mixed_language import mixed


def loaded(name: str) -> Language:
    language = load_language(name)
    assert language is not None
    return language


def test_words_and_letters_of_all_are_known() -> None:
    german, english, both = loaded("de"), loaded("en"), loaded("de+en")
    assert both.letters == german.letters | english.letters and both.orthography.letters["ß"].inside == "B"
    assert both.words.keys() == german.words.keys() | english.words.keys()
    assert both.orthography.under_marks == german.orthography.under_marks
    romance = loaded("pt+it").orthography
    assert romance.elided == {"l": "1I|!"} and romance.accented_words == {"à": "d"}
    assert both.zipf_of("the") == pytest.approx(
        np.log10((10 ** english.zipf_of("the") + 10 ** german.zipf_of("the")) / 2)
    )
    assert set(both.spellings["uber"]) >= {"über"}
    assert loaded("es+de").opens and not both.opens


def test_n_grams_are_those_of_all_texts_together() -> None:
    german, english, both = loaded("de"), loaded("en"), loaded("ger+eng")
    expected = (np.exp(german.table.astype(np.float64)) + np.exp(english.table.astype(np.float64))) / 2
    np.testing.assert_allclose(np.exp(both.table), expected, rtol=1e-4)
    assert both is loaded("de+en"), "it is made once"


def test_one_language_twice_is_itself() -> None:
    assert loaded("de+deu") is loaded("de")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("de+xx", "unknown language 'xx'"),
        ("de+none", "goes with no language"),
        ("de+", "unknown language ''"),
    ],
)
def test_what_does_not_go_together_is_a_wrong_setting(name: str, why: str) -> None:
    with pytest.raises(SettingError, match=why):
        ocr.ReadOptions(language=name)


def test_languages_of_different_alphabets_do_not_go_together() -> None:
    english = loaded("en")
    other = replace(english, orthography=replace(english.orthography, alphabet="abc"))
    with pytest.raises(ValueError, match="have different alphabets"):
        mixed((english, other))


def test_each_is_read_as_by_itself() -> None:
    image = Image.new("L", (540, 170), 255)
    draw, font = ImageDraw.Draw(image), ImageFont.truetype(FONT, 40)
    for row, text in enumerate(["schöne Grüße aus Köln", "the night was bright"]):
        draw.text((30, 20 + 70 * row), text, fill=0, font=font)
    assert not set("öüß") & set(ocr.read(image, language="en").text)
    assert ocr.read(image, language="de+en").text == "schöne Grüße aus Köln\nthe night was bright"
