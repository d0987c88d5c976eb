"""A user's own expectations, run so that nothing of theirs that may be a value is stored, sent, shown or logged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, ClassVar

import great_expectations as gx
import great_expectations.expectations as gxe
import pytest
from great_expectations.checkpoint.actions import ValidationAction

from airflow_mlsecops.core.errors import MlsecopsError
from airflow_mlsecops.expectations import (
    ExpectColumnValuesToBeFreeOfSensitiveData,
    ExpectTableToBeFreeOfSensitiveData,
    counts_only,
    strip_values,
    value_free,
)
from airflow_mlsecops.expectations._exceptions import class_of
from tests.expectations import engines, secrets

TABLE = {**secrets.TABLE, "account": [secrets.ACCOUNT] * 12}
# What Great Expectations brings along: each tells values in its result, or raises with them.
BUILT_IN = {
    "max": lambda: gxe.ExpectColumnMaxToBeBetween(column="account", max_value=5),
    "min": lambda: gxe.ExpectColumnMinToBeBetween(column="account", max_value=5),
    "distinct in set": lambda: gxe.ExpectColumnDistinctValuesToBeInSet(column="email", value_set=["x"]),
    "distinct contain set": lambda: gxe.ExpectColumnDistinctValuesToContainSet(column="email", value_set=["x"]),
    "most common": lambda: gxe.ExpectColumnMostCommonValueToBeInSet(column="email", value_set=["x"]),
    "in set": lambda: gxe.ExpectColumnValuesToBeInSet(column="email", value_set=["x"]),
    "regex": lambda: gxe.ExpectColumnValuesToNotMatchRegex(column="email", regex="@"),
    "null": lambda: gxe.ExpectColumnValuesToBeNull(column="notes"),
    "unique": lambda: gxe.ExpectColumnValuesToBeUnique(column="full_name"),
    "pair": lambda: gxe.ExpectColumnPairValuesToBeEqual(column_A="email", column_B="full_name"),
    "compound": lambda: gxe.ExpectCompoundColumnsToBeUnique(column_list=["email", "full_name"]),
    "lengths": lambda: gxe.ExpectColumnValueLengthsToBeBetween(column="payload", max_value=3),
    "mean": lambda: gxe.ExpectColumnMeanToBeBetween(column="email", min_value=0),
    "strftime": lambda: gxe.ExpectColumnValuesToMatchStrftimeFormat(column="email", strftime_format="%Y"),
}
RAISING = {"mean"}


class Kept(ValidationAction):
    """An action that keeps what it is given, as one that writes to a channel does."""

    type: str = "kept"
    given: ClassVar[list[Any]] = []

    def run(self, checkpoint_result: Any, action_context: Any = None) -> dict[str, Any]:
        Kept.given.append(checkpoint_result)
        return {}


class Project:
    """A context on disk with one checkpoint of a user's."""

    def __init__(self, folder: Path, expectations: list[Any], result_format: Any = "COMPLETE") -> None:
        self.folder = folder
        self.context = gx.get_context(mode="file", project_root_dir=folder)
        self.context.variables.progress_bars = {"globally": False}
        definition, self.parameters = engines.pandas_batch(self.context, TABLE)
        suite = self.context.suites.add(gx.ExpectationSuite(name="theirs"))
        for one in expectations:
            suite.add_expectation(one)
        validation = gx.ValidationDefinition(name="theirs", data=definition, suite=suite)
        self.validation = self.context.validation_definitions.add(validation)
        actions = [gx.checkpoint.UpdateDataDocsAction(name="docs"), Kept(name="kept")]
        checkpoint = gx.Checkpoint(
            name="theirs", validation_definitions=[self.validation], actions=actions, result_format=result_format
        )
        self.checkpoint = self.context.checkpoints.add(checkpoint)

    def shown(self, result: Any, heard: list[tuple[str, str]]) -> list[str]:
        """Where values show."""
        files = [(name, data) for name, data in secrets.of_folder(self.folder / "gx")]
        given = [("action", text) for one in Kept.given for text in (one.describe(), repr(one))]
        suites = [
            (f"suite {way}", text)
            for one in result.run_results.values()
            for way, text in (("json", json.dumps(one.to_json_dict(), default=str)), ("str", str(one)))
        ]
        return secrets.shown(iter([*files, *given, *suites, ("describe", result.describe()), *heard]))


