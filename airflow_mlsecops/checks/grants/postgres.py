"""Every way by which a role that can log in to PostgreSQL reads a table, and the command that ends each.

One way for each thing that grants (attribute, ownership, entry of an access list) and each membership of the role
itself by which it is reached; where several chains begin with the same membership, the shortest is told, for one REVOKE
ends them all. Not seen: ``pg_hba.conf``, copies that somebody made before, and triggers or rules that copy rows.
https://www.postgresql.org/docs/current/ddl-priv.html, https://www.postgresql.org/docs/current/role-membership.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from airflow_mlsecops.checks.grants._postgres_roles import Book, Chain, Hat
from airflow_mlsecops.checks.grants._postgres_undo import Undo, quoted
from airflow_mlsecops.core.database_grants import (
    PUBLIC,
    DatabaseGrants,
    Membership,
    Privilege,
    Relation,
    RelationKind,
    Role,
    Routine,
)
from airflow_mlsecops.core.glob import matches
from airflow_mlsecops.core.grant import Grant, Kind

_ALL_DATA = "pg_read_all_data"
# Files of the server are its tables; who writes them, or starts programs, makes himself a superuser.
_SERVER = {
    "pg_read_server_files": "reads the server's files",
    "pg_write_server_files": "writes the server's files",
    "pg_execute_server_program": "starts programs on the server",
}
_CREATEROLE_ENDS = 160_000
_NO, _MAY, _SURE = 0, 1, 2


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
    that only may be are ended like others. Sessions that are open stay open.

    :param allowed: globs over roles
    """
    table = _Table(facts)
    ways = list(table.ways())
    ended = [way.undo for way in ways if not _fits(way.who, allowed)]
    gone = {piece for undo in ended for piece in undo.pieces}
    kept = [way for way in ways if _fits(way.who, allowed) and not table.role(way.who).superuser]
    kept += [way for role in table.makers() for way in table.ways_of(role)]
    restored = [_restored(way) for way in kept if way.broken(gone) and not _reached(way, kept, gone)]
    ended += table.moved({way.who for way in ways if not _fits(way.who, allowed)})
    passed_on = {piece for undo in ended for piece in undo.pieces[1:]}
    undone = [undo.text for undo in ended if undo.text and not (undo.pieces and undo.pieces[0] in passed_on)]
    # Who grants must still be able to when its grants are taken back.
    undone.sort(key=lambda text: not text.startswith("SET ROLE "))
    return tuple(dict.fromkeys([*(line for lines in restored for line in lines), *undone]))


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

    def broken(self, gone: set[Membership | Privilege]) -> bool:
        return self.entry in gone or any(step.edge in gone for step in self.chain)


def _reached(way: _Way, ways: Iterable[_Way], gone: set[Membership | Privilege]) -> bool:
    return any(other.who == way.who and other.on == way.on and not other.broken(gone) for other in ways)


def _restored(way: _Way) -> tuple[str, str]:
    """The same, granted to the role itself."""
    name = way.entry.name if way.entry else "EXECUTE" if way.on.startswith("ROUTINE ") else "SELECT"
    column = f" ({way.entry.column})" if way.entry and way.entry.column else ""
    who = quoted(way.who)
    return f"GRANT USAGE ON {way.schema} TO {who}", f"GRANT {name}{column} ON {way.on} TO {who}"


