"""What kinds of columns a frame has, down into nested ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from airflow_mlsecops.core.errors import SourceError

if TYPE_CHECKING:
    import polars as pl


def leaves(kind: Any) -> Iterator[Any]:
    """The kind itself and every kind within it."""
    yield kind
    for inner in _inner(kind):
        yield from leaves(inner)


def without_categories(kind: Any) -> Any:
    """The kind with text in the place of categories.

    A column of categories carries words that none of its rows says any more: what a transformation took away.
    """
    import polars as pl

    if kind in (pl.Categorical, pl.Enum):
        return pl.String()
    if isinstance(kind, pl.List):
        return pl.List(without_categories(kind.inner))
    if isinstance(kind, pl.Array):
        return pl.Array(without_categories(kind.inner), kind.size)
    if isinstance(kind, pl.Struct):
        return pl.Struct([pl.Field(field.name, without_categories(field.dtype)) for field in kind.fields])
    if _is_map(kind):
        return type(kind)(without_categories(kind.key), without_categories(kind.value))
    return kind


def plainly_named(names: Iterable[int]) -> str:
    """Columns by their places, from 1: a name may itself hold data."""
    return ", ".join(f"column[{place}]" for place in names)


def require_same(first: pl.Schema, now: pl.Schema, place: str) -> None:
    """Refuse a frame whose columns differ from those of the first.

    :raises SourceError: ``SCHEMA_CHANGED``
    """
    if first == now:
        return
    if first.names() != now.names():
        what = f"has {len(now):,} columns, of other names or in another order than the {len(first):,} before"
    else:
        pairs = enumerate(zip(first.dtypes(), now.dtypes(), strict=True), start=1)
        what = f"has other types in {plainly_named(at for at, (one, other) in pairs if one != other)}"
    raise SourceError(
        f"a frame for {place} {what}: a single file or table has one set of columns; name a folder as target, or give "
        "the files of the source the same columns",
        code="SCHEMA_CHANGED",
    )


def has_nanoseconds(cells: pl.Series) -> bool:
    """True if a moment, time or duration in the column, or within its nested cells, is finer than a microsecond."""
    return any(bool((leaf.to_physical() % 1_000 != 0).any()) for leaf in _fine_leaves(cells))


def _fine_leaves(cells: pl.Series) -> Iterator[pl.Series]:
    """What nested cells hold in nanoseconds, one column for each place in them."""
    import polars as pl

    kind: Any = cells.dtype
    if not any(map(_counts_nanoseconds, leaves(kind))):
        return
    if isinstance(kind, pl.Struct):
        for field in kind.fields:
            yield from _fine_leaves(cells.struct.field(field.name))
    elif _is_map(kind):
        yield from _fine_leaves(cells.cast(pl.List(pl.Struct({"key": kind.key, "value": kind.value}))))
    elif isinstance(kind, pl.List | pl.Array):
        yield from _fine_leaves(cells.explode())
    else:
        yield cells


def _counts_nanoseconds(kind: Any) -> bool:
    import polars as pl

    return bool(kind == pl.Time) or (isinstance(kind, pl.Datetime | pl.Duration) and kind.time_unit == "ns")


def _inner(kind: Any) -> tuple[Any, ...]:
    import polars as pl

    if isinstance(kind, pl.List | pl.Array):
        return (kind.inner,)
    if isinstance(kind, pl.Struct):
        return tuple(field.dtype for field in kind.fields)
    return (kind.key, kind.value) if _is_map(kind) else ()


def _is_map(kind: Any) -> bool:
    import polars as pl

    return isinstance(kind, getattr(pl, "Map", ()))  # polars has maps since 2.0