@pytest.fixture(autouse=True)
def _nothing_given() -> None:
    Kept.given.clear()


def test_boolean_only_is_clean_until_something_is_raised(tmp_path: Path) -> None:
    """The one result format without values, and why it is not enough."""
    calm = Project(
        tmp_path / "calm", [make() for name, make in BUILT_IN.items() if name not in RAISING], "BOOLEAN_ONLY"
    )
    with secrets.overheard() as heard:
        result = calm.checkpoint.run(calm.parameters)
    assert calm.shown(result, heard) == []
    raising = Project(tmp_path / "raising", [BUILT_IN["mean"]()], "BOOLEAN_ONLY")
    result = raising.checkpoint.run(raising.parameters)
    assert raising.shown(result, [])
    asked = Project(
        tmp_path / "asked",
        [BUILT_IN["regex"]()],
        {"result_format": "BOOLEAN_ONLY", "return_unexpected_index_query": True},
    )
    frame = asked.parameters["dataframe"].set_index("email", drop=False)
    result = asked.checkpoint.run({"dataframe": frame})
    assert asked.shown(result, [])


@pytest.mark.parametrize("result_format", ["BOOLEAN_ONLY", "SUMMARY", "COMPLETE"])
def test_counts_only_are_left_of_what_is_not_ours(tmp_path: Path, result_format: str) -> None:
    ours = ExpectColumnValuesToBeFreeOfSensitiveData(column="email")
    project = Project(tmp_path, [*(make() for make in BUILT_IN.values()), ours], result_format)
    with secrets.overheard() as heard:
        result = counts_only(project.checkpoint).run(project.parameters)
    assert project.shown(result, heard) == []
    assert len(Kept.given) == 1
    told = {(one.expectation, one.columns): one for one in value_free(result)}
    mean = told["expect_column_mean_to_be_between", ("email",)]
    assert (mean.success, mean.exception, mean.rows) == (False, "TypeError", None)
    regex = told["expect_column_values_to_not_match_regex", ("email",)]
    own = told["expect_column_values_to_be_free_of_sensitive_data", ("email",)]
    if result_format == "BOOLEAN_ONLY":
        assert (regex.rows, regex.unexpected, own.said) == (None, None, "")
    else:
        assert (regex.success, regex.rows, regex.unexpected, regex.percent) == (False, 12, 12, 100.0)
        assert (own.ours, own.unexpected, [one.entity for one in own.found]) == (True, 12, ["EMAIL_ADDRESS"])
        assert own.said == "e-mail address in 12 of 12 rows (100 %)"
    (suite,) = result.run_results.values()
    assert "pandas_data_fingerprint" not in suite.meta["batch_markers"]


def test_without_it_the_same_checkpoint_tells_all(tmp_path: Path) -> None:
    project = Project(tmp_path, [BUILT_IN["regex"]()])
    result = project.checkpoint.run(project.parameters)
    places = {place.partition(":")[0] for place in project.shown(result, [])}
    assert {"action", "describe", "suite json"} <= places
    assert [place for place in places if place.endswith(".html")]


def test_a_policy_may_let_one_show_by_its_type(tmp_path: Path) -> None:
    project = Project(tmp_path, [BUILT_IN["regex"](), BUILT_IN["most common"]()], "SUMMARY")
    checkpoint = counts_only(project.checkpoint, except_for=["expect_column_values_to_not_match_regex"])
    (suite,) = checkpoint.run(project.parameters).run_results.values()
    results = {one.expectation_config.type: one.result for one in suite.results}
    assert results["expect_column_values_to_not_match_regex"]["partial_unexpected_list"]
    assert "observed_value" not in results["expect_column_most_common_value_to_be_in_set"]


def test_a_validation_by_itself(tmp_path: Path) -> None:
    project = Project(tmp_path, [BUILT_IN["max"]()])
    result = counts_only(project.validation).run(batch_parameters=project.parameters, result_format="COMPLETE")
    assert secrets.shown(secrets.of_result(result)) == []
    assert [(one.suite, one.success) for one in value_free(result)] == [("theirs", False)]
    assert project.validation.__class__ is gx.ValidationDefinition


