"""``airflow-mlsecops policy diff``: what a new policy folder answers otherwise than the old one."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from airflow_mlsecops import __version__
from airflow_mlsecops.cli.deployment import policy_folder
from airflow_mlsecops.cli.exits import Exit
from airflow_mlsecops.cli.ledger import opened
from airflow_mlsecops.cli.screen import Cell, Screen
from airflow_mlsecops.core.errors import LedgerError, LedgerTampered, MlsecopsError

if TYPE_CHECKING:
    from airflow_mlsecops.core.record import Entry, Record
    from airflow_mlsecops.ledger import Ledger
    from airflow_mlsecops.policy import PolicyFolder
    from airflow_mlsecops.policy.replay import Compared

SCHEMA = "airflow-mlsecops/policy-diff/1"
_LAST = 200
_STYLES = {"opens": "bold red", "closes": "yellow", "reasons": "dim", "not replayed": "bold yellow"}
_DESCRIPTION = """\
Put the cases of both folders to both, and what the access gates of this deployment were asked last, as far as the
ledger holds it. Nothing is written. Scans and checks of the environment count as they were recorded."""


@dataclass(frozen=True, slots=True)
class _Replay:
    """What came of the ledger.

    :param undecided: records in which no rule had been asked, since evidence was missing
    :param trouble: why the ledger could not be read; empty if it was, or if there is none
    :param note: what to say of it
    """

    compared: tuple[Compared, ...] = ()
    undecided: int = 0
    trouble: str = ""
    note: str = ""


def add(actions: Any) -> None:
    """Add the command to ``policy``."""
    command = actions.add_parser(
        "diff",
        help="say what a new policy folder answers otherwise than the old one",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("old", metavar="FOLDER_OLD", help="what is in force, a folder or s3://…")
    command.add_argument("new", metavar="FOLDER_NEW", help="what is to be")
    command.add_argument(
        "--last", type=_count, default=_LAST, metavar="N", help=f"replay so many records at most; {_LAST} if not given"
    )
    command.add_argument("--no-ledger", action="store_true", help="compare the cases alone")
    command.add_argument("--json", action="store_true", help="print one JSON document")
    command.add_argument("--no-color", action="store_true", help="no colour, even on a terminal")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Compare; 0 nothing changed, 1 an answer changed, 2 something could not be compared and nothing else changed."""
    from airflow_mlsecops.policy.replay import compare_cases

    old, new = policy_folder(arguments.old), policy_folder(arguments.new)
    cases = compare_cases(old, new)
    replay = _Replay(note="the ledger was not asked") if arguments.no_ledger else _replayed(arguments.last, old, new)
    if arguments.json:
        print(json.dumps(_document(old, new, cases, replay), indent=2, ensure_ascii=True))
    else:
        _print(Screen(color=not arguments.no_color), cases, replay)
    return _exit(cases, replay)


def _exit(cases: Sequence[Compared], replay: _Replay) -> Exit:
    every = (*cases, *replay.compared)
    if any(one.changed for one in every):
        return Exit.FAIL
    # Where nothing was put to both, nothing says that they agree.
    return Exit.UNKNOWN if replay.trouble or not every or any(one.unknown for one in every) else Exit.PASS


def _replayed(last: int, old: PolicyFolder, new: PolicyFolder) -> _Replay:
    """Replay what the ledger holds.

    :raises LedgerTampered: if what it holds does not verify
    """
    try:
        with opened() as ledger:
            decisions = _decisions(ledger, last)
    except LedgerTampered:
        raise
    except MlsecopsError as error:
        if isinstance(error, LedgerError) and error.code == "LEDGER_ABSENT":
            return _Replay(note="there is no ledger here, so no decision was replayed")
        return _Replay(trouble=f"the ledger could not be read ({error.code}), so no decision was replayed")
    return _compared(decisions, old, new)


