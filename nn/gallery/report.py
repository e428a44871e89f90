"""A training run as one self-contained HTML page."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from nn.data.keys import keys, learned_share
from nn.data.samples import Samples
from nn.errors import DataError
from nn.gallery.lines_report import NOBODY, line_errors, read_lines
from nn.gallery.plots import curves, new_figure
from nn.gallery.style import STYLE
from nn.layers import BatchNorm
from nn.layers.layer import Array
from nn.metrics import confusion, per_class, reliability, top_k
from nn.model import KINDS, Sequential, unit
from nn.predict import best, probabilities
from nn.recipe import Recipe, recipe_of
from nn.sequence import SequenceModel, load_network
from nn.training.augment import Augment, augment
from nn.training.monitor import best_of
from nn.training.run_folder import Epoch, RunFolder
from nn.training.strips import Strips

SHOWN = 40
PAIRS = 25
ALREADY = 0.005
"""Share of the evaluation data in the training data from which a warning is given."""


def report(source: RunFolder | Path, data: Samples | Strips | None, errors: int = SHOWN) -> str:
    """Return a page about a network.

    Parameters
    ----------
    source : RunFolder or Path
        A run, of which the best model is used, or a model file. History next to a model file is included.
    data : Samples, Strips or None
        The data to evaluate the model on; without them those parts are left out.
    errors : int
        How many errors are shown, with their pictures.

    Raises
    ------
    ModelError
        If there is no finished epoch in a run, or matplotlib is not installed.
    DataError
        If a label is none of the model's classes, or data are of another kind than the model reads.
    """
    if isinstance(source, RunFolder):
        model, epochs, title = (
            load_network(source.best),
            source.read_checkpoint()[2],
            source.path.resolve().name,
        )
    else:
        run = RunFolder(source.parent)
        beside = source.name == run.best.name and run.checkpoint.is_file()
        model, epochs = load_network(source), run.read_checkpoint()[2] if beside else []
        title = source.name
    parts = [*(history(epochs) if epochs else ()), *weights(model)]
    if data is not None and len(data):
        parts = [*warning(model, data), *parts]
        if isinstance(data, Strips):
            parts += lines_measured(model, data, errors)
        else:
            parts += [*measures(model, data, errors), *norms(model, data), *changes(data, recipe_of(model))]
    title = escape(f"{'Run' if isinstance(source, RunFolder) else 'Model'} {title}")
    body = "\n".join(f"<h2>{escape(head)}</h2>\n{content}" for head, content in parts)
    return (
        f'<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>{title}</title>'
        f"<style>{STYLE}</style>\n<h1>{title}</h1>\n<pre>{escape(model.summary())}</pre>\n{body}\n</html>\n"
    )


def already_learned(model: Sequential, data: Samples | Strips) -> float | None:
    """Return the share of the data that the model was trained on; None if unknown."""
    training = model.settings.get("training")
    kept = training.get("learnt") if isinstance(training, dict) else None
    pictures = data.apart() if isinstance(data, Strips) else data.images[..., None]
    return learned_share(kept, keys(pictures)) if isinstance(kept, str) else None


def warning(model: Sequential, data: Samples | Strips) -> Iterator[tuple[str, str]]:
    """Yield a warning if the model was trained on the evaluation data."""
    share = already_learned(model, data)
    if share is not None and share >= ALREADY:
        said = (
            f"<p>The network learned from about {share:.0%} of these very pictures: what is measured here is "
            "better than what it will reach on others.</p>"
        )
        yield "Measured on what was learned", said


def history(epochs: Sequence[Epoch]) -> Iterator[tuple[str, str]]:
    """Yield the curves of loss, accuracy and gradients."""
    top = best_of(epochs)
    words = f"Best: epoch {top.epoch} of {len(epochs)}, validation accuracy {top.val_accuracy:.2%}."
    yield "Learning", f"<p>{words}</p>{image(curves({'': epochs}))}"
    kept = [epoch for epoch in epochs if epoch.gradients]
    if kept:
        figure = new_figure(11, 4)
        axes, right = figure.subplots(1, 2)
        right.plot([epoch.epoch for epoch in epochs], [epoch.rate for epoch in epochs])
        right.set(xlabel="epoch", ylabel="learning rate, as the epoch begins")
        for name in kept[-1].gradients:
            spreads = [epoch.gradients[name] for epoch in kept]
            axes.plot([epoch.epoch for epoch in kept], spreads, label=f"layer {_layer(name)}")
        axes.set(xlabel="epoch", ylabel="standard deviation", yscale="log")
        axes.legend(fontsize="small", ncols=2)
        yield "Gradients of the weights at the end of each epoch, and the learning rate", image(figure)


def weights(model: Sequential) -> Iterator[tuple[str, str]]:
    """Yield the first layer's weights as pictures, and histograms of all weights."""
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


def measures(model: Sequential, samples: Samples, shown: int) -> Iterator[tuple[str, str]]:
    """Yield the evaluation on `samples`: rates, calibration, confusion, classes, worst errors."""
    labels = samples.indices(model.classes)
    rates = probabilities(model, model.predict(samples.images))
    yield from rated(rates, labels, model.classes, f"{len(labels)} samples")
    if shown:
        yield "The surest errors", image(_errors(samples, rates, labels, model.classes, shown))


