"""Which command ends a way to read files of somebody who is not allowed, and takes nothing from who is."""

from __future__ import annotations

from dataclasses import replace

from airflow_mlsecops.checks.grants._file_sight import Entry, Found, Sight, Tag
from airflow_mlsecops.checks.grants._file_undo import Act, Undo
from airflow_mlsecops.core.file_grants import READ
from airflow_mlsecops.core.grant import Allowed


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
