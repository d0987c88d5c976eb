"""What people and the policy expect of a dataset, asked through Great Expectations on real data."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from airflow_mlsecops.core.gate import Gate
from airflow_mlsecops.core.record import Record
from airflow_mlsecops.core.verdict import Outcome
from airflow_mlsecops.dag import sealed
from airflow_mlsecops.operators import ClassifyDatasetOperator, SanitizeDatasetOperator, ValidateDatasetOperator
from airflow_mlsecops.operators.errors import GateFailed, GateUnknown
from tests.operators.fakes import context
from tests.operators.lake import CLEAN, MAILS, Lake, Train

# The one who is not in the set; nobody may read of her in any result.
CANARY = "canary-4711@example.com"


def usage_is_small() -> Any:
    import great_expectations as gx

    return gx.ExpectationSuite(
        name="usage", expectations=[gx.expectations.ExpectColumnValuesToBeBetween(column="usage", max_value=98)]
    )


def usage_is_a_number() -> Any:
    import great_expectations as gx

    return gx.ExpectationSuite(
        name="usage", expectations=[gx.expectations.ExpectColumnValuesToNotBeNull(column="usage")]
    )


def customers_are_known() -> Any:
    import great_expectations as gx

    known = gx.expectations.ExpectColumnValuesToBeInSet(column="customer", value_set=["c1"])
    return gx.ExpectationSuite(name="customers", expectations=[known])


def no_such_column() -> Any:
    import great_expectations as gx

    return gx.ExpectationSuite(name="gone", expectations=[gx.expectations.ExpectColumnValuesToNotBeNull(column="gone")])


def nothing() -> Any:
    import great_expectations as gx

    return gx.ExpectationSuite(name="nothing", expectations=[])


def breaks() -> Any:
    raise ZeroDivisionError(CANARY)


def gate(lake: Lake, **given: Any) -> ValidateDatasetOperator:
    return ValidateDatasetOperator(task_id="validate", **{"dataset": lake.features, **given})


def newest(lake: Lake) -> Record:
    return lake.records(gate=Gate.VALIDATE)[0]


def codes(lake: Lake) -> set[str]:
    return {finding.code for finding in newest(lake).verdict.findings if finding.blocks}


def test_what_is_met_passes_and_a_seal_accepts_it_beside_a_scan(lake: Lake) -> None:
    classify = ClassifyDatasetOperator(task_id="classify", dataset=lake.features)
    validate = gate(lake, suite=usage_is_a_number)
    train = sealed(Train(task_id="train", trace=lake.trace), dataset=lake.features, requires=[classify, validate])
    for task in (classify, validate, train):
        lake.run(task)
    assert lake.trace.read_text() == "trained"
    verdict = newest(lake).verdict
    assert verdict.outcome is Outcome.PASS
    assert {finding.code for finding in verdict.findings} == {"VALIDATED"}
    assert "expect column values to not be null (usage): it is met" in {one.reason for one in verdict.findings}


def test_it_is_no_scan(lake: Lake) -> None:
    validate = gate(lake)
    train = sealed(Train(task_id="train", trace=lake.trace), dataset=lake.features, requires=[validate])
    lake.run(validate)
    with pytest.raises(GateFailed, match="SEAL_NOT_CLASSIFIED"):
        lake.run(train)


def test_data_that_changed_since_breaks_the_seal(lake: Lake) -> None:
    classify, validate = ClassifyDatasetOperator(task_id="classify", dataset=lake.features), gate(lake)
    train = sealed(Train(task_id="train", trace=lake.trace), dataset=lake.features, requires=[classify, validate])
    lake.run(validate)
    lake.write("features", CLEAN.head(50))
    lake.run(classify)
    with pytest.raises(GateFailed, match="SEAL_DATA_CHANGED"):
        lake.run(train)


def test_what_is_not_met_fails_with_its_count(lake: Lake) -> None:
    with pytest.raises(GateFailed, match="EXPECTATION_FAILED"):
        lake.run(gate(lake, suite=usage_is_small, result_format="COMPLETE"))
    (finding,) = [one for one in newest(lake).verdict.findings if one.blocks]
    assert (finding.subject.partition(":")[0], finding.rows, finding.of) == ("usage", 1, 100)


def test_no_value_is_told_whatever_the_suite_asks_for(lake: Lake, capfd: pytest.CaptureFixture[str]) -> None:
    lake.write("features", CLEAN.with_columns(customer=pl.Series([CANARY] * 100)))
    task = gate(lake, suite=customers_are_known, result_format="COMPLETE", policy_suite=False)
    around = context(task)
    with pytest.raises(GateFailed) as caught:
        task.execute(around)
    docs = list((lake.home / "mlsecops" / "data_docs").rglob("*.html"))
    said = [str(caught.value), str(around["ti"].pushed), newest(lake).model_dump_json(), *capfd.readouterr()]
    assert len(docs) >= 3
    assert [
        text for text in [*said, *(page.read_text() for page in docs)] if CANARY in text or "canary-4711" in text
    ] == []


def test_the_policy_may_name_expectations_that_show_values(lake: Lake) -> None:
    lake.write("features", CLEAN.with_columns(customer=pl.Series(["c2"] * 99 + ["visible-c3"])))
    lake.edit("baseline_days: 90", "baseline_days: 90\nshow_values_of: [expect_column_values_to_be_in_set]")
    with pytest.raises(GateFailed):
        lake.run(gate(lake, suite=customers_are_known, result_format="COMPLETE", policy_suite=False))
    docs = (lake.home / "mlsecops" / "data_docs").rglob("*.html")
    assert any("visible-c3" in page.read_text() for page in docs)
    assert "visible-c3" not in newest(lake).model_dump_json()


def test_the_policys_own_suite_finds_what_a_scan_finds(lake: Lake) -> None:
    lake.write("features", CLEAN.with_columns(pl.Series("hint", MAILS)))
    with pytest.raises(GateFailed, match="EXPECTATION_FOUND"):
        lake.run(gate(lake))
    (finding,) = [one for one in newest(lake).verdict.findings if one.blocks]
    assert "e-mail address" in finding.reason
    assert MAILS[1] not in newest(lake).model_dump_json()


def test_what_was_sanitized_meets_the_policys_suite(lake: Lake) -> None:
    born = pl.Series("birth_date", [f"19{n % 50 + 40}-01-02" for n in range(100)])
    source = lake.write("raw", CLEAN.with_columns(born))
    target = f"file://{lake.home}/lake/features/safe"
    lake.run(SanitizeDatasetOperator(task_id="sanitise", dataset=source, target=target))
    lake.run(gate(lake, dataset=target))
    assert "ENTITY_REPLACED" in {finding.code for finding in newest(lake).verdict.findings}


def of_the_same_name() -> Any:
    """A class that answers for ours, and is always content."""
    import great_expectations as gx
    from great_expectations.expectations.expectation import BatchExpectation

    class ExpectTableToBeFreeOfSensitiveData(BatchExpectation):
        entities: object = None
        mostly: object = 1.0

        def _validate(self, metrics: Any, runtime_configuration: Any = None, execution_engine: Any = None) -> Any:
            return {"success": True, "result": {}}

    rows = gx.expectations.ExpectTableRowCountToBeBetween(min_value=1)
    return gx.ExpectationSuite(name="mine", expectations=[rows])


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test registers with Great Expectations is forgotten after it: classes, and how they read."""
    from great_expectations.expectations import registry

    monkeypatch.setattr(registry, "_registered_expectations", dict(registry._registered_expectations))
    renderers = {name: dict(known) for name, known in registry._registered_renderers.items()}
    monkeypatch.setattr(registry, "_registered_renderers", renderers)


