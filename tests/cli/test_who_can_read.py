"""Who can read a dataset is told on a terminal: as a table, a tree, JSON, and as commands that can be run."""

from __future__ import annotations

import json
import os
import pwd
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tests._postgres import as_connection, plain
from tests.cli.conftest import Run

TABLE = "sql://crm/ml.customers"


class Crm:
    """A table with three roles: one to train, one by a membership, one that holds nothing.

    :param admin: the superuser, who reads everything
    """

    def __init__(self, url: str, mark: str) -> None:
        self.connection = psycopg.connect(url, autocommit=True)
        self.train, self.analysts, self.bob, self.eve = (f"{name}_{mark}" for name in ("train", "desk", "bob", "eve"))
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            self.admin = str((cursor.fetchone() or ("",))[0])
            for role in (self.train, self.bob, self.eve):
                cursor.execute(f"CREATE ROLE {role} LOGIN")
            cursor.execute(f"CREATE ROLE {self.analysts} NOLOGIN")
            cursor.execute(f"GRANT {self.analysts} TO {self.bob}")
            cursor.execute("CREATE SCHEMA ml; CREATE TABLE ml.customers (id int); INSERT INTO ml.customers VALUES (1)")
            cursor.execute(f"GRANT USAGE ON SCHEMA ml TO {self.train}, {self.analysts}")
            cursor.execute(f"GRANT SELECT ON ml.customers TO {self.train}, {self.analysts}")

    def close(self) -> None:
        names = f"{self.train}, {self.bob}, {self.eve}, {self.analysts}"
        self.connection.execute(f"DROP OWNED BY {names}")
        self.connection.execute(f"DROP ROLE {names}")
        self.connection.close()


@pytest.fixture
def crm(postgres_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Crm]:
    url = plain(postgres_database)
    monkeypatch.setenv("AIRFLOW_CONN_CRM", as_connection(url))
    made = Crm(url, secrets.token_hex(4))
    yield made
    made.close()


def test_each_way_is_told_and_who_is_not_listed_comes_first(run: Run, crm: Crm) -> None:
    answer = run("who-can-read", TABLE, "--reader", crm.train, "--reader", crm.admin)
    assert answer.code == 1
    assert answer.out.startswith("FAIL  postgres://")
    assert "3 can read it, or may; the policy lists 2 of them" in answer.out
    lines = answer.out.splitlines()
    rows = [line.split()[0] for line in lines[lines.index("") + 2 :] if line and not line.startswith(" ")]
    assert rows[:3] == [crm.bob, crm.admin, crm.train] or rows[:3] == [crm.bob, crm.train, crm.admin]
    assert crm.eve not in answer.out
    assert f'  REVOKE "{crm.analysts}" FROM "{crm.bob}" GRANTED BY "{crm.admin}";' in lines


def test_as_a_tree(run: Run, crm: Crm) -> None:
    answer = run("who-can-read", TABLE, "--tree", "--reader", crm.train, "--reader", crm.admin)
    assert f"{crm.bob}  (not known, not listed)" in answer.out
    assert "└── SELECT on TABLE ml.customers" in answer.out


def test_as_json(run: Run, crm: Crm) -> None:
    answer = run("who-can-read", TABLE, "--json", "--reader", crm.train, "--reader", crm.admin)
    told = json.loads(answer.out)
    assert (answer.code, told["outcome"], told["observed"]) == (1, "fail", True)
    assert {one["principal"]: one["listed"] for one in told["principals"]} == {
        crm.bob: False,
        crm.train: True,
        crm.admin: True,
    }
    (way,) = next(one["ways"] for one in told["principals"] if one["principal"] == crm.bob)
    assert way["how"][0].startswith(f"member of {crm.analysts}")
    assert way["undo"] == told["commands"][0]


def test_what_is_printed_to_be_run_can_be_run(run: Run, crm: Crm) -> None:
    readers = ("--reader", crm.train, "--reader", crm.admin)
    printed = run("who-can-read", TABLE, "--commands", *readers)
    assert (printed.code, printed.err) == (1, "")
    crm.connection.execute(printed.out)
    after = run("who-can-read", TABLE, *readers)
    assert after.code == 0
    assert after.out.startswith("PASS")
    assert run("who-can-read", TABLE, "--commands", *readers).out == ""


def test_a_name_cannot_begin_a_command_of_its_own(run: Run, crm: Crm) -> None:
    forged = f"{crm.eve}\nGRANT {crm.admin} TO {crm.eve}; --"
    crm.connection.execute(f'CREATE ROLE "{forged}" LOGIN')
    try:
        crm.connection.execute(f'GRANT USAGE ON SCHEMA ml TO "{forged}"; GRANT SELECT ON ml.customers TO "{forged}"')
        printed = run("who-can-read", TABLE, "--commands", "--reader", crm.train, "--reader", crm.admin)
    finally:
        crm.connection.execute(f'DROP OWNED BY "{forged}"; DROP ROLE "{forged}"')
    assert not any(line.startswith("GRANT") for line in printed.out.splitlines())
    assert "a command holds characters that cannot be shown" in printed.err


