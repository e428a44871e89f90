"""A training run as one page of HTML that needs nothing else."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from html import escape
from io import BytesIO
from typing import Any

import numpy as np

from nn.data.samples import Samples
from nn.gallery.plots import curves, new_figure
from nn.gallery.style import STYLE
from nn.layers.layer import Array
from nn.metrics import confusion, per_class, reliability, top_k
from nn.model import Sequential
from nn.predict import best, probabilities
from nn.recipe import Recipe, recipe_of
from nn.sequence import load_network
from nn.training.augment import Augment, augment
from nn.training.run_folder import Epoch, RunFolder

SHOWN = 40


def report(folder: RunFolder, samples: Samples | None) -> str:
    """Return the page of the run in `folder`.

    Parameters
    ----------
    folder : RunFolder
    samples : Samples or None
        What the best model is measured on, all of it; without it those parts are left out.

    Raises
    ------
    ModelError
        If there is no finished epoch in `folder`, or matplotlib is not installed.
    DataError
        If a label is none of the model's classes.
    """
    model, epochs = load_network(folder.best), folder.read_checkpoint()[2]
    parts = [*history(epochs), *weights(model)]
    if samples is not None and len(samples):
        parts += [*measures(model, samples), *changes(samples, recipe_of(model))]
    title = escape(f"Run {folder.path.resolve().name}")
    body = "\n".join(f"<h2>{escape(head)}</h2>\n{content}" for head, content in parts)
    return (
        f'<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>{title}</title>'
        f"<style>{STYLE}</style>\n<h1>{title}</h1>\n<pre>{escape(model.summary())}</pre>\n{body}\n</html>\n"
    )


def history(epochs: Sequence[Epoch]) -> Iterator[tuple[str, str]]:
    """Give the curves of loss, accuracy and gradients."""
    top = max(epochs, key=lambda epoch: (epoch.val_accuracy, -epoch.val_loss))
    words = f"Best: epoch {top.epoch} of {len(epochs)}, validation accuracy {top.val_accuracy:.2%}."
    yield "Learning", f"<p>{words}</p>{image(curves({'': epochs}))}"
    kept = [epoch for epoch in epochs if epoch.gradients]
    if kept:
        figure = new_figure(9, 4)
        axes = figure.subplots()
        for name in kept[-1].gradients:
            spreads = [epoch.gradients[name] for epoch in kept]
            axes.plot([epoch.epoch for epoch in kept], spreads, label=f"layer {_layer(name)}")
        axes.set(xlabel="epoch", ylabel="standard deviation", yscale="log")
        axes.legend(fontsize="small", ncols=2)
        yield "Gradients of the weights, at the end of each epoch", image(figure)


def weights(model: Sequential) -> Iterator[tuple[str, str]]:
    """Give the first layer's weights as pictures, and histograms of all."""
    named = {name: array for name, array in model.params.items() if array.ndim > 1}
    first = tiles(next(iter(named.values())), model.input_shape[:2])
    limit = float(np.abs(first).max()) or 1.0
    figure = new_figure(10, 0.7 * -(-len(first) // 12))
    for axes, tile in zip(figure.subplots(-(-len(first) // 12), 12, squeeze=False).flat, first, strict=False):
        axes.imshow(tile, cmap="RdBu_r", vmin=-limit, vmax=limit)
    for axes in figure.axes:
        axes.set_axis_off()
    yield f"Weights of the first layer ({len(first)} shown), from -{limit:.2g} in blue to red", image(figure)
    columns = 4
    rows = -(-len(named) // columns)
    figure = new_figure(11, 2 * rows)
    axes_of = figure.subplots(rows, columns, squeeze=False).flat
    for axes, (name, array) in zip(axes_of, named.items(), strict=False):
        axes.hist(array.ravel(), 60)
        axes.set_title(f"layer {_layer(name)} {array.shape}", fontsize="small")
        axes.set_yticks([])
    for axes in figure.axes[len(named) :]:
        axes.set_axis_off()
    yield "How large the weights are", image(figure)


def tiles(weight: Array, picture: tuple[int, ...]) -> Array:
    """Return the first layer's weights as pictures (M, height, width), at most 48.

    Those of a dense layer have the picture's shape if they fit it; of filters it is the first channel.
    """
    if weight.ndim == 2:
        height, width = picture if len(weight) == picture[0] * picture[1] else (1, len(weight))
        return weight.T[:48].reshape(-1, height, width)
    whole = weight[:, :, 0] if weight.ndim == 4 else weight
    return whole.transpose(2, 0, 1)[:48]


def measures(model: Sequential, samples: Samples) -> Iterator[tuple[str, str]]:
    """Give what the model makes of `samples`: rates, calibration, confusion, classes, worst errors."""
    labels = samples.indices(model.classes)
    logits = model.predict(samples.images)
    rates = probabilities(model, logits)
    found = reliability(rates, labels)
    tops = ", ".join(f"top-{k} {top_k(logits, labels, k):.2%}" for k in (1, 2, 5))
    words = f"{len(labels)} samples: {tops}; expected calibration error {found.error:.2%}."
    figure = new_figure(10, 4)
    left, right = figure.subplots(1, 2)
    there = found.share > 0
    left.plot([0, 1], [0, 1], ":", color="gray")
    left.plot(found.sure[there], found.right[there], "o-")
    left.set(xlabel="how sure", ylabel="how often right", xlim=(0, 1), ylim=(0, 1))
    right.bar((np.arange(len(found.share)) + 0.5) / len(found.share), found.share, 0.9 / len(found.share))
    right.set(xlabel="how sure", ylabel="share of all samples")
    yield "Measured", f"<p>{words}</p>{image(figure)}"
    yield "Confusion: rows are what is there", image(_confusion(logits, labels, model.classes))
    yield "Classes", _classes(logits, labels, model.classes)
    yield "The surest errors", image(_errors(samples, rates, labels, model.classes))


def changes(samples: Samples, recipe: Recipe | None) -> Iterator[tuple[str, str]]:
    """Give what the recipe's augmentation makes of a few samples: each column is one, unchanged on top."""
    if recipe is None or recipe.augment == Augment():
        return
    rng = np.random.default_rng(0)
    chosen = samples.images[rng.integers(0, len(samples), 12)]
    rows: list[Array] = [chosen / 255]
    rows += [augment(chosen, recipe.augment, rng) for _ in range(5)]
    figure = new_figure(10, 5)
    for axes, picture in zip(figure.subplots(6, 12).flat, np.concatenate(rows), strict=True):
        axes.imshow(picture, cmap="gray", vmin=0, vmax=1)
        axes.set_axis_off()
    yield "What augmentation does: samples on top, five changes of each", image(figure)


def image(figure: Any) -> str:
    """Return a figure as an HTML image that holds its own data."""
    buffer = BytesIO()
    figure.savefig(buffer, format="png", dpi=110)
    data = base64.b64encode(buffer.getvalue()).decode("ascii")
    return f'<img alt="" src="data:image/png;base64,{data}">'


def _layer(name: str) -> str:
    """Return the number of a parameter's layer, counting from 1."""
    return str(int(name.partition(".")[0]) + 1)


def _confusion(logits: Array, labels: Array, classes: Sequence[str]) -> Any:
    counts = confusion(logits, labels)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    size = 2 + len(classes) * 0.16
    figure = new_figure(size, size)
    axes = figure.subplots()
    axes.imshow(np.sqrt(shares), cmap="viridis", vmin=0, vmax=1)
    names = [_shown(text) for text in classes]
    axes.set_xticks(range(len(names)), names, fontsize=7)
    axes.set_yticks(range(len(names)), names, fontsize=7)
    axes.set_title("brightness: the square root of the row's share", fontsize="small")
    return figure


def _classes(logits: Array, labels: Array, classes: tuple[str, ...]) -> str:
    rows = "".join(
        f"<tr><td>{escape(_shown(score.text))}<td>{score.precision:.2%}<td>{score.recall:.2%}<td>{score.f1:.2%}"
        f"<td>{score.count}"
        for score in per_class(logits, labels, classes)
    )
    return f"<table><tr><th>class<th>precision<th>recall<th>F1<th>support{rows}</table>"


def _errors(samples: Samples, rates: Array, labels: Array, classes: Sequence[str]) -> Any:
    wrong = np.flatnonzero(rates.argmax(axis=1) != labels)
    worst = wrong[np.argsort(-rates[wrong].max(axis=1), kind="stable")][:SHOWN]
    figure = new_figure(11, 2.1 * max(-(-len(worst) // 8), 1))
    grid = figure.subplots(max(-(-len(worst) // 8), 1), 8, squeeze=False).flat
    for axes, place, choices in zip(grid, worst, best(rates[worst], classes, 5), strict=False):
        axes.imshow(samples.images[place], cmap="gray", vmin=0, vmax=255)
        said = "  ".join(f"{_shown(text)} {100 * rate:.0f}" for text, rate in choices)
        axes.set_title(f"is {_shown(classes[labels[place]])}\n{said}", fontsize=7, parse_math=False)
    for axes in figure.axes:
        axes.set_axis_off()
    return figure


def _shown(text: str) -> str:
    """Return a class's name as it can be seen."""
    return text if text.strip() else "none"
