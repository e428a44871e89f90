"""A set of samples as one page of HTML that needs nothing else."""

from __future__ import annotations

import base64
from html import escape
from io import BytesIO

import numpy as np
import numpy.typing as npt
from PIL import Image

from nn.data.samples import Samples
from nn.data.show import Findings, about
from nn.gallery.style import STYLE
from nn.predict import called

IN_A_ROW = 16


def data_page(samples: Samples, findings: Findings, shown: int, title: str) -> str:
    """Return the page: counts and pictures of every class, contradictions, and `shown` suspicious labels."""
    names, inverse, counts = np.unique(samples.labels, return_inverse=True, return_counts=True)
    rows = []
    for number, (name, count) in enumerate(zip(names.tolist(), counts.tolist(), strict=True)):
        places = np.flatnonzero(inverse.ravel() == number)
        some = places[np.linspace(0, len(places) - 1, min(IN_A_ROW, len(places))).astype(int)]
        rows.append(f"<tr><td>{escape(called(name))}<td>{count:,}<td>{strip(samples.images[some])}")
    told = [
        f"<p>{escape(about(samples))}.</p>",
        f"<table><tr><th>class<th>samples<th>some of them{''.join(rows)}</table>",
        f"<h2>Twice there: {len(findings.duplicates):,}</h2>",
        f"<p>{findings.leaks:,} pictures to validate or test on are also learned from.</p>",
        f"<h2>The same picture with different labels: {len(findings.contradictions):,}</h2>",
        _table(samples, findings.contradictions[:shown], None),
        f"<h2>Suspicious labels: {len(findings.suspicious):,}</h2>",
        "<p>None of the samples that look most like these has their label; nearly all have another.</p>",
        _table(samples, findings.suspicious[:shown], findings.looks_like),
    ]
    body = "\n".join(told)
    return (
        f'<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style>\n<h1>{escape(title)}</h1>\n{body}\n</html>\n"
    )


def strip(images: npt.NDArray[np.uint8]) -> str:
    """Return pictures (N, H, W) side by side as an HTML image that holds its own data, ink dark."""
    buffer = BytesIO()
    Image.fromarray(255 - np.concatenate(list(np.pad(images, ((0, 0), (1, 1), (1, 1)))), axis=1)).save(
        buffer, "png"
    )
    data = base64.b64encode(buffer.getvalue()).decode("ascii")
    return f'<img alt="" src="data:image/png;base64,{data}">'


def _table(samples: Samples, places: npt.NDArray[np.int64], like: list[str] | None) -> str:
    rows = []
    for number, place in enumerate(places.tolist()):
        looks = f"<td>{escape(called(like[number]))}" if like is not None else ""
        picture = strip(samples.images[place : place + 1])
        rows.append(f"<tr><td>{place}<td>{picture}<td>{escape(called(str(samples.labels[place])))}{looks}")
    head = "<th>sample<th>picture<th>label" + ("<th>looks like" if like is not None else "")
    return f"<table><tr>{head}{''.join(rows)}</table>" if rows else ""
