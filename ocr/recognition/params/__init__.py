"""Parameters of recognition, in one place.

The values were chosen by hand on the samples and on development pictures. Weights between sources of evidence
are data next to the models (`ocr.recognition.weights`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ocr.recognition.params.blocks import BlockParams
from ocr.recognition.params.grids import GridParams
from ocr.recognition.params.letters import CandidateParams, PlacementParams, ViewParams
from ocr.recognition.params.ways import (
    BlurParams,
    BudgetParams,
    OrientationParams,
    PictureParams,
    RectifiedParams,
    RegionParams,
    SpelledParams,
    ThroughParams,
    WayParams,
)
from ocr.recognition.passes.params import (
    CellParams,
    ExampleParams,
    GapParams,
    InkParams,
    LineParams,
    MarkParams,
    UnreadParams,
)

__all__ = [
    "STANDARD",
    "BlockParams",
    "BlurParams",
    "BudgetParams",
    "CandidateParams",
    "CellParams",
    "ExampleParams",
    "GapParams",
    "GridParams",
    "InkParams",
    "LetterParams",
    "LineParams",
    "MarkParams",
    "OrientationParams",
    "PictureParams",
    "PlacementParams",
    "RectifiedParams",
    "RegionParams",
    "SpelledParams",
    "ThroughParams",
    "UnreadParams",
    "ViewParams",
    "WayParams",
]


@dataclass(frozen=True, slots=True)
class LetterParams:
    """All parameters of recognition.

    Attributes
    ----------
    candidates : CandidateParams
        Which ink is cut and joined.
    placement : PlacementParams
        Places of letters on their line.
    views : ViewParams
        Views of a letter that stands alone.
    ink : InkParams
        Ink of letters that are joined to a mark or another letter.
    marks : MarkParams
        Names of marks over letters.
    gaps : GapParams
        Gaps between words.
    cells : CellParams
        Letters in cells of forms.
    examples : ExampleParams
        Letters of known words as examples for others.
    lines : LineParams
        Lines in capitals, rows of characters and rules.
    unread : UnreadParams
        What is no letter on a picture of one line.
    ways : WayParams
        Other ways to read a picture.
    spelled : SpelledParams
        Letters that only the line network can distinguish from their background.
    rectified : RectifiedParams
        Text of a word that runs at an angle.
    regions : RegionParams
        Regions outside of the sheet.
    blur : BlurParams
        Which pages are blurred, and how they are sharpened.
    through : ThroughParams
        What shows through from the back of a sheet.
    pictures : PictureParams
        What is a picture on a page of text.
    orientation : OrientationParams
        Which way up a page is.
    budget : BudgetParams
        How much work a picture may cost.
    grids : GridParams
        What the cells of a grid hold.

    Examples
    --------
    >>> LetterParams(gaps=GapParams(usual=0.7)).gaps.usual
    0.7
    >>> GapParams(usual=-1.0)
    Traceback (most recent call last):
    ValueError: GapParams.usual is -1.0: it must be from 0 to 10 x-heights
    """

    candidates: CandidateParams = field(default_factory=CandidateParams)
    placement: PlacementParams = field(default_factory=PlacementParams)
    views: ViewParams = field(default_factory=ViewParams)
    ink: InkParams = field(default_factory=InkParams)
    marks: MarkParams = field(default_factory=MarkParams)
    gaps: GapParams = field(default_factory=GapParams)
    cells: CellParams = field(default_factory=CellParams)
    examples: ExampleParams = field(default_factory=ExampleParams)
    lines: LineParams = field(default_factory=LineParams)
    unread: UnreadParams = field(default_factory=UnreadParams)
    ways: WayParams = field(default_factory=WayParams)
    spelled: SpelledParams = field(default_factory=SpelledParams)
    rectified: RectifiedParams = field(default_factory=RectifiedParams)
    regions: RegionParams = field(default_factory=RegionParams)
    blur: BlurParams = field(default_factory=BlurParams)
    through: ThroughParams = field(default_factory=ThroughParams)
    pictures: PictureParams = field(default_factory=PictureParams)
    orientation: OrientationParams = field(default_factory=OrientationParams)
    budget: BudgetParams = field(default_factory=BudgetParams)
    grids: GridParams = field(default_factory=GridParams)


STANDARD = LetterParams()
