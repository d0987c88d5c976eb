"""``airflow-mlsecops eval``: how often scans are right about tables whose owner says what they hold."""

from __future__ import annotations

import argparse
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow_mlsecops.cli.deployment import offline_policy_folder
from airflow_mlsecops.cli.exits import Exit, UsageError
from airflow_mlsecops.cli.labels import Label, LabelsError, read_labels
from airflow_mlsecops.cli.progress import rows_done
from airflow_mlsecops.cli.reading import allowed, clients_for, dataset_of, guess
from airflow_mlsecops.cli.screen import say
from airflow_mlsecops.core.accuracy import Accuracy, Claim, Place
from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.core.frozen import Frozen

if TYPE_CHECKING:
    from airflow_mlsecops.core.classification import Classification
    from airflow_mlsecops.core.dataset import Dataset
    from airflow_mlsecops.policy import PolicyFolder

_TOLD = 20
_DESCRIPTION = """\
Scan tables whose labels say what each column holds, and tell precision, recall and F1 of each entity. A column counts
for every entity that the scan says it holds. A column without a label counts as holding nothing.

LABELS are lines `column,entity` in CSV (or the same in JSON or YAML): no entity means nothing sensitive, several are
parted by `;`. With a third column `table`, TABLE is the folder that holds the tables.

Use --min-f1 and --max-fp as a gate in CI: exit 1 if it fails, 2 if something could not be read."""


def add(commands: Any) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "eval",
        help="measure precision and recall on tables of your own",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("table", metavar="TABLE", help="a path or URI, as for scan; or a folder of tables")
    command.add_argument(
        "--labels", metavar="FILE", help="what the columns hold; labels.csv in the folder if not given"
    )
    command.add_argument(
        "--min-f1", type=_share, metavar="X", help="fail if F1 of all together (micro) is below X, 0 to 1"
    )
    command.add_argument("--per-entity", action="store_true", help="hold every entity to --min-f1 by itself")
    command.add_argument(
        "--max-fp", type=_number, metavar="N", help="fail if more columns that hold nothing are flagged"
    )
    command.add_argument("--policy", metavar="FOLDER", help="policy folder; the deployment's own if not given")
    command.add_argument("--json", action="store_true", help="print one JSON document")
    command.add_argument("--no-color", action="store_true", help="no colour, even on a terminal")
    command.set_defaults(run=run)


class Unread(Frozen):
    """A table, or a part of it, that was not looked at: what is said of the rest proves nothing of it."""

    table: str
    code: str
    detail: str


def run(arguments: argparse.Namespace) -> int:
    """Scan, compare, report; 1 if the gate fails, 2 if something could not be read."""
    from airflow_mlsecops.cli.accuracy_report import Gate, print_json, print_text

    if arguments.per_entity and arguments.min_f1 is None:
        raise UsageError("--per-entity holds every entity to --min-f1: give --min-f1 too")
    folder = offline_policy_folder(arguments.policy)
    titles = {name: entity.title for name, entity in folder.entities.items()}
    try:
        accuracy, unread = _evaluated(arguments.table, _labels_file(arguments), folder)
    except LabelsError as error:
        _tell(error)
        raise
    gate = Gate(min_f1=arguments.min_f1, per_entity=arguments.per_entity, max_fp=arguments.max_fp)
    if arguments.json:
        print_json(accuracy, unread, gate, titles)
    else:
        print_text(accuracy, unread, gate, titles, color=not arguments.no_color)
    if unread or gate.undecided(accuracy):
        return Exit.UNKNOWN
    return Exit.FAIL if any(not answer.passed for answer in gate.answers(accuracy)) else Exit.PASS


def _labels_file(arguments: argparse.Namespace) -> Path:
    if arguments.labels:
        return Path(arguments.labels).expanduser()
    folder = Path(arguments.table.removeprefix("file://")).expanduser()
    if not folder.is_dir():
        raise UsageError("--labels is missing: a file of lines `column,entity` that say what the columns hold")
    return folder / "labels.csv"


def _evaluated(table: str, file: Path, folder: PolicyFolder) -> tuple[Accuracy, tuple[Unread, ...]]:
    labels: dict[str, list[Label]] = defaultdict(list)
    for label in read_labels(file, folder.entities):
        labels[label.table].append(label)
    if "" in labels and len(labels) > 1:
        raise LabelsError(file, [f"{labels[''][0].where}: names no table, though other lines do"])
    unread: list[Unread] = []
    measured: list[Accuracy] = []
    mistakes: list[str] = []
    for name in labels:
        # A table is told by the name that the labels give it.
        found = _scanned(f"{table.rstrip('/')}/{name}" if name else table, name or Path(table).name, folder, unread)
        if found is not None:
            mistakes += _no_such_columns(labels[name], found)
            measured.append(_compared(name or Path(table).name, labels[name], found))
    if mistakes:
        raise LabelsError(file, mistakes)
    return _together(measured), tuple(unread)


def _scanned(place: str, table: str, folder: PolicyFolder, unread: list[Unread]) -> Classification | None:
    from airflow_mlsecops.sources import look, open_source

    dataset: Dataset = dataset_of(place)
    try:
        with clients_for(dataset) as clients, rows_done() as progress:
            source = open_source(dataset, "", clients)
            harmless = allowed(folder.policy, source.identity)
            # Two fingerprints are compared with each other alone: any key will do.
            found = look(source, os.urandom(32), folder.detectors, progress=progress, allowances=harmless)
    except SourceError as error:
        unread.append(Unread(table=table, code=error.code, detail=str(error)))
        return None
    unread += [Unread(table=table, code=skipped.code, detail=skipped.detail) for skipped in found.skipped]
    if not found.rows_scanned:
        unread.append(Unread(table=table, code="NO_ROWS", detail="it holds no row"))
    return found


def _no_such_columns(labels: Iterable[Label], found: Classification) -> Iterator[str]:
    columns = [column.name for column in found.columns]
    for label in labels:
        if label.column not in columns:
            yield f"{label.where}: the table has no such column{guess(label.column, columns)}"


def _compared(table: str, labels: Sequence[Label], found: Classification) -> Accuracy:
    named = {label.column for label in labels}
    places = {column.name: Place(table, _labelled(column.name, named)) for column in found.columns}
    labelled = {Claim(Place(table, label.column), entity) for label in labels for entity in label.entities}
    claims = {Claim(places[one.column], one.entity) for one in found.sightings if one.column in places}
    quiet = set(places.values()) - {claim.place for claim in labelled}
    return Accuracy(labelled=frozenset(labelled), found=frozenset(claims), quiet=frozenset(quiet))


def _labelled(leaf: str, named: set[str]) -> str:
    """The column whose label speaks of a leaf: itself, or the nearest one above it."""
    from airflow_mlsecops.scan.evidence import Asked

    above = [name for name in named if Asked(name).means(leaf)]
    return max(above, key=len) if above else leaf


def _together(measured: Sequence[Accuracy]) -> Accuracy:
    return Accuracy(
        labelled=frozenset(claim for one in measured for claim in one.labelled),
        found=frozenset(claim for one in measured for claim in one.found),
        quiet=frozenset(place for one in measured for place in one.quiet),
    )


def _tell(error: LabelsError) -> None:
    for mistake in error.mistakes[:_TOLD]:
        say(mistake)
    if len(error.mistakes) > _TOLD:
        say(f"… and {len(error.mistakes) - _TOLD:,} more")


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError("expected a number from 0 to 1")
    return share


def _number(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError("expected a whole number, 0 or more")
    return int(text)
