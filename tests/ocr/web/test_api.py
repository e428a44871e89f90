"""The API with the real reader: what it answers to pictures, and to what is none."""

from __future__ import annotations

import errno
import io
import json
import os
import struct
import tempfile
import time
from base64 import b64decode, b64encode
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from string import ascii_letters
from typing import Any
from zipfile import ZipFile
from zlib import compress, crc32

import numpy as np
import pypdfium2 as pdfium
import pytest
from fastapi.testclient import TestClient
from jsonschema import Draft202012Validator
from PIL import Image
from PIL.TiffImagePlugin import TiffImageFile

import ocr
from nn.data.npz import read_npz
from nn.model import Sequential
from ocr.formats import FORMATS
from ocr.formats import json as ocr_json
from ocr.recognition.classify import BUNDLED
from ocr.web.learner import MARK
from ocr.web.schemas import (
    Activations,
    Added,
    Examples,
    Inspection,
    Kept,
    Learning,
    Network,
    Prediction,
    Tiles,
)
from ocr.web.settings import Settings
from tests.ocr.learning.writer import knowing

Drawn = Callable[..., np.ndarray]
Png = Callable[..., bytes]
Asking = Callable[..., AbstractContextManager[TestClient]]


FILE = {"file": ("a", b"a")}
LONG = [{"label": "ab"}]
AS_JSON = {"content-type": "application/json"}
UNLEARNED = {"used": "bundled", "learned": False, "base": "bundled", "model": "bundled"}


def send(client: TestClient, path: str, content: bytes, name: str = "a.png", **parameters: Any):
    return client.post(f"/api/{path}", files={"file": (name, content)}, params=parameters)


def fault(response: Any) -> str:
    body = response.json()
    assert set(body) == {"error"} and set(body["error"]) == {"what", "hint"}
    assert body["error"]["what"] and body["error"]["hint"]
    return body["error"]["what"]


def test_health_tells_what_the_page_needs(client: TestClient) -> None:
    health = client.get("/api/health").json()
    assert health["status"] == "ok" and health["model"] == "bundled" and health["folder"] is True
    assert (health["waiting"], health["capacity"], health["max_bytes"]) == (0, 33, 2_000_000)


def test_a_reading_is_that_of_the_command(client: TestClient, samples: Path) -> None:
    path = samples / "letters_apart.jpg"
    response = send(client, "read", path.read_bytes(), path.name, top_k=3, min_confidence=0.9)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    found = response.json()
    Draft202012Validator(ocr_json.schema()).validate(found)
    assert found["source"] == "letters_apart.jpg"
    read = ocr.read(path, top_k=3)
    assert found["pages"] == json.loads(ocr_json.render(read, 0.9))["pages"]


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_has_its_media_type_and_is_no_page_to_show(
    client: TestClient, drawn: Drawn, png: Png, name: str
) -> None:
    response = send(client, "read", png(drawn(["CAN HE"])), format=name)
    assert response.status_code == 200
    kind = response.headers["content-type"].partition(";")[0]
    described = client.get("/api/openapi.json").json()["paths"]["/api/read"]["post"]["responses"]["200"]
    assert kind in described["content"]
    assert response.content.startswith(b"%PDF-") == (name == "pdf")
    if name != "json":
        assert "html" not in kind or kind == "text/vnd.hocr+html"
        assert response.headers["content-disposition"].startswith("attachment; filename=")
    if name == "text":
        assert response.text == "CAN HE\n"


def test_parameters_are_the_readers(client: TestClient, drawn: Drawn, png: Png) -> None:
    picture = png(drawn(["A102"]))
    response = send(client, "read", picture, whitelist="012", pipeline="word", language="none")
    [page] = response.json()["pages"]
    assert page["text"] and set(page["text"]) <= set("012")
    refused = send(client, "read", picture, whitelist="\u2603")
    assert refused.status_code == 400 and "☃" in fault(refused)
    for wrong in (
        {"pipeline": "x"},
        {"top_k": 0},
        {"min_confidence": 2},
        {"format": "x"},
        {"language": "xx"},
    ):
        refused = send(client, "read", picture, **wrong)
        assert refused.status_code == 400 and next(iter(wrong)) in fault(refused)


