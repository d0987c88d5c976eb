"""Every way by which a role that can log in to PostgreSQL reads a table, and the command that ends each.

One way for each thing that grants (attribute, ownership, entry of an access list) and each membership of the role
itself by which it is reached; where several chains begin with the same membership, the shortest is told, for one REVOKE
ends them all. Not seen: ``pg_hba.conf``, copies that somebody made before, and triggers or rules that copy rows.
https://www.postgresql.org/docs/current/ddl-priv.html, https://www.postgresql.org/docs/current/role-membership.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from airflow_mlsecops.checks.grants._postgres_roles import Book, Chain, Hat
from airflow_mlsecops.checks.grants._postgres_sight import ALL_DATA, SURE, Sight
from airflow_mlsecops.checks.grants._postgres_undo import Undo, quoted, said
from airflow_mlsecops.core.database_grants import (
    PUBLIC,
    DatabaseGrants,
    Privilege,
    Relation,
    RelationKind,
    Routine,
)
from airflow_mlsecops.core.glob import matches
from airflow_mlsecops.core.grant import Grant, Kind

# Files of the server are its tables; who writes them, or starts programs, makes himself a superuser.
_SERVER = {
    "pg_read_server_files": "reads the server's files",
    "pg_write_server_files": "writes the server's files",
    "pg_execute_server_program": "starts programs on the server",
}
_CREATEROLE_ENDS = 160_000


def readers(
    facts: DatabaseGrants, *, applications: Sequence[str] = (), people: Sequence[str] = ()
) -> tuple[Grant, ...]:
    """Every way in, of every role that can log in, in the order of their names.

    :param applications: globs over roles that are programs; people: globs over those that are not, and win
    """

    def kind(name: str) -> Kind:
        if _fits(name, people):
            return Kind.PERSON
        return Kind.APPLICATION if _fits(name, applications) else Kind.UNTOLD

    return tuple(
        Grant(principal=way.who, kind=kind(way.who), sure=way.sure, how=way.how, undo=way.undo.text)
        for way in _Table(facts).ways()
    )


def commands(facts: DatabaseGrants, allowed: Sequence[str]) -> tuple[str, ...]:
    """What a superuser runs so that of those who read the table now, only the allowed do.

    First comes what keeps the allowed, and owners of views, from losing what they had through somebody else: by PUBLIC,
    by a grant that a stranger passed on, by membership in a stranger. Then one command for each way of a stranger. Ways
    that only may be are ended like others. Sessions that are open stay open. The cluster's first superuser stays one.

    :param allowed: globs over roles
    """
    lines: list[str] = []
    # What the allowed are given in the first round, a stranger may reach through them: until nothing is left to end.
    while (ended := _ended(facts, allowed))[0]:
        lines += ended[0]
        facts = ended[1]
    return tuple(dict.fromkeys(lines))


def _ended(facts: DatabaseGrants, allowed: Sequence[str]) -> tuple[list[str], DatabaseGrants]:
    """Commands against all ways of strangers that are open now, and what the catalogue will say after them."""
    table = _Table(facts)
    ways = [way for way in table.ways() if not _fits(way.who, allowed)]
    strangers = {way.who for way in ways}
    every = [way.undo for way in ways if way.undo.text] + table.moved(strangers)
    undone = list({undo.text: undo for undo in every}.values())
    after = facts
    for undo in undone:
        after = undo.applied(after)
    others = {role.name for role in facts.roles if not role.superuser} - strangers
    later = _Table(after)
    left = later.shown(others)
    lost = [one for one in sorted(table.shown(others) - left) if one._replace(column="") not in left]
    fallen = {piece for undo in undone for piece in undo.pieces[1:]}
    texts = [undo.text for undo in undone if not (undo.pieces and undo.pieces[0] in fallen)]
    # Who grants must still be able to when its grants are taken back.
    texts.sort(key=lambda text: not text.startswith("SET ROLE "))
    granted = tuple(entry for one in lost for entry in one.entries(later))
    after = after.model_copy(update={"privileges": (*after.privileges, *granted)})
    return [*(f"GRANT {said(one)} ON {one.on} TO {quoted(one.grantee)}" for one in granted), *texts], after


def _fits(name: str, globs: Iterable[str]) -> bool:
    return any(matches(pattern, name) for pattern in globs)


@dataclass(frozen=True)
class _Way:
    """One way in, with the pieces of the catalogue that it stands on."""

    who: str
    chain: Chain
    through: tuple[str, ...]
    on: str
    schema: str
    undo: Undo
    sure: bool = True
    entry: Privilege | None = None

    @property
    def how(self) -> tuple[str, ...]:
        return (*(step.text for step in self.chain), *self.through)


class _Shown(NamedTuple):
    """Something of which a role reads rows."""

    who: str
    on: str
    schema: str
    column: str

    def entries(self, table: _Table) -> Iterator[Privilege]:
        """What lets the role itself at it, as far as it has not got it: a view may fail by its owner only."""
        owner = table.owner(self.on)
        if table.role(self.who).login and not table.has("USAGE", self.schema, self.who):
            yield Privilege(on=self.schema, name="USAGE", grantee=self.who, grantor=owner)
        verb = "EXECUTE" if self.on.startswith("ROUTINE ") else "SELECT"
        got = {(one.grantee, one.column) for one in table.entries.get((self.on, verb), ())}
        if self.who != owner and (self.who, self.column) not in got:
            yield Privilege(on=self.on, name=verb, column=self.column, grantee=self.who, grantor=owner)


class _Table(Sight):
    """Who reads one table."""

    def ways(self) -> Iterator[_Way]:
        """All ways of all roles that can log in."""
        for name in sorted(role.name for role in self.facts.roles if role.login):
            yield from self.ways_of(name)

    def owner(self, on: str) -> str:
        """Whose a relation or a function is."""
        return next(thing.owner for thing in self.things if thing.id == on)

    def shown(self, names: Iterable[str]) -> set[_Shown]:
        """Everything that roles read which can log in, or whose views and functions work by what they read."""
        makers = {thing.owner for thing in self.things}
        ways = (way for name in names if name in makers or self.role(name).login for way in self.ways_of(name))
        return {_Shown(way.who, way.on, way.schema, way.entry.column if way.entry else "") for way in ways}

    def moved(self, owners: set[str]) -> list[Undo]:
        """Views and functions of those who shall read no more, given to the table's owner: others read through them."""
        return [
            Undo.of_ownership(thing.id, self.main.owner)
            for thing in self.things
            if thing.owner in owners - {self.main.owner} and not self.role(thing.owner).bootstrap
        ]

    def ways_of(self, name: str) -> Iterator[_Way]:
        """Ways of one role: by what it is itself, then by each of its memberships."""
        for first in (None, *self.book.of(name)):
            seen: set[tuple[object, ...]] = set()
            book = Book(self.facts, (name, first))
            for hat in book.hats(name):
                for way in self._worn(name, hat, book):
                    key = (way.through, way.on, way.entry)
                    if bool(way.chain) == bool(first) and key not in seen:
                        seen.add(key)
                        yield way

    def _worn(self, name: str, hat: Hat, book: Book) -> Iterator[_Way]:
        """Ways of a role that acts as one that it can become."""
        held = book.held(hat.name)
        yield from self._attributes(name, hat)
        for role, says in _SERVER.items():
            if role in held:
                yield self._way(name, (*hat.chain, *held[role]), (says,), self.main)
        if not self.connects(name):
            return
        if ALL_DATA in held:
            yield self._way(name, (*hat.chain, *held[ALL_DATA]), ("reads every table",), self.main)
        for thing in self.things:
            certain = self.gives(thing, hat.name)
            # What a role made that cannot log in works by what it may, not by what it gets at.
            if certain and (not self.role(name).login or self.has("USAGE", thing.schema_name, hat.name)):
                yield from self._granted(name, hat, held, thing, certain)

    def _attributes(self, name: str, hat: Hat) -> Iterator[_Way]:
        role = self.role(hat.name)
        if role.superuser:
            yield self._way(name, hat.chain, ("superuser",), self.main, attribute="SUPERUSER")
        if role.replication:
            # A session that copies the cluster is opened by the role itself; another has only SQL functions for it.
            own = not hat.chain
            yield self._way(name, hat.chain, ("copies the cluster (REPLICATION)",), self.main, own, "REPLICATION")
        if role.createrole and self.facts.version < _CREATEROLE_ENDS:
            says = "grants itself any role (CREATEROLE)"
            yield self._way(name, hat.chain, (says,), self.main, attribute="CREATEROLE")

    def _granted(
        self, name: str, hat: Hat, held: dict[str, Chain], thing: Relation | Routine, certain: int
    ) -> Iterator[_Way]:
        relayed = self._relayed(thing)
        if thing.owner in held:
            chain = (*hat.chain, *held[thing.owner])
            yield self._way(name, chain, (f"owner of {thing.id}", *relayed), thing, certain == SURE, owner=True)
        for entry in self.entries.get((thing.id, _verb(thing)), ()):
            if entry.grantee == thing.owner or (entry.grantee != PUBLIC and entry.grantee not in held):
                continue
            # What everybody may, nobody becomes somebody else for, unless only that one gets as far as the schema.
            if entry.grantee == PUBLIC and hat.chain and self.has("USAGE", thing.schema_name, name):
                continue
            chain = (*hat.chain, *held.get(entry.grantee, ()))
            yield self._way(name, chain, (_told(entry), *relayed), thing, certain == SURE, entry=entry)

    def _way(
        self,
        name: str,
        chain: Chain,
        through: tuple[str, ...],
        thing: Relation | Routine,
        sure: bool = True,
        attribute: str = "",
        owner: bool = False,
        entry: Privilege | None = None,
    ) -> _Way:
        undo = self._undo(name, chain, thing, attribute, owner, entry)
        return _Way(name, chain, through, thing.id, thing.schema_name, undo, sure, entry)

    def _undo(
        self, name: str, chain: Chain, thing: Relation | Routine, attribute: str, owner: bool, entry: Privilege | None
    ) -> Undo:
        if chain and chain[0].edge.revocable:
            return Undo.of_membership(self.facts, chain[0].edge)
        if entry:
            return Undo.of_privilege(self.facts, entry, thing.owner)
        if self.role(name).bootstrap and (attribute == "SUPERUSER" or owner):
            return Undo("")
        if attribute and not chain:
            return Undo.of_attribute(name, attribute)
        if owner and not chain and thing.owner != self.main.owner:
            return Undo.of_ownership(thing.id, self.main.owner)
        return Undo.of_attribute(name, "LOGIN")

    def _relayed(self, thing: Relation | Routine) -> tuple[str, ...]:
        if isinstance(thing, Routine):
            return (f"acts as {thing.owner}",)
        if thing.kind is RelationKind.TABLE:
            return ()
        return (f"{thing.kind}, as {thing.owner}",)


def _verb(thing: Relation | Routine) -> str:
    return "EXECUTE" if isinstance(thing, Routine) else "SELECT"


def _told(entry: Privilege) -> str:
    whom = "PUBLIC" if entry.grantee == PUBLIC else entry.grantee
    return f"{said(entry)} on {entry.on}, granted to {whom} by {entry.grantor}"
