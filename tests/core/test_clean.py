"""Names of clean columns: only of columns that were read whole and hold nothing."""

from __future__ import annotations

import pytest

from airflow_mlsecops.core.classification import Allowed, Classification, Column, How, Sighting, Skipped
from airflow_mlsecops.core.clean import LONGEST_NAME, MOST_BYTES, MOST_NAMES, clean_columns
from airflow_mlsecops.core.sampling import Sample


def found(*names: str, **more: object) -> Classification:
    columns = tuple(Column(name=name, type="String", rows=5) for name in names)
    return Classification.model_validate({"columns": columns, "rows_scanned": 5, "rows_present": 5, **more})


SEEN = Sighting(column="mail", entity="EMAIL_ADDRESS", rows=1, how=How.VALIDATED)
CASES = (
    (found("b", "a", "a"), ("a", "b")),
    (found("a", "mail", sightings=(SEEN,)), ("a",)),
    (found("a", "mail", allowed=(Allowed(column="mail", entity="X", rows=1, rule=0),)), ("a",)),
    (found("a", rows_present=None), ("a",)),
    (found("a", rows_present=6), ()),
    (found("a", rows_scanned=0, rows_present=0), ()),
    (found("a", "b", skipped=(Skipped(code="UNREADABLE_CELLS", detail="x", column="b"),)), ("a",)),
    (found("a", "b.c", "b[].d", "bc", skipped=(Skipped(code="CELLS_CUT", detail="x", column="b"),)), ("a", "bc")),
    (found("a", skipped=(Skipped(code="UNREADABLE_CELLS", detail="x", column="elsewhere"),)), ()),
    (found("a", skipped=(Skipped(code="OTHER_RULE", detail="x"),)), ()),
    (found("a", skipped=(Skipped(code="PARENT_UNREADABLE", detail="x"),)), ("a",)),
    (found("a", "x" * (LONGEST_NAME + 1), "z"), ("a", "z")),
    (Classification(), ()),
)


@pytest.mark.parametrize(("classification", "expected"), CASES)
def test_clean_columns(classification: Classification, expected: tuple[str, ...]) -> None:
    assert clean_columns(classification) == expected


def test_a_sample_proves_no_column_clean() -> None:
    sample = Sample.model_construct(of=100)
    assert clean_columns(found("a").model_copy(update={"sampled": sample})) == ()


def test_a_record_stays_small() -> None:
    many = clean_columns(found(*(f"c{number:05}" for number in range(2_000))))
    assert len(many) == MOST_NAMES
    wide = clean_columns(found(*(f"{number:03}{'é' * 290}" for number in range(100))))
    assert 0 < sum(len(name.encode()) for name in wide) <= MOST_BYTES
