"""User code that training calls: to watch it, to change its learning rate, or to stop it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nn.training.run_folder import Epoch
    from nn.training.trainer import Trainer


class Hook:
    """Base of all hooks; its methods do nothing and can be overridden.

    A hook may change ``trainer.optimizer.rate``, or the weights in ``trainer.model``. These changes are not
    part of the recipe: a resumed run continues equal only with the same hooks.

    Examples
    --------
    >>> class Halve(Hook):
    ...     def epoch(self, trainer, epoch):
    ...         trainer.optimizer.rate /= 2
    ...         return epoch.val_accuracy > 0.99
    """

    def begin(self, trainer: Trainer) -> None:
        """Training begins or is resumed."""

    def step(self, trainer: Trainer, step: int, loss: float) -> None:
        """A batch with this mean loss is done; ``trainer.gradients`` are its gradients."""

    def epoch(self, trainer: Trainer, epoch: Epoch) -> bool | None:
        """An epoch is done, validated and saved. True stops the training."""
        return None
