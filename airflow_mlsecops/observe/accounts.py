"""Users and groups of this machine, as far as they can be listed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from airflow_mlsecops.core.facts import NotObserved
from airflow_mlsecops.core.file_grants import Account, Group, Lock

MOST_ACCOUNTS = 20_000
NSSWITCH = Path("/etc/nsswitch.conf")
# Sources that list everybody they know: https://man7.org/linux/man-pages/man5/nsswitch.conf.5.html
_LISTED = {"files", "systemd", "altfiles", "extrausers"}


class Known(NamedTuple):
    """Who is known, and what the groups are that lock something."""

    accounts: tuple[Account, ...]
    groups: tuple[Group, ...]


def of(locks: Iterable[Lock]) -> Known | NotObserved:
    """All accounts, whoever else locks name, and the groups that they name."""
    locks = tuple(locks)
    uids = {lock.uid for lock in locks} | {e.id for lock in locks for e in lock.named if not e.group}
    gids = {lock.gid for lock in locks} | {e.id for lock in locks for e in lock.named if e.group}
    members = _members(gids)
    users = _users(uids, {name for names in members.values() for name in names})
    if len(users) > MOST_ACCOUNTS:
        return NotObserved(why=f"this machine lists more than {MOST_ACCOUNTS:,} users")
    unseen = _unlisted()
    groups = (_group(gid, members[gid], users, unseen) for gid in sorted(gids))
    accounts = (_account(name, *user, members) for name, user in users.items())
    strangers = {name for names in members.values() for name in names} - users.keys()
    lost = (Account(name=name, uid=None, groups=_in(name, members)) for name in sorted(strangers))
    return Known((*accounts, *lost, *_unnamed(uids, gids, users)), tuple(groups))


class _User(NamedTuple):
    uid: int
    primary: int


def _users(uids: Iterable[int], names: Iterable[str]) -> dict[str, _User]:
    """Those that are listed, and those that are not but are asked for by number or name."""
    import pwd

    found = {one.pw_name: _User(one.pw_uid, one.pw_gid) for one in pwd.getpwall()}
    for key, ask in (*((uid, pwd.getpwuid) for uid in uids), *((name, pwd.getpwnam) for name in names)):
        try:
            one = ask(key)  # type: ignore[operator]
        except KeyError:
            continue
        found.setdefault(one.pw_name, _User(one.pw_uid, one.pw_gid))
    return dict(sorted(found.items()))


def _members(gids: Iterable[int]) -> dict[int, set[str]]:
    """Whom groups list; several lines may share a number, and a group may be found that is not listed."""
    import grp

    found: dict[int, set[str]] = {gid: set() for gid in gids}
    for one in (*grp.getgrall(), *filter(None, map(_group_by, found))):
        if one.gr_gid in found:
            found[one.gr_gid].update(one.gr_mem)
    return found


def _group(gid: int, listed: set[str], users: dict[str, _User], unseen: NotObserved | None) -> Group:
    found = _group_by(gid)
    if not unseen and not listed and not any(user.primary == gid for user in users.values()):
        unseen = NotObserved(why="nobody is listed in it")
    name = found.gr_name if found else f"#{gid}"
    return Group(gid=gid, name=name, listed=tuple(sorted(listed)), unseen=unseen)


def _group_by(gid: int):  # type: ignore[no-untyped-def]
    import grp

    try:
        return grp.getgrgid(gid)
    except KeyError:
        return None


def _account(name: str, uid: int, primary: int, members: dict[int, set[str]]) -> Account:
    groups = set(_in(name, members))
    if uid == os.geteuid():
        groups |= {*os.getgroups(), os.getegid()} & members.keys()
    return Account(name=name, uid=uid, primary=primary, groups=tuple(sorted(groups)))


def _in(name: str, members: dict[int, set[str]]) -> tuple[int, ...]:
    return tuple(sorted(gid for gid, names in members.items() if name in names))


def _unnamed(uids: Iterable[int], gids: set[int], users: dict[str, _User]) -> Iterator[Account]:
    """Numbers without a name; what groups they run with nobody knows, but of the process that looks."""
    known = {user.uid for user in users.values()}
    own = os.geteuid()
    for uid in sorted({*uids, own} - known):
        if uid == own:
            groups = tuple(sorted({*os.getgroups(), os.getegid()} & gids))
            yield Account(name=f"#{uid}", uid=uid, primary=os.getegid(), groups=groups)
        else:
            yield Account(name=f"#{uid}", uid=uid, groups=NotObserved(why="the number has no account"))


def _unlisted() -> NotObserved | None:
    """Why there may be users and members who are not listed; none where all are."""
    try:
        text = NSSWITCH.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return None
    except OSError:
        return NotObserved(why=f"{NSSWITCH} could not be read, which names the directories of users")
    strange = sorted(_sources(text) - _LISTED)
    if not strange:
        return None
    return NotObserved(why=f"users come from {', '.join(strange)} too ({NSSWITCH}), which need not list them all")


def _sources(text: str) -> set[str]:
    lines = (line.partition("#")[0].partition(":") for line in text.splitlines())
    told = " ".join(rest for name, _, rest in lines if name.strip() in ("passwd", "group", "initgroups"))
    return set(re.sub(r"\[[^]]*\]", " ", told).split())
