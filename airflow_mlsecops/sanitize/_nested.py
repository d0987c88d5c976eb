"""Cells inside cells, of which some change and all others stay as they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from airflow_mlsecops.sanitize._cells import exact, nulls
from airflow_mlsecops.sanitize._json import Change, rewritten, steps_of

if TYPE_CHECKING:
    import polars as pl

Task = tuple[str, Change]
"""What follows a column's name in a path, as :mod:`airflow_mlsecops.scan.nested` writes it, and what is done there."""


def addressed(dtype: pl.DataType, inner: str) -> bool:
    """True if a path leads to something in cells of a type, or may do so in JSON that they hold."""
    import polars as pl

    kind: Any = dtype
    if not inner:
        return True
    if dtype == pl.Struct:
        rests = ((field.dtype, below(inner, f".{field.name}")) for field in kind.fields)
        return any(rest is not None and addressed(type_, rest) for type_, rest in rests)
    if dtype in (pl.List, pl.Array):
        rest = below(inner, "[]")
        return rest is not None and addressed(kind.inner, rest)
    if _is_map(dtype):
        return addressed(_entries(kind), inner)
    return steps_of(inner) is not None and dtype in (pl.String, pl.Categorical, pl.Enum, pl.Binary, pl.Null)


def below(path: str, step: str) -> str | None:
    """What follows after the step that a path begins with; ``None`` if it does not begin with it."""
    rest = path.removeprefix(step)
    return rest if path.startswith(step) and rest[:1] in ("", ".", "[") else None


def changed(cells: pl.Series, tasks: Sequence[Task]) -> pl.Series | None:
    """Cells with what stands at some paths changed; ``None`` if nothing of them stays.

    What is inside comes first, then the cell as a whole.
    """
    # polars takes a name such as "^a$" for a pattern of names: cells have a name that is none.
    cells = cells.alias("cells")
    inside = [(inner, change) for inner, change in tasks if inner]
    made = _inside(cells, inside) if inside else cells
    for inner, change in tasks:
        if made is not None and not inner:
            made = change(made)
    return made


def flat(cells: pl.Series) -> pl.Series:
    """Nested cells as the JSON that says them, each leaf as text; others as they are."""
    if not (cells.dtype.is_nested() or _is_map(cells.dtype)):
        return cells

    said = _each(cells, exact)
    # polars writes structs alone as JSON.
    written = said.alias("v").to_frame().to_struct("cell").struct.json_encode()
    bare = written.str.strip_prefix('{"v":').str.strip_suffix("}")
    return bare.set(cells.is_null(), None).alias(cells.name)


def _inside(cells: pl.Series, tasks: Sequence[Task]) -> pl.Series | None:
    import polars as pl

    if cells.dtype == pl.Struct:
        return _fields(cells, lambda field: _changed_below(field, f".{field.name}", tasks))
    if cells.dtype == pl.List:
        return _items(cells, lambda items: _changed_below(items, "[]", tasks))
    if cells.dtype == pl.Array:
        # It stays a list: whether as many items are left cannot depend on which cells a batch has.
        return _inside(cells.arr.to_list(), tasks)
    if _is_map(cells.dtype):
        return _inside(cells.cast(_entries(cells.dtype)), tasks)
    text = exact(cells) if cells.dtype == pl.Binary else cells.cast(pl.String)
    made = rewritten(text, [(steps, change) for inner, change in tasks if (steps := steps_of(inner)) is not None])
    return made.cast(pl.Binary) if cells.dtype == pl.Binary else made


def _changed_below(cells: pl.Series, step: str, tasks: Sequence[Task]) -> pl.Series | None:
    some = [
        (rest, change)
        for inner, change in tasks
        if (rest := below(inner, step)) is not None and addressed(cells.dtype, rest)
    ]
    return changed(cells, some) if some else cells


def _each(cells: pl.Series, leaf: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """Nested cells with each of their leaves changed."""
    import polars as pl

    cells = cells.alias("cells")
    if cells.dtype == pl.Struct:
        made = _fields(cells, lambda field: _each(field, leaf))
        return cells if made is None else made
    if cells.dtype == pl.List:
        return _items(cells, lambda items: _each(items, leaf))
    if cells.dtype == pl.Array:
        return _each(cells.arr.to_list(), leaf)
    return _each(cells.cast(_entries(cells.dtype)), leaf) if _is_map(cells.dtype) else leaf(cells)


def _fields(cells: pl.Series, change: Callable[[pl.Series], pl.Series | None]) -> pl.Series | None:
    """Structs with their fields changed; ``None`` if all of them go."""
    import polars as pl

    made = [(field.name, change(field)) for field in cells.struct.unnest().get_columns()]
    kept = [field.alias(name) for name, field in made if field is not None]
    if not kept and made:
        return None
    structs = pl.DataFrame({field.name: field for field in kept}).to_struct(cells.name) if kept else cells
    return structs.zip_with(cells.is_not_null(), nulls(structs, structs.dtype))


def _items(cells: pl.Series, change: Callable[[pl.Series], pl.Series | None]) -> pl.Series:
    """Lists with their items changed; empty lists if they go."""
    import polars as pl

    length = cells.list.len().fill_null(0)
    rows = pl.DataFrame({"row": pl.int_range(len(cells), dtype=pl.UInt32, eager=True), "length": length})
    items = cells.filter(length > 0).explode() if (length > 0).any() else cells.clear().explode()
    made = change(items.alias(""))
    empty = pl.Series("empty", [[]], dtype=pl.List(items.dtype if made is None else made.dtype))
    lists = rows.select("row", pl.when(pl.lit(cells.is_not_null())).then(pl.lit(empty).first()).alias("empty"))
    if made is None or not len(made):
        return lists["empty"].alias(cells.name)
    of_row = rows.filter(length > 0).select(pl.col("row").repeat_by("length").explode())
    grouped = of_row.with_columns(made.alias("items")).group_by("row", maintain_order=True).agg("items")
    together = lists.join(grouped, on="row", how="left", maintain_order="left")
    return together.select(pl.coalesce("items", "empty")).to_series().alias(cells.name)


def _is_map(dtype: pl.DataType) -> bool:
    import polars as pl

    return dtype.base_type() is getattr(pl, "Map", None)


def _entries(dtype: Any) -> pl.DataType:
    """The type of the list of entries that a map is."""
    import polars as pl

    return pl.List(pl.Struct({"key": dtype.key, "value": dtype.value}))
