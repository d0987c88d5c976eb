"""Arrow batches become polars frames without losing a cell."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.sources.cells import text_series
from airflow_mlsecops.sources.formats.names import unique_names

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa


def to_polars(batch: pa.RecordBatch, lost: Counter[int]) -> pl.DataFrame:
    """The same columns and rows; what polars cannot hold becomes text.

    :param lost: counts, by column from 1, cells declared text that are not UTF-8
    """
    import polars as pl

    names = unique_names(batch.schema.names)
    named = enumerate(zip(names, batch.columns, strict=True), start=1)
    return pl.DataFrame([_series(name, array, place, lost) for place, (name, array) in named])


def _series(name: str, array: pa.Array, place: int, lost: Counter[int]) -> pl.Series:
    import polars as pl
    import pyarrow as pa

    plain = _plain(array)
    try:
        # polars takes Arrow text as it is: bytes that are not UTF-8 would be undefined behaviour in native code
        plain.validate(full=True)
    except pa.ArrowInvalid:
        return text_series(name, _undecoded(plain), place, lost)
    try:
        return pl.Series(name, pl.from_arrow(plain))
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, pa.ArrowException, TypeError, ValueError):
        # a type that polars does not have
        return pl.Series(name, [None if cell is None else str(cell) for cell in plain.to_pylist()], pl.String)


def _plain(array: pa.Array) -> pa.Array:
    """The array without dictionaries and extension types."""
    import pyarrow as pa

    if pa.types.is_dictionary(array.type):
        return _plain(array.dictionary_decode())
    if not isinstance(array.type, pa.BaseExtensionType):
        return array
    if array.type.extension_name == "arrow.uuid":
        return pa.array([None if cell is None else str(cell) for cell in array.to_pylist()], pa.string())
    return _plain(array.storage)


def _undecoded(array: pa.Array) -> list[bytes | None]:
    """Cells declared text of which some are not UTF-8, as bytes."""
    import pyarrow as pa

    kind = array.type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)):
        raise SourceError("a nested column holds text that is not UTF-8: write it as UTF-8", code="NOT_TEXT")
    cells: list[bytes | None] = array.cast(pa.large_binary()).to_pylist()
    return cells
