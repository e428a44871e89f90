"""What the documentation points to is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
    *(
        path
        for package in ("ocr", "nn", "samples", "examples")
        for path in sorted((ROOT / package).rglob("*.md"))
    ),
]
LINK = re.compile(r"\]\(([^)\s#]+)")
NAMED = re.compile(r"`((?:ocr|nn|pipelines|training|tests|samples|docs)/[\w./-]+)`")
MADE = ("shown/", "stages/")
"""Pictures that are made, or copied, as the site is built."""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_and_paths_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = [
        link for link in LINK.findall(text) if ":" not in link and not link.startswith(("../shown/", *MADE))
    ]
    lost = [link for link in links if not (page.parent / link).exists()]
    lost += [path for path in NAMED.findall(text) if not (ROOT / path).exists() and "NAME" not in path]
    assert not lost


def test_every_page_is_in_the_navigation() -> None:
    navigation = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    pages = [path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")]
    assert len(pages) > 15 and not [page for page in pages if page not in navigation]


def test_what_the_site_makes_is_mentioned_where_it_is_shown() -> None:
    shown = {path.name for path in (ROOT / "samples" / "shown").iterdir()}
    for page in (ROOT / "docs").rglob("*.md"):
        for name in re.findall(r"shown/([\w.]+)\)", page.read_text(encoding="utf-8")):
            assert name in shown, f"{page}: {name}"
