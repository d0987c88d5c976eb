"""Object stores, by the path that a connection opens."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any, BinaryIO, TypeVar, cast

from airflow_mlsecops.core.dataset import Dataset
from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.sources.failure import attempt, expected
from airflow_mlsecops.sources.interface import Clients
from airflow_mlsecops.sources.member import Member, partition_missing, partition_steps
from airflow_mlsecops.sources.tree import Tree

T = TypeVar("T")
Info = Mapping[str, Any]

# s3fs tries five times five times before it gives up on a host that does not answer.
_FIRST_ANSWER = 60.0
_BLOCK = 4 << 20
# What a store lists beside an object and changes whenever it is written: GCS counts generations, S3 and Azure tag.
_VERSIONS = ("generation", "ETag", "etag", "e_tag", "VersionId", "version_id")


def identity(dataset: Dataset, clients: Clients) -> str:
    """``s3://bucket/key``: the same object under every connection and every name of the store."""
    return f"{dataset.store}://{dataset.path.rstrip('/')}"


def open_objects(dataset: Dataset, partition: str, clients: Clients) -> Tree:
    """An object, or every object below a prefix."""
    steps = partition_steps(partition)
    name = identity(dataset, clients)
    fs, root = located(dataset, clients)
    start = "/".join((root, *steps))
    place = f"{name}/{'/'.join(steps)}" if steps else name
    missing = partition_missing(name) if steps else _not_found(place)
    return Tree(name, place, partial(members, fs, start, root, name, missing))


def open_object(dataset: Dataset, key: str, clients: Clients) -> Tree:
    """One object of a prefix, or the object that the dataset is, by its name as a member."""
    name = identity(dataset, clients)
    fs, root = located(dataset, clients)
    return Tree(name, key, lambda: [_found(fs, root, key, name)])


def located(dataset: Dataset, clients: Clients) -> tuple[Any, str]:
    """The file system of a store, and the dataset's path within it."""
    name = identity(dataset, clients)
    path = attempt(lambda: clients.path(dataset.uri), name, ImportError)
    return attempt(lambda: path.fs, name, ImportError), str(path.path).rstrip("/")


def _found(fs: Any, root: str, key: str, identity: str) -> Member:
    fs.invalidate_cache()
    for start in (f"{root}/{key}", root):
        with suppress(FileNotFoundError):
            info: Info = within(_FIRST_ANSWER, partial(fs.info, start))
            if info["type"] == "file" and (start != root or root.endswith(f"/{key}")):
                return _member(fs, start, info, root, identity)
    raise _not_found(f"{identity}: {key}")


def members(fs: Any, start: str, root: str, identity: str, missing: SourceError) -> list[Member]:
    """Every object below a prefix, and the one of that very key; names are relative to the root.

    :param missing: raised if there is neither
    """
    try:
        found = listed(fs, start)
    except FileNotFoundError:
        raise missing from None
    return [_member(fs, name, info, root, identity) for name, info in found.items()]


def listed(fs: Any, start: str) -> dict[str, Info]:
    """What the store says of each object below a prefix, and of the one of that very key.

    :raises FileNotFoundError: if there is neither
    """
    # A listing kept from before would hide what was written since.
    fs.invalidate_cache()
    # Not exists() and not find(): both take a refusal for an answer and leave out what they may not list.
    there: Info = within(_FIRST_ANSWER, partial(fs.info, start))
    # One key may be an object and the prefix of others: both belong to the dataset.
    found = {start: there} if there["type"] == "file" else {}
    found |= {str(info["name"]): info for info in _walk(fs, start)}
    return {name: info for name, info in found.items() if not _is_folder_mark(name, info)}


def _walk(fs: Any, prefix: str) -> Iterator[Info]:
    for info in fs.ls(prefix, detail=True):
        if info["type"] != "directory":
            yield info
        elif info["name"].rstrip("/") != prefix:
            yield from _walk(fs, info["name"].rstrip("/"))
        elif not any(info.get(key) for key in _VERSIONS):
            # s3fs takes data//a.csv for a folder data/ inside data, and lists nothing of it.
            raise SourceError(
                f"{prefix} holds keys with an empty step (//), which cannot be listed: rename them", code="UNREADABLE"
            )


def _is_folder_mark(name: str, info: Info) -> bool:
    """True for the empty objects that consoles create to show a folder."""
    return not info.get("size") and (name.endswith("/") or info.get("type") == "directory")


def _member(fs: Any, name: str, info: Info, root: str, identity: str) -> Member:
    relative = name.removeprefix(root).lstrip("/") or name.rsplit("/", 1)[-1]
    if "?versionid=" in relative.lower():
        # s3fs and adlfs cut a key there: the object of the shorter name would be read in its place.
        raise SourceError("a key holds ?versionId=, which cannot be opened by its name: rename it", code="UNREADABLE")
    return Member(
        name=relative,
        size=int(info["size"]),
        open=partial(_open, fs, name),
        version=partial(_version, fs, name, info),
        place=identity + name.removeprefix(root),
        # Or four megabytes beyond each piece of a column would be fetched, and dropped for the next column's.
        scattered=partial(_open, fs, name, cache_type="none"),
    )


def _open(fs: Any, name: str, **ways: str) -> BinaryIO:
    # s3fs takes an object that is also a prefix for an empty folder, once it has listed that.
    fs.invalidate_cache()
    # cast: fsspec is untyped
    return cast(BinaryIO, fs.open(name, "rb", block_size=_BLOCK, **ways))


def _version(fs: Any, name: str, info: Info) -> str:
    """What the store changes when the object is written, or a digest of its content if it has no such thing.

    S3's ETag may be an MD5, for which two contents can be made to collide; but nobody chooses the time S3 gives them.
    """
    version = next((str(info[key]) for key in _VERSIONS if info.get(key)), None)
    if version is None:
        return _digest(fs, name)
    written = info.get("LastModified")
    return f"{version} {written:%Y-%m-%dT%H:%M:%S}" if isinstance(written, datetime) else version


def _digest(fs: Any, name: str) -> str:
    with _open(fs, name) as stream:
        digest = hashlib.sha256()
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def within(seconds: float, act: Callable[[], T]) -> T:
    """The answer, if it comes in time; a store that never answers must not hold a worker's slot for ever.

    :raises TimeoutError: if it does not
    """
    answer: Future[T] = Future()

    def ask() -> None:
        try:
            answer.set_result(act())
        except expected() as error:
            answer.set_exception(error)

    # A daemon, unlike the threads of an executor: the interpreter's end must not wait for it either.
    threading.Thread(target=ask, daemon=True).start()
    return answer.result(seconds)


def _not_found(place: str) -> SourceError:
    return SourceError(
        f"{place} does not exist: check the dataset string, or put the task that writes it upstream", code="NOT_FOUND"
    )
