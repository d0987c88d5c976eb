"""Who reads a table of a real PostgreSQL: what the catalogue tells, against what each role gets when it tries."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from typing import Any

import psycopg
import psycopg.rows
import psycopg2
import psycopg2.extras
import pytest

from airflow_mlsecops.checks.grants.postgres import readers
from airflow_mlsecops.core.database_grants import DatabaseGrants, Publication
from airflow_mlsecops.core.facts import NotObserved
from airflow_mlsecops.core.grant import Allowed, Grant, Kind
from airflow_mlsecops.observe import grant_questions, grants
from tests._postgres import forget, plain, quoted, works

Path = tuple[str, str, str]
"""Role, what it read (``TABLE ml.customers (email)``), and as whom: itself, by SET ROLE, after granting itself."""

ESTATE = """
CREATE ROLE {o}grp; CREATE ROLE {o}shut; CREATE ROLE {o}keeper;
CREATE ROLE {o}boss LOGIN SUPERUSER; CREATE ROLE {o}copier LOGIN REPLICATION;
{logins}
REVOKE ALL ON DATABASE {database} FROM PUBLIC; {connects}
CREATE SCHEMA ml; CREATE SCHEMA "Open"; {usages}
GRANT USAGE ON SCHEMA ml, "Open" TO {o}grp, {o}keeper; GRANT USAGE ON SCHEMA "Open" TO {o}anybody;
CREATE TABLE ml.customers (id int, "E mail" text) PARTITION BY RANGE (id);
CREATE TABLE ml.customers_1 PARTITION OF ml.customers FOR VALUES FROM (0) TO (9);
INSERT INTO ml.customers VALUES (1, 'a');
ALTER TABLE ml.customers OWNER TO {o}owner; ALTER TABLE ml.customers_1 OWNER TO {o}owner;
CREATE VIEW ml.kept AS SELECT * FROM ml.customers; CREATE VIEW ml.over_kept AS SELECT * FROM ml.kept;
CREATE VIEW ml.asks WITH (security_invoker) AS SELECT * FROM ml.customers;
CREATE MATERIALIZED VIEW ml.copied AS SELECT * FROM ml.customers;
CREATE VIEW "Open"."All" AS SELECT id FROM ml.customers; GRANT {o}app_far TO {o}follower;
CREATE FUNCTION ml.peek(n int) RETURNS SETOF ml.customers SECURITY DEFINER LANGUAGE sql AS 'SELECT * FROM ml.customers';
CREATE FUNCTION ml.blind(n int) RETURNS SETOF ml.customers SECURITY DEFINER LANGUAGE sql AS 'SELECT * FROM ml.customers';
CREATE FUNCTION ml.plain(n int) RETURNS SETOF ml.customers LANGUAGE sql AS 'SELECT * FROM ml.customers';
REVOKE EXECUTE ON FUNCTION ml.peek FROM PUBLIC; GRANT EXECUTE ON FUNCTION ml.peek TO {o}caller;
ALTER VIEW ml.kept OWNER TO {o}maker; ALTER VIEW ml.over_kept OWNER TO {o}keeper; ALTER VIEW ml.asks OWNER TO {o}keeper;
ALTER MATERIALIZED VIEW ml.copied OWNER TO {o}keeper; ALTER VIEW "Open"."All" OWNER TO {o}keeper;
ALTER FUNCTION ml.peek OWNER TO {o}keeper; ALTER FUNCTION ml.blind OWNER TO {o}shut;
GRANT SELECT ON ml.customers TO {o}keeper, {o}grp, {o}app, {o}maker, {o}noconnect, {o}nousage;
GRANT SELECT ON ml.customers TO {o}"Direct "" one" WITH GRANT OPTION;
SET ROLE {o}"Direct "" one"; GRANT SELECT ON ml.customers TO {o}app_second;
GRANT SELECT ON ml.customers TO {o}third WITH GRANT OPTION; SET ROLE {o}third;
GRANT SELECT ON ml.customers TO {o}fourth; RESET ROLE;
GRANT SELECT ON ml.customers TO {o}app_passes WITH GRANT OPTION;
SET ROLE {o}app_passes; GRANT SELECT ON ml.customers TO {o}guest; RESET ROLE;
GRANT SELECT ("E mail") ON ml.customers TO {o}column; GRANT SELECT ON ml.customers_1 TO {o}part;
GRANT SELECT ON ml.kept TO {o}keeper, {o}viewer, {o}app_view; GRANT SELECT ON ml.over_kept TO {o}viewer;
GRANT SELECT ON ml.asks TO {o}asker; GRANT SELECT ON ml.copied TO {o}copy; GRANT SELECT ON "Open"."All" TO PUBLIC;
GRANT {o}grp TO {o}member; GRANT {o}grp TO {o}setter WITH INHERIT FALSE; GRANT {o}member TO {o}far, {o}app_far;
GRANT {o}grp TO {o}admin WITH INHERIT FALSE, SET FALSE, ADMIN TRUE;
GRANT {o}grp TO {o}idle WITH INHERIT FALSE, SET FALSE;
GRANT pg_read_all_data TO {o}auditor; GRANT pg_read_server_files TO {o}files;
GRANT pg_execute_server_program TO {o}starter; GRANT {o}boss TO {o}heir;
"""
LOGINS = ["owner", "member", "setter", "admin", "idle", "far", "auditor", "files", "starter", "heir", "third", "fourth"]
LOGINS += ["column", "part", "viewer", "caller", "maker", "asker", "copy", "nousage", "noconnect", "anybody"]
LOGINS += ["app", "app_second", "app_view", "app_far", "app_passes", "guest", "follower", '"Direct "" one"']
WITHOUT = {"nousage": "USAGE", "anybody": "USAGE", "noconnect": "CONNECT"}
THINGS = ["TABLE ml.customers", "TABLE ml.customers_1", "TABLE ml.kept", "TABLE ml.over_kept", "TABLE ml.copied"]
THINGS += ['TABLE "Open"."All"', "ROUTINE ml.peek(n integer)"]
CLUSTER = ["copies the cluster", "reads the server's files", "starts programs on the server"]


class Db:
    dialect, place, local = "postgres", "db:5432/crm", False

    def __init__(self, connect: Callable[[], Any]) -> None:
        self.connect = connect


@pytest.fixture
def url(postgres_database: str) -> str:
    return plain(postgres_database)


@pytest.fixture
def mark(url: str) -> Iterator[str]:
    """What the names of this test's roles begin with; they belong to the whole cluster."""
    mark = f"g{secrets.token_hex(3)}_"
    yield mark
    with closing(psycopg.connect(url, autocommit=True)) as admin:
        forget(admin, mark)


