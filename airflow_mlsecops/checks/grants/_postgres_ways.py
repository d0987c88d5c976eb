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
    Handed,
    Privilege,
    Publication,
    Relation,
    RelationKind,
    Routine,
    RoutineKind,
)
from airflow_mlsecops.core.unseen import NotObserved

# Files of the server are its tables; who writes them, or starts programs, makes himself a superuser.
_SERVER = {
    "pg_read_server_files": "reads the server's files",
    "pg_write_server_files": "writes the server's files",
    "pg_execute_server_program": "starts programs on the server",
}
# What clouds have in the place of a superuser and of REPLICATION: their catalogue does not tell what these may.
_CLOUD = {
    "rds_superuser": "administers the server",
    "cloudsqlsuperuser": "administers the server",
    "alloydbsuperuser": "administers the server",
    "azure_pg_admin": "administers the server",
    "rds_replication": "copies the cluster",
}
_USES = {
    RoutineKind.FUNCTION: "acts as {}",
    RoutineKind.TRIGGER: "acts as {} on a table of its own, as a trigger",
    RoutineKind.AGGREGATE: "calls as {} what acts as its owner",
}
_CREATEROLE_ENDS = 160_000


@dataclass(frozen=True, kw_only=True)
class Way:
    """One way in, with the pieces of the catalogue that it stands on.

    :param who: a role that can log in, or ``publication:NAME``
    :param thing: what gives rows; ``None`` for tables to come, and for what a publication sends
    :param attribute: of the role that gives them, or ``owner``: whether it is the thing's owner; or the ``entry`` of an
        access list, or the ``publication``
    :param schema: whether it is by owning the schema
    :param handed: the function that the table itself calls
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
    schema: bool = False
    handed: Handed | None = None

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
        if way.handed:
            return Undo.of_ownership(way.handed.routine, self.main.owner)
        if way.schema:
            return Undo.of_ownership(self.main.schema_name, self.main.owner)
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
                yield hat, book.gained(hat.name)

    def _worn(self, name: str, hat: Hat, held: dict[str, Chain]) -> Iterator[Way]:
        """Ways of a role that acts as one that it can become."""
        yield from self._attributes(name, hat)
        for role, says in _SERVER.items():
            if role in held:
                yield Way(who=name, chain=(*hat.chain, *held[role]), through=(says,), thing=self.main)
        for role, says in _CLOUD.items():
            if role in held:
                yield Way(who=name, chain=(*hat.chain, *held[role]), through=(says,), thing=self.main, sure=False)
        if not self.connects(name):
            return
        if ALL_DATA in held:
            chain = (*hat.chain, *held[ALL_DATA])
            yield Way(who=name, chain=chain, through=("reads every table",), thing=self.main)
        for thing in self.things:
            certain = self.gives(thing, hat.name)
            # What a role made that cannot log in works by what it may, not by what it gets at.
            inside = not self.role(name).login or self._inside(thing.schema_name, hat)
            if certain and (inside or self._called_by_others(thing)):
                yield from self._granted(name, hat, held, thing, inside and certain == SURE)
            if isinstance(thing, Relation) and inside:
                yield from self._told_of_writes(name, hat, held, thing)
        yield from self._by_bodies(name, hat, held)
        yield from self._by_handed(name, hat, held)
        if self._inside(self.main.schema_name, hat):
            yield from self._to_come(name, hat, held)
        if self.facts.schema_owner in held and self.main.owner not in held and not self.role(hat.name).superuser:
            yield self._replaced(name, hat, held)

    def _inside(self, schema: str, hat: Hat) -> bool:
        return self.has("USAGE", schema, hat.name) or self.lets("USAGE", schema, self.book.gained(hat.name))

    def _called_by_others(self, thing: Relation | Routine) -> bool:
        """Whether what calls a function needs no way into its schema; the caller only has to have EXECUTE."""
        return isinstance(thing, Routine) and thing.used

    def _told_of_writes(self, name: str, hat: Hat, held: dict[str, Chain], thing: Relation) -> Iterator[Way]:
        """Whoever makes a trigger has every row that is written from then on, and all there are if it writes itself."""
        if thing.kind not in (RelationKind.TABLE, RelationKind.VIEW) or thing.owner in held:
            return
        if thing.kind is RelationKind.VIEW and not self.gives(thing, hat.name):
            return
        for entry in self._entries_of(thing, "TRIGGER", name, hat, held):
            chain = (*hat.chain, *held.get(entry.grantee, ()))
            through = (_told(entry), "a trigger of its own is handed rows as they are written")
            sure = self.writes(thing, self.book.gained(hat.name))
            yield Way(who=name, chain=chain, through=through, thing=thing, sure=sure, entry=entry)

    def _by_bodies(self, name: str, hat: Hat, held: dict[str, Chain]) -> Iterator[Way]:
        """Who may select but gets not into the schema reads by functions that were told the table, not its name."""
        main = self.main
        if not self.facts.bodies or not self.gives(main, hat.name) or self._inside(main.schema_name, hat):
            return
        for entry in self._entries_of(main, "SELECT", name, hat, held):
            chain = (*hat.chain, *held.get(entry.grantee, ()))
            through = (_told(entry), f"{self.facts.bodies[0]} names the table for it")
            yield Way(who=name, chain=chain, through=through, thing=main, sure=False, entry=entry)

    def _by_handed(self, name: str, hat: Hat, held: dict[str, Chain]) -> Iterator[Way]:
        """Whoever owns a function that the table calls, or a view over it, says what becomes of what it is handed."""
        for one in self.facts.handed:
            if one.owner in held and one.owner != self.main.owner and not self.role(one.owner).superuser:
                chain = (*hat.chain, *held[one.owner])
                through = (f"owner of {one.routine}", f"{one.on} hands it values")
                yield Way(who=name, chain=chain, through=through, sure=False, handed=one)

    def _replaced(self, name: str, hat: Hat, held: dict[str, Chain]) -> Way:
        chain = (*hat.chain, *held[self.facts.schema_owner])
        through = (f"owner of {self.main.schema_name}, who may put a table of its own in this one's place",)
        return Way(who=name, chain=chain, through=through, sure=False, schema=True)

    def _entries_of(
        self, thing: Relation | Routine, privilege: str, name: str, hat: Hat, held: dict[str, Chain]
    ) -> Iterator[Privilege]:
        """Entries of an access list that a role has the good of, acting as one that it can become."""
        inside = self._inside(thing.schema_name, hat)
        everybody = self._everybody(name, hat, thing.schema_name) if inside else not hat.chain
        for entry in self.entries.get((thing.id, privilege), ()):
            if entry.grantee != thing.owner and (entry.grantee in held or (everybody and entry.grantee == PUBLIC)):
                yield entry

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
        if thing.owner in held and not follows(thing):
            chain, through = (*hat.chain, *held[thing.owner]), (f"owner of {thing.id}", *relayed)
            yield Way(who=name, chain=chain, through=through, thing=thing, sure=sure, owner=True)
        for entry in self._entries_of(thing, verb(thing.id), name, hat, held):
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
        own = self.has("USAGE", schema, name)
        return not own if hat.chain else own or not self.role(name).login

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


def follows(thing: Relation | Routine) -> bool:
    """Whether a thing has no owner by itself: its table's is told already, and gives it away along with the table."""
    return isinstance(thing, Relation) and thing.kind is RelationKind.LONG_VALUES


def _relayed(thing: Relation | Routine) -> tuple[str, ...]:
    if isinstance(thing, Routine):
        return (_USES[thing.kind].format(thing.owner),)
    if thing.kind is RelationKind.TABLE:
        return ()
    return (f"{thing.kind}, as {thing.owner}",)


def _told(entry: Privilege) -> str:
    return f"{said(entry)} on {entry.on}, granted to {_whom(entry)} by {entry.grantor}"


def _whom(entry: Privilege) -> str:
    return "PUBLIC" if entry.grantee == PUBLIC else entry.grantee
