"""Counts of rows that are equal in some columns, for k-anonymity and l-diversity."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from itertools import combinations
from operator import xor
from typing import TYPE_CHECKING

from airflow_mlsecops.core.anonymity import Anonymity
from airflow_mlsecops.core.errors import MlsecopsError, SourceError
from airflow_mlsecops.scan.exact import exact_text

if TYPE_CHECKING:
    import polars as pl

_ROWS, _VALUE = "rows", "value"
# Rows that are written as text at a time.
_SLICE = 1 << 18
# Combinations of batches that wait to be added up: at least so many, and half as many as there are already.
_PENDING = 1 << 20
# Frames are put together where a source gives its rows in crumbs: each weighs a kilobyte of its own.
_FRAMES = 1 << 9
# Where there are more, they are added up in parts: what polars needs for that is several times what it is given.
_CROWD, _PARTS = 1 << 20, 16
# Each column more doubles the choices of columns to look at, and each is another look at everything.
_WIDEST, _LOOKS = 8, 1 << 28


class Groups:
    """Counts the rows of each combination of values, batch by batch; the result depends on no order or split.

    Cells are the same value if they read the same text, exactly: the integer 7, 7.0 and the text ``7`` are one, ``É``
    and ``E`` with an accent after it are two. Null is a value of its own, so is NaN; -0.0 is 0. Where in doubt, values
    are kept apart: that can only make groups smaller.

    No value is kept, only a 64-bit hash of each cell under a random seed per column that lives in this object and
    leaves it never; hashes are stable within one version of polars only, and outlive no process. The chance that any
    two of n combinations are taken for one is below n² / 2⁶⁵: three in a million for ten million of them.

    Memory grows with the distinct combinations alone, those with a sensitive value: 8 bytes for each column and 8 for
    the count, twice that while they are added up, and some 60 MB for batches that wait. On two busy cores a second
    counts 6 million rows of three columns where combinations are few, and 1 million where each row is one.

    :param columns: names of the quasi-identifiers, at least one
    :param sensitive: name of a column whose values a group should not give away, none of ``columns``
    :raises MlsecopsError: ``COLUMNS_INVALID`` for no column, one given twice, or a sensitive one among them
    """

    def __init__(self, columns: Sequence[str], *, sensitive: str | None = None) -> None:
        import polars as pl

        self.columns = _checked(columns, sensitive)
        self.sensitive = sensitive
        self._keys = [str(place) for place in range(len(self.columns))]
        named = [*zip(self._keys, self.columns, strict=True)] + ([(_VALUE, sensitive)] if sensitive is not None else [])
        self._read = [(key, name, secrets.randbits(64)) for key, name in named]
        self._counted = [pl.DataFrame(schema=dict.fromkeys([*(key for key, _ in named), _ROWS], pl.UInt64))]
        self._pending: list[pl.DataFrame] = []

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
        import polars as pl

        missing = [name for _, name, _ in self._read if name not in frame.columns]
        if missing:
            raise SourceError(
                f"{len(missing)} of {len(self._read)} columns to group by are not in this batch: {', '.join(missing)}; "
                "spell them as the dataset does",
                code="NO_SUCH_COLUMN",
            )
        self._pending += [self._count(part) for part in frame.iter_slices(_SLICE)]
        if _height(self._pending) > max(_PENDING, _height(self._counted) // 2):
            self._add_up()
        elif len(self._pending) > _FRAMES:
            self._pending = [pl.concat(self._pending, rechunk=True)]

    def result(self, k: int, l: int | None = None) -> Anonymity:  # noqa: E741 - its name in the literature
        """What is known so far; more batches may follow.

        :param k: the rows to ask of each group, from 1
        :param l: the distinct values of the sensitive column to ask of each group, from 1
        :raises MlsecopsError: ``DEMAND_INVALID`` for less than 1, or an ``l`` without a sensitive column
        """
        if k < 1 or (l is not None and l < 1):
            raise MlsecopsError("k and l are numbers from 1: less asks nothing of a group", code="DEMAND_INVALID")
        if l is not None and self.sensitive is None:
            raise MlsecopsError("l-diversity needs to be told which column is sensitive", code="DEMAND_INVALID")
        self._add_up()
        told = _added_up(_told(groups, k, l or 0) for groups in self._grouped(self._keys))
        if self.sensitive is None:
            del told["least_diverse"]
        return Anonymity(
            **told,
            columns=self.columns,
            k=k,
            smallest_combinations=self._smallest_combinations(k) if told["rows_below"] else (),
            sensitive=self.sensitive,
            l=l,
        )

    def _count(self, part: pl.DataFrame) -> pl.DataFrame:
        import polars as pl

        hashed = [exact_text(part[name], name).hash(seed).alias(key) for key, name, seed in self._read]
        return pl.DataFrame(hashed).group_by(pl.all()).agg(pl.len().cast(pl.UInt64).alias(_ROWS))

    def _add_up(self) -> None:
        import polars as pl

        if not self._pending:
            return
        waiting, self._pending = pl.concat(self._pending), []
        keys = waiting.columns[:-1]
        if len(self._counted) == 1 and waiting.height + _height(self._counted) > _CROWD:
            self._counted = [_part(self._counted[0], keys, place, _PARTS) for place in range(_PARTS)]
        parts = len(self._counted)
        for place, before in enumerate(self._counted):
            together = pl.concat([before, _part(waiting, keys, place, parts)])
            self._counted[place] = together.group_by(keys).agg(pl.col(_ROWS).sum())

    def _grouped(self, keys: Sequence[str]) -> Iterator[pl.DataFrame]:
        """The groups by some of the columns, in parts: their rows, and the distinct values of the sensitive column."""
        import polars as pl

        parts = _PARTS if _height(self._counted) > _CROWD else 1
        for place in range(parts):
            part = pl.concat([_part(counted, keys, place, parts) for counted in self._counted])
            yield part.group_by(keys).agg(pl.col(_ROWS).sum(), pl.len().alias(_VALUE))

    def _smallest_combinations(self, k: int) -> tuple[tuple[str, ...], ...]:
        width = len(self.columns)
        if width > _WIDEST or _height(self._counted) << width > _LOOKS:
            return ()
        for size in range(1, width + 1):
            enough = [keys for keys in combinations(self._keys, size) if self._falls_below(keys, k)]
            if enough:
                return tuple(tuple(self.columns[int(key)] for key in keys) for keys in enough)
        return ()

    def _falls_below(self, keys: Sequence[str], k: int) -> bool:
        import polars as pl

        return any(groups.select((pl.col(_ROWS) < k).any()).item() for groups in self._grouped(keys))


def _told(groups: pl.DataFrame, k: int, least: int) -> pl.DataFrame:
    """What groups come to, in one row."""
    import polars as pl

    rows, values = pl.col(_ROWS), pl.col(_VALUE)
    return groups.select(
        rows=rows.sum(),
        groups=pl.len(),
        smallest=rows.min(),
        rows_below=rows.filter(rows < k).sum(),
        groups_below=(rows < k).sum(),
        least_diverse=values.min(),
        rows_undiverse=rows.filter(values < least).sum(),
        groups_undiverse=(values < least).sum(),
    )


def _added_up(told: Iterable[pl.DataFrame]) -> dict[str, int]:
    import polars as pl

    least = ("smallest", "least_diverse")
    return pl.concat(told).select(pl.exclude(least).sum(), pl.col(least).min().fill_null(0)).row(0, named=True)


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


def _height(frames: Iterable[pl.DataFrame]) -> int:
    return sum(frame.height for frame in frames)


def _part(frame: pl.DataFrame, keys: Sequence[str], place: int, parts: int) -> pl.DataFrame:
    """The rows of one of so many parts; rows that are equal in the keys are in the same."""
    import polars as pl

    return frame if parts == 1 else frame.filter(reduce(xor, map(pl.col, keys)) % parts == place)
