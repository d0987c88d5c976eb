"""Every way by which somebody reads a table of PostgreSQL, and the commands that end each.

Of roles that can log in, one way for each thing that grants (attribute, ownership, entry of an access list, privileges
that tables to come are born with) and each membership of the role itself by which it is reached; where several chains
begin with the same membership, the shortest is told, for one REVOKE ends them all. Of publications, one way for each
thing that they were told to send. Told, too: an owner of the schema, who may drop the table and put another in its
place, a role that may make a trigger, which is handed rows as they are written, and the owner of a function that the
table or a view over it calls with its values.

Not seen: how the server makes sure that a session is of the role that it says (``pg_hba.conf``); copies that somebody
made before, files and backups of the server among them; what triggers of the table do, foreign servers elsewhere,
dblink and functions in untrusted languages by which somebody who reads the table carries rows on; objects
(``pg_largeobject``) that a column points to; what functions of the server another database of the cluster grants.
Whoever may write to the table, or refer to it, learns from what is refused whether a key is there. Text of statements
that run (``pg_read_all_stats``) may hold values.
https://www.postgresql.org/docs/current/ddl-priv.html, https://www.postgresql.org/docs/current/role-membership.html
"""

from __future__ import annotations

from collections.abc import Iterator

from airflow_mlsecops.checks.grants._postgres_commands import commands
from airflow_mlsecops.checks.grants._postgres_ways import Table, Way
from airflow_mlsecops.core.database_grants import DatabaseGrants
from airflow_mlsecops.core.grant import Allowed, Grant, Kind, Readers
from airflow_mlsecops.core.unseen import NotObserved


def readers(facts: DatabaseGrants, allowed: Allowed) -> Readers:
    """Every way in, in the order of the roles' names, publications last; principals are names of roles.

    A publication is called ``publication:NAME``. The commands are for a superuser. First comes what keeps the allowed,
    and owners of views, from losing what they had through somebody else: by PUBLIC, by a grant that a stranger passed
    on, by membership in a stranger. Then one command for each way of a stranger. Ways that only may be are ended like
    others. Sessions that are open stay open. The cluster's first superuser stays one.

    :param allowed: whom the policy lets read the table
    """
    table = Table(facts)
    return Readers(
        grants=tuple(_grant(table, way, allowed) for way in table.ways()),
        hidden=tuple(_hidden(facts)),
        commands=commands(table, allowed),
    )


def _grant(table: Table, way: Way, allowed: Allowed) -> Grant:
    kind = Kind.OUTSIDE if way.publication else allowed.kind(way.who)
    return Grant(principal=way.who, kind=kind, sure=way.sure, how=way.how, undo=table.undo(way).text)


def _hidden(facts: DatabaseGrants) -> Iterator[str]:
    for fact in (facts.defaults, facts.publications):
        if isinstance(fact, NotObserved):
            yield fact.why
    for one in facts.relations:
        if one.server:
            yield f"rows of {one.id} are on the foreign server {one.server}: who reads them there was not asked"
    for on in facts.rules:
        yield f"a rule on {on} names it, or a view over it: what it shows to those who write there was not asked"
    for on in facts.triggers:
        yield f"a trigger on {on} reads as its owner and names it: what it shows to those who write there was not asked"
    for on in facts.foreign:
        yield f"foreign {on} is said to be of its name, and may lead here: who reads it there was not asked"
