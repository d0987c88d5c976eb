"""``airflow-mlsecops try``: what detectors make of a few values, and what would change the answer."""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from airflow_mlsecops import __version__
from airflow_mlsecops.cli.deployment import offline_policy_folder
from airflow_mlsecops.cli.exits import Exit, UsageError
from airflow_mlsecops.cli.reading import chosen
from airflow_mlsecops.cli.screen import Screen, say
from airflow_mlsecops.core.errors import SourceError

if TYPE_CHECKING:
    from airflow_mlsecops.core.detector import Detector
    from airflow_mlsecops.core.policy import Policy
    from airflow_mlsecops.scan.cells import Mark
    from airflow_mlsecops.scan.evidence import Evidence

SCHEMA = "airflow-mlsecops/try/1"
_UNNAMED = "value"
_DESCRIPTION = """\
Look at values as the cells of one column, and say what each detector makes of them: found or not, by which check, with
what score, and what would change the answer. Answers name values by position ("value 2") and never repeat them.

Give values on standard input, one a line:

  airflow-mlsecops try --column iban < values.txt

Arguments are kept in the shell's history and shown to everyone by `ps`: give only made-up values that way. Write --
before values that begin with a hyphen."""


def add(commands: Any) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "try",
        help="say what detectors make of a few values, and what would change the answer",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("values", metavar="VALUE", nargs="*", help="a made-up value; standard input if none is given")
    command.add_argument(
        "--column", metavar="NAME", default=_UNNAMED, help="the column's name; none that tells if not given"
    )
    command.add_argument("--detector", metavar="NAME", default="", help="tell of one detector or entity only")
    command.add_argument("--policy", metavar="FOLDER", help="policy folder; the deployment's own if not given")
    command.add_argument("--json", action="store_true", help="print one JSON document")
    command.add_argument("--no-color", action="store_true", help="no colour, even on a terminal")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Try the values; 0 whatever is found, since nothing is judged."""
    folder = offline_policy_folder(arguments.policy)
    asked = chosen(folder.detectors, arguments.detector)
    trial = Trial(arguments.values or _piped(), arguments.column, folder.detectors)
    if arguments.json:
        print(json.dumps(_document(trial, asked, folder.policy), indent=2, ensure_ascii=True))
    else:
        _print(Screen(color=not arguments.no_color), trial, asked if arguments.detector else (), folder.policy)
    return Exit.PASS


class Trial:
    """Values, tried as one column; no repr, since it holds them."""

    def __init__(self, values: Sequence[str], column: str, detectors: Sequence[Detector]) -> None:
        import polars as pl

        from airflow_mlsecops.scan.cells import read_cells
        from airflow_mlsecops.scan.evidence import Asked, gather

        frame = pl.DataFrame({column: pl.Series([value or None for value in values], dtype=pl.String)})
        found, self.evidence = gather((frame,), detectors, Asked(""))
        self.rows = found.rows_scanned
        self.column = found.columns[0].name
        self.skipped = tuple(dict.fromkeys(one.detail for one in found.skipped))
        self._cells = read_cells(values)

    def of(self, detectors: Sequence[Detector]) -> tuple[Evidence, ...]:
        """The evidence of some detectors."""
        return tuple(one for one in self.evidence if one.detector in detectors)

    def places(self, detector: Detector) -> dict[Mark, list[int]]:
        """Positions of the values, counted from 1, by what a detector says of them."""
        from airflow_mlsecops.scan.cells import Mark, mark

        places: dict[Mark, list[int]] = defaultdict(list)
        for position, cell in enumerate(self._cells, start=1):
            places[mark(detector, cell)].append(position)
        # In the order from proof to nothing.
        return {said: places[said] for said in Mark if said is not Mark.NOTHING and said in places}


def _piped() -> list[str]:
    """The lines of standard input.

    :raises UsageError: if there are none
    :raises SourceError: ``UNREADABLE_CELLS`` if one is no text
    """
    if sys.stdin.isatty():
        say("Values, one a line; then Ctrl-D:")
    try:
        text = sys.stdin.buffer.read().decode()
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise SourceError(
            f"line {line:,} of standard input is not UTF-8 text: convert it", code="UNREADABLE_CELLS"
        ) from None
    if not text:
        raise UsageError("no value given: write values to standard input, one a line, or give them as arguments")
    return [line.removesuffix("\r") for line in text.removesuffix("\n").split("\n")]


def _document(trial: Trial, asked: Sequence[Detector], policy: Policy) -> dict[str, Any]:
    from airflow_mlsecops.cli.evidence_report import document

    every = [document(one, trial.places(one.detector), policy) for one in trial.of(asked)]
    return {
        "schema": SCHEMA,
        "producer": f"airflow-mlsecops {__version__}",
        "column": trial.column,
        "values": trial.rows,
        "found": sorted({one["entity"] for one in every if one["found"]}),
        "not_looked_at": list(trial.skipped),
        "detectors": every,
    }


def _print(screen: Screen, trial: Trial, asked: Sequence[Detector], policy: Policy) -> None:
    from airflow_mlsecops.cli.evidence_report import tell, tell_names, telling
    from airflow_mlsecops.scan.cells import Mark

    every = trial.of(asked) if asked else trial.evidence
    places = {one.detector: trial.places(one.detector) for one in every}
    failed = frozenset(detector for detector, said in places.items() if Mark.FAILED in said)
    told = list(every) if asked else telling(every, failed)
    screen.line(_headline(trial, every))
    for one in told:
        tell(screen, one, places[one.detector], trial.rows, policy)
    if not asked:
        tell_names(screen, [one for one in every if one not in told])
    for skipped in trial.skipped:
        screen.line(f"not looked at: {skipped}", style="bold yellow")


def _headline(trial: Trial, every: Sequence[Evidence]) -> str:
    found = dict.fromkeys(one.detector.entity.title for one in every if one.sighting)
    noun = "value" if trial.rows == 1 else "values"
    name = f"named `{trial.column}`" if trial.column != _UNNAMED else "whose name says nothing"
    return f"{trial.rows:,} {noun}, as a column {name}: {', '.join(found) or 'nothing found'}"
