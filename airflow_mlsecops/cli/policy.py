"""``airflow-mlsecops policy``: check, test and begin a policy folder."""

from __future__ import annotations

import argparse
import getpass
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow_mlsecops.cli import policy_diff, policy_explain
from airflow_mlsecops.cli.deployment import deployment, home, policy_folder
from airflow_mlsecops.cli.exits import Exit, UsageError
from airflow_mlsecops.cli.screen import Cell, Screen, say
from airflow_mlsecops.core.errors import PolicyError

if TYPE_CHECKING:
    from airflow_mlsecops.policy import CaseResult, PolicyFolder
    from airflow_mlsecops.policy.coverage import Coverage

_MOST_TYPED = 1 << 20
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
        if run is run_test:
            action.add_argument(
                "--min-coverage",
                type=_percent,
                default=0.0,
                metavar="PERCENT",
                help="fail if cases guard fewer of the rules of access.cedar, so that one fails without the rule",
            )
    policy_explain.add(actions)
    policy_diff.add(actions)
    value = actions.add_parser(
        "allow-value",
        help="print a value as an allow rule keeps it: keyed, never plain",
        description="Read a value without echo (or several from standard input, one a line), print their allow rule.",
    )
    value.add_argument("entity", metavar="ENTITY", help="what the value is found as, for instance EMAIL_ADDRESS")
    value.add_argument("--policy", metavar="FOLDER", help="policy folder; the deployment's own if not given")
    value.add_argument("--reason", default="say why it is harmless", help="why it is harmless")
    value.set_defaults(run=run_allow_value)
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
    """Run the folder's cases; 1 if one fails or they guard too few rules, 2 if there is none."""
    from airflow_mlsecops.policy import run_cases
    from airflow_mlsecops.policy.coverage import coverage

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
    found = coverage(folder.access, results)
    for line in _coverage(found, arguments.min_coverage):
        screen.line(line)
    return Exit.PASS if passed == len(results) and found.percent >= arguments.min_coverage else Exit.FAIL


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


def run_allow_value(arguments: argparse.Namespace) -> int:
    """Print the allow rule of values that are read; 1 if no detector finds one of them."""
    from airflow_mlsecops.policy.edit import flow_list, scalar
    from airflow_mlsecops.policy.keyed import keyed
    from airflow_mlsecops.policy.mistakes import nearest

    folder, entity = policy_folder(arguments.policy), arguments.entity
    if entity not in folder.entities:
        raise UsageError(f"entity {entity} is not known{nearest(entity, folder.entities)}")
    with deployment() as hook:
        key = hook.fingerprint_key
    told = [keyed(value, entity, folder.detectors, key) for value in _values()]
    missed = [str(number) for number, ids in enumerate(told, start=1) if not ids]
    if missed:
        say(f"no detector of {entity} finds value {', '.join(missed)}: nothing would be allowed, nothing is printed")
        return Exit.FAIL
    values = flow_list(dict.fromkeys(one for ids in told for one in ids))
    print(f"  - {{entity: {entity}, values: {values}, reason: {scalar(arguments.reason)}}}")
    say("Add the line under allow: in policy.yaml; narrow it with dataset:, column: or until: where you can.")
    return Exit.PASS


def _values() -> list[str]:
    if sys.stdin.isatty():
        read = getpass.getpass("value (not shown): ")
    else:
        read = sys.stdin.read(_MOST_TYPED + 1)
    values = [line for line in read.splitlines() if line.strip()]
    if not values or len(read) > _MOST_TYPED:
        raise UsageError(f"expected values, one a line, {_MOST_TYPED:,} characters at most; got {len(read):,}")
    return values


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
        "detectors of its own": tuple(detector.entity.name for detector in folder.own),
        "allow rules": tuple(rule.entity for rule in policy.allow),
        "waivers": tuple(waiver.id for waiver in policy.waivers),
        "approvers": policy.approvers,
        "trusted keys": tuple(folder.keys),
    }
    for what, names in contents.items():
        yield what, f"{len(names):,}", ", ".join(names)
    yield "cases", f"{len(folder.cases):,}", "run them with `airflow-mlsecops policy test`"


def _coverage(found: Coverage, least: float) -> Iterator[str]:
    number = len(found.guarded) + len(found.unguarded)
    asked = f", at least {least:g} % asked" if least else ""
    yield f"coverage: cases guard {len(found.guarded)} of {number} rules of access.cedar ({found.percent:.0f} %{asked})"
    for rule in found.unguarded:
        yield f"  no case would fail without {rule.effect} {rule.id} (access.cedar:{rule.line})"


def _percent(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1
    if not 0 <= number <= 100:
        raise argparse.ArgumentTypeError(f"expected a percentage, 0 to 100, got {text[:40]!r}")
    return number


def _row(result: CaseResult) -> tuple[Cell, ...]:
    return ("PASS" if result.ok else "FAIL", str(result.line), result.name, result.expected, result.got)
