"""Values that were found, kept as keyed digests for as long as a task runs."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from heapq import nsmallest

_BYTES = 16


class Hits:
    """Digests of the distinct values of every (column, entity) of one scan.

    The key is random, lives in this object and leaves it never; digests of two objects cannot be compared. Beyond the
    limit the smallest digests are kept: a uniform sample that does not depend on the order of rows.

    :param limit: distinct values kept for each (column, entity)
    """

    def __init__(self, limit: int = 100_000) -> None:
        self.limit = limit
        self._key = secrets.token_bytes(32)
        self._digests: dict[tuple[str, str], set[bytes]] = {}

    def __repr__(self) -> str:
        return f"Hits({len(self._digests)} columns and entities, {sum(map(len, self._digests.values()))} digests)"

    def __reduce__(self) -> str:
        raise TypeError("Hits stay in the memory of the task that gathered them: they cannot be pickled or copied")

    def add(self, column: str, entity: str, values: Sequence[str]) -> None:
        """Keep what was found of an entity in a column."""
        if not values:
            return
        digests = self._digests.setdefault((column, entity), set())
        digests.update(self.digests(entity, values))
        if len(digests) > 2 * self.limit:
            self._digests[column, entity] = self._smallest(digests)

    def show(self, names: Mapping[str, str]) -> None:
        """Call columns as they are shown, those of one name together; others keep the name they have."""
        pairs, self._digests = self._digests, {}
        for (column, entity), digests in pairs.items():
            shown = self._digests.setdefault((names.get(column, column), entity), set())
            shown |= digests

    def digests(self, entity: str, values: Iterable[str]) -> Iterator[bytes]:
        """Digests, under this object's key, of values in one spelling."""
        person = entity.encode()[:16]
        for value in values:
            # surrogatepass: a digest must never fail on odd text
            text = value.encode("utf-8", "surrogatepass")
            yield blake2b(text, digest_size=_BYTES, key=self._key, person=person).digest()

    def known(self) -> Mapping[tuple[str, str], frozenset[bytes]]:
        """The digests of every (column, entity), never more than the limit."""
        return {pair: frozenset(self._smallest(digests)) for pair, digests in self._digests.items()}

    def _smallest(self, digests: set[bytes]) -> set[bytes]:
        return digests if len(digests) <= self.limit else set(nsmallest(self.limit, digests))
