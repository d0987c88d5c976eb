"""What a role of PostgreSQL sees of a table, given what it may."""

from __future__ import annotations

from collections.abc import Container
from functools import cached_property

from airflow_mlsecops.checks.grants._postgres_roles import Book
from airflow_mlsecops.core.database_grants import (
    PUBLIC,
    DatabaseGrants,
    Privilege,
    Relation,
    RelationKind,
    Role,
    Routine,
    RoutineKind,
)
from airflow_mlsecops.core.unseen import NotObserved

ALL_DATA = "pg_read_all_data"
WRITES_ALL = "pg_write_all_data"
NO, MAY, SURE = 0, 1, 2


class Sight:
    """Who sees what of one table and its views."""

    def __init__(self, facts: DatabaseGrants) -> None:
        self.facts = facts
        self.book = Book(facts)
        self.roles = {role.name: role for role in facts.roles}
        self.relations = {relation.id: relation for relation in facts.relations}
        self.main = self.relations[facts.table]
        self.things: tuple[Relation | Routine, ...] = (*facts.relations, *facts.routines)
        self._let: dict[tuple[str, str, str], bool] = {}
        self._given: dict[tuple[str, str], int] = {}

    @property
    def defaults(self) -> tuple[Privilege, ...]:
        """What tables to come will be born with, as far as somebody saw it."""
        return () if isinstance(self.facts.defaults, NotObserved) else self.facts.defaults

    @cached_property
    def entries(self) -> dict[tuple[str, str], list[Privilege]]:
        """Access lists, by what they are of and the privilege."""
        found: dict[tuple[str, str], list[Privilege]] = {}
        for entry in (*self.facts.privileges, *self.defaults):
            found.setdefault((entry.on, entry.name), []).append(entry)
        return found

    def role(self, name: str) -> Role:
        """A role; one that nobody knows may nothing."""
        return self.roles.get(name) or Role(name=name)

    def connects(self, name: str) -> bool:
        """Whether a role that logs in gets into the database; of one that does not, nothing is asked.

        From another database it may first grant itself a role that gets in.
        """
        if not self.role(name).login or self.has("CONNECT", self.facts.database, name):
            return True
        given = (hat.name for hat in self.book.hats(name) if any(step.given for step in hat.chain))
        return any(self.has("CONNECT", self.facts.database, one) for one in given)

    def has(self, verb: str, on: str, user: str) -> bool:
        """Whether a role's own privileges let it into a schema, or the database."""
        key = (verb, on, user)
        if key not in self._let:
            self._let[key] = self._has(*key)
        return self._let[key]

    def _has(self, verb: str, on: str, user: str) -> bool:
        return self.role(user).superuser or self.lets(verb, on, self.book.held(user))

    def lets(self, verb: str, on: str, held: Container[str]) -> bool:
        """Whether the privileges of some roles together let into a schema, or the database."""
        if verb == "USAGE" and ALL_DATA in held:
            return True
        return any(entry.grantee == PUBLIC or entry.grantee in held for entry in self.entries.get((on, verb), ()))

    def gives(self, thing: Relation | Routine, user: str) -> int:
        """Whether somebody who is let at a relation, or at a function, sees rows of the table."""
        own = isinstance(thing, Relation) and (thing.kind is RelationKind.TABLE or thing.invoker)
        key = (thing.id, user if own else "")  # whom the others show rows is their owner's affair
        if key not in self._given:
            self._given[key] = self._gives(thing, user)
        return self._given[key]

    def _gives(self, thing: Relation | Routine, user: str) -> int:
        if isinstance(thing, Routine):
            return self._calls[thing.id]
        if thing.kind in (RelationKind.COPY, RelationKind.STATISTICS, RelationKind.LONG_VALUES):
            return SURE
        if thing.kind is RelationKind.TABLE:
            return self._rows(thing, user)
        if not thing.invoker:
            return max((self._opened(below, thing.owner) for below in thing.over), default=NO)
        # What a view with its reader's own privileges shows, he reads without it, if he gets into the schema below.
        shut = (below for below in thing.over if not self.has("USAGE", self.relations[below].schema_name, user))
        return max((self._opened(below, user) for below in shut), default=NO)

    @cached_property
    def _calls(self) -> dict[str, int]:
        """What functions show that act as their owner, by their own reading or by calling one that does."""
        found = {one.id: self._direct(one) for one in self.facts.routines}
        owners = {one.owner for one in self.facts.routines}
        called = [one for one in self.facts.routines if one.kind is not RoutineKind.TRIGGER]
        reached = {owner: [one for one in called if self.executes(one, owner)] for owner in owners}
        grown = True
        while grown:
            relay = [one for one in self.facts.routines if not found[one.id]]
            more = [one.id for one in relay if any(found[below.id] for below in reached[one.owner])]
            found |= dict.fromkeys(more, MAY)
            grown = bool(more)
        return found

    def _direct(self, routine: Routine) -> int:
        if routine.kind is RoutineKind.AGGREGATE:
            return NO
        best = max(self._called(relation, routine) for relation in self.facts.relations)
        return best if routine.mentions and routine.kind is RoutineKind.FUNCTION else min(best, MAY)

    def executes(self, routine: Routine, user: str) -> bool:
        """Whether a role may call a function, by its name or by what calls it."""
        held = self.book.held(user)
        entries = self.entries.get((routine.id, "EXECUTE"), ())
        may = routine.owner in held or any(entry.grantee in {PUBLIC, *held} for entry in entries)
        return may and (routine.used or self.has("USAGE", routine.schema_name, user))

    def writes(self, relation: Relation, held: Container[str]) -> bool:
        """Whether the privileges of some roles let change or delete rows, of which a trigger is then told."""
        entries = (one for verb in ("UPDATE", "DELETE") for one in self.entries.get((relation.id, verb), ()))
        return WRITES_ALL in held or any(entry.grantee == PUBLIC or entry.grantee in held for entry in entries)

    def _called(self, relation: Relation, routine: Routine) -> int:
        """The same inside a function, which gets as far as its owner does."""
        if not routine.parsed and not self.has("USAGE", relation.schema_name, routine.owner):
            return NO
        return self._opened(relation.id, routine.owner)

    def _opened(self, on: str, user: str) -> int:
        """Whether a role's own privileges let it at a relation, and what it sees there."""
        relation, held = self.relations[on], self.book.held(user)
        if relation.kind is RelationKind.VIEW and relation.invoker:
            seen = max((self._opened(below, user) for below in relation.over), default=NO)
        else:
            seen = self.gives(relation, user)
        if self.role(user).superuser or relation.owner in held or ALL_DATA in held:
            return seen
        entries = [one for one in self.entries.get((on, "SELECT"), ()) if one.grantee in {PUBLIC, *held}]
        if not entries:
            return NO
        return seen if any(not one.column for one in entries) else min(seen, MAY)

    def _rows(self, table: Relation, user: str) -> int:
        """What row security leaves: all, what a policy chooses, or nothing."""
        role, held = self.role(user), self.book.held(user)
        if not table.row_security or role.superuser or role.bypassrls or table.owner in held:
            return SURE
        policies = [policy for policy in self.facts.policies if policy.on == table.id]
        return MAY if any({PUBLIC, *held} & {*policy.roles} for policy in policies) else NO
