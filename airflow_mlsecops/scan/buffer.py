"""Many cells as one text, so that an automaton reads them in one go."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

from airflow_mlsecops.scan.shape import LONGEST, shapes_of
from airflow_mlsecops.scan.syntax import OTHER
from airflow_mlsecops.scan.text import WRITTEN

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

# Up to so many cells are told one by one, whatever their share.
_LEAST = 512
# So many of the first cells tell whether it is worth while to put all into shapes.
_PROBE = 1_024
_HEAD, _START, _MANY = 1 << 10, 1 << 16, 60
_SPACE = b"\t\v\f\r"
# Each is looked for where its sign is: most columns have none.
_WRITTEN = tuple((way.removeprefix("\\")[:1].encode(), re.compile(way.encode())) for way in WRITTEN)
_EVERY = frozenset(map(chr, range(ord(OTHER) + 1)))


def _joined(texts: pl.Series) -> bytes:
    if len(texts) < _LEAST:
        # Spares a third of a second for pyarrow, which little data needs not.
        return "\n".join(texts.to_list()).encode()
    joined = texts.str.join("\n")
    # From Arrow's memory: a Python string in between would be one more copy of the column.
    data = joined.to_arrow().cast("large_binary").buffers()[2]
    return b"" if data is None else bytes(data)


def _characters(text: bytes) -> frozenset[str]:
    seen: set[int] = set()
    while text:
        first = set(text[:_HEAD])
        seen |= first
        # What is left is soon little: half a nanosecond a byte.
        text = text.translate(None, bytes(first))
    return frozenset(chr(code) if code < ord(OTHER) else OTHER for code in seen)


def _has_controls(text: bytes) -> bool:
    import numpy as np

    codes = np.frombuffer(text, np.uint8)
    low = np.count_nonzero(codes < ord(" ")) - np.count_nonzero(codes == ord("\n"))
    # Most columns have no other space than that, so the rest is rarely counted.
    return (low > 0 and low != sum(np.count_nonzero(codes == space) for space in _SPACE)) or b"\x7f" in text


class Buffer:
    """The cells of a column one after the other, parted by line feeds; no repr, since it holds data.

    :param texts: without nulls
    """

    __slots__ = ("__dict__", "_texts", "bytes")

    def __init__(self, texts: pl.Series) -> None:
        self._texts = texts
        self.bytes: bytes = _joined(texts) if len(texts) else b""

    @cached_property
    def ends(self) -> np.ndarray[Any, Any]:
        """Where each cell ends."""
        import numpy as np

        return np.cumsum(self._lengths + 1) - 1

    @cached_property
    def longest(self) -> int:
        """Bytes of the longest cell."""
        return int(self._lengths.max(initial=0))

    @cached_property
    def _lengths(self) -> np.ndarray[Any, Any]:
        import numpy as np

        if len(self._texts) < _LEAST:
            return np.array([len(text.encode()) for text in self._texts.to_list()], np.int64)
        return self._texts.str.len_bytes().to_numpy().astype(np.int64)

    @cached_property
    def plain(self) -> bool:
        """True if it is read as it stands: all of it is ASCII, without control characters and encoded ones."""
        encoded = any(sign in self.bytes and way.search(self.bytes) for sign, way in _WRITTEN)
        return self.bytes.isascii() and not encoded and not _has_controls(self.bytes)

    @cached_property
    def characters(self) -> frozenset[str]:
        """The characters that the cells consist of, or more; ``OTHER`` stands for all beyond ASCII."""
        first = _characters(self.bytes[:_START])
        # Sentences have nearly all of them: to look for the others takes longer than it spares.
        many = len(first) >= _MANY and len(self.bytes) > _START
        return _EVERY if many else first | _characters(self.bytes[_START:])

    @cached_property
    def shapes(self) -> bytes | None:
        """The shapes of its cells, one to a line; ``None`` if there are many, or one of them cannot be told."""
        if self.longest > LONGEST or not self.plain or self.bytes.count(b"\n") != max(0, len(self._texts) - 1):
            return None
        first = self.bytes[: int(self.ends[min(_PROBE, len(self._texts)) - 1])] if len(self._texts) else b""
        return shapes_of(self.bytes) if shapes_of(first) is not None else None

    def places(self, automaton: Any) -> list[int]:
        """The cells in which a match begins.

        A match may end in the next cell, and is no less a reason to look at the one in which it begins.
        """
        found: list[int] = []
        start, search, ends = 0, automaton.search, self.ends
        while (match := search(self.bytes, start)) is not None:
            place = int(ends.searchsorted(match.start()))
            if place >= len(ends):
                break
            found.append(place)
            start = int(ends[place]) + 1
            if start > len(self.bytes):
                break
        return found
