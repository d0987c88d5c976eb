"""The file systems of this machine, as far as somebody may come to files by them whom their folders do not show."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from airflow_mlsecops.core.file_grants import Mount
from airflow_mlsecops.core.words import printable

MOUNTINFO = Path("/proc/self/mountinfo")
UID_MAP, GID_MAP = Path("/proc/self/uid_map"), Path("/proc/self/gid_map")
# Kernels keep owner, mode and access list of each file on these, and no other machine serves them.
_LOCAL = {
    "bcachefs", "btrfs", "erofs", "ext2", "ext3", "ext4", "f2fs", "jfs", "nilfs2", "overlay", "ramfs", "reiserfs",
    "squashfs", "tmpfs", "xfs", "zfs",
}  # fmt: skip
_SUBVOLUMES = {"btrfs", "bcachefs"}  # of which each is mounted by itself
_EVERYBODY = ["0", "0", "4294967295"]


@dataclass(frozen=True, slots=True)
class _Line:
    device: str
    root: str
    point: str
    type: str


@dataclass(frozen=True, slots=True)
class Table:
    """All mounts, in their order: a later one hides an earlier one at the same place."""

    lines: tuple[_Line, ...]

    def strange(self, roots: Iterable[str]) -> tuple[Mount, ...]:
        """Mounts under or over some places that are of another machine, or of a kind that is not known."""
        lines = {line for root in roots for line in (self._of(root), *self._beneath(root))}
        strange = sorted((line.point, line.type) for line in lines if line.type not in _LOCAL)
        return tuple(Mount(point=printable(point), type=printable(kind)) for point, kind in strange)

    def elsewhere(self, root: str) -> str:
        """How else than by the folders above one may come to a place, or to what is in it; empty if nohow."""
        own = self._of(root)
        path = os.path.normpath(os.path.join(own.root, os.path.relpath(root, own.point)))
        for line, held in ((own, path), *((line, line.root) for line in self._beneath(root))):
            twin = next((one for one in self.lines if _twins(one, line, held)), None)
            if twin:
                return f"its file system is mounted at {printable(twin.point)} too"
            if line.root != "/" and line.type not in _SUBVOLUMES:
                return f"only a part of its file system is mounted at {printable(line.point)}: the rest was not seen"
        return ""

    def _of(self, path: str) -> _Line:
        over = [line for line in self.lines if _within(path, line.point)]
        if not over:
            raise ValueError("no mount holds it")
        longest = max(len(line.point) for line in over)
        return [line for line in over if len(line.point) == longest][-1]

    def _beneath(self, path: str) -> Iterator[_Line]:
        return (line for line in self.lines if line.point != path and _within(line.point, path))


def read() -> Table:
    """The mounts that this process sees; https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html.

    :raises OSError: if the system does not tell
    :raises ValueError: if it tells in another form
    """
    return Table(tuple(map(_line, MOUNTINFO.read_text(encoding="utf-8", errors="surrogateescape").splitlines())))


def mapped() -> bool:
    """True if numbers of users and groups are not the machine's own.

    :raises OSError: if the system does not tell
    """
    return any(path.read_text(encoding="ascii").split() != _EVERYBODY for path in (UID_MAP, GID_MAP))


def _line(text: str) -> _Line:
    fields, _, rest = text.partition(" - ")
    words, kind = fields.split(" "), rest.split(" ")[0]
    if len(words) < 6 or not kind:
        raise ValueError("a mount is told in another form")
    return _Line(words[2], _unescaped(words[3]), _unescaped(words[4]), kind)


def _unescaped(text: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), text)


def _twins(one: _Line, line: _Line, held: str) -> bool:
    """True if another mount shows what a place in a file system holds, or some of it."""
    shown = _within(held, one.root) or _within(one.root, held)
    return one.point != line.point and one.device == line.device and shown


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")