def build(url: str, mark: str) -> list[str]:
    """Make the estate; names of its roles that can log in."""

    def role(short: str) -> str:
        return '"' + mark + short.strip('"') + '"'

    with closing(psycopg.connect(url, autocommit=True)) as admin:
        everybody = [*LOGINS, "boss", "copier"]
        script = ESTATE.format(
            o="\0", database=admin.info.dbname, logins="".join(f"CREATE ROLE {role(one)} LOGIN;" for one in LOGINS),
            connects="".join(f"GRANT CONNECT, TEMP ON DATABASE {admin.info.dbname} TO {role(one)};" for one in everybody if WITHOUT.get(one) != "CONNECT"),
            usages="".join(f"GRANT USAGE ON SCHEMA ml TO {role(one)};" for one in LOGINS if WITHOUT.get(one) != "USAGE"),
        )  # fmt: skip
        for statement in script.replace('\0"', f'"{mark}').replace("\0", mark).split(";\n"):
            if statement.strip():
                admin.execute(statement)
        rows = admin.execute("SELECT rolname FROM pg_roles WHERE rolcanlogin AND starts_with(rolname, %s)", (mark,))
        return sorted(name for (name,) in rows)


def observed(url: str, user: str, *table: str) -> DatabaseGrants:
    facts = grants.observe(Db(lambda: psycopg.connect(url, user=user)), table or ("ml", "customers"))
    assert isinstance(facts, DatabaseGrants), facts
    assert DatabaseGrants.model_validate_json(facts.model_dump_json()) == facts
    return facts


