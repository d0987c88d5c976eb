"""Tables in the types that their columns declare."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import psycopg
import pytest

from airflow_mlsecops.core.dataset import parse
from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.sources import Source, open_source, typed
from tests._postgres import plain
from tests.sources._clients import Clients, SqliteDatabase
from tests.sources.targets.test_target_tables import Postgres

CANARY = "canary-4111111111111111"


def source_of(database: Any, table: str = "t") -> Source:
    return typed(open_source(parse(f"sql://db/{table}"), "", Clients(databases={"db": database})))


def whole(database: Any, table: str = "t") -> pl.DataFrame:
    return pl.concat(source_of(database, table).batches())


def lite(folder: Path, script: str) -> SqliteDatabase:
    with closing(sqlite3.connect(folder / "a.db")) as connection:
        connection.executescript(script)
    return SqliteDatabase(str(folder / "a.db"))


SQLITE = [
    ("INTEGER", "7", 7, pl.Int64()),
    ("bigint", "-9223372036854775808", -(2**63), pl.Int64()),
    ("VARCHAR(10)", "'1'", "1", pl.String()),
    ("TEXT", "x'6162'", "ab", pl.String()),
    ("", "7", "7", pl.String()),
    ("JSON", "'{}'", "{}", pl.String()),
    ("BLOB", "x'ff'", b"\xff", pl.Binary()),
    ("REAL", "7", 7.0, pl.Float64()),
    ("DOUBLE PRECISION", "0.1", 0.1, pl.Float64()),
    ("DECIMAL(10,2)", "1.5", 1.5, pl.Float64()),
    ("NUMERIC", "3", 3.0, pl.Float64()),
    ("BOOLEAN", "1", True, pl.Boolean()),
    ("bool", "FALSE", False, pl.Boolean()),
    ("DATE", "'2026-11-23'", date(2026, 11, 23), pl.Date()),
    ("DATETIME", "'2026-11-23 01:02:03.5'", datetime(2026, 11, 23, 1, 2, 3, 500_000), pl.Datetime("us")),
    ("TIMESTAMP", "'2026-11-23'", datetime(2026, 11, 23), pl.Datetime("us")),
    ("TIMESTAMPTZ", "'2026-11-23T01:00:00+02:00'", datetime(2026, 11, 22, 23, tzinfo=UTC), pl.Datetime("us", "UTC")),
    (
        "TIMESTAMP WITH TIME ZONE",
        "'2026-11-23T01:00:00Z'",
        datetime(2026, 11, 23, 1, tzinfo=UTC),
        pl.Datetime("us", "UTC"),
    ),
]


@pytest.mark.parametrize(("declared", "stored", "cell", "kind"), SQLITE)
def test_sqlite(declared: str, stored: str, cell: Any, kind: Any, tmp_path: Path) -> None:
    database = lite(
        tmp_path,
        f"CREATE TABLE t (a {declared}); INSERT INTO t VALUES (NULL), ({stored}); CREATE VIEW v AS SELECT a FROM t",
    )
    for table in ("t", "v"):
        frame = whole(database, table)
        assert frame.schema == pl.Schema({"a": kind})
        assert frame["a"].to_list() == [None, cell]
    lite(tmp_path, "DELETE FROM t")
    assert whole(database).schema == pl.Schema({"a": kind})


MISFITS = [
    ("INTEGER", f"'{CANARY}'"),
    ("INTEGER", "1.5"),
    ("REAL", f"'{CANARY}'"),
    ("NUMERIC", "9007199254740993"),
    ("BOOLEAN", "77"),
    ("BOOLEAN", "'yes'"),
    ("BLOB", f"'{CANARY}'"),
    ("DATE", "'23.11.2026'"),
    ("DATE", "20261123"),
    ("DATE", "'2026-11-23 01:00:00'"),
    ("TIMESTAMP", "'2026-11-23T01:00:00Z'"),
    ("TIMESTAMP", "'2026-11-23T01:00:00.1234567'"),
    ("TIMESTAMP", "'2026-11-23T01:00:00,1234567'"),
    ("TIMESTAMP", "1732320000"),
    ("TIMESTAMPTZ", "'2026-11-23T01:00:00'"),
    ("TIMESTAMPTZ", "'0001-01-01T00:00:00+05:00'"),
]


@pytest.mark.parametrize(("declared", "stored"), MISFITS, ids=range(len(MISFITS)))
def test_a_cell_of_another_type_is_told_without_its_value(declared: str, stored: str, tmp_path: Path) -> None:
    database = lite(
        tmp_path,
        f"CREATE TABLE t (id TEXT, amount {declared}); INSERT INTO t VALUES (1, NULL), (2, {stored}), (3, {stored})",
    )
    with pytest.raises(SourceError) as caught:
        whole(database)
    error = caught.value
    assert error.code == "UNEXPECTED_TYPE"
    assert "column amount" in str(error)
    assert "2 of 3" in str(error)
    assert error.__context__ is None
    assert stored.strip("'") not in f"{error!r} {vars(error)}"


def test_reading_for_a_scan_stays_text(tmp_path: Path) -> None:
    database = lite(tmp_path, "CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (7), ('x')")
    plain_source = open_source(parse("sql://db/t"), "", Clients(databases={"db": database}))
    assert pl.concat(plain_source.batches())["a"].to_list() == ["7", "x"]
    assert source_of(database).fingerprint(b"key") == plain_source.fingerprint(b"key")
    assert source_of(database).identity == plain_source.identity


def test_text_that_is_none_is_still_told(tmp_path: Path) -> None:
    database = lite(tmp_path, "CREATE TABLE t (a TEXT); INSERT INTO t VALUES (x'ff')")
    source = source_of(database)
    list(source.batches())
    assert [(one.column, one.rows) for one in source.skipped] == [("column[1]", 1)]


def test_a_name_cannot_forge_a_line(tmp_path: Path) -> None:
    database = lite(tmp_path, "CREATE TABLE t (\"a\nPASS\" INTEGER); INSERT INTO t VALUES ('x')")
    with pytest.raises(SourceError) as caught:
        whole(database)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("driver", ["psycopg", "psycopg2", "psycopg2 dict"])
def test_postgres(driver: str, postgres_database: str) -> None:
    url = plain(postgres_database)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            """CREATE DOMAIN share AS numeric(5, 2);
            CREATE TABLE t (small smallint, big bigint, near real, exact double precision, price numeric(20, 4),
                part share, free numeric, ok boolean, photo bytea, day date, at timestamp, zoned timestamptz,
                clock time, facts jsonb, tags text[], key uuid, word varchar(5));
            INSERT INTO t VALUES (1, 9223372036854775807, 0.5, 0.1, 1234567890.0001, 12.5, 1e40, true, '\\xff00',
                '2026-11-23', '2026-11-23 01:02:03.000004', '2026-11-23 01:00+02', '01:02', '{"a": 1}', '{x}',
                '00000000-0000-0000-0000-000000000005', 'w');
            INSERT INTO t SELECT;
            CREATE VIEW v AS SELECT * FROM t;
            CREATE TABLE odd (a numeric(5, 2)); INSERT INTO odd VALUES ('NaN')"""
        )
    for table in ("t", "v"):
        frame = whole(Postgres(url, driver), table)
        assert frame.row(0)[:6] == (1, 2**63 - 1, 0.5, 0.1, Decimal("1234567890.0001"), Decimal("12.50"))
        assert frame.row(0)[6:9] == ("1" + "0" * 40, True, b"\xff\0")
        assert frame.row(0)[9:12] == (
            date(2026, 11, 23),
            datetime(2026, 11, 23, 1, 2, 3, 4),
            datetime(2026, 11, 22, 23, tzinfo=UTC),
        )
        assert frame.row(0)[12:] == ("01:02:00", '{"a": 1}', '["x"]', "00000000-0000-0000-0000-000000000005", "w")
        assert set(frame.row(1)) == {None}
        assert frame.dtypes[4:6] == [pl.Decimal(20, 4), pl.Decimal(5, 2)]
    with pytest.raises(SourceError) as caught:
        whole(Postgres(url, driver), "odd")
    assert caught.value.code == "UNEXPECTED_TYPE"
