"""Commands that take grants of PostgreSQL back, each with what its catalogue says after it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeVar

from airflow_mlsecops.core.database_grants import (
    PUBLIC,
    DatabaseGrants,
    Handed,
    Membership,
    Privilege,
    Publication,
    Relation,
    Role,
    Routine,
)
from airflow_mlsecops.core.unseen import NotObserved

_GRANTED_BY_BEGINS = 160_000
_Piece = TypeVar("_Piece", Membership, Privilege)
_Thing = TypeVar("_Thing", Relation, Routine, Handed)
_Listed = TypeVar("_Listed", Membership, Privilege, Publication)


class Undo(NamedTuple):
    """A command, and what it changes in the catalogue.

    :param pieces: entries that it takes away, the one that it names first
    :param attribute: a role, and the field of :class:`Role` that it loses
    :param ownership: a relation, function or schema, and who owns it then
    """

    text: str
    pieces: tuple[Membership | Privilege | Publication, ...] = ()
    attribute: tuple[str, str] = ("", "")
    ownership: tuple[str, str] = ("", "")

    @classmethod
    def of_membership(cls, facts: DatabaseGrants, edge: Membership) -> Undo:
        """Take a role away from a member; who granted it must be named since PostgreSQL 16, where many may have."""
        text = f"REVOKE {quoted(edge.role)} FROM {quoted(edge.member)}"
        if facts.version < _GRANTED_BY_BEGINS:
            return cls(text, (edge,))
        text += f" GRANTED BY {quoted(edge.grantor)}" if edge.grantor else ""

        def given(by: Membership) -> list[Membership]:
            return [one for one in facts.memberships if (one.role, one.grantor) == (by.role, by.member)]

        pieces = _falling(edge, given) if edge.admin else (edge,)
        return cls(text + (" CASCADE" if edge.admin else ""), pieces)

    @classmethod
    def of_privilege(cls, facts: DatabaseGrants, entry: Privilege, owner: str) -> Undo:
        """Take an entry off an access list; a superuser acts as the owner, and has to become any other grantor."""
        text = f"REVOKE {said(entry)} ON {entry.on} FROM {_whom(entry)}" + (" CASCADE" if entry.grantable else "")
        if entry.grantor != owner:
            text = f"SET ROLE {quoted(entry.grantor)}; {text}; RESET ROLE"

        def given(by: Privilege) -> list[Privilege]:
            place = (by.on, by.column, by.name, by.grantee)
            return [one for one in facts.privileges if (one.on, one.column, one.name, one.grantor) == place]

        return cls(text, _falling(entry, given) if entry.grantable else (entry,))

    @classmethod
    def of_default(cls, entry: Privilege) -> Undo:
        """Let tables to come be born without a privilege."""
        text = f"ALTER DEFAULT PRIVILEGES {entry.on} REVOKE {entry.name} ON TABLES FROM {_whom(entry)}"
        return cls(text, (entry,))

    @classmethod
    def of_publication(cls, one: Publication) -> Undo:
        """Send no more; what sends every table cannot spare one (CREATE PUBLICATION … FOR ALL TABLES), and goes."""
        what, _, name = one.carries.partition(" ")
        text = f"ALTER PUBLICATION {quoted(one.name)} DROP TABLE ONLY {name}"
        if what == "SCHEMA":
            text = f"ALTER PUBLICATION {quoted(one.name)} DROP TABLES IN SCHEMA {name}"
        return cls(text if what else f"DROP PUBLICATION {quoted(one.name)}", (one,))

    @classmethod
    def of_ownership(cls, on: str, owner: str) -> Undo:
        """Give a thing to somebody else."""
        return cls(f"ALTER {on} OWNER TO {quoted(owner)}", ownership=(on, owner))

    @classmethod
    def of_attribute(cls, role: str, attribute: str) -> Undo:
        """Take an attribute from a role."""
        return cls(f"ALTER ROLE {quoted(role)} NO{attribute}", attribute=(role, attribute.lower()))


def applied(facts: DatabaseGrants, undone: Iterable[Undo]) -> DatabaseGrants:
    """What the catalogue says after commands."""
    undone = tuple(undone)
    gone = {piece for undo in undone for piece in undo.pieces}
    lost = {undo.attribute for undo in undone}
    new = dict(undo.ownership for undo in undone)
    things: tuple[Relation | Routine, ...] = (*facts.relations, *facts.routines)
    schema = next(one.schema_name for one in facts.relations if one.id == facts.table)
    old = {thing.id: thing.owner for thing in things if thing.id in new} | {schema: facts.schema_owner}

    def renamed(entry: Privilege) -> Privilege:
        if entry.on not in new:
            return entry
        sides = (side for side in ("grantee", "grantor") if getattr(entry, side) == old[entry.on])
        return entry.model_copy(update=dict.fromkeys(sides, new[entry.on]))

    def given(thing: _Thing) -> _Thing:
        called = thing.routine if isinstance(thing, Handed) else thing.id
        return thing.model_copy(update={"owner": new[called]}) if called in new else thing

    def less(role: Role) -> Role:
        fields = [field for name, field in lost if name == role.name]
        return role.model_copy(update=dict.fromkeys(fields, False)) if fields else role

    def left(listed: tuple[_Listed, ...] | NotObserved) -> tuple[_Listed, ...] | NotObserved:
        return listed if isinstance(listed, NotObserved) else tuple(one for one in listed if one not in gone)

    changes = {
        "roles": tuple(map(less, facts.roles)),
        "memberships": left(facts.memberships),
        "privileges": tuple(renamed(entry) for entry in facts.privileges if entry not in gone),
        "relations": tuple(map(given, facts.relations)),
        "routines": tuple(map(given, facts.routines)),
        "handed": tuple(map(given, facts.handed)),
        "schema_owner": new.get(schema, facts.schema_owner),
        "defaults": left(facts.defaults),
        "publications": left(facts.publications),
    }
    return facts.model_copy(update=changes)


def _falling(first: _Piece, given: Callable[[_Piece], Iterable[_Piece]]) -> tuple[_Piece, ...]:
    found = [first]
    for piece in found:
        found += [one for one in given(piece) if one not in found]
    return tuple(found)


def quoted(name: str) -> str:
    """A name as SQL takes it, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'


def said(entry: Privilege) -> str:
    """``SELECT ("E mail")``."""
    return f"{entry.name} ({entry.column})" if entry.column else entry.name


def default(entry: Privilege) -> bool:
    """True if an entry is about tables to come."""
    return entry.on.startswith("FOR ROLE ")


def given(entry: Privilege) -> str:
    """The command that grants what an entry says."""
    if default(entry):
        return f"ALTER DEFAULT PRIVILEGES {entry.on} GRANT {entry.name} ON TABLES TO {_whom(entry)}"
    return f"GRANT {said(entry)} ON {entry.on} TO {_whom(entry)}"


def _whom(entry: Privilege) -> str:
    return "PUBLIC" if entry.grantee == PUBLIC else quoted(entry.grantee)
