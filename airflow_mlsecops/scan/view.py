"""A column of a batch, or a leaf inside it, as the scan sees it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from airflow_mlsecops.scan.buffer import Buffer
from airflow_mlsecops.scan.nested import Leaf, leaves
from airflow_mlsecops.scan.text import text_of, within_calendar

if TYPE_CHECKING:
    import polars as pl

# A column of which so many cells hold fewer distinct values than a quarter is looked at value by value.
_PROBE = 2_048
_REPEATS = 4


class View:
    """Cells of one leaf; equal cells of a flat column may be put together. It has no repr, since it holds the data.

    :param position: of its column, counted from 0
    :param leaf: where it stands, and its cells
    :param height: rows of the batch
    """

    def __init__(self, position: int, leaf: Leaf, height: int, type_: str) -> None:
        self.position = position
        self.path = leaf.path
        self.loose = leaf.loose
        self.fields = leaf.fields
        self.opened = leaf.opened
        self.crowded = leaf.crowded
        self.type = type_
        self.cells, self.weight = (leaf.cells, None) if leaf.row is not None else _together(leaf.cells)
        self.row = leaf.row
        self.rows = height if leaf.row is None else int(leaf.row.n_unique())
        self.nulls = _nulls(leaf)

    @property
    def hashable(self) -> bool:
        """True if its cells can be told apart."""
        import polars as pl

        return self.cells.dtype != pl.Object

    @cached_property
    def text(self) -> pl.Series | None:
        """What its cells are read as; ``None`` if none can be."""
        import polars as pl

        # Looking once at the bytes tells that nothing in them needs folding, and what they consist of.
        if self.cells.dtype == pl.String and self.buffer.plain:
            return self.cells
        self.__dict__.pop("buffer", None)
        return text_of(self.cells)

    @cached_property
    def buffer(self) -> Buffer:
        """The texts of its cells, without nulls, one after the other."""
        known = self.__dict__.get("text")
        texts = known if known is not None else self.cells
        return Buffer(texts.drop_nulls() if texts.null_count() else texts)

    @property
    def unreadable(self) -> int:
        """Rows that hold something which could not be read."""
        import polars as pl

        if _readable_as_a_rule(self.cells.dtype) or (self.cells.dtype.is_temporal() and within_calendar(self.cells)):
            return 0
        unread = self.cells.is_not_null() if self.text is None else self.cells.is_not_null() & self.text.is_null()
        return self.count(pl.arange(0, len(self.cells), eager=True, dtype=pl.UInt32).filter(unread))

    def all_cells(self) -> pl.DataFrame:
        """Places and texts of every cell that was read."""
        return _frame(self.text, None)

    def long_numbers(self, digits: int) -> pl.DataFrame:
        """Places and texts of whole numbers of at least so many digits."""
        import polars as pl

        size = pl.col("size").abs()
        long = size >= 10.0 ** (digits - 1)
        if self.cells.dtype.is_float():
            long &= size == size.floor()
        sizes = self.cells.cast(pl.Float64).alias("size").to_frame()
        place = sizes.select(pl.arg_where(long).cast(pl.UInt32)).to_series()
        return _frame(text_of(self.cells.gather(place)) if len(place) else None, place)

    def count(self, places: pl.Series) -> int:
        """Rows that hold the cells at these places."""
        if self.weight is not None:
            return int(self.weight.gather(places).sum())
        if self.row is not None:
            return int(self.row.gather(places).n_unique())
        return len(places)


def views(batch: pl.DataFrame) -> Iterator[tuple[int, Iterator[View]]]:
    """Every column's position and its leaves."""
    for position, column in enumerate(batch.iter_columns()):
        yield position, views_of(position, column)


def views_of(position: int, column: pl.Series) -> Iterator[View]:
    """The leaves of one column."""
    type_ = column.dtype.base_type().__name__
    for leaf in leaves(column):
        yield View(position, leaf, len(column), type_ if leaf.path == column.name else f"{type_}: {_type(leaf)}")


def _type(leaf: Leaf) -> str:
    return leaf.cells.dtype.base_type().__name__


def _together(cells: pl.Series) -> tuple[pl.Series, pl.Series | None]:
    """Distinct cells with the rows of each, where cells repeat."""
    import polars as pl

    few = len(cells) >= _PROBE and cells.dtype != pl.Object
    if not few or cells.head(_PROBE).n_unique() * _REPEATS > _PROBE:
        return cells, None
    counted = cells.alias("cell").value_counts(name="rows")
    if len(counted) * _REPEATS > len(cells):
        return cells, None
    return counted["cell"], counted["rows"]


def _nulls(leaf: Leaf) -> int:
    return int(leaf.cells.null_count()) - leaf.opened if leaf.row is None else 0


def _readable_as_a_rule(dtype: pl.DataType) -> bool:
    import polars as pl

    return dtype.is_numeric() or dtype in (pl.String, pl.Boolean, pl.Categorical)


def _frame(text: pl.Series | None, place: pl.Series | None) -> pl.DataFrame:
    import polars as pl

    if text is None:
        return pl.DataFrame(schema={"place": pl.UInt32, "text": pl.String})
    index = pl.int_range(len(text), dtype=pl.UInt32, eager=True) if place is None else place
    frame = pl.DataFrame({"place": index, "text": text})
    return frame.drop_nulls("text") if text.null_count() else frame
