"""Groups are judged in words that a data scientist can act on."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from airflow_mlsecops.core.anonymity import Anonymity
from airflow_mlsecops.core.finding import Status
from airflow_mlsecops.core.judge_anonymity import judge_anonymity, judge_combination
from airflow_mlsecops.core.verdict import Outcome, outcome_of

WHERE = "policy.yaml:14"
CRM, HR = "postgres://crm/public.customers", "file:///lake/hr"


def found(**changes: Any) -> Anonymity:
    """A thousand rows in groups of at least five."""
    said: dict[str, Any] = {
        "columns": ("zip", "birth_year"),
        "rows": 1000,
        "groups": 90,
        "smallest": 5,
        "k": 5,
        "rows_below": 0,
        "groups_below": 0,
    }
    return Anonymity(**said | changes)


def below(**changes: Any) -> Anonymity:
    return found(groups=812, smallest=1, rows_below=7, groups_below=3, **changes)


def empty(**changes: Any) -> Anonymity:
    return found(rows=0, groups=0, smallest=0, **changes)


def test_groups_that_are_large_enough_pass() -> None:
    (finding,) = judge_anonymity(found(), where=WHERE)
    assert (finding.status, finding.code, finding.subject) == (Status.PASS, "K_ANONYMITY", "zip + birth_year")
    assert (finding.rows, finding.of, finding.rule, finding.remedy) == (0, 1000, WHERE, None)
    assert finding.reason == "every row has at least 4 others that are equal in these columns"
    assert (finding.expected, finding.got) == ("groups of at least 5 rows", "5 rows in the smallest of 90 groups")


def test_groups_that_are_too_small_fail_with_what_to_do() -> None:
    (finding,) = judge_anonymity(below(), where=WHERE)
    assert (finding.status, finding.code, finding.blocks) == (Status.FAIL, "K_ANONYMITY", True)
    assert (finding.rows, finding.of, finding.share) == (7, 1000, 0.007)
    assert (finding.expected, finding.got) == ("groups of at least 5 rows", "1 row in the smallest of 812 groups")
    assert finding.reason.startswith("7 rows in 3 groups of fewer than 5 rows")
    for advice in ("coarser bands", "drop one of the columns", "leave out the rows"):
        assert advice in (finding.remedy or "")


@pytest.mark.parametrize(
    ("enough", "told"),
    [
        ((("zip",),), "; enough for that: zip"),
        ((("zip",), ("birth_year",)), "; enough for that: zip, birth_year"),
        ((("zip", "birth_year"),), ""),
        ((), ""),
    ],
    ids=["one", "each", "all", "not sought"],
)
def test_which_columns_are_enough_is_told_where_not_all_are_needed(
    enough: tuple[tuple[str, ...], ...], told: str
) -> None:
    (finding,) = judge_anonymity(below(smallest_combinations=enough), where=WHERE)
    assert finding.reason.partition("single out the row")[2] == told


def test_diversity_is_judged_where_it_was_asked() -> None:
    asked = {"sensitive": "diagnosis", "l": 2}
    k, diverse = judge_anonymity(found(**asked, least_diverse=2), where=WHERE)
    assert (k.code, diverse.code, diverse.status) == ("K_ANONYMITY", "L_DIVERSITY", Status.PASS)
    assert diverse.subject == "diagnosis by zip + birth_year"
    told = found(**asked, least_diverse=1, rows_undiverse=12, groups_undiverse=1)
    k, diverse = judge_anonymity(told, where=WHERE)
    assert (k.status, diverse.status, diverse.rows, diverse.of) == (Status.PASS, Status.FAIL, 12, 1000)
    assert diverse.expected == "groups of at least 2 distinct values"
    assert diverse.got == "1 distinct value in the least diverse of 90 groups"
    assert diverse.reason.startswith("12 rows in 1 group of fewer than 2 distinct values of diagnosis")
    assert (diverse.remedy or "").endswith("or drop diagnosis")
    assert len(judge_anonymity(found(sensitive="diagnosis", least_diverse=1), where=WHERE)) == 1


def test_no_row_proves_nothing() -> None:
    findings = judge_anonymity(empty(sensitive="diagnosis", l=2, least_diverse=0), where=WHERE)
    assert outcome_of(findings) is Outcome.UNKNOWN
    assert {finding.code for finding in findings} == {"NO_ROWS"}
    findings = judge_combination(empty(), {"zip": CRM, "birth_year": HR}, where=WHERE)
    assert [(finding.status, finding.code) for finding in findings] == [(Status.UNKNOWN, "QUASI_IDENTIFIERS_JOINED")]


def test_columns_of_two_parents_that_identify_people_side_by_side_fail() -> None:
    parents = {"birth_year": HR, "zip": CRM, "churned": CRM}
    (finding,) = judge_combination(below(), parents, where=WHERE)
    assert (finding.status, finding.code) == (Status.FAIL, "QUASI_IDENTIFIERS_JOINED")
    assert (finding.subject, finding.rows, finding.of, finding.rule) == ("zip + birth_year", 7, 1000, WHERE)
    assert f"zip came from {CRM}; birth_year came from {HR}" in finding.reason
    assert "churned" not in finding.reason
    assert "columns of 2 parents" in finding.reason
    assert finding.remedy


PARENTS: list[tuple[str, Anonymity, dict[str, str], Status]] = [
    ("nothing below", found(), {"zip": CRM, "birth_year": HR}, Status.PASS),
    ("nothing below, origin unknown", found(), {}, Status.PASS),
    ("one parent", below(), {"zip": CRM, "birth_year": CRM}, Status.PASS),
    ("one column", below(columns=("zip",)), {}, Status.PASS),
    ("two of three are enough to tell", below(columns=("zip", "a", "b")), {"zip": CRM, "a": HR}, Status.FAIL),
    ("one origin unknown", below(), {"zip": CRM}, Status.UNKNOWN),
    ("no origin known", below(), {}, Status.UNKNOWN),
    ("origins of other columns", below(), {"a": CRM, "b": HR}, Status.UNKNOWN),
]


@pytest.mark.parametrize(("groups", "parents", "status"), [row[1:] for row in PARENTS], ids=[row[0] for row in PARENTS])
def test_combinations(groups: Anonymity, parents: dict[str, str], status: Status) -> None:
    (finding,) = judge_combination(groups, parents, where=WHERE)
    assert finding.status is status
    assert (finding.remedy is None) == (status is Status.PASS)


def test_what_does_not_know_its_origin_is_named() -> None:
    (finding,) = judge_combination(below(), {"zip": CRM}, where=WHERE)
    assert "which parent birth_year came from" in finding.reason
    assert "parents=" in (finding.remedy or "")


def test_diversity_of_no_column_cannot_be_said() -> None:
    with pytest.raises(ValidationError, match="name it"):
        found(l=2)
