"""Who reads a table of PostgreSQL, and the commands against it, given what the catalogue says."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_mlsecops.checks.grants.postgres import readers
from airflow_mlsecops.core.database_grants import (
    DatabaseGrants,
    Membership,
    Privilege,
    Publication,
    Relation,
    RelationKind,
    Role,
    Routine,
    RowPolicy,
)
from airflow_mlsecops.core.grant import Allowed, Kind
from airflow_mlsecops.core.unseen import NotObserved
from tests.pace import keeps_pace

T, S, DB = "TABLE ml.t", "SCHEMA ml", "DATABASE crm"


def catalogue(*what: Any, version: int = 180_000, closed: bool = False, **table: Any) -> DatabaseGrants:
    """Of a table that `own`, who cannot log in, owns; everybody gets into its schema unless that is closed."""
    kinds = (Role, Membership, Privilege, Relation, Routine, RowPolicy, Publication)
    parts: dict[type, list[Any]] = {kind: [] for kind in kinds}
    for one in what:
        parts[type(one)].append(one)
    everybody = [] if closed else [may("", S, "USAGE"), may("", DB, "CONNECT")]
    main = Relation(id=T, kind=RelationKind.TABLE, schema_name=S, owner="own", **table)
    return DatabaseGrants(
        version=version, database=DB, table=T, roles=(Role(name="own"), *parts[Role]), relations=(main, *parts[Relation]),
        memberships=tuple(parts[Membership]),
        privileges=(*everybody, may("own"), *(one for one in parts[Privilege] if not one.on.startswith("FOR ROLE "))),
        defaults=tuple(one for one in parts[Privilege] if one.on.startswith("FOR ROLE ")),
        publications=tuple(parts[Publication]), routines=tuple(parts[Routine]), policies=tuple(parts[RowPolicy]),
    )  # fmt: skip


def may(who: str, on: str = T, name: str = "SELECT", by: str = "own", **more: Any) -> Privilege:
    return Privilege(on=on, name=name, grantee=who, grantor=by, **more)


def user(name: str, **more: Any) -> Role:
    return Role(name=name, login=True, **more)


def joins(member: str, role: str, **more: Any) -> Membership:
    return Membership(member=member, role=role, grantor="postgres", **more)


def view(name: str, owner: str, *over: str, kind: RelationKind = RelationKind.VIEW, **more: Any) -> Relation:
    return Relation(id=name, kind=kind, schema_name=S, owner=owner, over=over or (T,), **more)


V, F = "TABLE ml.v", "ROUTINE ml.f(integer)"
A, TEAM = user("a"), Role(name="team")
READS = "SELECT on TABLE ml.t, granted to {} by own"
OF_TEAM = READS.format("team")
LEAVES = 'REVOKE "team" FROM "a" GRANTED BY "postgres"'
COPY = RelationKind.COPY
WAYS: dict[str, tuple[DatabaseGrants, list[tuple[Any, ...]]]] = {
    "nobody": (catalogue(A), []),
    "directly": (catalogue(A, may("a")), [(READS.format("a"), 'REVOKE SELECT ON TABLE ml.t FROM "a"')]),
    "near miss: another privilege": (catalogue(A, may("a", name="USAGE")), []),
    "near miss: a role that cannot log in": (catalogue(TEAM, may("team")), []),
    "near miss: not into the schema": (catalogue(A, may("a"), may("a", DB, "CONNECT"), closed=True), []),
    "near miss: not into the database": (catalogue(A, may("a"), may("a", S, "USAGE"), closed=True), []),
    "near miss: into the database only as somebody whom it becomes there": (
        catalogue(A, TEAM, may("a"), may("", S, "USAGE"), may("team", DB, "CONNECT"), joins("a", "team", inherit=False), closed=True), [],
    ),
    "a superuser goes everywhere": (catalogue(user("a", superuser=True), closed=True), [("superuser", 'ALTER ROLE "a" NOSUPERUSER')]),
    "the first superuser stays one": (catalogue(user("a", superuser=True, bootstrap=True)), [("superuser", "")]),
    "a column": (catalogue(A, may("a", column='"E mail"')), [('SELECT ("E mail") on TABLE ml.t, granted to a by own', 'REVOKE SELECT ("E mail") ON TABLE ml.t FROM "a"')]),
    "everybody": (catalogue(A, may("")), [("SELECT on TABLE ml.t, granted to PUBLIC by own", "REVOKE SELECT ON TABLE ml.t FROM PUBLIC")]),
    "a role called PUBLIC is not everybody": (catalogue(A, Role(name="PUBLIC"), may("PUBLIC")), []),
    "quotes in a name": (catalogue(user('x"; DROP'), may('x"; DROP')), [(READS.format('x"; DROP'), 'REVOKE SELECT ON TABLE ml.t FROM "x""; DROP"')]),
    "a member inherits": (catalogue(A, TEAM, may("team"), joins("a", "team")), [("member of team", OF_TEAM, LEAVES)]),
    "a member before 16": (catalogue(A, TEAM, may("team"), joins("a", "team"), version=150_004), [("member of team", OF_TEAM, 'REVOKE "team" FROM "a"')]),
    "SET ROLE only": (catalogue(A, TEAM, may("team"), joins("a", "team", inherit=False)), [("SET ROLE team", OF_TEAM, LEAVES)]),
    "near miss: neither inherits nor sets": (catalogue(A, TEAM, may("team"), joins("a", "team", inherit=False, set=False)), []),
    "ADMIN OPTION": (catalogue(A, TEAM, may("team"), joins("a", "team", inherit=False, set=False, admin=True)), [("grants itself team (ADMIN OPTION)", OF_TEAM, LEAVES + " CASCADE")]),
    "near miss: SET ROLE behind one that only inherits": (catalogue(A, TEAM, Role(name="x"), may("team"), joins("a", "x", set=False), joins("x", "team", inherit=False)), []),
    "two memberships are two ways": (
        catalogue(A, TEAM, Role(name="x"), may("team"), may("x"), joins("a", "x"), joins("a", "team")),
        [("member of x", READS.format("x"), 'REVOKE "x" FROM "a" GRANTED BY "postgres"'), ("member of team", OF_TEAM, LEAVES)],
    ),
    "the table by one role, the schema by another": (
        catalogue(A, TEAM, Role(name="x"), may("team"), may("x", S, "USAGE"), may("", DB, "CONNECT"), joins("a", "x"), joins("a", "team"), closed=True),
        [("member of team", OF_TEAM, LEAVES)],
    ),
    "the owner's member": (catalogue(A, joins("a", "own")), [("member of own", "owner of TABLE ml.t", 'REVOKE "own" FROM "a" GRANTED BY "postgres"')]),
    "the owner of the database": (
        catalogue(A, may("pg_database_owner"), joins("a", "pg_database_owner", revocable=False)),
        [("member of pg_database_owner", READS.format("pg_database_owner"), 'REVOKE SELECT ON TABLE ml.t FROM "pg_database_owner"')],
    ),
    "every table": (catalogue(A, may("a", DB, "CONNECT"), joins("a", "pg_read_all_data"), closed=True), [("member of pg_read_all_data", "reads every table", 'REVOKE "pg_read_all_data" FROM "a" GRANTED BY "postgres"')]),
    "files of the server, from any database": (catalogue(A, joins("a", "pg_write_server_files"), closed=True), [("member of pg_write_server_files", "writes the server's files", 'REVOKE "pg_write_server_files" FROM "a" GRANTED BY "postgres"')]),
    "replication": (catalogue(user("a", replication=True), closed=True), [("copies the cluster (REPLICATION)", 'ALTER ROLE "a" NOREPLICATION')]),
    "CREATEROLE before 16": (catalogue(user("a", createrole=True), version=150_004), [("grants itself any role (CREATEROLE)", 'ALTER ROLE "a" NOCREATEROLE')]),
    "near miss: CREATEROLE since 16": (catalogue(user("a", createrole=True)), []),
    "a view": (catalogue(A, view(V, "own"), may("a", V)), [("SELECT on TABLE ml.v, granted to a by own", "view, as own", 'REVOKE SELECT ON TABLE ml.v FROM "a"')]),
    "near miss: a view whose owner reads nothing": (catalogue(A, TEAM, view(V, "team"), may("a", V)), []),
    "near miss: a view with its reader's privileges": (catalogue(A, view(V, "own", invoker=True), may("a", V)), []),
    "near miss: a trigger on a view that shows nothing": (catalogue(A, TEAM, view(V, "team"), may("a", V, "TRIGGER"), may("a", V, "UPDATE")), []),
    "near miss: a trigger on a copy": (catalogue(A, view(V, "own", kind=COPY), may("a", V, "TRIGGER")), []),
    "near miss: a view over a view that its owner may not read": (catalogue(A, TEAM, may("team"), view("TABLE ml.w", "own"), view(V, "team", "TABLE ml.w"), may("a", V)), []),
    "a copy shows rows whatever its owner may": (catalogue(A, TEAM, view(V, "team", kind=COPY), may("a", V)), [("SELECT on TABLE ml.v, granted to a by own", "materialized view, as team", 'SET ROLE "own"; REVOKE SELECT ON TABLE ml.v FROM "a"; RESET ROLE')]),
    "a function": (catalogue(A, Routine(id=F, schema_name=S, owner="own", mentions=True), may("a", F, "EXECUTE")), [("EXECUTE on ROUTINE ml.f(integer), granted to a by own", "acts as own", 'REVOKE EXECUTE ON ROUTINE ml.f(integer) FROM "a"')]),
    "near miss: a function whose owner reads nothing": (catalogue(A, TEAM, Routine(id=F, schema_name=S, owner="team", mentions=True), may("a", F, "EXECUTE")), []),
    "row security without a policy": (catalogue(A, may("a"), row_security=True), []),
    "row security does not hold who bypasses it": (catalogue(user("a", bypassrls=True), may("a"), row_security=True), [(READS.format("a"), 'REVOKE SELECT ON TABLE ml.t FROM "a"')]),
    "directly, and by a membership": (
        catalogue(A, TEAM, may("a"), may("team"), joins("a", "team")),
        [(READS.format("a"), 'REVOKE SELECT ON TABLE ml.t FROM "a"'), ("member of team", OF_TEAM, LEAVES)],
    ),
    "what everybody may, in a schema that only another role gets into": (
        catalogue(A, TEAM, may(""), may("", DB, "CONNECT"), may("team", S, "USAGE"), joins("a", "team", inherit=False), closed=True),
        [("SET ROLE team", "SELECT on TABLE ml.t, granted to PUBLIC by own", LEAVES)],
    ),
    "a function that was parsed needs no way into the schema": (
        catalogue(A, TEAM, may("team"), Routine(id=F, schema_name="SCHEMA f", owner="team", mentions=True, parsed=True), may("a", F, "EXECUTE", by="team"),
                  may("a", "SCHEMA f", "USAGE"), may("", DB, "CONNECT"), closed=True),
        [("EXECUTE on ROUTINE ml.f(integer), granted to a by team", "acts as team", 'REVOKE EXECUTE ON ROUTINE ml.f(integer) FROM "a"')],
    ),
    "near miss: a function that looks names up when it runs does": (
        catalogue(A, TEAM, may("team"), Routine(id=F, schema_name="SCHEMA f", owner="team", mentions=True), may("a", F, "EXECUTE", by="team"),
                  may("a", "SCHEMA f", "USAGE"), may("", DB, "CONNECT"), closed=True),
        [],
    ),
    "by what another membership administers, told once": (
        catalogue(A, TEAM, Role(name="desk"), Role(name="far"), may("far"), joins("a", "team"), joins("a", "desk"), joins("desk", "far", admin=True, inherit=False, set=False)),
        [("member of desk", "grants itself far (ADMIN OPTION)", "SELECT on TABLE ml.t, granted to far by own", 'REVOKE "desk" FROM "a" GRANTED BY "postgres"')],
    ),
    "granted by somebody else": (catalogue(A, TEAM, may("team", grantable=True), may("a", by="team")), [("SELECT on TABLE ml.t, granted to a by team", 'SET ROLE "team"; REVOKE SELECT ON TABLE ml.t FROM "a"; RESET ROLE')]),
}  # fmt: skip


@pytest.mark.parametrize("name", WAYS)
def test_every_way_with_its_end(name: str) -> None:
    facts, expected = WAYS[name]
    found = readers(facts, Allowed())
    assert [(*grant.how, grant.undo) for grant in found.grants] == expected
    assert all(grant.sure for grant in found.grants)
    assert found.hidden == ()
    assert set(found.commands) == {grant.undo for grant in found.grants if grant.undo}
    assert readers(facts, Allowed(readers=("*",))).commands == (), "nobody has to go"


MAYBE = {
    "a function that calls one that calls one": catalogue(
        A,
        Role(name="x"),
        Role(name="y"),
        *(
            Routine(id=f"ROUTINE ml.{one}()", schema_name=S, owner=owner, mentions=True)
            for one, owner in (("h", "x"), ("g", "y"), ("f", "own"))
        ),
        may("y", "ROUTINE ml.f()", "EXECUTE"),
        may("x", "ROUTINE ml.g()", "EXECUTE", by="y"),
        may("a", "ROUTINE ml.h()", "EXECUTE", by="x"),
    ),
    "a trigger of its own": catalogue(A, may("a", name="TRIGGER")),
    "the schema": catalogue(A).model_copy(update={"schema_owner": "a"}),
    "a policy chooses the rows": catalogue(A, may("a"), RowPolicy(on=T, roles=("",)), row_security=True),
    "a function that names no table": catalogue(A, Routine(id=F, schema_name=S, owner="own"), may("a", F, "EXECUTE")),
    "a view whose owner reads a column": catalogue(A, TEAM, may("team", column="id"), view(V, "team"), may("a", V)),
    "changes of the cluster, by SQL": catalogue(A, Role(name="team", replication=True), joins("a", "team")),
}


@pytest.mark.parametrize("name", MAYBE)
def test_what_nobody_can_decide_may_be(name: str) -> None:
    found = readers(MAYBE[name], Allowed())
    (grant,) = found.grants
    assert (grant.principal, grant.sure) == ("a", False)
    assert found.commands == (grant.undo,), "what may be is ended like what is"


def test_what_a_role_is_its_name_tells() -> None:
    names = ["app_x", "app_ann", "ann", "zed"]
    allowed = Allowed(readers=("app_*",), people=("*ann",))
    kinds = {
        grant.principal: grant.kind for grant in readers(catalogue(*map(user, names), *map(may, names)), allowed).grants
    }
    assert kinds == {"ann": Kind.PERSON, "app_ann": Kind.PERSON, "app_x": Kind.APPLICATION, "zed": Kind.UNTOLD}


B, CLOSE = user("b"), "REVOKE SELECT ON TABLE ml.t FROM PUBLIC"
KEEPS = 'GRANT SELECT ON TABLE ml.t TO "b"'
COMMANDS: dict[str, tuple[DatabaseGrants, list[str]]] = {
    "what everybody had stays with the allowed": (catalogue(A, B, may("")), [KEEPS, CLOSE]),
    "unless they have it anyway": (catalogue(A, B, may(""), may("b")), [CLOSE]),
    "a column is less than all of them": (catalogue(A, B, may(""), may("b", column="id")), [KEEPS, CLOSE]),
    "nobody follows through the allowed": (
        catalogue(A, B, may(""), joins("a", "b")), [KEEPS, CLOSE, 'REVOKE "b" FROM "a" GRANTED BY "postgres"'],
    ),
    "what a stranger passed on stays with the allowed, and falls for others": (
        catalogue(A, B, user("c"), may("a", grantable=True), may("b", by="a"), may("c", by="a")),
        [KEEPS, 'REVOKE SELECT ON TABLE ml.t FROM "a" CASCADE'],
    ),
    "a view of a stranger goes to the owner of the table": (
        catalogue(A, B, may("a"), view(V, "a"), may("b", V, by="a")),
        ['REVOKE SELECT ON TABLE ml.t FROM "a"', 'ALTER TABLE ml.v OWNER TO "own"'],
    ),
    "a view that works by what everybody may goes on": (
        catalogue(A, B, TEAM, may(""), may("b"), view(V, "team"), may("b", V, by="team")),
        ['GRANT SELECT ON TABLE ml.t TO "team"', CLOSE],
    ),
    "an allowed member of a stranger": (
        catalogue(A, B, TEAM, may("team"), joins("a", "team"), joins("b", "a")), [KEEPS, LEAVES],
    ),
    "who grants takes back before it goes": (
        catalogue(A, user("c"), TEAM, may("a"), may("team", grantable=True), may("c", by="team")),
        ['SET ROLE "team"; REVOKE SELECT ON TABLE ml.t FROM "c"; RESET ROLE', 'REVOKE SELECT ON TABLE ml.t FROM "a"'],
    ),
    "a view of a stranger in a schema that it does not get into": (
        catalogue(A, B, may("a"), may("", DB, "CONNECT"), may("a", S, "USAGE"), may("b", "SCHEMA o", "USAGE"), may("b", V, by="a"),
                  Relation(id=V, kind=RelationKind.VIEW, schema_name="SCHEMA o", owner="a", over=(T,)), closed=True),
        ['REVOKE SELECT ON TABLE ml.t FROM "a"', 'ALTER TABLE ml.v OWNER TO "own"'],
    ),
    "a view of somebody who gets in nowhere works by what everybody may": (
        catalogue(A, B, TEAM, may(""), may("b"), view(V, "team"), may("b", V, by="team"), may("a", S, "USAGE"), may("b", S, "USAGE"),
                  may("a", DB, "CONNECT"), may("b", DB, "CONNECT"), closed=True),
        ['GRANT SELECT ON TABLE ml.t TO "team"', CLOSE],
    ),
    "a membership that a stranger passed on": (
        catalogue(A, B, TEAM, may("team"), joins("a", "team", admin=True), Membership(role="team", member="b", grantor="a")),
        [KEEPS, LEAVES + " CASCADE"],
    ),
    "an allowed member of a stranger, by which it gets into the schema": (
        catalogue(A, B, TEAM, may("team"), may("team", S, "USAGE"), may("", DB, "CONNECT"), joins("a", "team"), joins("b", "a"), closed=True),
        ['GRANT USAGE ON SCHEMA ml TO "b"', KEEPS, LEAVES],
    ),
    "what keeps a trigger gives no rows": (
        catalogue(A, B, may("", name="TRIGGER")),
        ['GRANT TRIGGER ON TABLE ml.t TO "b"', "REVOKE TRIGGER ON TABLE ml.t FROM PUBLIC"],
    ),
    "a schema of a stranger, into which others get by it": (
        catalogue(A, B, joins("b", "a"), may("b"), may("a", S, "USAGE", by="a"), may("", DB, "CONNECT"), closed=True).model_copy(
            update={"schema_owner": "a"}
        ),
        ['GRANT USAGE ON SCHEMA ml TO "b"', 'ALTER SCHEMA ml OWNER TO "own"'],
    ),
    "who loses the superuser it could become": (
        catalogue(user("a", superuser=True), B, joins("b", "a")), [KEEPS, 'ALTER ROLE "a" NOSUPERUSER'],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", COMMANDS)
def test_commands_that_leave_only_b(name: str) -> None:
    facts, expected = COMMANDS[name]
    assert list(readers(facts, Allowed(readers=("b", "team"))).commands) == expected


BORN = "FOR ROLE own IN SCHEMA ml"
TO_COME = f"SELECT on tables to come ({BORN}), granted to {{}}"
NO_MORE = f"ALTER DEFAULT PRIVILEGES {BORN} REVOKE SELECT ON TABLES FROM {{}}"
DEFAULTS: dict[str, tuple[DatabaseGrants, list[tuple[Any, ...]]]] = {
    "to the role": (catalogue(A, may("a", BORN)), [(TO_COME.format("a"), NO_MORE.format('"a"'))]),
    "to everybody": (catalogue(A, may("", BORN)), [(TO_COME.format("PUBLIC"), NO_MORE.format("PUBLIC"))]),
    "to a role that it is a member of": (catalogue(A, TEAM, may("team", BORN), joins("a", "team")), [("member of team", TO_COME.format("team"), LEAVES)]),
    "to one that it becomes by SET ROLE": (catalogue(A, TEAM, may("team", BORN), joins("a", "team", inherit=False)), [("SET ROLE team", TO_COME.format("team"), LEAVES)]),
    "in every schema": (catalogue(A, may("a", "FOR ROLE own")), [("SELECT on tables to come (FOR ROLE own), granted to a", 'ALTER DEFAULT PRIVILEGES FOR ROLE own REVOKE SELECT ON TABLES FROM "a"')]),
    "near miss: to who makes them": (catalogue(A, may("a", "FOR ROLE a", by="a")), []),
    "near miss: to somebody else": (catalogue(A, TEAM, may("team", BORN)), []),
    "near miss: not into the schema": (catalogue(A, may("a", BORN), may("", DB, "CONNECT"), closed=True), []),
    "near miss: not into the database": (catalogue(A, may("a", BORN), may("a", S, "USAGE"), closed=True), []),
}  # fmt: skip


@pytest.mark.parametrize("name", DEFAULTS)
def test_whoever_will_read_what_is_made_anew(name: str) -> None:
    facts, expected = DEFAULTS[name]
    found = readers(facts, Allowed())
    assert [(*grant.how, grant.undo) for grant in found.grants] == expected
    assert not any(grant.sure for grant in found.grants), "whether the table is made anew, nobody knows"
    assert list(found.commands) == [grant.undo for grant in found.grants]


def test_what_is_born_for_everybody_stays_with_the_allowed() -> None:
    found = readers(catalogue(A, B, may("", BORN)), Allowed(readers=("b",)))
    gives = f'ALTER DEFAULT PRIVILEGES {BORN} GRANT SELECT ON TABLES TO "b"'
    assert found.commands == (gives, NO_MORE.format("PUBLIC"))
    follows = readers(catalogue(A, B, may("", BORN), joins("a", "b")), Allowed(readers=("b",)))
    assert follows.commands == (*found.commands, 'REVOKE "b" FROM "a" GRANTED BY "postgres"'), (
        "nobody through the allowed"
    )


SENT = {
    "TABLE ml.t": ("carries TABLE ml.t", 'ALTER PUBLICATION "to ""x""" DROP TABLE ONLY ml.t'),
    "SCHEMA ml": ("carries every table of SCHEMA ml", 'ALTER PUBLICATION "to ""x""" DROP TABLES IN SCHEMA ml'),
    "": ("carries every table", 'DROP PUBLICATION "to ""x"""'),
}


