"""Functions that get at a table of a real PostgreSQL for somebody who may not: by aggregates, triggers and what calls them."""

from __future__ import annotations

from contextlib import closing

import psycopg
import pytest

from tests.observe.test_grants_attacks import Attack, asked, build, mark, succeeds, url

__all__ = ["mark", "url"]

READS = "SECURITY DEFINER LANGUAGE plpgsql AS $$ BEGIN {does} END $$"
TELLS = READS.format(does="NEW.said := (SELECT mail FROM ml.t); RETURN NEW;")
ATTACKS = {
    "an aggregate, of which only its owner may call the function": Attack(
        "CREATE FUNCTION open.f(text, text) RETURNS text SECURITY DEFINER LANGUAGE sql AS 'SELECT mail FROM ml.t';"
        "ALTER FUNCTION open.f OWNER TO {o}own; REVOKE EXECUTE ON FUNCTION open.f FROM PUBLIC;"
        "CREATE AGGREGATE open.total(text) (sfunc = open.f, stype = text); ALTER AGGREGATE open.total(text) OWNER TO {o}own",
        ("SELECT open.total('')",),
        sure=False,
    ),
    "somebody's trigger on a table of its own": Attack(
        f"CREATE FUNCTION open.f() RETURNS trigger {TELLS}; ALTER FUNCTION open.f OWNER TO {{o}}own",
        (
            "CREATE TEMP TABLE mine (said text)",
            "CREATE TRIGGER f BEFORE INSERT ON mine FOR EACH ROW EXECUTE FUNCTION open.f()",
            "INSERT INTO mine VALUES ('') RETURNING said",
        ),
        sure=False,
    ),
}
MALLORYS = (
    "CREATE FUNCTION open.{name}({takes}) RETURNS {gives} LANGUAGE plpgsql AS $$ BEGIN RETURN {value}; END $$;"
    + ("ALTER FUNCTION open.{name} OWNER TO {{o}}mallory;")
)
HANDED = "".join(
    (
        *(MALLORYS.format(name=name, takes="text", gives="boolean", value="true") for name in ("checks", "chooses")),
        MALLORYS.format(name="shows", takes="text", gives="text", value="$1"),
        MALLORYS.format(name="looks", takes="", gives="trigger", value="NEW"),
        MALLORYS.format(name="fills", takes="", gives="int", value="1"),
        "GRANT CREATE ON SCHEMA open TO {o}mallory; GRANT USAGE ON SCHEMA ml TO {o}mallory;",
        "ALTER TABLE ml.t ADD CHECK (open.checks(mail)), ALTER id SET DEFAULT open.fills();",
        "CREATE TRIGGER looks BEFORE UPDATE ON ml.t FOR EACH ROW EXECUTE FUNCTION open.looks();",
        "CREATE POLICY chooses ON ml.t USING (open.chooses(mail));",
        "CREATE VIEW ml.v AS SELECT open.shows(mail) FROM ml.t; ALTER VIEW ml.v OWNER TO {o}own",
    )
)
KEEPS = "CREATE OR REPLACE FUNCTION open.looks() RETURNS trigger " + READS.format(
    does="INSERT INTO open.kept VALUES (NEW.mail); RETURN NEW;"
)


@pytest.mark.parametrize("name", ATTACKS)
def test_whoever_succeeds_is_listed_and_fails_after_the_commands(url: str, mark: str, name: str) -> None:
    attack = ATTACKS[name]
    build(url, mark, attack.estate)
    assert succeeds(url, mark, attack), "no attack at all"
    assert [grant.sure for grant in asked(url, mark).grants if grant.principal == f"{mark}mallory"] == [attack.sure]
    run(url, asked(url, mark).commands)
    assert not succeeds(url, mark, attack)
    assert {grant.principal for grant in asked(url, mark).grants} == {f"{mark}app", "postgres"}


NEAR = {
    "a trigger that is open to nobody": ATTACKS["somebody's trigger on a table of its own"].estate
    + "; REVOKE EXECUTE ON FUNCTION open.f FROM PUBLIC",
    "an aggregate over a function whose owner reads nothing": ATTACKS[
        "an aggregate, of which only its owner may call the function"
    ].estate.replace("FUNCTION open.f OWNER TO {o}own", "FUNCTION open.f OWNER TO {o}bystander"),
}


@pytest.mark.parametrize("name", NEAR)
def test_near_miss_nobody_is_listed_who_gets_nothing(url: str, mark: str, name: str) -> None:
    build(url, mark, NEAR[name])
    assert {grant.principal for grant in asked(url, mark).grants} == {f"{mark}app", "postgres"}


def test_whoever_owns_what_the_table_calls_may_read_what_it_is_handed(url: str, mark: str) -> None:
    build(url, mark, HANDED)
    with closing(psycopg.connect(url, user=f"{mark}mallory", autocommit=True)) as session:
        session.execute(f"CREATE TABLE open.kept (mail text); {KEEPS}")
        run(url, ("UPDATE ml.t SET id = 2",))
        assert session.execute("SELECT mail FROM open.kept").fetchall() == [("secret",)]
        ways = [grant for grant in asked(url, mark).grants if grant.principal == f"{mark}mallory"]
        assert {(grant.how[0], grant.sure) for grant in ways} == {
            (f"owner of ROUTINE open.{one}", False)
            for one in ("checks(text)", "chooses(text)", "looks()", "shows(text)")
        }
        assert {grant.how[1] for grant in ways} == {"TABLE ml.t hands it values", "TABLE ml.v hands it values"}
        run(url, asked(url, mark).commands)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute(KEEPS)
    assert {grant.principal for grant in asked(url, mark).grants} == {f"{mark}app", "postgres"}


def test_what_may_show_it_elsewhere_is_named(url: str, mark: str) -> None:
    build(
        url, mark,
        f"CREATE FUNCTION ml.f() RETURNS trigger {TELLS}; REVOKE EXECUTE ON FUNCTION ml.f FROM PUBLIC;"
        "CREATE TABLE open.inbox (said text); CREATE TRIGGER f BEFORE INSERT ON open.inbox FOR EACH ROW EXECUTE FUNCTION ml.f();"
        "CREATE FOREIGN DATA WRAPPER loop; CREATE SERVER here FOREIGN DATA WRAPPER loop OPTIONS (dbname '{database}');"
        "CREATE SERVER there FOREIGN DATA WRAPPER loop OPTIONS (dbname 'another');"
        "CREATE FOREIGN TABLE open.far (id int) SERVER here OPTIONS (schema_name 'ml', table_name 't');"
        "CREATE FOREIGN TABLE open.farther (id int) SERVER there OPTIONS (schema_name 'ml', table_name 't');"
        "CREATE FOREIGN TABLE open.other (id int) SERVER here OPTIONS (schema_name 'ml', table_name 'u')",
    )  # fmt: skip
    assert asked(url, mark).hidden == (
        "a trigger on TABLE open.inbox reads as its owner and names it: what it shows to those who write there was not asked",
        "foreign TABLE open.far is said to be of its name, and may lead here: who reads it there was not asked",
    )


def run(url: str, commands: tuple[str, ...]) -> None:
    with closing(psycopg.connect(url, autocommit=True)) as admin:
        for command in commands:
            admin.execute(command)
