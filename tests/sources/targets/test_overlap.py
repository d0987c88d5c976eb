"""A target that is its own source is refused, under whatever name."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from airflow_mlsecops.core.dataset import parse
from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.sources import refuse_overlap
from tests._postgres import plain
from tests.sources._clients import Clients, SqliteDatabase
from tests.sources.targets._frames import FRAME, replaced, target_of
from tests.sources.targets.test_target_tables import Postgres


def code_of(source: Any, target: Any, partitions: tuple[str, str] = ("", ""), clients: Clients | None = None) -> str:
    """The code with which a target is refused; empty if it is not."""
    source, target = parse(str(source)), parse(str(target))
    try:
        refuse_overlap(source, partitions[0], target, partitions[1], clients or Clients())
    except SourceError as error:
        return error.code if error.__context__ is None else "CONTEXT"
    return ""


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """A dataset of three files, and names that lead to it."""
    for day in range(2):
        replaced(target_of(tmp_path / "raw", f"day={day}"), FRAME)
    replaced(target_of(tmp_path / "apart/x.csv"), FRAME)
    replaced(target_of(tmp_path / "x.csv"), FRAME)
    (tmp_path / "link").symlink_to(tmp_path / "raw")
    (tmp_path / "link.csv").symlink_to(tmp_path / "x.csv")
    os.link(tmp_path / "x.csv", tmp_path / "hard.csv")
    (tmp_path / "hard").mkdir()
    os.link(tmp_path / "raw/day=1/part-00000.parquet", tmp_path / "hard/part-00000.parquet")
    (tmp_path / "outward").mkdir()
    (tmp_path / "outward/day").symlink_to(tmp_path / "apart")
    return tmp_path


SAME = [
    ("raw", "raw"), ("raw", "raw/day=1"), ("raw/day=1", "raw"), ("raw", "link"), ("link", "raw"), ("link", "link/day=1"),
    ("raw", "raw/new/x.csv"), ("raw", "link/new"), ("x.csv", "x.csv"), ("x.csv", "link.csv"), ("link.csv", "x.csv"),
    ("x.csv", "hard.csv"), ("raw", "hard"), ("raw/day=1", "hard"), ("hard", "raw"), ("outward", "apart"),
    ("outward", "apart/x.csv"), (".", "raw"), ("raw", "."), ("apart/x.csv", "apart"),
]  # fmt: skip
APART = [
    ("raw", "clean"), ("raw", "raw.clean"), ("raw", "ra"), ("x.csv", "y.csv"), ("raw/day=1", "raw/day=0"),
    ("apart", "outward2"), ("raw/day=0", "hard"), ("x.csv", "raw"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "target"), SAME)
def test_files_that_are_one(source: str, target: str, raw: Path) -> None:
    assert code_of(raw / source, raw / target) == "TARGET_IS_SOURCE"


@pytest.mark.parametrize(("source", "target"), APART)
def test_files_that_lie_apart(source: str, target: str, raw: Path) -> None:
    assert code_of(raw / source, raw / target) == ""


def test_partitions_of_one_dataset_are_one(raw: Path) -> None:
    for partitions in (("day=1", "day=1"), ("day=0", "day=1"), ("", "day=1"), ("day=1", "")):
        assert code_of(raw / "raw", raw / "raw", partitions) == "TARGET_IS_SOURCE"
    assert code_of(raw / "raw", raw / "clean", ("day=1", "day=1")) == ""
    assert code_of(raw / "raw", raw / "hard", ("day=0", "")) == ""
    assert code_of(raw / "raw", raw / "hard", ("day=1", "")) == "TARGET_IS_SOURCE"


def test_a_source_that_is_not_there_is_an_error(raw: Path) -> None:
    assert code_of(raw / "nowhere", raw / "clean") == "NOT_FOUND"
    assert code_of(raw / "raw", raw / "clean", ("day=9", "")) == "PARTITION_MISSING"


OBJECTS = [
    ("s3://lake/raw", "s3://lake/raw", True),
    ("s3://one@lake/raw", "s3a://other@lake/raw/", True),
    ("s3n://lake/raw", "s3://lake/raw/clean", True),
    ("s3://lake/raw/day.parquet", "s3://lake/raw", True),
    ("s3://lake", "s3://lake/clean", True),
    ("gs://lake/raw", "gcs://lake/raw", True),
    ("s3://lake/raw", "s3://lake/raw-clean", False),
    ("s3://lake/raw", "s3://other/raw", False),
    ("s3://lake/raw", "gs://lake/raw", False),
    ("xcom://build", "s3://lake/raw", False),
    ("s3://lake/raw", "file:///lake/raw", False),
]


@pytest.mark.parametrize(("source", "target", "one"), OBJECTS)
def test_objects(source: str, target: str, one: bool) -> None:
    assert (code_of(source, target) == "TARGET_IS_SOURCE") is one


# --- tables

TABLES = [
    ("a/customers", "b/customers", True),
    ("a/customers", "b/MAIN.Customers", True),
    ("a/seen", "b/customers", True),
    ("a/deeper", "b/customers", True),
    ("a/customers", "b/seen", True),
    ("a/customers", "b/clean", False),
    ("a/seen", "b/clean", False),
    ("a/customers", "b/orders", False),
    ("a/customers", "c/customers", False),
]


@pytest.mark.parametrize(("source", "target", "one"), TABLES)
def test_sqlite_tables(source: str, target: str, one: bool, tmp_path: Path) -> None:
    for name in ("a.db", "c.db"):
        with closing(SqliteDatabase(str(tmp_path / name)).connect()) as connection:
            connection.executescript(
                """CREATE TABLE customers (id INTEGER, note TEXT); CREATE TABLE orders (id INTEGER);
                CREATE VIEW seen AS SELECT note FROM customers; CREATE VIEW deeper AS SELECT count(*) AS n FROM seen;"""
            )
    # another name of the same file, which the identity does not see through
    os.link(tmp_path / "a.db", tmp_path / "b.db")
    databases = {name: SqliteDatabase(str(tmp_path / f"{name}.db")) for name in "abc"}
    clients = Clients(databases=databases)
    assert (code_of(f"sql://{source}", f"sql://{target}", clients=clients) == "TARGET_IS_SOURCE") is one


POSTGRES = [
    ("customers", "public.customers", True),
    ("seen", "customers", True),
    ("kept", "customers", False),
    ("parts", "parts_1", True),
    ("parts_1", "parts", True),
    ("seen_part", "parts", True),
    ("customers", "clean", False),
    ("customers", "parts", False),
    ('"Customers"', "customers", False),
]


@pytest.mark.parametrize("driver", ["psycopg", "psycopg2 dict"])
def test_postgres_tables(driver: str, postgres_database: str) -> None:
    with psycopg.connect(plain(postgres_database), autocommit=True) as connection:
        connection.execute(
            """CREATE TABLE customers (id int, note text); CREATE TABLE "Customers" (id int);
            CREATE VIEW seen AS SELECT note FROM customers WHERE id > 1 UNION SELECT 'x';
            CREATE MATERIALIZED VIEW kept AS SELECT * FROM customers;
            CREATE TABLE parts (id int) PARTITION BY RANGE (id);
            CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (1) TO (10);
            CREATE TABLE parts_2 PARTITION OF parts FOR VALUES FROM (10) TO (20);
            CREATE VIEW seen_part AS SELECT * FROM parts WHERE id = 5;"""
        )
    # the same database by two names of its host
    databases = {
        "a": Postgres(plain(postgres_database), driver),
        "b": Postgres(plain(postgres_database), place="127.0.0.1:5432/shop"),
    }
    for source, target, one in POSTGRES:
        got = code_of(f"sql://a/{source}", f"sql://b/{target}", clients=Clients(databases=databases))
        assert (got == "TARGET_IS_SOURCE") is one, (source, target, got)
