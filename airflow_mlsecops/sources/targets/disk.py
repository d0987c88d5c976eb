"""What writing to a local disk needs of the operating system."""

from __future__ import annotations

import errno
import logging
import os
import shutil
import stat
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

_LOG = logging.getLogger(__name__)


def create_private(path: Path) -> BinaryIO:
    """A new file that its owner alone may open; never one that stands there, nor one that a link leads to."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    return os.fdopen(os.open(path, flags, 0o600), "wb", 1 << 20)


def create_folders(folder: Path) -> list[Path]:
    """Make a folder and those above it that are missing.

    :return: those that were made, from the top
    """
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    for one in reversed(missing):
        one.mkdir(mode=0o700)
    return missing[::-1]


def remove(path: Path) -> None:
    """Remove a file or a folder with all in it, if it is there; links are removed, not followed.

    What cannot be removed is told in the log: whatever this tidies up after must not be hidden by another error.
    """
    with suppress(OSError):
        if path.is_symlink() or path.is_file():
            path.unlink()
        else:
            shutil.rmtree(path, ignore_errors=True)
    if os.path.lexists(path):
        _LOG.warning("%s could not be removed: remove it by hand", path)


def remove_if_empty(folders: list[Path]) -> None:
    """Remove folders, the last first, as long as nothing stands in them."""
    with suppress(OSError):
        for folder in reversed(folders):
            folder.rmdir()


def reserved(above: Path, name: str) -> Path:
    """A new empty folder of that name, or of that name and a number: nothing is ever overwritten in it.

    :raises NotADirectoryError: if a link stands in the place of the folder above
    """
    above.mkdir(mode=0o700, exist_ok=True)
    if above.is_symlink():
        raise NotADirectoryError(f"{above} is a symbolic link")
    number = 1
    while True:
        folder = above / (name if number == 1 else f"{name}-{number}")
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            number += 1
        else:
            return folder


def sync(folder: Path, *, below: bool = False) -> None:
    """See the names in a folder on the disk.

    :param below: of those in it as well
    """
    folders = [path for path, _, _ in os.walk(folder)] if below else [folder]
    for one in folders:
        handle = os.open(one, os.O_RDONLY | os.O_DIRECTORY)
        try:
            _sync(handle)
        finally:
            os.close(handle)


def _sync(handle: int) -> None:
    try:
        os.fsync(handle)
    except OSError as error:
        # Some network file systems cannot do so with folders.
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise


def adopt(path: Path, like: Path | None) -> None:
    """Give a file, or a folder and all in it, owner, group and mode of what it replaces; ``None`` changes nothing."""
    if like is None:
        return
    old = like.stat()
    mode = stat.S_IMODE(old.st_mode)
    files, folders = mode & 0o666, mode if stat.S_ISDIR(old.st_mode) else 0o700
    for found in (path, *path.rglob("*")) if path.is_dir() else (path,):
        _give(found, folders if found.is_dir() else files, old)


def _give(path: Path, mode: int, old: os.stat_result) -> None:
    new = path.stat()
    for own in ((old.st_uid, old.st_gid), (-1, old.st_gid)):
        with suppress(PermissionError):
            if (new.st_uid, new.st_gid) != (old.st_uid, old.st_gid):
                os.chown(path, *own)
            break
    # The group's rights were given to another group.
    path.chmod(mode if path.stat().st_gid == old.st_gid else mode & ~0o070)
