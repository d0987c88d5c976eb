"""A secret in a file of its owner's alone, made on first use."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path

from airflow_mlsecops.core.errors import SettingsError


def secret_file(path: Path, make: Callable[[], bytes]) -> bytes:
    """Read a secret; make it if it is not there, so that all who come first together read the same one.

    :raises SettingsError: ``KEY_FILE`` if it cannot be made or read, ``KEY_FILE_EXPOSED`` if others can read it
    """
    try:
        if not path.exists():
            _make(path, make())
        return _read(path)
    except OSError as error:
        raise SettingsError(
            f"{path} could not be made or read ({type(error).__name__}): give the user that runs Airflow the right to "
            "its folder",
            code="KEY_FILE",
        ) from None


def private_folder(folder: Path) -> None:
    """Create a folder that only its owner may enter, if it is not there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _make(path: Path, secret: bytes) -> None:
    private_folder(path.parent)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # O_EXCL, mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secret)
            file.flush()
            os.fsync(file.fileno())
        # A link is made whole or not at all, by one process only; a rename would replace the first one's secret.
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        Path(temporary).unlink()


def _read(path: Path) -> bytes:
    # O_NOFOLLOW: a planted link must not make us sign with a file of somebody else's choice.
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb") as file:
        status = os.fstat(file.fileno())
        if stat.S_IMODE(status.st_mode) & 0o077:
            raise SettingsError(
                f"{path} can be read or written by others (mode {stat.S_IMODE(status.st_mode):04o}, expected 0600): "
                f"run `chmod 600 {path}`, and replace it if anybody else may have read it",
                code="KEY_FILE_EXPOSED",
            )
        if os.geteuid() not in (0, status.st_uid):
            raise SettingsError(f"{path} belongs to another user: restore its owner", code="KEY_FILE_EXPOSED")
        return file.read()
