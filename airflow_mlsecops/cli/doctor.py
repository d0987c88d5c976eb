"""``airflow-mlsecops doctor``: what this deployment is, and what to mend."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from airflow_mlsecops.cli.deployment import deployment
from airflow_mlsecops.cli.exits import Exit
from airflow_mlsecops.cli.screen import STYLES, Screen
from airflow_mlsecops.cli.symptoms import LOOKS, Symptom
from airflow_mlsecops.core.errors import MlsecopsError

if TYPE_CHECKING:
    from airflow_mlsecops.hook import MlsecopsHook

_HEADS = ("", "what", "found", "what to do")


def add(commands: Any) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "doctor",
        help="say what this deployment is, and what to mend",
        description="Look at versions, connection, policy, ledger, keys and Airflow's settings; no secret is shown.",
    )
    command.add_argument("--no-color", action="store_true", help="no colour, even on a terminal")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Look everywhere, and print one table; 1 if anything must be mended."""
    symptoms = _symptoms()
    screen = Screen(color=not arguments.no_color)
    screen.table(
        _HEADS,
        (((s.grade, STYLES[s.grade]), s.what, s.found, s.remedy) for s in symptoms),
    )
    wrong = sum(symptom.grade == "FAIL" for symptom in symptoms)
    worth = sum(symptom.grade == "WARN" for symptom in symptoms)
    screen.line()
    screen.line(f"{wrong} to mend, {worth} worth a look")
    return Exit.FAIL if wrong else Exit.PASS


def _symptoms() -> list[Symptom]:
    told: set[str] = set()
    with deployment() as hook:
        return [_symptom(hook, what, told) for what in LOOKS]


def _symptom(hook: MlsecopsHook, what: str, told: set[str]) -> Symptom:
    try:
        return LOOKS[what](hook).of(what)
    except MlsecopsError as error:
        remedy = "as above" if str(error) in told else str(error)
        told.add(str(error))
        return Symptom(grade="FAIL", found=error.code, remedy=remedy, what=what)