class _Table:
    """Who reads one table."""

    def __init__(self, facts: DatabaseGrants) -> None:
        self.facts = facts
        self.book = Book(facts)
        self.roles = {role.name: role for role in facts.roles}
        self.relations = {relation.id: relation for relation in facts.relations}
        self.main = self.relations[facts.table]
        self.things: tuple[Relation | Routine, ...] = (*facts.relations, *facts.routines)

    @cached_property
    def _entries(self) -> dict[tuple[str, str], list[Privilege]]:
        found: dict[tuple[str, str], list[Privilege]] = {}
        for entry in self.facts.privileges:
            found.setdefault((entry.on, entry.name), []).append(entry)
        return found

    def ways(self) -> Iterator[_Way]:
        """All ways of all roles that can log in."""
        for name in sorted(role.name for role in self.facts.roles if role.login):
            yield from self.ways_of(name)

    def makers(self) -> set[str]:
        """Owners of views and functions who cannot log in: what they made works by what they read."""
        return {thing.owner for thing in self.things if not self.role(thing.owner).login}

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

    def role(self, name: str) -> Role:
        """A role; one that nobody knows may nothing."""
        return self.roles.get(name, Role(name=name))

    def _worn(self, name: str, hat: Hat, book: Book) -> Iterator[_Way]:
        """Ways of a role that acts as one that it can become."""
        held = book.held(hat.name)
        yield from self._attributes(name, hat)
        for role, says in _SERVER.items():
            if role in held:
                yield self._way(name, (*hat.chain, *held[role]), (says,), self.main)
        if not self._connects(name):
            return
        if _ALL_DATA in held:
            yield self._way(name, (*hat.chain, *held[_ALL_DATA]), ("reads every table",), self.main)
        for thing in self.things:
            certain = self._gives(thing, hat.name)
            if certain and self._has("USAGE", thing.schema_name, hat.name):
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
            yield self._way(name, chain, (f"owner of {thing.id}", *relayed), thing, certain == _SURE, owner=True)
        for entry in self._entries.get((thing.id, _verb(thing)), ()):
            if entry.grantee == thing.owner or (entry.grantee != PUBLIC and entry.grantee not in held):
                continue
            # What everybody may, nobody becomes somebody else for, unless only that one gets as far as the schema.
            if entry.grantee == PUBLIC and hat.chain and self._has("USAGE", thing.schema_name, name):
                continue
            chain = (*hat.chain, *held.get(entry.grantee, ()))
            yield self._way(name, chain, (_said(entry), *relayed), thing, certain == _SURE, entry=entry)

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
            return Undo(f"ALTER ROLE {quoted(name)} NO{attribute}")
        if owner and not chain and thing.owner != self.main.owner:
            return Undo.of_ownership(thing.id, self.main.owner)
        return Undo(f"ALTER ROLE {quoted(name)} NOLOGIN")

    def _relayed(self, thing: Relation | Routine) -> tuple[str, ...]:
        if isinstance(thing, Routine):
            return (f"acts as {thing.owner}",)
        if thing.kind is RelationKind.TABLE:
            return ()
        return (f"{thing.kind}, as {thing.owner}",)

    def _connects(self, name: str) -> bool:
        return self._has("CONNECT", self.facts.database, name)

    def _has(self, verb: str, on: str, user: str) -> bool:
        held = self.book.held(user)
        if self.role(user).superuser or (verb == "USAGE" and _ALL_DATA in held):
            return True
        return any(entry.grantee == PUBLIC or entry.grantee in held for entry in self._entries.get((on, verb), ()))

    def _gives(self, thing: Relation | Routine, user: str) -> int:
        """Whether somebody who is let at a relation, or at a function, sees rows of the table."""
        if isinstance(thing, Routine):
            best = max(self._called(relation, thing) for relation in self.facts.relations)
            return best if thing.mentions else min(best, _MAY)
        if thing.kind is RelationKind.COPY:
            return _SURE
        if thing.kind is RelationKind.TABLE:
            return self._rows(thing, user)
        # What a view with its reader's own privileges shows, he reads without it.
        return _NO if thing.invoker else max((self._opened(below, thing.owner) for below in thing.over), default=_NO)

    def _called(self, relation: Relation, routine: Routine) -> int:
        """The same inside a function, which gets as far as its owner does."""
        if not routine.parsed and not self._has("USAGE", relation.schema_name, routine.owner):
            return _NO
        return self._opened(relation.id, routine.owner)

    def _opened(self, on: str, user: str) -> int:
        """Whether a role's own privileges let it at a relation, and what it sees there."""
        relation, held = self.relations[on], self.book.held(user)
        if relation.kind is RelationKind.VIEW and relation.invoker:
            seen = max((self._opened(below, user) for below in relation.over), default=_NO)
        else:
            seen = self._gives(relation, user)
        if self.role(user).superuser or relation.owner in held or _ALL_DATA in held:
            return seen
        entries = [one for one in self._entries.get((on, "SELECT"), ()) if one.grantee in {PUBLIC, *held}]
        if not entries:
            return _NO
        return seen if any(not one.column for one in entries) else min(seen, _MAY)

    def _rows(self, table: Relation, user: str) -> int:
        """What row security leaves: all, what a policy chooses, or nothing."""
        role, held = self.role(user), self.book.held(user)
        if not table.row_security or role.superuser or role.bypassrls or table.owner in held:
            return _SURE
        policies = [policy for policy in self.facts.policies if policy.on == table.id]
        return _MAY if any({PUBLIC, *held} & {*policy.roles} for policy in policies) else _NO


def _verb(thing: Relation | Routine) -> str:
    return "EXECUTE" if isinstance(thing, Routine) else "SELECT"


def _said(entry: Privilege) -> str:
    column = f" ({entry.column})" if entry.column else ""
    whom = "PUBLIC" if entry.grantee == PUBLIC else entry.grantee
    return f"{entry.name}{column} on {entry.on}, granted to {whom} by {entry.grantor}"
