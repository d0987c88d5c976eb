"""No value in any result, whatever is asked for: every expectation, result format and engine."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import great_expectations as gx
import pytest

from airflow_mlsecops.expectations import (
    ExpectColumnValuesToBeFreeOfSensitiveData,
    ExpectColumnValuesToBePseudonymised,
    ExpectKAnonymityToBeAtLeast,
    ExpectNoNewSensitiveColumns,
    ExpectTableSensitivityToBeAtMost,
    ExpectTableToBeFreeOfSensitiveData,
)
from tests.expectations import engines, secrets
from tests.expectations.conftest import ENGINES

EXPECTATIONS = {
    "column free": lambda: ExpectColumnValuesToBeFreeOfSensitiveData(column="email"),
    "column mostly free": lambda: ExpectColumnValuesToBeFreeOfSensitiveData(column="payload", mostly=0.5),
    "table free": lambda: ExpectTableToBeFreeOfSensitiveData(),
    "sensitivity": lambda: ExpectTableSensitivityToBeAtMost(level="public"),
    "new": lambda: ExpectNoNewSensitiveColumns(baseline={"email": ["EMAIL_ADDRESS"]}),
    "pseudonymised": lambda: ExpectColumnValuesToBePseudonymised(column="pid"),
    "k-anonymity": lambda: ExpectKAnonymityToBeAtLeast(columns=["place", "email"], k=4, sensitive="illness", l=2),
}
_ALL_ROWS = {"include_unexpected_rows": True, "unexpected_index_column_names": ["email", "full_name"]}
FORMATS: dict[str, Any] = {
    "BOOLEAN_ONLY": "BOOLEAN_ONLY",
    "BASIC": "BASIC",
    "SUMMARY": "SUMMARY",
    "COMPLETE": "COMPLETE",
    "BOOLEAN_ONLY, with a query": {"result_format": "BOOLEAN_ONLY", "return_unexpected_index_query": True, **_ALL_ROWS},
    "BASIC, with rows": {"result_format": "BASIC", **_ALL_ROWS},
    "SUMMARY, values in metrics": {"result_format": "SUMMARY", "unexpected_metrics_with_values": True, **_ALL_ROWS},
    "COMPLETE, everything": {
        "result_format": "COMPLETE",
        "exclude_unexpected_values": False,
        "partial_unexpected_count": 100,
        "return_unexpected_index_query": True,
        "map_expectation_unexpected_rows_as_dict": True,
        **_ALL_ROWS,
    },
}


class Ran:
    """All expectations in all formats, once, by a checkpoint of a context on disk that builds its Data Docs."""

    def __init__(self, engine: str, batch_on: Any, folder: Path) -> None:
        self.folder = folder
        self.results: dict[tuple[str, str], Any] = {}
        self.checkpoints: dict[str, Any] = {}
        with secrets.overheard() as self.heard:
            context = gx.get_context(mode="file", project_root_dir=folder)
            context.variables.progress_bars = {"globally": False}
            definition, parameters = batch_on(engine)(context, secrets.TABLE)
            suite = context.suites.add(gx.ExpectationSuite(name="canaries"))
            made = {name: suite.add_expectation(make()) for name, make in EXPECTATIONS.items()}
            validation = gx.ValidationDefinition(name="canaries", data=definition, suite=suite)
            context.validation_definitions.add(validation)
            for name, result_format in FORMATS.items():
                checkpoint = gx.Checkpoint(
                    name=name.replace(",", "").replace(" ", "_"),
                    validation_definitions=[validation],
                    result_format=json.loads(json.dumps(result_format)),
                )
                ran = context.checkpoints.add(checkpoint).run(parameters)
                (told,) = ran.run_results.values()
                by_id = {one.expectation_config.id: one for one in told.results}
                self.results |= {(name, which): by_id[made[which].id] for which in made}
                self.checkpoints[name] = ran
            context.build_data_docs()


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Any:
    """What an engine gave; asked of each once."""

    @cache
    def on(engine: str) -> Ran:
        folder = tmp_path_factory.mktemp(engine)

        def batch_on(name: str) -> engines.Batch:
            if name == "sqlite":
                return lambda context, table: engines.sqlite_batch(context, table, folder)
            if name == "postgresql":
                return lambda context, table: engines.postgres_batch(
                    context, table, request.getfixturevalue("postgres_url")
                )
            if name == "spark":
                return lambda context, table: engines.spark_batch(context, table, request.getfixturevalue("spark"))
            return engines.pandas_batch

        return Ran(engine, batch_on, folder)

    return on


@pytest.mark.parametrize("expectation", EXPECTATIONS)
@pytest.mark.parametrize("result_format", FORMATS)
@pytest.mark.parametrize("engine", ENGINES)
def test_a_result_holds_no_value(ran: Any, engine: str, result_format: str, expectation: str) -> None:
    result = ran(engine).results[result_format, expectation]
    assert result.success is False
    assert result.exception_info["raised_exception"] is False
    assert secrets.shown(secrets.of_result(result)) == []
    assert set(result.result) <= {
        "observed_value",
        "element_count",
        "unexpected_count",
        "unexpected_percent",
        "details",
    }
    assert bool(result.result) is not result_format.startswith("BOOLEAN_ONLY")
    result.render()
    assert secrets.shown(secrets.of_result(result)) == []
    assert [
        one for one in (*result.rendered_content, *result.expectation_config.rendered_content) if one.exception
    ] == []


@pytest.mark.parametrize("engine", ENGINES)
def test_positions_of_rows_are_told_where_all_is_asked_for_and_only_there(ran: Any, engine: str) -> None:
    results = ran(engine).results
    told = {name: results[name, "column free"].result.get("details", {}) for name in FORMATS}
    assert {name for name, details in told.items() if "row_positions" in details} == {
        name for name in FORMATS if name.startswith("COMPLETE")
    }
    assert told["COMPLETE"]["row_positions"][0]["rows"] == list(range(12))


@pytest.mark.parametrize("engine", ENGINES)
def test_neither_data_docs_nor_stores_nor_logs_hold_a_value(ran: Any, engine: str) -> None:
    done = ran(engine)
    written = [(name, data) for name, data in secrets.of_folder(done.folder / "gx")]
    assert [name for name, _ in written if "data_docs" in name and "validations" in name and name.endswith(".html")]
    assert [name for name, _ in written if "validations" in name and name.endswith(".json")] or len(written) > 10
    assert secrets.shown(iter([*written, *done.heard])) == []


@pytest.mark.parametrize("engine", ENGINES)
def test_the_result_of_a_checkpoint_holds_no_value(ran: Any, engine: str) -> None:
    outputs = [
        (f"{name}: {way}", text)
        for name, result in ran(engine).checkpoints.items()
        for way, text in (
            ("describe", result.describe()),
            ("str", str(result)),
            ("repr", repr(result)),
            *_suites(result),
        )
    ]
    assert secrets.shown(iter(outputs)) == []


def _suites(result: Any) -> Iterator[tuple[str, str]]:
    for suite in result.run_results.values():
        yield "suite", json.dumps(suite.to_json_dict(), default=str)
        yield "suite described", suite.describe()


def test_the_search_would_notice(context: Any) -> None:
    """What Great Expectations itself tells of the same table."""
    batch = engines.pandas_batch(context, secrets.TABLE)
    (result,) = engines.run(batch, gx.expectations.ExpectColumnValuesToBeNull(column="email"))
    assert {one.partition(":")[0] for one in secrets.shown(secrets.of_result(result))} >= {"json", "str", "describe"}


class Vague:
    """A cell that cannot be looked into, and whose error tells what is in it."""

    def items(self) -> None:
        raise Told(f"cannot show {secrets.PEOPLE[0][1]}")


class Told(Exception):
    """Of no library."""


def _vague(context: Any, request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    return engines.pandas_batch(
        context, {"email": ["fine", Vague()], "pid": [Vague()] * 2, "place": [Vague()] * 2, "illness": ["flu"] * 2}
    )


def _not_utf8(context: Any, request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """The driver's error quotes the cell."""
    source = context.data_sources.add_sqlite("broken", connection_string=f"sqlite:///{tmp_path}/broken.db")
    cell = f"CAST(X'{secrets.PEOPLE[0][1].encode().hex()}FF' AS TEXT)"
    return engines.query_batch(source, f"SELECT {cell} AS email, {cell} AS pid, {cell} AS place, 'flu' AS illness")


