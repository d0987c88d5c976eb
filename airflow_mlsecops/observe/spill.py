"""What a run left on the worker's disks.

Counted are regular files of the task's user that were written or moved since the run began, and deleted ones that a
process of that user still holds open. Another run of the same user leaves files that look the same. Nothing is opened,
and of names only those folders are kept that the policy itself names: a path may hold what the data holds.
"""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from airflow_mlsecops.core.environment import Spill
from airflow_mlsecops.core.facts import NotObserved, SpillFacts

MOST_FILES = 200_000
_NO_DISKS = (Path("/proc"), Path("/sys"))
_IN_MEMORY = ("tmpfs", "ramfs")
_DELETED = " (deleted)"


def observe(
    profile: Spill, *, since: datetime, uid: int, own: Iterable[Path] = (), most: int = MOST_FILES
) -> SpillFacts | NotObserved:
    """Look through the policy's folders.

    :param since: when the run began
    :param uid: the task's user
    :param own: folders in which Airflow itself writes while a task runs
    :param most: how many files and folders to look at before giving up, which is *not observed*
    """
    spared = tuple(_real(folder) for folder in (*map(Path, profile.scratch), *own)) + _NO_DISKS
    tally = _Tally(since=since.timestamp(), uid=uid)
    try:
        for folder in _watched(profile, tuple(map(_real, own))):
            for path in _files(folder, spared, most):
                tally.add(path, folder)
            for name, held in _deleted():
                if _within(name, (folder,)) and not _within(name, spared):
                    tally.add(held, folder, follow=True)
    except _GaveUp as reason:
        return NotObserved(why=str(reason))
    except OSError as error:
        return NotObserved(why=f"a folder could not be looked through ({type(error).__name__})")
    return tally.facts()


def _watched(profile: Spill, own: tuple[Path, ...]) -> list[Path]:
    """The policy's folders that are there; one in which Airflow writes too would be passed over as a whole."""
    folders = list(dict.fromkeys(_real(Path(name)) for name in profile.folders))
    if any(_within(folder, own) for folder in folders):
        raise _GaveUp("a folder of the policy lies in one of Airflow's own, where nobody tells whose a file is")
    if not any(folder.is_dir() for folder in folders):
        raise _GaveUp("none of the policy's folders is there")
    return folders


class _GaveUp(Exception):
    """The answer would not be complete."""


@dataclass(slots=True)
class _Tally:
    """What was found so far; a file in two folders, or by two names, counts once."""

    since: float
    uid: int
    seen: set[tuple[int, int]] = field(default_factory=set)
    sizes: Counter[str] = field(default_factory=Counter)

    def add(self, path: str, folder: Path, *, follow: bool = False) -> None:
        try:
            status = os.stat(path, follow_symlinks=follow)
        except FileNotFoundError:
            return
        except PermissionError as error:
            if not follow:  # what another user's process holds is that user's
                _closed(PermissionError(error.errno, error.strerror, os.path.dirname(path)))
            return
        identity = (status.st_dev, status.st_ino)
        # The time of a change of the inode cannot be set by whoever writes the file.
        late = max(status.st_mtime, status.st_ctime) >= self.since
        if late and stat.S_ISREG(status.st_mode) and status.st_uid == self.uid and identity not in self.seen:
            self.seen.add(identity)
            self.sizes[str(folder)] += status.st_size

    def facts(self) -> SpillFacts:
        folders = tuple(name for name, _ in self.sizes.most_common())
        devices = {device for device, _ in self.seen}
        in_memory = bool(devices) and devices <= _memory()
        return SpillFacts(files=len(self.seen), size=self.sizes.total(), folders=folders, in_memory=in_memory)


def _files(top: Path, spared: Iterable[Path], most: int) -> Iterator[str]:
    for place, folders, names in os.walk(top, onerror=_closed):
        here = Path(place)
        if _within(here, spared):
            folders.clear()
            continue
        most -= len(names) + 1
        if most < 0:
            raise _GaveUp("there are more files than are looked at: name smaller folders in the policy")
        yield from (os.path.join(place, name) for name in names)


def _within(path: Path, folders: Iterable[Path]) -> bool:
    return any(path.is_relative_to(folder) for folder in folders)


def _real(folder: Path) -> Path:
    return Path(os.path.realpath(folder.expanduser()))


def _closed(error: OSError) -> None:
    """Pass over a folder that is gone, or another user's in which this one cannot write either.

    Its owner may have closed it behind what it wrote.
    """
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return
    if isinstance(error, PermissionError) and not os.access(error.filename, os.W_OK | os.X_OK) and not _ours(error):
        return
    raise error


def _ours(error: OSError) -> bool:
    return os.stat(error.filename, follow_symlinks=False).st_uid == os.geteuid()


def _deleted() -> Iterator[tuple[Path, str]]:
    """Where deleted files were, and where processes still hold them open; nothing where there is no ``/proc``."""
    for process in filter(str.isdigit, _listed("/proc")):
        for number in _listed(f"/proc/{process}/fd"):
            held = f"/proc/{process}/fd/{number}"
            try:
                name = os.readlink(held)
            except OSError:
                continue  # closed meanwhile
            if name.startswith("/") and name.endswith(_DELETED):
                yield Path(name.removesuffix(_DELETED)), held


def _listed(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []  # another user's process, or one that ended


def _memory() -> set[int]:
    """Devices of file systems that are in memory."""
    try:
        lines = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return set()
    return {_device(line.split()[2]) for line in lines if line.partition(" - ")[2].split(" ")[0] in _IN_MEMORY}


def _device(numbers: str) -> int:
    major, _, minor = numbers.partition(":")
    return os.makedev(int(major), int(minor))
