"""Requests and responses of the laboratory, for the OpenAPI document."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from ocr.lab.plan import BATCH, EPOCHS, RATES, SAMPLES
from ocr.lab.sets import LEAST
from ocr.web.schemas import Base64Glyph, Share, Tiles

Rate = Annotated[float, Field(ge=RATES[0], le=RATES[1], description="The learning rate.")]
Count = Annotated[int, Field(ge=0)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class RecipeShown(_Body):
    """A recipe, and its own settings."""

    name: str
    says: str
    rate: float
    epochs: int
    batch_size: int
    layers: list[str]


class Choices(_Body):
    """What can be learned from, and by which recipes."""

    data: list[str]
    recipes: list[RecipeShown]


class Wanted(_Body):
    """A run that is asked for."""

    data: str = Field(max_length=1000, description="One of the data of the choices.")
    recipe: str = Field(max_length=100, description="One of the recipes of the choices.")
    rate: Rate
    epochs: int = Field(ge=1, le=EPOCHS)
    batch_size: int = Field(ge=0, le=BATCH, description="0 for all samples at once.")
    samples: int = Field(4000, ge=LEAST, le=SAMPLES, description="Most samples to learn from.")


class GoOn(_Body):
    """How to go on."""

    rate: Rate | None = Field(None, description="Another learning rate, from the next step on.")
    epochs: int = Field(0, ge=0, le=EPOCHS, description="How many more, where all are done.")


class EpochShown(_Body):
    """An epoch that is done; what is no finite number is null."""

    step: Count
    loss: float | None
    accuracy: float | None
    val_loss: float | None
    val_accuracy: float | None
    rate: float | None


class Standing(_Body):
    """How a run stands."""

    state: Literal["idle", "starting", "running", "paused", "done", "failed"]
    message: str = ""
    data: str = ""
    recipe: str = ""
    rate: float = 0.0
    step: Count = 0
    steps: Count = 0
    epochs: Count = 0
    classes: list[str] = []
    parameters: Count = 0
    learned: int = Field(0, ge=0, description="Samples to learn from.")
    held_out: int = Field(0, ge=0, description="Samples that are held out.")
    losses: list[tuple[int, float]] = Field([], description="Steps, and the mean losses up to them.")
    history: list[EpochShown] = []
    saved: list[int] = Field([], description="The steps that can be looked at.")


class WeightsShown(_Body):
    """The weights of a layer: a histogram from minus the largest to the largest."""

    name: str
    mean: float
    spread: float = Field(description="The standard deviation.")
    largest: float
    counts: list[int]


class MixedUp(_Body):
    """What is read as what, of held-out samples."""

    counts: list[Annotated[list[int], Field(min_length=3, max_length=3)]] = Field(
        description="The true class, the class read, both as places in classes, and how often."
    )
    accuracy: Share
    count: Count


class StepShown(_Body):
    """The network after a step."""

    step: Count
    filters: Tiles
    weights: list[WeightsShown]
    confusion: MixedUp


class Likely(_Body):
    """A character, and how likely it is."""

    text: str
    confidence: Share


class LayerAnswer(_Body):
    """What a layer gives for a glyph."""

    name: str
    shape: list[int]
    tiles: Tiles


class Answers(_Body):
    """What all layers give for a glyph after a step."""

    step: Count
    layers: list[LayerAnswer]
    top: list[Likely]


class Reading(Likely):
    """What a glyph is read as after a step."""

    step: Count


class LabGlyph(_Body):
    """A glyph to be looked at."""

    glyph: Base64Glyph
