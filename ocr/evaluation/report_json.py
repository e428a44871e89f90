"""The report as JSON, for machines.

One object::

    {"format": "ocr-eval", "version": 1, "sets": [SET, ...], "overall": READERS}
    SET      {"name", "pipeline", "seconds", "readers": READERS, "pictures": [PICTURE, ...]}
    READERS  {READER: {"exact": MEASURES, "no_case": MEASURES, "alnum": MEASURES}, ...}
    MEASURES {"cer", "edits", "length", "wer", "word_edits", "words", "top": {"1", "2", "5"},
              "letters": CALIBRATION, "word_confidence": CALIBRATION}
    CALIBRATION  {"count", "ece", "by_chance", "bins": [[SURE, RIGHT, SHARE], ...]}
    PICTURE  {"name", "reference", "seconds", "readings": {READER: TEXT}, "cer": {READER: RATE}}

Our reader is called ``ocr``. Rates are shares, not percent; over several sets they are over all characters.
``top`` and the calibrations are null for readers that give only text. ``bins`` are the non-empty bins: mean
confidence, accuracy, and share of all samples. ``by_chance`` is the calibration error that perfect
confidences would show on a sample of this size. ``version`` rises when a field changes its meaning or goes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from ocr.evaluation.calibration import error_by_chance, reliability_of
from ocr.evaluation.evaluate import Result, SetResult, Tallies, add_up
from ocr.evaluation.table import KS
from ocr.evaluation.tally import Sureness, Tally

VERSION = 1


def render_json(sets: Sequence[SetResult]) -> str:
    """Return all measures and readings, indented."""
    content = {
        "format": "ocr-eval",
        "version": VERSION,
        "sets": [
            {
                "name": one.name,
                "pipeline": one.pipeline,
                "seconds": round(one.seconds, 4),
                "readers": _readers(one.tallies),
                "pictures": [_picture(result) for result in one.results],
            }
            for one in sets
        ],
        "overall": _readers(add_up(one.tallies for one in sets)),
    }
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1)
    # a file name need not be Unicode, JSON in UTF-8 must
    return re.sub("[\ud800-\udfff]", lambda match: f"\\u{ord(match[0]):04x}", text) + "\n"


def _readers(tallies: dict[str, Tallies]) -> dict[str, Any]:
    return {
        reader: {view: _measures(tally) for view, tally in views.items()} for reader, views in tallies.items()
    }


def _measures(tally: Tally) -> dict[str, Any]:
    return {
        "cer": tally.cer,
        "edits": tally.edits,
        "length": tally.length,
        "wer": tally.wer,
        "word_edits": tally.word_edits,
        "words": tally.words,
        "top": {str(k): tally.top(k) for k in KS} if len(tally.ranks) else None,
        "letters": _calibration(tally.of_letters),
        "word_confidence": _calibration(tally.of_words),
    }


def _calibration(said: Sureness) -> dict[str, Any] | None:
    if not len(said.sure):
        return None
    found = reliability_of(said)
    bins = zip(found.sure.tolist(), found.right.tolist(), found.share.tolist(), strict=True)
    return {
        "count": len(said.sure),
        "ece": found.error,
        "by_chance": error_by_chance(said),
        "bins": [[round(value, 5) for value in values] for values in bins if values[2]],
    }


def _picture(result: Result) -> dict[str, Any]:
    return {
        "name": result.sample.name,
        "reference": result.sample.reference,
        "seconds": round(result.seconds, 4),
        "readings": result.readings,
        "cer": {reader: views["exact"].cer for reader, views in result.tallies.items()},
    }
