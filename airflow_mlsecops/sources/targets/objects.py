"""Objects and prefixes as targets.

What is staged lies below ``.<name>.staging-<run>/`` beside the prefix. A single object is replaced by one server-side
copy, which is atomic. A prefix is not: new objects, whose names hold the run's id, are copied first, each of them whole
or not at all; then those that were there are deleted. A reader in between finds both, and a seal, which compares
fingerprints, refuses that. In a bucket that keeps versions, versions of what was deleted stay.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO

from airflow_mlsecops.core.dataset import Dataset
from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.sources.interface import Clients
from airflow_mlsecops.sources.member import Member, partition_steps
from airflow_mlsecops.sources.objects import identity, members
from airflow_mlsecops.sources.targets.failure import attempt_write
from airflow_mlsecops.sources.targets.layout import Layout, beside, layout_of, require_data, unsupported
from airflow_mlsecops.sources.targets.parts import Parts
from airflow_mlsecops.sources.targets.stages import Stages
from airflow_mlsecops.sources.targets.store import ObjectStore
from airflow_mlsecops.sources.targets.writers import suffix_of
from airflow_mlsecops.sources.tree import Tree

if TYPE_CHECKING:
    import polars as pl

_LOG = logging.getLogger(__name__)


def open_objects(dataset: Dataset, partition: str, clients: Clients, run: str, format: str | None) -> ObjectTarget:
    """An object, or a prefix whose objects are replaced together."""
    steps = partition_steps(partition)
    store, root = ObjectStore.of(dataset, clients)
    if "/" not in root.strip("/"):
        raise unsupported(dataset, "it is a whole bucket, with no place beside it; name a prefix")
    if "?versionid=" in "/".join(steps).lower():
        raise unsupported(dataset, "the partition holds ?versionId=, which cuts a key short; name another")
    place = "/".join((root, *steps))
    folder = not suffix_of(place) or attempt_write(lambda: store.is_prefix_alone(place), dataset.uri)
    layout = layout_of(place.rsplit("/", 1)[-1], steps, format, folder=folder, mark=f"-{run}")
    return ObjectTarget(identity(dataset, clients), dataset, store, root, layout, run)


class ObjectTarget:
    """One object or prefix."""

    def __init__(
        self, identity: str, dataset: Dataset, store: ObjectStore, root: str, layout: Layout, run: str
    ) -> None:
        self.identity = identity
        self._dataset = dataset
        self._store = store
        self._root = root
        self._layout = layout
        self._run = run

    def __repr__(self) -> str:
        return f"ObjectTarget({self.identity!r})"

    @contextmanager
    def staging(self) -> Iterator[ObjectStaging]:
        """A prefix beside the target's, removed when the block ends."""
        staging = ObjectStaging(self.identity, self._dataset, self._store, self._root, self._layout, self._run)
        try:
            attempt_write(staging.begin, self.identity)
            yield staging
        finally:
            staging.discard()