def tried(url: str, who: str, groups: list[str], folder: str) -> set[Path]:
    """Everything that a role reads when it really tries; as somebody else only what it cannot read as itself."""
    found: dict[str, str] = {}
    with (
        suppress(psycopg.Error),
        closing(psycopg.connect(url, user=who, replication="true", autocommit=True)) as walker,
    ):
        walker.execute("IDENTIFY_SYSTEM")
        found["copies the cluster"] = "itself"
    try:
        session = psycopg.connect(url, user=who, autocommit=True)
    except psycopg.OperationalError:
        return {(who, thing, how) for thing, how in found.items()}
    with closing(session):
        for thing in read(session, folder):
            found.setdefault(thing, "itself")
        for group in groups:
            with suppress(psycopg.Error):
                session.execute(f"SET ROLE {quoted(group)}")
                for thing in read(session, folder):
                    found.setdefault(thing, "SET ROLE")
            session.execute("RESET ROLE")
        for group in groups:
            with suppress(psycopg.Error):
                session.execute(f"BEGIN; GRANT {quoted(group)} TO {quoted(who)}; SET ROLE {quoted(group)}")
                for thing in read(session, folder):
                    found.setdefault(thing, "ADMIN OPTION")
            session.execute("ROLLBACK")
    return {(who, thing, how) for thing, how in found.items()}


def read(session: psycopg.Connection[Any], folder: str) -> Iterator[str]:
    for thing in THINGS:
        kind, _, name = thing.partition(" ")
        source = "ml.peek(1)" if kind == "ROUTINE" else name
        columns = ["id"] if "All" in name else ["id", '"E mail"']
        if works(session, f"SELECT {', '.join(columns)} FROM {source}"):
            yield thing
        else:
            yield from (f"{thing} ({one})" for one in columns if works(session, f"SELECT {one} FROM {source}"))
    if works(session, f"CREATE TEMP TABLE v (v text); COPY v FROM '{folder}/PG_VERSION'"):
        yield "reads the server's files"
    if works(session, "CREATE TEMP TABLE v (v text); COPY v FROM PROGRAM 'echo 1'"):
        yield "starts programs on the server"


def told(found: tuple[Grant, ...], mark: str) -> set[Path]:
    """The same as the grants tell it; who may do anything, or read every table, reads each thing."""
    ways: dict[tuple[str, str], str] = {}
    order = ["itself", "SET ROLE", "ADMIN OPTION"]
    for grant in found:
        if not grant.principal.startswith(mark):
            continue
        steps = " ".join(grant.how)
        how = order[2] if "grants itself" in steps else order[1] if "SET ROLE" in steps else order[0]
        for thing in things(grant.how):
            key = (grant.principal, thing)
            ways[key] = min(how, ways.get(key, how), key=order.index)
    return {(who, thing, how) for (who, thing), how in ways.items()}


def things(how: tuple[str, ...]) -> list[str]:
    if "superuser" in how:
        own = len(how) == 1
        return [*THINGS, *(CLUSTER if own else CLUSTER[1:])]
    if "reads every table" in how:
        return [thing for thing in THINGS if thing.startswith("TABLE")]
    for step in reversed(how):
        if step.startswith("owner of "):
            return [step.removeprefix("owner of ")]
        if " on " in step and ", granted to " in step:
            verb, _, thing = step.partition(", granted to ")[0].partition(" on ")
            return [thing + verb.removeprefix("SELECT").removeprefix("EXECUTE")]
    return [one for one in CLUSTER if how[-1].startswith(one)]


def whole(paths: set[Path]) -> set[Path]:
    """Without columns of what is read whole."""
    return {path for path in paths if (path[0], path[1].partition(' ("')[0], path[2]) not in paths - {path}}


def test_the_list_is_what_each_role_gets_and_the_commands_leave_the_allowed(url: str, mark: str) -> None:
    logins = build(url, mark)
    with closing(psycopg.connect(url, autocommit=True)) as admin:
        ((folder,),) = admin.execute("SHOW data_directory").fetchall()
    groups = [mark + name for name in ("grp", "boss", "keeper", "shut")]
    truth = {path for who in logins for path in tried(url, who, groups, folder)}
    facts = observed(url, mark + "anybody")
    allowed = Allowed(readers=(mark + "app*", "postgres"), people=(mark + "boss", mark + "Direct*"))
    asked = readers(facts, allowed)
    found = asked.grants
    assert whole(told(found, mark)) == truth
    assert {grant.principal for grant in found if grant.principal.startswith(mark)} == {who for who, _, _ in truth}
    kinds = {grant.principal.removeprefix(mark): grant.kind for grant in found}
    assert (kinds["boss"], kinds["app"], kinds["heir"]) == (Kind.PERSON, Kind.APPLICATION, Kind.UNTOLD)
    assert all(grant.sure for grant in found if grant.principal.startswith(mark))

    assert asked.hidden == ()
    with closing(psycopg.connect(url, autocommit=True)) as admin:
        for command in asked.commands:
            admin.execute(command)
    left = {path for who in logins for path in tried(url, who, groups, folder)}
    assert {who.removeprefix(mark) for who, _, _ in left} == {"app", "app_far", "app_passes", "app_second", "app_view"}
    assert {path for path in left if path in truth} == {path for path in truth if path[0].startswith(mark + "app")}
    after = readers(observed(url, mark + "anybody"), allowed)
    assert {grant.principal for grant in after.grants} - {"postgres"} == {who for who, _, _ in left}
    assert after.commands == ()


