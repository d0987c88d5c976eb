"""Counts of rows that are equal in some columns, for k-anonymity and l-diversity."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any, cast

from airflow_mlsecops.core.anonymity import Anonymity
from airflow_mlsecops.core.errors import MlsecopsError, SourceError
from airflow_mlsecops.scan.exact import exact_text

if TYPE_CHECKING:
    import polars as pl

_ROWS, _VALUE = "rows", "value"
# Rows that are written as text at a time.
_SLICE = 1 << 18
# Groups of batches that wait to be added up: at least so many, and never fewer than there are groups already.
_PENDING = 1 << 20
# Each column more doubles the combinations to look at.
_WIDEST = 8


class Groups:
    """Counts the rows of each combination of values, batch by batch; the result depends on no order or split.

    Cells are the same value if they read the same text, exactly: the integer 7, 7.0 and the text ``7`` are one, ``É``
    and ``E`` with an accent after it are two. Null is a value of its own, so is NaN; -0.0 is 0. Where in doubt, values
    are kept apart: that can only make groups smaller.

    No value is kept, only a 64-bit hash of each cell under a random seed per column that lives in this object and
    leaves it never. Memory grows with the distinct combinations alone: 8 bytes for each column and 8 for the count, at
    most about five times that while they are added up. The chance that any two of n combinations are taken for one is
    below n² / 2⁶⁵: three in a million for ten million of them.

    :param columns: names of the quasi-identifiers, at least one
    :param sensitive: name of a column whose values a group should not give away, none of ``columns``
    :raises MlsecopsError: ``COLUMNS_INVALID`` for no column, one given twice, or a sensitive one among them
    """

    def __init__(self, columns: Sequence[str], *, sensitive: str | None = None) -> None:
        self.columns = _checked(columns, sensitive)
        self.sensitive = sensitive
        self._keys = [str(place) for place in range(len(self.columns))]
        named = [*zip(self._keys, self.columns, strict=True)] + ([(_VALUE, sensitive)] if sensitive is not None else [])
        self._read = [(key, name, secrets.randbits(64)) for key, name in named]
        self._counted: pl.DataFrame | None = None
        self._pending: list[pl.DataFrame] = []
        self._waiting = 0

    def __repr__(self) -> str:
        return f"Groups({len(self.columns)} columns)"

    def __reduce__(self) -> str:
        raise TypeError("Groups stay in the memory of the task that counts them: they cannot be pickled or copied")

    def see(self, frame: pl.DataFrame) -> None:
        """Count a batch.

        :param frame: any number of rows, with all the columns and others
        :raises SourceError: ``NO_SUCH_COLUMN``, or ``UNREADABLE`` for cells that have no text; nothing of the batch
            is counted then
        """
        missing = [name for _, name, _ in self._read if name not in frame.columns]
        if missing:
            raise SourceError(
                f"{len(missing)} of {len(self._read)} columns to group by are not in this batch: {', '.join(missing)}; "
                "spell them as the dataset does",
                code="NO_SUCH_COLUMN",
            )
        counted = [self._count(part) for part in frame.select(name for _, name, _ in self._read).iter_slices(_SLICE)]
        self._pending += counted
        self._waiting += sum(part.height for part in counted)
        if self._waiting > max(_PENDING, 0 if self._counted is None else self._counted.height):
            self._add_up()

    def result(self, k: int, l: int | None = None) -> Anonymity:  # noqa: E741 - its name in the literature
        """What is known so far; more batches may follow.

        :param k: the rows to ask of each group, from 1
        :param l: the distinct values of the sensitive column to ask of each group, from 1
        :raises MlsecopsError: ``COLUMNS_INVALID`` for an ``l`` without a sensitive column
        """
        if l is not None and self.sensitive is None:
            raise MlsecopsError("l-diversity needs to be told which column is sensitive", code="COLUMNS_INVALID")
        groups = self._groups()
        sizes = groups[_ROWS]
        below = sizes.filter(sizes < k)
        return Anonymity(
            columns=self.columns,
            rows=int(sizes.sum()),
            groups=len(sizes),
            smallest=_least(sizes),
            k=k,
            rows_below=int(below.sum()),
            groups_below=len(below),
            smallest_combinations=tuple(self._smallest_combinations(groups, k)) if len(below) else (),
            sensitive=self.sensitive,
            l=l,
            **_diversity(groups, l or 0),
        )

    def _count(self, part: pl.DataFrame) -> pl.DataFrame:
        import polars as pl

        hashed = [exact_text(part[name], name).hash(seed).alias(key) for key, name, seed in self._read]
        return pl.DataFrame(hashed).group_by(pl.all()).agg(pl.len().cast(pl.UInt64).alias(_ROWS))

    def _add_up(self) -> None:
        import polars as pl

        parts = [*([] if self._counted is None else [self._counted]), *self._pending]
        if parts:
            self._counted = pl.concat(parts).group_by(pl.exclude(_ROWS)).agg(pl.col(_ROWS).sum())
        self._pending, self._waiting = [], 0

    def _groups(self) -> pl.DataFrame:
        """One row a group: its hashes, its rows and, with a sensitive column, its distinct values."""
        import polars as pl

        self._add_up()
        names = [key for key, _, _ in self._read]
        counted = (
            self._counted
            if self._counted is not None
            else pl.DataFrame(schema=dict.fromkeys([*names, _ROWS], pl.UInt64))
        )
        if self.sensitive is None:
            return counted
        return counted.group_by(self._keys).agg(pl.col(_ROWS).sum(), pl.len().alias(_VALUE))

    def _smallest_combinations(self, groups: pl.DataFrame, k: int) -> Iterator[tuple[str, ...]]:
        import polars as pl

        if len(self.columns) > _WIDEST:
            return
        for size in range(1, len(self.columns) + 1):
            found = False
            for keys in combinations(self._keys, size):
                sizes = groups.group_by(keys).agg(pl.col(_ROWS).sum())[_ROWS]
                if _least(sizes) < k:
                    found = True
                    yield tuple(self.columns[int(key)] for key in keys)
            if found:
                return


def _checked(columns: Sequence[str], sensitive: str | None) -> tuple[str, ...]:
    wrong = None
    if isinstance(columns, str) or not columns:
        wrong = "a list of at least one column is needed"
    elif len({*columns}) < len(columns):
        wrong = "a column is given twice"
    elif sensitive in columns:
        wrong = "the sensitive column cannot be one of those to group by: each group would have one value of it"
    if wrong:
        raise MlsecopsError(f"rows cannot be grouped: {wrong}", code="COLUMNS_INVALID")
    return tuple(columns)


def _least(sizes: pl.Series) -> int:
    return cast("int | None", sizes.min()) or 0


def _diversity(groups: pl.DataFrame, l: int) -> dict[str, Any]:  # noqa: E741
    import polars as pl

    if _VALUE not in groups.columns:
        return {}
    undiverse = groups.filter(pl.col(_VALUE) < l)[_ROWS]
    return {
        "least_diverse": _least(groups[_VALUE]),
        "rows_undiverse": int(undiverse.sum()),
        "groups_undiverse": len(undiverse),
    }
