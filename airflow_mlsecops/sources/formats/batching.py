"""How much is held in memory at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import polars as pl

T = TypeVar("T")

BATCH_ROWS = 131_072
_BATCH_BYTES = 64 << 20
_BATCH_CHARACTERS = 32 << 20
_BATCH_CELLS = 4_000_000
# The longest CSV record or JSON line: a stray quote would otherwise pull the rest of the file into one cell.
RECORD_CHARACTERS = 256 << 20


def rows_at_once(columns: int) -> int:
    """Rows to a batch: fewer where there are very many columns."""
    return max(1, min(BATCH_ROWS, _BATCH_CELLS // max(1, columns)))


def joined(steps: Iterable[pl.DataFrame], most: int) -> Iterator[pl.DataFrame]:
    """Small frames put together to batches, none dropped: not even an empty one, which brings its columns."""
    import polars as pl

    held: list[pl.DataFrame] = []
    size = count = 0
    for step in steps:
        held.append(step)
        size, count = size + int(step.estimated_size()), count + step.height
        if count >= most or size >= _BATCH_BYTES:
            yield pl.concat(held, rechunk=False)
            held, size, count = [], 0, 0
    if held:
        yield pl.concat(held, rechunk=False)


def gathered(records: Iterable[T], most: int, characters: Callable[[], int]) -> Iterator[list[T]]:
    """Records of a text put together to batches; one empty batch if there are none.

    :param characters: how many were read so far
    """
    held: list[T] = []
    started = characters()
    batches = 0
    for record in records:
        held.append(record)
        if len(held) >= most or characters() - started >= _BATCH_CHARACTERS:
            yield held
            held, started, batches = [], characters(), batches + 1
    if held or not batches:
        yield held
