"""What databases say of a session: a real PostgreSQL, a real SQLite, and drivers that fail."""

from __future__ import annotations

import secrets
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import psycopg2
import psycopg2.extras
import pytest

from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.core.facts import DatabaseFacts, NotObserved
from airflow_mlsecops.observe import database
from tests._postgres import plain

Connect = Callable[[], Any]


class Db:
    """A database behind a connection, as the hook hands it down."""

    def __init__(
        self, connect: Connect, *, dialect: str = "postgres", place: str = "db:5432/crm", local: bool = False
    ) -> None:
        self.connect, self.dialect, self.place, self.local = connect, dialect, place, local


def seen(connect: Connect, **given: Any) -> DatabaseFacts:
    facts = database.observe(Db(connect, **given))
    assert isinstance(facts, DatabaseFacts), facts
    assert DatabaseFacts.model_validate_json(facts.model_dump_json()) == facts
    return facts


def unseen(connect: Connect, **given: Any) -> str:
    facts = database.observe(Db(connect, **given))
    assert isinstance(facts, NotObserved), facts
    return facts.why


def _refuse() -> Any:
    raise AssertionError("nobody should connect")


class TestPostgres:
    @pytest.fixture
    def url(self, postgres_database: str) -> str:
        return plain(postgres_database)

    @pytest.fixture
    def admin(self, url: str) -> Iterator[psycopg.Connection[Any]]:
        with closing(psycopg.connect(url, autocommit=True)) as connection:
            yield connection

    @pytest.fixture
    def role(self, admin: psycopg.Connection[Any]) -> Iterator[str]:
        name = f"role_{secrets.token_hex(4)}"
        admin.execute(f"CREATE ROLE {name} LOGIN")
        yield name
        admin.execute(f"DROP OWNED BY {name}")
        admin.execute(f"DROP ROLE {name}")

    @pytest.mark.parametrize("driver", [psycopg, psycopg2], ids=lambda driver: driver.__name__)
    def test_what_the_session_says(self, url: str, driver: Any) -> None:
        facts = seen(lambda: driver.connect(url))
        name = urlsplit(url).path.removeprefix("/")
        assert (facts.user, facts.local, facts.superuser, facts.tls) == ("postgres", False, True, False)
        assert isinstance(facts.place, str)
        assert facts.place.startswith("/"), "the server was dialled by its socket, whatever the connection is called"
        assert facts.place.endswith(f":5432/{name}")

    @pytest.mark.parametrize("dialect", ["postgres", "postgresql"])
    def test_both_names_of_the_dialect(self, url: str, dialect: str) -> None:
        assert seen(lambda: psycopg.connect(url), dialect=dialect).user == "postgres"

    @pytest.mark.parametrize(
        ("grant", "superuser"),
        [(None, False), ("ALTER ROLE {role} SUPERUSER", True), ("GRANT postgres TO {role}", True),
         ("GRANT postgres TO {role} WITH INHERIT FALSE", True), ("GRANT pg_write_server_files TO {role}", True),
         ("GRANT pg_execute_server_program TO {role}", True), ("GRANT pg_read_all_data TO {role}", False),
         ("ALTER ROLE {role} CREATEDB", False)],
    )  # fmt: skip
    def test_who_may_do_anything(
        self, url: str, admin: psycopg.Connection[Any], role: str, grant: str | None, superuser: bool
    ) -> None:
        if grant:
            admin.execute(grant.format(role=role))
        facts = seen(lambda: psycopg.connect(url, user=role))
        assert (facts.user, facts.superuser) == (role, superuser)

    def test_a_superuser_who_plays_somebody_else_is_one(self, url: str, role: str) -> None:
        facts = seen(lambda: psycopg.connect(url, options=f"-c role={role}"))
        assert (facts.user, facts.superuser) == (role, True)

    def test_a_search_path_answers_nothing(self, url: str, admin: psycopg.Connection[Any], role: str) -> None:
        admin.execute("CREATE SCHEMA shadow")
        admin.execute("CREATE FUNCTION shadow.pg_has_role(name, oid, text) RETURNS bool LANGUAGE sql AS 'SELECT false'")
        admin.execute(f"GRANT postgres TO {role}")
        admin.execute(f"GRANT USAGE ON SCHEMA shadow TO {role}")
        facts = seen(lambda: psycopg.connect(url, user=role, options="-c search_path=shadow,pg_catalog"))
        assert facts.superuser is True

    def test_what_one_may_not_see_leaves_the_rest(self, url: str, admin: psycopg.Connection[Any], role: str) -> None:
        admin.execute("REVOKE SELECT ON pg_catalog.pg_roles FROM PUBLIC")
        facts = seen(lambda: psycopg.connect(url, user=role))
        assert facts.superuser == NotObserved(why="the database did not answer (InsufficientPrivilege, SQLSTATE 42501)")
        assert (facts.user, facts.tls) == (role, False)

    def test_rows_of_another_shape(self, url: str) -> None:
        by_name = psycopg2.extras.RealDictCursor
        assert seen(lambda: psycopg2.connect(url, cursor_factory=by_name)).superuser is True
        rows = psycopg.rows.dict_row
        assert seen(lambda: psycopg.connect(url, row_factory=rows)).superuser is True

    def test_a_database_without_an_encoding(self, url: str, admin: psycopg.Connection[Any]) -> None:
        name = f"ascii_{secrets.token_hex(4)}"
        admin.execute(f"CREATE DATABASE {name} ENCODING SQL_ASCII TEMPLATE template0 LOCALE 'C'")
        try:
            facts = seen(lambda: psycopg.connect(url, dbname=name))
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
        assert facts.user == "postgres"
        assert str(facts.place).endswith(f"/{name}")

    def test_a_session_in_autocommit(self, url: str) -> None:
        assert seen(lambda: psycopg.connect(url, autocommit=True)).user == "postgres"

    def test_a_session_that_was_ended(self, url: str, admin: psycopg.Connection[Any]) -> None:
        def ended() -> Any:
            connection = psycopg.connect(url)
            admin.execute("SELECT pg_terminate_backend(%s)", [connection.info.backend_pid])
            return connection

        assert unseen(ended).startswith("the database did not answer (")

    def test_the_session_is_closed_and_writes_nothing(self, url: str) -> None:
        connection = psycopg.connect(url)
        seen(lambda: connection)
        assert connection.closed

    def test_questions_are_asked_read_only(self, url: str) -> None:
        with closing(psycopg.connect(url)) as connection:
            answer = database._row(connection, "SELECT current_setting('transaction_read_only') = 'on'", 1)
            assert answer == (True,)
            assert isinstance(database._row(connection, "CREATE TABLE t (x int)", 0), NotObserved)
            assert database._row(connection, "SELECT 1", 1) == (1,), "a refusal does not spoil the next question"


