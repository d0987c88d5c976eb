"""``airflow-mlsecops accept``: the lines that would make what is new in a record known."""

from __future__ import annotations

import argparse
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from airflow_mlsecops.cli.deployment import policy_folder
from airflow_mlsecops.cli.exits import Exit, UsageError
from airflow_mlsecops.cli.ledger import opened
from airflow_mlsecops.cli.screen import say
from airflow_mlsecops.core.errors import LedgerError
from airflow_mlsecops.core.words import printable

if TYPE_CHECKING:
    from airflow_mlsecops.core.record import Record
    from airflow_mlsecops.ledger import Ledger

_WHOLE = 32
_MOST = 100_000
_CANDIDATES = 5


def add(commands: Any) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "accept",
        help="print the policy lines that make what is new in a record known; writes nothing",
        description="Print a patch for policy.yaml and write nothing: whoever owns the policy reviews the patch.",
    )
    command.add_argument("record", metavar="RECORD_ID", help="the record's id, or a beginning of it that is unique")
    command.add_argument("--policy", metavar="FOLDER", help="policy folder; the deployment's own if not given")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the patch; 1 if the record holds nothing new."""
    from airflow_mlsecops.policy import accept_patch

    identifier = _identifier(arguments.record)
    with opened() as ledger:
        record = find(ledger, identifier)
    if not any(finding.code == "ENTITY_NEW" for finding in record.verdict.findings):
        return _nothing(record, "it holds nothing new")
    patch = accept_patch(policy_folder(arguments.policy), record)
    if not patch:
        return _nothing(record, "the policy knows all of it already")
    print(patch, end="")
    return Exit.PASS


def find(ledger: Ledger, beginning: str) -> Record:
    """The one record whose id begins so.

    :raises LedgerError: ``RECORD_NOT_FOUND`` if there is none
    :raises UsageError: if there is more than one
    """
    if len(beginning) == _WHOLE:
        entry = ledger.entry(beginning)
        found = [entry.record] if entry else []
    else:
        found = _beginning_with(ledger, beginning)
    if len(found) == 1:
        return found[0]
    if not found:
        raise LedgerError(
            f"the ledger has no record {beginning}: see `airflow-mlsecops ledger show`", code="RECORD_NOT_FOUND"
        )
    named = "; ".join(_name(record) for record in found[:_CANDIDATES])
    raise UsageError(f"{len(found)} records begin with {beginning}: give more of the id: {named}")


def _nothing(record: Record, why: str) -> Exit:
    say(f"nothing to accept in record {record.id}: {why}")
    return Exit.FAIL


def _beginning_with(ledger: Ledger, beginning: str) -> list[Record]:
    # The first twelve digits of an id are its moment in milliseconds (UUIDv7): nothing older can begin so.
    moment = int(beginning[:12].ljust(12, "0"), 16) / 1000
    since = datetime.fromtimestamp(min(moment, _LAST), UTC)
    entries = ledger.history(since=since, limit=_MOST)
    if len(entries) == _MOST:
        raise UsageError(f"too many records are newer than {beginning}: give the whole id")
    return [entry.record for entry in entries if entry.record.id.startswith(beginning)]


def _identifier(text: str) -> str:
    identifier = text.strip().rstrip("…").lower().replace("-", "")
    if not re.fullmatch(rf"[0-9a-f]{{4,{_WHOLE}}}", identifier):
        raise UsageError(f"{printable(text, 80)} is no record id: expected 4 to {_WHOLE} hex digits")
    return identifier


def _name(record: Record) -> str:
    return f"{record.id} ({record.run.dag_id}.{record.run.task_id}, {record.time:%Y-%m-%d %H:%M:%S})"


_LAST = datetime(9999, 1, 1, tzinfo=UTC).timestamp()
