"""The reliability diagram, as SVG for an HTML page."""

from __future__ import annotations

from html import escape

from ocr.evaluation.calibration import BINS, error_by_chance, reliability_of
from ocr.evaluation.tally import Sureness

_SIDE, _LEFT, _TOP = 220, 40, 8
"""The plot's side, and its left and lower border for the axis labels, in pixels."""


def reliability_diagram(said: Sureness, title: str) -> str:
    """Draw the accuracy of each bin of confidence as a bar, with the diagonal of perfect calibration.

    Bars are darker the more samples are in their bin; tooltips give the figures.
    """
    found = reliability_of(said)
    bars = [
        _bar(k, found.sure[k], found.right[k], found.share[k], len(said.sure))
        for k in range(BINS)
        if found.share[k]
    ]
    words = (
        f"{title}: {len(said.sure)}, mean confidence {said.sure.mean():.1%}, right {said.right.mean():.1%}, "
        f"calibration error {found.error:.1%} ({error_by_chance(said):.1%} would be chance)"
    )
    width, height = _LEFT + _SIDE + 22, _TOP + _SIDE + 36
    bottom, right = _TOP + _SIDE, _LEFT + _SIDE
    ticks = "".join(
        f'<text x="{_LEFT - 5}" y="{bottom - share * _SIDE + 4:.0f}" text-anchor="end">{share:.0%}</text>'
        f'<text x="{_LEFT + share * _SIDE:.0f}" y="{bottom + 15}" text-anchor="middle">{share:.0%}</text>'
        for share in (0.0, 0.5, 1.0)
    )
    return (
        f'<figure><svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="{escape(words)}">'
        f'<rect class="frame" x="{_LEFT}" y="{_TOP}" width="{_SIDE}" height="{_SIDE}"/>{"".join(bars)}'
        f'<line class="diagonal" x1="{_LEFT}" y1="{bottom}" x2="{right}" y2="{_TOP}"/>{ticks}'
        f'<text x="{_LEFT + _SIDE / 2:.0f}" y="{bottom + 31}" text-anchor="middle">'
        "confidence; height: right</text></svg>"
        f"<figcaption>{escape(words)}</figcaption></figure>"
    )


def _bar(place: int, sure: float, right: float, share: float, count: int) -> str:
    width, height = _SIDE / BINS, right * _SIDE
    opacity = 0.25 + 0.75 * share**0.5
    return (
        f'<rect class="bar" x="{_LEFT + place * width:.1f}" y="{_TOP + _SIDE - height:.1f}" '
        f'width="{width - 1:.1f}" height="{max(height, 1):.1f}" fill-opacity="{opacity:.2f}">'
        f"<title>said {sure:.1%}, right {right:.1%}, of {share * count:.0f}</title></rect>"
    )
