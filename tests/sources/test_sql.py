from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import psycopg2
import psycopg2.extras
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from airflow_mlsecops.core.dataset import parse
from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.sources import Source, identity_of, open_source, query
from airflow_mlsecops.sources.cells import digest
from airflow_mlsecops.sources.dialects import dialect_of, parameter
from tests._postgres import plain
from tests.sources._clients import Clients, SqliteDatabase, cells

CANARY = "canary-4111111111111111"


def source_of(database: Any, table: str, partition: str = "") -> Source:
    return open_source(parse(f"sql://db/{table}"), partition, Clients(databases={"db": database}))


def error_of(database: Any, table: str, partition: str = "") -> SourceError:
    with pytest.raises(SourceError) as caught:
        list(source_of(database, table, partition).batches())
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    assert CANARY not in f"{caught.value!r} {vars(caught.value)}"
    return caught.value


# --- SQLite


@pytest.fixture
def lite(tmp_path: Path) -> SqliteDatabase:
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
        connection.executescript(
            f"""CREATE TABLE customers (id INTEGER, note TEXT, day TEXT);
            INSERT INTO customers VALUES (1, 'ann', '2026-11-23'), (2, NULL, '2026-11-23'), ('{CANARY}', 3.5, x'ff');
            CREATE TABLE "odd "" `name`.x" ("select" TEXT); INSERT INTO "odd "" `name`.x" VALUES ('x');
            CREATE TABLE empty (a TEXT, b BLOB);
            CREATE VIEW seen AS SELECT note FROM customers;
            CREATE VIEW broken AS SELECT json_extract(note, '$') AS a FROM customers;"""
        )
        connection.execute("INSERT INTO customers VALUES (?, CAST(? AS TEXT), ?)", (2**62, b"M\xfcller", "d'; --"))
        connection.commit()
    return SqliteDatabase(str(tmp_path / "a.db"))


def test_sqlite_keeps_every_cell_of_any_type(lite: SqliteDatabase) -> None:
    source = source_of(lite, "customers")
    rows = cells(source)
    assert [row["id"] for row in rows] == ["1", "2", CANARY, str(2**62)]
    assert [row["note"] for row in rows] == ["ann", None, "3.5", "M\\xfcller"]
    assert rows[2]["day"] == "\\xff"
    assert [(one.column, one.rows) for one in source.skipped] == [("column[2]", 1), ("column[3]", 1)]
    assert source.rows_present() == 4
    assert source.identity == f"sqlite://{lite.place}/main.customers"


@pytest.mark.parametrize(
    "table", ["main.customers", '"customers"', "seen", '"odd "" `name`.x"', 'main."odd "" `name`.x"']
)
def test_sqlite_names_are_quoted(lite: SqliteDatabase, table: str) -> None:
    assert source_of(lite, table).rows_present() in (1, 4)


WRONG = [
    ("nowhere", "", "NOT_FOUND"),
    ("other.customers", "", "NOT_FOUND"),
    ("customers; DROP TABLE customers", "", "NOT_FOUND"),
    ("customers` --", "", "NOT_FOUND"),
    ("a.b.c.d", "", "NOT_FOUND"),
    ("main.", "", "NOT_FOUND"),
    (".customers", "", "NOT_FOUND"),
    ('"customers', "", "NOT_FOUND"),
    ("customers", "2026-11-23", "PARTITION_INVALID"),
    ("customers", "=2026-11-23", "PARTITION_INVALID"),
    ("customers", "day=2026-11-24", "PARTITION_MISSING"),
    ("customers", "day=x' OR '1'='1", "PARTITION_MISSING"),
    ("customers", "nowhere=nowhere", "NOT_FOUND"),
    ("customers", "day` = day OR `day=2026", "NOT_FOUND"),
    ("broken", "", "UNREADABLE"),
]


@pytest.mark.parametrize(("table", "partition", "code"), WRONG)
def test_sqlite_what_cannot_be_read_is_an_error(lite: SqliteDatabase, table: str, partition: str, code: str) -> None:
    assert error_of(lite, table, partition).code == code
    assert source_of(lite, "customers").rows_present() == 4


@pytest.mark.parametrize(
    ("partition", "rows"), [("day=2026-11-23", 2), ("day=d'; --", 1), ("id=1", 1), ("id=" + CANARY, 1)]
)
def test_sqlite_a_partition_is_one_value_of_a_column(lite: SqliteDatabase, partition: str, rows: int) -> None:
    source = source_of(lite, "customers", partition)
    assert len(cells(source)) == source.rows_present() == rows
    assert source.fingerprint(b"key") != source_of(lite, "customers").fingerprint(b"key")
    assert source.identity == source_of(lite, "customers").identity