def test_page_xml_of_two_pages_is_refused(client: TestClient, drawn: Drawn) -> None:
    file = io.BytesIO()
    pages = [Image.fromarray(drawn([text])) for text in "AB"]
    pages[0].save(file, "TIFF", save_all=True, append_images=pages[1:])
    assert len(send(client, "read", file.getvalue()).json()["pages"]) == 2
    refused = send(client, "read", file.getvalue(), format="page")
    assert refused.status_code == 400 and "one page" in fault(refused)
    one_by_one = send(client, "read", file.getvalue(), format="page", pages="2")
    assert one_by_one.status_code == 200 and "<Unicode>B</Unicode>" in one_by_one.text
    inspected = send(client, "inspect", file.getvalue(), pages="2-").json()
    assert [page["number"] for page in inspected["pages"]] == [2]
    for wrong, status in (("0", 400), ("2-1", 400), ("x", 400), ("7", 422)):
        refused = send(client, "read", file.getvalue(), pages=wrong)
        assert refused.status_code == status and "page" in fault(refused)


def test_what_is_asked_with_another_name_is_not_passed_over(
    client: TestClient, drawn: Drawn, png: Png
) -> None:
    picture = png(drawn(["A"]))
    for path, known in (("read", "language"), ("inspect", "language"), ("predict", "none")):
        refused = send(client, path, picture, lang="de")
        assert refused.status_code == 400 and "lang:" in fault(refused)
        assert known in refused.json()["error"]["hint"]
        part = ("file", ("a.png", picture))
        refused = client.post(f"/api/{path}", files=[part, part])
        assert refused.status_code == 400 and "file" in fault(refused)
        refused = client.post(f"/api/{path}", files=[part], data={"language": "de"})
        assert refused.status_code == 400 and "language" in fault(refused)


def test_inspection_has_pictures_and_glyphs_in_the_documents_order(client: TestClient, samples: Path) -> None:
    path = samples / "quarter_turn.jpg"
    found = Inspection.model_validate(send(client, "inspect", path.read_bytes()).json())
    Draft202012Validator(ocr_json.schema()).validate(found.document)
    [page], [shown] = found.document["pages"], found.pages
    read = ocr.read(path)
    assert page["text"] == read.text
    glyphs = np.frombuffer(b64decode(shown.glyphs), np.uint8).reshape(-1, 28, 28)
    assert np.array_equal(glyphs, np.stack([glyph.image for glyph in read.glyphs]))
    pictures = {stage.name: _picture(stage.image) for stage in shown.stages}
    assert set(pictures) == {"light", "binary", "segments"}
    size = (round(page["width"] * shown.scale), round(page["height"] * shown.scale))
    assert {picture.size for picture in (_picture(shown.picture), *pictures.values())} == {size}
    inked = np.asarray(pictures["segments"].convert("RGBA"))[..., 3] > 0
    for glyph in read.glyphs:  # the stages lie where the picture has the letters
        left, top, right, bottom = (
            round(side * shown.scale)
            for side in (glyph.box.left, glyph.box.top, glyph.box.right, glyph.box.bottom)
        )
        assert inked[top:bottom, left:right].any()
    boxes = np.zeros(inked.shape, bool)
    for glyph in read.glyphs:
        boxes[glyph.box.top - 2 : glyph.box.bottom + 2, glyph.box.left - 2 : glyph.box.right + 2] = True
    assert inked[~boxes].sum() == 0


def _picture(url: str) -> Image.Image:
    head, _, content = url.partition(",")
    assert head in {"data:image/png;base64", "data:image/jpeg;base64"}
    return Image.open(io.BytesIO(b64decode(content)))


def test_large_pictures_are_shown_smaller(client: TestClient, png: Png) -> None:
    picture = np.full((400, 2400), 255, np.uint8)
    [shown] = send(client, "inspect", png(picture)).json()["pages"]
    assert _picture(shown["picture"]).size == (2000, 333)
    assert shown["scale"] == pytest.approx(2000 / 2400)


@pytest.mark.parametrize(
    ("lines", "text"),
    [(["A"], "A"), (["i"], "i"), (["="], "="), (["C A T"], "CAT"), (["HE", "ME"], "HE\nME")],
)
def test_drawings_are_letters_words_or_lines(
    client: TestClient, drawn: Drawn, png: Png, lines: list[str], text: str
) -> None:
    response = send(client, "predict", png(drawn(lines, size=120, margin=60)))
    found = Prediction.model_validate(response.json())
    assert found.text == text
    assert [letter.text for letter in found.letters] == list(text.replace("\n", ""))
    assert found.alternatives[0].text == text and len(found.alternatives) <= 5
    for letter in found.letters:
        assert len(b64decode(letter.glyph)) == 784
        assert letter.top[0].text == letter.text and len(letter.top) == 5


def test_nothing_drawn_is_nothing_read(client: TestClient, png: Png) -> None:
    for picture in (np.full((300, 300), 255), np.full((300, 300), 255) - (np.indices((300, 300)).sum(0) < 1)):
        body = send(client, "predict", png(picture)).json()
        assert body == {"text": "", "confidence": 0.0, "letters": [], "alternatives": []}