# what the server says of its end, and the driver of ours
TLS = [(True, True, True), (True, None, True), (True, False, False), (False, True, False), (False, None, False)]


@pytest.mark.parametrize(("server", "ours", "tls"), TLS)
@pytest.mark.parametrize("place", ["pgconn", "info"])
def test_both_ends_are_encrypted(server: bool, ours: bool | None, tls: bool, place: str) -> None:
    said = {"ssl_in_use": ours} if ours is not None else {}
    assert seen(lambda: FakeSession({"pg_stat_ssl": server}, **{place: said})).tls is tls


# what a driver says of whom it dialled
ADDRESSES = [
    ({"host": "db.prod", "port": 5433}, "db.prod:5433/crm_prod"),
    ({"host": "db.prod", "port": 5432, "dsn_parameters": {"hostaddr": "10.9.9.9"}}, "10.9.9.9:5432/crm_prod"),
    ({"host": "fd00::7", "port": 5432}, "[fd00::7]:5432/crm_prod"),
    ({"host": "/run/postgresql", "port": 5432}, "/run/postgresql:5432/crm_prod"),
    ({}, "db:5432/crm_prod"),
]


@pytest.mark.parametrize(("info", "place"), ADDRESSES)
def test_where_it_is(info: dict[str, Any], place: str) -> None:
    assert seen(lambda: FakeSession({}, info=info)).place == place


