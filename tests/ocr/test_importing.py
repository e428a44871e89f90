"""While things are loaded no garbage is looked for, and after that it is, as before."""

from __future__ import annotations

import gc

import pytest

from ocr.importing import importing


def test_garbage_is_looked_for_again_also_after_a_failure() -> None:
    with importing():
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(ImportError), importing():
        raise ImportError
    assert gc.isenabled()


def test_where_it_was_off_it_stays_off() -> None:
    with importing(), importing():
        pass
    gc.disable()
    try:
        with importing():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
