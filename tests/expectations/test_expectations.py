"""What each expectation asks, accepts and refuses, and how it reads."""

from __future__ import annotations

import json
from typing import Any

import great_expectations as gx
import pytest
from great_expectations.compatibility.pydantic import ValidationError

from airflow_mlsecops.core.allow import Allow
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors import all_detectors
from airflow_mlsecops.expectations import (
    ExpectColumnValuesToBeFreeOfSensitiveData,
    ExpectColumnValuesToBePseudonymised,
    ExpectKAnonymityToBeAtLeast,
    ExpectNoNewSensitiveColumns,
    ExpectTableSensitivityToBeAtMost,
    ExpectTableToBeFreeOfSensitiveData,
    looking_for,
)
from airflow_mlsecops.scan.allowances import Allowances, Rule
from tests.expectations import engines
from tests.expectations.engines import run, told

TABLE = {
    "email": ["ann@example.com", "n/a", "n/a", "n/a", "n/a", "n/a", "n/a", "n/a", "n/a", "n/a"],
    "colour": ["red"] * 10,
}
FREE, TABLE_FREE = ExpectColumnValuesToBeFreeOfSensitiveData, ExpectTableToBeFreeOfSensitiveData


@pytest.fixture
def batch(context: Any) -> Any:
    return engines.pandas_batch(context, TABLE)


@pytest.mark.parametrize(
    ("expectation", "success"),
    [
        (FREE(column="email"), False),
        (FREE(column="email", entities=["EMAIL_ADDRESS"]), False),
        (FREE(column="email", entities=["role:direct identifier"]), False),
        (FREE(column="email", entities=["tag:PCI-DSS"]), True),
        (FREE(column="email", entities=["CREDIT_CARD"]), True),
        (FREE(column="email", mostly=0.9), True),
        (FREE(column="email", mostly=0.91), False),
        (FREE(column="colour"), True),
        (TABLE_FREE(), False),
        (TABLE_FREE(entities=["CREDIT_CARD"]), True),
        (TABLE_FREE(mostly=0.9), True),
        (ExpectTableSensitivityToBeAtMost(level="internal"), False),
        (ExpectTableSensitivityToBeAtMost(level=Level.CONFIDENTIAL), True),
        (ExpectNoNewSensitiveColumns(baseline={}), False),
        (ExpectNoNewSensitiveColumns(baseline={"email": ["EMAIL_ADDRESS"]}), True),
        (ExpectNoNewSensitiveColumns(baseline={"colour": ["EMAIL_ADDRESS"]}), False),
        (ExpectNoNewSensitiveColumns(baseline={"email": ["CREDIT_CARD"]}), False),
        (ExpectNoNewSensitiveColumns(baseline={}, from_level="restricted"), True),
        (ExpectKAnonymityToBeAtLeast(columns=["colour"], k=10), True),
        (ExpectKAnonymityToBeAtLeast(columns=["colour"], k=11), False),
        (ExpectKAnonymityToBeAtLeast(columns=["colour"], k=2, sensitive="email", l=2), True),
        (ExpectKAnonymityToBeAtLeast(columns=["colour"], k=2, sensitive="email", l=3), False),
        (ExpectKAnonymityToBeAtLeast(columns=["email"], k=2), False),
    ],
    ids=lambda value: getattr(value, "expectation_type", str(value)),
)
def test_what_passes_and_what_does_not(batch: Any, expectation: Any, success: bool) -> None:
    (result,) = run(batch, expectation)
    assert result.success is success
    assert "code" not in told(result)