ROWS = """
CREATE SCHEMA ml; CREATE TABLE ml.rows (id int, whose text); INSERT INTO ml.rows VALUES (1, 'a');
CREATE ROLE {o}some LOGIN; CREATE ROLE {o}none LOGIN; CREATE ROLE {o}all LOGIN BYPASSRLS; CREATE ROLE {o}owner LOGIN;
CREATE ROLE {o}calls LOGIN; CREATE ROLE {o}writes LOGIN; CREATE ROLE {o}shut; CREATE ROLE {o}team; CREATE ROLE {o}view LOGIN;
GRANT USAGE ON SCHEMA ml TO {o}some, {o}none, {o}all, {o}owner, {o}view, {o}writes;
GRANT SELECT ON ml.rows TO {o}team, {o}none, {o}all, {o}shut; GRANT {o}team TO {o}some; GRANT INSERT ON ml.rows TO {o}writes;
ALTER TABLE ml.rows OWNER TO {o}owner; ALTER TABLE ml.rows ENABLE ROW LEVEL SECURITY;
ALTER TABLE ml.rows FORCE ROW LEVEL SECURITY;
CREATE POLICY team ON ml.rows FOR SELECT TO {o}team USING (true);
CREATE POLICY own ON ml.rows FOR ALL TO {o}owner USING (true);
CREATE POLICY added ON ml.rows FOR INSERT TO {o}none WITH CHECK (true);
CREATE POLICY less ON ml.rows AS RESTRICTIVE TO {o}none USING (true);
CREATE VIEW ml.by_all AS SELECT * FROM ml.rows; ALTER VIEW ml.by_all OWNER TO {o}all; GRANT SELECT ON ml.by_all TO {o}view;
CREATE SCHEMA f; GRANT USAGE ON SCHEMA f TO {o}calls; ALTER ROLE {o}shut BYPASSRLS;
CREATE FUNCTION f.parsed() RETURNS SETOF ml.rows SECURITY DEFINER BEGIN ATOMIC SELECT * FROM ml.rows; END;
CREATE FUNCTION f.texts() RETURNS SETOF ml.rows SECURITY DEFINER LANGUAGE sql AS 'SELECT * FROM ml.rows';
ALTER FUNCTION f.parsed OWNER TO {o}shut; ALTER FUNCTION f.texts OWNER TO {o}shut;
"""


def test_row_security_and_functions_by_what_their_owner_gets_at(url: str, mark: str) -> None:
    with closing(psycopg.connect(url, autocommit=True)) as admin:
        admin.execute(ROWS.format(o=mark))
    logins = ["some", "none", "all", "owner", "calls", "writes", "view"]
    sources = {"ml.rows": "TABLE ml.rows", "ml.by_all": "TABLE ml.by_all"}
    sources |= {"f.parsed()": "ROUTINE f.parsed()", "f.texts()": "ROUTINE f.texts()"}
    truth = set()
    for who in logins:
        with closing(psycopg.connect(url, user=mark + who, autocommit=True)) as session:
            truth |= {(mark + who, sources[one], "itself") for one in sources if works(session, f"SELECT * FROM {one}")}
    facts = grants.observe(Db(lambda: psycopg.connect(url, user=mark + "calls")), ("ml", "rows"))
    assert isinstance(facts, DatabaseGrants)
    assert grants.observe(Db(lambda: psycopg2.connect(url, user=mark + "calls")), ("ml", "rows")) == facts
    found = readers(facts, Allowed()).grants
    assert told(found, mark) == truth
    assert {grant.principal for grant in found if not grant.sure} == {mark + "some"}, "a policy chooses its rows"


