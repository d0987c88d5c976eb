"""Tables: replaced in one transaction."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import psycopg
import psycopg2
import psycopg2.extras
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from airflow_mlsecops.core.dataset import parse
from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.sources import Source, Staging, Target, open_source, open_target, typed
from tests._postgres import plain
from tests.sources._clients import Clients, SqliteDatabase
from tests.sources.targets._frames import (
    CANARY,
    FRAME,
    KINDS,
    OTHER,
    assert_value_free,
    columns,
    error_of,
    pieces,
    replaced,
    same,
    whole,
)
from tests.sources.targets.test_target_files import MISUSES, broken_off, mode

LIMITED = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


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
        dicts = psycopg2.extras.RealDictCursor if self.driver == "psycopg2 dict" else None
        return psycopg2.connect(self.url, cursor_factory=dicts)


class Shop:
    """A database of a test's own, asked and told directly."""

    def __init__(self, database: Any) -> None:
        self.database = database
        self.clients = Clients(databases={"db": database})

    @property
    def lite(self) -> bool:
        return bool(self.database.dialect == "sqlite")

    def run(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        if self.lite:
            with closing(sqlite3.connect(self.database.place, isolation_level=None)) as connection:
                return connection.execute(statement, *parameters).fetchall()
        with psycopg.connect(self.database.url, autocommit=True) as connection:
            cursor = connection.execute(statement, *parameters)  # type: ignore[call-overload]
            return cursor.fetchall() if cursor.description else []

    def tables(self) -> set[str]:
        if self.lite:
            return {name for (name,) in self.run("SELECT name FROM sqlite_master WHERE type = 'table'")}
        return {
            name
            for (name,) in self.run(
                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
            )
        }

    def target(self, table: str, partition: str = "", **options: Any) -> Target:
        return open_target(parse(f"sql://db/{table}"), partition, self.clients, **{"run": "r1", **options})

    def source(self, table: str, partition: str = "") -> Source:
        return open_source(parse(f"sql://db/{table}"), partition, self.clients)

    def notes(self, table: str = "churn") -> list[Any]:
        return [note for (note,) in self.run(f"SELECT note FROM {table} ORDER BY id")]


@pytest.fixture
def sqlite(tmp_path: Path) -> Shop:
    return Shop(SqliteDatabase(str(tmp_path / "a.db")))


@pytest.fixture
def postgres(postgres_database: str) -> Shop:
    return Shop(Postgres(plain(postgres_database)))


@pytest.fixture
def psycopg2_(postgres_database: str) -> Shop:
    return Shop(Postgres(plain(postgres_database), "psycopg2 dict"))


@pytest.fixture(params=["sqlite", "postgres", "psycopg2_"])
def shop(request: pytest.FixtureRequest) -> Shop:
    found: Shop = request.getfixturevalue(request.param)
    return found


def test_a_table_is_made_and_replaced(shop: Shop) -> None:
    for frame, notes in ((FRAME, ["ann", "bob", None]), (OTHER, ["eve"])):
        target = shop.target("churn")
        replaced(target, frame)
        assert shop.notes() == notes
        assert shop.tables() == {"churn"}
        assert target.identity == shop.source("churn").identity
    assert typed(shop.source("churn")).batches().__next__().schema == FRAME.schema


def test_a_partition_alone_is_replaced(shop: Shop) -> None:
    days = pl.DataFrame({"id": [1, 2], "note": ["a", "b"], "day": ["2026-11-23", "d'; --%s"]})
    replaced(shop.target("churn"), days)
    for value in ("2026-11-23", "d'; --%s", "new"):
        rows = pl.DataFrame({"id": [3, 4], "note": ["c", value], "day": [value] * 2})
        replaced(shop.target("churn", f"day={value}"), rows)
        replaced(shop.target("churn", f"day={value}"), rows)
        assert shop.source("churn", f"day={value}").rows_present() == 2
    assert len(shop.notes()) == 6
    error = error_of(shop.target("churn", "day=new"), rows, rows.with_columns(pl.lit(CANARY).alias("day")))
    assert error.code == "PARTITION_MISMATCH"
    assert "2 of 4" in str(error)
    assert_value_free(error)
    replaced(shop.target("churn", "day=new"), rows.clear())
    assert len(shop.notes()) == 4


@pytest.mark.parametrize("table", ['"od%s d"".x"', "Churn"])
def test_names_are_quoted(table: str, shop: Shop) -> None:
    frame = pl.DataFrame({"select": [1], 'q"`; --': ["x"], "%(value)s": ["y"]})
    for _ in range(2):
        replaced(shop.target(table), frame)
        replaced(shop.target(table, "%(value)s=y"), frame)
    assert shop.source(table).rows_present() == 1
    assert len(shop.tables()) == 1


# --- what is staged


def test_what_is_staged_is_seen_before_it_is_published(shop: Shop) -> None:
    replaced(shop.target("churn"), FRAME)
    with shop.target("churn", "note=eve").staging() as staging:
        staging.write(OTHER)
        staging.finish()
        source = staging.source()
        assert shop.tables() == {"churn"} | (set() if shop.lite else {"churn__staging_r1"})
        assert source.identity == shop.source("churn").identity
        assert whole(source).to_dicts() == [{"id": "7", "note": "eve", "ok": "1" if shop.lite else "true"}]
        assert shop.notes() == ["ann", "bob", None]
        staging.publish()
    assert shop.notes() == ["ann", "bob", None, "eve"]
    assert shop.tables() == {"churn"}


def test_nothing_is_left_if_the_block_raises(shop: Shop) -> None:
    replaced(shop.target("churn"), FRAME)
    steps: list[Callable[[Staging], object]] = [lambda staging: staging.write(OTHER), lambda staging: staging.finish()]
    for stage in range(3):
        with pytest.raises(ZeroDivisionError):
            broken_off(shop.target("churn"), steps[:stage])
        assert shop.tables() == {"churn"}
        assert shop.notes() == ["ann", "bob", None]


@pytest.mark.parametrize("misuse", MISUSES)
def test_what_is_not_finished_is_never_published(misuse: Any, sqlite: Shop) -> None:
    with sqlite.target("churn").staging() as staging:
        staging.write(FRAME)
        with pytest.raises(RuntimeError):
            misuse(staging)


def test_a_table_may_be_made_of_another_in_the_same_database(shop: Shop) -> None:
    replaced(shop.target("raw"), pl.DataFrame({"id": range(5_000), "note": ["x" * 500] * 5_000}))
    with shop.target("churn").staging() as staging:
        for batch in shop.source("raw").batches():
            staging.write(batch)
        staging.finish()
        staging.publish()
    assert shop.source("churn").rows_present() == 5_000


def test_what_a_run_has_left_is_replaced_by_the_same_and_left_by_another(shop: Shop) -> None:
    if shop.lite:
        left = [Path(shop.database.place).with_name(f".a.db.staging-{run}") for run in ("r1", "r2")]
        for path in left:
            path.write_bytes(b"half a file")
        replaced(shop.target("churn"), FRAME)
        assert [path.exists() for path in left] == [False, True]
    else:
        for run in ("r1", "r2"):
            shop.run(f"CREATE TABLE churn__staging_{run} (x text)")
        replaced(shop.target("churn"), FRAME)
        assert shop.tables() == {"churn", "churn__staging_r2"}
    assert shop.notes() == ["ann", "bob", None]


def test_sqlite_what_is_staged_is_for_its_owner_alone(sqlite: Shop) -> None:
    with sqlite.target("churn").staging() as staging:
        staging.write(OTHER)
        assert [mode(path) for path in Path(sqlite.database.place).parent.glob(".*")] == [0o600]


# --- a table that is there


def test_grants_indexes_and_types_stay(postgres: Shop) -> None:
    postgres.run(
        "CREATE TABLE churn (id bigint PRIMARY KEY, note varchar(10), amount numeric(10, 2), day date, at timestamptz, facts jsonb, photo bytea)"
    )
    postgres.run("CREATE INDEX fast ON churn (note)")
    postgres.run("GRANT SELECT ON churn TO pg_monitor")
    rows = {
        "photo": [b"\xff"],
        "facts": [{"a": [1]}],
        "at": ["2026-11-23T01:00:00+01:00"],
        "day": ["2026-11-23"],
        "amount": [Decimal("1.50")],
        "note": ["ann"],
        "id": ["1"],
    }
    replaced(postgres.target("churn"), pl.DataFrame(rows))
    ((photo, facts, day, amount),) = postgres.run("SELECT photo, facts, day::text, amount FROM churn")
    assert (photo, facts, day, amount) == (b"\xff", {"a": [1]}, "2026-11-23", Decimal("1.50"))
    ((grants,),) = postgres.run("SELECT relacl::text FROM pg_class WHERE relname = 'churn'")
    assert "pg_monitor=r" in grants
    assert {name for (name,) in postgres.run("SELECT indexname FROM pg_indexes WHERE tablename = 'churn'")} == {
        "churn_pkey",
        "fast",
    }
    for broken in ({"id": ["x"]}, {"note": [CANARY * 9]}, {"amount": [CANARY]}):
        error = error_of(postgres.target("churn"), pl.DataFrame(rows | broken))
        assert error.code == "TARGET_UNWRITABLE"
        assert_value_free(error)
    assert len(postgres.run("SELECT * FROM churn")) == 1


def test_a_key_that_is_given_twice_leaves_the_old(shop: Shop) -> None:
    shop.run("CREATE TABLE churn (id bigint PRIMARY KEY, note text, ok boolean)")
    shop.run("INSERT INTO churn VALUES (1, 'old', true)")
    error = error_of(shop.target("churn"), OTHER, OTHER.with_columns(pl.lit(CANARY).alias("note")))
    assert error.code == "TARGET_UNWRITABLE"
    assert_value_free(error)
    assert shop.notes() == ["old"]


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        (FRAME.drop("note"), "note"),
        (FRAME.with_columns(pl.lit(1).alias(CANARY)), "column[4]"),
        (FRAME.rename({"note": CANARY}), "column[2]"),
        (FRAME.select("note"), "id, ok"),
    ],
    ids=range(4),
)
def test_other_columns_are_told_before_anything_is_touched(frame: pl.DataFrame, says: str, shop: Shop) -> None:
    replaced(shop.target("churn"), OTHER)
    with pytest.raises(SourceError) as caught, shop.target("churn").staging() as staging:
        staging.write(frame)
    assert caught.value.code == "TARGET_COLUMNS"
    assert says in str(caught.value)
    assert_value_free(caught.value)
    # and when they change while rows are written
    with pytest.raises(SourceError) as caught, shop.target("churn").staging() as staging:
        late(shop, staging)
    assert caught.value.code == "TARGET_COLUMNS"
    assert shop.notes() == ["eve"]


