"""A uniform sample of the distinct values of a column, the same for every order and split of its rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from airflow_mlsecops.scan.text import text_of

if TYPE_CHECKING:
    import polars as pl

SIZE = 1024
_SEED = 0x5EED
_SPACE = float(1 << 64)
_LONGEST = 2_000
# Values that wait, in sizes of a sample, to be put to those that are kept.
_WAITING = 4


class Sample:
    """The values whose hashes are the smallest, each with the number of its rows.

    Which values these are depends on the values alone (bottom-k sampling; Cohen and Kaplan, 2007), and how small the
    hashes are tells how many distinct values there are (k minimum values; Bar-Yossef et al., 2002). A value that is
    among the smallest at the end was so from its first row on: its rows are counted exactly.

    It has no repr and cannot be pickled: it holds values, which stay in the memory of the task.
    """

    __slots__ = ("_bound", "_kept", "_size", "_waiting")

    def __init__(self, size: int = SIZE) -> None:
        self._size = size
        self._bound: int | None = None
        self._kept = _rows([], [], [])
        self._waiting: list[pl.DataFrame] = []

    def __repr__(self) -> str:
        self._settle()
        return f"Sample({len(self._kept)} values)"

    def __reduce__(self) -> str:
        raise TypeError("a sample stays in the memory of the task that drew it: it cannot be pickled or copied")

    def add(self, cells: pl.Series, rows: pl.Series | None = None) -> None:
        """Look at more cells.

        :param rows: how many rows each stands for; one each if not given
        """
        if cells.null_count():
            # Nulls have a hash too, which would push a value out.
            there = cells.is_not_null()
            cells, rows = cells.filter(there), rows if rows is None else rows.filter(there)
        hashes = cells.hash(_SEED)
        bound = self._bound if self._bound is not None else self._first_bound(hashes)
        frame = _chosen(hashes, cells, rows, None if bound is None else hashes <= bound)
        grouped = _grouped(frame) if len(frame) > _WAITING * self._size else frame
        text = text_of(grouped["cell"].slice(0))
        if text is not None:
            self._take_in(grouped["hash"], text, grouped["rows"])

    def merge(self, other: Sample) -> None:
        """Take in another sample of the same size."""
        other._settle()
        self._take_in(*other._kept.get_columns())

    @property
    def distinct(self) -> int:
        """Distinct values seen: exact below the sample's size, an estimate above."""
        self._settle()
        if self._bound is None:
            return len(self._kept)
        return round((self._size - 1) / ((self._bound + 1) / _SPACE))

    @property
    def complete(self) -> bool:
        """True if every distinct value is in it."""
        self._settle()
        return self._bound is None

    def values(self) -> tuple[tuple[str, int], ...]:
        """The values with the rows of each, in the order of their hashes."""
        self._settle()
        return tuple(zip(self._kept["cell"].to_list(), self._kept["rows"].to_list(), strict=True))

    def _take_in(self, hashes: pl.Series, text: pl.Series, rows: pl.Series) -> None:
        # A copy: string views would keep the whole batch in memory.
        cells = [cell if cell is None else cell[:_LONGEST] for cell in text.to_list()]
        more = _rows(hashes, cells, rows)
        self._waiting.append(more.drop_nulls("cell") if text.null_count() else more)
        first = self._bound is None and len(more) >= self._size
        if first or sum(map(len, self._waiting)) > _WAITING * self._size:
            self._settle()

    def _settle(self) -> None:
        """Put what waits to what is kept, of which the smallest hashes stay."""
        import polars as pl

        if not self._waiting:
            return
        merged = _grouped(pl.concat([self._kept, *self._waiting])).sort("hash")
        self._waiting.clear()
        if len(merged) >= self._size:
            merged = merged.head(self._size)
            self._bound = int(merged["hash"][-1])
        self._kept = _rows(merged["hash"], merged["cell"].to_list(), merged["rows"])

    def _first_bound(self, hashes: pl.Series) -> int | None:
        """A hash below which there are enough distinct values already, so that the rest needs no grouping."""
        if len(hashes) < self._size:
            return None
        smallest = hashes.bottom_k(8 * self._size).unique().sort()
        return int(smallest[self._size - 1]) if len(smallest) >= self._size else None


def _rows(
    hashes: Sequence[int] | pl.Series, cells: Sequence[str | None], rows: Sequence[int] | pl.Series
) -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame(
        {"hash": hashes, "cell": cells, "rows": rows}, schema={"hash": pl.UInt64, "cell": pl.String, "rows": pl.UInt32}
    )


def _chosen(hashes: pl.Series, cells: pl.Series, rows: pl.Series | None, near: pl.Series | None) -> pl.DataFrame:
    """Cells with their hashes and rows, all or some of them."""
    import polars as pl

    if near is not None:
        hashes, cells, rows = hashes.filter(near), cells.filter(near), rows if rows is None else rows.filter(near)
    weight = [1] * len(cells) if rows is None else rows
    return pl.DataFrame({"hash": hashes, "cell": cells, "rows": pl.Series(weight, dtype=pl.UInt32)})


def _grouped(frame: pl.DataFrame) -> pl.DataFrame:
    """Each value once, with all its rows."""
    import polars as pl

    return frame.group_by("hash").agg(pl.col("cell").first(), pl.col("rows").sum())