def test_a_policy_that_lists_nobody_ends_no_way(run: Run, crm: Crm) -> None:
    answer = run("who-can-read", TABLE)
    assert answer.code == 2
    assert "the policy does not say who may read it" in answer.out
    assert "REVOKE" not in answer.out
    assert json.loads(run("who-can-read", TABLE, "--json").out)["commands"] == []


def test_a_table_that_is_not_there(run: Run, crm: Crm) -> None:
    assert "there is no such table" in run("who-can-read", "sql://crm/ml.nowhere").out  # although nobody is listed
    answer = run("who-can-read", "sql://crm/ml.nowhere", "--reader", "*")
    assert answer.code == 2
    assert "there is no such table" in answer.out
    assert run("who-can-read", "sql://crm/ml.nowhere", "--commands", "--reader", "*").out == ""


def test_few_ways_of_each_stand_in_the_table_and_all_in_the_tree(run: Run, crm: Crm) -> None:
    for number in range(4):
        crm.connection.execute(f"CREATE VIEW ml.v{number} AS SELECT id FROM ml.customers")
        crm.connection.execute(f"GRANT SELECT ON ml.v{number} TO {crm.bob}")
    readers = ("--reader", crm.train, "--reader", crm.admin)
    table, tree = run("who-can-read", TABLE, *readers).out, run("who-can-read", TABLE, "--tree", *readers).out
    ways = table[: table.index("what ends")]
    assert " and 3 more" in ways
    assert "--tree draws every way." in ways
    assert [f"ml.v{number}" in ways for number in range(4)].count(True) <= 2
    assert all(f"SELECT on TABLE ml.v{number}, granted to {crm.bob}" in tree for number in range(4))


def test_a_terminal_too_narrow_for_a_table_gets_the_tree_and_loses_nothing(
    run: Run, crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("airflow_mlsecops.cli.screen._WIDTH_OF_FILES", 40)
    answer = run("who-can-read", TABLE, "--reader", crm.train, "--reader", crm.admin)
    assert "└── SELECT on TABLE ml.customers," in answer.out
    drawn = "".join(answer.out.split()).replace("│", "")
    assert f"SELECTonTABLEml.customers,grantedto{crm.analysts}by{crm.admin}" in drawn


def test_a_way_that_only_may_be_says_so_first(run: Run, crm: Crm) -> None:
    crm.connection.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA ml GRANT SELECT ON TABLES TO {crm.eve}")
    crm.connection.execute(f"GRANT USAGE ON SCHEMA ml TO {crm.eve}")
    answer = run("who-can-read", TABLE, "--reader", crm.train, "--reader", crm.admin, "--reader", crm.bob)
    assert answer.code == 2
    assert "may: SELECT on tables to come" in answer.out


def test_a_listed_name_that_nobody_has_is_told_where_somebody_is_not_listed(run: Run, crm: Crm) -> None:
    said = "listed, but nobody who can read it is called so"
    wrong = run("who-can-read", TABLE, "--reader", crm.train, "--reader", crm.bob.upper(), "--reader", crm.admin)
    assert f"{said}: {crm.bob.upper()}\n" in wrong.out
    right = run(
        "who-can-read", TABLE, "--reader", crm.train, "--reader", crm.bob, "--reader", crm.admin, "--reader", "x"
    )
    assert (right.code, said in right.out) == (0, False)


def test_local_files(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "prices.csv"
    file.write_text("day,price\n1,2\n")
    file.chmod(0o600)
    me = pwd.getpwuid(os.geteuid()).pw_name
    assert run("who-can-read", file, "--reader", "user:root", "--reader", f"user:{me}").code == 0
    assert run("who-can-read", file, "--reader", "user:nobody").code == 1


def test_a_table_of_sqlite_is_read_by_whoever_reads_its_files(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "crm.db"
    with closing(sqlite3.connect(file)) as made:
        made.execute("CREATE TABLE customers (id int)")
    file.chmod(0o600)
    monkeypatch.setenv("AIRFLOW_CONN_LITE", json.dumps({"conn_type": "sqlite", "host": str(file)}))
    me = pwd.getpwuid(os.geteuid()).pw_name
    answer = run("who-can-read", "sql://lite/customers", "--reader", "user:root", "--reader", f"user:{me}")
    assert (answer.code, f"user:{me}" in answer.out) == (0, True)
    assert run("who-can-read", "sql://lite/customers", "--reader", "user:nobody").code == 1


@pytest.mark.parametrize(
    ("dataset", "why"),
    [
        ("gs://lake/features", "who reads gs:// is not asked"),
        ("xcom://build", "a frame lies where Airflow keeps XCom"),
    ],
)
def test_places_that_nobody_looks_at_are_unknown(run: Run, dataset: str, why: str) -> None:
    answer = run("who-can-read", dataset, "--reader", "*")
    assert answer.code == 2
    assert why in answer.out


def test_what_is_no_dataset_is_a_mistake(run: Run) -> None:
    assert run("who-can-read", "sql://crm").code == 64
    assert run("who-can-read", "a", "--reader", "").code == 64
    identity = run("who-can-read", "postgres://db:5432/crm.ml.customers")
    assert (identity.code, "sql://CONN_ID/schema.table" in identity.err) == (64, True)
    assert run("who-can-read").code == 64
    assert run("who-can-read", "a", "--tree", "--json").code == 64
