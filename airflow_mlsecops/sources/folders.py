"""Columns that stand in the names of folders: ``country=IT/part-0.parquet``, as Hive and Spark write them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from airflow_mlsecops.sources.cells import well_formed
from airflow_mlsecops.sources.formats.names import unique_names

if TYPE_CHECKING:
    import polars as pl

_NULL = "__HIVE_DEFAULT_PARTITION__"


def columns_of(name: str) -> tuple[tuple[str, str | None], ...]:
    """Columns and their one value, by the folders in a file's name relative to its dataset."""
    steps = (step.partition("=") for step in name.split("/")[:-1])
    return tuple(
        (well_formed(unquote(column)), None if value == _NULL else well_formed(unquote(value)))
        for column, equals, value in steps
        if column and equals
    )


def with_folders(batch: pl.DataFrame, columns: tuple[tuple[str, str | None], ...]) -> pl.DataFrame:
    """The batch with what its folders say of every row, which whoever trains on it reads as columns too."""
    import polars as pl

    if not columns or not batch.width:
        return batch
    names = unique_names([*batch.columns, *(column for column, _ in columns)])[batch.width :]
    cells = zip(names, (value for _, value in columns), strict=True)
    return batch.with_columns(pl.lit(value, pl.String).alias(name) for name, value in cells)
