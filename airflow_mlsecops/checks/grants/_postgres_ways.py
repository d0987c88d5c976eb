"""The ways by which roles that can log in to PostgreSQL, and subscribers, get at rows of one table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from airflow_mlsecops.checks.grants._postgres_roles import Chain, Hat, Only
from airflow_mlsecops.checks.grants._postgres_sight import ALL_DATA, SURE, Sight
from airflow_mlsecops.checks.grants._postgres_undo import Undo, said
from airflow_mlsecops.core.database_grants import (
    PUBLIC,
    DatabaseGrants,
    Privilege,
    Publication,
    Relation,
    RelationKind,
    Routine,
)
from airflow_mlsecops.core.unseen import NotObserved

# Files of the server are its tables; who writes them, or starts programs, makes himself a superuser.
_SERVER = {
    "pg_read_server_files": "reads the server's files",
    "pg_write_server_files": "writes the server's files",
    "pg_execute_server_program": "starts programs on the server",
}
_CREATEROLE_ENDS = 160_000


@dataclass(frozen=True, kw_only=True)
class Way:
    """One way in, with the pieces of the catalogue that it stands on.

    :param who: a role that can log in, or ``publication:NAME``
    :param thing: what gives rows; ``None`` for tables to come, and for what a publication sends
    :param attribute: of the role that gives them, or ``owner``: whether it is the thing's owner; or the ``entry`` of an
        access list, or the ``publication``
    """

    who: str
    chain: Chain = ()
    through: tuple[str, ...]
    thing: Relation | Routine | None = None
    sure: bool = True
    attribute: str = ""
    owner: bool = False
    entry: Privilege | None = None
    publication: Publication | None = None

    @property
    def how(self) -> tuple[str, ...]:
        """The chain in words."""
        return (*(step.text for step in self.chain), *self.through)

    @property
    def on(self) -> str:
        """What it is a way to, as an access list calls it."""
        return self.thing.id if self.thing else self.entry.on if self.entry else ""


class Table(Sight):
    """Who reads one table."""

    def __init__(self, facts: DatabaseGrants) -> None:
        super().__init__(facts)
        self._ways: dict[str, list[Way]] = {}

    def ways(self) -> Iterator[Way]:
        """All ways of all roles that can log in, and of subscribers."""
        for name in sorted(role.name for role in self.facts.roles if role.login):
            yield from self.ways_of(name)
        yield from self._sent()

    def ways_of(self, name: str) -> list[Way]:
        """Ways of one role: by what it is itself, then by each of its memberships."""
        if name not in self._ways:
            self._ways[name] = list(self._found(name))
        return self._ways[name]

    def undo(self, way: Way) -> Undo:
        """The command that ends a way: at the role's own end where there is one, for what it reached others keep."""
        if way.publication:
            return Undo.of_publication(way.publication)
        if way.chain and way.chain[0].edge.revocable:
            return Undo.of_membership(self.facts, way.chain[0].edge)
        if way.entry:
            return (
                Undo.of_privilege(self.facts, way.entry, way.thing.owner) if way.thing else Undo.of_default(way.entry)
            )
        if self.role(way.who).bootstrap and (way.attribute == "SUPERUSER" or way.owner):
            return Undo("")
        if way.attribute and not way.chain:
            return Undo.of_attribute(way.who, way.attribute)
        if way.owner and not way.chain and way.thing and way.thing.owner != self.main.owner:
            return Undo.of_ownership(way.thing.id, self.main.owner)
        return Undo.of_attribute(way.who, "LOGIN")

    def _found(self, name: str) -> Iterator[Way]:
        for first in (None, *self.book.of(name)):
            seen: set[tuple[object, ...]] = set()
            book = Only(self.book, name, first)
            for hat, held in self._worth_wearing(book.hats(name), book):
                for way in self._worn(name, hat, held):
                    key = (way.through, way.on, id(way.entry))
                    if bool(way.chain) == bool(first) and key not in seen:
                        seen.add(key)
                        yield way

    def _worth_wearing(self, hats: Iterator[Hat], book: Only) -> Iterator[tuple[Hat, dict[str, Chain]]]:
        """Without roles that let one at no more than an earlier one does, which is most of what one inherits anyway."""
        worn: list[dict[str, Chain]] = []
        for hat in hats:
            held = book.held(hat.name)
            if self.role(hat.name).special or not any(held.keys() <= one.keys() for one in worn):
                worn.append(held)
                yield hat, held

    def _worn(self, name: str, hat: Hat, held: dict[str, Chain]) -> Iterator[Way]:
        """Ways of a role that acts as one that it can become."""
        yield from self._attributes(name, hat)
        for role, says in _SERVER.items():
            if role in held:
                yield Way(who=name, chain=(*hat.chain, *held[role]), through=(says,), thing=self.main)
        if not self.connects(name):
            return
        if ALL_DATA in held:
            chain = (*hat.chain, *held[ALL_DATA])
            yield Way(who=name, chain=chain, through=("reads every table",), thing=self.main)
        for thing in self.things:
            certain = self.gives(thing, hat.name)
            # What a role made that cannot log in works by what it may, not by what it gets at.
            if certain and (not self.role(name).login or self.has("USAGE", thing.schema_name, hat.name)):
                yield from self._granted(name, hat, held, thing, certain == SURE)
        if self.has("USAGE", self.main.schema_name, hat.name):
            yield from self._to_come(name, hat, held)

    def _attributes(self, name: str, hat: Hat) -> Iterator[Way]:
        role = self.role(hat.name)

        def way(says: str, attribute: str, sure: bool = True) -> Way:
            return Way(who=name, chain=hat.chain, through=(says,), thing=self.main, sure=sure, attribute=attribute)

        if role.superuser:
            yield way("superuser", "SUPERUSER")
        if role.replication:
            # A session that copies the cluster is opened by the role itself; another has only SQL functions for it.
            yield way("copies the cluster (REPLICATION)", "REPLICATION", not hat.chain)
        if role.createrole and self.facts.version < _CREATEROLE_ENDS:
            yield way("grants itself any role (CREATEROLE)", "CREATEROLE")

    def _granted(
        self, name: str, hat: Hat, held: dict[str, Chain], thing: Relation | Routine, sure: bool
    ) -> Iterator[Way]:
        relayed = _relayed(thing)
        if thing.owner in held:
            chain, through = (*hat.chain, *held[thing.owner]), (f"owner of {thing.id}", *relayed)
            yield Way(who=name, chain=chain, through=through, thing=thing, sure=sure, owner=True)
        everybody = self._everybody(name, hat, thing.schema_name)
        for entry in self.entries.get((thing.id, verb(thing.id)), ()):
            if entry.grantee != thing.owner and (entry.grantee in held or (everybody and entry.grantee == PUBLIC)):
                chain = (*hat.chain, *held.get(entry.grantee, ()))
                yield Way(who=name, chain=chain, through=(_told(entry), *relayed), thing=thing, sure=sure, entry=entry)

    def _to_come(self, name: str, hat: Hat, held: dict[str, Chain]) -> Iterator[Way]:
        """What is made anew, as pipelines make tables, is born with these; whether it is, nobody knows."""
        everybody = self._everybody(name, hat, self.main.schema_name)
        for entry in self.defaults:
            if entry.grantee != entry.grantor and (entry.grantee in held or (everybody and entry.grantee == PUBLIC)):
                says = f"SELECT on tables to come ({entry.on}), granted to {_whom(entry)}"
                chain = (*hat.chain, *held.get(entry.grantee, ()))
                yield Way(who=name, chain=chain, through=(says,), sure=False, entry=entry)

    def _everybody(self, name: str, hat: Hat, schema: str) -> bool:
        """Whether what everybody may is a way of this role.

        Nobody becomes somebody else for it, unless only that one gets as far as the schema.
        """
        return not (hat.chain and self.has("USAGE", schema, name))

    def _sent(self) -> Iterator[Way]:
        if isinstance(self.facts.publications, NotObserved):
            return
        for one in self.facts.publications:
            carries = one.carries if one.carries.startswith("TABLE ") else f"every table of {one.carries}"
            through = (f"carries {carries if one.carries else 'every table'}", "changes are sent to whoever subscribes")
            yield Way(who=f"publication:{one.name}", through=through, sure=False, publication=one)


def verb(on: str) -> str:
    """The privilege that lets somebody at a relation, or at a function."""
    return "EXECUTE" if on.startswith("ROUTINE ") else "SELECT"


def _relayed(thing: Relation | Routine) -> tuple[str, ...]:
    if isinstance(thing, Routine):
        return (f"acts as {thing.owner}",)
    if thing.kind is RelationKind.TABLE:
        return ()
    return (f"{thing.kind}, as {thing.owner}",)


def _told(entry: Privilege) -> str:
    return f"{said(entry)} on {entry.on}, granted to {_whom(entry)} by {entry.grantor}"


def _whom(entry: Privilege) -> str:
    return "PUBLIC" if entry.grantee == PUBLIC else entry.grantee
