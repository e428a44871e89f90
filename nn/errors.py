"""What can go wrong that a user can put right: each has one line that names the thing and the cause."""

from typing import ClassVar

from nn.exit_codes import Exit


class ModelError(ValueError):
    """A model file, an architecture or a recipe that cannot be used."""

    exit_code: ClassVar[Exit] = Exit.MODEL


class OtherKindError(ModelError):
    """A network for lines where one for single characters is wanted, or the other way round."""


class DataError(ValueError):
    """A data file that cannot be read as labelled pictures, or labels that do not fit the model."""

    exit_code: ClassVar[Exit] = Exit.PICTURE