def test_what_a_role_may_not_see_is_named(url: str, mark: str) -> None:
    with closing(psycopg.connect(url, autocommit=True)) as admin:
        admin.execute(
            f"CREATE ROLE {mark}low LOGIN; CREATE SCHEMA ml; CREATE TABLE ml.t (id int); CREATE VIEW ml.v AS TABLE ml.t"
        )
        admin.execute(
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA ml GRANT SELECT ON TABLES TO {mark}low; CREATE PUBLICATION p FOR TABLE ml.t"
        )

        def seen(*table: str) -> DatabaseGrants | NotObserved:
            return grants.observe(Db(lambda: psycopg.connect(url, user=mark + "low")), table)

        whole = seen("ml", "t")
        assert isinstance(whole, DatabaseGrants)
        assert isinstance(whole.defaults, tuple)
        assert [one.grantee for one in whole.defaults] == [mark + "low"]
        assert [one.on for one in whole.defaults] == ["FOR ROLE postgres IN SCHEMA ml"]
        assert whole.publications == (Publication(name="p", carries="TABLE ml.t"),)
        absent = NotObserved(why="there is no such table in this database: capitals count, and so does the schema")
        assert (seen("ml", "nowhere"), seen("ml", "T")) == (absent, absent)
        assert seen("ml", "v") == NotObserved(why="it is a view: name the table that it reads")
        assert seen("t") == NotObserved(why="the dataset names no table with its schema")
        refused = "the database did not answer (InsufficientPrivilege, SQLSTATE 42501)"
        admin.execute("REVOKE SELECT ON pg_catalog.pg_default_acl FROM PUBLIC")
        assert seen("ml", "t") == whole.model_copy(
            update={"defaults": NotObserved(why=f"default privileges: {refused}")}
        )
        admin.execute("REVOKE SELECT ON pg_catalog.pg_auth_members FROM PUBLIC")
        assert seen("ml", "t") == NotObserved(why=f"who is a member of which role: {refused}")


@pytest.mark.parametrize("meanwhile", ["DROP TABLE ml.t; CREATE TABLE ml.t (id int)", "DROP SCHEMA ml CASCADE"])
@pytest.mark.parametrize("before", [grant_questions.RELATIONS, grant_questions.BEHIND, grant_questions.PRIVILEGES])
def test_a_table_made_anew_while_it_is_looked_at_is_not_nobodys(
    url: str, mark: str, before: str, meanwhile: str
) -> None:
    with closing(psycopg.connect(url, autocommit=True)) as admin:
        admin.execute(
            f"CREATE ROLE {mark}low LOGIN; CREATE SCHEMA ml; GRANT USAGE ON SCHEMA ml TO {mark}low;"
            f"CREATE TABLE ml.t (id int); GRANT SELECT ON ml.t TO {mark}low"
        )
        whole = observed(url, mark + "low", "ml", "t")

        class Cursor(psycopg.Cursor[Any]):
            def execute(self, query: Any, *values: Any, **how: Any) -> Any:
                if query == before:
                    admin.execute(meanwhile)
                return super().execute(query, *values, **how)

        found = grants.observe(Db(lambda: psycopg.connect(url, user=mark + "low", cursor_factory=Cursor)), ("ml", "t"))
        assert found == whole


def test_rows_that_a_driver_gives_by_name_lose_no_column(url: str, mark: str) -> None:
    build(url, mark)
    facts = observed(url, mark + "anybody")

    def seen(connect: Callable[..., Any], **how: Any) -> object:
        return grants.observe(Db(lambda: connect(url, user=mark + "anybody", **how)), ("ml", "customers"))

    assert seen(psycopg.connect, row_factory=psycopg.rows.dict_row) == facts
    assert seen(psycopg.connect, row_factory=psycopg.rows.namedtuple_row) == facts
    for factory in (psycopg2.extras.RealDictCursor, psycopg2.extras.DictCursor, psycopg2.extras.NamedTupleCursor):
        assert seen(psycopg2.connect, cursor_factory=factory) == facts


CARRIED = """
CREATE SCHEMA "Lake 1"; CREATE SCHEMA other; CREATE TABLE "Lake 1"."T" (id int) PARTITION BY RANGE (id);
CREATE TABLE other.part PARTITION OF "Lake 1"."T" FOR VALUES FROM (0) TO (9); CREATE TABLE other.alone (id int);
CREATE PUBLICATION whole FOR ALL TABLES; CREATE PUBLICATION root FOR TABLE "Lake 1"."T" WITH (publish_via_partition_root);
CREATE PUBLICATION rest FOR TABLE other.alone; CREATE PUBLICATION there FOR TABLES IN SCHEMA "Lake 1";
"""