def test_an_empty_table_still_has_its_columns(lite: SqliteDatabase) -> None:
    (batch,) = source_of(lite, "empty").batches()
    assert (batch.height, batch.columns) == (0, ["a", "b"])


def test_a_scan_cannot_write(lite: SqliteDatabase) -> None:
    with source_of(lite, "empty")._query.reading() as reading, pytest.raises(sqlite3.OperationalError):  # type: ignore[attr-defined]
        reading._connection.execute("INSERT INTO empty VALUES (1, 2)")


CHANGES = [
    "UPDATE empty SET a = '2' WHERE a = '1'",
    "UPDATE empty SET a = b, b = a",
    "DELETE FROM empty WHERE a = '1'",
    "INSERT INTO empty VALUES ('1', 'x')",
    "UPDATE empty SET b = NULL",
    "UPDATE empty SET b = CAST(b AS BLOB)",
    "ALTER TABLE empty RENAME COLUMN a TO c",
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_fingerprint_changes_with_any_cell(lite: SqliteDatabase, change: str) -> None:
    source = source_of(lite, "empty")
    with closing(lite.connect()) as connection:
        connection.executescript("INSERT INTO empty VALUES ('1', 'x'), ('3', 'y'), ('3', 'y');")
        before = source.fingerprint(b"key")
        connection.executescript(change)
        assert source.fingerprint(b"key") != before
        assert not before.weak


def test_a_fingerprint_does_not_depend_on_the_order_of_rows(lite: SqliteDatabase) -> None:
    source = source_of(lite, "empty")
    prints = set()
    with closing(lite.connect()) as connection:
        for order in ("('1', 'x'), ('3', 'y')", "('3', 'y'), ('1', 'x')"):
            connection.executescript(f"DELETE FROM empty; INSERT INTO empty VALUES {order};")
            prints.add(source.fingerprint(b"key").root)
    assert len(prints) == 1


cell = (
    st.none()
    | st.integers(-(2**63), 2**63 - 1)
    | st.text(max_size=5)
    | st.binary(max_size=5)
    | st.floats(allow_nan=False)
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(cell, cell), max_size=9), step=st.integers(1, 4))
def test_no_cell_is_dropped(lite: SqliteDatabase, rows: list[tuple[object, object]], step: int) -> None:
    with closing(lite.connect()) as connection:
        connection.execute("DELETE FROM empty")
        connection.executemany("INSERT INTO empty (b, a) VALUES (?, ?)", rows)
        connection.commit()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(query, "_STEP", step)
        got = cells(source_of(lite, "empty"))
    assert [[row["b"] is None, row["a"] is None] for row in got] == [[b is None, a is None] for b, a in rows]


# --- PostgreSQL, through both of its drivers


NEAR = [
    ([("ab", "c")], [("a", "bc")]),
    ([(1, "x")], [("1", "x")]),
    ([(None, "x")], [("", "x")]),
    ([("x", "ystr:0:z")], [("xstr:0:y", "z")]),
    ([(b"\xff", 1)], [(b"\\xff", 1)]),
    ([("a", 1)], [("a", 1), ("a", 1)]),
    ([("a", 1), ("b", 2)], [("a", 2), ("b", 1)]),
]


@pytest.mark.parametrize(("one", "two"), NEAR, ids=range(len(NEAR)))
def test_rows_that_look_alike_have_different_digests(one: list[Any], two: list[Any]) -> None:
    assert digest(b"key", ["a", "b"], one) != digest(b"key", ["a", "b"], two)
    assert digest(b"key", ["a", "b"], one) == digest(b"key", ["a", "b"], one[::-1])
    assert digest(b"key", ["a", "b"], one) != digest(b"key", ["b", "a"], one)
    assert digest(b"key", ["a", "b"], one)[1] != digest(b"other", ["a", "b"], one)[1]


@dataclass(frozen=True)
class Postgres:
    url: str
    driver: str = "psycopg"
    dialect: str = "postgresql"
    place: str = "db.example:5432/shop"
    local: bool = False
    paramstyle: str = "pyformat"

    def connect(self) -> Any:
        if self.driver == "psycopg":
            return psycopg.connect(self.url)
        return psycopg2.connect(
            self.url, cursor_factory=psycopg2.extras.RealDictCursor if self.driver == "psycopg2 dict" else None
        )


