"""``airflow-mlsecops scan``: what a dataset holds, and whether the policy lets it."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow_mlsecops.cli import scan_report
from airflow_mlsecops.cli.deployment import allow_key, deployment, offline_policy_folder
from airflow_mlsecops.cli.exits import OF_OUTCOME, UsageError
from airflow_mlsecops.cli.preview import Preview, Question, judge, unknown
from airflow_mlsecops.cli.progress import rows_done
from airflow_mlsecops.core.dataset import Dataset, parse
from airflow_mlsecops.core.errors import MlsecopsError, SourceError

if TYPE_CHECKING:
    from airflow_mlsecops.core.classification import Classification
    from airflow_mlsecops.core.policy import Policy
    from airflow_mlsecops.policy import PolicyFolder
    from airflow_mlsecops.sources import Clients, Source

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
        dataset=_dataset(arguments.dataset),
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
        with _clients(question.dataset) as clients, rows_done() as progress:
            source = open_source(question.dataset, question.partition, clients)
            key = _allow_key(folder.policy, source.identity)
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


def _allow_key(policy: Policy, identity: str) -> bytes | None:
    """The secret of allowed values, asked for only where there are any."""
    keyed = any(rule.values and rule.speaks_of(identity) for rule in policy.allow)
    return allow_key() if keyed else None


@contextmanager
def _clients(dataset: Dataset) -> Iterator[Clients]:
    """Clients without Airflow where none of its connections is needed."""
    if dataset.scheme in ("file", "xcom"):
        from airflow_mlsecops.sources import LocalClients

        yield LocalClients()
    else:
        with deployment() as hook, _explained(dataset):
            yield hook.clients()


@contextmanager
def _explained(dataset: Dataset) -> Iterator[None]:
    from airflow.sdk.exceptions import AirflowException

    try:
        yield
    except (AirflowException, ImportError) as error:
        raise SourceError(
            f"{dataset.uri} could not be opened ({type(error).__name__}): see whether its connection is right, and "
            "whether the provider package of the connection's type is installed with all it needs",
            code="NO_CONNECTION",
        ) from None


def _dataset(text: str) -> Dataset:
    """A dataset as people type it: a relative path is taken from where they are.

    :raises UsageError: if it is no dataset string
    :raises SourceError: ``NAME_NOT_TEXT`` if it could not be written down
    """
    if not text.isascii() and text.encode(errors="ignore").decode() != text:
        raise SourceError("the dataset's name holds bytes that are no UTF-8: rename it", code="NAME_NOT_TEXT")
    if "://" not in text and text:
        text = str(Path(text).expanduser().absolute())
    try:
        return parse(text)
    except ValueError as error:
        raise UsageError(str(error)) from None
