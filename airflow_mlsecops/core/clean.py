"""The columns that a scan read whole and found nothing in, by name."""

from __future__ import annotations

from collections.abc import Iterable

from airflow_mlsecops.core.classification import Classification

MOST_NAMES = 500
MOST_BYTES = 16_384
LONGEST_NAME = 300
"""What of the names a record keeps: a name is kept whole or not at all."""
_ELSEWHERE = frozenset({"PARENT_UNREADABLE"})
"""What was not looked at and is no part of this dataset."""


def clean_columns(found: Classification) -> tuple[str, ...]:
    """Names of columns that were read to their last row and hold nothing that a detector knows, in name order.

    None at all where rows were left out, or something was that could stand in any column.
    """
    unread = [one for one in found.skipped if one.code not in _ELSEWHERE]
    if found.rows_scanned == 0 or found.rows_present not in (None, found.rows_scanned) or found.sampled:
        return ()
    partly = {one.column for one in unread if one.column}
    if any(one.column is None for one in unread) or not all(_known(one, found) for one in partly):
        return ()
    holding = {one.column for one in found.sightings} | {one.column for one in found.allowed}
    names = {column.name for column in found.columns} - holding
    return _kept(sorted(name for name in names if not any(_within(name, column) for column in partly)))


def _known(column: str, found: Classification) -> bool:
    return any(_within(one.name, column) for one in found.columns)


def _within(name: str, column: str) -> bool:
    """True of the column itself and of what is nested in it."""
    return name == column or name.startswith((f"{column}.", f"{column}["))


def _kept(names: Iterable[str]) -> tuple[str, ...]:
    kept: list[str] = []
    room = MOST_BYTES
    for name in (name for name in names if len(name) <= LONGEST_NAME):
        room -= len(name.encode("utf-8", "surrogatepass")) + 4
        if room < 0 or len(kept) == MOST_NAMES:
            break
        kept.append(name)
    return tuple(kept)
