"""``airflow-mlsecops explain``: why a column of a dataset holds what a scan says, or why it does not."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from airflow_mlsecops import __version__
from airflow_mlsecops.cli.deployment import offline_policy_folder
from airflow_mlsecops.cli.exits import Exit, UsageError
from airflow_mlsecops.cli.progress import rows_done
from airflow_mlsecops.cli.reading import allowed, chosen, clients_for, dataset_of, guess
from airflow_mlsecops.cli.screen import Screen

if TYPE_CHECKING:
    from airflow_mlsecops.core.classification import Allowed, Classification, Column
    from airflow_mlsecops.core.detector import Detector
    from airflow_mlsecops.core.policy import Policy
    from airflow_mlsecops.policy import PolicyFolder
    from airflow_mlsecops.scan.evidence import Evidence

SCHEMA = "airflow-mlsecops/explain/1"
_LEAVES = 20
_COUNTED = 60
_DESCRIPTION = """\
Read every row of a dataset as `scan` does, and say of one column what each detector makes of it: findings first, then
what came near, each with its score as a sum of weights, and what would change the answer. Nothing is recorded, and no
value is shown."""


def add(commands: Any) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "explain",
        help="say why a column holds what a scan says, or why not",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("dataset", metavar="DATASET", help="a path or URI, as for scan")
    command.add_argument(
        "column",
        metavar="COLUMN",
        help="as scan names it; with all that is nested in it",
    )
    command.add_argument("--partition", default="", help="what to look at within the dataset")
    command.add_argument("--detector", metavar="NAME", default="", help="tell of one detector or entity only")
    command.add_argument("--policy", metavar="FOLDER", help="policy folder; the deployment's own if not given")
    command.add_argument("--json", action="store_true", help="print one JSON document")
    command.add_argument("--no-color", action="store_true", help="no colour, even on a terminal")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Explain the column; 2 if something could not be looked at, else 0 whatever is found: nothing is judged."""
    folder = offline_policy_folder(arguments.policy)
    asked = chosen(folder.detectors, arguments.detector)
    told = _read(arguments, folder)
    if arguments.json:
        print(json.dumps(_document(told, asked), indent=2, ensure_ascii=True))
    else:
        _print(Screen(color=not arguments.no_color), told, asked if arguments.detector else ())
    return Exit.PASS if told.found.complete else Exit.UNKNOWN


class _Told(NamedTuple):
    """What was read and what it is told by."""

    identity: str
    found: Classification
    evidence: tuple[Evidence, ...]
    policy: Policy

    @property
    def columns(self) -> list[Column]:
        """The columns that were asked about."""
        names = {one.column for one in self.evidence}
        return [column for column in self.found.columns if column.name in names]

    def allowed(self, column: str = "") -> list[Allowed]:
        """What the policy allows in one of them, or in all."""
        names = {column} if column else {one.column for one in self.evidence}
        return [one for one in self.found.allowed if one.column in names]


def _read(arguments: argparse.Namespace, folder: PolicyFolder) -> _Told:
    from airflow_mlsecops.scan.evidence import Asked, gather
    from airflow_mlsecops.sources import open_source

    dataset = dataset_of(arguments.dataset)
    with clients_for(dataset) as clients, rows_done() as progress:
        source = open_source(dataset, arguments.partition, clients)
        present, column = source.rows_present(), Asked(arguments.column)
        found, evidence = gather(
            source.batches(),
            folder.detectors,
            column,
            rows_present=present,
            progress=progress,
            allowances=allowed(folder.policy, source.identity),
        )
        found = found.model_copy(update={"skipped": (*found.skipped, *source.skipped)})
    if not evidence:
        raise UsageError(_no_such_column(arguments.column, found))
    return _Told(source.identity, found, evidence, folder.policy)


def _no_such_column(name: str, found: Classification) -> str:
    """What to say of a column that is not there; its name is not repeated, for it may be a value of the first row."""
    names = [column.name for column in found.columns]
    if not names:
        return "the dataset has no column"
    listed = ", ".join(f"`{name}`" for name in names[:_LEAVES])
    more = f" and {len(names) - _LEAVES:,} more" if len(names) > _LEAVES else ""
    return f"the dataset has no such column, it has {listed}{more}{guess(name, names)}"


def _document(told: _Told, asked: Sequence[Detector]) -> dict[str, Any]:
    from airflow_mlsecops.cli.evidence_report import document

    found = told.found
    return {
        "schema": SCHEMA,
        "producer": f"airflow-mlsecops {__version__}",
        "dataset": told.identity,
        "rows": found.rows_scanned,
        "ruleset": found.ruleset,
        "not_looked_at": [skipped.model_dump(mode="json") for skipped in found.skipped],
        "columns": [column.model_dump(mode="json") for column in told.columns],
        "allowed": [one.model_dump(mode="json") for one in told.allowed()],
        "detectors": [document(one, {}, told.policy) for one in _by(asked, told.evidence)],
    }


def _print(screen: Screen, told: _Told, asked: Sequence[Detector]) -> None:
    for place, column in enumerate(told.columns[:_LEAVES]):
        if place:
            screen.line()
        _print_column(screen, column, told, asked)
    more = len(told.columns) - _LEAVES
    if more > 0:
        screen.line(f"… and {more:,} more columns: name one of them, or use --json", style="dim")
    for skipped in told.found.skipped:
        screen.line(f"not looked at: {skipped.detail}", style="bold yellow")


def _print_column(screen: Screen, column: Column, told: _Told, asked: Sequence[Detector]) -> None:
    from airflow_mlsecops.cli.evidence_report import tell, tell_names, telling

    every = [one for one in told.evidence if one.column == column.name]
    shown = _by(asked, every) if asked else telling(every)
    screen.line(_headline(column, told))
    for one in shown:
        tell(screen, one, {}, column.rows, told.policy)
    for line in _allowed(told, column.name):
        screen.line()
        screen.line(line, style="green")
    if not asked:
        tell_names(screen, [one for one in every if one not in shown])


def _by(asked: Sequence[Detector], evidence: Iterable[Evidence]) -> list[Evidence]:
    names = {detector.name for detector in asked}
    return [one for one in evidence if one.detector.name in names]


def _headline(column: Column, told: _Told) -> str:
    titles = {one.detector.entity.name: one.detector.entity.title for one in told.evidence}
    found = dict.fromkeys(titles[one.entity] for one in told.found.sightings if one.column == column.name)
    facts = f"{column.rows:,} rows, {column.nulls:,} empty{_distinct(column)}"
    return f"`{column.name}` ({facts}): {', '.join(found) or 'nothing found'}"


def _distinct(column: Column) -> str:
    if column.distinct is None:
        return ""
    if column.distinct <= _COUNTED:
        return f", {column.distinct:,} distinct values"
    # Beyond the sample it is an estimate, good for two digits.
    return f", about {round(column.distinct, 2 - len(str(column.distinct))):,} distinct values"


def _allowed(told: _Told, column: str) -> Iterator[str]:
    for one in told.allowed(column):
        reason = told.policy.allow[one.rule].reason
        yield f"allowed by rule {one.rule + 1} of the policy's `allow`: {one.entity} in {one.rows:,} rows: {reason}"