def test_a_transparent_canvas_is_white(client: TestClient, drawn: Drawn) -> None:
    ink = 255 - drawn(["R"], size=150, margin=60)
    rgba = np.dstack([np.zeros((*ink.shape, 3), np.uint8), ink])
    file = io.BytesIO()
    Image.fromarray(rgba).save(file, "PNG")
    assert send(client, "predict", file.getvalue()).json()["text"] == "R"


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", crc32(name + content))


BOMB = b"\x89PNG\r\n\x1a\n" + b"".join(
    (
        _chunk(b"IHDR", struct.pack(">IIBBBBB", 100_000, 100_000, 1, 0, 0, 0, 0)),
        _chunk(b"IDAT", compress(bytes(10**7), 9)),
        _chunk(b"IEND", b""),
    )
)
"""A few kilobytes that say they are 10,000 megapixels."""


@pytest.mark.parametrize("path", ["read", "inspect", "predict"])
@pytest.mark.parametrize(
    ("content", "status", "says"),
    [
        (b"just text", 415, "is text, not a picture"),
        (b"", 415, "is empty"),
        (b"\0\1\2\3", 415, "no picture"),
        (b"\xff\xd8\xff\xe0junk", 422, "damaged"),
        (BOMB, 413, "100000 x 100000 pixels"),
    ],
    ids=["text", "empty", "unknown", "damaged", "bomb"],
)
def test_what_is_no_picture_is_refused_readably(
    client: TestClient, path: str, content: bytes, status: int, says: str
) -> None:
    refused = send(client, path, content, "../../x\n.jpg")
    assert refused.status_code == status
    assert says in fault(refused)
    assert ".." not in fault(refused) and "\n" not in fault(refused)


def test_a_reading_that_was_put_right_is_written_in_every_format(client: TestClient, samples: Path) -> None:
    path = samples / "letters_apart.jpg"
    content = send(client, "read", path.read_bytes(), path.name).content
    right = content.replace(b'"text": "b"', b'"text": "h"', 3).replace(b"M b R 4 e K", b"M h R 4 e K")
    right = right.replace(b'[{"text": "b"', b'[{"text": "h"')

    def ask(document: bytes, **parameters: Any):
        files = {"document": ("reading.json", document), "file": (path.name, path.read_bytes())}
        return client.post("/api/write", files=files, params=parameters)

    written = ask(right)
    Draft202012Validator(ocr_json.schema()).validate(written.json())
    assert written.json() == json.loads(right) != json.loads(content)
    for name in FORMATS:
        response = ask(right, format=name)
        assert response.status_code == 200 and response.content
        assert response.headers["content-type"].startswith(FORMATS[name].media_type.partition(";")[0])
        if name not in ("json", "pdf"):
            assert "h" in response.text and response.headers["content-disposition"].startswith("attachment")
    assert ask(right, format="text").text == "M h R 4 e K\n"
    pages = pdfium.PdfDocument(ask(right, format="pdf").content)
    assert pages[0].get_textpage().get_text_range().split() == list("MhR4eK")


def test_what_cannot_be_written_is_refused(client: TestClient, drawn: Drawn, png: Png) -> None:
    picture = png(drawn(["A"]))
    document = send(client, "read", picture).content

    def ask(document: bytes, file: bytes | None = None, **parameters: Any):
        files = {"document": ("reading.json", document)} | ({"file": ("a.png", file)} if file else {})
        return client.post("/api/write", files=files, params=parameters)

    assert ask(document, format="text").text == "A\n"
    for refused, says in (
        (ask(document, format="pdf"), "picture"),
        (ask(b"[", format="text"), "document: it is no JSON"),
        (ask(document.replace(b'"A"', b'"B"', 1), format="text"), "is not that of its parts"),
        (ask(document, format="x"), "format"),
    ):
        assert refused.status_code == 400 and says in fault(refused)
    other = ask(document, png(drawn(["AB"])), format="pdf")
    assert other.status_code == 422 and "no longer what was read" in fault(other)
    assert client.post("/api/write", files={"file": ("a.png", picture)}).status_code == 400


