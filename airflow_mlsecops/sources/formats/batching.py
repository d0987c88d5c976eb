"""How much is held in memory at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sized
from typing import TypeVar

T = TypeVar("T")
S = TypeVar("S", bound=Sized)

BATCH_ROWS = 131_072
_BATCH_BYTES = 10 << 20
BATCH_CHARACTERS = 16 << 20
_BATCH_CELLS = 4_000_000
# The longest CSV record or JSON line: a stray quote would otherwise pull the rest of the file into one cell.
RECORD_CHARACTERS = 256 << 20


def rows_at_once(columns: int) -> int:
    """Rows to a batch: fewer where there are very many columns."""
    return max(1, min(BATCH_ROWS, _BATCH_CELLS // max(1, columns)))


def joined(steps: Iterable[S], most: int, size: Callable[[S], int]) -> Iterator[list[S]]:
    """Small pieces put together to batches, none dropped: not even an empty one, which brings its columns.

    :param most: rows to a batch, unless a single piece has more
    :param size: of a piece, in bytes
    """
    held: list[S] = []
    taken = count = 0
    for step in steps:
        if held and count + len(step) > most:
            yield held
            held, taken, count = [], 0, 0
        held.append(step)
        taken, count = taken + size(step), count + len(step)
        # At once, before the next piece is there too: a single one may be large.
        if taken >= _BATCH_BYTES:
            yield held
            held, taken, count = [], 0, 0
    if held:
        yield held


def gathered(records: Iterable[T], most: int, characters: Callable[[], int]) -> Iterator[list[T]]:
    """Records of a text put together to batches; one empty batch if there are none.

    :param characters: how many were read so far
    """
    held: list[T] = []
    started = characters()
    batches = 0
    for record in records:
        held.append(record)
        if len(held) >= most or characters() - started >= BATCH_CHARACTERS:
            yield held
            held, started, batches = [], characters(), batches + 1
    if held or not batches:
        yield held