def late(shop: Shop, staging: Staging) -> None:
    staging.write(OTHER)
    staging.finish()
    shop.run("ALTER TABLE churn ADD COLUMN other text")
    try:
        staging.publish()
    finally:
        shop.run("ALTER TABLE churn DROP COLUMN other")


def test_sqlite_columns_are_the_same_whatever_their_case(sqlite: Shop) -> None:
    sqlite.run("CREATE TABLE churn (ID INTEGER, Note TEXT, ok BOOLEAN)")
    replaced(sqlite.target("CHURN"), OTHER)
    assert sqlite.notes() == ["eve"]
    assert sqlite.tables() == {"churn"}


def test_what_is_no_table_is_refused(shop: Shop) -> None:
    replaced(shop.target("churn"), FRAME)
    shop.run("CREATE VIEW seen AS SELECT * FROM churn")
    error = error_of(shop.target("seen"), OTHER)
    assert error.code == "TARGET_NOT_SUPPORTED"
    assert shop.notes() == ["ann", "bob", None]


def test_rows_that_would_take_others_with_them_are_not_replaced(postgres: Shop) -> None:
    postgres.run("CREATE TABLE churn (id bigint PRIMARY KEY, note text, ok boolean)")
    postgres.run("CREATE TABLE orders (customer bigint REFERENCES churn ON DELETE CASCADE)")
    replaced(postgres.target("orders"), pl.DataFrame({"customer": []}, schema={"customer": pl.Int64}))
    error = error_of(postgres.target("churn"), OTHER)
    assert error.code == "TARGET_NOT_SUPPORTED"
    assert postgres.tables() == {"churn", "orders"}


