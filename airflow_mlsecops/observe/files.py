"""Who may touch the local files of a dataset, by the modes of the files and of every folder above them.

POSIX ACLs need no look of their own: where a file has one, the group bits of its mode are the mask over every user and
group that it names, and the bits of others are its entry for others (acl(5)). ACLs that decide beside the mode (NFSv4,
richacl, SMB) make the answer *not observed*.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from airflow_mlsecops.core.facts import FileFacts, NotObserved
from airflow_mlsecops.core.words import printable
from airflow_mlsecops.observe.way import Reach, way_to

MOST_FILES = 200_000
_OTHER_ACLS = ("system.nfs4_acl", "system.richacl", "system.cifs_acl", "security.NTACL")
_NO_ATTRIBUTES = (errno.ENOTSUP, errno.ENOSYS)
_TRAITS = ("world_writable", "world_readable", "foreign_owner", "group_readable")  # worst first


def observe(path: Path, *, most: int = MOST_FILES) -> FileFacts | NotObserved:
    """Look at a file, or at a folder and everything in it; links are followed, nothing is opened.

    :param most: how many files and folders to look at before giving up, which is *not observed*
    """
    tally = _Tally(most)
    try:
        for item in _walk(path):
            _refuse_other_acls(item)
            tally.add(item)
    except _GaveUp as reason:
        return NotObserved(why=str(reason))
    except (OSError, ValueError) as error:
        return NotObserved(why=_explained(error))
    return tally.facts()


class _GaveUp(Exception):
    """The answer would not be complete."""


@dataclass(frozen=True, slots=True)
class _Item:
    """One file or folder: where it really is, what the dataset calls it, and who may come to it."""

    path: str
    name: str
    status: os.stat_result
    reach: Reach
    link: bool = False

    @property
    def is_folder(self) -> bool:
        return stat.S_ISDIR(self.status.st_mode)

    @property
    def identity(self) -> tuple[int, int]:
        return self.status.st_dev, self.status.st_ino


@dataclass(slots=True)
class _Tally:
    most: int
    files: int = 0
    symlinks: int = 0
    traits: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_TRAITS, 0))
    examples: dict[str, str] = field(default_factory=dict)

    def add(self, item: _Item) -> None:
        self.files += 1
        if self.files > self.most:
            raise _GaveUp(f"it has more than {self.most:,} files: give the gate a partition=")
        self.symlinks += item.link
        for trait in _traits(item):
            self.traits[trait] += 1
            self.examples.setdefault(trait, item.name or os.path.basename(item.path))

    def facts(self) -> FileFacts:
        worst = next((self.examples[trait] for trait in _TRAITS if trait in self.examples), "")
        return FileFacts(files=self.files, symlinks=self.symlinks, example=printable(worst), **self.traits)


def _walk(path: Path) -> Iterator[_Item]:
    """Everything there is, folders before what is in them; a folder that links lead to again is entered once."""
    first = _followed(path, "", link=path.is_symlink())
    yield first
    pending, entered = [first] if first.is_folder else [], set[tuple[int, int]]()
    while pending:
        folder = pending.pop()
        if folder.identity in entered:
            continue
        entered.add(folder.identity)
        for item in _inside(folder):
            yield item
            if item.is_folder:
                pending.append(item)


def _inside(folder: _Item) -> Iterator[_Item]:
    reach = folder.reach.into(folder.status)
    with os.scandir(folder.path) as entries:
        for entry in entries:
            name = os.path.join(folder.name, entry.name)
            if entry.is_symlink():
                yield _followed(Path(entry.path), name, link=True)
            else:
                yield _Item(entry.path, name, entry.stat(follow_symlinks=False), reach)


def _followed(path: Path, name: str, *, link: bool) -> _Item:
    target, reach = way_to(path)
    return _Item(str(target), name, os.lstat(target), reach, link)


def _traits(item: _Item) -> Iterator[str]:
    """What strangers may do to one file or folder.

    Another name of the same file (a hard link) may stand in an open folder, so closed folders do not close it.
    """
    mode, reach = item.status.st_mode, item.reach
    elsewhere = stat.S_ISREG(mode) and item.status.st_nlink > 1
    others, group = reach.others or elsewhere, reach.group or elsewhere
    if (others and mode & stat.S_IWOTH) or reach.replaceable:
        yield "world_writable"
    if others and mode & stat.S_IROTH:
        yield "world_readable"
    if item.status.st_uid not in (0, os.geteuid()):
        yield "foreign_owner"
    if group and mode & stat.S_IRGRP:
        yield "group_readable"


def _refuse_other_acls(item: _Item) -> None:
    if not hasattr(os, "listxattr"):
        return
    try:
        names = os.listxattr(item.path)
    except OSError as error:
        if error.errno in _NO_ATTRIBUTES:
            return
        raise
    found = next((name for name in _OTHER_ACLS if name in names), None)
    if found:
        raise _GaveUp(f"an access control list beside the files' modes decides who may read them ({found})")


def _explained(error: OSError | ValueError) -> str:
    place = printable(os.fspath(getattr(error, "filename", None) or "its path"))
    if isinstance(error, FileNotFoundError):
        return f"{place} is not there: it was never written, was removed meanwhile, or a link leads nowhere"
    if isinstance(error, PermissionError):
        return f"the task's user may not look at {place}: give it x on the folders above, r and x on folders within"
    return f"{place} could not be looked at ({type(error).__name__})"