def _compared(decisions: Sequence[tuple[Record, list[Record]]], old: PolicyFolder, new: PolicyFolder) -> _Replay:
    from airflow_mlsecops.policy.replay import compare_decision

    found = [compare_decision(record, others, old, new) for record, others in decisions]
    compared = tuple(one for one in found if one)
    return _Replay(compared, len(found) - len(compared))


def _decisions(ledger: Ledger, last: int) -> list[tuple[Record, list[Record]]]:
    """The newest record of each question among the last ones, each with what its run had written before."""
    from airflow_mlsecops.core.gate import Gate

    newest: dict[tuple[str, ...], Entry] = {}
    for entry in ledger.history(gate=Gate.ACCESS, limit=last):
        run, verdict = entry.record.run, entry.record.verdict
        asked = (verdict.dataset, verdict.partition, verdict.asked, entry.record.environment)
        newest.setdefault((run.dag_id, run.task_id, *asked), entry)
    return [(entry.record, _before(ledger, entry)) for entry in newest.values()]


def _before(ledger: Ledger, entry: Entry) -> list[Record]:
    run = entry.record.run
    found = ledger.history(
        dag_id=run.dag_id, run_id=run.run_id, map_index=run.map_index, dataset=entry.record.verdict.dataset
    )
    newest: dict[str, Entry] = {}
    for one in found:
        if one.sequence < entry.sequence:
            newest.setdefault(one.record.run.task_id, one)
    if found:
        # An edited column could hide a record from the query, not from the chain.
        ledger.require_unbroken(min(found, key=lambda one: one.sequence))
    return [one.record for one in newest.values()]


def _print(screen: Screen, cases: Sequence[Compared], replay: _Replay) -> None:
    for title, compared in (("cases", cases), ("decisions", replay.compared)):
        told = [_row(one) for one in compared if one.changed or one.unknown]
        if told:
            screen.table((title, "", "old", "new"), told)
            screen.line()
    if not cases and not replay.compared:
        screen.line("policy diff: nothing was put to both, so nothing says that they agree: add cases to cases.yaml")
    else:
        screen.line(f"policy diff: {_count_of(cases, 'case')}")
    if replay.trouble or replay.note:
        screen.line(f"  {replay.trouble or replay.note}", style="bold yellow" if replay.trouble else "")
        return
    screen.line(f"  of the ledger: {_count_of(replay.compared, 'decision')}, as far as its records tell")
    if replay.undecided:
        screen.line(f"  {replay.undecided:,} more had asked no rule, since evidence was missing")


def _row(one: Compared) -> tuple[Cell, ...]:
    word = one.changed or "not replayed"
    shown = (one.unknown, "") if one.unknown else (str(one.old), str(one.new))
    return (one.what, (word, _STYLES[word]), *shown)


def _count_of(compared: Sequence[Compared], noun: str) -> str:
    changed = sum(bool(one.changed) for one in compared)
    unknown = sum(bool(one.unknown) for one in compared)
    more = f", {unknown:,} could not be compared" if unknown else ""
    return f"{changed:,} of {len(compared):,} {noun}{'' if len(compared) == 1 else 's'} changed{more}"


def _document(old: PolicyFolder, new: PolicyFolder, cases: Sequence[Compared], replay: _Replay) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "producer": f"airflow-mlsecops {__version__}",
        "old": old.policy.digest,
        "new": new.policy.digest,
        "cases": list(_documented(cases)),
        "decisions": list(_documented(replay.compared)),
        "undecided": replay.undecided,
        "ledger": replay.trouble or replay.note or "read",
    }


def _documented(compared: Sequence[Compared]) -> Iterator[dict[str, Any]]:
    for one in compared:
        yield {
            "what": one.what,
            "changed": one.changed,
            "old": str(one.old or ""),
            "new": str(one.new or ""),
            "unknown": one.unknown,
        }


def _count(text: str) -> int:
    if not (text.isdecimal() and text.isascii() and len(text) < 7 and 0 < int(text) <= 100_000):
        raise argparse.ArgumentTypeError(f"expected a whole number, 1 to 100000, got {text[:40]!r}")
    return int(text)
