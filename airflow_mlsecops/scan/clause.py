"""One alternative of a detector's pattern, with what tells it soonest from other text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from airflow_mlsecops.core.detector import Detector, whole
from airflow_mlsecops.scan.need import Need
from airflow_mlsecops.scan.runs import LONGEST_GAP
from airflow_mlsecops.scan.syntax import GAP

DIGITS, TOKEN = 9, 16
"""So many digits in a row, and so long a token, are worth looking for."""
_GAP = "".join(re.escape(sign) for sign in sorted(GAP))


@dataclass(frozen=True, eq=False)
class Clause:
    """One alternative of one detector's pattern; what follows from it is worked out once, not for each batch."""

    detector: Detector
    pattern: str
    need: Need

    @cached_property
    def at_once(self) -> bool:
        """True if its detector tells of many cells at once."""
        detector = self.detector
        return detector.bulk is not None or detector.sure is not None or detector.find is whole

    @cached_property
    def gate(self) -> str:
        """What tells it soonest from other text."""
        if self.need.token >= TOKEN:
            return "token"
        if self.need.digits >= DIGITS:
            return "digits"
        return "words" if self.need.words and all(map(_rare, self.need.words)) else "itself"


def _rare(word: str) -> bool:
    return len(word.encode()) >= 3 or "$" in word


def digits_in_a_row(count: int) -> str:
    """A pattern for so many digits with short gaps."""
    return rf"[0-9](?:[{_GAP}]{{0,{LONGEST_GAP}}}[0-9]){{{count - 1}}}"


def token_of(count: int) -> str:
    """A pattern for so many letters, digits, underscores and hyphens."""
    return rf"[0-9A-Za-z_\-]{{{count}}}"
