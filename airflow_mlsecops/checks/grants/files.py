"""Every way by which a user of a machine reads files of a dataset, and the command that ends each.

An account that owns a file, is named by its access list, or is in a group that locks something is told by itself;
``*`` is everybody else. An owner who has no right gives it to itself; of a folder too. Members of a group that the
policy lets are told as the group. A number without a name is ``#1234``.
https://man7.org/linux/man-pages/man7/path_resolution.7.html
"""

from __future__ import annotations

from collections.abc import Iterator

from airflow_mlsecops.checks.grants._file_ends import Ends
from airflow_mlsecops.checks.grants._file_sight import EVERYBODY, ROOT, Entry, Found, Sight, Tag, mask
from airflow_mlsecops.checks.grants._file_undo import Undo
from airflow_mlsecops.core.file_grants import FileGrants, Lock
from airflow_mlsecops.core.grant import Allowed, Grant, Kind, Readers
from airflow_mlsecops.core.words import printable


def readers(facts: FileGrants, allowed: Allowed) -> Readers:
    """Who reads at least one file of a dataset, how, and what keeps it to those allowed.

    Commands are for root, and go by what was seen: sessions that are open keep their groups, files that are written
    later come with modes of their own. Somebody whom a mask held off may read until the next command.
    """
    return Readers(
        grants=(*_superusers(facts, allowed), *_grants(Sight(facts), allowed)),
        hidden=tuple(_hidden(facts)),
        commands=_commands(facts, allowed),
    )


def _superusers(facts: FileGrants, allowed: Allowed) -> Iterator[Grant]:
    names = sorted({ROOT, *(f"user:{account.name}" for account in facts.accounts if account.uid == 0)} - {"user:#0"})
    for name in names:
        yield Grant(principal=name, kind=_kind(name, allowed), how=("superuser of this machine",))


def _grants(sight: Sight, allowed: Allowed) -> Iterator[Grant]:
    """One for each thing that lets one principal read under one root, told by the first file that it fits."""
    found: dict[tuple[object, ...], list[Found]] = {}
    for people in sight.people.values():
        for way in sight.ways(people):
            key = (sight.told(way, allowed), way.way.root, way.last, _special(way), way.sure)
            found.setdefault(key, []).append(way)
    strangers, kept = Ends(sight, allowed), Ends(sight, Allowed())
    for (name, *_), ways in sorted(found.items(), key=lambda item: str(item[0][0])):
        ends = kept if allowed.lets(str(name)) else strangers
        yield _grant(str(name), ways, ends, allowed)


def _grant(name: str, ways: list[Found], ends: Ends, allowed: Allowed) -> Grant:
    first, undo = ways[0], ends.of(ways[0])
    # Each member of an allowed group comes by the same files.
    files = sum({id(way.way): way.way.files for way in ways}.values())
    return Grant(
        principal=printable(name),
        kind=_kind(name, allowed),
        sure=first.sure,
        how=tuple(_how(ends.sight, first, files, name)),
        undo=undo.text(ends.sight) if undo else "",
    )


def _kind(principal: str, allowed: Allowed) -> Kind:
    return Kind.ANYBODY if principal == EVERYBODY else allowed.kind(principal)


def _special(found: Found) -> tuple[tuple[int, Entry], ...]:
    """Folders that do not let just anybody pass; told by their place on the way."""
    return tuple((index, step) for index, step in enumerate(found.steps) if step.tag is not Tag.OTHER)


def _how(sight: Sight, found: Found, files: int, name: str) -> Iterator[str]:
    yield from _as(sight, found, name)
    if found.around:
        yield f"comes by other folders, which were not seen: {found.way.elsewhere}"
    for index, step in _special(found):
        folder = found.way.folders[index]
        yield _step(sight, step, "pass", folder.path, folder.lock)
    within = f"{files:,} files in" if files > 1 else "a file in"
    place = found.way.root if found.way.single else f"{within} {found.way.root}"
    yield _step(sight, found.last, "read", place, found.way.file)


def _as(sight: Sight, found: Found, name: str) -> Iterator[str]:
    """As whom a principal comes: as a member of groups that let it through."""
    if name.startswith("user:"):
        for gid in dict.fromkeys(step.id for step in (*found.steps, found.last) if step.is_group):
            yield f"{'member' if gid in found.person.gids else 'may be a member'} of group {_group(sight, gid)}"
        if not found.person.real:
            yield "no account of that name was seen"
    elif name == found.person.principal and found.person.through is not None:
        yield f"whoever is a member, and not listed here: {sight.unseen[found.person.through]}"
    elif name.startswith("group:"):
        yield "whoever is a member"


def _step(sight: Sight, entry: Entry, verb: str, place: str, lock: Lock) -> str:
    mode = f"(mode {lock.mode:04o}{', access list' if mask(lock) else ''})"
    return f"{_who(sight, entry)} may {'let itself ' if entry.chmod else ''}{verb} {printable(place)} {mode}"


def _who(sight: Sight, entry: Entry) -> str:
    if entry.tag is Tag.OTHER:
        return "everybody else"
    if entry.tag is Tag.OWNER:
        return f"owner {printable(sight.user_names.get(entry.id, f'#{entry.id}'))}"
    if entry.tag is Tag.USER:
        return f"user {printable(sight.user_names.get(entry.id, f'#{entry.id}'))}"
    return f"group {_group(sight, entry.id)}"


def _group(sight: Sight, gid: int) -> str:
    return printable(sight.group_names.get(gid, f"#{gid}"))


def _hidden(facts: FileGrants) -> Iterator[str]:
    for mount in facts.mounts:
        yield (
            f"{mount.point} is a file system of type {mount.type}: whom another machine, or the program behind it, "
            "lets read it was not seen"
        )
    if facts.mapped:
        yield (
            "this process runs in a user namespace: which users of the host its numbers stand for, and what the host's "
            "others may, was not seen"
        )


def _commands(facts: FileGrants, allowed: Allowed) -> tuple[str, ...]:
    """Until nobody is left whom a command could stop: what one loses as a member, it may have as one of the others."""
    lines: list[str] = []
    while ended := list(_round(facts, allowed)):
        lines += [line for _, line in ended]
        facts = ended[-1][0]
    return tuple(lines)


def _round(facts: FileGrants, allowed: Allowed) -> Iterator[tuple[FileGrants, str]]:
    """Commands against everybody who reads and is not allowed, each with what the machine says after it."""
    ends = Ends(Sight(facts), allowed)
    for principal in ends.sight.people:
        while undo := _next(ends, principal, allowed):
            line, facts = undo.text(ends.sight), undo.applied(facts)
            ends = Ends(Sight(facts), allowed)
            yield facts, line


def _next(ends: Ends, principal: str, allowed: Allowed) -> Undo | None:
    """What ends the first way of somebody that something ends."""
    for found in ends.sight.ways(ends.sight.people.get(principal, ())):
        undo = None if allowed.lets(ends.sight.told(found, allowed)) else ends.of(found)
        if undo and undo.applied(ends.facts) != ends.facts:
            return undo
    return None