def test_shares_are_compared_exactly(context: Any) -> None:
    """One tenth is no sum of powers of two: 10 rows of which 1 is bad are 0.9, neither more nor less."""
    for rows in (10, 30, 70, 1000):
        table = {"email": ["ann@example.com"] * (rows // 10) + ["n/a"] * (rows - rows // 10)}
        batch = engines.pandas_batch(context, table)
        met, missed = run(batch, FREE(column="email", mostly=0.9), FREE(column="email", mostly=0.9000001))
        assert (met.success, missed.success) == (True, False)


def test_rows_of_several_kinds_are_added_up(context: Any) -> None:
    table = {"a": ["ann@example.com", "x", "x", "x"], "b": ["x", "4539 5787 6362 1486", "x", "x"]}
    half, more = run(engines.pandas_batch(context, table), TABLE_FREE(mostly=0.5), TABLE_FREE(mostly=0.51))
    assert (half.success, half.result["unexpected_count"], more.success) == (True, 2, False)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: FREE(column=""),
        lambda: FREE(column="a", entities=[]),
        lambda: FREE(column="a", entities=["EMAIL"]),
        lambda: FREE(column="a", entities=["EMAIL_ADDRESS", "tag:GDRP"]),
        lambda: FREE(column="a", mostly=1.1),
        lambda: FREE(column="a", row_condition="x"),
        lambda: TABLE_FREE(entities=["role:secrets"]),
        lambda: ExpectTableSensitivityToBeAtMost(level="secret"),
        lambda: ExpectTableSensitivityToBeAtMost(),
        lambda: ExpectNoNewSensitiveColumns(),
        lambda: ExpectNoNewSensitiveColumns(baseline={}, from_level="none"),
        lambda: ExpectColumnValuesToBePseudonymised(column=""),
        lambda: ExpectKAnonymityToBeAtLeast(columns=[], k=2),
        lambda: ExpectKAnonymityToBeAtLeast(columns=["a"], k=1),
        lambda: ExpectKAnonymityToBeAtLeast(columns=["a", "a"], k=2),
        lambda: ExpectKAnonymityToBeAtLeast(columns=["a"], k=2, sensitive="a", l=2),
        lambda: ExpectKAnonymityToBeAtLeast(columns=["a"], k=2, sensitive="b"),
        lambda: ExpectKAnonymityToBeAtLeast(columns=["a"], k=2, l=2),
        lambda: ExpectKAnonymityToBeAtLeast(columns=["a"], k=2, sensitive="b", l=1),
    ],
)
def test_what_would_never_find_anything_is_refused(wrong: Any) -> None:
    with pytest.raises(ValidationError):
        wrong()


def test_parameters_are_told_when_a_suite_runs(batch: Any) -> None:
    suite = gx.ExpectationSuite(
        name="asked",
        expectations=[
            FREE(column="email", mostly={"$PARAMETER": "share"}),
            ExpectTableSensitivityToBeAtMost(level={"$PARAMETER": "level"}),
            ExpectKAnonymityToBeAtLeast(columns=["colour"], k={"$PARAMETER": "k"}),
        ],
    )
    asked = {"share": 0.9, "level": "confidential", "k": 10}
    definition, parameters = batch
    result = definition.get_batch(parameters).validate(suite, expectation_parameters=asked)
    assert [one.success for one in result.results] == [True] * 3


def test_a_suite_survives_its_store(batch: Any) -> None:
    made = [
        FREE(column="email", entities=["role:secret"], mostly=0.5),
        TABLE_FREE(),
        ExpectTableSensitivityToBeAtMost(level=Level.INTERNAL),
        ExpectNoNewSensitiveColumns(baseline={"email": ["EMAIL_ADDRESS"]}, from_level="internal"),
        ExpectColumnValuesToBePseudonymised(column="email"),
        ExpectKAnonymityToBeAtLeast(columns=["colour"], k=3, sensitive="email", l=2),
    ]
    stored = json.loads(json.dumps(gx.ExpectationSuite(name="kept", expectations=made).to_json_dict()))
    again = gx.ExpectationSuite(**stored)
    assert again.expectations == made


