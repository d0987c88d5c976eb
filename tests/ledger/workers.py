"""What other processes do to a ledger while a test looks on."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg  # noqa: F401 - imported once, in the process that all others are copies of
import sqlalchemy.dialects.postgresql.psycopg
import sqlalchemy.dialects.sqlite.pysqlite  # noqa: F401

from airflow_mlsecops.ledger import Ledger, open_ledger
from airflow_mlsecops.ledger.keys import Keyring, fingerprint_secret, local_signer
from tests.ledger.make import a_record


def opened(url: str, home: Path, timeout: float = 30) -> Ledger:
    """A ledger of its own, with the host's key."""
    signer = local_signer(home)
    return open_ledger(url, signer=signer, keyring=Keyring().with_signer(signer), timeout=timeout)


def first_use(folder: Path) -> tuple[str, bytes]:
    """The host's key and secret."""
    return local_signer(folder).key_id, fingerprint_secret(folder)


def open_and_append(url: str, home: Path) -> int:
    """Open a ledger that may not be there yet; the sequence of what was appended."""
    with opened(url, home) as ledger:
        return ledger.append(a_record()).sequence


def append_many(url: str, home: Path, writers: int, count: int) -> tuple[list[str], list[float]]:
    """Append from several ledgers at once; the ids that were acknowledged, and how long each took."""

    def write(writer: int) -> list[tuple[str, float]]:
        with opened(url, home) as ledger:
            return [timed(ledger, writer) for _ in range(count)]

    with ThreadPoolExecutor(writers) as pool:
        found = [pair for pairs in pool.map(write, range(writers)) for pair in pairs]
    return [record_id for record_id, _ in found], [seconds for _, seconds in found]


def timed(ledger: Ledger, writer: int) -> tuple[str, float]:
    record = a_record(task_id=f"writer-{writer}")
    start = time.perf_counter()
    ledger.append(record)
    return record.id, time.perf_counter() - start


def append_on_both_sides_of_a_fork(url: str, home: Path) -> int:
    """Append once, then five times and, in a copy of this process, once; the exit code of the copy."""
    with opened(url, home) as ledger:
        ledger.append(a_record())
        child = os.fork()
        if child == 0:
            try:
                ledger.append(a_record())
                os._exit(0)
            finally:
                os._exit(1)
        for _ in range(5):
            ledger.append(a_record())
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def append_for_ever(url: str, home: Path, acknowledged: Callable[[str], None]) -> None:
    """Append until killed, saying each id that was acknowledged."""
    with opened(url, home) as ledger:
        while True:
            record = a_record()
            ledger.append(record)
            acknowledged(record.id)