def test_pages_come_one_by_one_after_their_number(client: TestClient, drawn: Drawn) -> None:
    file = io.BytesIO()
    pages = [Image.fromarray(drawn([text])) for text in "ABC"]
    pages[0].save(file, "TIFF", save_all=True, append_images=pages[1:])
    response = send(client, "inspect/pages", file.getvalue(), pages="2-")
    assert response.headers["content-type"].startswith("application/x-ndjson")
    first, *others = [json.loads(line) for line in response.text.splitlines()]
    assert first == {"count": 2}
    found = [Inspection.model_validate(one) for one in others]
    assert [one.document["pages"][0]["text"] for one in found] == ["B", "C"]
    assert [one.pages[0].number for one in found] == [2, 3]
    whole = send(client, "inspect", file.getvalue(), pages="2-").json()
    assert whole["pages"] == [one["pages"][0] for one in others]
    assert whole["document"]["pages"] == [one["document"]["pages"][0] for one in others]
    for wrong, status in ((b"text", 415), (file.getvalue()[:400], 422)):
        refused = send(client, "inspect/pages", wrong)
        assert refused.status_code == status and fault(refused)
    asked = send(client, "inspect/pages", file.getvalue(), pages="7")
    assert asked.status_code == 422 and "page 7" in fault(asked)


def test_each_picture_is_sent_before_its_page_where_that_is_asked_for(
    client: TestClient, drawn: Drawn
) -> None:
    file = io.BytesIO()
    pages = [Image.fromarray(drawn([text])) for text in "AB"]
    pages[0].save(file, "TIFF", save_all=True, append_images=pages[1:])
    response = send(client, "inspect/pages", file.getvalue(), pictures="true")
    count, *others = [json.loads(line) for line in response.text.splitlines()]
    assert count == {"count": 2} and [next(iter(one)) for one in others] == ["picture", "document"] * 2
    for before, after, image in zip(others[::2], others[1::2], pages, strict=True):
        shown, [page] = before["picture"], after["pages"]
        assert [shown[name] for name in ("number", "picture", "scale")] == [
            page[name] for name in ("number", "picture", "scale")
        ]
        assert (shown["width"], shown["height"]) == image.size
    assert "content-encoding" not in response.headers  # it must not wait in a compressor


def test_a_region_alone_is_read_and_its_boxes_are_those_of_the_page(
    client: TestClient, drawn: Drawn, png: Png
) -> None:
    pixels = drawn(["ABC", "HEL"])
    whole = send(client, "read", png(pixels)).json()["pages"][0]
    left, top, right, bottom = whole["lines"][1]["box"]
    region = f"{left - 9},{top - 9},{right - left + 18},{bottom - top + 18}"
    for path in ("read", "inspect"):
        answer = send(client, path, png(pixels), region=region).json()
        page = answer["pages"][0] if path == "read" else answer["document"]["pages"][0]
        assert page["text"] == whole["lines"][1]["text"] and page["width"] == whole["width"]
        assert page["lines"][0]["box"] == pytest.approx(whole["lines"][1]["box"], abs=4)
    beyond = send(client, "read", png(pixels), region="0,0,9000,10")
    assert beyond.status_code == 422 and "reaches beyond" in fault(beyond)
    assert beyond.json()["error"]["hint"] == "put region right"
    for wrong in ("1,2,3", "0,0,0,5", "a,b,c,d"):
        assert send(client, "read", png(pixels), region=wrong).status_code == 400


def test_why_letters_were_read_is_told_by_votes(client: TestClient, drawn: Drawn, png: Png) -> None:
    found = Inspection.model_validate(send(client, "inspect", png(drawn(["HELLO"]))).json())
    glyphs = [glyph for word in found.document["pages"][0]["lines"][0]["words"] for glyph in word["glyphs"]]
    votes = found.pages[0].votes
    assert len(votes) == len(glyphs)
    for glyph, vote in zip(glyphs, votes, strict=True):
        if vote is not None:
            assert vote.text == glyph["text"] and vote.text not in {rival.text for rival in vote.rivals}
    asked = [rival for vote in votes if vote for rival in vote.rivals if rival.language is not None]
    assert all(rival.shape + rival.place + rival.line + (rival.language or 0) > 0 for rival in asked)


def test_answers_are_compressed_where_that_is_taken(client: TestClient) -> None:
    for path in ("/", "/static/page.js", "/api/openapi.json"):
        assert client.get(path).headers["content-encoding"] == "gzip"
        assert "content-encoding" not in client.get(path, headers={"Accept-Encoding": "identity"}).headers


def test_a_page_that_is_damaged_is_told_of_after_those_before_it(client: TestClient, drawn: Drawn) -> None:
    file = io.BytesIO()
    pages = [Image.fromarray(drawn([text])) for text in "AB"]
    pages[0].save(file, "TIFF", save_all=True, append_images=[pages[1]], compression="tiff_lzw")
    content = bytearray(file.getvalue())
    with Image.open(io.BytesIO(content)) as image:
        image.seek(1)
        assert isinstance(image, TiffImageFile)
        [start, *_] = image.tag_v2[273]
    content[start : start + 40] = b"\xff" * 40
    response = send(client, "inspect/pages", bytes(content))
    lines = [json.loads(line) for line in response.text.splitlines()]
    assert [list(line) for line in lines] == [["count"], ["document", "pages"], ["error"]]
    assert "page 2" in lines[2]["error"]["what"] and lines[2]["error"]["hint"]