class ObjectStaging:
    """Objects on their way to their place."""

    def __init__(
        self, identity: str, dataset: Dataset, store: ObjectStore, root: str, layout: Layout, run: str
    ) -> None:
        self._identity = identity
        self._dataset = dataset
        self._store = store
        self._root = root
        self._layout = layout
        self._run = run
        self._above, _, self._name = root.rpartition("/")
        self._there = "/".join((root, *layout.steps))
        self._prefix = f"{self._above}/{beside(self._name, 'staging', run)}"
        self._stages = Stages()
        self._parts = Parts(self, layout.suffix, single=layout.single, folders=layout.columns, place=identity)

    def begin(self) -> None:
        """Remove what an attempt of the same run has left, and see that objects can be written."""
        self._replaced()
        self._store.delete(self._store.objects(self._prefix))
        # Now rather than after an hour: a store tells of a missing bucket or right only when an object is complete.
        probe = f"{self._prefix}/{self._layout.name(0)}"
        self._store.create(probe).close()
        self._store.delete([probe])

    def write(self, frame: pl.DataFrame) -> None:
        """Write some rows."""
        with self._stages.writing():
            self._parts.write(frame)

    def finish(self) -> None:
        """Complete the objects."""
        self._stages.require("open")
        self._parts.finish()
        self._stages.reach("finished")

    def source(self) -> Tree:
        """What was written, named and placed as it will be once it is published."""
        self._stages.require("finished")
        return Tree(self._identity, self._identity, self._members)

    def publish(self) -> None:
        """Copy what is staged to its place, then delete what was there.

        :raises SourceError: ``TARGET_PARTLY_REPLACED`` if the new objects are there, and some of the old as well
        """
        self._stages.require("finished")
        old = attempt_write(self._replaced, self._identity)
        new = attempt_write(lambda: self._copy(old), self._identity)
        self._delete_old(old - new)
        self._stages.reach("gone")

    def set_aside(self) -> str:
        """Move everything below ``.<name>.quarantine/<run>/`` beside the dataset."""
        self._stages.require("finished")
        kept = attempt_write(self._set_aside, self._identity)
        self._stages.reach("gone")
        return uri_beside(self._dataset, kept.removeprefix(self._above))

    def discard(self) -> None:
        """Delete what is staged; published and set aside are copies of it."""
        self._parts.abandon()
        try:
            attempt_write(lambda: self._store.delete(self._store.objects(self._prefix)), self._prefix)
        except SourceError as error:
            _LOG.warning("%s could not be removed (%s): remove it by hand", self._prefix, error.code)

    # --- where the bytes of the parts go

    def create(self, place: int) -> BinaryIO:
        """A new object."""
        return self._store.create("/".join((self._prefix, *self._layout.folder, self._layout.name(place))))

    def complete(self, stream: BinaryIO) -> None:
        """Closing it makes it an object, all of it at once."""
        stream.close()

    def abandon(self, stream: BinaryIO) -> None:
        """Let no object come of it."""
        self._store.abandon(stream)

    # --- steps of the above

    def _replaced(self) -> set[str]:
        """Keys that are to go."""
        found = self._store.objects(self._there)
        for key, info in found.items():
            require_data(key.rsplit("/", 1)[-1], int(info["size"]), self._identity)
        return set(found)

    def _final(self, key: str) -> str:
        relative = key.removeprefix(self._prefix)
        return self._root if self._layout.single and not self._layout.steps else f"{self._root}{relative}"

    def _copy(self, old: set[str]) -> set[str]:
        made: set[str] = set()
        complete = False
        try:
            for key in self._store.objects(self._prefix):
                made.add(self._final(key))
                self._store.copy(key, self._final(key))
            complete = True
        finally:
            if not complete:
                self._store.delete(set(self._store.objects(self._there)) & (made - old))
        return made

    def _delete_old(self, old: set[str]) -> None:
        try:
            attempt_write(lambda: self._store.delete(old), self._identity)
            return
        except SourceError as error:
            code = error.code
        raise SourceError(
            f"{self._identity} holds what was written and, beside it, some of the {len(old):,} objects that it was to "
            f"replace, which could not be deleted ({code}): give the worker's identity the right to, and run again",
            code="TARGET_PARTLY_REPLACED",
        )

    def _members(self) -> list[Member]:
        start = "/".join((self._prefix, *self._layout.steps))
        missing = SourceError(f"{self._identity}: what was staged is gone; run again", code="NOT_FOUND")
        found = members(self._store.fs, start, self._prefix, self._identity, missing)
        return [replace(one, place=self._layout.final(self._identity, one.name)) for one in found]

    def _set_aside(self) -> str:
        kept = self._store.free(f"{self._above}/{beside(self._name, 'quarantine')}/{self._run}")
        for key in self._store.objects(self._prefix):
            self._store.copy(key, kept + key.removeprefix(self._prefix))
        return kept


def uri_beside(dataset: Dataset, relative: str) -> str:
    """Dataset string of what lies beside a dataset.

    :param relative: its path below the folder that both lie in, with its first ``/``
    """
    account = f"{dataset.connection}@" if dataset.connection else ""
    return f"{dataset.scheme}://{account}{dataset.path.rstrip('/').rpartition('/')[0]}{relative}"
