"""What comparing recipes was to show, and whether it does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

RECTIFIERS = ("relu", "leaky_relu", "swish", "mish")
WIDTHS = (64, 128, 256, 512)


@dataclass(frozen=True, slots=True)
class Finding:
    """A claim, and the rows that it is about, group after group, from the worst to the best.

    A row is called by its recipe and its version: ``"one_hidden 64 relu"``.
    """

    claim: str
    groups: tuple[tuple[str, ...], ...]


FINDINGS = (
    Finding(
        "A perceptron of one softmax is at least as good as one of 26 sigmoids",
        (("perceptron_sigmoid",), ("perceptron_softmax",)),
    ),
    Finding(
        "At 64 nodes tanh is better than sigmoid, and the family of ReLU better than tanh",
        (
            ("one_hidden 64 sigmoid",),
            ("one_hidden 64 tanh",),
            tuple(f"one_hidden 64 {kind}" for kind in RECTIFIERS),
        ),
    ),
    Finding("Wider is better", tuple((f"one_hidden {width} relu",) for width in WIDTHS)),
    Finding(
        "Deeper is better",
        (("one_hidden 512 relu",), tuple(f"two_hidden {width}" for width in WIDTHS[:-1])),
    ),
    Finding(
        "Mini-batches and augmentation are better still",
        (
            tuple(f"two_hidden {width}" for width in WIDTHS[:-1]),
            tuple(f"three_hidden {kind}" for kind in ("relu", "swish", "tanh_exp")),
        ),
    ),
    Finding(
        "Of 47 classes, convolutions tell the most apart",
        (("squared_error",), ("two_wide", "dropout"), ("separable_cnn", "leaky_cnn")),
    ),
    Finding(
        "Of letters, normalization and more augmentation tell more apart, convolutions the most",
        (
            ("three_hidden relu", "three_hidden swish", "three_hidden tanh_exp"),
            ("mlp",),
            ("reader", "larger"),
        ),
    ),
)


def findings(accuracies: Mapping[str, float]) -> str:
    """Return a Markdown list of `FINDINGS`, each with whether it holds by the rows in `accuracies`.

    It holds if no row of a group is better than one of the next group, and is left out if a group is empty.
    """
    lines = []
    for finding in FINDINGS:
        found = [sorted(accuracies[name] for name in group if name in accuracies) for group in finding.groups]
        if not all(found):
            continue
        holds = all(worse[-1] <= better[0] for worse, better in pairwise(found))
        rates = ", then ".join(map(span, found))
        lines.append(f"- {finding.claim}: {rates}. {'It holds.' if holds else 'It does not hold here.'}\n")
    return "".join(lines)


def span(rates: list[float]) -> str:
    """Return the first and the last of `rates` (0 to 1) in percent, or the only one."""
    return " to ".join(f"{100 * rate:.2f}" for rate in dict.fromkeys((rates[0], rates[-1])))
