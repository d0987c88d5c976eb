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

from airflow_mlsecops.checks.grants.postgres import readers
from airflow_mlsecops.core.database_grants import DatabaseGrants
from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.core.facts import DatabaseFacts, NotObserved
from airflow_mlsecops.core.grant import Allowed
from airflow_mlsecops.observe import database, session
from tests._postgres import plain

Connect = Callable[[], Any]


class Db:
    """A database behind a connection, as the hook hands it down."""

    def __init__(
        self, connect: Connect, *, dialect: str = "postgres", place: str = "db:5432/crm", local: bool = False
    ) -> None:
        self.connect, self.dialect, self.place, self.local = connect, dialect, place, local


def seen(connect: Connect, table: tuple[str, ...] = (), **given: Any) -> DatabaseFacts:
    facts = database.observe(Db(connect, **given), table)
    assert isinstance(facts, DatabaseFacts), facts
    assert DatabaseFacts.model_validate_json(facts.model_dump_json()) == facts
    return facts


def facts_of(facts: DatabaseFacts) -> list[object]:
    """All that only a session can tell."""
    asked = set(DatabaseFacts.model_fields) - {"dialect", "place", "local"}
    return [getattr(facts, name) for name in sorted(asked)]


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

    def test_the_cluster_has_an_id_of_its_own(self, url: str, role: str) -> None:
        ours = seen(lambda: psycopg.connect(url)).cluster
        assert str(ours).isdigit()
        assert seen(lambda: psycopg2.connect(url, user=role)).cluster == ours

    @pytest.mark.parametrize(
        ("grants", "powers"),
        [((), ()), (("ALTER ROLE {role} CREATEDB CREATEROLE",), ("CREATEDB", "CREATEROLE")),
         (("ALTER ROLE {role} BYPASSRLS REPLICATION",), ("BYPASSRLS", "REPLICATION")),
         (("GRANT pg_read_all_data TO {role}",), ("member of pg_read_all_data",)),
         (("GRANT pg_read_server_files TO {role} WITH INHERIT FALSE",), ("member of pg_read_server_files",)),
         (("CREATE ROLE {role}_b BYPASSRLS", "GRANT {role}_b TO {role}"), ("BYPASSRLS",)),
         (("CREATE ROLE {role}_b", "GRANT {role}_b TO {role}"), ()),
         (("ALTER DATABASE {name} OWNER TO {role}",), ())],
    )  # fmt: skip
    def test_what_the_user_may_do_beyond_its_grants(
        self, url: str, admin: psycopg.Connection[Any], role: str, grants: tuple[str, ...], powers: tuple[str, ...]
    ) -> None:
        try:
            for grant in grants:
                admin.execute(grant.format(role=role, name=admin.info.dbname))
            assert seen(lambda: psycopg.connect(url, user=role)).powers == powers
        finally:
            admin.execute(f"ALTER DATABASE {admin.info.dbname} OWNER TO postgres")
            admin.execute(f"DROP ROLE IF EXISTS {role}_b")

    def test_a_superuser_has_every_power(self, url: str) -> None:
        assert isinstance(seen(lambda: psycopg.connect(url)).powers, NotObserved)

    def test_no_way_out(self, url: str, role: str) -> None:
        assert seen(lambda: psycopg.connect(url, user=role)).bridges == ()

    def test_ways_out(self, url: str, admin: psycopg.Connection[Any], role: str) -> None:
        admin.execute("CREATE FOREIGN DATA WRAPPER other_postgres")
        wrapped = "FOREIGN DATA WRAPPER other_postgres OPTIONS"
        admin.execute(f"CREATE SERVER kept {wrapped} (host 'a.prod, b.evil', hostaddr '10.0.0.7')")
        admin.execute(f"CREATE SERVER nameless {wrapped} (dbname 'crm')")
        admin.execute(f"CREATE SERVER web {wrapped} (host 'https://app:canary@c.evil/x?token=canary')")
        admin.execute(f"CREATE SERVER signed {wrapped} (host 'https://app:canary@canary@d.evil/x')")
        admin.execute(f"CREATE SERVER disguised {wrapped} (host 'https://e.evil/:canary@a.prod')")
        admin.execute("CREATE PUBLICATION churn FOR ALL TABLES")
        subscribed = "CONNECTION 'password=canary' PUBLICATION p WITH (connect = false, slot_name = NONE)"
        admin.execute(f"CREATE SUBSCRIPTION incoming {subscribed}")
        try:
            assert seen(lambda: psycopg.connect(url, user=role)).bridges == (
                "publication:churn", "server:(an address that may hold a password)", "server:10.0.0.7", "server:a.prod",
                "server:b.evil", "server:c.evil/x", "server:d.evil/x", "server:nameless", "subscription:incoming",
            )  # fmt: skip
        finally:
            admin.execute("DROP SUBSCRIPTION incoming")

    @pytest.mark.parametrize("name", ["dblink", "postgres_fdw", "oracle_fdw", "aws_s3", "pg_net"])
    def test_extensions_that_reach_other_places(self, url: str, admin: psycopg.Connection[Any], name: str) -> None:
        admin.execute("SET allow_system_table_mods = on")  # the test's server brings none of them: one takes its name
        admin.execute("UPDATE pg_catalog.pg_extension SET extname = %s WHERE extname = 'plpgsql'", [name])
        assert seen(lambda: psycopg.connect(url)).bridges == (f"extension:{name}",)

    def test_a_way_out_of_another_database_is_none_of_this(
        self, postgres_url: str, url: str, admin: psycopg.Connection[Any], role: str
    ) -> None:
        admin.execute(
            "CREATE SUBSCRIPTION incoming CONNECTION '' PUBLICATION p WITH (connect = false, slot_name = NONE)"
        )
        try:
            assert seen(lambda: psycopg.connect(plain(postgres_url), user=role)).bridges == ()
        finally:
            admin.execute("DROP SUBSCRIPTION incoming")

    GRANTS = (
        ((), False),
        (("GRANT SELECT ON TABLE s.t TO {role}",), False),  # near miss: the schema is closed
        (("GRANT USAGE ON SCHEMA s TO {role}",), False),
        (("GRANT USAGE ON SCHEMA s TO {role}", "GRANT INSERT ON TABLE s.t TO {role}"), False),
        (("GRANT USAGE ON SCHEMA s TO {role}", "GRANT SELECT ON TABLE s.other TO {role}"), False),
        (("GRANT USAGE ON SCHEMA s TO {role}", "GRANT SELECT ON TABLE s.t TO {role}"), True),
        (("GRANT USAGE ON SCHEMA s TO {role}", "GRANT SELECT (email) ON TABLE s.t TO {role}"), True),
        (("GRANT USAGE ON SCHEMA s TO PUBLIC", "GRANT SELECT ON TABLE s.t TO PUBLIC"), True),
        (("GRANT USAGE ON SCHEMA s TO {role}", "GRANT SELECT ON TABLE s.t_1 TO {role}"), True),
        (("GRANT pg_read_all_data TO {role}",), True),
        (("GRANT pg_read_all_data TO {role} WITH INHERIT FALSE",), True),
        (("GRANT USAGE ON SCHEMA s TO {role}", "ALTER TABLE s.t OWNER TO {role}"), True),
        (("GRANT USAGE ON SCHEMA s TO {role}", "GRANT SELECT ON TABLE s.whole TO {role}"), True),
        (("GRANT USAGE ON SCHEMA s TO {role}", "GRANT SELECT ON TABLE s.sister TO {role}"), False),  # near miss
        (("ALTER ROLE {role} REPLICATION",), True),
        (("GRANT pg_read_server_files TO {role}",), True),
        (("ALTER ROLE {role} SUPERUSER",), True),
        (("ALTER ROLE {role} SUPERUSER NOLOGIN",), False),
    )

    @pytest.mark.parametrize(("commands", "reads"), GRANTS)
    def test_who_reads_a_table(
        self, url: str, admin: psycopg.Connection[Any], role: str, commands: tuple[str, ...], reads: bool
    ) -> None:
        admin.execute("CREATE SCHEMA s")
        admin.execute("CREATE TABLE s.whole (email text, day int) PARTITION BY RANGE (day)")
        admin.execute("CREATE TABLE s.sister PARTITION OF s.whole FOR VALUES FROM (100) TO (200)")
        admin.execute("CREATE TABLE s.t PARTITION OF s.whole FOR VALUES FROM (0) TO (100) PARTITION BY LIST (day)")
        admin.execute("CREATE TABLE s.t_1 PARTITION OF s.t FOR VALUES IN (1)")
        admin.execute("CREATE TABLE s.other (x int)")
        for command in commands:
            admin.execute(command.format(role=role))
        for driver in (psycopg, psycopg2):
            grants = seen(lambda driver=driver: driver.connect(url), table=("s", "t")).grants
            assert isinstance(grants, DatabaseGrants)
            found = {grant.principal for grant in readers(grants, Allowed()).grants}
            assert (role in found) is reads
            assert "postgres" in found, "superusers are readers too"

    @pytest.mark.parametrize("table", [("s", "nothing"), ("S", "T"), ("t",), ("s", "t'; DROP TABLE s.t; --")])
    def test_no_such_table_has_no_readers_to_see(
        self, url: str, admin: psycopg.Connection[Any], table: tuple[str, ...]
    ) -> None:
        admin.execute("CREATE SCHEMA s")
        admin.execute("CREATE TABLE s.t (x int)")
        assert isinstance(seen(lambda: psycopg.connect(url), table=table).grants, NotObserved)

    def test_a_table_of_another_database_is_not_the_one_of_that_name_here(
        self, url: str, admin: psycopg.Connection[Any]
    ) -> None:
        admin.execute("CREATE SCHEMA s; CREATE TABLE s.t (x int)")
        here = admin.info.dbname
        assert isinstance(seen(lambda: psycopg.connect(url), table=(here, "s", "t")).grants, DatabaseGrants)
        found = seen(lambda: psycopg.connect(url), table=("billing", "s", "t")).grants
        says = f"the connection leads to the database {here}, and the table is said to be in another"
        assert found == NotObserved(why=says)

    def test_a_database_without_a_table(self, url: str) -> None:
        assert seen(lambda: psycopg.connect(url)).grants is None

    @pytest.mark.parametrize("driver", [psycopg, psycopg2], ids=lambda driver: driver.__name__)
    def test_what_the_driver_was_told_of_certificates(self, url: str, driver: Any) -> None:
        assert seen(lambda: driver.connect(url)).tls_verified is False
        assert seen(lambda: driver.connect(url, sslmode="verify-full")).tls_verified is True, "a socket needs none"

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
            answer = session.row(connection, "SELECT current_setting('transaction_read_only') = 'on'", 1)
            assert answer == (True,)
            assert isinstance(session.row(connection, "CREATE TABLE t (x int)", 0), NotObserved)
            assert session.row(connection, "SELECT 1", 1) == (1,), "a refusal does not spoil the next question"


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