def test_what_was_read_is_written_by_another_network_than_read_it(
    asking: Asking, drawn: Drawn, png: Png, tmp_path: Path
) -> None:
    model = Sequential.load(BUNDLED)
    model.layers[-1].params["weight"][...] *= -1
    model.changed()
    with asking(Settings(jobs=1, corrections=tmp_path)) as client:
        picture = png(drawn(["H"]))
        document = send(client, "read", picture, pipeline="letter").content
        model.save(tmp_path / "learned.safetensors")
        assert client.post("/api/model", json={"used": "learned"}).status_code == 200
        read = send(client, "read", picture, pipeline="letter").json()
        assert read["pages"][0]["text"] != "H"
        files = {"document": ("reading.json", document), "file": ("a.png", picture)}
        assert client.post("/api/write", files=files, params={"format": "text"}).text == "H\n"
        assert client.post("/api/write", files=files, params={"format": "pdf"}).status_code == 200


def test_corrections_are_kept_exported_and_taken_back(client: TestClient, drawn: Drawn, png: Png) -> None:
    [letter] = send(client, "predict", png(drawn(["Q"], size=120))).json()["letters"]
    nothing = client.get("/api/corrections").json()
    assert (nothing["total"], nothing["classes"]) == (0, {})
    assert client.get("/api/corrections.npz").status_code == 409
    assert client.post("/api/learn").status_code == 409
    for label in "Qqq":
        lot = {"source": "drawing", "glyphs": [{"label": label, "glyph": letter["glyph"]}]}
        kept = client.post("/api/corrections", json=lot)
        assert kept.status_code == 201
    assert Added.model_validate(kept.json()).classes == {"Q": 1, "q": 2}
    found = Examples.model_validate(client.get("/api/examples", params={"label": "q"}).json())
    assert found.total == 2 and found.examples[0].lot == kept.json()["lot"]
    assert {(one.source, one.glyph) for one in found.examples} == {("drawing", letter["glyph"])}
    assert client.get("/api/examples").json() == {"label": "", "total": 0, "examples": []}
    npz = client.get("/api/corrections.npz")
    assert npz.headers["content-disposition"] == 'attachment; filename="corrections.npz"'
    path = Path(kept.json()["folder"]).parent / "back.npz"
    path.write_bytes(npz.content)
    samples = read_npz(path)
    assert samples.labels.tolist() == ["Q", "q", "q"]
    assert samples.images[0].tobytes() == b64decode(letter["glyph"])
    with ZipFile(io.BytesIO(client.get("/api/corrections.zip").content)) as archive:
        assert len([name for name in archive.namelist() if name.endswith(".png")]) == 3
    assert client.delete("/api/corrections/last").json()["classes"] == {"Q": 1, "q": 1}
    assert client.get("/api/corrections").json()["total"] == 2


def test_the_lot_that_is_named_is_taken_back_whatever_came_later(
    client: TestClient, drawn: Drawn, png: Png
) -> None:
    [letter] = send(client, "predict", png(drawn(["Q"], size=120))).json()["letters"]
    before = client.get("/api/corrections").json()["total"]

    def keep(labels: str) -> str:
        glyphs = [{"label": label, "glyph": letter["glyph"]} for label in labels]
        response = client.post("/api/corrections", json={"source": "x", "glyphs": glyphs})
        return Added.model_validate(response.json()).lot

    first, second = keep("RST"), keep("U")
    taken = client.delete(f"/api/corrections/{first}", params={"place": 1}).json()
    assert Kept.model_validate(taken).total == before + 3
    assert {"R", "T", "U"} <= set(taken["classes"]) and "S" not in taken["classes"]
    taken = client.delete(f"/api/corrections/{first}").json()
    assert taken["total"] == before + 1 and "U" in taken["classes"]
    for gone in (first, f"{second}0"):
        refused = client.delete(f"/api/corrections/{gone}")
        assert refused.status_code == 404 and fault(refused)
    assert client.delete("/api/corrections/x").status_code == 400
    assert client.delete(f"/api/corrections/{second}").json()["total"] == before


