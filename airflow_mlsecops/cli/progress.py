"""How far a scan has come, on a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_PATIENCE = 1.0
_ERASE = "\r\x1b[2K"


@contextmanager
def rows_done() -> Iterator[Callable[[int], None]]:
    """Say on stderr how many rows are done, once a scan takes more than a second and somebody is watching."""
    begin = time.monotonic()
    shown = False

    def progress(rows: int) -> None:
        nonlocal shown
        elapsed = time.monotonic() - begin
        if elapsed > _PATIENCE and sys.stderr.isatty():
            shown = True
            print(f"{_ERASE}{rows:,} rows done, {rows / elapsed:,.0f} a second", end="", file=sys.stderr, flush=True)

    try:
        yield progress
    finally:
        if shown:
            print(_ERASE, end="", file=sys.stderr, flush=True)
