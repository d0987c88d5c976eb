"""What all transformations share."""

from __future__ import annotations

import hashlib
import hmac
from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.frozen import Frozen

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class PseudonymKey:
    """The secret that pseudonyms and synthetic values are derived from; no repr shows it.

    :param secret: at least 16 bytes
    """

    secret: bytes = field(repr=False)

    @cached_property
    def id(self) -> str:
        """What records name it by: eight hex digits that tell nothing of it."""
        return hmac.digest(self.secret, b"id of a pseudonym key", hashlib.sha256)[:4].hex()

    def digest(self, purpose: str, value: bytes) -> bytes:
        """HMAC-SHA-256 (RFC 2104) of a value, apart for each purpose."""
        return hmac.digest(self.secret, purpose.encode() + b"\0" + value, hashlib.sha256)

    def digests(self, purpose: str, values: Iterable[bytes]) -> list[bytes]:
        """The same of many values, four times as fast: the key is prepared once."""
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.hmac import HMAC

        begun = HMAC(self.secret, hashes.SHA256())
        begun.update(purpose.encode() + b"\0")
        digests = []
        for value in values:
            one = begun.copy()
            one.update(value)
            digests.append(one.finalize())
        return digests


@dataclass(frozen=True)
class Means:
    """What a transformation may use besides the cells.

    :param key: the key in force
    :param previous: the key before, for datasets that are still to be joined with what it pseudonymised
    :param detectors: what recognises the data, for transformations that look inside texts
    :param entities: names of what is to be removed; empty if it is not known, or everything
    """

    key: PseudonymKey
    previous: PseudonymKey | None = None
    detectors: tuple[Detector, ...] = ()
    entities: frozenset[str] = frozenset()


class Transformation(Frozen):
    """Make cells harmless; the fields of a subclass are the parameters that a rule gives it.

    :cvar strength: of several that one column is to undergo, the strongest alone is done
    :cvar recognisable: true if what comes out may still be taken for the same kind of data: coarser, or made up
    :cvar coarser: true if what comes out tells something of the value still
    :cvar keyed: true if what comes out depends on the key of pseudonyms
    :cvar drops: true if the column itself goes
    :cvar empties: true if null is what it makes of every cell, and no sign that one could not be read
    """

    strength: ClassVar[int]
    recognisable: ClassVar[bool] = False
    coarser: ClassVar[bool] = False
    keyed: ClassVar[bool] = False
    drops: ClassVar[bool] = False
    empties: ClassVar[bool] = False

    @property
    def partial(self) -> bool:
        """True if of a cell it changes only what it recognises, and the rest stays."""
        return False

    @abstractmethod
    def apply(self, cells: pl.Series, means: Means) -> pl.Series:
        """The cells made harmless: as many, in their order; null stays null, and what cannot be read becomes null.

        :param cells: of any type that is not nested
        """

    @property
    def keeps(self) -> bool:
        """True if something of the value itself stays: how much may, a policy says, and never the author of a DAG."""
        return self.coarser

    def shape(self) -> str | None:
        """An anchored pattern (the syntax of RE2) that every cell that comes out matches as text; ``None`` for any."""
        return None

    def key_id(self, means: Means) -> str:
        """Id of the key it uses; empty for none."""
        return ""
