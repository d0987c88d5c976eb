"""The memberships of PostgreSQL: by which a role comes to the privileges of others."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from airflow_mlsecops.core.database_grants import DatabaseGrants, Membership

Chain = tuple["Step", ...]


class Step(NamedTuple):
    """One membership on the way, and how it is used; ``given`` where it is made first, by who may."""

    edge: Membership
    text: str
    given: bool = False


class Hat(NamedTuple):
    """A role that somebody acts as, and how he came to it."""

    name: str
    chain: Chain


class Book:
    """The memberships of a server, by member."""

    def __init__(self, facts: DatabaseGrants) -> None:
        self._held: dict[str, dict[str, Chain]] = {}
        self._gained: dict[str, dict[str, Chain]] = {}
        self._of: Mapping[str, list[Membership]] = defaultdict(list)
        for edge in facts.memberships:
            self._of[edge.member].append(edge)

    def of(self, member: str) -> list[Membership]:
        """What a role is a member of."""
        return self._of.get(member, [])

    def held(self, name: str) -> dict[str, Chain]:
        """Roles whose privileges a role has without asking, each by the shortest way; itself among them."""
        if name not in self._held:
            self._held[name] = self._inherited(name)
        return self._held[name]

    def gained(self, name: str) -> dict[str, Chain]:
        """The same with what it may first grant itself: of that it has the privileges beside those of its own."""
        if name not in self._gained:
            self._gained[name] = self._inherited(name, given=True)
        return self._gained[name]

    def _inherited(self, name: str, *, given: bool = False) -> dict[str, Chain]:
        found: dict[str, Chain] = {name: ()}
        queue = deque([name])
        while queue:
            holder = queue.popleft()
            for edge in self.of(holder):
                if edge.inherit and edge.role not in found:
                    found[edge.role] = (*found[holder], Step(edge, f"member of {edge.role}"))
                    queue.append(edge.role)
                elif given and edge.admin and edge.role not in found:
                    found[edge.role] = (*found[holder], _granting(edge))
                    queue.append(edge.role)
        return found

    def hats(self, name: str) -> Iterator[Hat]:
        """Whom a role may act as: itself, by SET ROLE, and whatever it may first make itself a member of.

        SET ROLE asks for the session's role, every membership between with the SET option. Whoever has ADMIN OPTION,
        also by inheritance, grants himself the role with whatever options he likes.
        """
        found = {name: Hat(name, ())}
        queue = deque(found.values())
        while queue:
            hat = queue.popleft()
            yield hat
            for edge, chain in self._next(hat):
                if edge.role not in found:
                    found[edge.role] = Hat(edge.role, chain)
                    queue.append(found[edge.role])

    def _next(self, hat: Hat) -> Iterator[tuple[Membership, Chain]]:
        for holder, inherited in self.held(hat.name).items():
            for edge in self.of(holder):
                if edge.set and holder == hat.name:
                    yield edge, (*hat.chain, Step(edge, f"SET ROLE {edge.role}"))
                elif edge.admin:
                    yield edge, (*hat.chain, *inherited, _granting(edge))


def _granting(edge: Membership) -> Step:
    return Step(edge, f"grants itself {edge.role} (ADMIN OPTION)", given=True)


class Only(Book):
    """The same memberships, of which one role is left with one, or with none."""

    def __init__(self, whole: Book, member: str, edge: Membership | None) -> None:
        self._whole, self._member, self._left = whole, member, [] if edge is None else [edge]
        self._held, self._gained = {}, {}

    def of(self, member: str) -> list[Membership]:
        """What a role is a member of."""
        return self._left if member == self._member else self._whole.of(member)

    def held(self, name: str) -> dict[str, Chain]:
        """Roles whose privileges a role has without asking: whom the one does not stand between, has them as before."""
        before = self._whole.held(name)
        return super().held(name) if self._member in before else before

    def gained(self, name: str) -> dict[str, Chain]:
        """The same with what it may first grant itself."""
        before = self._whole.gained(name)
        return super().gained(name) if self._member in before else before
