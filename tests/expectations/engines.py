"""The same table on every execution engine."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import great_expectations as gx
import pytest

Table = Mapping[str, Sequence[Any]]
Batch = Callable[[Any, Table], Any]

_NUMBERS = itertools.count()


def pandas_batch(context: Any, table: Table) -> Any:
    """A batch definition of a frame, with the parameters that it is asked for by."""
    import pandas as pd

    source = context.data_sources.add_pandas(_name("pandas"))
    definition = source.add_dataframe_asset("table").add_batch_definition_whole_dataframe("whole")
    return definition, {
        "dataframe": pd.DataFrame({name: pd.Series(cells, dtype=object) for name, cells in table.items()})
    }


def sqlite_batch(context: Any, table: Table, folder: Path) -> Any:
    """A table of text in a file of SQLite."""
    url = f"sqlite:///{folder / _name('data')}.db"
    fill(url, table)
    return sql_batch(context.data_sources.add_sqlite(_name("sqlite"), connection_string=url))


def postgres_batch(context: Any, table: Table, url: str) -> Any:
    """A table of text in PostgreSQL."""
    name = _name("batch")
    fill(url, table, name)
    return sql_batch(context.data_sources.add_sql(_name("postgres"), connection_string=url), name)


def spark_batch(context: Any, table: Table, spark: Any) -> Any:
    """A frame of text in Spark, in two partitions."""
    source = context.data_sources.add_spark(_name("spark"))
    definition = source.add_dataframe_asset("table").add_batch_definition_whole_dataframe("whole")
    return definition, {"dataframe": spark_frame(spark, table)}


def spark_frame(spark: Any, table: Table) -> Any:
    schema = ", ".join(f"`{name}` string" for name in table)
    return spark.createDataFrame(list(zip(*table.values(), strict=True)), schema).coalesce(2)


def sql_batch(source: Any, table: str = "data") -> Any:
    return source.add_table_asset(_name("table"), table_name=table).add_batch_definition_whole_table("whole"), None


def query_batch(source: Any, query: str) -> Any:
    return source.add_query_asset(_name("query"), query=query).add_batch_definition_whole_table("whole"), None


def fill(url: str, table: Table, name: str = "data", types: Mapping[str, str] | None = None) -> None:
    """Write a table, its columns as text unless said otherwise."""
    import sqlalchemy as sa

    engine = sa.create_engine(url)
    quoted = {column: '"' + column.replace('"', '""') + '"' for column in table}
    declared = ", ".join(f"{quoted[column]} {(types or {}).get(column, 'TEXT')}" for column in table)
    places = ", ".join(f":p{index}" for index in range(len(table)))
    rows = [{f"p{index}": cell for index, cell in enumerate(row)} for row in zip(*table.values(), strict=True)]
    with engine.begin() as connection:
        connection.execute(sa.text(f"CREATE TABLE {name} ({declared})"))
        if rows:
            connection.execute(sa.text(f"INSERT INTO {name} VALUES ({places})"), rows)
    engine.dispose()


def run(batch: Any, *expectations: Any, result_format: Any = "SUMMARY") -> list[Any]:
    """Results, in the order of the expectations."""
    definition, parameters = batch
    suite = gx.ExpectationSuite(name=_name("suite"), expectations=list(expectations))
    validator = definition.get_batch(parameters)
    results = {_key(one): one for one in validator.validate(suite, result_format=result_format).results}
    return [results[_key(one.configuration)] for one in expectations]


def told(result: Any) -> dict[str, Any]:
    details: dict[str, Any] = result.result.get("details", {})
    return details


def java() -> None:
    pytest.importorskip("pyspark")
    import shutil

    if shutil.which("java") is None:
        pytest.skip("Spark needs Java")


def _key(one: Any) -> str:
    config = getattr(one, "expectation_config", one)
    kwargs = {name: value for name, value in config.kwargs.items() if name != "batch_id"}
    return json.dumps([config.type, kwargs], sort_keys=True, default=str)


def _name(stem: str) -> str:
    return f"{stem}_{next(_NUMBERS)}"
