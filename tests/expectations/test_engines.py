"""Every engine gives the answer that a gate gives, and says so where it cannot."""

from __future__ import annotations

import random
import re
from collections import Counter
from typing import Any

import great_expectations as gx
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_mlsecops.detectors import all_detectors
from airflow_mlsecops.expectations import (
    ExpectColumnValuesToBeFreeOfSensitiveData,
    ExpectColumnValuesToBePseudonymised,
    ExpectKAnonymityToBeAtLeast,
    ExpectTableToBeFreeOfSensitiveData,
)
from airflow_mlsecops.expectations._rows import PSEUDONYM
from airflow_mlsecops.expectations._sql import SqlRows
from airflow_mlsecops.scan import classify
from airflow_mlsecops.scan.anonymity import Groups
from tests.expectations import engines
from tests.expectations.conftest import ENGINES
from tests.expectations.engines import run, told

CUSTOMERS = {
    "contact": [*(f"user{number}@example.com" for number in range(40)), None],
    "full_name": ["Ann Lee", "Omar Haddad", "Giulia Rossi", "Kenji Tanaka"] * 10 + [None],
    "payload": ['{"card": "4539 5787 6362 1486", "note": "ok"}', "{}", "", None] * 10 + ["x"],
    "colour": ["red", "green"] * 20 + ["blue"],
    "odd.name": ["192.168.17.4", "n/a"] * 20 + [""],
}
NASTY = (
    "0123456789abcdef" * 2,
    "f" * 32,
    "F" * 32,
    "f" * 31,
    "f" * 33,
    "f" * 32 + "\n",
    "\n" + "f" * 32,
    " " + "f" * 31,
    "٠" * 32,
    "g" * 32,
    "",
    "f" * 16 + "\n" + "f" * 15,
    "alice@example.com",
)


@pytest.mark.parametrize("engine", ENGINES)
def test_finds_what_a_gate_finds(engine: str, context: Any, batch_on: Any) -> None:
    (result,) = run(batch_on(engine)(context, CUSTOMERS), ExpectTableToBeFreeOfSensitiveData())
    gate = classify([pl.DataFrame(CUSTOMERS)], all_detectors())
    assert {(one.column, one.entity, one.rows, one.how.value) for one in gate.sightings} == {
        (one["column"], one["entity"], one["rows"], one["how"]) for one in told(result)["found"]
    }
    assert ("payload.card", "CREDIT_CARD") in {(one.column, one.entity) for one in gate.sightings}
    assert result.result["element_count"] == 41


@pytest.mark.parametrize("engine", ENGINES)
def test_a_column_is_looked_at_with_its_table_around_it(engine: str, context: Any, batch_on: Any) -> None:
    free, name, inside, dotted, missing = run(
        batch_on(engine)(context, CUSTOMERS),
        ExpectColumnValuesToBeFreeOfSensitiveData(column="colour"),
        ExpectColumnValuesToBeFreeOfSensitiveData(column="full_name"),
        ExpectColumnValuesToBeFreeOfSensitiveData(column="payload"),
        ExpectColumnValuesToBeFreeOfSensitiveData(column="odd.name"),
        ExpectColumnValuesToBeFreeOfSensitiveData(column="color"),
    )
    assert (free.success, free.result["unexpected_count"]) == (True, 0)
    assert (name.success, name.result["unexpected_count"]) == (False, 40)
    assert {one["column"] for one in told(inside)["found"]} == {"payload.card"}
    assert [one["entity"] for one in told(dotted)["found"]] == ["IP_ADDRESS"]
    assert (missing.success, told(missing)["code"]) == (False, "NO_SUCH_COLUMN")