def test_sqlite_rows_that_would_take_others_with_them(sqlite: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    sqlite.run("CREATE TABLE churn (id bigint PRIMARY KEY, note text, ok boolean)")
    sqlite.run("CREATE TABLE orders (customer bigint REFERENCES Churn ON DELETE CASCADE)")
    replaced(sqlite.target("churn"), OTHER)  # this connection obeys no foreign keys

    def strict(self: SqliteDatabase) -> sqlite3.Connection:
        connection = sqlite3.connect(self.place)
        connection.execute("PRAGMA foreign_keys = ON")
        return connection

    monkeypatch.setattr(SqliteDatabase, "connect", strict)
    assert error_of(sqlite.target("churn"), FRAME).code == "TARGET_NOT_SUPPORTED"
    assert sqlite.notes() == ["eve"]


def test_rows_that_row_level_security_hides_are_not_left_in_silence(postgres: Shop) -> None:
    role = f"limited_{postgres.database.url.rpartition('test_')[2][:12]}"
    postgres.run(f"CREATE ROLE {role}; GRANT CREATE, USAGE ON SCHEMA public TO {role}")
    try:
        postgres.run(
            "CREATE TABLE churn (id bigint, note text, ok boolean); INSERT INTO churn VALUES (1, 'hidden', true)"
        )
        postgres.run("ALTER TABLE churn ENABLE ROW LEVEL SECURITY; CREATE POLICY mine ON churn USING (id > 5)")
        postgres.run(f"GRANT ALL ON churn TO {role}")
        limited = Shop(Postgres(f"{postgres.database.url}&options=-c%20role%3D{role}"))
        error = error_of(limited.target("churn"), OTHER)
        assert error.code == "TARGET_UNWRITABLE"
        assert "42501" in str(error)
        assert postgres.notes() == ["hidden"]
    finally:
        postgres.run(f"DROP OWNED BY {role}; DROP ROLE {role}")


def test_nobody_else_may_read_what_is_staged_or_set_aside(postgres: Shop) -> None:
    postgres.run("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC, pg_monitor")
    grants = "SELECT relacl::text FROM pg_class WHERE relname LIKE 'churn%'"
    with postgres.target("churn").staging() as staging:
        staging.write(OTHER)
        staging.finish()
        ((staged,),) = postgres.run(grants)
        staging.set_aside()
    ((aside,),) = postgres.run(grants)
    for said in (staged, aside):
        assert "pg_monitor" not in said
        assert "{=" not in said
        assert ",=" not in said
    replaced(postgres.target("churn"), OTHER)  # a new table has what its schema gives to all
    ((said,),) = postgres.run("SELECT relacl::text FROM pg_class WHERE relname = 'churn'")
    assert "pg_monitor=r" in said


def test_what_is_set_aside_is_never_overwritten(shop: Shop) -> None:
    replaced(shop.target("churn"), FRAME)
    places = []
    for _ in range(2):
        with shop.target("churn").staging() as staging:
            staging.write(OTHER)
            staging.finish()
            places.append(staging.set_aside())
    assert [place.rpartition(".")[2] for place in places] == ["churn__quarantine_r1", "churn__quarantine_r1_2"]
    for place in places:
        assert whole(open_source(parse(place), "", shop.clients))["note"].to_list() == ["eve"]
    assert shop.notes() == ["ann", "bob", None]
    assert len(shop.tables()) == 3


def test_long_names_are_cut_so_that_they_stay_apart(postgres: Shop) -> None:
    table = "t" * 63
    replaced(postgres.target(table), FRAME)
    with postgres.target(table).staging() as staging:
        staging.write(OTHER)
        staging.finish()
        assert "t" * 50 + "__staging_r1" in postgres.tables() or len(postgres.tables()) == 2
        place = staging.set_aside()
    assert whole(open_source(parse(place), "", postgres.clients)).height == 1
    assert postgres.notes(table) == ["ann", "bob", None]


# --- types


SQL_KINDS = {name: kind for name, kind in KINDS.items() if name not in ("text", "moment_ns")}
ROWS = {"frame": columns(SQL_KINDS, width=8), "size": st.integers(1, 4)}


@settings(LIMITED, max_examples=20)
@given(**ROWS)
def test_sqlite_rows_are_read_back(frame: pl.DataFrame, size: int, sqlite: Shop) -> None:
    assert_read_back(sqlite, frame, size)


@settings(LIMITED, max_examples=6)  # each waits for a dozen commits
@given(**ROWS)
def test_postgres_rows_are_read_back(frame: pl.DataFrame, size: int, postgres: Shop) -> None:
    assert_read_back(postgres, frame, size)


def assert_read_back(shop: Shop, frame: pl.DataFrame, size: int) -> None:
    shop.run("DROP TABLE IF EXISTS churn")
    for _ in range(2):  # a new table, then one that is there
        replaced(shop.target("churn"), *pieces(frame, size))
    read, exact = whole(shop.source("churn")), whole(typed(shop.source("churn")))
    assert read.columns == frame.columns
    for name, kind in frame.schema.items():
        for text, cell in zip(read[name].to_list(), frame[name].to_list(), strict=True):
            assert says(text, cell, kind), (name, text)
    alike = [name for name in frame.columns if name in EXACT - ({"decimal"} if shop.lite else set())]
    assert not alike or exact.select(alike).rows() == frame.select(alike).cast(AS_READ, strict=False).rows()


EXACT = {"int8", "int64", "float64", "bool", "bytes", "date", "moment", "zoned", "decimal"}
AS_READ: Any = {pl.Int8: pl.Int64, pl.Datetime("us", "Europe/Rome"): pl.Datetime("us", "UTC")}


def says(text: str | None, cell: Any, kind: Any) -> bool:
    if isinstance(cell, bool):
        return text in (str(int(cell)), str(cell).lower())
    if isinstance(cell, datetime) and text is not None:
        return datetime.fromisoformat(text) == cell
    if isinstance(cell, Decimal) and text is not None:
        return Decimal(text) == cell
    if isinstance(kind, pl.Duration) or isinstance(cell, float):
        return (text is None) == (cell is None) and same(text, cell, kind)
    return same(text, cell, kind)


TEXTS = [
    "",
    " ",
    "\\.",
    "\\N",
    "NULL",
    '"',
    "''",
    "a,b",
    "line\nfeed",
    "\r\n",
    "😀é",
    "\ufeff",
    "%s %(x)s",
    "1e5",
    "0x1",
    "\\x41",
    None,
]


def test_texts_are_read_back(shop: Shop) -> None:
    for frame in (pl.DataFrame({"a": TEXTS}), pl.DataFrame({"a": TEXTS, "b": TEXTS[::-1]})):
        shop.run("DROP TABLE IF EXISTS churn")
        replaced(shop.target("churn"), frame)
        assert sorted(whole(shop.source("churn")).rows(), key=str) == sorted(frame.rows(), key=str)


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (
            pl.DataFrame({"a": [datetime(2026, 1, 1)]})
            .cast(pl.Datetime("ns"))
            .select(pl.col("a") + pl.duration(nanoseconds=1)),
            "TARGET_CANNOT_HOLD",
        ),
        (pl.DataFrame({"": ["x"]}), "TARGET_CANNOT_HOLD"),
        (pl.DataFrame({"a\0": ["x"]}), "TARGET_CANNOT_HOLD"),
        (pl.DataFrame(), "NO_COLUMNS"),
    ],
    ids=range(4),
)
def test_what_a_table_cannot_hold_is_refused(frame: pl.DataFrame, code: str, shop: Shop) -> None:
    error = error_of(shop.target("churn"), frame)
    assert error.code == code
    assert_value_free(error)
    assert shop.tables() == set()


