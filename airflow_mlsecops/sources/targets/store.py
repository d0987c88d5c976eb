"""What writing to an object store needs of it."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any, BinaryIO, cast

from airflow_mlsecops.core.dataset import Dataset
from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.sources.failure import expected
from airflow_mlsecops.sources.interface import Clients
from airflow_mlsecops.sources.objects import Info, listed, located
from airflow_mlsecops.sources.targets.layout import unsupported


class ObjectStore:
    """Objects by their whole key; no key is ever taken for a pattern.

    :param fs: fsspec's file system of the store
    """

    def __init__(self, fs: Any) -> None:
        self.fs = fs

    @classmethod
    def of(cls, dataset: Dataset, clients: Clients) -> tuple[ObjectStore, str]:
        """The store of a dataset, and its key.

        :raises SourceError: ``TARGET_NOT_SUPPORTED`` if nothing installed writes to it
        """
        try:
            fs, root = located(dataset, clients)
        except SourceError as error:
            if error.code != "NO_FILESYSTEM":
                raise
        else:
            return cls(fs), root
        raise unsupported(dataset, "nothing installed here opens such a store")

    def objects(self, start: str) -> dict[str, Info]:
        """Objects of a key and below it, by key; none if there are none."""
        try:
            return listed(self.fs, start)
        except FileNotFoundError:
            return {}

    def is_prefix_alone(self, key: str) -> bool:
        """True if there is no object of that key, but others below it."""
        return bool(found := self.objects(key)) and key not in found

    def create(self, key: str) -> BinaryIO:
        """Open a new object, sent in parts as it is written."""
        return cast(BinaryIO, self.fs.open(key, "wb"))

    def abandon(self, stream: Any) -> None:
        """Forget what was sent; closing it, or merely letting it go, would make half an object of it."""
        with suppress(AttributeError, *expected()):
            stream.discard()
        with suppress(AttributeError, *expected()):
            stream.closed = True

    def copy(self, key: str, to: str) -> None:
        """Copy within the store, and see that it came out whole.

        :raises SourceError: ``TARGET_UNWRITABLE`` if it did not
        """
        self.fs.cp_file(key, to)
        self.fs.invalidate_cache()
        if self.fs.info(to)["size"] != self.fs.info(key)["size"]:
            raise SourceError("a copied object differs in size from its original: try again", code="TARGET_UNWRITABLE")

    def delete(self, keys: Iterable[str]) -> None:
        """Delete these objects."""
        # One by one: fsspec's rm() takes a key that holds [ or * for a pattern.
        for key in sorted(keys):
            with suppress(FileNotFoundError):
                self.fs.rm_file(key)
        self.fs.invalidate_cache()

    def free(self, prefix: str) -> str:
        """The prefix, or the prefix and a number, below which nothing lies."""
        number, free = 1, prefix
        while self.objects(free):
            number += 1
            free = f"{prefix}-{number}"
        return free
