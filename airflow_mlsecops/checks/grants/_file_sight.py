"""Whom a machine lets read which files, and as what; as Linux decides it.

The first class that fits decides, and no later one helps: owner, users that the access list names, groups (each of them
may grant), others. https://man7.org/linux/man-pages/man5/acl.5.html. Where the mask is empty, Linux does not look at
the access list at all, so whom it names is one of the others: ``acl_permission_check`` in fs/namei.c.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from airflow_mlsecops.core.file_grants import PASS, READ, Account, FileGrants, FileWay, Lock
from airflow_mlsecops.core.grant import Allowed
from airflow_mlsecops.core.unseen import NotObserved

ROOT, EVERYBODY = "user:root", "*"


class Tag(StrEnum):
    """As what somebody is let through."""

    OWNER = "owner"
    USER = "user"
    OWNING = "owning group"
    GROUP = "group"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Entry:
    """What lets somebody through.

    :param chmod: whether the owner has not the bit, but may set it
    """

    tag: Tag
    id: int = -1
    chmod: bool = False

    @property
    def is_group(self) -> bool:
        return self.tag in (Tag.OWNING, Tag.GROUP)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may come: an account, whoever may be in a group, or everybody who is none of these.

    :param maybe: groups that it may be in, too
    :param through: the group that it stands for: it counts where this lets it through and others are not let
    :param real: false where not even its being there is known
    """

    principal: str
    uid: int | None = None
    gids: frozenset[int] = frozenset()
    maybe: frozenset[int] = frozenset()
    through: int | None = None
    real: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """One person who reads the files of one way; ``steps`` lets it through the folders, ``last`` read the file."""

    person: Person
    way: FileWay
    steps: tuple[Entry, ...]
    last: Entry
    sure: bool

    @property
    def around(self) -> bool:
        """True if it comes to the file by folders that nobody saw."""
        return not self.steps


class Sight:
    """Who reads what, given the facts."""

    def __init__(self, facts: FileGrants) -> None:
        self.facts = facts
        locks = [lock for way in facts.ways for lock in (way.file, *(folder.lock for folder in way.folders))]
        self._uids = {lock.uid for lock in locks} | {e.id for lock in locks for e in lock.named if not e.group}
        self._gids = frozenset(gid for lock in locks for gid in _gids(lock))
        self.unseen = {group.gid: group.unseen.why for group in facts.groups if group.unseen}
        self._open = self._gids.intersection(self.unseen)
        self.group_names = {group.gid: group.name for group in facts.groups}
        self.user_names = {a.uid: a.name for a in reversed(facts.accounts) if a.uid is not None}
        self._decided: dict[tuple[Lock, int, Person], tuple[Entry | None, bool]] = {}

    @cached_property
    def people(self) -> dict[str, list[Person]]:
        """Everybody but the superuser, by principal: accounts that differ from others, groups that may have more."""
        found: dict[str, list[Person]] = {EVERYBODY: [Person(EVERYBODY)]}
        for account in self.facts.accounts:
            person = self.person(account)
            if person.uid != 0 and (person.uid in self._uids or person.gids or person.maybe):
                found.setdefault(person.principal, []).append(person)
        for gid in sorted(self._open):
            name = f"group:{self.group_names[gid]}"
            one = Person(name, gids=frozenset((gid,)), maybe=self._open - {gid}, through=gid, real=False)
            found.setdefault(name, []).append(one)
        return found

    def person(self, account: Account) -> Person:
        """An account, with those of its groups that decide something."""
        name = f"user:{account.name}"
        if isinstance(account.groups, NotObserved):
            return Person(name, account.uid, maybe=self._gids)
        gids = self._gids & {*account.groups, account.primary}
        return Person(name, account.uid, gids, real=account.uid is not None)

    def ways(self, people: Iterable[Person]) -> Iterator[Found]:
        """What some people read."""
        for person in people:
            for way in self.facts.ways:
                found = self.found(person, way)
                if found and (person.through is None or self._needs(found, person.through)):
                    yield found

    def found(self, person: Person, way: FileWay) -> Found | None:
        """How a person reads the files of a way; none if it does not."""
        last, certain = self._decide(way.file, READ, person)
        if last is None:
            return None
        steps = [self._decide(folder.lock, PASS, person) for folder in way.folders]
        entries = tuple(entry for entry, _ in steps if entry)
        if len(entries) == len(steps):
            return Found(person, way, entries, last, person.real and certain and all(sure for _, sure in steps))
        return Found(person, way, (), last, sure=False) if way.elsewhere else None

    def told(self, found: Found, allowed: Allowed) -> str:
        """Who a reader is to the policy: whoever reads as a member of a group that it lets is that group."""
        group = f"group:{self.group_names.get(found.last.id, '')}"
        return group if found.last.is_group and allowed.lets(group) else found.person.principal

    def _needs(self, found: Found, gid: int) -> bool:
        locks = [folder.lock for folder in found.way.folders][: len(found.steps)]
        pairs = [*zip(locks, found.steps, [PASS] * len(locks), strict=True), (found.way.file, found.last, READ)]
        return any(entry.is_group and entry.id == gid and not lock.mode & need for lock, entry, need in pairs)

    def _decide(self, lock: Lock, need: int, person: Person) -> tuple[Entry | None, bool]:
        key = (lock, need, person)
        if key not in self._decided:
            self._decided[key] = _decided(lock, need, person)
        return self._decided[key]


def _decided(lock: Lock, need: int, person: Person) -> tuple[Entry | None, bool]:
    """What lets a person through, if anything may, and whether it surely does."""
    if person.uid == lock.uid:
        return Entry(Tag.OWNER, lock.uid, chmod=not lock.mode >> 6 & need), True
    own = next((e for e in lock.named if not e.group and e.id == person.uid), None)
    if own and mask(lock):
        return (Entry(Tag.USER, own.id), True) if own.may & mask(lock) & need else (None, True)
    more = [frozenset[int](), *(frozenset((gid,)) for gid in sorted(person.maybe & _gids(lock)))]
    outcomes = [_of_groups(lock, need, person.gids | one) for one in more]
    return next(filter(None, outcomes), None), all(outcomes)


def _of_groups(lock: Lock, need: int, gids: frozenset[int]) -> Entry | None:
    """What lets somebody of some groups through: any group that fits may, and where one fits others do not count."""
    fitting = [(entry, may) for entry, may in _groups(lock) if entry.id in gids]
    if fitting:
        return next((entry for entry, may in fitting if may & need), None)
    return Entry(Tag.OTHER) if lock.mode & need else None


def _groups(lock: Lock) -> Iterator[tuple[Entry, int]]:
    bits = lock.mode >> 3 & 7
    yield Entry(Tag.OWNING, lock.gid), bits if lock.owning is None else lock.owning & bits
    if mask(lock):
        yield from ((Entry(Tag.GROUP, e.id), e.may & mask(lock)) for e in lock.named if e.group)


def _gids(lock: Lock) -> set[int]:
    return {lock.gid, *(entry.id for entry in lock.named if entry.group)}


def mask(lock: Lock) -> int:
    """What an access list lets those that it names have at most; nothing where there is none."""
    return 0 if lock.owning is None else lock.mode >> 3 & 7
