"""Ways to a table of a real PostgreSQL that are easily forgotten: whoever succeeds is listed, and fails after commands."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest

from airflow_mlsecops.checks.grants.postgres import readers
from airflow_mlsecops.core.database_grants import DatabaseGrants
from airflow_mlsecops.core.grant import Allowed, Readers
from airflow_mlsecops.observe import grants
from tests._postgres import forget, plain
from tests.observe.test_grants import Db

HEAD = """
CREATE ROLE {o}own; CREATE ROLE {o}mallory LOGIN; CREATE ROLE {o}app LOGIN; CREATE ROLE {o}bystander LOGIN;
CREATE SCHEMA ml; CREATE SCHEMA open; GRANT USAGE ON SCHEMA open TO PUBLIC; GRANT USAGE ON SCHEMA ml TO {o}app;
CREATE TABLE ml.t (id int, mail text); INSERT INTO ml.t VALUES (1, 'secret');
ALTER TABLE ml.t OWNER TO {o}own; GRANT USAGE ON SCHEMA ml TO {o}own; GRANT SELECT ON ml.t TO {o}app;
"""


@dataclass(frozen=True)
class Attack:
    """What an administrator once did, and what Mallory then does: ``secret`` shows in what it gets.

    :param elsewhere: from another database first
    :param sure: whether it is told as sure
    """

    estate: str
    does: tuple[str, ...]
    elsewhere: tuple[str, ...] = ()
    sure: bool = True


CATCH = """
CREATE FUNCTION pg_temp.catch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '%', OLD.mail; END $$
"""
CAUGHT = "CREATE TRIGGER catch BEFORE UPDATE ON {} FOR EACH ROW EXECUTE FUNCTION pg_temp.catch()"
LONG = """
DO $$ DECLARE held text; BEGIN EXECUTE 'SELECT convert_from(chunk_data, ''UTF8'') FROM ' || (
    SELECT reltoastrelid::regclass FROM pg_class JOIN pg_namespace AS schema ON schema.oid = relnamespace
    WHERE relname = 't' AND nspname = 'ml') INTO held; RAISE EXCEPTION '%', held; END $$
