"""Pictures of curves, by matplotlib."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nn.errors import ModelError
from nn.training.find_rate import RangeTest
from nn.training.run_folder import Epoch


def new_figure(width: float, height: float) -> Any:
    """Return an empty matplotlib figure of this many inches, for a file and no screen.

    Raises
    ------
    ModelError
        If matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ModelError("plots need matplotlib: pip install 'letters-ocr[report]'") from error
    return Figure(figsize=(width, height), layout="constrained")


def curves(runs: Mapping[str, Sequence[Epoch]]) -> Any:
    """Return a figure of loss and accuracy by epoch, in validation and, of a single run, in learning."""
    figure = new_figure(11, 4)
    for axes, loss in zip(figure.subplots(1, 2), (True, False), strict=True):
        for name, epochs in runs.items():
            numbers = [epoch.epoch for epoch in epochs]
            if len(runs) == 1:
                axes.plot(numbers, [e.loss if loss else e.accuracy for e in epochs], "--", label="learning")
            values = [epoch.val_loss if loss else epoch.val_accuracy for epoch in epochs]
            axes.plot(numbers, values, label="validation" if len(runs) == 1 else name)
        axes.set(xlabel="epoch", ylabel="loss" if loss else "accuracy")
        axes.grid(alpha=0.3)
        axes.legend(fontsize="small")
    return figure


def range_test(found: RangeTest) -> Any:
    """Return a figure of the loss at each learning rate, with the suggested rate."""
    figure = new_figure(8, 4)
    axes = figure.subplots()
    axes.plot(found.rates, found.losses)
    axes.axvline(found.suggested, linestyle=":", color="gray", label=f"suggested: {found.suggested:.2g}")
    axes.set(xscale="log", xlabel="learning rate", ylabel="loss, smoothed")
    axes.grid(alpha=0.3)
    axes.legend()
    return figure


def save(figure: Any, path: Path) -> None:
    """Write a figure as PNG."""
    figure.savefig(path, dpi=120)