def test_corrections_that_are_none_are_refused(client: TestClient) -> None:
    glyph = b64encode(bytes(784)).decode()
    before = client.get("/api/corrections").json()
    for label, content, status in [
        ("ab", glyph, 400),
        ("\u2603", glyph, 422),
        ("A", glyph[:-4], 400),
        ("A", "=" * len(glyph), 400),
        ("A", b64encode(b"\xff" * 784).decode(), 422),
    ]:
        lot = {"source": "x", "glyphs": [{"label": label, "glyph": content}]}
        refused = client.post("/api/corrections", json=lot)
        assert refused.status_code == status and fault(refused)
    assert client.post("/api/corrections", content=b"{").status_code == 400
    assert client.get("/api/corrections").json() == before


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "health"),
        ("HEAD", "health"),
        ("GET", "openapi.json"),
        ("GET", "corrections"),
        ("POST", "corrections"),
        ("GET", "corrections.npz"),
        ("GET", "corrections.zip"),
        ("DELETE", "corrections/last"),
        ("DELETE", "corrections/1"),
        ("GET", "learn"),
        ("POST", "learn"),
        ("GET", "model"),
        ("POST", "model"),
        ("GET", "network"),
        ("POST", "activations"),
    ],
)
def test_no_route_passes_over_what_it_does_not_take(client: TestClient, method: str, path: str) -> None:
    refused = client.request(method, f"/api/{path}?x=1")
    assert refused.status_code == 400
    assert method == "HEAD" or fault(refused) == "query.x: there is no such parameter."


@pytest.mark.parametrize(
    ("path", "sent", "says"),
    [
        ("read", {"params": {"top_k": "many"}}, "query.top_k: must be a whole number."),
        ("read", {"params": {"top_k": 1000}}, "query.top_k: must be at most 100."),
        ("read", {"params": {"top_k": 0}}, "query.top_k: must be at least 1."),
        ("read", {"params": {"min_confidence": "nan"}}, "query.min_confidence: must be at "),
        ("read", {"params": {"pages": "0"}}, "query.pages: is not of the form that is expected."),
        ("read", {"params": {"language": "E!"}}, "query.language: is not of the form that is expected."),
        ("read", {"params": {"whitelist": ""}}, "query.whitelist: must have a length of 1 or more."),
        ("read", {"params": {"pipeline": "x"}}, "query.pipeline: must be 'auto', 'scan', "),
        ("read", {"files": {"x": ("a", b"a")}}, "body.file: is missing."),
        ("read", {"data": {"file": "a"}}, "body.file: must be a file."),
        ("corrections", {"content": b"{", "headers": AS_JSON}, "body: is no JSON."),
        ("corrections", {"json": [1]}, "body: must be a JSON object."),
        ("corrections", {"json": {"source": 1, "glyphs": []}}, "body.source: must be text."),
        ("corrections", {"json": {"source": "", "glyphs": []}}, "body.glyphs: must have a length of 1 or "),
        (
            "corrections",
            {"json": {"source": "", "glyphs": LONG}},
            "glyphs.0.label: must have a length of 1 or ",
        ),
        ("corrections", {"json": {"source": "", "glyphs": {}}}, "body.glyphs: must be a list."),
        ("corrections", {"json": {"x": 1}}, "body.source: is missing."),
        ("model", {"json": {"used": "x"}}, "body.used: must be 'bundled' or 'learned'."),
        ("model", {"json": {"used": "bundled", "x": 1}}, "body.x: there is no such field."),
        ("activations", {"json": {"glyph": "A"}}, "body.glyph: must have a length of 1048 or more."),
        ("activations", {"json": {"glyph": "!" * 1048}}, "body.glyph: is not of the form that is expected."),
    ],
)
def test_what_is_wrong_is_said_in_plain_words(
    client: TestClient, path: str, sent: dict[str, Any], says: str
) -> None:
    if path == "read" and set(sent) == {"params"}:
        sent = {**sent, "files": FILE}
    refused = client.post(f"/api/{path}", **sent)
    assert refused.status_code == 400 and says in fault(refused)
    for leak in ("Input should", "pydantic", "<class", "^", "Upload", "dictionary", "JSON decode", "pattern"):
        assert leak not in fault(refused)


