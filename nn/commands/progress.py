"""How training goes, on a terminal or in a pipe."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from nn.training.run_folder import Epoch


def line(epoch: Epoch) -> str:
    """Return one epoch as a line of text."""
    return (
        f"epoch {epoch.epoch}  loss {epoch.loss:.4f}  accuracy {epoch.accuracy:.2%}  "
        f"val_loss {epoch.val_loss:.4f}  val_accuracy {epoch.val_accuracy:.2%}  "
        f"{epoch.seconds:.1f} s  {epoch.speed:.0f} glyphs/s{'  best' if epoch.best else ''}"
    )


class Lines:
    """One plain line an epoch, flushed: for pipes and logs."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def step(self, epoch: int, step: int, steps: int) -> None: ...

    def epoch(self, epoch: Epoch) -> None:
        print(line(epoch), flush=True)

    def note(self, text: str) -> None:
        print(f"nn: {text}", file=sys.stderr, flush=True)


class Bar:
    """A bar that shows the batches of the present epoch, with the epochs' lines above it."""

    def __init__(self, console: Console) -> None:
        self.bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
        )
        self.task = self.bar.add_task("", total=None)

    def __enter__(self) -> Self:
        self.bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.bar.stop()

    def step(self, epoch: int, step: int, steps: int) -> None:
        self.bar.update(self.task, description=f"epoch {epoch}", completed=step, total=steps)

    def epoch(self, epoch: Epoch) -> None:
        self.bar.console.print(line(epoch), highlight=False)

    def note(self, text: str) -> None:
        self.bar.console.print(f"nn: {text}", highlight=False)
