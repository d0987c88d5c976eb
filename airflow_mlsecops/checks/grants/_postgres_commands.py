"""What a superuser of PostgreSQL runs so that of those who read a table now, only the allowed do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from airflow_mlsecops.checks.grants._postgres_undo import Undo, applied, default, given
from airflow_mlsecops.checks.grants._postgres_ways import Table, Way, follows, verb
from airflow_mlsecops.core.database_grants import DatabaseGrants, Privilege
from airflow_mlsecops.core.grant import Allowed


def commands(table: Table, allowed: Allowed) -> tuple[str, ...]:
    """What keeps the allowed, then one command for each way of somebody else."""
    lines: list[str] = []
    # What the allowed are given in the first round, a stranger may reach through them: until nothing is left to end.
    while strange := [way for way in table.ways() if not allowed.lets(way.who)]:
        ended, after = _ended(table, strange)
        if not ended:
            break  # the cluster's first superuser is left
        lines += ended
        table = Table(after)
    return tuple(dict.fromkeys(lines))


def _ended(table: Table, strange: list[Way]) -> tuple[list[str], DatabaseGrants]:
    """Commands against ways of strangers that are open now, and what the catalogue will say after them."""
    strangers = {way.who for way in strange}
    every = [*filter(lambda undo: undo.text, map(table.undo, strange)), *_moved(table, strangers)]
    undone = list({undo.text: undo for undo in every}.values())
    after = applied(table.facts, undone)
    granted = tuple(_kept(table, Table(after), strangers))
    fallen = {piece for undo in undone for piece in undo.pieces[1:]}
    texts = [undo.text for undo in undone if not (undo.pieces and undo.pieces[0] in fallen)]
    # Who grants must still be able to when its grants are taken back.
    texts.sort(key=lambda text: not text.startswith("SET ROLE "))
    return [*map(given, granted), *texts], _with(after, granted)


def _with(facts: DatabaseGrants, granted: tuple[Privilege, ...]) -> DatabaseGrants:
    now = tuple(one for one in granted if not default(one))
    to_come = tuple(one for one in granted if default(one))
    changes: dict[str, object] = {"privileges": (*facts.privileges, *now)}
    if to_come and isinstance(facts.defaults, tuple):
        changes["defaults"] = (*facts.defaults, *to_come)
    return facts.model_copy(update=changes)


def _moved(table: Table, owners: set[str]) -> list[Undo]:
    """Views and functions of those who shall read no more, given to the table's owner: others read through them."""
    return [
        Undo.of_ownership(thing.id, table.main.owner)
        for thing in table.things
        if thing.owner in owners - {table.main.owner} and not follows(thing) and not table.role(thing.owner).bootstrap
    ]


class _Shown(NamedTuple):
    """Something of which a role reads rows."""

    who: str
    on: str
    schema: str
    column: str
    by: str


def _kept(table: Table, later: Table, strangers: set[str]) -> Iterator[Privilege]:
    """What gives the others back what they would lose along with strangers."""
    others = {role.name for role in table.facts.roles if not role.superuser} - strangers
    left = _shown(later, others)
    for one in sorted(_shown(table, others) - left):
        if one._replace(column="") not in left:
            yield from _entries(later, one)


def _shown(table: Table, names: Iterable[str]) -> set[_Shown]:
    """Everything that roles read which can log in, or whose views and functions work by what they read."""
    makers = {thing.owner for thing in table.things}
    ways = (way for name in names if name in makers or table.role(name).login for way in table.ways_of(name))
    return {
        _Shown(
            way.who,
            way.on,
            (way.thing or table.main).schema_name,
            way.entry.column if way.entry else "",
            way.entry.name if way.entry else verb(way.on),
        )
        for way in ways
        if not way.schema and not way.handed
    }


def _entries(table: Table, one: _Shown) -> Iterator[Privilege]:
    """What lets the role itself at it, as far as it has not got it: a view may fail by its owner only."""
    owner = next((thing.owner for thing in table.things if thing.id == one.on), table.main.owner)
    if table.role(one.who).login and not table.has("USAGE", one.schema, one.who):
        yield Privilege(on=one.schema, name="USAGE", grantee=one.who, grantor=owner)
    got = {(entry.grantee, entry.column) for entry in table.entries.get((one.on, one.by), ())}
    if one.who != owner and (one.who, one.column) not in got:
        yield Privilege(on=one.on, name=one.by, column=one.column, grantee=one.who, grantor=owner)
