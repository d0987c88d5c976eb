"""Contexts of Great Expectations, and one Spark for all tests."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import great_expectations as gx
import pytest

from tests.expectations import engines
from tests.expectations.engines import Batch, Table

ENGINES = ("pandas", "sqlite", "postgresql", pytest.param("spark", marks=pytest.mark.slow))


@pytest.fixture
def context() -> Any:
    """A context in memory."""
    made = gx.get_context(mode="ephemeral")
    made.variables.progress_bars = {"globally": False}
    return made


@pytest.fixture(scope="package")
def spark() -> Iterator[Any]:
    """One Spark in this process: two threads, few partitions, no page."""
    engines.java()
    from pyspark.sql import SparkSession

    # The name of this host need not be known to any server of names.
    os.environ |= {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_LOCAL_HOSTNAME": "localhost"}
    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.memory": "1g",
        "spark.sql.shuffle.partitions": "2",
        "spark.default.parallelism": "2",
        "spark.log.level": "OFF",
    }
    builder = SparkSession.builder.master("local[2]").appName("expectations")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


@pytest.fixture
def batch_on(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """What puts a table on the engine of a name."""

    def on(engine: str) -> Batch:
        def batch(context: Any, table: Table) -> Any:
            if engine == "pandas":
                return engines.pandas_batch(context, table)
            if engine == "sqlite":
                return engines.sqlite_batch(context, table, tmp_path)
            if engine == "postgresql":
                return engines.postgres_batch(context, table, request.getfixturevalue("postgres_database"))
            return engines.spark_batch(context, table, request.getfixturevalue("spark"))

        return batch

    return on
