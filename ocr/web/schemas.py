"""Requests and responses, for the OpenAPI document; readings are described in `ocr.formats.json`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from pipelines.normalize import SIDE

GLYPH = SIDE * SIDE
"""Bytes of a glyph."""
LOT = "^[0-9]{1,20}$"
"""The number of a lot, as text: it exceeds the range of integers in JavaScript."""
_ENCODED = 4 * -(-GLYPH // 3)

Share = Annotated[float, Field(ge=0, le=1)]
DataUrl = Annotated[str, Field(pattern=r"^data:image/(png|jpeg);base64,", description="A picture.")]
Base64Glyph = Annotated[
    str,
    StringConstraints(min_length=_ENCODED, max_length=_ENCODED, pattern=r"^[A-Za-z0-9+/]+={0,2}$"),
    Field(description="784 bytes, 28 rows of 28, ink 255 on 0, in base64."),
]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Fault(_Body):
    """What is wrong, and what can be done."""

    what: str
    hint: str


class Failure(_Body):
    """The body of every response that is an error."""

    error: Fault


class Health(_Body):
    """The state of the server."""

    status: Literal["ok"]
    version: str
    model: str
    waiting: int = Field(ge=0, description="Requests that are read or wait for it.")
    capacity: int = Field(ge=1, description="How many of them there may be.")
    max_bytes: int = Field(description="Larger files are refused.")
    max_pixels: int = Field(description="Larger pages are refused.")
    folder: bool = Field(description="Whether corrections are kept.")


class FormatShown(_Body):
    """A format that readings are written in."""

    name: str
    title: str
    media_type: str
    extension: str = Field(description="What the name of a file ends in, with its dot.")
    shows_picture: bool = Field(description="Whether the picture must be sent too.")
    one_page: bool = Field(description="Whether a file holds one page only.")


class Alternative(_Body):
    """Another reading."""

    text: str
    confidence: Share


class Letter(_Body):
    """A letter of a drawing."""

    text: str
    confidence: Share
    box: Annotated[list[int], Field(min_length=4, max_length=4, description="Left, top, right, bottom.")]
    glyph: Base64Glyph
    top: list[Alternative]


class Prediction(_Body):
    """What a drawing reads as; no text and no letters where nothing is drawn."""

    text: str
    confidence: Share
    letters: list[Letter]
    alternatives: list[Alternative]


class Stage(_Body):
    """An intermediate picture, aligned with the original."""

    name: Literal["light", "binary", "segments"]
    image: DataUrl


class Rival(_Body):
    """An alternative of a letter, with votes against it in nats; negative votes are for the rival."""

    text: str
    shape: float = Field(description="Score of the letter network.")
    place: float = Field(description="Score of its place on the line.")
    line: float = Field(description="Score of the line network.")
    language: float | None = Field(description="None where no such reading of the word was considered.")


class Votes(_Body):
    """Why a letter was read as it was; the votes of a rival add up."""

    text: str = Field(description="As the network names it: without what stands over it.")
    rivals: list[Rival]


class InspectedPage(_Body):
    """A page beside its reading."""

    number: int = Field(ge=1)
    picture: DataUrl
    scale: float = Field(gt=0, le=1, description="Pixels of the picture per pixel of the document.")
    stages: list[Stage]
    glyphs: str = Field(description="uint8 N x 28 x 28 in base64, in the order of the document's glyphs.")
    votes: list[Votes | None] = Field(description="Of each glyph, in the same order.")


class Inspection(_Body):
    """A reading with its intermediate results."""

    document: dict[str, Any]
    pages: list[InspectedPage]


class Corrected(_Body):
    """A letter and its label."""

    label: str = Field(max_length=1, description="A character; the empty string is no character.")
    glyph: Base64Glyph


class Lot(_Body):
    """Letters that were corrected together."""

    source: str = Field(max_length=1000, description="What they stood on.")
    glyphs: Annotated[list[Corrected], Field(min_length=1, max_length=200)]


class Example(_Body):
    """A letter that is kept."""

    lot: str = Field(pattern=LOT)
    place: int = Field(ge=0, description="In its lot, to take it back by.")
    source: str = Field(description="What it stood on.")
    glyph: Base64Glyph


class Examples(_Body):
    """The letters that are kept of a character, the last ones first."""

    label: str
    total: int = Field(ge=0)
    examples: list[Example]


class Kept(_Body):
    """The stored corrections."""

    folder: str | None
    total: int = Field(ge=0)
    classes: dict[str, int]


class Added(Kept):
    """The stored corrections, and the lot that was just added."""

    lot: str = Field(pattern=LOT, description="The number of what was added, to take it back by.")


class Change(_Body):
    """A letter that was held back, and what it was read as before and after learning."""

    label: str
    before: str
    after: str
    glyph: Base64Glyph


class Learned(_Body):
    """The result of learning: accuracies, None with too few letters."""

    model_config = ConfigDict(extra="ignore")

    model: str
    samples: int
    seconds: float
    before: Share | None = Field(description="Of the user's own letters held back, before.")
    after: Share | None = Field(description="And after.")
    changes: list[Change] = Field(description="Of the letters held back, those that are read otherwise.")
    kept: Share = Field(description="Of what the network remembers of its training, read as before.")
    left_out: list[str] = Field(description="Pictures in the folder that could not be read, and why.")


class Learning(_Body):
    """Progress of learning."""

    model_config = ConfigDict(from_attributes=True)

    state: Literal["idle", "running", "done", "failed"]
    progress: Share
    message: str
    result: Learned | None


class Use(_Body):
    """Which network to read with."""

    used: Literal["bundled", "learned"] = Field(
        description="bundled is that which the server was started with."
    )


class Used(Use):
    """Which network is read with, and whether there is a learned one."""

    learned: bool
    base: str = Field(description="The file that the server was started with, or bundled.")
    model: str = Field(description="The file that is read with, or bundled.")


class Tiles(_Body):
    """Numbers as pictures: int8 count x height x width in base64, where 127 is the largest."""

    count: int = Field(ge=0)
    height: int = Field(ge=0)
    width: int = Field(ge=0)
    largest: float
    values: str


class OneGlyph(_Body):
    """A glyph to look at."""

    glyph: Base64Glyph


class Compared(OneGlyph):
    """A glyph, what it is taken for, and with what to compare it."""

    text: str = Field(max_length=1, description="A character that the network has.")
    rival: str | None = Field(None, max_length=1, description="Another; by default the likeliest one.")


class Layer(_Body):
    """A layer of the network."""

    type: str
    detail: str
    output: list[int]
    parameters: int


class Confusion(_Body):
    """The confusion table on held-out glyphs; the empty string is the reject class."""

    classes: list[str]
    counts: list[Annotated[list[int], Field(min_length=3, max_length=3)]] = Field(
        description="The true class, the class read, both as places in classes, and how often."
    )


class Network(_Body):
    """The network that is read with."""

    name: str
    classes: list[str]
    parameters: int
    layers: list[Layer]
    filters: DataUrl
    kernels: Tiles = Field(description="The same filters as numbers.")
    confusion: Confusion | None
    figures: dict[str, float]
    learned: bool = Field(description="Whether it has learned; the confusion is then of letters held back.")


class LayerOutput(_Body):
    """The output of a stage of the network: height, width, channels, and a picture of tiles."""

    name: str
    shape: Annotated[list[int], Field(min_length=3, max_length=3)]
    image: DataUrl


class Activations(_Body):
    """The activations of the network for a glyph."""

    layers: list[LayerOutput]
    top: list[Alternative] = Field(description="The likeliest characters.")
