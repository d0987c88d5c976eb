"""A dataset of files, wherever they lie."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from airflow_mlsecops.core.classification import Skipped
from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.core.fingerprint import Fingerprint, fingerprint, part
from airflow_mlsecops.sources.cells import undecoded
from airflow_mlsecops.sources.failure import attempt
from airflow_mlsecops.sources.folders import columns_of, with_folders
from airflow_mlsecops.sources.formats import format_of
from airflow_mlsecops.sources.member import Member, is_marker

if TYPE_CHECKING:
    import polars as pl


class Tree:
    """One file, or every file below a folder or prefix, listed anew at each call.

    Nothing is ever left out: a file that cannot be read to its end is an error.

    :param identity: of the dataset
    :param place: what is looked at, for people
    :param listing: lists the files there now, or raises
    """

    def __init__(self, identity: str, place: str, listing: Callable[[], list[Member]]) -> None:
        self.identity = identity
        self._place = place
        self._listing = listing
        self._lost: Counter[int] = Counter()

    def __repr__(self) -> str:
        return f"Tree({self._place!r})"

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """Columns declared text that hold cells which are none."""
        return undecoded(self._lost)

    def rows_present(self) -> int | None:
        """Sum over the footers, if every file has one."""
        counts = [format_of(member).rows(member) for member in self.members()]
        known = [count for count in counts if count is not None]
        return sum(known) if len(known) == len(counts) else None

    def bytes_present(self) -> int:
        """Sum of the files' sizes."""
        return sum(member.size for member in self.members())

    def places(self) -> tuple[str, ...]:
        """Where each file truly lies, as the policy's globs see it."""
        return tuple(member.place for member in self.members())

    def members(self) -> tuple[Member, ...]:
        """The files there now that are data, in name order."""
        found = attempt(self._listing, self._place)
        kept = tuple(sorted((one for one in found if not is_marker(one.name, one.size)), key=lambda one: one.name))
        if not kept:
            raise SourceError(
                f"{self._place} holds no files: nothing to look at; put the task that fills it upstream",
                code="NO_FILES",
            )
        return kept

    def fingerprint(self, key: bytes) -> Fingerprint:
        """One part per file: its name within the dataset, size and version or content digest."""
        return fingerprint(part(key, member.name, member.size, _version(member)) for member in self.members())

    def batches(self) -> Iterator[pl.DataFrame]:
        """Files in name order; each with its own columns, those that its folders name among them."""
        members = self.members()
        self._lost = Counter()
        # Every file is checked before the first is read: an hour's scan should not end at the last file's name.
        for member in members:
            format_of(member)
            _check_size(member)
        for member in members:
            folders = columns_of(member.name)
            for batch in format_of(member).batches(member, self._lost):
                yield with_folders(batch, folders)


def _version(member: Member) -> str:
    return attempt(member.version, member.shown)


def _check_size(member: Member) -> None:
    if not member.size:
        raise SourceError(f"{member.shown} is empty, 0 bytes: write it again or remove it", code="EMPTY_FILE")
