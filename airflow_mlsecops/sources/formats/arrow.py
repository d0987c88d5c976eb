"""Arrow tables become polars frames without losing a cell."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeVar

from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.sources.cells import text_series
from airflow_mlsecops.sources.formats.names import unique_names

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

Column = TypeVar("Column", "pa.Array", "pa.ChunkedArray")

# Arrow's 32-bit offsets overflow at twice that; only a frame in memory is as large.
_COMBINED = 1 << 30


def to_polars(table: pa.Table, lost: Counter[int]) -> pl.DataFrame:
    """The same columns and rows, each column in one piece; what polars cannot hold becomes text.

    :param lost: counts, by column from 1, cells declared text that are not UTF-8
    """
    import polars as pl

    names = unique_names(table.schema.names)
    columns = table.columns[::-1]
    # Popped, so that each column can be freed once it is converted: a batch need not be held twice.
    del table
    return pl.DataFrame([_series(name, columns.pop(), place, lost) for place, name in enumerate(names, start=1)])


def written_out(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch without dictionaries and extension types, so that its size in memory is known."""
    import pyarrow as pa

    if all(_is_plain(field.type) for field in batch.schema):
        return batch
    return pa.RecordBatch.from_arrays([_plain(array) for array in batch.columns], names=batch.schema.names)


def _series(name: str, column: pa.ChunkedArray, place: int, lost: Counter[int]) -> pl.Series:
    import polars as pl
    import pyarrow as pa

    plain = pa.chunked_array([_plain(chunk) for chunk in column.chunks or [pa.array([], column.type)]])
    raw = _as_bytes(plain)
    _check(raw)
    try:
        # In one piece before polars sees it: each call into polars costs as much as a thousand cells.
        whole = raw.combine_chunks() if raw.num_chunks > 1 and raw.nbytes < _COMBINED else raw
        series = pl.Series(name, pl.from_arrow(whole, rechunk=True))
        # Text came as bytes: this cast looks at each of them, at a third of what Arrow's check for UTF-8 costs.
        return series if raw is plain else series.cast(pl.String)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, pa.ArrowException, TypeError, ValueError):
        # Text that is none, or a type that polars does not have. By chunk: Python objects are large.
        return pl.concat([_as_text(name, chunk, place, lost) for chunk in raw.chunks], rechunk=True)


def _check(column: pa.Array | pa.ChunkedArray) -> None:
    """Refuse what would be undefined behaviour in native code: polars takes Arrow data as it is."""
    import pyarrow as pa

    try:
        column.validate(full=True)
        return
    except pa.ArrowInvalid:
        pass
    raise SourceError("a nested column holds text that is not UTF-8: write it as UTF-8", code="NOT_TEXT")


def _as_bytes(column: Column) -> Column:
    """Text as bytes that nobody has vouched for yet, without copying; any other column as it is."""
    import pyarrow as pa

    kinds = {pa.string(): pa.binary(), pa.large_string(): pa.large_binary(), pa.string_view(): pa.binary_view()}
    return column.cast(kinds[column.type]) if column.type in kinds else column


def _as_text(name: str, array: pa.Array, place: int, lost: Counter[int]) -> pl.Series:
    import pyarrow as pa

    cells = array.to_pylist()
    if pa.types.is_binary(array.type) or pa.types.is_large_binary(array.type) or pa.types.is_binary_view(array.type):
        return text_series(name, cells, place, lost)
    return text_series(name, [None if cell is None else str(cell) for cell in cells], place, lost)


def _is_plain(kind: pa.DataType) -> bool:
    import pyarrow as pa

    return not (pa.types.is_dictionary(kind) or isinstance(kind, pa.BaseExtensionType))


def _plain(array: pa.Array) -> pa.Array:
    """The array without dictionaries and extension types."""
    import pyarrow as pa

    if pa.types.is_dictionary(array.type):
        words = _plain(array.dictionary)
        _check(_as_bytes(words))
        # Not dictionary_decode(): take() refuses an index beyond the dictionary.
        return words.take(array.indices)
    if not isinstance(array.type, pa.BaseExtensionType):
        return array
    if array.type.extension_name == "arrow.uuid":
        return pa.array([None if cell is None else str(cell) for cell in array.to_pylist()], pa.string())
    return _plain(array.storage)
