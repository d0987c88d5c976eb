"""The command that ends one way to read files, and how the files are locked after it.

Each was tried against the real tools; ``setfacl`` is told to let the mask be (``-n``) wherever nobody is added, because
it would otherwise give back what the mask held off. https://man7.org/linux/man-pages/man1/setfacl.1.html
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, replace
from enum import Enum, auto

from airflow_mlsecops.checks.grants._file_sight import Entry, Found, Sight, Tag
from airflow_mlsecops.core.file_grants import READ, Account, AclEntry, FileGrants, FileWay, Lock
from airflow_mlsecops.core.grant import Allowed

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*\$?")


class Act(Enum):
    """What a command does."""

    TO_ROOT = auto()
    DROP_USER = auto()
    DROP_GROUP = auto()
    CLOSE_GROUP = auto()
    CLOSE_OTHERS = auto()
    LEAVE = auto()


@dataclass(frozen=True, slots=True)
class Undo:
    """One command.

    :param root: the file, or the folder in which every file is changed
    :param id: the user or group it is about
    :param name: the user that leaves a group
    :param acl: whether some file has an access list, where chmod would change its mask
    :param bits: what the owning group has afterwards, where there are access lists
    :param keep: users who are named first, for they would lose what they may
    """

    act: Act
    root: str = ""
    single: bool = False
    id: int = -1
    name: str = ""
    acl: bool = False
    bits: int = 0
    keep: tuple[int, ...] = ()

    def applied(self, facts: FileGrants) -> FileGrants:
        """What the machine says after the command."""
        if self.act is Act.LEAVE:
            return _left(facts, self.name, self.id)
        ways = tuple(
            way.model_copy(update={"file": self._lock(way.file)}) if self.covers(way) else way for way in facts.ways
        )
        return facts.model_copy(update={"ways": ways})

    def covers(self, way: FileWay) -> bool:
        """True if it changes the files of a way."""
        within = way.root == self.root or way.root.startswith(self.root.rstrip("/") + "/")
        if self.act is Act.TO_ROOT:
            return within and way.file.uid == self.id
        if self.act is Act.CLOSE_GROUP:
            return within and way.file.gid == self.id
        return within and (self.act is not Act.CLOSE_OTHERS or bool(way.file.mode & READ))

    def _lock(self, lock: Lock) -> Lock:
        if self.act is Act.TO_ROOT:
            # As the kernel does when a file is given away.
            return lock.model_copy(update={"uid": 0, "mode": lock.mode & ~(0o6000 if lock.mode & 0o010 else 0o4000)})
        if self.act is Act.CLOSE_OTHERS:
            lock = lock.model_copy(update={"mode": lock.mode & ~READ})
        elif self.act is Act.CLOSE_GROUP and not self._lists:
            return lock.model_copy(update={"mode": lock.mode & ~(READ << 3)})
        elif self.act is Act.CLOSE_GROUP and lock.owning is None:
            lock = lock.model_copy(update={"mode": lock.mode & ~0o070 | self.bits << 3})
        elif self.act is Act.CLOSE_GROUP:
            lock = lock.model_copy(update={"owning": self.bits})
        elif lock.named:
            gone = (self.act is Act.DROP_GROUP, self.id)
            lock = lock.model_copy(update={"named": tuple(e for e in lock.named if (e.group, e.id) != gone)})
        return _keeping(lock, self.keep) if self.keep else lock

    @property
    def _lists(self) -> bool:
        return self.acl or bool(self.keep)

    def text(self, sight: Sight) -> str:
        """The command, whole; a shell takes no other meaning out of any name."""
        if self.act is Act.LEAVE:
            return f"gpasswd -d {shlex.quote(self.name)} {shlex.quote(sight.group_names[self.id])}"
        test, steps = self._steps(sight)
        if self.single:
            return " && ".join(f"{step} -- {shlex.quote(self.root)}" for step in steps)
        runs = " ".join(f"-exec {step} -- {{}} +" for step in steps)
        return " ".join(filter(None, ("find", shlex.quote(self.root), "-type f", test, runs)))

    def _steps(self, sight: Sight) -> tuple[str, list[str]]:
        named = ",".join(f"u:{_called(uid, sight.user_names)}:r" for uid in self.keep)
        user, group = _called(self.id, sight.user_names), _called(self.id, sight.group_names)
        if self.act is Act.TO_ROOT:
            return f"-user {user}", ["chown root"]
        if self.act is Act.CLOSE_OTHERS:
            return "-perm -o=r", [*([f"setfacl -m {named}"] if named else []), "chmod o-r"]
        if self.act is Act.CLOSE_GROUP:
            if not self._lists:
                return f"-group {group}", ["chmod g-r"]
            entries = ",".join(filter(None, (named, f"g::{_letters(self.bits)}")))
            return f"-group {group}", [f"setfacl {'' if named else '-n '}-m {entries}"]
        entry = f"u:{user}" if self.act is Act.DROP_USER else f"g:{group}"
        return "", [f"setfacl -m {named} -x {entry}" if named else f"setfacl -n -x {entry}"]


class Ends:
    """What ends each way of somebody who is not allowed, and takes nothing from who is."""

    def __init__(self, sight: Sight, allowed: Allowed) -> None:
        self.sight, self.facts = sight, sight.facts
        kept = [account for account in self.facts.accounts if allowed.lets(f"user:{account.name}")]
        self._kept = [sight.person(account) for account in kept if account.uid]
        self._kept_uids = {account.uid for account in kept}
        self._accounts = {f"user:{account.name}": account for account in self.facts.accounts}
        self._listed = {group.gid: set(group.listed) for group in self.facts.groups}
        self._serving: set[int] | None = None
        self._whole: dict[tuple[Entry, str], Undo] = {}

    def of(self, found: Found) -> Undo | None:
        """The command against one way; none where nothing ends it: two names of one number are never told apart."""
        last, way = found.last, found.way
        if last.tag in (Tag.OWNER, Tag.USER) and last.id in self._kept_uids:
            return None
        if last.is_group and self._leaves(found.person.principal, last.id) and last.id in self._serves():
            return Undo(Act.LEAVE, id=last.id, name=found.person.principal.removeprefix("user:"))
        if (last, way.root) not in self._whole:
            self._whole[last, way.root] = self._measured(Undo(_ACTS[last.tag], way.root, way.single, last.id))
        return self._whole[last, way.root]

    def _leaves(self, principal: str, gid: int) -> bool:
        """True if a user can be taken out of a group."""
        account = self._accounts.get(principal)
        return bool(account and account.primary != gid and account.name in self._listed.get(gid, ()))

    def _serves(self) -> set[int]:
        """Groups by which somebody allowed reads."""
        if self._serving is None:
            self._serving = {way.last.id for way in self.sight.ways(self._kept) if way.last.is_group}
        return self._serving

    def _measured(self, undo: Undo) -> Undo:
        """With what the owning group of every file keeps, never more than it has; and who is to be named first."""
        if undo.act is Act.CLOSE_GROUP:
            locks = [way.file for way in self.facts.ways if undo.covers(way)]
            bits = 7 & ~READ
            for lock in locks:
                bits &= lock.mode >> 3 & 7 if lock.owning is None else lock.owning
            undo = replace(undo, bits=bits, acl=any(lock.owning is not None for lock in locks))
        return replace(undo, keep=self._losers(undo))

    def _losers(self, undo: Undo) -> tuple[int, ...]:
        """Who is allowed, reads now, and would not after a command."""
        after = Sight(undo.applied(self.facts))
        pairs = zip(self.facts.ways, after.facts.ways, strict=True)
        changed = [(old, new) for old, new in pairs if old.file != new.file]
        lost = {
            person.uid
            for person in self._kept
            if any(self.sight.found(person, old) and not after.found(person, new) for old, new in changed)
        }
        return tuple(sorted(uid for uid in lost if uid is not None))


_ACTS = {
    Tag.OWNER: Act.TO_ROOT,
    Tag.USER: Act.DROP_USER,
    Tag.GROUP: Act.DROP_GROUP,
    Tag.OWNING: Act.CLOSE_GROUP,
    Tag.OTHER: Act.CLOSE_OTHERS,
}


def _left(facts: FileGrants, name: str, gid: int) -> FileGrants:
    def without(account: Account) -> Account:
        if account.name != name or not isinstance(account.groups, tuple):
            return account
        return account.model_copy(update={"groups": tuple(one for one in account.groups if one != gid)})

    groups = tuple(
        group.model_copy(update={"listed": tuple(one for one in group.listed if one != name)})
        if group.gid == gid
        else group
        for group in facts.groups
    )
    return facts.model_copy(update={"accounts": tuple(map(without, facts.accounts)), "groups": groups})


def _keeping(lock: Lock, uids: tuple[int, ...]) -> Lock:
    """As ``setfacl -m`` leaves it: the mask becomes all that anybody whom it holds off has."""
    owning = lock.mode >> 3 & 7 if lock.owning is None else lock.owning
    others = (entry for entry in lock.named if entry.group or entry.id not in uids)
    named = (*others, *(AclEntry(group=False, id=uid, may=READ) for uid in uids))
    bits = owning
    for entry in named:
        bits |= entry.may
    return lock.model_copy(update={"named": named, "owning": owning, "mode": lock.mode & ~0o070 | bits << 3})


def _called(number: int, names: dict[int, str]) -> str:
    """A name where a tool can mean nothing else by it, else the number."""
    name = names.get(number, "")
    return name if _PLAIN.fullmatch(name) else str(number)


def _letters(bits: int) -> str:
    return "".join(letter for letter, bit in (("r", 4), ("w", 2), ("x", 1)) if bits & bit) or "-"
