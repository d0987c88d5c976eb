"""``airflow-mlsecops scan``: what a dataset holds, and whether the policy lets it."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from airflow_mlsecops.cli import scan_report
from airflow_mlsecops.cli.deployment import offline_policy_folder
from airflow_mlsecops.cli.exits import OF_OUTCOME
from airflow_mlsecops.cli.preview import Preview, Question, judge, unknown
from airflow_mlsecops.cli.progress import rows_done
from airflow_mlsecops.cli.reading import allow_secret, clients_for, dataset_of
from airflow_mlsecops.core.errors import MlsecopsError

if TYPE_CHECKING:
    from airflow_mlsecops.core.classification import Classification
    from airflow_mlsecops.policy import PolicyFolder
    from airflow_mlsecops.sources import Source

QUICK = 50_000

_DESCRIPTION = """\
Read a dataset and judge what it holds by the policy, as ClassifyDatasetOperator would.
Nothing is recorded: no ledger is read or written, no key is made, and a pass proves nothing to a sealed task."""


def add(commands: Any) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "scan",
        help="classify a dataset and judge it by the policy",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument(
        "dataset", metavar="URI", help="a path, file:///…, s3://CONN_ID@bucket/prefix or sql://CONN_ID/schema.table"
    )
    command.add_argument("--partition", default="", help="what to look at within it")
    command.add_argument("--policy", metavar="FOLDER", help="policy folder; the deployment's own if not given")
    command.add_argument("--stage", default="", help="what if it stood in this stage, whatever the policy says?")
    command.add_argument(
        "--quick", action="store_true", help=f"the first {QUICK:,} rows only: may find, proves nothing (exit 1 or 2)"
    )
    command.add_argument("--json", action="store_true", help="print one JSON document")
    command.add_argument("--no-color", action="store_true", help="no colour, even on a terminal")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Scan, print, and say by the exit code what came of it."""
    question = Question(
        dataset=dataset_of(arguments.dataset),
        partition=arguments.partition,
        stage=arguments.stage,
        now=datetime.now(UTC),
    )
    started = time.monotonic()
    preview = _preview(question, arguments.policy, quick=arguments.quick).after(round(time.monotonic() - started, 3))
    if arguments.json:
        scan_report.print_json(preview)
    else:
        scan_report.print_text(preview, color=not arguments.no_color)
    return OF_OUTCOME[preview.verdict.outcome]


def _preview(question: Question, policy: str | None, *, quick: bool) -> Preview:
    from airflow_mlsecops.sources import open_source, under_other_rules

    try:
        folder = offline_policy_folder(policy)
        with clients_for(question.dataset) as clients, rows_done() as progress:
            source = open_source(question.dataset, question.partition, clients)
            key = allow_secret(folder.policy, source.identity)
            found = _found(source, folder, question, key, progress, quick=quick)
            apart = () if question.stage else under_other_rules(source, folder.policy)
            found = found.model_copy(update={"skipped": (*found.skipped, *apart)})
        return judge(question, found, source.identity, folder, allow_key=key)
    except MlsecopsError as error:
        return unknown(question, error)


def _found(
    source: Source,
    folder: PolicyFolder,
    question: Question,
    key: bytes | None,
    progress: Callable[[int], None],
    *,
    quick: bool,
) -> Classification:
    from airflow_mlsecops.scan.allowances import allowances
    from airflow_mlsecops.sources import glance, look

    allowed = allowances(folder.policy, source.identity, question.now.date(), key)
    if quick:
        return glance(source, folder.detectors, rows=QUICK, progress=progress, allowances=allowed)
    # The deployment's own key stays unused here: two fingerprints are compared with each other alone.
    return look(
        source,
        os.urandom(32),
        folder.detectors,
        progress=progress,
        allowances=allowed,
        sampling=folder.policy.sampling(source.identity),
    )