@pytest.mark.parametrize("engine", ENGINES)
def test_rows_are_named_where_cells_hold_it(engine: str, context: Any, batch_on: Any) -> None:
    order = random.Random(5)
    rows = 5_000
    held = sorted(order.sample(range(rows), 7))
    notes = ["nothing of note", "seen"] * (rows // 2)
    table = {
        "notes": [f"mail ann{place}@example.com" if place in held else notes[place] for place in range(rows)],
        "tags": ['["a", "b"]' if place != 11 else '["a", "bob@example.org"]' for place in range(rows)],
    }
    (result,) = run(batch_on(engine)(context, table), ExpectTableToBeFreeOfSensitiveData(), result_format="COMPLETE")
    assert {one["column"]: one["rows"] for one in told(result)["row_positions"]} == {"notes": held, "tags[]": [11]}


@pytest.mark.parametrize("engine", ENGINES)
def test_pseudonyms_are_told_from_everything_else(engine: str, context: Any, batch_on: Any) -> None:
    cells = [*NASTY, None]
    good = sum(re.fullmatch(r"[0-9a-f]{32}", cell, re.ASCII) is not None for cell in NASTY)
    table = {"pid": cells, "good": ["ab" * 16] * len(cells), "none": [None] * len(cells)}
    mixed, fine, empty, gone = run(
        batch_on(engine)(context, table),
        *(ExpectColumnValuesToBePseudonymised(column=column) for column in ("pid", "good", "none", "nope")),
    )
    assert (mixed.success, mixed.result["unexpected_count"]) == (False, len(NASTY) - good)
    assert (fine.success, fine.result["unexpected_count"]) == (True, 0)
    assert (empty.success, told(empty)["code"]) == (False, "NO_CELLS")
    assert (gone.success, told(gone)["code"]) == (False, "NO_SUCH_COLUMN")


@pytest.mark.parametrize("engine", ENGINES)
def test_people_are_counted_as_a_gate_counts_them(engine: str, context: Any, batch_on: Any) -> None:
    drawn = random.Random(11)
    table = {
        "age": [drawn.choice(["30", "40", None]) for _ in range(60)],
        "post.code": [drawn.choice(["AB1", "AB2", "", None]) for _ in range(60)],
        "ill": [drawn.choice(["flu", "gout", None]) for _ in range(60)],
    }
    counted = Groups(["age", "post.code"], sensitive="ill")
    counted.see(pl.DataFrame(table))
    expected = counted.result(4, 3)
    kept, broken = run(
        batch_on(engine)(context, table),
        ExpectKAnonymityToBeAtLeast(columns=["age"], k=2),
        ExpectKAnonymityToBeAtLeast(columns=["age", "post.code"], k=4, sensitive="ill", l=3),
    )
    assert kept.success
    assert not broken.success
    got = told(broken)
    assert {name: got[name] for name in got if name != "smallest_combinations"} == {
        name: getattr(expected, name) for name in got if name != "smallest_combinations"
    }


@pytest.mark.parametrize("engine", ENGINES)
def test_an_empty_table_proves_nothing(engine: str, context: Any, batch_on: Any) -> None:
    results = run(
        batch_on(engine)(context, {"a": [], "b": []}),
        ExpectTableToBeFreeOfSensitiveData(),
        ExpectColumnValuesToBeFreeOfSensitiveData(column="a"),
        ExpectColumnValuesToBePseudonymised(column="a"),
        ExpectKAnonymityToBeAtLeast(columns=["a"], k=2),
    )
    assert [one.success for one in results] == [False] * 4
    assert {told(one)["code"] for one in results} == {"NO_ROWS", "NO_CELLS"}


@pytest.mark.parametrize("engine", [one for one in ENGINES if one != "sqlite"])
def test_a_name_given_twice_hides_nothing(engine: str, context: Any, batch_on: Any) -> None:
    """The second of two columns of one name holds what the first does not; SQLite gives it another name itself."""
    good, bad = ["ab" * 16] * 3, ["ann@example.com", "bob@example.com", "eve@example.com"]
    results = run(
        _twice(engine, context, batch_on, good, bad),
        ExpectColumnValuesToBeFreeOfSensitiveData(column="pid"),
        ExpectColumnValuesToBePseudonymised(column="pid"),
        ExpectKAnonymityToBeAtLeast(columns=["pid"], k=2),
    )
    assert [one.success for one in results] == [False] * 3


def _twice(engine: str, context: Any, batch_on: Any, good: list[str], bad: list[str]) -> Any:
    definition, parameters = batch_on(engine)(context, {"pid": good, "other": bad})
    if engine == "postgresql":
        table = definition.data_asset.table_name
        return engines.query_batch(definition.data_asset.datasource, f"SELECT pid, other AS pid FROM {table}")
    frame = parameters["dataframe"]
    renamed = frame.toDF("pid", "pid") if engine == "spark" else frame.set_axis(["pid", "pid"], axis=1)
    return definition, {"dataframe": renamed}


def test_two_frames_by_one_batch_definition_are_two(context: Any) -> None:
    """Great Expectations calls both by one id."""
    batch = engines.pandas_batch(context, {"a": ["red", "green"]})
    dirty = engines.pandas_batch(context, {"a": ["ann@example.com", "bob@example.com"]})
    assert run(batch, ExpectTableToBeFreeOfSensitiveData())[0].success
    assert not run((batch[0], dirty[1]), ExpectTableToBeFreeOfSensitiveData())[0].success
    batch[1]["dataframe"].loc[0, "a"] = "ann@example.com"
    assert not run(batch, ExpectTableToBeFreeOfSensitiveData())[0].success


def test_an_index_of_a_frame_is_looked_at(context: Any) -> None:
    definition, parameters = engines.pandas_batch(context, {"a": ["red", "green"]})
    frame = parameters["dataframe"].set_axis(["ann@example.com", "bob@example.com"], axis=0)
    (result,) = run((definition, {"dataframe": frame}), ExpectTableToBeFreeOfSensitiveData())
    assert [one["entity"] for one in told(result)["found"]] == ["EMAIL_ADDRESS"]


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_what_sql_can_say_is_asked_of_the_database(
    engine: str, context: Any, batch_on: Any, statements: list[str]
) -> None:
    batch = batch_on(engine)(context, {"pid": ["ab" * 16] * 3, "age": ["30"] * 3})
    statements.clear()
    results = run(
        batch,
        ExpectColumnValuesToBePseudonymised(column="pid"),
        ExpectKAnonymityToBeAtLeast(columns=["pid", "age"], k=3),
    )
    assert [one.success for one in results] == [True, True]
    # Names are read from a query of no rows; everything else comes back as one row of counts.
    asked = [one.lower() for one in statements if "mlsecops" in one.lower() or "glob" in one.lower() or "~" in one]
    assert len(asked) == 2
    assert all("count(" in one for one in asked)
    assert not [
        one for one in statements if re.search(r"select (\*|pid)\s+from", one.lower()) and "where" not in one.lower()
    ]


@pytest.fixture
def statements() -> Any:
    """What is said to any database."""
    import sqlalchemy as sa

    said: list[str] = []

    def heard(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        said.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", heard)
    yield said
    sa.event.remove(sa.Engine, "before_cursor_execute", heard)


NAMES = ('a"b', "a`b", "a%b", "a:b", "select", "A b", "é", "a'b", "a;--", "x.y", "%(v)s", "a\\b")


@pytest.mark.parametrize("engine", ENGINES)
def test_nothing_in_a_name_is_read_as_a_statement(engine: str, context: Any, batch_on: Any) -> None:
    definition, parameters = batch_on(engine)(context, {f"c{place}": ["ab" * 16] * 3 for place in range(len(NAMES))})
    if engine in ("sqlite", "postgresql"):
        import sqlalchemy as sa

        source = definition.data_asset.datasource
        quote = sa.create_engine(source.connection_string).dialect.identifier_preparer.quote
        renamed = ", ".join(f"c{place} AS {quote(name)}" for place, name in enumerate(NAMES))
        table = definition.data_asset.table_name
        with source.get_execution_engine().engine.begin() as connection:
            connection.exec_driver_sql(f"CREATE TABLE named{table} AS SELECT {renamed} FROM {table}")
        batch = engines.sql_batch(source, f"named{table}")
    else:
        frame = parameters["dataframe"]
        batch = (definition, {"dataframe": frame.toDF(*NAMES) if engine == "spark" else frame.set_axis(NAMES, axis=1)})
    results = run(
        batch,
        ExpectTableToBeFreeOfSensitiveData(),
        *(ExpectColumnValuesToBePseudonymised(column=name) for name in NAMES),
        ExpectKAnonymityToBeAtLeast(columns=list(NAMES), k=3),
    )
    assert [one.result["observed_value"] for one in results if not one.success] == []


def test_an_engine_that_commits_by_itself_is_read_in_a_transaction(context: Any, postgres_database: str) -> None:
    engines.fill(postgres_database, {"a": ["red", "ann@example.com"]})
    source = context.data_sources.add_sql(
        "auto", connection_string=postgres_database, kwargs={"isolation_level": "AUTOCOMMIT"}
    )
    (result,) = run(engines.sql_batch(source), ExpectTableToBeFreeOfSensitiveData())
    assert (result.success, result.result["unexpected_count"]) == (False, 1)


def test_rows_are_named_where_a_key_is_left_out(context: Any) -> None:
    """Of keys that hardly any object has, and of those that are data."""
    table = {"j": ["{}", '{"mail": "ann@example.com"}', '{"bob@example.org": 1}', '{"a": {"b": ["eve@example.net"]}}']}
    (result,) = run(
        engines.pandas_batch(context, table), ExpectTableToBeFreeOfSensitiveData(), result_format="COMPLETE"
    )
    found = {one["column"]: one["rows"] for one in told(result)["found"]}
    places = {one["column"]: one["rows"] for one in told(result)["row_positions"]}
    assert found.keys() == places.keys()
    assert {place for rows in places.values() for place in rows} == {1, 2, 3}


def test_a_table_that_grows_while_it_is_read_is_not_looked_at(
    context: Any, batch_on: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = batch_on("sqlite")(context, {"a": ["red", "green"]})
    counted = SqlRows._counted
    monkeypatch.setattr(SqlRows, "_counted", lambda self, connection: counted(self, connection) + 1)
    (result,) = run(batch, ExpectTableToBeFreeOfSensitiveData())
    assert (result.success, told(result)["code"]) == (False, "TRUNCATED")


def test_rows_that_postgresql_would_leave_out_are_asked_for(context: Any, postgres_database: str) -> None:
    import sqlalchemy as sa

    engines.fill(postgres_database, {"a": ["red", "ann@example.com"]})
    engine = sa.create_engine(postgres_database, isolation_level="AUTOCOMMIT")
    reader = f"reader_{random.SystemRandom().randrange(10**9)}"
    with engine.connect() as connection:
        for statement in (
            f"CREATE ROLE {reader} LOGIN",
            f"GRANT SELECT ON data TO {reader}",
            "ALTER TABLE data ENABLE ROW LEVEL SECURITY",
            f"CREATE POLICY partly ON data TO {reader} USING (a = 'red')",
        ):
            connection.execute(sa.text(statement))
    url = sa.make_url(postgres_database).set(username=reader).render_as_string(hide_password=False)
    source = context.data_sources.add_sql("as_reader", connection_string=url)
    (result,) = run(engines.sql_batch(source), ExpectTableToBeFreeOfSensitiveData())
    assert (result.success, told(result)["code"]) == (False, "NO_PERMISSION")


_CELLS = st.one_of(st.none(), st.sampled_from(["", "a", "A", "a ", "é", "e\u0301", "0", "00", "-0"]))


@settings(max_examples=25, deadline=None)
@given(
    rows=st.lists(st.tuples(_CELLS, _CELLS, _CELLS), min_size=1, max_size=12),
    k=st.integers(2, 4),
    l=st.integers(2, 3),
)
def test_sql_counts_people_as_a_gate_does(rows: list[tuple[str | None, ...]], k: int, l: int) -> None:  # noqa: E741
    import sqlalchemy as sa

    table = dict(zip(("a", "b", "c"), zip(*rows, strict=True), strict=True))
    engine = sa.create_engine("sqlite://", poolclass=sa.pool.StaticPool)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE t (a TEXT, b TEXT, c TEXT)"))
        connection.execute(
            sa.text("INSERT INTO t VALUES (:a, :b, :c)"), [dict(zip("abc", row, strict=True)) for row in rows]
        )
    counted = Groups(["a", "b"], sensitive="c")
    counted.see(pl.DataFrame(table, schema=dict.fromkeys("abc", pl.String)))
    asked = SqlRows(_Engine(engine), sa.table("t")).groups(["a", "b"], k, "c", l)  # type: ignore[arg-type]
    assert asked == counted.result(k, l).model_copy(update={"smallest_combinations": ()})
    groups = Counter(row[:2] for row in rows)
    assert asked.rows_below == sum(count for count in groups.values() if count < k)


class _Engine:
    """As much of Great Expectations' engine as is asked."""

    dialect_name = "sqlite"

    def __init__(self, engine: Any) -> None:
        self._engine = engine

    def get_connection(self) -> Any:
        return self._engine.connect()


def test_the_pattern_of_a_pseudonym_is_what_pseudonymising_writes() -> None:
    from airflow_mlsecops.sanitize.pseudonymise import Pseudonymise

    assert Pseudonymise().shape() == PSEUDONYM


def test_great_expectations_is_one_that_is_supported() -> None:
    assert gx.__version__.startswith("1.")
