"""Commands that lock files otherwise, each with what the machine says after it.

Each was tried against the real tools; ``setfacl`` is told to let the mask be (``-n``) wherever nobody is added, because
it would otherwise give back what the mask held off. https://man7.org/linux/man-pages/man1/setfacl.1.html
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from enum import Enum, auto

from airflow_mlsecops.checks.grants._file_sight import Sight
from airflow_mlsecops.core.file_grants import READ, Account, AclEntry, FileGrants, FileWay, Lock

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