"""
ATTACKS = {
    "a view with its reader's privileges, in a schema that is open": Attack(
        "GRANT SELECT ON ml.t TO {o}mallory; CREATE VIEW open.v WITH (security_invoker) AS SELECT * FROM ml.t;"
        "GRANT SELECT ON open.v TO {o}mallory",
        ("SELECT * FROM open.v",),
    ),
    "two views with their reader's privileges, one over the other": Attack(
        "GRANT SELECT ON ml.t TO {o}mallory; CREATE VIEW ml.w WITH (security_invoker) AS SELECT * FROM ml.t;"
        "CREATE VIEW open.v WITH (security_invoker = on) AS SELECT * FROM ml.w;"
        "GRANT SELECT ON open.v, ml.w TO {o}mallory",
        ("SELECT * FROM open.v",),
    ),
    "a function that was told the table, not its name": Attack(
        "GRANT SELECT ON ml.t TO {o}mallory;"
        "CREATE FUNCTION open.f() RETURNS text BEGIN ATOMIC SELECT mail FROM ml.t; END",
        ("SELECT open.f()",),
        sure=False,
    ),
    "a function that was told the table, which everybody may read who gets in": Attack(
        "GRANT SELECT ON ml.t TO PUBLIC;"
        "CREATE FUNCTION open.f() RETURNS text BEGIN ATOMIC SELECT mail FROM ml.t; END",
        ("SELECT open.f()",),
        sure=False,
    ),
    "a view over a function in a schema that is closed": Attack(
        "CREATE SCHEMA shut; CREATE FUNCTION shut.f() RETURNS text SECURITY DEFINER LANGUAGE sql"
        " AS 'SELECT mail FROM ml.t'; ALTER FUNCTION shut.f OWNER TO {o}app; GRANT USAGE ON SCHEMA shut TO {o}app;"
        "CREATE VIEW open.v AS SELECT shut.f() AS mail; GRANT SELECT ON open.v TO {o}mallory",
        ("SELECT * FROM open.v",),
        sure=False,
    ),
    "an operator over a function in a schema that is closed": Attack(
        "CREATE SCHEMA shut; CREATE FUNCTION shut.f(n int, m int) RETURNS text SECURITY DEFINER LANGUAGE sql"
        " AS 'SELECT mail FROM ml.t'; ALTER FUNCTION shut.f OWNER TO {o}app;"
        "CREATE OPERATOR open.## (FUNCTION = shut.f, LEFTARG = int, RIGHTARG = int)",
        ("SELECT 1 OPERATOR(open.##) 1",),
        sure=False,
    ),
    "a function that acts as somebody who may call another": Attack(
        "CREATE FUNCTION open.low() RETURNS text SECURITY DEFINER LANGUAGE sql AS 'SELECT mail FROM ml.t';"
        "ALTER FUNCTION open.low OWNER TO {o}app; REVOKE EXECUTE ON FUNCTION open.low FROM PUBLIC;"
        "CREATE ROLE {o}middle; GRANT EXECUTE ON FUNCTION open.low TO {o}middle;"
        "CREATE FUNCTION open.high() RETURNS text SECURITY DEFINER LANGUAGE plpgsql AS"
        " $$ BEGIN RETURN open.low(); END $$;"
        "ALTER FUNCTION open.high OWNER TO {o}middle",
        ("SELECT open.high()",),
        sure=False,
    ),
    "a trigger of its own": Attack(
        "GRANT USAGE ON SCHEMA ml TO {o}mallory; GRANT TRIGGER, UPDATE ON ml.t TO {o}mallory",
        (CATCH, CAUGHT.format("ml.t"), "UPDATE ml.t SET id = 2"),
    ),
    "a trigger of its own, and leave to change one column": Attack(
        "GRANT USAGE ON SCHEMA ml TO PUBLIC; GRANT TRIGGER ON ml.t TO PUBLIC; GRANT UPDATE (id) ON ml.t TO {o}mallory",
        (CATCH, CAUGHT.format("ml.t"), "UPDATE ml.t SET id = 2"),
    ),
    "a trigger of its own, and a role that writes everything": Attack(
        "GRANT USAGE ON SCHEMA ml TO {o}mallory; GRANT TRIGGER ON ml.t TO {o}mallory;"
        "GRANT pg_write_all_data TO {o}mallory",
        (CATCH, CAUGHT.format("ml.t"), "UPDATE ml.t SET id = 2"),
    ),
    "a trigger of its own on a view": Attack(
        "CREATE VIEW open.v AS SELECT * FROM ml.t; ALTER VIEW open.v OWNER TO {o}own;"
        "GRANT TRIGGER, UPDATE ON open.v TO {o}mallory",
        (CATCH, CAUGHT.format("open.v").replace("BEFORE", "INSTEAD OF"), "UPDATE open.v SET id = 2"),
    ),
    "everything that can be granted": Attack(
        "GRANT USAGE ON SCHEMA ml TO {o}mallory; GRANT ALL ON ml.t TO {o}mallory", ("SELECT * FROM ml.t",)
    ),
    "what the server's own functions read": Attack(
        "GRANT EXECUTE ON FUNCTION pg_read_binary_file(text) TO {o}mallory",
        ("SELECT 'secret' FROM pg_read_binary_file('PG_VERSION')",),
    ),
    "what the server's own functions read, for everybody": Attack(
        "GRANT EXECUTE ON FUNCTION pg_read_file(text, bigint, bigint, boolean) TO PUBLIC",
        ("SELECT 'secret' FROM pg_read_file('PG_VERSION', 0, 3, true)",),
    ),
    "files of the server as large objects": Attack(
        "GRANT EXECUTE ON FUNCTION lo_import(text) TO {o}mallory",
        ("SELECT 'secret' || lo_import('PG_VERSION')",),
    ),
    "statistics hold values": Attack(
        "GRANT SELECT ON pg_statistic TO {o}mallory; ANALYZE ml.t",
        ("SELECT 'secret' FROM pg_statistic WHERE starelid = (SELECT oid FROM pg_class WHERE relname = 't')",),
    ),
    "some columns of statistics": Attack(
        "GRANT SELECT (starelid, stavalues1) ON pg_statistic TO {o}mallory; ANALYZE ml.t",
        ("SELECT 'secret', stavalues1 FROM pg_statistic LIMIT 1",),
    ),
    "a role that gets in, and that it may grant itself": Attack(
        "REVOKE ALL ON DATABASE {database} FROM PUBLIC; GRANT CONNECT ON DATABASE {database} TO {o}app;"
        "GRANT USAGE ON SCHEMA ml TO {o}mallory; GRANT SELECT ON ml.t TO {o}mallory;"
        "CREATE ROLE {o}door; GRANT CONNECT ON DATABASE {database} TO {o}door;"
        "GRANT {o}door TO {o}mallory WITH INHERIT FALSE, SET FALSE, ADMIN TRUE",
        ("SELECT * FROM ml.t",),
        elsewhere=("GRANT {o}door TO {o}mallory WITH INHERIT TRUE",),
    ),
    "what it may grant itself, beside its own way in": Attack(
        "CREATE ROLE {o}rows; GRANT SELECT ON ml.t TO {o}rows; GRANT USAGE ON SCHEMA ml TO {o}mallory;"
        "GRANT {o}rows TO {o}mallory WITH INHERIT FALSE, SET FALSE, ADMIN TRUE",
        ("GRANT {o}rows TO {o}mallory WITH INHERIT TRUE", "SELECT * FROM ml.t"),
    ),
    "the owner of the database lets itself in": Attack(
        "REVOKE ALL ON DATABASE {database} FROM PUBLIC; ALTER DATABASE {database} OWNER TO {o}mallory;"
        "GRANT CONNECT ON DATABASE {database} TO {o}app;"
        "REVOKE ALL ON DATABASE {database} FROM {o}mallory; GRANT USAGE ON SCHEMA ml TO {o}mallory;"
        "GRANT SELECT ON ml.t TO {o}mallory",
        ("SELECT * FROM ml.t",),
        elsewhere=("GRANT CONNECT ON DATABASE {database} TO {o}mallory",),
    ),
    "the owner of the schema lets itself in": Attack(
        "ALTER SCHEMA ml OWNER TO {o}mallory; REVOKE ALL ON SCHEMA ml FROM {o}mallory; GRANT SELECT ON ml.t TO {o}mallory",
        ("GRANT USAGE ON SCHEMA ml TO {o}mallory", "SELECT * FROM ml.t"),
    ),
    "a view in the schema of somebody who lets itself in": Attack(
        "CREATE VIEW ml.v AS SELECT * FROM ml.t; ALTER VIEW ml.v OWNER TO {o}own; GRANT SELECT ON ml.v TO {o}mallory;"
        "ALTER SCHEMA ml OWNER TO {o}mallory; REVOKE ALL ON SCHEMA ml FROM {o}mallory",
        ("GRANT USAGE ON SCHEMA ml TO {o}mallory", "SELECT * FROM ml.v"),
    ),
    "another table in its place": Attack(
        "ALTER SCHEMA ml OWNER TO {o}mallory",
        ("DROP TABLE ml.t", "CREATE TABLE ml.t AS SELECT 'secret'::text AS mail", "SELECT * FROM ml.t"),
        sure=False,
    ),
    "another table in its place, by the owner of the database": Attack(
        "ALTER SCHEMA ml OWNER TO pg_database_owner; ALTER DATABASE {database} OWNER TO {o}mallory",
        ("DROP TABLE ml.t", "CREATE TABLE ml.t AS SELECT 'secret'::text AS mail", "SELECT * FROM ml.t"),
        sure=False,
    ),
    "what is too long for a row": Attack(
        "ALTER TABLE ml.t ALTER mail SET STORAGE EXTERNAL; UPDATE ml.t SET mail = repeat('secret ', 2000);"
        "DO $$ BEGIN EXECUTE (SELECT 'GRANT SELECT ON ' || reltoastrelid::regclass || ' TO {o}mallory'"
        " FROM pg_class WHERE oid = 'ml.t'::regclass); END $$; GRANT USAGE ON SCHEMA pg_toast TO {o}mallory",
        (LONG,),
    ),
    "a member of a cloud's administrators": Attack(
        "CREATE ROLE rds_superuser; GRANT rds_superuser TO {o}mallory", ("SELECT 'secret'",), sure=False
    ),
}  # fmt: skip
GUESSED = {"a member of a cloud's administrators"}


@pytest.fixture
def url(postgres_database: str) -> str:
    return plain(postgres_database)


@pytest.fixture
def mark(url: str) -> Iterator[str]:
    mark = f"h{secrets.token_hex(3)}_"
    yield mark
    with closing(psycopg.connect(url, autocommit=True)) as admin:
        admin.execute(f"ALTER DATABASE {admin.info.dbname} OWNER TO postgres; REVOKE ALL ON pg_statistic FROM PUBLIC")
        forget(admin, mark, "rds_superuser")


def build(url: str, mark: str, estate: str) -> None:
    with closing(psycopg.connect(url, autocommit=True)) as admin:
        admin.execute(HEAD.format(o=mark))
        admin.execute(estate.format(o=mark, database=admin.info.dbname))


def succeeds(url: str, mark: str, attack: Attack, who: str = "mallory") -> bool:
    """Whether a role gets at the secret when it really tries; what it did within the database is undone."""
    database = psycopg.conninfo.conninfo_to_dict(url)["dbname"]
    said = {"o": mark, "database": database}
    for statement in attack.elsewhere:
        with suppress(psycopg.Error), closing(psycopg.connect(url, dbname="postgres", user=mark + who)) as session:
            session.execute(statement.format(**said))
            session.commit()
    try:
        session = psycopg.connect(url, user=mark + who)
    except psycopg.OperationalError:
        return False
    with closing(session):
        seen = ""
        for statement in attack.does:
            try:
                seen = told(session, statement.format(**said) if "$$" not in statement else statement)
            except psycopg.Error as error:
                seen = error.diag.message_primary or ""
                if "secret" not in seen:
                    session.rollback()
                    continue
                break
        session.rollback()
    return "secret" in seen


def told(session: psycopg.Connection[Any], statement: str) -> str:
    done = session.execute(statement)
    return str(done.fetchall()) if done.description else ""


def asked(url: str, mark: str) -> Readers:
    """As somebody who may nothing sees it."""
    with closing(psycopg.connect(url)) as admin:
        database = admin.info.dbname
    facts = grants.observe(Db(lambda: psycopg.connect(url, user=f"{mark}app")), (database, "ml", "t"))
    assert isinstance(facts, DatabaseGrants), facts
    return readers(facts, Allowed(readers=(f"{mark}app", "postgres")))


@pytest.mark.parametrize("name", ATTACKS)
def test_whoever_succeeds_is_listed_and_fails_after_the_commands(url: str, mark: str, name: str) -> None:
    attack = ATTACKS[name]
    build(url, mark, attack.estate)
    found = asked(url, mark)
    ways = [grant for grant in found.grants if grant.principal == f"{mark}mallory"]
    assert succeeds(url, mark, attack), "no attack at all"
    assert ways, "whoever succeeds is listed"
    assert any(way.sure for way in ways) is attack.sure
    with closing(psycopg.connect(url, autocommit=True)) as admin:
        for command in asked(url, mark).commands:
            admin.execute(command)
    assert name in GUESSED or not succeeds(url, mark, attack)
    left = asked(url, mark)
    assert {grant.principal for grant in left.grants} <= {f"{mark}app", "postgres"}
    assert left.commands == ()
    with closing(psycopg.connect(url, user=f"{mark}app")) as session:
        assert session.execute("SELECT * FROM ml.t").fetchall(), "who is allowed still reads"


NEAR = {
    "nothing": "",
    "TRIGGER on a table of another name": "CREATE TABLE open.t (id int); GRANT ALL ON open.t TO {o}mallory",
    "TRIGGER without a way in": "GRANT TRIGGER, UPDATE ON ml.t TO {o}mallory",
    "SELECT without a way in": "GRANT SELECT ON ml.t TO {o}mallory",
    "a view with its reader's privileges, who has none": (
        "CREATE VIEW open.v WITH (security_invoker) AS SELECT * FROM ml.t; GRANT SELECT ON open.v TO {o}mallory"
    ),
    "a role that may be granted, and does not get in": (
        "REVOKE ALL ON DATABASE {database} FROM PUBLIC; GRANT CONNECT ON DATABASE {database} TO {o}app; CREATE ROLE {o}x;"
        "GRANT USAGE ON SCHEMA ml TO {o}mallory; GRANT SELECT ON ml.t TO {o}mallory; GRANT {o}x TO {o}mallory WITH ADMIN TRUE"
    ),
    "a function in a schema that is closed": (
        "CREATE SCHEMA shut; CREATE FUNCTION shut.f() RETURNS text SECURITY DEFINER LANGUAGE sql"
        " AS 'SELECT mail FROM ml.t'; ALTER FUNCTION shut.f OWNER TO {o}app"
    ),
    "the owner of another schema": "ALTER SCHEMA open OWNER TO {o}mallory",
    "the owner of the database": "ALTER DATABASE {database} OWNER TO {o}mallory",
}


@pytest.mark.parametrize("name", NEAR)
def test_near_miss_nobody_is_listed_who_gets_nothing(url: str, mark: str, name: str) -> None:
    build(url, mark, NEAR[name])
    assert {grant.principal for grant in asked(url, mark).grants} == {f"{mark}app", "postgres"}
    with pytest.raises(psycopg.Error), closing(psycopg.connect(url, user=f"{mark}mallory")) as session:
        session.execute("SELECT * FROM ml.t")


def test_a_rule_that_shows_rows_to_whoever_writes_is_named(url: str, mark: str) -> None:
    build(
        url, mark,
        "CREATE TABLE open.inbox (id int); ALTER TABLE open.inbox OWNER TO {o}app; GRANT INSERT ON open.inbox TO {o}mallory;"
        "CREATE RULE r AS ON INSERT TO open.inbox DO ALSO SELECT * FROM ml.t",
    )  # fmt: skip
    with closing(psycopg.connect(url, user=f"{mark}mallory")) as session:
        done = session.execute("INSERT INTO open.inbox VALUES (1)")
        while done.nextset():
            pass
        assert done.fetchall() == [(1, "secret")]
    says = (
        "a rule on TABLE open.inbox names it, or a view over it: what it shows to those who write there was not asked"
    )
    assert asked(url, mark).hidden == (says,)
