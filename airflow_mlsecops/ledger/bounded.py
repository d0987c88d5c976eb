"""Work that is waited for no longer than so many seconds."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

from airflow_mlsecops.core.errors import LedgerError

T = TypeVar("T")
_SLACK = 0.5  # lets the database's own timeout speak first: it knows what it waited for


def bounded(work: Callable[[], T], place: str, seconds: float) -> T:
    """Do work in a thread that is left behind if it does not end: no driver bounds a server that falls silent.

    :param place: what is waited for, without user or password
    :raises LedgerError: ``LEDGER_TIMEOUT``; whether the work was done is then not known
    """
    answer: Future[T] = Future()

    def run() -> None:
        try:
            answer.set_result(work())
        except BaseException as error:  # noqa: BLE001 - handed to the caller's thread, none is swallowed
            answer.set_exception(error)

    # A daemon, so that it cannot hold the process either.
    Thread(target=run, name="mlsecops-ledger", daemon=True).start()
    try:
        return answer.result(seconds + _SLACK)
    except TimeoutError:
        raise LedgerError(
            f"the ledger at {place} did not answer within {seconds:g} s: see whether it is reachable from here, and "
            "how loaded it is",
            code="LEDGER_TIMEOUT",
        ) from None
