"""``airflow-mlsecops policy``: check, test and begin a policy folder."""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow_mlsecops.cli.deployment import home, policy_folder
from airflow_mlsecops.cli.exits import Exit, UsageError
from airflow_mlsecops.cli.screen import Cell, Screen, say
from airflow_mlsecops.core.errors import PolicyError

if TYPE_CHECKING:
    from airflow_mlsecops.policy import CaseResult, PolicyFolder

_COLOR = "no colour, even on a terminal"


def add(commands: Any) -> None:
    """Add the commands to the command line."""
    whole = commands.add_parser("policy", help="check, test and begin a policy folder")
    actions = whole.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, run, said in (
        ("check", run_check, "read the folder and name every mistake in it"),
        ("test", run_test, "run the folder's own cases.yaml"),
    ):
        action = actions.add_parser(name, help=said)
        action.add_argument(
            "folder", metavar="FOLDER", nargs="?", help="the one this deployment's gates use if not given"
        )
        action.add_argument("--no-color", action="store_true", help=_COLOR)
        action.set_defaults(run=run)
    init = actions.add_parser("init", help="write the shipped policy to a folder, for editing")
    init.add_argument("folder", metavar="FOLDER", nargs="?", help="$AIRFLOW_HOME/mlsecops/policy if not given")
    init.set_defaults(run=run_init)


def run_check(arguments: argparse.Namespace) -> int:
    """Load the folder; 1 if anything in it is wrong, 2 if it could not be read."""
    folder = _loaded(arguments.folder)
    if folder is None:
        return Exit.FAIL
    screen = Screen(color=not arguments.no_color)
    screen.line(f"policy check: ok ({folder.location}, digest {folder.policy.digest[:12]})")
    screen.table(("", "number", "names"), _contents(folder), numbers=("number",))
    return Exit.PASS


def run_test(arguments: argparse.Namespace) -> int:
    """Run the folder's cases; 1 if one fails, 2 if there is none."""
    from airflow_mlsecops.policy import run_cases

    folder = _loaded(arguments.folder)
    if folder is None:
        return Exit.FAIL
    results = run_cases(folder)
    screen = Screen(color=not arguments.no_color)
    if not results:
        screen.line(f"policy test: cases.yaml of {folder.location} holds no case, so nothing was tested")
        return Exit.UNKNOWN
    screen.table(("", "line", "case", "expected", "got"), map(_row, results), numbers=("line",))
    passed = sum(result.ok for result in results)
    screen.line()
    screen.line(f"policy test: {passed} of {len(results)} cases passed ({folder.location})")
    return Exit.PASS if passed == len(results) else Exit.FAIL


def run_init(arguments: argparse.Namespace) -> int:
    """Write the shipped policy; never over anything that is there."""
    from airflow_mlsecops.policy import default_folder

    folder = Path(arguments.folder).expanduser() if arguments.folder else home() / "policy"
    if folder.exists() or folder.is_symlink():
        raise UsageError(f"{folder} is there already, and nothing is written over it: name another folder")
    try:
        shutil.copytree(default_folder(), folder)
    except OSError as error:
        why = type(error).__name__
        raise PolicyError(f"{folder} could not be written ({why})", code="POLICY_NOT_WRITTEN") from None
    screen = Screen()
    screen.line(f"Wrote the shipped policy to {folder}. Edit policy.yaml and cases.yaml, then run:")
    screen.line(f"  airflow-mlsecops policy check {folder} && airflow-mlsecops policy test {folder}")
    return Exit.PASS


def _loaded(place: str | None) -> PolicyFolder | None:
    """The folder; ``None`` if it was read and is wrong, which has then been said."""
    from airflow_mlsecops.ledger.keys import Keyring

    try:
        folder = policy_folder(place)
        Keyring.of(folder.keys)
    except PolicyError as error:
        if error.code not in ("POLICY_INVALID", "KEY_INVALID"):
            raise
        for line in str(error).splitlines():
            say(line)
        return None
    return folder


def _contents(folder: PolicyFolder) -> Iterator[tuple[Cell, ...]]:
    policy = folder.policy
    contents = {
        "environments": tuple(policy.environments),
        "stages": tuple(policy.stages),
        "tiers": tuple(policy.tiers),
        "dataset rules": tuple(rule.match for rule in policy.datasets),
        "waivers": tuple(waiver.id for waiver in policy.waivers),
        "approvers": policy.approvers,
        "trusted keys": tuple(folder.keys),
    }
    for what, names in contents.items():
        yield what, f"{len(names):,}", ", ".join(names)
    yield "cases", f"{len(folder.cases):,}", "run them with `airflow-mlsecops policy test`"


def _row(result: CaseResult) -> tuple[Cell, ...]:
    return ("PASS" if result.ok else "FAIL", str(result.line), result.name, result.expected, result.got)
