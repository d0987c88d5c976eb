"""What exactly was looked at, as keyed digests of its parts."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable

from airflow_mlsecops.core.frozen import Frozen


class Fingerprint(Frozen):
    """A set of parts, each an HMAC of (identity, size, version); a record keeps only ``root`` and ``count``.

    The HMAC matters: a plain hash of a one-cell file is a hash of a value.

    :param parts: hex digests of the parts, one per object, row group or table
    :param weak: true where a part's version does not prove its content (storage counters)
    """

    parts: frozenset[str]
    weak: bool = False

    @property
    def count(self) -> int:
        """Number of parts."""
        return len(self.parts)

    @property
    def root(self) -> str:
        """One digest of all parts, whatever their order."""
        return hashlib.sha256("\n".join(sorted(self.parts)).encode()).hexdigest()

    def merge(self, other: Fingerprint) -> Fingerprint:
        """Both sets of parts together; commutative, so that partitions may be looked at in any order."""
        return Fingerprint(parts=self.parts | other.parts, weak=self.weak or other.weak)


def part(key: bytes, identity: str, size: int, version: str) -> str:
    """Digest one part under the deployment's fingerprint key.

    :param identity: name of the part within its dataset
    :param size: in bytes, or rows where the part is a table
    :param version: version id, ETag, snapshot id or content digest: whatever changes when the content does
    """
    # Length-prefixed, so that ("ab", "c") and ("a", "bc") never meet.
    message = b"".join(_framed(text) for text in (identity, str(size), version))
    return hmac.new(key, message, hashlib.sha256).hexdigest()


def fingerprint(parts: Iterable[str], *, weak: bool = False) -> Fingerprint:
    """Gather parts into a fingerprint."""
    return Fingerprint(parts=frozenset(parts), weak=weak)


def _framed(text: str) -> bytes:
    data = text.encode()
    return len(data).to_bytes(8, "big") + data
