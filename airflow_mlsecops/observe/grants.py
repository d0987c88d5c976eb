"""Who may read a table of PostgreSQL, as its catalogue says.

Every role sees the catalogues asked here, unless an administrator closed one of them. ``pg_hba.conf`` is closed to
ordinary roles: whether a role that may log in can also reach the server is not known.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from typing import Any, TypeVar

from airflow_mlsecops.core.database import Database
from airflow_mlsecops.core.database_grants import (
    DatabaseGrants,
    Handed,
    Membership,
    Privilege,
    Publication,
    Relation,
    Role,
    Routine,
    RowPolicy,
)
from airflow_mlsecops.core.facts import NotObserved
from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.observe import grant_questions as asked
from airflow_mlsecops.observe import session


def observe(database: Database, table: Sequence[str]) -> DatabaseGrants | NotObserved:
    """Ask a PostgreSQL for everything that decides who reads a table; what it does not answer is named.

    :param table: steps of the table's name: its schema and itself, its database before them or not
    """
    connection = session.opened(database)
    if isinstance(connection, NotObserved):
        return connection
    with closing(connection):
        return of_session(connection, table)


def of_session(connection: Any, table: Sequence[str]) -> DatabaseGrants | NotObserved:
    """Ask the same in a session that is open.

    :param table: steps of the table's name: its schema and itself, its database before them or not
    """
    if len(table) < 2:
        return NotObserved(why="the dataset names no table with its schema")
    server = session.rows(connection, asked.SERVER)
    if isinstance(server, NotObserved):
        return NotObserved(why=f"the server's version: {server.why}")
    ((version, database, called),) = _texts(server)
    if len(table) > 2 and table[-3] != called:
        return NotObserved(why=f"the connection leads to the database {called}, and the table is said to be in another")
    answers = session.snapshot(connection, _questions(version, str(table[-2]), str(table[-1])))
    defaults, publications = answers.pop(_DEFAULTS), answers.pop(_PUBLICATIONS)
    for fact, answer in answers.items():
        if isinstance(answer, NotObserved):
            return NotObserved(why=f"{fact}: {answer.why}")
    roles, memberships, relations, routines, behind, handed, privileges, policies = map(_texts, answers.values())
    if not relations:
        return NotObserved(why="there is no such table in this database: capitals count, and so does the schema")
    if relations[0][1] == "view":
        return NotObserved(why="it is a view: name the table that it reads")
    return DatabaseGrants(
        version=version,
        database=database,
        table=relations[0][0],
        roles=tuple(_made(Role, _ROLE, row) for row in roles),
        memberships=tuple(_made(Membership, _MEMBERSHIP, row) for row in memberships),
        relations=tuple(_made(Relation, _RELATION, row) for row in relations),
        routines=tuple(_made(Routine, _ROUTINE, row) for row in routines),
        privileges=tuple(_made(Privilege, _PRIVILEGE, row) for row in privileges),
        policies=tuple(_made(RowPolicy, ("on", "roles"), row) for row in policies),
        schema_owner=next(called for kind, called in behind if kind == "owner"),
        rules=tuple(called for kind, called in behind if kind == "rule"),
        bodies=tuple(called for kind, called in behind if kind == "body"),
        triggers=tuple(called for kind, called in behind if kind == "trigger"),
        foreign=tuple(called for kind, called in behind if kind == "foreign"),
        handed=tuple(_made(Handed, ("routine", "owner", "on"), row) for row in handed),
        defaults=_named(_DEFAULTS, defaults) or tuple(_made(Privilege, _PRIVILEGE, row) for row in _texts(defaults)),
        publications=_named(_PUBLICATIONS, publications)
        or tuple(_made(Publication, ("name", "carries"), row) for row in _texts(publications)),
    )


_DEFAULTS, _PUBLICATIONS = "default privileges", "publications"


def _questions(version: int, *name: str) -> dict[str, tuple[str, ...]]:
    """What is asked of a table, by what the answer is."""
    return {
        "the roles": (asked.ROLES,),
        "who is a member of which role": (asked.MEMBERSHIPS,),
        "the table, its partitions and the views over it": (asked.RELATIONS, *name),
        "functions that act as their owner": (asked.ROUTINES, *name),
        "what else names it": (asked.BEHIND, *name),
        "functions that are handed its rows": (asked.HANDED, *name),
        "the access lists": (asked.PRIVILEGES, *name),
        "policies of row security": (asked.POLICIES, *name),
        _DEFAULTS: (asked.DEFAULTS, name[0]),
        _PUBLICATIONS: (asked.publications(version), *name),
    }


_ROLE = ("name", "login", "superuser", "createrole", "replication", "bypassrls", "bootstrap")
_MEMBERSHIP = ("role", "member", "grantor", "inherit", "set", "admin", "revocable")
_RELATION = ("id", "kind", "schema_name", "owner", "over", "invoker", "row_security", "forced", "server")
_ROUTINE = ("id", "schema_name", "owner", "mentions", "parsed", "used", "kind")
_PRIVILEGE = ("on", "name", "grantee", "grantor", "column", "grantable")
_Model = TypeVar("_Model", bound=Frozen)


def _made(model: type[_Model], fields: Sequence[str], row: Sequence[Any]) -> _Model:
    return model(**dict(zip(fields, row, strict=True)))


def _named(fact: str, answer: list[tuple[Any, ...]] | NotObserved) -> NotObserved | None:
    return NotObserved(why=f"{fact}: {answer.why}") if isinstance(answer, NotObserved) else None


def _texts(rows: list[tuple[Any, ...]] | NotObserved) -> list[tuple[Any, ...]]:
    """Rows with text for bytes, and none where there is no answer."""
    return [] if isinstance(rows, NotObserved) else [tuple(map(_cell, row)) for row in rows]


def _cell(cell: Any) -> Any:
    if isinstance(cell, list):
        return tuple(map(_cell, cell))
    return session.text(cell) if isinstance(cell, bytes) else cell