def test_a_validation_that_cannot_run_says_its_class_alone(context: Any, tmp_path: Path) -> None:
    source = context.data_sources.add_sqlite("gone", connection_string=f"sqlite:///{tmp_path}/x.db")
    definition, _ = engines.query_batch(source, f"SELECT '{secrets.PEOPLE[0][1]}' FROM nowhere")
    suite = context.suites.add(gx.ExpectationSuite(name="s"))
    suite.add_expectation(ExpectTableToBeFreeOfSensitiveData())
    validation = context.validation_definitions.add(gx.ValidationDefinition(name="v", data=definition, suite=suite))
    result = counts_only(validation).run()
    assert [(one.success, one.code) for one in value_free(result)] == [(False, "NOT_FOUND")]
    frames = engines.pandas_batch(context, {"a": ["x"]})[0]
    unfed = context.validation_definitions.add(gx.ValidationDefinition(name="w", data=frames, suite=suite))
    with secrets.overheard() as heard, pytest.raises(MlsecopsError, match="could not be run") as caught:
        counts_only(unfed).run(batch_parameters={"dataframe": secrets.PEOPLE[0][1]})
    assert caught.value.code == "VALIDATION_FAILED"
    assert caught.value.__cause__ is caught.value.__context__ is None
    assert secrets.shown(iter([*heard, ("error", str(caught.value))])) == []


def test_silence_ends_with_the_last_that_asked_for_it() -> None:
    import logging

    from airflow_mlsecops.expectations.running import _Silence

    logger = logging.getLogger("great_expectations")
    before, silence = logger.level, _Silence()
    with silence:
        with silence:
            assert not logger.isEnabledFor(logging.CRITICAL)
        assert not logger.isEnabledFor(logging.CRITICAL)
    assert logger.level == before


def test_a_class_that_calls_itself_ours_is_not(context: Any) -> None:
    class ExpectTableToTellAll(ExpectTableToBeFreeOfSensitiveData):
        """Derived from ours, by somebody else."""

        def _validate(self, metrics: Any, runtime_configuration: Any = None, execution_engine: Any = None) -> Any:
            return {"success": False, "result": {"observed_value": secrets.PEOPLE[0][1], "element_count": 12}}

    batch = engines.pandas_batch(context, secrets.TABLE)
    (result,) = engines.run(batch, ExpectTableToTellAll())
    (outcome,) = value_free(result)
    assert (outcome.ours, outcome.said, outcome.rows) == (False, "", 12)
    strip_values(result)
    assert result.result == {"element_count": 12}


@pytest.mark.parametrize("value", [4916338506082832, -1, True, "12", float("nan"), float("inf"), None, [3]])
def test_a_number_that_can_be_no_count_is_left_out(value: Any) -> None:
    result = gx.core.ExpectationValidationResult(success=False)
    result.result = {"element_count": 12, "unexpected_count": value, "missing_percent": 50.0, "observed_value": 7}
    strip_values(result)
    assert result.result == {"element_count": 12, "missing_percent": 50.0}


def test_a_large_number_stays_in_its_column(context: Any) -> None:
    batch = engines.pandas_batch(context, TABLE)
    (result,) = engines.run(batch, BUILT_IN["max"](), result_format="COMPLETE")
    assert result.result["observed_value"] == secrets.ACCOUNT
    strip_values(result)
    assert result.result == {}


@pytest.mark.parametrize(
    ("trace", "name"),
    [
        ('Traceback (most recent call last):\n  File "x.py", line 1, in f\nValueError: bad\n', "ValueError"),
        ("Traceback:\nsqlalchemy.exc.OperationalError: (sqlite3.OperationalError) no\n", "OperationalError"),
        ("x\nKeyError: 'k'\n\nThe above exception was the direct cause…\n\nRuntimeError: y\n", "KeyError"),
        ("Alice: in wonderland\nCanary\n", "Exception"),
        ("", "Exception"),
    ],
)
def test_the_class_of_an_exception_is_told_and_none_of_its_words(trace: str, name: str) -> None:
    info = {"raised_exception": True, "exception_message": "Alice", "exception_traceback": trace}
    assert class_of(info) == name
    assert class_of({"('metric', 'id', ())": info}) == name


def test_nothing_raised_has_no_class() -> None:
    assert class_of(None) == class_of({}) == class_of({"raised_exception": False}) == ""


def test_an_empty_suite_has_no_outcome(context: Any) -> None:
    definition, parameters = engines.pandas_batch(context, secrets.TABLE)
    result = definition.get_batch(parameters).validate(gx.ExpectationSuite(name="empty"))
    assert result.success is True
    assert value_free(result) == []
