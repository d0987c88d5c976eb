"""``airflow-mlsecops detectors``: what is recognised, and how."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from airflow_mlsecops import __version__
from airflow_mlsecops.cli.deployment import offline_policy_folder
from airflow_mlsecops.cli.exits import Exit
from airflow_mlsecops.cli.screen import Cell, Screen

if TYPE_CHECKING:
    from airflow_mlsecops.cli.catalogue import Recognised

SCHEMA = "airflow-mlsecops/detectors/1"
_HEADS = ("entity", "is", "level", "any cell", "a column", "text", "detectors")

_LEGEND = (
    "any cell: a pattern, and a check where it says so, proves it wherever it stands",
    "a column: its name says so and its cells do not contradict, or its values alone tell; text: in sentences",
    "--json names the detectors; `airflow-mlsecops try --detector ENTITY` shows them at work",
)


def add(commands: Any) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "detectors",
        help="list what is recognised, and how",
        description="List every kind of sensitive data that scans recognise, and how each is recognised.",
    )
    command.add_argument("--policy", metavar="FOLDER", help="policy folder; the deployment's own if not given")
    command.add_argument("--json", action="store_true", help="print one JSON document")
    command.add_argument("--no-color", action="store_true", help="no colour, even on a terminal")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """List them."""
    from airflow_mlsecops.cli.catalogue import catalogue
    from airflow_mlsecops.detectors import ruleset

    folder = offline_policy_folder(arguments.policy)
    detectors, every = folder.detectors, catalogue(folder.detectors, folder.policy.levels)
    if arguments.json:
        document = {
            "schema": SCHEMA,
            "producer": f"airflow-mlsecops {__version__}",
            "ruleset": ruleset(detectors),
            "entities": [one.model_dump(mode="json") for one in every],
        }
        print(json.dumps(document, indent=2, ensure_ascii=True))
    else:
        _print(Screen(color=not arguments.no_color), every, len(detectors))
    return Exit.PASS


def _print(screen: Screen, every: Sequence[Recognised], detectors: int) -> None:
    for role in dict.fromkeys(one.role for one in every):
        of_role = [one for one in every if one.role == role]
        screen.line(f"{role} ({len(of_role):,})", style="bold")
        screen.table(_HEADS, map(_row, of_role), numbers=_HEADS[-1:])
        screen.line()
    screen.line(f"{len(every):,} entities, recognised by {detectors:,} detectors.")
    for line in _LEGEND:
        screen.line(line, style="dim")


def _row(one: Recognised) -> tuple[Cell, ...]:
    prose = "yes" if one.prose else ""
    return (one.name, one.title, one.level, one.anywhere, one.in_a_column, prose, f"{len(one.detectors):,}")
