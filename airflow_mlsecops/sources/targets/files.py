"""Local files and folders as targets.

What is staged lies in ``.<name>.staging-<run>`` beside the dataset's root, for its owner alone. A file is replaced by
one rename, which is atomic. A folder takes two: between them no reader finds it, and after a crash in between the next
attempt puts the old one back. Modes, owner and group are those of what was there; where nothing was, they are closed to
everybody but the owner.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NoReturn

from airflow_mlsecops.core.dataset import Dataset
from airflow_mlsecops.sources.failure import attempt
from airflow_mlsecops.sources.files import identity, members
from airflow_mlsecops.sources.interface import Clients
from airflow_mlsecops.sources.member import Member, partition_steps
from airflow_mlsecops.sources.targets import disk
from airflow_mlsecops.sources.targets.failure import attempt_write
from airflow_mlsecops.sources.targets.layout import Layout, beside, layout_of, require_data, unsupported
from airflow_mlsecops.sources.targets.parts import Parts
from airflow_mlsecops.sources.targets.stages import Stages
from airflow_mlsecops.sources.targets.writers import suffix_of
from airflow_mlsecops.sources.tree import Tree

if TYPE_CHECKING:
    import polars as pl


def open_files(dataset: Dataset, partition: str, clients: Clients, run: str, format: str | None) -> FileTarget:
    """A file, or a folder whose files are replaced together."""
    steps = partition_steps(partition)
    given = attempt(lambda: Path(clients.path(dataset.uri)), dataset.uri)
    root = attempt(given.resolve, dataset.uri)
    place = root.joinpath(*steps)
    if why := attempt_write(lambda: _oddity(given, root, place), dataset.uri):
        raise unsupported(dataset, why)
    layout = layout_of(place.name, steps, format, folder=place.is_dir() or not suffix_of(place.name))
    return FileTarget(identity(dataset, clients), root, layout, run)


class FileTarget:
    """One file or folder."""

    def __init__(self, identity: str, root: Path, layout: Layout, run: str) -> None:
        self.identity = identity
        self._root = root
        self._layout = layout
        self._run = run

    def __repr__(self) -> str:
        return f"FileTarget({self.identity!r})"

    @contextmanager
    def staging(self) -> Iterator[FileStaging]:
        """A folder beside the root, removed when the block ends."""
        staging = FileStaging(self.identity, self._root, self._layout, self._run)
        try:
            attempt_write(staging.begin, f"{self._root.parent}, where {self._root.name} is staged,")
            yield staging
        finally:
            staging.discard()


class FileStaging:
    """Files on their way to their place."""

    def __init__(self, identity: str, root: Path, layout: Layout, run: str) -> None:
        self._identity = identity
        self._root = root
        self._layout = layout
        self._run = run
        self._place = root.joinpath(*layout.steps)
        self._folder = self._beside("staging")
        self._made: list[Path] = []
        self._stages = Stages()
        self._parts = Parts(self, layout.suffix, single=layout.single, folders=layout.columns, place=str(root))

    def begin(self) -> None:
        """Make the folder, in the place of one that an attempt of the same run has left."""
        self._made = disk.create_folders(self._root.parent)
        self._restore()
        self._require_replaceable()
        disk.remove(self._folder)
        self._folder.mkdir(mode=0o700)
        self._inside.mkdir(mode=0o700, parents=True, exist_ok=True)

    def write(self, frame: pl.DataFrame) -> None:
        """Write some rows."""
        with self._stages.writing():
            self._parts.write(frame)

    def finish(self) -> None:
        """Close the files and see them on the disk."""
        self._stages.require("open")
        self._parts.finish()
        attempt_write(lambda: disk.sync(self._folder, below=True), str(self._root))
        self._stages.reach("finished")

    def source(self) -> Tree:
        """What was written, named and placed as it will be once it is published."""
        self._stages.require("finished")
        return Tree(self._identity, str(self._root), self._members)

    def publish(self) -> None:
        """Replace the file, or the folder."""
        self._stages.require("finished")
        attempt_write(self._publish, str(self._root))
        self._stages.reach("gone")

    def set_aside(self) -> str:
        """Move everything to ``.<name>.quarantine/<run>`` beside the dataset."""
        self._stages.require("finished")
        kept = attempt_write(self._set_aside, str(self._root))
        self._stages.reach("gone")
        return f"file://{kept}"

    def discard(self) -> None:
        """Remove what is neither published nor set aside, and folders that were made for it."""
        self._parts.abandon()
        disk.remove(self._folder)
        disk.remove_if_empty(self._made)

    # --- where the bytes of the parts go

    def create(self, place: int) -> BinaryIO:
        """A new file that nobody else may open."""
        return disk.create_private(self._inside / self._layout.name(place))

    def complete(self, stream: BinaryIO) -> None:
        """See it on the disk."""
        stream.flush()
        os.fsync(stream.fileno())
        stream.close()

    def abandon(self, stream: BinaryIO) -> None:
        """Close it."""
        stream.close()

    # --- steps of the above

    @property
    def _inside(self) -> Path:
        return self._folder.joinpath(*self._layout.folder)

    @property
    def _staged(self) -> Path:
        return self._inside / self._layout.file if self._layout.single else self._inside

    def _beside(self, purpose: str, run: str = "") -> Path:
        return self._root.with_name(beside(self._root.name, purpose, run or self._run))

    def _members(self) -> list[Member]:
        found = members(self._staged, self._folder)
        return [replace(one, place=self._layout.final(self._identity, one.name)) for one in found]

    def _publish(self) -> None:
        self._require_replaceable()
        disk.adopt(self._staged, self._like())
        self._make_above()
        if self._layout.single:
            os.replace(self._staged, self._place)
        else:
            self._swap()
        disk.sync(self._place.parent)
        self._made = []

    def _like(self) -> Path | None:
        """What owner and modes are taken from."""
        if self._place.exists():
            return self._place
        return self._root if self._layout.steps and self._root.exists() else None

    def _make_above(self) -> None:
        """Make the folders of the dataset above a new partition."""
        above = [folder for folder in self._place.parents if folder.is_relative_to(self._root)]
        like = self._root if self._root.exists() else None
        for folder in reversed(above):
            if not folder.exists():
                folder.mkdir(mode=0o700)
                disk.adopt(folder, like)
                disk.sync(folder.parent)

    def _swap(self) -> None:
        if not self._place.exists():
            os.rename(self._staged, self._place)
            return
        old = self._beside("replaced").joinpath(*self._layout.steps)
        old.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.rename(self._place, old)
        try:
            os.rename(self._staged, self._place)
        except OSError:
            # If somebody has put something else there meanwhile, the old is kept where it is.
            if not self._place.exists():
                os.rename(old, self._place)
                self._remove_replaced()
            raise
        self._remove_replaced()

    def _remove_replaced(self) -> None:
        """Under another name first: half a folder must never be taken for one to put back."""
        gone = self._beside("removed")
        with suppress(OSError):
            os.rename(self._beside("replaced"), gone)
        disk.remove(gone)

    def _restore(self) -> None:
        """Put back what an attempt moved away that ended before its own was in the place."""
        disk.remove(self._beside("removed"))
        if self._place.exists():
            self._remove_replaced()
            return
        start = f"{beside(self._root.name, 'replaced')}-"
        kept = [
            path.joinpath(*self._layout.steps) for path in self._root.parent.iterdir() if path.name.startswith(start)
        ]
        left = [folder for folder in kept if folder.is_dir()]
        if len(left) == 1 and self._place.parent.is_dir():
            os.rename(left[0], self._place)

    def _require_replaceable(self) -> None:
        """Refuse to replace a folder that is not a dataset's alone."""
        if self._layout.single or not self._place.exists():
            return
        for folder, _, names in os.walk(self._place, onerror=_raise):
            for name in names:
                require_data(name, os.lstat(os.path.join(folder, name)).st_size, str(self._root))

    def _set_aside(self) -> Path:
        above = self._root.with_name(beside(self._root.name, "quarantine"))
        kept = disk.reserved(above, self._run)
        os.rename(self._folder, kept)
        disk.sync(above)
        self._made = []
        return kept


def _oddity(given: Path, root: Path, place: Path) -> str:
    """Why a place cannot be replaced, or empty."""
    if not root.name:
        return "it is the root of the file system; name a folder of its own"
    if any(step.is_symlink() and not step.exists() for step in (given, *given.parents)):
        return "a symbolic link on its way leads nowhere; mend the link"
    if place.resolve() != place:
        return "a symbolic link leads its partition out of it; name the place itself"
    above = next(folder for folder in place.parents if folder.exists())
    if not above.is_dir():
        return "a file stands where a folder would have to be; name another place"
    if place.exists() and not _is_replaceable(place):
        return "something stands there that is neither a folder nor a file of a format known here; name another place"
    mounts = {path.stat().st_dev for path in (root.parent, root, place) if path.exists()}
    return "a file system begins there, so that it cannot be renamed; name a folder below" if len(mounts) > 1 else ""


def _raise(error: OSError) -> NoReturn:
    raise error


def _is_replaceable(place: Path) -> bool:
    return place.is_dir() or (stat.S_ISREG(place.stat().st_mode) and bool(suffix_of(place.name)))
