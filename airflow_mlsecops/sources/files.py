"""Local files and folders."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from airflow_mlsecops.core.dataset import Dataset
from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.sources.failure import attempt
from airflow_mlsecops.sources.interface import Clients
from airflow_mlsecops.sources.member import Member, partition_missing, partition_steps
from airflow_mlsecops.sources.tree import Tree


def identity(dataset: Dataset, clients: Clients) -> str:
    """``file:///abs/path``, symbolic links followed, so that two names of one folder are one dataset."""
    return attempt(lambda: f"file://{Path(clients.path(dataset.uri)).resolve()}", dataset.uri)


def open_files(dataset: Dataset, partition: str, clients: Clients) -> Tree:
    """A file, or every file below a folder."""
    steps = partition_steps(partition)
    root = attempt(lambda: Path(clients.path(dataset.uri)).resolve(), dataset.uri)
    if steps and not root.is_dir():
        raise partition_missing(dataset.uri)
    start = root.joinpath(*steps)
    if steps and not start.exists():
        raise partition_missing(dataset.uri)
    return Tree(identity(dataset, clients), str(start), partial(members, start, root))


def open_file(dataset: Dataset, name: str, clients: Clients) -> Tree:
    """One file of a folder, or the file that the dataset is, by its name as a member."""
    root = attempt(lambda: Path(clients.path(dataset.uri)).resolve(), dataset.uri)
    start = root if root.is_file() and root.name == name else root / name
    return Tree(identity(dataset, clients), name, lambda: [_member(start, name)])


def members(start: Path, root: Path) -> list[Member]:
    """Every file below a folder, or the one file; names are relative to the root."""
    if not start.exists():
        raise SourceError(
            f"{start} does not exist: check the dataset string, or put the task that writes it upstream",
            code="NOT_FOUND",
        )
    if start.is_dir():
        return [_member(path, path.relative_to(root).as_posix()) for path in _walk(start, set())]
    return [_member(start, start.name if start == root else start.relative_to(root).as_posix())]


def _walk(folder: Path, seen: set[Path]) -> Iterator[Path]:
    """Files below a folder; symbolic links are followed as whatever trains on the folder would follow them."""
    real = folder.resolve(strict=True)
    # A loop never ends; thirty folders that each link twice to the next are a thousand million ways.
    if real in seen:
        raise SourceError(f"{folder} is reached twice, by a symbolic link: remove the link", code="UNREADABLE")
    seen.add(real)
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            yield from _walk(path, seen)
        else:
            yield path


def _member(path: Path, name: str) -> Member:
    facts = path.stat()
    # Opening a named pipe would wait for a writer for ever.
    if not stat.S_ISREG(facts.st_mode):
        raise SourceError(f"{name} is not a regular file: move it out of the dataset", code="UNREADABLE")
    return Member(
        name=name,
        size=facts.st_size,
        open=lambda: path.open("rb"),
        version=partial(_digest, path),
        place=f"file://{path.resolve()}",
    )


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
