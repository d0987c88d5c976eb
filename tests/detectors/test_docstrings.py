"""What docstrings of detectors show is so."""

from __future__ import annotations

import doctest
from importlib import import_module
from pathlib import Path

import pytest

from airflow_mlsecops import detectors

FOLDER = Path(detectors.__file__).parent
SHOWING = sorted(path.stem for path in FOLDER.glob("*.py") if ">>> " in path.read_text())


def test_some_docstrings_show_something() -> None:
    assert SHOWING


@pytest.mark.parametrize("name", SHOWING)
def test_what_a_docstring_shows_is_so(name: str) -> None:
    result = doctest.testmod(import_module(f"airflow_mlsecops.detectors.{name}"))
    assert result.attempted
    assert result.failed == 0
