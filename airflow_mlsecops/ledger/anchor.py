"""Heads of the chain, kept where the ledger's writers cannot change them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

from airflow_mlsecops.core.errors import LedgerError
from airflow_mlsecops.ledger.bounded import bounded
from airflow_mlsecops.ledger.verification import Head

T = TypeVar("T")
_NAME = re.compile(r"([0-9]{12,})-([0-9a-f]{64})\.json")


class Anchor:
    """One small object per append: give it a bucket with object lock.

    Its name says all of it, so that a list is enough to check the chain, and so that neither a write cut short nor a
    second head of the same sequence can replace what was kept.

    :param folder: a directory with pathlib's interface (``pathlib.Path``, ``ObjectStoragePath``)
    :param timeout: seconds to wait for it
    """

    def __init__(self, folder: Any, timeout: float = 10.0) -> None:
        self._folder, self._timeout = folder, timeout

    def write(self, head: Head) -> None:
        """Keep a head.

        :raises LedgerError: ``ANCHOR_UNAVAILABLE``
        """
        self._bounded(lambda: self._write(head))

    def heads(self) -> tuple[Head, ...]:
        """Every head that was kept, in order of the chain.

        :raises LedgerError: ``ANCHOR_UNAVAILABLE`` if it cannot be read
        """
        return self._bounded(self._heads)

    def newest(self) -> Head | None:
        """The head of the highest sequence that was kept, if any was.

        :raises LedgerError: ``ANCHOR_UNAVAILABLE`` if it cannot be read
        """
        return next(reversed(self.heads()), None)

    def _bounded(self, work: Callable[[], T]) -> T:
        try:
            return bounded(work, f"its anchor {self._folder}", self._timeout)
        except OSError as error:
            raise LedgerError(
                f"the ledger's anchor {self._folder} could not be used ({type(error).__name__}): look at its "
                "location and permissions",
                code="ANCHOR_UNAVAILABLE",
            ) from None

    def _write(self, head: Head) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / f"{head.sequence:012d}-{head.hash}.json").open("wb") as file:
            file.write(head.model_dump_json().encode())

    def _heads(self) -> tuple[Head, ...]:
        if not self._folder.exists():
            return ()
        names = sorted(path.name for path in self._folder.iterdir())
        matches = [match for name in names if (match := _NAME.fullmatch(name))]
        return tuple(Head(sequence=int(match[1]), hash=match[2]) for match in matches)