@pytest.fixture(scope="module")
def postgres(postgres_url: str) -> Iterator[str]:
    url = plain(postgres_url)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            f"""DROP SCHEMA IF EXISTS shop CASCADE; DROP ROLE IF EXISTS reader; CREATE ROLE reader LOGIN;
            CREATE SCHEMA shop; GRANT USAGE ON SCHEMA shop TO reader;
            CREATE TABLE shop.customers (id bigint, amount numeric(30, 10), key uuid, photo bytea, facts jsonb,
                tags text[], day date, host inet, at timestamptz, ok boolean);
            INSERT INTO shop.customers VALUES
                (1, 1234567890.0000000001, '00000000-0000-0000-0000-000000000005', 'abc', '{{"a": ["{CANARY}"]}}',
                 '{{x,y}}', '2026-11-23', '10.0.0.1', '2026-11-23 00:00Z', true),
                (2, NULL, NULL, NULL, NULL, NULL, '2026-11-24', NULL, NULL, NULL);
            CREATE TABLE shop.guarded (owner text, note text); INSERT INTO shop.guarded VALUES ('other', '{CANARY}');
            ALTER TABLE shop.guarded ENABLE ROW LEVEL SECURITY;
            CREATE POLICY mine ON shop.guarded USING (owner = current_user);
            GRANT SELECT ON shop.guarded TO reader;
            CREATE TABLE shop.half (open text, closed text); GRANT SELECT (open) ON shop.half TO reader;
            CREATE TABLE shop."Mixed.Case" (a int); INSERT INTO shop."Mixed.Case" VALUES (1);
            CREATE TABLE shop.big AS SELECT n AS id, 'note ' || n AS note FROM generate_series(1, 20000) AS n;
            CREATE VIEW shop.broken AS SELECT (facts->>'a')::int AS a FROM shop.customers;
            CREATE TABLE shop."100%s" ("%(share)s" int); INSERT INTO shop."100%s" VALUES (1), (2);
            CREATE TABLE shop.far (day date); INSERT INTO shop.far VALUES ('infinity');"""  # type: ignore[arg-type]
        )
    yield url
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA shop CASCADE; DROP ROLE reader")


DRIVERS = ["psycopg", "psycopg2", "psycopg2 dict"]


@pytest.mark.parametrize("driver", DRIVERS)
def test_postgres_keeps_every_cell_of_any_type(postgres: str, driver: str) -> None:
    source = source_of(Postgres(postgres, driver), "shop.customers")
    first, second = cells(source)
    assert (first["id"], first["amount"]) == ("1", "1234567890.0000000001")
    assert (first["key"], first["photo"]) == ("00000000-0000-0000-0000-000000000005", "abc")
    assert (first["facts"], first["tags"]) == (f'{{"a": ["{CANARY}"]}}', '["x", "y"]')
    assert (first["day"], first["host"], first["ok"]) == ("2026-11-23", "10.0.0.1", "true")
    assert [name for name, cell in second.items() if cell is not None] == ["id", "day"]
    assert source.rows_present() == 2
    assert source.identity == "postgres://db.example:5432/shop.shop.customers"


@pytest.mark.parametrize("driver", DRIVERS)
def test_postgres_streams_a_table_to_its_end(postgres: str, driver: str) -> None:
    source = source_of(Postgres(postgres, driver), "shop.big")
    assert sum(batch.height for batch in source.batches()) == 20_000
    assert source.fingerprint(b"key") == source.fingerprint(b"key")


@pytest.mark.parametrize("driver", DRIVERS[:2])
@pytest.mark.parametrize("partition", ["day=2026-11-23", "id=1", "ok=true"])
def test_postgres_a_partition_is_one_value_of_a_column(postgres: str, driver: str, partition: str) -> None:
    assert [row["id"] for row in cells(source_of(Postgres(postgres, driver), "shop.customers", partition))] == ["1"]


POSTGRES_WRONG = [
    ("shop.nowhere", "", "", "NOT_FOUND"),
    ("nowhere.customers", "", "", "NOT_FOUND"),
    ("customers", "", "", "NOT_FOUND"),
    ("shop.Mixed", "", "", "NOT_FOUND"),
    ("shop.customers", "nowhere=1", "", "NOT_FOUND"),
    ("shop.customers", "day=2026-11-25", "", "PARTITION_MISSING"),
    ("shop.customers", f"id={CANARY}", "", "UNREADABLE"),
    ("shop.broken", "", "", "UNREADABLE"),
    ("shop.customers", "", "reader", "NO_PERMISSION"),
    ("shop.half", "", "reader", "NO_PERMISSION"),
    # row-level security would have shown no row, and the gate a clean table
    ("shop.guarded", "", "reader", "NO_PERMISSION"),
]