def test_publications_that_carry_a_table_and_the_commands_against_them(url: str, mark: str) -> None:
    def sent(schema: str, table: str) -> tuple[list[Publication], tuple[str, ...]]:
        facts = observed(url, mark + "low", schema, table)
        assert isinstance(facts.publications, tuple)
        found = readers(facts, Allowed(readers=("postgres",)))
        assert {grant.principal for grant in found.grants} - {"postgres"} == {
            f"publication:{one.name}" for one in facts.publications
        }
        return list(facts.publications), found.commands

    with closing(psycopg.connect(url, autocommit=True)) as admin:
        admin.execute(f"CREATE ROLE {mark}low LOGIN")
        admin.execute(CARRIED)
        by_root = [
            Publication(name="root", carries='TABLE "Lake 1"."T"'),
            Publication(name="there", carries='SCHEMA "Lake 1"'),
        ]
        of_the_part, _ = sent("other", "part")
        of_the_table, commands = sent("Lake 1", "T")
        assert of_the_part == of_the_table == [*by_root, Publication(name="whole")]
        assert [one.name for one in sent("other", "alone")[0]] == ["rest", "whole"]
        for command in commands:
            admin.execute(command)
        assert sent("Lake 1", "T") == ([], ())
        assert [one.name for one in sent("other", "alone")[0]] == ["rest"]


BORN = """
CREATE SCHEMA ml; GRANT USAGE ON SCHEMA ml TO PUBLIC; CREATE TABLE ml.t (id int);
CREATE ROLE {o}own; CREATE ROLE {o}team; CREATE ROLE {o}keeps LOGIN; CREATE ROLE {o}some LOGIN; CREATE ROLE {o}joins LOGIN;
GRANT {o}team TO {o}joins; GRANT CREATE ON SCHEMA ml TO {o}own; ALTER TABLE ml.t OWNER TO {o}own;
ALTER DEFAULT PRIVILEGES FOR ROLE {o}own IN SCHEMA ml GRANT SELECT ON TABLES TO {o}team;
ALTER DEFAULT PRIVILEGES FOR ROLE {o}own GRANT SELECT ON TABLES TO PUBLIC;
"""


def test_who_reads_the_table_once_it_is_made_anew(url: str, mark: str) -> None:
    def after_it_was_made_anew() -> set[str]:
        admin.execute(f"DROP TABLE ml.t; SET ROLE {mark}own; CREATE TABLE ml.t AS SELECT 1 AS id; RESET ROLE")
        return {who for who in ("keeps", "some", "joins") if reads(mark + who)}

    def reads(who: str) -> bool:
        with closing(psycopg.connect(url, user=who, autocommit=True)) as session:
            return works(session, "SELECT * FROM ml.t")

    with closing(psycopg.connect(url, autocommit=True)) as admin:
        admin.execute(BORN.format(o=mark))
        allowed = Allowed(readers=(mark + "keeps", "postgres"))
        found = readers(observed(url, mark + "some", "ml", "t"), allowed)
        told = {grant.principal.removeprefix(mark) for grant in found.grants if grant.principal.startswith(mark)}
        assert not any(reads(mark + who) for who in told), "not yet"
        assert told == after_it_was_made_anew() == {"keeps", "some", "joins"}
        for command in readers(observed(url, mark + "some", "ml", "t"), allowed).commands:
            admin.execute(command)
        assert after_it_was_made_anew() == {"keeps"}


def test_a_table_whose_rows_live_elsewhere(url: str, mark: str) -> None:
    with closing(psycopg.connect(url, autocommit=True)) as admin:
        admin.execute(f"CREATE ROLE {mark}low LOGIN")
        admin.execute(
            "CREATE SCHEMA ml; CREATE FOREIGN DATA WRAPPER none; CREATE SERVER archive FOREIGN DATA WRAPPER none"
        )
        admin.execute("CREATE FOREIGN TABLE ml.t (id int) SERVER archive; CREATE TABLE ml.here (id int)")
    facts = observed(url, mark + "low", "ml", "t")
    says = "rows of TABLE ml.t are on the foreign server archive: who reads them there was not asked"
    assert readers(facts, Allowed()).hidden == (says,)


def test_a_server_that_nobody_answers_from(tmp_path: object) -> None:
    found = grants.observe(Db(lambda: psycopg.connect(f"host={tmp_path} dbname=none")), ("ml", "t"))
    assert found == NotObserved(why="the database did not answer (OperationalError)")
