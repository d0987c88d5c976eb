"""What expectations came to, as answers."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from airflow_mlsecops.core.finding import Status
from airflow_mlsecops.core.judge_validate import judge_expectations
from airflow_mlsecops.core.verdict import Outcome as Verdict
from airflow_mlsecops.core.verdict import outcome_of


@dataclass(frozen=True)
class Held:
    column: str
    entity: str


@dataclass(frozen=True)
class Expected:
    """What one expectation came to."""

    suite: str = "usage"
    expectation: str = "expect_column_values_to_not_be_null"
    columns: tuple[str, ...] = ("usage",)
    success: bool = True
    rows: int | None = 100
    unexpected: int | None = 0
    exception: str = ""
    said: str = ""
    code: str = ""
    found: tuple[Held, ...] = ()


BORN, MAIL = Held("born", "DATE_OF_BIRTH"), Held("mail", "EMAIL_ADDRESS")
PROVEN = frozenset({("born", "DATE_OF_BIRTH")})

TABLE = [
    ("met", Expected(), Status.PASS, "VALIDATED", "expect column values to not be null (usage): it is met"),
    ("not met", Expected(success=False, unexpected=3), Status.FAIL, "EXPECTATION_FAILED",
     "expect column values to not be null (usage): it is not met, 3 of 100 rows are not as they should be"),
    ("not met, and not counted", Expected(success=False, rows=None, unexpected=None), Status.FAIL, "EXPECTATION_FAILED",
     "expect column values to not be null (usage): it is not met"),
    ("raised", Expected(success=False, exception="KeyError"), Status.UNKNOWN, "EXPECTATION_RAISED",
     "expect column values to not be null (usage) could not be asked: it raised KeyError"),
    ("could not say", Expected(success=False, code="NO_ROWS", said="there is no row"), Status.UNKNOWN, "NO_ROWS",
     "expect column values to not be null (usage) could not be asked: there is no row"),
    ("a success that raised is none", Expected(exception="KeyError"), Status.UNKNOWN, "EXPECTATION_RAISED", None),
    ("found, and proven to be coarser", Expected(success=False, said="a date of birth", found=(BORN,)), Status.PASS,
     "ENTITY_REPLACED", None),
    ("found, and only some of it proven", Expected(success=False, said="both", found=(BORN, MAIL)), Status.FAIL,
     "EXPECTATION_FOUND", "expect column values to not be null (usage): both"),
    ("not met, for another reason", Expected(success=False), Status.FAIL, "EXPECTATION_FAILED", None),
]  # fmt: skip


@pytest.mark.parametrize(("outcome", "status", "code", "reason"), [case[1:] for case in TABLE],
                         ids=[case[0] for case in TABLE])  # fmt: skip
def test_one_expectation(outcome: Expected, status: Status, code: str, reason: str | None) -> None:
    (finding,) = judge_expectations([outcome], PROVEN, changed=False)
    subject = "usage: expect column values to not be null" if status is Status.FAIL else "usage"
    assert (finding.status, finding.code, finding.subject) == (status, code, subject)
    assert reason in (None, finding.reason)
    assert finding.blocks is (status is not Status.PASS)


def test_nothing_expected_proves_nothing() -> None:
    findings = judge_expectations([], PROVEN, changed=False)
    assert [finding.code for finding in findings] == ["NOTHING_EXPECTED"]
    assert outcome_of(findings) is Verdict.UNKNOWN


def test_data_that_changed_meanwhile_is_unknown() -> None:
    assert outcome_of(judge_expectations([Expected()], PROVEN, changed=True)) is Verdict.UNKNOWN


def test_a_table_as_a_whole_and_several_columns_are_named() -> None:
    table, several = Expected(columns=()), Expected(columns=("a", "b"))
    assert [finding.subject for finding in judge_expectations([table, several], PROVEN, changed=False)] == [
        "table",
        "a + b",
    ]
