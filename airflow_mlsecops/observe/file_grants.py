"""Who may read the local files of a dataset: how each is locked, and every folder that leads to it; nothing is opened.

A link is followed to what it leads to, which is looked at with its own folders: whoever reads it needs no link.
Access lists are those of acl(5); where another kind decides beside the mode (NFSv4, richacl, SMB), the answer is *not
observed*. Names of what is in a dataset may be data (``ann@example.org.parquet``), so that none is told, but those of
files that links lead to. Not seen: what SELinux or AppArmor forbid, who may become root (sudo, docker), and copies made
before.
"""

from __future__ import annotations

import errno
import os
import stat
import struct
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from airflow_mlsecops.core.facts import NotObserved
from airflow_mlsecops.core.file_grants import AclEntry, FileGrants, FileWay, Folder, Lock
from airflow_mlsecops.core.words import printable
from airflow_mlsecops.observe import accounts, mounts

MOST_FILES = 100_000
_ACL = "system.posix_acl_access"
_OTHER_ACLS = ("system.nfs4_acl", "system.richacl", "system.cifs_acl", "security.NTACL")
_NO_ATTRIBUTES = (errno.ENOTSUP, errno.ENOSYS)
# SQLite keeps rows in these beside its file: https://www.sqlite.org/tempfiles.html
_BESIDE = ("-wal", "-journal")


def observe(path: Path, *, most: int = MOST_FILES) -> FileGrants | NotObserved:
    """Look at a file and what SQLite keeps beside it, or at a folder and everything in it.

    :param most: how many files and folders to look at before giving up, which is *not observed*
    """
    if not sys.platform.startswith("linux"):
        return NotObserved(why="who may read files is told on Linux only")
    look = _Look(most)
    try:
        return _grants(path, look)
    except _GaveUp as reason:
        return NotObserved(why=str(reason))
    except (OSError, ValueError) as error:
        return NotObserved(why=_explained(error, path, look.roots))


def _grants(path: Path, look: _Look) -> FileGrants:
    table = mounts.read()
    look.at(path)
    ways = look.ways(table)
    if not ways:
        raise _GaveUp("there is no file in it, and so nothing that anybody could read")
    known = accounts.of(_locks(ways))
    if isinstance(known, NotObserved):
        raise _GaveUp(known.why)
    return FileGrants(
        ways=ways,
        accounts=known.accounts,
        groups=known.groups,
        mounts=table.strange(look.roots),
        mapped=mounts.mapped(),
    )


def _locks(ways: tuple[FileWay, ...]) -> set[Lock]:
    return {lock for way in ways for lock in (way.file, *(folder.lock for folder in way.folders))}


class _GaveUp(Exception):
    """The answer would not be complete."""


@dataclass(frozen=True, slots=True)
class _Found:
    """One regular file: under which root, how it and its folders are locked, and which it is."""

    root: str
    single: bool
    folders: tuple[Folder, ...]
    lock: Lock
    inode: tuple[int, int]
    names: int

    @property
    def key(self) -> tuple[object, ...]:
        return self.root, tuple(folder.lock for folder in self.folders), self.lock


@dataclass(slots=True)
class _Look:
    """What was looked at until now."""

    most: int
    seen: int = 0
    roots: list[str] = field(default_factory=list)
    entered: set[tuple[int, int]] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    found: list[_Found] = field(default_factory=list)

    def at(self, path: Path) -> None:
        """Look at a place and everything that links in it lead to."""
        pending = [path]
        while pending:
            real = os.path.realpath(pending.pop(0), strict=True)
            found = self._folder if stat.S_ISDIR(os.lstat(real).st_mode) else self._single
            pending += found(_told(real))

    def _single(self, real: str) -> list[Path]:
        if any(_within(real, place) for place in self.roots):
            return []
        self.roots.append(real)
        self._file(real, real, _chain(os.path.dirname(real)), os.lstat(real))
        return [] if real.endswith(_BESIDE) else [Path(real + end) for end in _BESIDE if os.path.lexists(real + end)]

    def _folder(self, real: str) -> list[Path]:
        """Look at all that is in a folder, and tell the links there."""
        self.roots.append(real)
        links: list[Path] = []
        pending = [(real, _chain(real))]
        while pending:
            folder, chain = pending.pop()
            status = os.lstat(folder)
            if (status.st_dev, status.st_ino) in self.entered:
                continue
            self.entered.add((status.st_dev, status.st_ino))
            self._count()
            for entry in _listed(folder):
                item = entry.stat(follow_symlinks=False)
                if entry.is_symlink():
                    self._count()
                    links.append(Path(entry.path))
                elif stat.S_ISDIR(item.st_mode):
                    step = Folder(path=f"a folder in {real}", lock=_lock(entry.path, item))
                    pending.append((entry.path, (*chain, step)))
                else:
                    self._file(entry.path, real, chain, item)
        return links

    def _file(self, path: str, root: str, chain: tuple[Folder, ...], status: os.stat_result) -> None:
        self._count()
        if path in self.places:
            return
        self.places.add(path)
        if not stat.S_ISREG(status.st_mode):
            place = root if path == root else f"something in {root}"
            raise _GaveUp(f"{place} is neither a file nor a folder: who reads by it, modes do not tell")
        inode, lock = (status.st_dev, status.st_ino), _lock(path, status)
        self.found.append(_Found(root, path == root, chain, lock, inode, status.st_nlink))

    def _count(self) -> None:
        self.seen += 1
        if self.seen > self.most:
            raise _GaveUp(f"it has more than {self.most:,} files: give the gate a partition=")

    def ways(self, table: mounts.Table) -> tuple[FileWay, ...]:
        """Files that are locked alike, together."""
        names = Counter(one.inode for one in self.found)
        bound = {root: table.elsewhere(root) for root in self.roots}
        firsts: dict[tuple[object, ...], _Found] = {}
        counts: Counter[tuple[object, ...]] = Counter()
        for one in self.found:
            # Another name of the file may stand in open folders, so closed ones do not close it.
            unseen = "it has another name (hard link) elsewhere" if one.names > names[one.inode] else bound[one.root]
            key = (*one.key, unseen)
            firsts.setdefault(key, one)
            counts[key] += 1
        return tuple(
            FileWay(
                root=one.root, single=one.single, folders=one.folders, file=one.lock, files=counts[key],
                elsewhere=str(key[-1]),
            )
            for key, one in firsts.items()
        )  # fmt: skip


