"""A uniform sample of the distinct values of a column, the same for every order and split of its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow_mlsecops.scan.text import text_of

if TYPE_CHECKING:
    import polars as pl

SIZE = 1024
_SEED = 0x5EED
_SPACE = float(1 << 64)
_LONGEST = 2_000


class Sample:
    """The values whose hashes are the smallest, each with the number of its rows.

    Which values these are depends on the values alone (bottom-k sampling; Cohen and Kaplan, 2007), and how small the
    hashes are tells how many distinct values there are (k minimum values; Bar-Yossef et al., 2002). A value that is
    among the smallest at the end was so from its first row on: its rows are counted exactly.

    It has no repr and cannot be pickled: it holds values, which stay in the memory of the task.
    """

    __slots__ = ("_bound", "_kept", "_size")

    def __init__(self, size: int = SIZE) -> None:
        import polars as pl

        self._size = size
        self._bound: int | None = None
        self._kept = pl.DataFrame(schema={"hash": pl.UInt64, "cell": pl.String, "rows": pl.UInt32})

    def __repr__(self) -> str:
        return f"Sample({len(self._kept)} values)"

    def __reduce__(self) -> str:
        raise TypeError("a sample stays in the memory of the task that drew it: it cannot be pickled or copied")

    def add(self, cells: pl.Series, rows: pl.Series | None = None) -> None:
        """Look at more cells.

        :param rows: how many rows each stands for; one each if not given
        """
        import polars as pl

        frame = pl.DataFrame({"hash": cells.hash(_SEED), "cell": cells})
        frame = frame.with_columns(rows=pl.lit(1, pl.UInt32) if rows is None else rows.cast(pl.UInt32))
        # Nulls have a hash too, which would push a value out.
        frame = frame.drop_nulls("cell")
        frame = self._below(frame, self._bound if self._bound is not None else self._first_bound(frame))
        grouped = frame.group_by("hash").agg(pl.col("cell").first(), pl.col("rows").sum())
        text = text_of(grouped["cell"].slice(0))
        if text is not None:
            self._join(grouped.with_columns(cell=text.str.slice(0, _LONGEST)))

    def merge(self, other: Sample) -> None:
        """Take in another sample of the same size."""
        self._join(other._kept)

    @property
    def distinct(self) -> int:
        """Distinct values seen: exact below the sample's size, an estimate above."""
        if self._bound is None:
            return len(self._kept)
        return round((self._size - 1) / ((self._bound + 1) / _SPACE))

    @property
    def complete(self) -> bool:
        """True if every distinct value is in it."""
        return self._bound is None

    def values(self) -> tuple[tuple[str, int], ...]:
        """The values with the rows of each, in the order of their hashes."""
        return tuple(zip(self._kept["cell"].to_list(), self._kept["rows"].to_list(), strict=True))

    def _join(self, more: pl.DataFrame) -> None:
        import polars as pl

        joined = pl.concat([self._kept, more.select("hash", "cell", pl.col("rows").cast(pl.UInt32)).drop_nulls("cell")])
        merged = joined.group_by("hash").agg(pl.col("cell").first(), pl.col("rows").sum()).sort("hash")
        if len(merged) >= self._size:
            merged = merged.head(self._size)
            self._bound = int(merged["hash"][-1])
        # A copy: string views would keep the whole batch in memory.
        self._kept = pl.DataFrame(
            {
                "hash": merged["hash"],
                "cell": pl.Series(merged["cell"].to_list(), dtype=pl.String),
                "rows": merged["rows"],
            }
        )

    def _first_bound(self, frame: pl.DataFrame) -> int | None:
        """A hash below which there are enough distinct values already, so that the rest needs no grouping."""
        smallest = frame["hash"].bottom_k(8 * self._size).unique().sort()
        return int(smallest[self._size - 1]) if len(smallest) >= self._size else None

    @staticmethod
    def _below(frame: pl.DataFrame, bound: int | None) -> pl.DataFrame:
        import polars as pl

        return frame if bound is None else frame.filter(pl.col("hash") <= bound)
