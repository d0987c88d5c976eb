"""What the folders above a file let strangers do to it."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass
from pathlib import Path

_MOST_LINKS = 40  # as the Linux kernel: path_resolution(7)


@dataclass(frozen=True, slots=True)
class Reach:
    """Who may come as far as a folder's inside.

    :param others: anybody may pass every folder down to here
    :param group: members of some group may, at least
    :param replaceable: anybody may rename one of those folders, and put another in its place
    """

    others: bool = True
    group: bool = True
    replaceable: bool = False

    def into(self, folder: os.stat_result) -> Reach:
        """Who may come as far as the inside of a folder that stands here."""
        mode = folder.st_mode
        others = self.others and bool(mode & stat.S_IXOTH)
        open_to_all = others and bool(mode & stat.S_IWOTH) and not mode & stat.S_ISVTX
        return Reach(
            others=others,
            group=self.group and bool(mode & (stat.S_IXGRP | stat.S_IXOTH)),
            replaceable=self.replaceable or open_to_all,
        )


def way_to(path: Path) -> tuple[Path, Reach]:
    """Where a path ends once all its links are followed, and who may come there.

    A link can be replaced by whoever may write the folder that holds it, even where its target is safe; so the folders
    passed on the way count as well as those above the target.

    :raises OSError: if something on the way is not there or may not be looked at
    """
    target, passed = _follow(path)
    at_target = _down(target.parent)
    detour = any(_down(folder).replaceable for folder in passed)
    return target, Reach(at_target.others, at_target.group, at_target.replaceable or detour)


def _down(folder: Path) -> Reach:
    reach = Reach()
    for step in (*reversed(folder.parents), folder):
        reach = reach.into(os.lstat(step))
    return reach


def _follow(path: Path) -> tuple[Path, set[Path]]:
    """The path without links, and every folder in which a step of it was looked up."""
    start = Path.cwd() / path
    here, pending, passed, links = Path(start.anchor), list(reversed(start.parts[1:])), set[Path](), 0
    while pending:
        name = pending.pop()
        if name == "..":
            here = here.parent
            continue
        passed.add(here)
        step = here / name
        if not stat.S_ISLNK(os.lstat(step).st_mode):
            here = step
            continue
        links += 1
        if links > _MOST_LINKS:
            raise OSError(errno.ELOOP, "too many links")
        target = Path(os.readlink(step))
        here = Path(target.anchor) if target.is_absolute() else here
        pending.extend(reversed(target.parts[1:] if target.is_absolute() else target.parts))
    return here, passed