def _listed(folder: str) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        yield from sorted(entries, key=lambda entry: entry.name)


def _chain(folder: str) -> tuple[Folder, ...]:
    """A folder and all above it, from ``/`` down."""
    steps = [*reversed(Path(folder).parents), Path(folder)]
    return tuple(Folder(path=str(step), lock=_lock(str(step), os.lstat(step))) for step in steps)


def _within(path: str, root: str) -> bool:
    return path == root or path.startswith(root.rstrip("/") + "/")


def _told(real: str) -> str:
    if not real.isprintable():
        raise _GaveUp("its path holds signs that cannot be printed: no command could name it")
    return real


def _lock(path: str, status: os.stat_result) -> Lock:
    owning, named = _acl(path)
    return Lock(mode=stat.S_IMODE(status.st_mode), uid=status.st_uid, gid=status.st_gid, owning=owning, named=named)


def _acl(path: str) -> tuple[int | None, tuple[AclEntry, ...]]:
    """What the access list says beside the mode, if there is one."""
    try:
        names = os.listxattr(path, follow_symlinks=False)
        other = next((name for name in _OTHER_ACLS if name in names), None)
        if other:
            raise _GaveUp(f"an access control list beside the files' modes decides who may read them ({other})")
        return _parsed(os.getxattr(path, _ACL, follow_symlinks=False)) if _ACL in names else (None, ())
    except OSError as error:
        if error.errno in _NO_ATTRIBUTES:
            return None, ()
        raise


_VERSION = 2
_USER, _OWNING, _GROUP, _MASK = 0x02, 0x04, 0x08, 0x10
_TAGS = (0x01, _USER, _OWNING, _GROUP, _MASK, 0x20)


def _parsed(value: bytes) -> tuple[int | None, tuple[AclEntry, ...]]:
    """An access list as Linux keeps it: a version, then tag, bits and number of each entry, the lowest byte first.

    https://github.com/torvalds/linux/blob/master/include/uapi/linux/posix_acl_xattr.h
    """
    if len(value) < 4 or (len(value) - 4) % 8 or struct.unpack_from("<I", value)[0] != _VERSION:
        raise _GaveUp("an access list has a form that is not known")
    entries = list(struct.iter_unpack("<HHI", value[4:]))
    if any(tag not in _TAGS or may > 7 for tag, may, _ in entries):
        raise _GaveUp("an access list has an entry of a kind that is not known")
    if not any(tag == _MASK for tag, _, _ in entries):
        return None, ()
    owning = next((may for tag, may, _ in entries if tag == _OWNING), 0)
    named = (AclEntry(group=tag == _GROUP, id=id, may=may) for tag, may, id in entries if tag in (_USER, _GROUP))
    return owning, tuple(named)


def _explained(error: OSError | ValueError, path: Path, roots: list[str]) -> str:
    place = _place(os.fspath(getattr(error, "filename", None) or ""), path, roots)
    if isinstance(error, FileNotFoundError):
        return f"{place} is not there: it was never written, was removed meanwhile, or a link leads nowhere"
    if isinstance(error, PermissionError):
        return f"the task's user may not look at {place}: give it x on the folders above, r and x on folders within"
    return f"{place} could not be looked at ({type(error).__name__})"


def _place(failed: str, path: Path, roots: list[str]) -> str:
    """Where it failed: the dataset itself, and folders above it, are called by their names, what is within is not."""
    if not failed:
        return "its path"
    if any(_within(one, failed) for one in (str(path), *roots[:1])):
        return printable(failed)
    root = next((one for one in (*roots, str(path)) if _within(failed, one)), "")
    return printable(f"something in {root}") if root else "what a link in it leads to"
