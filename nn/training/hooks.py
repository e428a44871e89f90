"""Code of one's own that training calls as it goes: to watch it, to change its rate, to end it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nn.training.run_folder import Epoch
    from nn.training.trainer import Trainer


class Hook:
    """The base of all hooks; each method does nothing until it is written anew.

    A hook may change what it is given: ``trainer.optimizer.rate``, or the weights in ``trainer.model``. What
    it changes is not part of the recipe: a run that is resumed is the same only if the hook is again there.

    Examples
    --------
    >>> class Halve(Hook):
    ...     def epoch(self, trainer, epoch):
    ...         trainer.optimizer.rate /= 2
    ...         return epoch.val_accuracy > 0.99
    """

    def begin(self, trainer: Trainer) -> None:
        """Training begins, or goes on."""

    def step(self, trainer: Trainer, step: int, loss: float) -> None:
        """A batch was learnt, whose mean loss was `loss`; ``trainer.gradients`` are its gradients."""

    def epoch(self, trainer: Trainer, epoch: Epoch) -> bool | None:
        """An epoch is done, validated and saved. True ends training."""
        return None
