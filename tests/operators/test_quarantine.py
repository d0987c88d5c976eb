"""Files that may not be in a dataset are moved aside, and the others go on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from airflow_mlsecops.core.finding import Status
from airflow_mlsecops.core.gate import Gate
from airflow_mlsecops.core.verdict import Outcome
from airflow_mlsecops.dag import sealed
from airflow_mlsecops.operators import ClassifyDatasetOperator
from airflow_mlsecops.operators.errors import GateFailed, GateUnknown
from tests.operators.lake import CLEAN, MAILS, Lake, Train

DIRTY = CLEAN.with_columns(pl.Series("hint", MAILS))


class Shelf:
    """A folder of three files, one of which holds e-mail addresses that nobody expects."""

    def __init__(self, lake: Lake) -> None:
        self.lake = lake
        self.folder = lake.home / "lake" / "features" / "days"
        self.folder.mkdir(mode=0o700)
        for name, frame in (("a", CLEAN), ("b", DIRTY), ("c", CLEAN)):
            frame.write_parquet(self.folder / f"{name}.parquet")

    def gate(self, **given: Any) -> ClassifyDatasetOperator:
        return ClassifyDatasetOperator(
            task_id="classify", dataset=f"file://{self.folder}", on_violation="quarantine", **given
        )

    @property
    def names(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir())

    @property
    def aside(self) -> list[str]:
        return sorted(path.name for path in self.folder.parent.glob(".days.quarantine/*/*"))


@pytest.fixture
def shelf(lake: Lake) -> Shelf:
    return Shelf(lake)


def test_the_offending_file_is_moved_and_the_others_train(shelf: Shelf) -> None:
    gate = shelf.gate()
    train = sealed(Train(task_id="train", trace=shelf.lake.trace), dataset=gate.dataset, requires=[gate])
    shelf.lake.run(gate)
    shelf.lake.run(train)
    assert (shelf.names, shelf.aside) == (["a.parquet", "c.parquet"], ["b.parquet"])
    assert shelf.lake.trace.read_text() == "trained"
    (record,) = shelf.lake.records(gate=Gate.CLASSIFY)
    verdict = record.verdict
    assert (verdict.outcome, verdict.rows_scanned) == (Outcome.PASS, 200)
    told = {finding.code: finding for finding in verdict.findings}
    assert told["QUARANTINED"].reason.startswith("1 of 3 files were moved to file://")
    why = told["ENTITY_NOT_ALLOWED"]
    assert (why.status, why.required, why.subject, why.rows, why.of) == (Status.FAIL, False, "hint", 100, 100)


def test_where_every_file_offends_all_are_moved_and_the_gate_fails(shelf: Shelf) -> None:
    for name in "ac":
        DIRTY.write_parquet(shelf.folder / f"{name}.parquet")
    with pytest.raises(GateFailed, match="ENTITY_NOT_ALLOWED"):
        shelf.lake.run(shelf.gate())
    assert (shelf.names, len(shelf.aside)) == ([], 3)


def test_a_partition_is_all_that_is_looked_at_and_moved(shelf: Shelf) -> None:
    day = shelf.folder / "d1"
    day.mkdir(mode=0o700)
    CLEAN.write_parquet(day / "a.parquet")
    DIRTY.write_parquet(day / "z.parquet")
    shelf.lake.run(shelf.gate(partition="d1/"))
    assert [path.name for path in day.iterdir()] == ["a.parquet"]
    assert "b.parquet" in shelf.names


def test_what_cannot_be_read_is_not_moved(shelf: Shelf) -> None:
    (shelf.folder / "d.parquet").write_bytes(b"no parquet")
    with pytest.raises(GateUnknown):
        shelf.lake.run(shelf.gate())
    assert (len(shelf.names), shelf.aside) == (4, [])


def test_an_empty_file_among_others_stays(shelf: Shelf) -> None:
    CLEAN.clear().write_parquet(shelf.folder / "c.parquet")
    shelf.lake.run(shelf.gate())
    assert (shelf.names, shelf.aside) == (["a.parquet", "c.parquet"], ["b.parquet"])


def test_who_observes_moves_nothing(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        "AIRFLOW_CONN_MLSECOPS_DEFAULT",
        '{"conn_type": "mlsecops", "extra": {"environment": "local", "mode": "observe"}}',
    )
    shelf.lake.edit("baseline_days: 90", "baseline_days: 90\nobserve_until: 2099-01-01")
    shelf.lake.run(shelf.gate())
    assert (len(shelf.names), shelf.aside) == (3, [])
    assert shelf.lake.records()[0].verdict.outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("dataset", "said", "message"),
    [
        ("sql://CRM/customers", "quarantine", "has none"),
        ("xcom://build", "quarantine", "has none"),
        ("file:///lake/features", "accept", "expected 'fail' or 'quarantine' or 'approve'"),
    ],
)
def test_what_cannot_be_quarantined_is_an_import_error_of_the_dag(dataset: str, said: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ClassifyDatasetOperator(task_id="classify", dataset=dataset, on_violation=said)


def test_files_are_never_overwritten_there(shelf: Shelf) -> None:
    shelf.lake.run(shelf.gate())
    Path(shelf.folder / "b.parquet").write_bytes(
        Path(next(iter(shelf.folder.parent.glob(".days.q*/*/b.parquet")))).read_bytes()
    )
    shelf.lake.run(shelf.gate())
    assert shelf.aside == ["b.parquet", "b.parquet"]
