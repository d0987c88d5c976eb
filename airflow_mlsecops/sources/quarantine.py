"""Files of a dataset that are moved where none of its readers comes."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from airflow_mlsecops.core.dataset import Dataset
from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.sources import files, objects
from airflow_mlsecops.sources.failure import attempt
from airflow_mlsecops.sources.interface import Clients, Source
from airflow_mlsecops.sources.member import Member
from airflow_mlsecops.sources.targets import disk
from airflow_mlsecops.sources.targets.failure import attempt_write
from airflow_mlsecops.sources.targets.layout import beside, require_run
from airflow_mlsecops.sources.targets.objects import uri_beside
from airflow_mlsecops.sources.targets.store import ObjectStore
from airflow_mlsecops.sources.tree import Tree


def members_of(source: Source) -> tuple[Member, ...]:
    """The files that a source is made of; their names are relative to the dataset, not to a partition of it.

    :raises SourceError: ``QUARANTINE_NOT_SUPPORTED`` for tables and frames
    """
    if not isinstance(source, Tree):
        raise _unsupported(source.identity)
    return source.members()


def open_member(dataset: Dataset, name: str, clients: Clients) -> Tree:
    """One file of a dataset as a source of its own, to find out which files offend.

    :param name: as :func:`members_of` gives it
    """
    _require_files(dataset)
    if any(step in ("", ".", "..") for step in name.split("/")) or "\0" in name:
        raise SourceError(f"{dataset.uri} has no such file: take names from its members", code="NOT_FOUND")
    opener = files.open_file if dataset.scheme == "file" else objects.open_object
    return opener(dataset, name, clients)


def set_aside(dataset: Dataset, names: Iterable[str], clients: Clients, *, run: str) -> str:
    """Move files of a dataset to ``.<name>.quarantine/<run>/`` beside it; nothing there is ever overwritten.

    A local file is renamed. An object is copied, and deleted once the copy is there in full and the original has not
    changed meanwhile.

    :param names: as :func:`members_of` gives them, with the steps of their partition
    :param run: short id of this attempt, 1 to 32 of a-z and 0-9
    :return: a dataset string of that place, for people
    :raises SourceError: ``QUARANTINE_NOT_SUPPORTED`` for tables, frames, and files that a link leads to elsewhere;
        ``NOT_FOUND``; ``QUARANTINE_INCOMPLETE`` if some files are moved and one could not be
    """
    require_run(run)
    _require_files(dataset)
    mover = _aside_on_disk if dataset.scheme == "file" else _aside_in_store
    return mover(dataset, _chosen(dataset, set(names), clients), clients, run)


def _require_files(dataset: Dataset) -> None:
    if dataset.scheme in ("sql", "xcom"):
        raise _unsupported(dataset.uri)


def _chosen(dataset: Dataset, names: set[str], clients: Clients) -> list[Member]:
    opener = files.open_files if dataset.scheme == "file" else objects.open_objects
    found = opener(dataset, "", clients).members()
    counts = Counter(member.name for member in found)
    if not names or any(counts[name] != 1 for name in names):
        raise SourceError(
            f"{dataset.uri} has not each of the {len(names):,} files that are to be moved: take names from its members",
            code="NOT_FOUND",
        )
    return [member for member in found if member.name in names]


def _aside_on_disk(dataset: Dataset, chosen: list[Member], clients: Clients, run: str) -> str:
    root = attempt(lambda: Path(clients.path(dataset.uri)).resolve(), dataset.uri)
    alone = not root.is_dir()
    for member in chosen:
        own = root if alone else root / member.name
        if own.is_symlink() or f"file://{own}" != member.place:
            raise _unsupported(dataset.uri, "a symbolic link leads to one of the files, which belongs elsewhere")
    above = root.with_name(beside(root.name, "quarantine"))
    kept = attempt_write(lambda: disk.reserved(above, run), str(above))
    _move_all(chosen, lambda member: _rename(root if alone else root / member.name, kept / member.name), dataset)
    attempt_write(lambda: disk.sync(kept, below=True), str(kept))
    return f"file://{kept}"


def _rename(path: Path, kept: Path) -> None:
    kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.rename(path, kept)
    disk.sync(path.parent)


def _aside_in_store(dataset: Dataset, chosen: list[Member], clients: Clients, run: str) -> str:
    store, root = attempt(lambda: ObjectStore.of(dataset, clients), dataset.uri)
    above, _, name = root.rpartition("/")
    if not above.strip("/"):
        raise _unsupported(dataset.uri, "it is a whole bucket, with no place beside it")
    kept = attempt_write(lambda: store.free(f"{above}/{beside(name, 'quarantine')}/{run}"), dataset.uri)
    single = chosen[0].place == objects.identity(dataset, clients)

    def move(member: Member) -> None:
        key = root if single else f"{root}/{member.name}"
        before = member.version()
        store.copy(key, f"{kept}/{member.name}")
        if objects.open_object(dataset, member.name, clients).members()[0].version() != before:
            raise SourceError("it changed while it was copied", code="CHANGED_DURING_MOVE")
        store.delete([key])

    _move_all(chosen, move, dataset)
    return uri_beside(dataset, kept.removeprefix(above))


def _move_all(chosen: list[Member], move: Callable[[Member], None], dataset: Dataset) -> None:
    done = 0
    for member in chosen:
        try:
            attempt_write(partial(move, member), dataset.uri)
            done += 1
            continue
        except SourceError as error:
            code = error.code
        raise SourceError(
            f"{done:,} of {len(chosen):,} files of {dataset.uri} were moved, the next could not be ({code}): give the "
            "worker's identity the right to write there and beside it, and run again",
            code="QUARANTINE_INCOMPLETE",
        )


def _unsupported(place: str, why: str = "it is no folder or prefix of files") -> SourceError:
    return SourceError(
        f"{place} cannot be quarantined: {why}; let the gate fail instead", code="QUARANTINE_NOT_SUPPORTED"
    )