def _miscast(context: Any, request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """The server's error quotes the cell."""
    url = request.getfixturevalue("postgres_database")
    engines.fill(url, {"email": [secrets.PEOPLE[0][1]]})
    cell = "CAST(email AS integer)"
    query = f"SELECT {cell} AS email, {cell} AS pid, {cell} AS place, {cell} AS illness FROM data"
    return engines.query_batch(context.data_sources.add_sql("broken", connection_string=url), query)


def _spark_miscast(context: Any, request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """Spark's error quotes the cell."""
    frame = engines.spark_frame(request.getfixturevalue("spark"), {"email": [secrets.PEOPLE[0][1]]})
    frame = frame.selectExpr(*(f"raise_error(email) AS {name}" for name in ("email", "pid", "place", "illness")))
    source = context.data_sources.add_spark("broken", persist=False)
    return source.add_dataframe_asset("t").add_batch_definition_whole_dataframe("w"), {"dataframe": frame}


BROKEN = {"pandas": _vague, "sqlite": _not_utf8, "postgresql": _miscast, "spark": _spark_miscast}
# Counted in SQLite without a look at their text: that no cell is a pseudonym is an answer.
ANSWERED = {("sqlite", "pseudonymised"), ("sqlite", "k-anonymity")}


@pytest.mark.parametrize("engine", ENGINES)
def test_what_breaks_the_look_fails_without_its_words(
    engine: str, context: Any, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    with secrets.overheard() as heard:
        batch = BROKEN[engine](context, request, tmp_path)
        made = [make() for make in EXPECTATIONS.values()]
        results = dict(zip(EXPECTATIONS, engines.run(batch, *made, result_format="COMPLETE"), strict=True))
    assert {one.exception_info["raised_exception"] for one in results.values()} == {False}
    assert {name: one.success for name, one in results.items()} == dict.fromkeys(EXPECTATIONS, False)
    codes = {name: engines.told(one).get("code") for name, one in results.items() if (engine, name) not in ANSWERED}
    assert set(codes.values()) <= {"UNREADABLE", "UNEXPECTED", "NO_SUCH_COLUMN"}, codes
    outputs = [*heard, *(output for one in results.values() for output in secrets.of_result(one))]
    assert secrets.shown(iter(outputs)) == []


def test_a_second_look_that_breaks_takes_nothing_from_the_first(context: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from airflow_mlsecops.expectations import _metrics

    def broken(*arguments: Any) -> Any:
        raise Told(secrets.PEOPLE[0][1])

    monkeypatch.setattr(_metrics, "positions", broken)
    batch = engines.pandas_batch(context, secrets.TABLE)
    (result,) = engines.run(batch, EXPECTATIONS["column free"](), result_format="COMPLETE")
    assert (result.success, result.result["unexpected_count"]) == (False, 12)
    assert "row_positions" not in engines.told(result)
    assert secrets.shown(secrets.of_result(result)) == []


def test_what_breaks_the_judgement_fails_without_its_words(context: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: Any) -> Any:
        raise Told(secrets.PEOPLE[0][1])

    monkeypatch.setattr(ExpectTableToBeFreeOfSensitiveData, "_judged", broken)
    with secrets.overheard() as heard:
        (result,) = engines.run(engines.pandas_batch(context, secrets.TABLE), ExpectTableToBeFreeOfSensitiveData())
    assert (result.success, engines.told(result)["code"]) == (False, "UNEXPECTED")
    assert "Told" in result.result["observed_value"]
    assert secrets.shown(iter([*heard, *secrets.of_result(result)])) == []


@pytest.mark.parametrize("engine", ENGINES)
def test_a_header_that_is_data_is_not_shown(engine: str, context: Any, batch_on: Any) -> None:
    table = {secrets.PEOPLE[0][1]: ["a", "b"], "place": ["x", "y"]}
    with secrets.overheard() as heard:
        results = engines.run(
            batch_on(engine)(context, table),
            ExpectTableToBeFreeOfSensitiveData(),
            ExpectNoNewSensitiveColumns(baseline={}),
            ExpectTableSensitivityToBeAtMost(level="restricted"),
            ExpectColumnValuesToBeFreeOfSensitiveData(column="place"),
            result_format="COMPLETE",
        )
    assert [(one.success, engines.told(one)["code"]) for one in results[:3]] == [(False, "HEADER_HOLDS_DATA")] * 3
    assert not results[3].success
    assert secrets.shown(iter([*heard, *(output for one in results for output in secrets.of_result(one))])) == []


def test_a_name_of_a_column_is_no_markup(tmp_path: Path) -> None:
    """Data Docs show plain text as the markup that it may be."""
    context = gx.get_context(mode="file", project_root_dir=tmp_path)
    context.variables.progress_bars = {"globally": False}
    script = "<script>alert(1)</script>"
    batch = engines.pandas_batch(context, {script: ["ann@example.com", "bob@example.com"]})
    suite = context.suites.add(gx.ExpectationSuite(name="markup"))
    suite.add_expectation(ExpectTableToBeFreeOfSensitiveData())
    validation = context.validation_definitions.add(gx.ValidationDefinition(name="v", data=batch[0], suite=suite))
    validation.run(batch_parameters=batch[1], result_format="COMPLETE")
    context.build_data_docs()
    pages = [
        data.decode() for name, data in secrets.of_folder(tmp_path) if name.endswith(".html") and "validations" in name
    ]
    assert pages
    assert not [page for page in pages if "<script>alert" in page]
    assert all("‹script›alert(1)‹/script›" in page for page in pages)


def test_logs_were_listened_to() -> None:
    with secrets.overheard() as heard:
        logging.getLogger("great_expectations.anything").debug(secrets.PEOPLE[0][1])
    assert secrets.shown(iter(heard)) == [f"log: value {secrets.VALUES.index(secrets.PEOPLE[0][1])}"]