@pytest.mark.parametrize("answer", [None, 1, "true"])
def test_an_answer_that_is_neither_true_nor_false(answer: object) -> None:
    assert isinstance(seen(lambda: FakeSession({"pg_stat_ssl": answer})).tls, NotObserved)


class FakeSession:
    """A PEP 249 connection whose answers are written down, by a word of the question."""

    def __init__(self, answers: dict[str, object], **said: dict[str, Any]) -> None:
        self._answers = {"current_user": ("pipeline", "crm_prod"), "pg_stat_ssl": True, "pg_has_role": False, **answers}
        self._asked = ""
        for name, fields in said.items():
            setattr(self, name, type(name, (), fields)())

    def cursor(self) -> FakeSession:
        return self

    def execute(self, statement: str) -> None:
        self._asked = statement

    def fetchall(self) -> list[Any]:
        answer = next(answer for word, answer in self._answers.items() if word in self._asked)
        return [answer if isinstance(answer, tuple) else (answer,)]

    def rollback(self) -> None:
        self._asked = ""

    def close(self) -> None:
        self._asked = ""


class TestFailures:
    @pytest.mark.parametrize("driver", [psycopg, psycopg2], ids=lambda driver: driver.__name__)
    def test_nobody_listens_and_nothing_of_the_password_is_told(self, driver: Any) -> None:
        with closing(socket.socket()) as taken:
            taken.bind(("127.0.0.1", 0))
            port = taken.getsockname()[1]
            why = unseen(
                lambda: driver.connect(host="127.0.0.1", port=port, user="canary-user", password="canary-word")
            )
        assert why == "the database did not answer (OperationalError)"

    def test_no_such_database(self, postgres_url: str) -> None:
        url = plain(postgres_url).replace("/postgres?", "/canary?")
        assert "canary" not in unseen(lambda: psycopg.connect(url))

    @pytest.mark.parametrize(
        "error", [ConnectionRefusedError("canary"), TimeoutError("canary"), sqlite3.Error("canary")]
    )
    def test_errors_of_any_driver(self, error: Exception) -> None:
        def fail() -> Any:
            raise error

        assert unseen(fail) == f"the database did not answer ({type(error).__name__})"

    def test_our_own_errors_keep_their_code(self) -> None:
        def fail() -> Any:
            raise SourceError("canary", code="NO_CONNECTION")

        assert unseen(fail) == "the database could not be opened (NO_CONNECTION)"

    def test_a_mistake_of_ours_is_no_observation(self) -> None:
        with pytest.raises(AssertionError):
            database.observe(Db(_refuse))


def test_sqlite_is_a_file(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    facts = seen(lambda: sqlite3.connect(path), dialect="sqlite", place=str(path), local=True)
    assert (facts.local, facts.place) == (True, str(path))
    assert all(isinstance(fact, NotObserved) for fact in (facts.user, facts.tls, facts.superuser))
    assert not path.exists(), "asking it nothing, nobody opened it"


@pytest.mark.parametrize("dialect", ["mysql", "mssql", "redshift", "snowflake"])
def test_other_databases_are_not_asked(dialect: str) -> None:
    facts = seen(_refuse, dialect=dialect, place="db:3306/crm")
    assert (facts.place, facts.local) == ("db:3306/crm", False)
    for fact in (facts.user, facts.tls, facts.superuser):
        assert fact == NotObserved(why=f"{dialect} is not asked: only PostgreSQL is")
