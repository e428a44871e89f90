"""One table of exit codes: the exceptions, the help and the documentation say what it says."""

from __future__ import annotations

import inspect
import re
from importlib import import_module
from pathlib import Path

import pytest

from nn.errors import DataError, ModelError, OtherKindError
from nn.exit_codes import Exit
from ocr.errors import NothingError, OutputError, SchedulerError, SettingError
from pipelines.errors import ForeignFile, PictureError, TooManyPixels

ROOT = Path(__file__).parents[2]
CODES: dict[type[Exception], Exit] = {
    PictureError: Exit.PICTURE,
    TooManyPixels: Exit.PICTURE,
    ForeignFile: Exit.PICTURE,
    DataError: Exit.PICTURE,
    ModelError: Exit.MODEL,
    OtherKindError: Exit.MODEL,
    OutputError: Exit.OUTPUT,
    NothingError: Exit.NOTHING,
    SchedulerError: Exit.SCHEDULER,
    SettingError: Exit.USAGE,
}


def test_every_exception_that_a_user_can_put_right_has_its_code() -> None:
    for name in ("nn.errors", "ocr.errors", "pipelines.errors"):
        module = import_module(name)
        for kind in vars(module).values():
            if inspect.isclass(kind) and issubclass(kind, Exception) and kind.__module__ == name:
                assert kind.exit_code == CODES[kind], kind  # type: ignore[attr-defined]


def test_the_documentation_has_the_table() -> None:
    rows = re.findall(r"^\| (\d+) \| (.+) \|$", (ROOT / "docs/how-to/read.md").read_text("utf-8"), re.M)
    assert [row for row in rows if int(row[0]) in list(Exit)][: len(Exit)] == [
        (str(code.value), code.meaning) for code in Exit
    ]


@pytest.mark.parametrize(
    ("command", "arguments"),
    [("ocr", []), ("ocr", ["batch"]), ("ocr", ["serve"]), ("nn", [])],
)
def test_the_help_has_the_table(
    command: str, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    main = import_module(f"{command}.commands.cli").app
    with pytest.raises(SystemExit):
        main([*arguments, "--help"])
    said = re.sub(r"[\s│]+", " ", capsys.readouterr().out)
    for code in Exit:
        assert f"{code.value} {code.meaning.replace('`', '')}" in said