def lines_measured(model: Sequential, strips: Strips, shown: int) -> Iterator[tuple[str, str]]:
    """Yield the evaluation of a line network on `strips`."""
    if not isinstance(model, SequenceModel):
        raise DataError(f"{model.file}: {KINDS[model.axes]}; these data are lines")
    read = read_lines(model, strips)
    count = sum(map(len, read.truths))
    words = (
        f"{len(read.edits)} lines, {(read.edits == 0).sum()} of them without an error; {count} characters, "
        f"character error rate {read.edits.sum() / count:.2%}: {(read.labels == NOBODY).sum()} too many, "
        f"{len(read.missed)} missing. Of {(read.labels != NOBODY).sum()} characters that were read"
    )
    yield from rated(read.rates, read.labels, model.classes, words)
    if shown:
        yield "The lines with most errors", line_errors(read, strips, model.classes, shown)


def rated(rates: Array, labels: Array, classes: tuple[str, ...], words: str) -> Iterator[tuple[str, str]]:
    """Yield rates and calibration of probabilities (N, C) for true classes (N,); `NOBODY` is always wrong."""
    found, there = reliability(rates, labels), labels != NOBODY
    known, its = rates[there], labels[there]
    tops = ", ".join(f"top-{k} {top_k(known, its, k):.2%}" for k in (1, 2, 5))
    figure = new_figure(10, 4)
    left, right = figure.subplots(1, 2)
    some = found.share > 0
    left.plot([0, 1], [0, 1], ":", color="gray")
    left.plot(found.sure[some], found.right[some], "o-")
    left.set(xlabel="how sure", ylabel="how often right", xlim=(0, 1), ylim=(0, 1))
    right.bar((np.arange(len(found.share)) + 0.5) / len(found.share), found.share, 0.9 / len(found.share))
    right.set(xlabel="how sure", ylabel="share of all")
    said = f"{words}: {tops}; expected calibration error {found.error:.2%}."
    yield "Measured", f"<p>{said}</p>{image(figure)}"
    counts = confusion(known, its)
    yield "Confusion: how often each class was taken for which", image(_confusion(counts, classes))
    yield "Most confused", _pairs(counts, classes)
    yield "Classes", _classes(known, its, classes)


def norms(model: Sequential, samples: Samples, most: int = 256) -> Iterator[tuple[str, str]]:
    """Yield histograms of the input and output of each batch normalization, over some samples."""
    places = [k for k, layer in enumerate(model.layers) if isinstance(layer, BatchNorm)]
    if not places:
        return
    figure = new_figure(9, 1.8 * len(places))
    rows = iter(figure.subplots(len(places), 2, squeeze=False))
    x = unit(samples.images[:most, ..., None])
    for index, layer in enumerate(model.layers):
        before = x.copy() if index in places else None
        x = layer.forward(x, None)[0]
        if before is None:
            continue
        for axes, values, said in zip(next(rows), (before, x), ("goes in", "comes out"), strict=True):
            axes.hist(values.ravel(), 60)
            told = f"layer {index + 1} {said}: mean {values.mean():.2f}, deviation {values.std():.2f}"
            axes.set_title(told, fontsize="small")
            axes.set_yticks([])
    yield "What batch normalization does", image(figure)


def changes(samples: Samples, recipe: Recipe | None) -> Iterator[tuple[str, str]]:
    """Yield augmented versions of a few samples: a column each, unchanged on top."""
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


def _confusion(counts: Array, classes: Sequence[str]) -> Any:
    there = np.flatnonzero(counts.sum(axis=0) + counts.sum(axis=1))
    counts = counts[np.ix_(there, there)]
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    size = 2 + len(there) * 0.28
    figure = new_figure(size, size)
    axes = figure.subplots()
    axes.imshow(np.sqrt(shares), cmap="Blues", vmin=0, vmax=1)
    names = [_shown(classes[k]) for k in there.tolist()]
    axes.set_xticks(range(len(names)), names, fontsize=7, parse_math=False)
    axes.set_yticks(range(len(names)), names, fontsize=7, parse_math=False)
    axes.set(xlabel="taken for", ylabel="is")
    for row, column in np.argwhere(counts).tolist():
        color = "white" if shares[row, column] > 0.4 else "black"
        said = str(counts[row, column])
        axes.text(column, row, said, ha="center", va="center", fontsize=5, color=color)
    return figure


def _pairs(counts: Array, classes: Sequence[str]) -> str:
    """Return a table of the classes that were confused most, and how often."""
    wrong = counts - np.diag(counts.diagonal())
    order = np.argsort(-wrong, axis=None, kind="stable")[:PAIRS]
    rows = []
    for row, column in (divmod(place, len(classes)) for place in order.tolist()):
        if not wrong[row, column]:
            break
        share = wrong[row, column] / counts[row].sum()
        names = (escape(_shown(classes[k])) for k in (row, column))
        rows.append(f"<tr><th>{'<th>'.join(names)}<th>{wrong[row, column]}<th>{share:.1%}")
    return f"<table><tr><th>is<th>taken for<th>how often<th>of all that are{''.join(rows)}</table>"


def _classes(logits: Array, labels: Array, classes: tuple[str, ...]) -> str:
    rows = "".join(
        f"<tr><td>{escape(_shown(score.text))}<td>{score.precision:.2%}<td>{score.recall:.2%}<td>{score.f1:.2%}"
        f"<td>{score.count}"
        for score in per_class(logits, labels, classes)
    )
    return f"<table><tr><th>class<th>precision<th>recall<th>F1<th>support{rows}</table>"


def _errors(samples: Samples, rates: Array, labels: Array, classes: Sequence[str], shown: int) -> Any:
    wrong = np.flatnonzero(rates.argmax(axis=1) != labels)
    worst = wrong[np.argsort(-rates[wrong].max(axis=1), kind="stable")][:shown]
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