@pytest.mark.parametrize("carries", SENT)
def test_whoever_subscribes_may_read_changes(carries: str) -> None:
    facts = catalogue(Publication(name='to "x"', carries=carries))
    found, (says, command) = readers(facts, Allowed()), SENT[carries]
    (grant,) = found.grants
    assert (grant.principal, grant.kind, grant.sure) == ('publication:to "x"', Kind.OUTSIDE, False)
    assert (grant.how, grant.undo) == ((says, "changes are sent to whoever subscribes"), command)
    assert found.commands == (command,)
    assert readers(facts, Allowed(readers=("publication:*",))).commands == ()


def test_what_nobody_saw_is_hidden() -> None:
    facts = catalogue(A).model_copy(
        update={
            "defaults": NotObserved(why="default privileges: no"),
            "publications": NotObserved(why="publications: no"),
        }
    )
    assert readers(facts, Allowed()).hidden == ("default privileges: no", "publications: no")
    far = Relation(id="TABLE ml.t_1", kind=RelationKind.TABLE, schema_name=S, owner="own", server="archive")
    says = "rows of TABLE ml.t_1 are on the foreign server archive: who reads them there was not asked"
    assert readers(catalogue(A, far), Allowed()).hidden == (says,)


def test_five_hundred_roles_are_asked_within_seconds() -> None:
    groups, users = [f"g{n}" for n in range(100)], [f"u{n}" for n in range(400)]
    inside = [joins(one, groups[(7 * n + k) % 100]) for n, one in enumerate(users) for k in range(3)]
    nested = [joins(groups[n], groups[n // 2]) for n in range(1, 100)]
    views = [view(f"TABLE ml.v{n}", groups[n]) for n in range(10)]
    facts = catalogue(*map(user, users), *(Role(name=one) for one in groups), *inside, *nested, *views, *map(may, groups[::3]),
                      *(may(one, made.id, by=made.owner) for made in views for one in groups[::5]))  # fmt: skip
    said = []
    assert keeps_pace(lambda: said.append(readers(facts, Allowed(readers=("u1*",)))), 2_000)
    assert len({grant.principal for grant in said[0].grants}) == 400
    assert said[0].commands
