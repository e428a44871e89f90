"""How fast networks train here, beside the same networks in PyTorch on the CPU.

Run it by hand where torch and this project are installed: ``python -m tests.bench.bench_training``.
Both take the same batches of 256 in float32 with as many threads, and take turns, a few steps each, so
that what else the machine does hits both; printed are medians, the ratio of the throughputs, and how much
of the rate of large matrix products, measured in the same run, the products of a step make use of.

By the clock the ratio is fair on a machine that is otherwise idle: PyTorch's threads wait for one
another and suffer most where they have to share. On a busy machine take ``--threads 1`` and look at the
processor time.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import torch

from nn.layers import Conv2D, Dense
from nn.layers.windows import pads
from nn.memory import keep_freed_memory
from nn.model import Sequential
from nn.recipe import Recipe, find_recipe, read_recipe
from nn.threads import one_blas_thread
from nn.training.trainer import Batch, Trainer
from tests.bench.record import record

BATCH, CLASSES = 256, 62
RECIPES = ("three_hidden", "reader", "larger")
SIDE = 1024


def numpy_step(
    model: Sequential, recipe: Recipe, pool: ThreadPoolExecutor, batch: Batch
) -> Callable[[], None]:
    """Return a function that takes one training step of the recipe."""
    trainer = Trainer(model, recipe, 10_000, pool)

    def step() -> None:
        with one_blas_thread():
            trainer.step(batch)

    return step


def torch_step(model: Sequential, recipe: Recipe, batch: Batch) -> Callable[[], None]:
    """Return a function that takes one step of the same network and optimizer in PyTorch."""
    network = torch.nn.Sequential(*torch_layers(model))
    settings = recipe.optimizer
    if settings["type"] == "sgd":
        optimizer = torch.optim.SGD(
            network.parameters(), settings["rate"], settings["momentum"], nesterov=settings["nesterov"]
        )
    else:
        optimizer = torch.optim.AdamW(
            network.parameters(), settings["rate"], weight_decay=settings["weight_decay"]
        )
    loss = torch.nn.CrossEntropyLoss(label_smoothing=recipe.train.label_smoothing)
    images = torch.from_numpy(batch.images.transpose(0, 3, 1, 2).copy())
    labels = torch.from_numpy(batch.labels)

    def step() -> None:
        optimizer.zero_grad()
        loss(network(images), labels).backward()
        optimizer.step()

    return step


def torch_layers(model: Sequential) -> list[torch.nn.Module]:
    """Return the layers of `model`, which may be those of `RECIPES`, in PyTorch."""
    nn, layers = torch.nn, []
    for table, layer, shape in zip(model.architecture, model.layers, model.shapes[:-1], strict=True):
        kind = table["type"]
        if isinstance(layer, Conv2D):
            margins = [pads(size, layer.kernel, layer.stride, layer.padding) for size in shape[:2]]
            layers.append(nn.ZeroPad2d((*margins[1], *margins[0])))
            layers.append(nn.Conv2d(shape[2], layer.filters, layer.kernel, layer.stride, bias=layer.bias))
        elif kind == "batch_norm":
            layers.append((nn.BatchNorm2d if len(shape) == 3 else nn.BatchNorm1d)(shape[-1]))
        elif isinstance(layer, Dense):
            layers.append(nn.Linear(shape[0], layer.units, bias=layer.bias))
        else:
            plain = {
                "relu": lambda _: nn.ReLU(inplace=True),
                "max_pool2d": lambda layer: nn.MaxPool2d(layer.kernel),
                "dropout": lambda layer: nn.Dropout(layer.rate),
                "flatten": lambda _: nn.Flatten(),
            }
            layers.append(plain[kind](layer))
    return layers


def seconds(step: Callable[[], None], steps: int) -> tuple[float, float]:
    """Return the seconds one step takes by the clock and of the processor, over `steps` in a row."""
    clock, processor = time.perf_counter(), time.process_time()
    for _ in range(steps):
        step()
    return (time.perf_counter() - clock) / steps, (time.process_time() - processor) / steps


def products(pool: ThreadPoolExecutor, threads: int) -> Callable[[], None]:
    """Return a function that multiplies two large matrices in each of `threads` threads."""
    left, right = np.random.default_rng(0).random((2, SIDE, SIDE), np.float32)
    results = [np.empty_like(left) for _ in range(threads)]

    def step() -> None:
        with one_blas_thread():
            list(pool.map(lambda result: np.matmul(left, right, out=result), results))

    return step


def operations(model: Sequential) -> float:
    """Return the floating-point operations of the products in one step: forward, and twice as many back.

    But for the first layer with weights, whose input needs no gradient.
    """
    forward = [
        2 * layer.multiplications(shape) for layer, shape in zip(model.layers, model.shapes[:-1], strict=True)
    ]
    first = next(count for count in forward if count)
    return BATCH * (3.0 * sum(forward) - first)


def compare(
    name: str, threads: int, rounds: int, steps: int, pool: ThreadPoolExecutor, batch: Batch
) -> dict[str, float]:
    """Measure one recipe, print what came out, and return throughput as a ratio to PyTorch's."""
    throughput = {}
    recipe = read_recipe(find_recipe(name))
    recipe = replace(recipe, train=replace(recipe.train, ema=0.0, threads=threads))
    classes = [str(number) for number in range(CLASSES)]
    model = Sequential(recipe.architecture(CLASSES), recipe.input_shape, classes)
    each = (
        numpy_step(model, recipe, pool, batch),
        torch_step(model, recipe, batch),
        products(pool, threads),
    )
    for step in each:
        seconds(step, 2)
    times = np.array([[seconds(step, steps) for step in each] for _ in range(rounds)])
    for place, kind in enumerate(("by the clock", "processor time")):
        ours, theirs, gemm = times[:, :, place].T
        ratios = theirs / ours
        rate = threads * 2 * SIDE**3 / gemm
        share = np.median(operations(model) / ours / rate)
        print(f"{name}, {kind}: a step NumPy {1e3 * np.median(ours):.1f} ms, ", end="")
        print(f"PyTorch {1e3 * np.median(theirs):.1f}; throughput as a ratio ", end="")
        print(f"{np.median(ratios):.2f} ({ratios.min():.2f} to {ratios.max():.2f}); ", end="")
        print(f"{share:.0%} of {np.median(rate) / 1e9:.0f} GFLOP/s")
        throughput[kind] = float(np.median(ratios))
    return throughput


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--steps", type=int, default=4, help="steps in a row of each")
    parser.add_argument("recipes", nargs="*", default=list(RECIPES))
    options = parser.parse_args()
    keep_freed_memory()
    torch.set_num_threads(options.threads)
    rng = np.random.default_rng(0)
    batch = Batch(rng.random((BATCH, 28, 28, 1), np.float32), rng.integers(0, CLASSES, BATCH))
    with ThreadPoolExecutor(options.threads) as pool:
        ratios = {
            name: compare(name, options.threads, options.rounds, options.steps, pool, batch)
            for name in options.recipes
        }
    record("training", {"threads": options.threads, "throughput, ratio to PyTorch": ratios})


if __name__ == "__main__":
    main()
