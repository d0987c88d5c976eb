"""Folders in memory, where a database does not wait for a disk: no test takes the machine's power away."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_MEMORY = "/dev/shm"
_ROOM = 2**31


def folder(prefix: str) -> Path:
    """A folder of this user's alone; on disk where there is no room in memory."""
    return Path(tempfile.mkdtemp(prefix=prefix, dir=_MEMORY if _has_room() else None))


@contextmanager
def held(prefix: str) -> Iterator[Path]:
    """The same, gone afterwards."""
    made = folder(prefix)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _has_room() -> bool:
    return os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM
