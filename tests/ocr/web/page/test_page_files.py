"""The page's files: all there, few requests, nothing inline, nothing from elsewhere, no data as HTML."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ocr.web.bundle import FIRST, STYLES, joined, scripts_in

if TYPE_CHECKING:
    from tests.ocr.web.page.conftest import Watched

STATIC = Path(str(files("ocr.web"))) / "static"
NAMESPACE = "http://www.w3.org/2000/svg"


def sources(*endings: str) -> dict[str, str]:
    found = {
        path.name: path.read_text(encoding="utf-8") for path in STATIC.iterdir() if path.suffix in endings
    }
    assert found
    return found


def test_every_file_that_is_asked_for_is_there_and_every_file_is_asked_for() -> None:
    html = sources(".html")["index.html"] + (STATIC.parent / "access.html").read_text("utf-8")
    asked = set(re.findall(r'(?:src|href)="/static/([^"]+)"', html)) - {"page.js", "page.css"}
    for text in sources(".js").values():
        asked |= set(re.findall(r'(?:from |import\()"\./([^"]+)"', text))
        asked |= set(re.findall(r'"/static/([^"]+)"', text))
    asked |= {FIRST, *(f"{name}.css" for name in STYLES)}
    assert asked | {"index.html"} == {path.name for path in STATIC.iterdir()}


@pytest.mark.parametrize(
    "text",
    [
        'import b from "./b.js";',
        'import "./b.js";',
        'import { b } from "elsewhere";',
        "export default 1;",
        'export { b } from "./b.js";',
        "let b;\nexport { b };",
        "export let b;",
        "import(name);",
        "import.meta.url;",
    ],
)
def test_modules_that_cannot_be_joined_are_told_of(text: str) -> None:
    with pytest.raises(ValueError, match=r"^main.js cannot be joined"):
        joined({"main.js": text, "b.js": "export const b = 1;"})


def test_scripts_hold_what_a_view_needs_beyond_what_is_there(tmp_path: Path) -> None:
    texts = {
        "main.js": 'import { a } from "./a.js";\na(() => import("./one.js"), () => import("./two.js"));',
        "draw_view.js": "export const draw = 1;",
        "a.js": "export const a = 1;",
        "one.js": 'import { c } from "./c.js";\nexport const one = () => import("./late.js");',
        "two.js": 'import { a } from "./a.js";\nimport { c } from "./c.js";\nexport const two = c;',
        "late.js": 'import { c } from "./c.js";\nimport { d } from "./d.js";\nexport const late = c;',
        "c.js": "export const c = 1;",
        "d.js": 'export const d = () => import("./one.js");',
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, "utf-8")
    held = {
        path: set(re.findall(r'^"([^"]+)"\(\)', script.content, re.M))
        for path, script in scripts_in(tmp_path).items()
    }
    assert held == {
        "/static/page.js": {"main.js", "draw_view.js", "a.js"},
        "/static/more/one.js": {"one.js", "c.js"},
        "/static/more/two.js": {"two.js", "c.js"},
        "/static/more/late.js": {"late.js", "d.js"},
    }


VIEWS = ("draw", "read", "teach", "network", "lab", "api")


@pytest.mark.parametrize("view", VIEWS)
def test_the_first_load_is_small_and_takes_few_requests(watched: Watched, view: str) -> None:
    watched.page.goto("about:blank")
    loaded: list[float] = []
    network = watched.context.new_cdp_session(watched.page)
    network.on("Network.loadingFinished", lambda event: loaded.append(event["encodedDataLength"]))
    network.send("Network.enable")
    network.send("Network.setCacheDisabled", {"cacheDisabled": True})
    watched.page.goto(f"{watched.url}/#{view}", wait_until="networkidle")
    watched.page.wait_for_selector(f"#{view}", state="visible")
    network.detach()
    assert 4 <= len(loaded) <= 8
    assert 20_000 < sum(loaded) <= 60_000


def test_nothing_is_inline_and_nothing_comes_from_elsewhere() -> None:
    html = sources(".html")["index.html"]
    assert "<style" not in html
    assert re.findall(r"\s(?:style|on\w+)=", html) == []
    assert re.findall(r"<script(?![^>]*\ssrc=)", html) == []
    for name, text in sources(".html", ".css", ".js", ".svg").items():
        assert "//" not in re.sub(
            r"/\*.*?\*/|^\s*//.*$", "", text.replace(NAMESPACE, ""), flags=re.S | re.M
        ), name


def test_data_is_never_parsed_as_html_or_code() -> None:
    for name, text in sources(".js").items():
        assert (
            re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text)
            == []
        ), name


def test_every_element_that_the_code_looks_up_is_on_the_page() -> None:
    known = set(re.findall(r'\bid="([^"]+)"', sources(".html")["index.html"]))
    for name, text in sources(".js").items():
        assert set(re.findall(r'byId\("([^"]+)"\)', text)) <= known, name