# what a driver was told
CERTIFICATES = [
    ({"dsn_parameters": {"sslmode": "verify-full"}}, True),
    ({"get_parameters": lambda _: {"sslmode": "verify-full"}}, True),
    ({"dsn_parameters": {"sslmode": "verify-ca"}}, False),
    ({"dsn_parameters": {"sslmode": "require", "sslrootcert": "/etc/ca.pem"}}, False),
    ({"dsn_parameters": {"host": "db.prod"}}, False),
]


@pytest.mark.parametrize(("info", "verified"), CERTIFICATES)
def test_whose_certificate_it_was(info: dict[str, Any], verified: bool) -> None:
    assert seen(lambda: FakeSession({}, info=info)).tls_verified is verified


@pytest.mark.parametrize("said", [{}, {"info": {}}, {"info": {"dsn_parameters": None}}])
def test_a_driver_that_does_not_tell(said: dict[str, Any]) -> None:
    assert isinstance(seen(lambda: FakeSession({}, **said)).tls_verified, NotObserved)


class FakeSession:
    """A PEP 249 connection whose answers are written down, by a word of the question."""

    def __init__(self, answers: dict[str, object], **said: dict[str, Any]) -> None:
        usual = {"current_user": ("pipeline", "crm_prod"), "pg_stat_ssl": True, "SELECT EXISTS": False}
        self._answers = {
            **usual,
            "pg_control_system": "7",
            "CREATEROLE": "CREATEDB",
            "publication": "slot:x",
            **answers,
        }
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
    assert all(isinstance(fact, NotObserved) for fact in facts_of(facts))
    assert not path.exists(), "asking it nothing, nobody opened it"


@pytest.mark.parametrize("dialect", ["mysql", "mssql", "redshift", "snowflake"])
def test_other_databases_are_not_asked(dialect: str) -> None:
    facts = seen(_refuse, dialect=dialect, place="db:3306/crm")
    assert (facts.place, facts.local) == ("db:3306/crm", False)
    for fact in facts_of(facts):
        assert fact == NotObserved(why=f"{dialect} is not asked: only PostgreSQL is")
