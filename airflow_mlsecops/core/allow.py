"""What a policy allows although a detector finds it: test data, a company's own addresses, one harmless column."""

from __future__ import annotations

import hashlib
import hmac
from datetime import date
from functools import lru_cache

from pydantic import Field

from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.glob import matches

ANY = "*"
EVERYWHERE = "**"
VALUE_ID = r"[0-9a-f]{8}\.[0-9a-f]{64}"


class Allow(Frozen):
    """What does not count although it is found; verdicts say how many rows hold it, and by which line.

    Without ``values`` and ``pattern`` it is the whole ``column`` that is allowed to hold the entity.

    :param entity: name of the entity, or ``*`` for any
    :param dataset: glob over the dataset's identity
    :param column: glob over the column's name as verdicts show it
    :param values: values, as `airflow-mlsecops policy allow-value` prints them: keyed, never plain
    :param pattern: RE2 pattern that must match the whole of what was found
    :param reason: why it is harmless
    :param until: the last day on which it is allowed; empty: no end
    """

    entity: str
    dataset: str = EVERYWHERE
    column: str = EVERYWHERE
    values: tuple[str, ...] = ()
    pattern: str = ""
    reason: str = Field(min_length=1)
    until: date | None = None

    @property
    def whole(self) -> bool:
        """True if it speaks of whole columns, not of single values."""
        return not self.values and not self.pattern

    def speaks_of(self, identity: str) -> bool:
        """True if it is about a dataset."""
        return matches(self.dataset, identity)

    def ended(self, today: date) -> bool:
        """True if it allows nothing any more."""
        return self.until is not None and today > self.until

    def foreign(self, key: bytes | None) -> int:
        """How many of its values were keyed with another secret, and hence match nothing."""
        own = key_id(key) if key is not None else ""
        return sum(value.partition(".")[0] != own for value in self.values)


def value_id(key: bytes, entity: str, value: str) -> str:
    """What stands in a policy for a value: HMAC-SHA-256 under the deployment's fingerprint secret, and whose it is.

    :param value: in the detector's one spelling
    """
    return f"{key_id(key)}.{_hmac(key, f'allow {entity} {value}')}"


@lru_cache(maxsize=8)
def key_id(key: bytes) -> str:
    """Eight hex digits that tell one secret from another, so that values keyed with a lost one are noticed."""
    return _hmac(key, "allow-list key")[:8]


def _hmac(key: bytes, text: str) -> str:
    # surrogatepass: a digest must never fail on odd text
    return hmac.new(key, f"airflow-mlsecops {text}".encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
