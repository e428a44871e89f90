"""Errors that a user can correct: each has a message of one line that names the object and the cause."""

from typing import ClassVar

from nn.exit_codes import Exit


class ModelError(ValueError):
    """A model file, an architecture or a recipe that cannot be used."""

    exit_code: ClassVar[Exit] = Exit.MODEL


class OtherKindError(ModelError):
    """A line network where one for single characters is wanted, or the other way round."""


class DataError(ValueError):
    """A data file that cannot be read as labelled pictures, or labels that do not fit the model."""

    exit_code: ClassVar[Exit] = Exit.PICTURE


CODE_ERRORS = (
    ValueError,
    TypeError,
    ArithmeticError,
    LookupError,
    AttributeError,
    NotImplementedError,
)
"""What wrong code of a user's layer, loss or optimizer raises."""
