"""A target that is its own source would be lost with the first mistake."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from airflow_mlsecops.core.dataset import Dataset
from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.sources import files, objects, sql
from airflow_mlsecops.sources.failure import attempt
from airflow_mlsecops.sources.interface import Clients

Inode = tuple[int, int]


def refuse_overlap(
    source_dataset: Dataset, source_partition: str, target_dataset: Dataset, target_partition: str, clients: Clients
) -> None:
    """Refuse a target whose replacement would change its source.

    They are compared as they truly are: links followed, hard links and other mounts of one folder seen through, views
    and partitions of tables as the database plans to read them, stores under each of their names. Two partitions of one
    dataset overlap too: its readers would find raw rows beside sanitized ones.

    :raises SourceError: ``TARGET_IS_SOURCE``; or, where something could not be compared, the code that says why
    """
    if source_dataset.scheme == "xcom" or target_dataset.scheme == "xcom":
        return
    one, other = _identity(source_dataset, clients), _identity(target_dataset, clients)
    if _nested(one, other):
        raise _refusal(target_dataset, "it is the source, or one lies inside the other")
    if source_dataset.scheme == target_dataset.scheme == "file":
        source = files.open_files(source_dataset, source_partition, clients)
        members = [Path(place.removeprefix("file://")) for place in source.places()]
        _refuse_shared_files(_path(source_dataset, clients), members, target_dataset, _path(target_dataset, clients))
    if source_dataset.scheme == target_dataset.scheme == "sql":
        _refuse_shared_rows(source_dataset, target_dataset, clients)


def _identity(dataset: Dataset, clients: Clients) -> str:
    return {"file": files.identity, "sql": sql.identity}.get(dataset.scheme, objects.identity)(dataset, clients)


def _nested(one: str, other: str) -> bool:
    return one == other or one.startswith(f"{other}/") or other.startswith(f"{one}/")


def _path(dataset: Dataset, clients: Clients) -> Path:
    return attempt(lambda: Path(clients.path(dataset.uri)).resolve(), dataset.uri)


def _refuse_shared_files(root: Path, members: list[Path], dataset: Dataset, target: Path) -> None:
    def overlap() -> str:
        if _inode(target) in _way(root) or _inode(root) in _way(target):
            return "one lies inside the other under another name"
        if any(_inode(target) in _way(folder) for folder in {member.parent for member in members}):
            return "a link in the source leads into it"
        shared = {_inode(member) for member in members} & set(_inodes(target))
        return "a file of the source is a file of it under another name" if shared - {None} else ""

    if why := attempt(overlap, dataset.uri):
        raise _refusal(dataset, why)


def _way(path: Path) -> set[Inode | None]:
    """A path and every folder above it, by what they are on their disk."""
    return {_inode(step) for step in (path, *path.parents) if _inode(step) is not None}


def _inodes(target: Path) -> Iterator[Inode | None]:
    yield _inode(target)
    for folder, _, names in os.walk(target):
        yield from (_inode(Path(folder, name)) for name in names)


def _inode(path: Path) -> Inode | None:
    with suppress(FileNotFoundError, NotADirectoryError):
        facts = path.stat()
        return facts.st_dev, facts.st_ino
    return None


def _refuse_shared_rows(source: Dataset, target: Dataset, clients: Clients) -> None:
    try:
        there = _touched(target, clients)
    except SourceError as error:
        if error.code != "NOT_FOUND":
            raise
        return
    if there & _touched(source, clients):
        raise _refusal(target, "reading the source reads it, through a view or as a part of another table")


def _touched(dataset: Dataset, clients: Clients) -> frozenset[tuple[str, ...]]:
    return sql.open_table(dataset, "", clients).touches()


def _refusal(dataset: Dataset, why: str) -> SourceError:
    return SourceError(
        f"{dataset.uri} cannot be the target: {why}; name a place that lies apart from the source",
        code="TARGET_IS_SOURCE",
    )
