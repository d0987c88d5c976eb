"""No cell of a CSV is a formula, whatever a dataset or a column is called."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_mlsecops.web.cell import cell


@pytest.mark.parametrize("start", ["=", "+", "-", "@", " =", "\N{NO-BREAK SPACE}@", "\N{FULLWIDTH EQUALS SIGN}"])
def test_no_cell_begins_a_formula(start: str) -> None:
    assert cell(f"{start}1+1") == "'" + f"{start}1+1".replace("\N{NO-BREAK SPACE}", "<U+00A0>")
    assert cell(-1) == "-1"
    assert cell(None) == ""
    assert cell('plain, "quoted"') == 'plain, "quoted"'


@pytest.mark.parametrize("mark", ["\t", "\r", "\n", "\0", "\u202e"])
def test_what_cannot_be_seen_is_drawn(mark: str) -> None:
    assert cell(f"a{mark}=1") == f"a<U+{ord(mark):04X}>=1"


@given(st.text())
def test_no_cell_begins_a_formula_whatever_is_in_it(text: str) -> None:
    assert not cell(text).lstrip().startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