def test_what_one_database_cannot_hold(sqlite: Shop, postgres: Shop) -> None:
    nul, alike, long = (
        pl.DataFrame({"a": [f"{CANARY}\0"]}),
        pl.DataFrame({"a": [1], "A": [2]}),
        pl.DataFrame({"x" * 64: [1]}),
    )
    for shop, frame in ((postgres, nul), (sqlite, alike), (postgres, long)):
        error = error_of(shop.target("churn"), frame)
        assert error.code == "TARGET_CANNOT_HOLD"
        assert_value_free(error)
        assert shop.tables() == set()
    for table, shop, frame in (("nul", sqlite, nul), ("alike", postgres, alike), ("long", sqlite, long)):
        replaced(shop.target(table), frame)
        assert whole(typed(shop.source(table))).equals(frame)


# --- what goes wrong


def test_a_database_that_is_not_written_to_here_is_refused(tmp_path: Path) -> None:
    for options, code in (({"dialect": "mysql"}, "TARGET_NOT_SUPPORTED"), ({}, "TARGET_FORMAT")):
        clients = Clients(databases={"db": SqliteDatabase(str(tmp_path / "a.db"), **options)})
        with pytest.raises(SourceError) as caught:
            open_target(parse("sql://db/churn"), "", clients, run="r1", format="csv")
        assert caught.value.code == code
    with pytest.raises(SourceError) as caught:
        Shop(SqliteDatabase(str(tmp_path / "a.db"))).target("churn", "nonsense")
    assert caught.value.code == "PARTITION_INVALID"


