"""What must hold before the rows of a table are replaced; otherwise nothing is."""

from __future__ import annotations

from collections.abc import Sequence

from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.core.words import printable
from airflow_mlsecops.sources.dialects import dialect_of
from airflow_mlsecops.sources.targets.columns import plainly_named
from airflow_mlsecops.sources.targets.session import Session


def require_table(session: Session, place: str) -> bool:
    """True if the target is there.

    :raises SourceError: ``TARGET_NOT_SUPPORTED`` if something else has its name
    """
    kind = session.kind(session.names)
    if kind not in ("", "table"):
        raise SourceError(f"{place} cannot be written to: it is a {kind}; name a table", code="TARGET_NOT_SUPPORTED")
    return bool(kind)


def require_names(session: Session, names: Sequence[str]) -> None:
    """Refuse names of columns that the database would cut, or hold for one.

    :raises SourceError: ``TARGET_CANNOT_HOLD``, ``NO_COLUMNS``
    """
    if not names:
        raise SourceError("nothing to write: no column is left", code="NO_COLUMNS")
    fit = [0 < len(name.encode()) <= session.longest and "\0" not in name for name in names]
    if not all(fit):
        odd = plainly_named(place for place, fits in enumerate(fit, start=1) if not fits)
        raise SourceError(
            f"the name of {odd} is empty, holds NUL or is longer than {session.longest:,} bytes: rename it",
            code="TARGET_CANNOT_HOLD",
        )
    if len(set(_canonical(session, names))) < len(names):
        raise SourceError(
            "names of columns differ in the case of letters alone, which this database holds for one: rename them",
            code="TARGET_CANNOT_HOLD",
        )


def require_columns(session: Session, names: Sequence[str], place: str) -> None:
    """Refuse to write other columns than the target has; their order does not matter.

    :raises SourceError: ``TARGET_COLUMNS``
    """
    there = [str(column[0]) for column in session.described(session.target)]
    known, written = _canonical(session, there), _canonical(session, names)
    missing = [printable(name) for name, key in zip(there, known, strict=True) if key not in written]
    extra = plainly_named(at for at, key in enumerate(written, start=1) if key not in known)
    if missing or extra:
        lacks = f"has no {extra} of what is written" if extra else ""
        has = f"has {', '.join(missing)}, which is not written" if missing else ""
        raise SourceError(
            f"{place} {' and '.join(filter(None, (lacks, has)))}: give the table the same columns, or name another; "
            "nothing was changed",
            code="TARGET_COLUMNS",
        )


def require_independent(session: Session, place: str) -> None:
    """Refuse to delete rows that take rows of other tables with them.

    :raises SourceError: ``TARGET_NOT_SUPPORTED``
    """
    count = session.dependents()
    if count:
        raise SourceError(
            f"{count:,} foreign keys of other tables would delete or change their rows with those of {place}: write to "
            "a table that nothing hangs on; nothing was changed",
            code="TARGET_NOT_SUPPORTED",
        )


def require_partition(session: Session, column: str, value: str, place: str) -> None:
    """Refuse rows that are not the partition's: another run would find them beside its own.

    :raises SourceError: ``PARTITION_MISMATCH``
    """
    select = f"SELECT count(*) AS n FROM {session.staged}"  # noqa: S608
    rows = int(session.value(select))
    others = rows - int(session.value(*session.where(select, column, value)))
    if others:
        raise SourceError(
            f"{others:,} of {rows:,} rows do not belong to the partition of {place}: write what changes its column to "
            "another partition, or to the whole table; nothing was changed",
            code="PARTITION_MISMATCH",
        )


def _canonical(session: Session, names: Sequence[str]) -> list[str]:
    dialect = dialect_of(session.database.dialect)
    return [dialect.canonical(name) for name in names]
