"""How sensitive a kind of data is, in four ordered levels."""

from __future__ import annotations

from enum import StrEnum


class Level(StrEnum):
    """PUBLIC < INTERNAL < CONFIDENTIAL < RESTRICTED; compares by rank, reads and writes as a word."""

    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"
    RESTRICTED = "restricted"

    @property
    def rank(self) -> int:
        """0 for PUBLIC to 3 for RESTRICTED."""
        return _ORDER.index(self)

    # StrEnum would compare the words alphabetically ("confidential" < "internal" < "public"): order by rank instead.
    def __lt__(self, other: object) -> bool:
        return self.rank < Level(other).rank if isinstance(other, str) else NotImplemented

    def __le__(self, other: object) -> bool:
        return self.rank <= Level(other).rank if isinstance(other, str) else NotImplemented

    def __gt__(self, other: object) -> bool:
        return self.rank > Level(other).rank if isinstance(other, str) else NotImplemented

    def __ge__(self, other: object) -> bool:
        return self.rank >= Level(other).rank if isinstance(other, str) else NotImplemented


_ORDER = tuple(Level)
