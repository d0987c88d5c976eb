"""``airflow-mlsecops ledger``: check, read, count and grant the ledger."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow_mlsecops.cli.deployment import deployment
from airflow_mlsecops.cli.exits import Exit, UsageError
from airflow_mlsecops.cli.screen import Cell, Screen
from airflow_mlsecops.core.errors import LedgerError

if TYPE_CHECKING:
    from airflow_mlsecops.core.record import Entry
    from airflow_mlsecops.hook import MlsecopsHook
    from airflow_mlsecops.ledger import Ledger, Verification

_HEADS = ("#", "time (UTC)", "gate", "outcome", "dataset", "asked by", "environment", "record", "signed by")
_SHOWN = 20
_PAUSE = 0.12  # seconds in which a gate takes its turn: SQLite asks for a lock every tenth of one


def add(commands: Any) -> None:
    """Add the commands to the command line."""
    whole = commands.add_parser("ledger", help="check, read, count and grant the ledger")
    actions = whole.add_subparsers(title="commands", metavar="COMMAND", required=True)
    verify = actions.add_parser("verify", help="check every record, its signature and its place in the chain")
    verify.add_argument("--json", action="store_true", help="print one JSON document")
    verify.set_defaults(run=run_verify)
    show = actions.add_parser("show", help="list records, newest first")
    for name in ("dag", "run", "task", "dataset"):
        show.add_argument(f"--{name}", dest=f"only_{name}", metavar="ID" if name != "dataset" else "IDENTITY")
    show.add_argument("--limit", type=_positive, default=_SHOWN, help=f"at most so many; {_SHOWN} if not given")
    show.add_argument("--no-color", action="store_true", help="no colour, even on a terminal")
    show.set_defaults(run=run_show)
    index = actions.add_parser("index", help="count the records that the overview does not count yet")
    index.add_argument("--anew", action="store_true", help="count all of them again, after INDEX_MISMATCH")
    index.set_defaults(run=run_index)
    grants = actions.add_parser("grants", help="print the SQL for a role that may append and read, but change nothing")
    grants.add_argument("role", metavar="ROLE")
    grants.add_argument("--dialect", choices=("postgresql", "sqlite"), default="postgresql")
    grants.set_defaults(run=run_grants)


def run_verify(arguments: argparse.Namespace) -> int:
    """Verify the whole chain; 1 if anything in it disagrees."""
    with opened() as ledger:
        found = ledger.verify()
    if arguments.json:
        print(json.dumps(found.model_dump(mode="json"), indent=2, ensure_ascii=True))
    else:
        _print_verification(found)
    return Exit.PASS if found.ok else Exit.FAIL


def run_show(arguments: argparse.Namespace) -> int:
    """List the newest records that fit; 0 even if there is none."""
    with opened() as ledger:
        found = ledger.history(
            dag_id=arguments.only_dag,
            run_id=arguments.only_run,
            task_id=arguments.only_task,
            dataset=arguments.only_dataset,
            limit=arguments.limit,
        )
    screen = Screen(color=not arguments.no_color)
    if found:
        screen.table(_HEADS, map(_row, found), numbers=("#",))
    else:
        screen.line("No record fits.")
    return Exit.PASS


def run_index(arguments: argparse.Namespace) -> int:
    """Bring the overview's index up to the newest record; 2 where this user may not write it."""
    with opened() as ledger:
        if arguments.anew:
            ledger.begin_index_anew()
        read = 0
        while step := ledger.bring_index_on():
            read += step
            time.sleep(_PAUSE)
        if not ledger.indexed:
            raise LedgerError(
                "this user may not write the index of the ledger: run this as the owner of its tables, then "
                "`airflow-mlsecops ledger grants ROLE` for whoever adds to it",
                code="INDEX_DENIED",
            )
    Screen().line(f"ledger index: up to date ({read:,} records read)")
    return Exit.PASS


def run_grants(arguments: argparse.Namespace) -> int:
    """Print SQL; nothing is run."""
    from airflow_mlsecops.ledger import grants

    try:
        print(grants(arguments.dialect, arguments.role), end="")
    except LedgerError as error:
        raise UsageError(str(error)) from None
    return Exit.PASS


@contextmanager
def opened() -> Iterator[Ledger]:
    """The deployment's ledger, for reading alone; none is created.

    :raises LedgerError: ``LEDGER_ABSENT`` if there is none yet
    """
    from airflow_mlsecops.ledger import open_ledger

    with deployment() as hook:
        require_file(hook)
        ledger = open_ledger(hook.ledger_url, signer=None, keyring=hook.keyring)
    with ledger:
        yield ledger


def require_file(hook: MlsecopsHook) -> None:
    """Refuse to look into a SQLite ledger that is not there: looking would create an empty one, which verifies.

    :raises LedgerError: ``LEDGER_ABSENT``
    """
    file = sqlite_file(hook.ledger_url)
    if file is not None and not file.is_file():
        raise LedgerError(
            f"there is no ledger at {file} yet: the first gate that runs makes it; if gates have run, look whether "
            "AIRFLOW_HOME is theirs",
            code="LEDGER_ABSENT",
        )


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite URL; ``None`` for a server."""
    return Path(url.partition(":///")[2].partition("?")[0]) if url.startswith("sqlite") else None


def _print_verification(found: Verification) -> None:
    screen = Screen()
    if found.ok:
        screen.line(f"ledger verify: ok ({found.entries:,} records, head {found.head[:12]}…)")
        return
    screen.line(
        f"ledger verify: FAIL ({len(found.problems):,} problems in {found.entries:,} records)", style="bold red"
    )
    for problem in found.problems:
        where = f"entry {problem.sequence:,}" if problem.sequence else "the ledger"
        screen.line(f"  {where}: {problem.code}: {problem.detail}")


def _row(entry: Entry) -> tuple[Cell, ...]:
    record = entry.record
    verdict, run = record.verdict, record.run
    outcome = verdict.outcome.name if verdict.enforced else f"{verdict.outcome.name} (observed)"
    return (
        f"{entry.sequence:,}",
        f"{record.time:%Y-%m-%d %H:%M:%S}",
        verdict.gate.value,
        outcome,
        f"{verdict.dataset} {verdict.partition}".rstrip(),
        f"{run.dag_id}.{run.task_id} {run.run_id}",
        record.environment,
        record.id,
        entry.key_id,
    )


def _positive(text: str) -> int:
    number = int(text)
    if not 0 < number <= 100_000:
        raise ValueError
    return number