def test_nobody_answers_the_policys_questions_in_our_name(lake: Lake, registry: None) -> None:
    lake.write("features", CLEAN.with_columns(pl.Series("hint", MAILS)))
    for run in ("r1", "r2"):
        with pytest.raises((GateFailed, GateUnknown)):
            lake.run(gate(lake, suite=of_the_same_name if run == "r1" else None), run_id=run)
        assert newest(lake).verdict.outcome is not Outcome.PASS


def test_columns_that_the_task_names_are_grouped_beside_those_recognised(lake: Lake) -> None:
    lake.edit("  features:\n", "  features:\n    k_anonymity: 2\n")
    lake.write("features", CLEAN.with_columns(age=pl.Series([20 + n % 80 for n in range(100)]), same=pl.lit(1)))
    lake.run(ClassifyDatasetOperator(task_id="classify", dataset=lake.features))
    with pytest.raises(GateFailed, match="EXPECTATION_FAILED"):
        lake.run(gate(lake, quasi_identifiers=["same"]))


def test_k_anonymity_is_asked_of_what_the_newest_scan_recognised(lake: Lake) -> None:
    lake.edit("  features:\n", "  features:\n    k_anonymity: 2\n")
    lake.write("features", CLEAN.with_columns(age=pl.Series([20 + n % 60 for n in range(100)])))
    with pytest.raises(GateUnknown, match="QUASI_IDENTIFIERS_UNNAMED"):
        lake.run(gate(lake))
    lake.run(ClassifyDatasetOperator(task_id="classify", dataset=lake.features))
    with pytest.raises(GateFailed, match="EXPECTATION_FAILED"):
        lake.run(gate(lake), run_id="r2")
    assert "age" in {finding.subject.partition(":")[0] for finding in newest(lake).verdict.findings}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"suite": no_such_column}, "EXPECTATION_RAISED"),
        ({"suite": nothing, "policy_suite": False}, "NOTHING_EXPECTED"),
        ({"suite": breaks}, "SUITE_UNAVAILABLE"),
        ({"suite": dict}, "SUITE_UNAVAILABLE"),
        ({"suite": "gone", "context": "/nowhere/at/all"}, "SUITE_UNAVAILABLE"),
    ],
    ids=["column", "empty", "raises", "no suite", "no context"],
)
def test_what_could_not_be_asked_is_unknown(lake: Lake, given: dict[str, Any], code: str) -> None:
    with pytest.raises(GateUnknown, match=code) as caught:
        lake.run(gate(lake, **given))
    assert codes(lake) == {code}
    assert CANARY not in str(caught.value)


