"""Progress of training, on a terminal or in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from nn.commands.console import printable
from nn.training.run_folder import Epoch


def line(epoch: Epoch, epochs: int = 0) -> str:
    """Return one epoch as a line of text that fits on any terminal; `epochs` is how many there will be."""
    number = f"{epoch.epoch:>{len(str(epochs))}}/{epochs}" if epochs else str(epoch.epoch)
    return (
        f"epoch {number}  loss {epoch.loss:.4f} acc {epoch.accuracy:.2%}  "
        f"val_loss {epoch.val_loss:.4f} val_acc {epoch.val_accuracy:.2%}  "
        f"{epoch.seconds:.1f} s{'  best' if epoch.best else ''}"
    )


class Lines:
    """One plain line per epoch, flushed: for pipes and logs."""

    def __init__(self, about: Callable[[], list[str]] = list) -> None:
        self.about, self.epochs = about, 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def begin(self, epochs: int) -> None:
        self.epochs = epochs
        for text in self.about():
            print(printable(text), flush=True)

    def step(self, epoch: int, step: int, steps: int, loss: float, accuracy: float) -> None: ...

    def epoch(self, epoch: Epoch) -> None:
        print(line(epoch, self.epochs), flush=True)

    def note(self, text: str) -> None:
        print(f"nn: {text}", file=sys.stderr, flush=True)


class Bar:
    """A bar over all epochs: position, loss and accuracy so far, and the time left.

    The epochs' lines stand above it.
    """

    def __init__(self, console: Console, about: Callable[[], list[str]] = list) -> None:
        self.about = about
        self.bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
        )
        self.task = self.bar.add_task("", total=None)
        self.epochs = 0

    def __enter__(self) -> Self:
        self.bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.bar.stop()

    def begin(self, epochs: int) -> None:
        self.epochs = epochs
        self.bar.reset(self.task, total=None)
        for text in self.about():
            self.bar.console.print(printable(text), highlight=False, markup=False)

    def step(self, epoch: int, step: int, steps: int, loss: float, accuracy: float) -> None:
        number = f"{epoch}/{self.epochs}" if self.epochs else str(epoch)
        said = f"epoch {number}  {step}/{steps}  loss {loss:.4f} acc {accuracy:.2%}"
        done, total = (epoch - 1) * steps + step, max(self.epochs, epoch) * steps
        self.bar.update(self.task, description=said, completed=done, total=total)

    def epoch(self, epoch: Epoch) -> None:
        self.bar.console.print(line(epoch, self.epochs), highlight=False)

    def note(self, text: str) -> None:
        self.bar.console.print(f"nn: {text}", highlight=False)
