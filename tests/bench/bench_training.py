"""How fast the reader's network trains here, beside the same network in PyTorch on the CPU.

Run it by hand where torch and this project are installed: ``python tests/bench/bench_training.py``.
Both take the same batches of 256 in float32 with as many threads, and take turns, a few steps each, so
that what else the machine does hits both; printed are medians and the ratio of the throughputs.

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

from nn.memory import keep_freed_memory
from nn.model import Sequential
from nn.recipe import find_recipe, read_recipe
from nn.threads import one_blas_thread
from nn.trainer import Batch, Trainer

BATCH, CLASSES = 256, 62


def numpy_step(pool: ThreadPoolExecutor, threads: int, batch: Batch) -> Callable[[], None]:
    """Return a function that takes one training step of the recipe ``reader``."""
    recipe = read_recipe(find_recipe("reader"))
    recipe = replace(recipe, train=replace(recipe.train, ema=0.0, threads=threads))
    classes = [str(number) for number in range(CLASSES)]
    model = Sequential(recipe.architecture(CLASSES), recipe.input_shape, classes)
    trainer = Trainer(model, recipe, 10_000, pool)

    def step() -> None:
        with one_blas_thread():
            trainer.step(batch)

    return step


def torch_step(threads: int, batch: Batch) -> Callable[[], None]:
    """Return a function that takes one step of the same network and optimizer in PyTorch."""
    torch.set_num_threads(threads)
    nn = torch.nn
    model = nn.Sequential(
        nn.ZeroPad2d((1, 2, 1, 2)),
        nn.Conv2d(1, 32, 5, stride=2, bias=False),
        nn.BatchNorm2d(32),
        nn.ReLU(inplace=True),
        nn.Conv2d(32, 64, 3, padding=1, bias=False),
        nn.BatchNorm2d(64),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(2),
        nn.Conv2d(64, 96, 3, padding=1, bias=False),
        nn.BatchNorm2d(96),
        nn.ReLU(inplace=True),
        nn.Conv2d(96, 128, 3, bias=False),
        nn.BatchNorm2d(128),
        nn.ReLU(inplace=True),
        nn.Flatten(),
        nn.Dropout(0.3),
        nn.Linear(3200, 192, bias=False),
        nn.BatchNorm1d(192),
        nn.ReLU(inplace=True),
        nn.Dropout(0.3),
        nn.Linear(192, CLASSES),
    )
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.003, weight_decay=0.02)
    loss = nn.CrossEntropyLoss(label_smoothing=0.05)
    images = torch.from_numpy(batch.images.transpose(0, 3, 1, 2).copy())
    labels = torch.from_numpy(batch.labels)

    def step() -> None:
        optimizer.zero_grad()
        loss(model(images), labels).backward()
        optimizer.step()

    return step


def seconds(step: Callable[[], None], steps: int) -> tuple[float, float]:
    """Return the seconds one step takes by the clock and of the processor, over `steps` in a row."""
    clock, processor = time.perf_counter(), time.process_time()
    for _ in range(steps):
        step()
    return (time.perf_counter() - clock) / steps, (time.process_time() - processor) / steps


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--steps", type=int, default=4, help="steps in a row of each")
    options = parser.parse_args()
    keep_freed_memory()
    rng = np.random.default_rng(0)
    batch = Batch(rng.random((BATCH, 28, 28, 1), np.float32), rng.integers(0, CLASSES, BATCH))
    with ThreadPoolExecutor(options.threads) as pool:
        both = (numpy_step(pool, options.threads, batch), torch_step(options.threads, batch))
        for step in both:
            seconds(step, 2)
        times = np.array([[seconds(step, options.steps) for step in both] for _ in range(options.rounds)])
    for place, name in enumerate(("by the clock", "processor time")):
        ours, theirs = times[:, 0, place], times[:, 1, place]
        ratios = theirs / ours
        print(f"{name}: a step NumPy {1e3 * np.median(ours):.0f} ms, PyTorch {1e3 * np.median(theirs):.0f}")
        print(f"  throughput as a ratio {np.median(ratios):.2f} ({ratios.min():.2f} to {ratios.max():.2f})")


if __name__ == "__main__":
    main()