def test_what_cannot_be_read_is_unknown(lake: Lake) -> None:
    Path(lake.features.removeprefix("file://")).write_bytes(b"no parquet")
    with pytest.raises(GateUnknown):
        lake.run(gate(lake, suite=usage_is_a_number))


def test_a_suite_and_a_checkpoint_of_a_file_context_run_by_name(lake: Lake) -> None:
    import great_expectations as gx
    import pandas as pd

    root = lake.home / "gx_project"
    own = gx.get_context(mode="file", project_root_dir=root)
    own.suites.add(usage_is_a_number())
    frames = own.data_sources.add_pandas_filesystem("days", base_directory=lake.home).add_csv_asset("days")
    pd.DataFrame({"usage": [1, None]}).to_csv(lake.home / "days.csv")
    batch = frames.add_batch_definition_path("one", path="days.csv")
    validation = gx.ValidationDefinition(name="days", data=batch, suite=own.suites.get("usage"))
    own.checkpoints.add(
        gx.Checkpoint(name="nightly", validation_definitions=[own.validation_definitions.add(validation)])
    )
    lake.run(gate(lake, suite="usage", context=str(root), policy_suite=False))
    with pytest.raises(GateFailed, match="EXPECTATION_FAILED"):
        lake.run(gate(lake, checkpoint="nightly", context=str(root), policy_suite=False), run_id="r2")
    assert newest(lake).verdict.asked == "a checkpoint, on data of its own"


def test_a_table_is_asked_in_its_database(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    path = lake.home / "crm.db"
    with closing(sqlite3.connect(path)) as crm, crm:
        crm.execute("create table features (customer text, usage integer)")
        crm.executemany("insert into features values (?, ?)", CLEAN.select("customer", "usage").rows())
    monkeypatch.setenv("AIRFLOW_CONN_CRM", json.dumps({"conn_type": "sqlite", "host": str(path)}))
    lake.edit("\ndatasets:\n", '\ndatasets:\n  - {match: "sqlite:///**/crm.db/**", stage: features, tier: standard}\n')
    lake.run(gate(lake, dataset="sql://CRM/features", suite=usage_is_a_number))
    with pytest.raises(GateFailed, match="EXPECTATION_FAILED"):
        lake.run(gate(lake, dataset="sql://CRM/features", suite=usage_is_small), run_id="r2")
    lake.run(gate(lake, dataset="sql://CRM/features", partition="usage=7", suite=usage_is_small), run_id="r3")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"policy_suite": False}, "nothing is expected"),
        ({"suite": "usage"}, "an ephemeral context knows none"),
        ({"suite": 3}, "takes a name or a function"),
    ],
)
def test_a_mistake_is_an_import_error_of_the_dag(lake: Lake, given: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        gate(lake, **given)