@pytest.mark.parametrize(
    ("expectation", "sentence"),
    [
        (FREE(column="email"), "email must be free of sensitive data"),
        (
            FREE(column="email", entities=["EMAIL_ADDRESS", "role:secret", "tag:HIPAA"], mostly=0.999),
            "email must be free of e-mail address, secret data or data tagged HIPAA in at least 99.9 % of the rows",
        ),
        (TABLE_FREE(entities=["AGE"]), "The table must be free of age."),
        (
            TABLE_FREE(entities=["AGE", "GENDER", "LOCATION", "IBAN_CODE", "INCOME", "PASSWORD", "PERSON", "RELIGION"]),
            "The table must be free of age, gender, place, bank account number (IBAN), income of a person, password or any "
            "of 2 other kinds.",
        ),
        (
            ExpectTableSensitivityToBeAtMost(level="internal"),
            "The table may hold nothing more sensitive than internal.",
        ),
        (
            ExpectNoNewSensitiveColumns(baseline={"email": ["EMAIL_ADDRESS"]}, from_level="internal"),
            "No column may hold sensitive data, from internal on, that is new in it. Known: email (e-mail address).",
        ),
        (
            ExpectNoNewSensitiveColumns(baseline={}),
            "No column may hold sensitive data that is new in it. Known: nothing.",
        ),
        (
            ExpectColumnValuesToBePseudonymised(column="pid"),
            "pid must hold pseudonyms: 32 lower-case hex digits in each cell",
        ),
        (
            ExpectKAnonymityToBeAtLeast(columns=["age", "postcode"], k=5, sensitive="illness", l=2),
            "Each combination of age, postcode must be shared by at least 5 rows, with at least 2 different values of "
            "illness among them.",
        ),
    ],
    ids=lambda value: getattr(value, "expectation_type", None),
)
def test_how_it_reads(expectation: Any, sentence: str) -> None:
    expectation.render()
    (content,) = expectation.rendered_content
    shown = {name: param["value"] for name, param in (content.value.params or {}).items()}
    assert content.name == "atomic.prescriptive.summary"
    assert _filled(content.value.template, shown) == sentence
    (legacy,) = type(expectation)._prescriptive_renderer(configuration=expectation.configuration)
    assert str(legacy) == sentence


def _filled(template: str, words: dict[str, Any]) -> str:
    from string import Template

    return Template(template).substitute(words)


def test_a_detector_of_a_policy_is_looked_for(context: Any) -> None:
    from dataclasses import replace

    email = next(one for one in all_detectors() if one.entity.name == "EMAIL_ADDRESS")
    own = replace(
        email,
        name="contract_number",
        entity=email.entity.model_copy(update={"name": "CONTRACT_NUMBER", "title": "contract number"}),
        pattern=r"CN-[0-9]{6}",
    )
    batch = engines.pandas_batch(context, {"note": ["see CN-123456", "none"]})
    with pytest.raises(ValidationError):
        TABLE_FREE(entities=["CONTRACT_NUMBER"])
    with looking_for([*all_detectors(), replace(own, find=_all_of)], levels={"CONTRACT_NUMBER": Level.RESTRICTED}):
        broken, level = run(
            batch, TABLE_FREE(entities=["CONTRACT_NUMBER"]), ExpectTableSensitivityToBeAtMost(level="confidential")
        )
    assert broken.result["observed_value"] == "note: contract number in 1 of 2 rows (50 %)"
    assert (broken.success, level.success) == (False, False)
    assert run(batch, TABLE_FREE())[0].success


def _all_of(text: str) -> Any:
    yield 0, len(text), text


def test_what_a_policy_allows_does_not_count(context: Any) -> None:
    table = {"a": ["test@example.com", "bob@example.org", "x"]}
    allow = Allow(entity="EMAIL_ADDRESS", pattern="test@example[.]com", reason="made up")
    batch = engines.pandas_batch(context, table)
    with looking_for(all_detectors(), allowances=Allowances([Rule(0, allow, None)])):
        (result,) = run(batch, TABLE_FREE(), result_format="COMPLETE")
    assert result.result["unexpected_count"] == 1
    assert told(result)["row_positions"][0]["rows"] == [1]
    assert run(batch, TABLE_FREE())[0].result["unexpected_count"] == 2
