"""What a look at the whole chain came to."""

from __future__ import annotations

from pydantic import NonNegativeInt

from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.record import GENESIS


class Head(Frozen):
    """The newest entry of a chain; sequence 0 where there is none yet."""

    sequence: NonNegativeInt = 0
    hash: str = GENESIS


class Problem(Frozen):
    """One thing in the ledger that does not verify.

    :param sequence: of the entry concerned; 0 where it concerns none
    :param code: ``HASH_MISMATCH``, ``SEQUENCE_GAP``, ``HEAD_MISMATCH``…: stable, for machines
    :param detail: one sentence for people
    """

    sequence: int
    code: str
    detail: str


class Verification(Frozen):
    """The whole chain, looked at.

    :param entries: how many there are
    :param problems: in order of the chain; none if ``ok``
    :param head: hash of the newest entry: keep it elsewhere, and a cut tail shows
    """

    ok: bool
    entries: NonNegativeInt
    problems: tuple[Problem, ...]
    head: str
