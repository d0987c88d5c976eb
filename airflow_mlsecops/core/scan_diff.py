"""What changed between two scans of a dataset: classes that came and went, counts that moved, columns, the level."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from pydantic import NonNegativeInt

from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.level import Level


class Held(Frozen):
    """One class in one column, as a scan counted it.

    :param of: rows looked at
    """

    column: str
    entity: str
    rows: NonNegativeInt | None = None
    of: NonNegativeInt | None = None
    new: bool = False


class Scan(Frozen):
    """What one scan said.

    :param level: the highest of what it found
    :param names: of all columns that it tells of by name, with findings or without
    :param named: true if ``names`` are all columns there are
    :param whole: true if every row of every column was read
    """

    held: tuple[Held, ...] = ()
    level: Level | None = None
    names: frozenset[str] = frozenset()
    named: bool = False
    whole: bool = False


class Kind(StrEnum):
    """What changed; NOT_SEEN is said where a class is gone from a scan that did not read everything."""

    LEVEL = "level"
    APPEARED = "appeared"
    GONE = "gone"
    NOT_SEEN = "not seen"
    MOVED = "moved"
    COLUMN_NEW = "column new"
    COLUMN_GONE = "column gone"


class Change(Frozen):
    """One difference.

    :param column: empty for the level, which is of the whole dataset
    :param before: rows that held it then; ``now``: those that do
    :param new: true of a class that no recent passing run had in this column
    """

    kind: Kind
    column: str = ""
    entity: str = ""
    before: NonNegativeInt | None = None
    now: NonNegativeInt | None = None
    new: bool = False
    level_before: Level | None = None
    level_now: Level | None = None


def diff(before: Scan, now: Scan) -> tuple[Change, ...]:
    """Everything that differs, what needs somebody first: the level, what appeared, what moved, what went, columns."""
    changes = (*_level(before, now), *_classes(before, now), *_columns(before, now))
    return tuple(sorted(changes, key=lambda change: (_ORDER[change.kind], change.column, change.entity)))


_ORDER = {
    kind: rank
    for rank, kind in enumerate(
        (
            *(Kind.LEVEL, Kind.APPEARED, Kind.MOVED, Kind.NOT_SEEN),
            *(Kind.GONE, Kind.COLUMN_NEW, Kind.COLUMN_GONE),
        )
    )
}


def _level(before: Scan, now: Scan) -> Iterator[Change]:
    if before.level != now.level:
        yield Change(kind=Kind.LEVEL, level_before=before.level, level_now=now.level)


def _classes(before: Scan, now: Scan) -> Iterator[Change]:
    then = {(held.column, held.entity): held for held in before.held}
    here = {(held.column, held.entity): held for held in now.held}
    for column, entity in then.keys() | here.keys():
        was, has = then.get((column, entity)), here.get((column, entity))
        if was is None and has is not None:
            yield Change(kind=Kind.APPEARED, column=column, entity=entity, before=0, now=has.rows, new=has.new)
        elif was is not None and has is None:
            # Of a scan that left something out nobody knows that it is gone.
            kind = Kind.GONE if now.whole else Kind.NOT_SEEN
            yield Change(kind=kind, column=column, entity=entity, before=was.rows, now=0 if now.whole else None)
        elif was is not None and has is not None and was.rows != has.rows:
            yield Change(kind=Kind.MOVED, column=column, entity=entity, before=was.rows, now=has.rows, new=has.new)


def _columns(before: Scan, now: Scan) -> Iterator[Change]:
    """Only where both scans name every column: a name that one of them does not keep is no new one."""
    if not (before.named and now.named):
        return
    told = {held.column for held in (*before.held, *now.held)}
    for column in sorted((now.names - before.names) - told):
        yield Change(kind=Kind.COLUMN_NEW, column=column)
    for column in sorted((before.names - now.names) - told):
        yield Change(kind=Kind.COLUMN_GONE, column=column)
