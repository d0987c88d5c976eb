"""What detectors say of single cells."""

from __future__ import annotations

import pytest

from airflow_mlsecops.detectors import all_detectors
from airflow_mlsecops.scan.cells import Mark, mark, read_cells

DETECTORS = {detector.name: detector for detector in all_detectors()}
TABLE = (
    ("iban", "DE89370400440532013000", Mark.PASSED),
    ("iban", "paid to DE89 3704 0044 0532 0130 00 in May", Mark.PASSED),
    ("iban", "DE89370400440532013001", Mark.FAILED),
    ("iban", "DE8937040044", Mark.STRANGE),
    ("iban", "nothing", Mark.NOTHING),
    ("iban", "", Mark.NOTHING),
    ("email_address", "alice@example.org", Mark.PROVEN),
    ("email_address", "alice at example.org", Mark.NOTHING),
    ("person", "Anna", Mark.KNOWN),
    ("age", "34", Mark.LOOKS),
    ("age", "344444", Mark.NOTHING),
)


@pytest.mark.parametrize(("name", "cell", "expected"), TABLE, ids=range(len(TABLE)))
def test_what_is_said_of_a_cell(name: str, cell: str, expected: Mark) -> None:
    assert mark(DETECTORS[name], cell) is expected


def test_cells_are_read_as_the_scan_reads_them() -> None:
    assert read_cells([" ４１ ", "a\u200bb", ""]) == ("41", "ab", "")
    assert read_cells([]) == ()
