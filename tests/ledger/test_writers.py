"""Many writers, some killed: nothing that was acknowledged is lost, and there is one chain."""

from __future__ import annotations

import random
import statistics
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from pathlib import Path

import pytest

from airflow_mlsecops.ledger import Ledger
from tests.ledger import workers
from tests.many import many


def written(
    url: str, home: Path, processes: BaseContext, *, number: int, writers: int, count: int
) -> tuple[set[str], list[float]]:
    with ProcessPoolExecutor(number, mp_context=processes) as pool:
        args = [url] * number, [home] * number, [writers] * number, [count] * number
        found = list(pool.map(workers.append_many, *args))
    ids = [record_id for acknowledged, _ in found for record_id in acknowledged]
    assert len(set(ids)) == len(ids) == number * writers * count
    return set(ids), sorted(seconds for _, times in found for seconds in times)


def check(ledger: Ledger, ids: set[str]) -> None:
    found = ledger.verify()
    assert (found.ok, found.entries, found.problems) == (True, len(ids), ())
    assert {entry.record.id for entry in ledger.history(limit=len(ids) + 1)} == ids


def said(name: str, times: list[float]) -> float:
    """Print the latencies; the 99th percentile in seconds."""
    p50, p99 = statistics.median(times), times[int(len(times) * 0.99)]
    print(f"\n{name}: {len(times)} appends, p50 {p50 * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms, max {times[-1]:.2f} s")
    return p99


def test_64_writers_on_postgres(emptied_database: str, tmp_path: Path, processes: BaseContext) -> None:
    with workers.opened(emptied_database, tmp_path) as ledger:
        alone = statistics.median(workers.timed(ledger, 0)[1] for _ in range(20))
    ids, times = written(emptied_database, tmp_path, processes, number=4, writers=16, count=many(6))
    # All wait for one lock: nobody waits much longer than for each of the others once, whatever the machine.
    assert said("64 writers on PostgreSQL", times) < 64 * alone * 16
    with workers.opened(emptied_database, tmp_path) as ledger:
        found = ledger.verify()
        assert (found.ok, found.entries, found.problems) == (True, len(ids) + 20, ())


def test_64_threads_share_one_ledger(emptied_database: str, tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with workers.opened(emptied_database, tmp_path) as ledger:
        with ThreadPoolExecutor(64) as pool:
            found = list(pool.map(lambda writer: workers.timed(ledger, writer), range(128)))
        check(ledger, {record_id for record_id, _ in found})


def test_8_processes_on_sqlite(tmp_path: Path, processes: BaseContext) -> None:
    url = f"sqlite:///{tmp_path}/ledger.db"
    workers.opened(url, tmp_path).close()
    ids, times = written(url, tmp_path, processes, number=8, writers=1, count=25)
    said("8 processes on SQLite", times)
    with workers.opened(url, tmp_path) as ledger:
        check(ledger, ids)


def tell(url: str, home: Path, end: Connection) -> None:
    workers.append_for_ever(url, home, end.send)


@pytest.mark.parametrize("kills", [10])
def test_writers_killed_in_mid_append_leave_a_whole_ledger(
    url: str, tmp_path: Path, processes: BaseContext, kills: int
) -> None:
    chance = random.Random(9)
    acknowledged: set[str] = set()
    for _ in range(kills):
        ours, theirs = processes.Pipe(duplex=False)
        process = processes.Process(target=tell, args=(url, tmp_path, theirs), daemon=True)  # type: ignore[attr-defined]
        process.start()
        theirs.close()
        acknowledged.add(ours.recv())  # it is well in its stride
        process.join(chance.random() * 0.05)
        process.kill()
        process.join()
        while True:
            try:
                acknowledged.add(ours.recv())
            except EOFError:
                break
    with workers.opened(url, tmp_path) as ledger:
        found = ledger.verify()
        assert (found.ok, found.problems) == (True, ())
        ids = {entry.record.id for entry in ledger.history(limit=100_000)}
        assert acknowledged <= ids
        assert len(ids) - len(acknowledged) <= kills  # durable, and killed before it could say so
        ledger.append(workers.a_record())