def test_a_server_that_does_not_answer_is_told() -> None:
    shop = Shop(Postgres("postgresql://127.0.0.1:9/none?connect_timeout=2"))
    assert error_of(shop.target("churn"), FRAME).code == "UNREACHABLE"


def test_a_role_that_may_not_write_is_told_before_any_work(postgres: Shop) -> None:
    replaced(postgres.target("churn"), FRAME)
    limited = Shop(Postgres(f"{postgres.database.url}&options=-c%20role%3Dpg_monitor"))
    for table in ("churn", "other"):
        error = error_of(limited.target(table), OTHER)
        assert error.code == "TARGET_UNWRITABLE"
        assert "42501" in str(error)
    reading = Shop(Postgres(f"{postgres.database.url}&options=-c%20default_transaction_read_only%3Don"))
    assert error_of(reading.target("churn"), OTHER).code == "TARGET_UNWRITABLE"
    assert postgres.notes() == ["ann", "bob", None]


def test_a_full_sqlite_is_told_and_the_old_is_kept(sqlite: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    replaced(sqlite.target("churn"), FRAME)

    def small() -> sqlite3.Connection:
        connection = sqlite3.connect(sqlite.database.place)
        connection.execute("PRAGMA max_page_count = 20")
        return connection

    monkeypatch.setattr(SqliteDatabase, "connect", lambda self: small())
    error = error_of(
        sqlite.target("churn"), pl.DataFrame({"id": [1] * 2_000, "note": [CANARY * 9] * 2_000, "ok": [True] * 2_000})
    )
    assert error.code == "TARGET_FULL"
    assert_value_free(error)
    assert sqlite.notes() == ["ann", "bob", None]
    assert sqlite.tables() == {"churn"}


WRITER = """
import sqlite3, psycopg, polars as pl
from airflow_mlsecops.core.dataset import parse
from airflow_mlsecops.sources import open_target
from tests.sources._clients import Clients, SqliteDatabase
from tests.sources.targets.test_target_tables import Postgres
clients = Clients(databases={{"db": {database!r}}})
rows = pl.DataFrame({{"id": range(5_000), "note": ["x"] * 5_000, "ok": [True] * 5_000}})
with open_target(parse("sql://db/churn"), "", clients, run="r1").staging() as staging:
    for _ in range(100_000):
        staging.write(rows)
        print("wrote", flush=True)
"""


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_writer_that_is_killed_loses_nothing(kind: str, request: pytest.FixtureRequest) -> None:
    shop: Shop = request.getfixturevalue(kind)
    replaced(shop.target("churn"), FRAME)
    code = textwrap.dedent(WRITER).format(database=shop.database)
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"wrote\n"
        process.send_signal(signal.SIGKILL)
    assert shop.notes() == ["ann", "bob", None]
    replaced(shop.target("churn"), OTHER)
    assert shop.notes() == ["eve"]
    assert shop.tables() == {"churn"}


def test_two_that_write_at_once_leave_the_rows_of_one(postgres: Shop) -> None:
    replaced(postgres.target("churn"), FRAME)
    with postgres.target("churn", run="r1").staging() as one, postgres.target("churn", run="r2").staging() as other:
        for staging, frame in ((one, FRAME), (other, OTHER)):
            staging.write(frame)
            staging.finish()
        one.publish()
        other.publish()
    assert postgres.notes() == ["eve"]