@pytest.mark.parametrize(("table", "partition", "role", "code"), POSTGRES_WRONG)
@pytest.mark.parametrize("driver", DRIVERS[:2])
def test_postgres_what_cannot_be_read_is_an_error(
    postgres: str, driver: str, table: str, partition: str, role: str, code: str
) -> None:
    url = f"{postgres}&options=-c%20role%3D{role}" if role else postgres
    assert error_of(Postgres(url, driver), table, partition).code == code


def test_postgres_a_date_that_python_does_not_have_is_an_error(postgres: str) -> None:
    assert error_of(Postgres(postgres), "shop.far").code == "UNREADABLE"


@pytest.mark.parametrize("driver", DRIVERS[:2])
def test_postgres_per_cent_signs_in_names_are_names(postgres: str, driver: str) -> None:
    assert source_of(Postgres(postgres, driver), 'shop."100%s"').rows_present() == 2
    assert source_of(Postgres(postgres, driver), 'shop."100%s"', "%(share)s=2").rows_present() == 1


def test_postgres_quotes_names(postgres: str) -> None:
    assert source_of(Postgres(postgres), 'shop."Mixed.Case"').rows_present() == 1


@pytest.mark.parametrize("driver", DRIVERS[:2])
def test_a_server_that_does_not_answer_is_an_error(driver: str) -> None:
    error = error_of(Postgres("postgresql://127.0.0.1:9/none?connect_timeout=2", driver), "shop.customers")
    assert error.code == "UNREACHABLE"


@pytest.mark.parametrize("driver", DRIVERS[:2])
def test_postgres_counts_and_reads_one_state(postgres: str, driver: str) -> None:
    source = source_of(Postgres(postgres, driver), "shop.big")
    with psycopg.connect(postgres, autocommit=True) as other, source._query.reading() as reading:  # type: ignore[attr-defined]
        assert reading.count() == 20_000
        other.execute("INSERT INTO shop.big VALUES (0, 'late')")
        assert sum(map(len, reading.rows()[1])) == 20_000
        other.execute("DELETE FROM shop.big WHERE id = 0")


def test_a_table_that_ends_early_is_an_error(lite: SqliteDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query.Reading, "count", lambda self: 5)
    assert error_of(lite, "customers").code == "TRUNCATED"


# --- names


IDENTITIES = [
    ("postgresql", "h:5432/shop", "public.customers", "postgres://h:5432/shop.public.customers"),
    ("postgresql", "h:5432/shop", "customers", "postgres://h:5432/shop.public.customers"),
    ("postgresql+psycopg", "h:5432/shop", "customers", "postgres://h:5432/shop.public.customers"),
    ("postgres", "h:5432/shop", "customers", "postgres://h:5432/shop.public.customers"),
    ("sqlite", "/data/a.db", "customers", "sqlite:///data/a.db/main.customers"),
    ("mysql", "h:3306/shop", "customers", "mysql://h:3306/shop.customers"),
    ("mssql", "h:1433/shop", "dbo.customers", "mssql://h:1433/shop.dbo.customers"),
]


@pytest.mark.parametrize("table", ["Customers", "MAIN.CUSTOMERS", '"main"."customers"'])
def test_another_spelling_of_a_sqlite_table_is_the_same_dataset(lite: SqliteDatabase, table: str) -> None:
    assert source_of(lite, table).identity == source_of(lite, "customers").identity


@pytest.mark.parametrize(("dialect", "place", "table", "identity"), IDENTITIES)
def test_an_identity_names_no_connection(dialect: str, place: str, table: str, identity: str) -> None:
    clients = Clients(databases={"db": SqliteDatabase(place, dialect=dialect)})
    assert identity_of(parse(f"sql://db/{table}"), clients) == identity


QUOTED = [
    ("postgresql", 'a"b', '"a""b"'),
    ("sqlite", "a`b", "`a``b`"),
    ("mysql", "a`b", "`a``b`"),
    ("snowflake", "customers", '"CUSTOMERS"'),
    ("snowflake", "Customers", '"Customers"'),
    ("oracle", "my name", '"my name"'),
    ("unheard-of", 'a"; --', '"a""; --"'),
]


@pytest.mark.parametrize(("dialect", "name", "quoted"), QUOTED)
def test_names_are_quoted_as_the_dialect_does(dialect: str, name: str, quoted: str) -> None:
    assert dialect_of(dialect).quoted(name) == quoted


@pytest.mark.parametrize("style", ["qmark", "numeric", "named"])
def test_parameters_fit_their_style(style: str) -> None:
    placeholder, values = parameter(style, "x")
    with closing(sqlite3.connect(":memory:")) as connection:
        assert connection.execute(f"SELECT {placeholder}", values).fetchall() == [("x",)]