def test_what_lies_in_the_folder_beside_corrections_does_no_harm(
    asking: Asking, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, outside = tmp_path / "kept", tmp_path / "outside.png"
    glyph = np.zeros((28, 28), np.uint8)
    glyph[5:20, 10:15] = 255
    lot = {
        "source": "x",
        "glyphs": [{"label": c, "glyph": b64encode(glyph.tobytes()).decode()} for c in "ABC"],
    }
    with asking(Settings(jobs=1, corrections=folder)) as client:
        assert client.post("/api/corrections", json=lot).status_code == 201
        outside.write_bytes(b"secret")
        (folder / "U+0041" / f"{1:020d}-0000.png").symlink_to(outside)
        (folder / "U+110000").mkdir()
        (folder / "U+110000" / f"{2:020d}-0000.png").write_bytes(b"")
        damaged = next((folder / "U+0042").iterdir())
        damaged.write_bytes(damaged.read_bytes()[:60])
        assert client.get("/api/corrections").json()["total"] == 3
        for ending in ("npz", "zip"):
            sent = client.get(f"/api/corrections.{ending}")
            assert sent.status_code == 200 and b"secret" not in sent.content
            assert int(sent.headers["content-length"]) == len(sent.content)
            path = tmp_path / f"all.{ending}"
            path.write_bytes(sent.content)
            said = capsys.readouterr().err
            assert said.count("\n") == 1 and damaged.name in said
        assert read_npz(tmp_path / "all.npz").labels.tolist() == ["A", "C"]
        (folder / "U+0041").rename(tmp_path / "moved")
        (folder / "U+0041").symlink_to(tmp_path / "moved")
        refused = client.post("/api/corrections", json=lot)
        assert refused.status_code == 500 and "U+0041" in fault(refused)
        assert client.get("/api/corrections").json()["total"] == 2


def test_a_full_disk_is_told_and_nothing_is_kept(
    asking: Asking, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill_up(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    lot = {"source": "x", "glyphs": [{"label": "A", "glyph": b64encode(bytes(784)).decode()}]}
    with asking(Settings(jobs=1, corrections=tmp_path)) as client:
        client.post("/api/corrections", json=lot)
        monkeypatch.setattr(Image.Image, "save", fill_up)
        full = client.post("/api/corrections", json=lot)
        assert full.status_code == 507 and str(tmp_path) in fault(full)
        monkeypatch.setattr(np, "savez_compressed", fill_up)
        full = client.get("/api/corrections.npz")
        assert full.status_code == 507 and tempfile.gettempdir() in fault(full)
        assert client.get("/api/corrections").json()["total"] == 1


def test_a_download_has_no_name_on_the_disk(
    asking: Asking, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there: list[str] = []
    real = np.savez_compressed

    def watched(*arguments: Any, **options: Any) -> None:
        real(*arguments, **options)
        there.extend(os.listdir(tmp_path / "temporary"))

    lot = {"source": "x", "glyphs": [{"label": "A", "glyph": b64encode(bytes(784)).decode()}]}
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    monkeypatch.setattr(np, "savez_compressed", watched)
    with asking(Settings(jobs=1, corrections=tmp_path / "kept")) as client:
        client.post("/api/corrections", json=lot)
        assert client.get("/api/corrections.npz").status_code == 200
    assert there == []


def test_a_network_that_is_not_there_is_not_used(client: TestClient) -> None:
    assert client.get("/api/model").json() == UNLEARNED
    refused = client.post("/api/model", json={"used": "learned"})
    assert refused.status_code == 409 and fault(refused)
    assert client.post("/api/model", json={"used": "x"}).status_code == 400


def test_the_network_can_be_looked_at(client: TestClient, drawn: Drawn, png: Png) -> None:
    found = Network.model_validate(client.get("/api/network").json())
    assert found.parameters == sum(layer.parameters for layer in found.layers) > 100_000
    assert found.layers[-1].output == [len(found.classes)]
    assert _picture(found.filters).size[0] > 8
    assert found.confusion is not None and not found.learned
    assert found.confusion.classes == found.classes
    assert 0.5 < found.figures["right"] <= 1
    [letter] = send(client, "predict", png(drawn(["W"], size=120))).json()["letters"]
    response = client.post("/api/activations", json={"glyph": letter["glyph"]})
    shown = Activations.model_validate(response.json())
    assert shown.layers[-1].shape == [1, 1, len(found.classes)]
    probabilities = np.asarray(_picture(shown.layers[-1].image).convert("L")).ravel()
    assert found.classes[int(probabilities.argmax())] in "Ww"
    assert shown.top[0].text in "Ww" and len(shown.top) == 12
    assert client.post("/api/activations", json={"glyph": "A"}).status_code == 400
    assert (found.kernels.height, found.kernels.width) == (5, 5)
    asked = {"glyph": letter["glyph"], "text": "W", "rival": "V"}
    speaks = Tiles.model_validate(client.post("/api/occlusion", json=asked).json())
    assert (speaks.count, speaks.height, speaks.width) == (1, 28, 28) and speaks.largest > 1
    unknown = client.post("/api/occlusion", json={**asked, "text": "é"})
    assert unknown.status_code == 422 and fault(unknown)


def test_learning_that_was_interrupted_is_told_of_once(
    asking: Asking, drawn: Drawn, png: Png, tmp_path: Path
) -> None:
    settings = Settings(jobs=1, corrections=tmp_path)
    with asking(settings) as client:
        [letter] = send(client, "predict", png(drawn(["Q"], size=120))).json()["letters"]
        lot = {"source": "drawing", "glyphs": [{"label": "Q", "glyph": letter["glyph"]}]}
        assert client.post("/api/corrections", json=lot).status_code == 201
        assert client.post("/api/learn").json()["state"] == "running"
    with asking(settings) as client:
        told = client.get("/api/learn").json()
        assert told["state"] == "failed" and "stopped while it learned" in told["message"]
    with asking(settings) as client:
        assert client.get("/api/learn").json()["state"] == "idle"


def test_learning_makes_a_network_that_can_be_read_with(
    asking: Asking, drawn: Drawn, png: Png, tmp_path: Path
) -> None:
    small = knowing(ascii_letters, tmp_path / "small.safetensors")
    settings = Settings(jobs=1, corrections=tmp_path / "kept", model=small)
    unlearned = {"used": "bundled", "learned": False, "base": small.name, "model": small.name}
    with asking(settings) as client:
        before = send(client, "predict", png(drawn(["H"], size=90))).json()
        letters = send(client, "predict", png(drawn(["AHRSTX"], size=90))).json()["letters"]
        glyphs = [{"label": letter["text"].lower(), "glyph": letter["glyph"]} for letter in letters]
        for source in ("one", "two", "damaged"):
            kept = client.post("/api/corrections", json={"source": source, "glyphs": glyphs}).json()
        for damaged in (tmp_path / "kept").glob(f"*/*{kept['lot']}-*.png"):
            damaged.write_bytes(b"")
        begun = client.post("/api/learn")
        assert (begun.status_code, begun.json()["state"]) == (202, "running")
        again = client.post("/api/learn")
        assert again.status_code == 409 and fault(again)
        end = time.monotonic() + 120
        while client.get("/api/learn").json()["state"] == "running" and time.monotonic() < end:
            time.sleep(0.05)
        learned = Learning.model_validate(client.get("/api/learn").json())
        assert (learned.state, learned.progress) == ("done", 1.0), learned.message
        assert learned.result is not None and learned.result.samples == 2 * len(letters)
        assert len(learned.result.left_out) == len(letters) and kept["lot"] in learned.result.left_out[0]
        assert learned.result.before is not None and learned.result.after is not None
        assert learned.result.after > learned.result.before
        changed = learned.result.changes
        assert changed and all(one.before != one.after for one in changed)
        assert {one.label for one in changed} <= {glyph["label"] for glyph in glyphs}
        assert not (tmp_path / "kept" / MARK).exists()
        assert client.get("/api/model").json() == {**unlearned, "learned": True}
        used = client.post("/api/model", json={"used": "learned"})
        path = Path(learned.result.model)
        assert used.json() == {"used": "learned", "learned": True, "base": small.name, "model": path.name}
        with asking(settings) as restarted:
            assert restarted.get("/api/model").json() == used.json()
        assert client.get("/api/health").json()["model"] == Path(learned.result.model).name
        shown = Network.model_validate(client.get("/api/network").json())
        assert shown.learned and shown.figures["held_out"] == 2 * len(letters)
        assert shown.figures["right"] == pytest.approx(learned.result.after, abs=1e-4)
        after = send(client, "predict", png(drawn(["H"], size=90))).json()
        assert after["confidence"] < before["confidence"]  # it has been told that this is an h
        path.write_bytes(path.read_bytes()[:1000])
        broken = send(client, "predict", png(drawn(["H"], size=90)))
        assert broken.status_code == 500 and path.name in fault(broken)
        assert client.post("/api/model", json={"used": "learned"}).status_code == 409
        path.unlink()
        assert send(client, "predict", png(drawn(["H"], size=90))).json() == before
        assert client.get("/api/model").json() == unlearned


def test_a_network_without_a_memory_says_why_it_cannot_learn(
    asking: Asking, drawn: Drawn, png: Png, tmp_path: Path
) -> None:
    model = Sequential.load(BUNDLED)
    del model.settings["memory"]
    model.save(tmp_path / "bare.safetensors")
    settings = Settings(jobs=1, corrections=tmp_path / "kept", model=tmp_path / "bare.safetensors")
    with asking(settings) as client:
        [letter] = send(client, "predict", png(drawn(["A"], size=90))).json()["letters"]
        lot = {"source": "x", "glyphs": [{"label": "B", "glyph": letter["glyph"]}]}
        client.post("/api/corrections", json=lot)
        client.post("/api/learn")
        while client.get("/api/learn").json()["state"] == "running":
            time.sleep(0.05)
        failed = client.get("/api/learn").json()
    assert failed["state"] == "failed" and "bare.safetensors" in failed["message"]
    assert failed["result"] is None
