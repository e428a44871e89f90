"""Training without output."""

from __future__ import annotations

from nn.training.run_folder import Epoch


class Silent:
    """Progress that prints nothing."""

    def begin(self, epochs: int) -> None: ...

    def step(self, epoch: int, step: int, steps: int, loss: float, accuracy: float) -> None: ...

    def epoch(self, epoch: Epoch) -> None: ...

    def note(self, text: str) -> None: ...
